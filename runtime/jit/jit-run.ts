/**
 * One call of an operator that learns. `forward` runs for real; the calls that it makes are recorded, and those that are
 * foreseen are started early. A call takes the outcome of one that was started early only if nobody can tell the difference.
 */
import { rememberContext, type Restore } from '../async-storage.ts';
import type { Forwarding } from '../brand.ts';
import { compiledOf, learningOf } from '../registry.ts';
import { scopes } from '../scope.ts';
import type { OpenRecord } from '../tracing/trace-record.ts';
import { watch, type CallObserver, type CallWitness, type WitnessedCall } from '../tracing/watch.ts';
import type { JitOptions } from './jit-options.ts';
import { CodeCalls, type Begun } from './code-calls.ts';
import { EarlyCalls, type Foreseen } from './early-calls.ts';
import { Facts } from './facts.ts';
import { Effects } from './free-calls.ts';
import { miss, STREAK, TRUSTED, type Learnt, type LearntStep, type Shape } from './learnt.ts';
import { Prefetch } from './prefetch.ts';
import { Refusal, type Ended } from './refusal.ts';
import type { RunLimits } from './run-limits.ts';
import { isSameInput } from './same-input.ts';
import { INPUT, isExplained, make, sourcesOf, type Lookup, type Made } from './template.ts';

/** A call that the code makes. */
interface Reached extends Begun {
  /** It takes the outcome of one that was started early. */
  readonly foreseen: Foreseen | undefined;
  readonly told: WitnessedCall | undefined;
  readonly at: number;
}

/** So many steps are looked ahead at least. */
const AHEAD = 128;

export class JitRun implements CallObserver {
  readonly #input: unknown;
  readonly #learnt: Learnt;
  readonly #limits: RunLimits;
  readonly #scope: unknown = scopes.current;
  readonly #effects = new Effects();
  readonly #calls: CodeCalls;
  /** Ways that this call may be on, the likeliest first. */
  #shapes: readonly Shape[];
  readonly #exact = new Map<Shape, boolean>();
  /** The first step of each way whose call has not ended. */
  readonly #first = new Map<Shape, number>();
  readonly #early = new EarlyCalls();
  readonly #adopted = new Map<OpenRecord, Prefetch>();
  readonly #witness: CallWitness | undefined;
  readonly #outer = watch.position;
  /** Where the code began, for every `AsyncLocalStorage`. Absent when nothing can be started early. */
  readonly #whereItBegan: Restore | undefined;
  readonly #learning: JitOptions | undefined;
  readonly #refusal = new Refusal();
  #isOver = false;
  /** What it has called may go on and change something, so that the code takes its time from then on. */
  #isPaced = false;

  constructor(
    self: object,
    input: unknown,
    learnt: Learnt,
    limits: RunLimits,
    witness: CallWitness | undefined,
    learning: JitOptions | undefined,
  ) {
    this.#input = input;
    this.#learning = learning;
    this.#witness = witness;
    witness?.runBegins();
    this.#learnt = learnt;
    this.#calls = new CodeCalls(learnt);
    this.#limits = limits;
    this.#shapes = learnt.find(self, input);
    const isKnown = this.#shapes.length > 0;
    learnt.counters.add(isKnown ? 'graphHits' : 'graphMisses');
    this.#whereItBegan = isKnown && limits.calls > 0 ? rememberContext() : undefined;
  }

  /** Starts what can be started before the code has called anything. */
  begin(): void {
    this.#startEarly();
  }

  observe(self: Forwarding, input: unknown, options: unknown, start: () => unknown): unknown {
    if (this.#isOver) return this.#refusal.answer() ?? this.#atPace(start);
    this.#dropStale(self);
    if (this.#effects.mayLeaveEffects(self, 'always')) this.#keepPace();
    const begun = this.#calls.begin(self, input);
    const { nth, isAlone } = begun;
    this.#shapes = this.#shapes.filter(({ counts }) => nth < (counts.get(self) ?? 0));
    // Made under a scope or a tracer of the code's own, it must be a call of its own.
    const isOfRun = scopes.current === this.#scope && watch.position.tracer === this.#outer.tracer;
    const isPlainCall = isAlone && options === undefined && isOfRun;
    // One that the code goes on beside takes its time, also where another call of the operator began early with the same input.
    const early =
      isPlainCall && !this.#learnt.isBeside(self, nth) ? this.#early.find(self, input) : undefined;
    if (early === undefined && this.#early.isForeseen(self, nth)) this.#learnt.counters.add('prefetchMisses');
    const foreseen = early && this.#early.remove(early);
    const told = this.#witness?.witness(self, nth, foreseen?.start ?? this.#witness.now());
    const reached: Reached = { ...begun, foreseen, told, at: performance.now() };
    const outcome = early === undefined ? this.#make(begun, start) : this.#adopt(early, reached, start);
    this.#startEarly();
    return this.#follow(reached, outcome);
  }

  /** It is aborted: the code learns why from its calls. */
  refuse(reason: unknown): void {
    this.#stop();
    this.#refusal.refuse(reason);
    for (const early of this.#adopted.values()) early.abandon(reason);
  }

  /** Nothing more is started early, and nothing is learnt. */
  #stop(): void {
    this.#isOver = true;
    for (const early of this.#early.waiting) this.#drop(early);
  }

  #keepPace(): void {
    this.#isPaced = true;
    for (const early of this.#early.waiting) this.#drop(early);
  }

  /** The code has its outcome: what it did not use is aborted. */
  end(succeeded: boolean, cacheSize: number): void {
    const isLearnt = succeeded && !this.#isOver && !this.#isPaced && this.#calls.running === 0;
    if (!this.#isOver) this.#calls.leave();
    this.#stop();
    const { records } = this.#calls;
    if (isLearnt) this.#learnt.learn({ input: this.#input, records }, cacheSize);
  }

  #make({ record: { operator }, nth }: Begun, start: () => unknown): unknown {
    this.#learnt.counters.add('started');
    return this.#isPaced || this.#learnt.isBeside(operator, nth) ? this.#atPace(start) : start();
  }

  /** A call that the code goes on beside takes its time: what it calls is not started early because this code learns. */
  #atPace(start: () => unknown): unknown {
    if (this.#learning === undefined) return start();
    return watch.enter({ learning: { ...this.#learning, forceTrace: true } }, start);
  }

  #adopt(early: Prefetch, reached: Reached, start: () => unknown): Promise<unknown> {
    const { record, foreseen } = reached;
    this.#adopted.set(record, early);
    this.#learnt.counters.add('prefetchHits');
    return early.adopt(record.inputs, () => {
      this.#adopted.delete(record);
      this.#learnt.counters.add('wasted');
      if (foreseen !== undefined) foreseen.step.keepsInput = true;
      return this.#make(reached, start);
    });
  }

  #follow({ record, foreseen, told, at }: Reached, outcome: unknown): unknown {
    const ended: Ended = (failed, value) => {
      this.#calls.end(record, failed, value);
      const early = this.#adopted.get(record);
      told?.end(failed, value, early && foreseen?.end);
      // What was started early took its time before the code has come to it.
      this.#learnt.counters.add('serialMs', early?.milliseconds ?? performance.now() - at);
      if (failed && this.#effects.mayLeaveEffects(record.operator, 'failed')) this.#keepPace();
      if (this.#isOver) return;
      this.#dropStale(undefined);
      this.#startEarly();
    };
    if (!(outcome instanceof Promise)) {
      ended(false, outcome);
      return outcome;
    }
    return this.#refusal.follow(outcome, ended);
  }

  /** What has read something that has changed since, or that the call which starts now may change. */
  #dropStale(starting: object | undefined): void {
    const isStale = ({ reads }: Prefetch): boolean =>
      starting !== undefined && this.#effects.changes(starting, reads);
    for (const early of this.#early.findStale(isStale)) this.#drop(early);
  }

  #drop(early: Prefetch): void {
    const foreseen = this.#early.remove(early);
    this.#learnt.counters.add('wasted');
    if (foreseen !== undefined) miss(foreseen.step);
    early.drop();
  }

  #startEarly(): void {
    const [shape] = this.#shapes;
    if (shape === undefined || this.#limits.calls === 0 || this.#isOver || this.#isPaced) return;
    if (this.#limits.isExplicit === true && shape.steps.some(isComposite)) return;
    const isExact = this.#exact.get(shape) ?? isSameInput(shape.last.input, this.#input);
    this.#exact.set(shape, isExact);
    if (!this.#hasPlace()) return;
    const unfinished: object[] = [];
    for (const [index, step] of this.#next(shape)) {
      const { operator } = step;
      const record = this.#recordOf(step);
      const isFree = record === undefined && this.#mayStart(step, unfinished);
      if (isFree && (isExact || shape.isKnown(index))) this.#prefetch(shape, step);
      if (record?.end === undefined && !this.#effects.isFree(operator)) unfinished.push(operator);
    }
  }

  /** The steps from the first one on whose call has not ended, as far as is looked ahead. */
  #next(shape: Shape): readonly (readonly [index: number, step: LearntStep])[] {
    const { steps } = shape;
    let first = this.#first.get(shape) ?? 0;
    for (let step = steps[first]; step !== undefined && this.#hasEnded(step); step = steps[first]) first++;
    this.#first.set(shape, first);
    const end = first + Math.max(AHEAD, 4 * this.#limits.calls);
    return steps.slice(first, end).map((step, index) => [first + index, step]);
  }

  #recordOf({ operator, nth }: LearntStep): OpenRecord | undefined {
    return this.#calls.find(operator, nth);
  }

  #hasEnded(step: LearntStep): boolean {
    return this.#recordOf(step)?.end !== undefined;
  }

  #mayStart(step: LearntStep, unfinished: readonly object[]): boolean {
    if (this.#early.hasStarted(step)) return false;
    if (step.trust < TRUSTED || step.keepsInput || !isExplained(step.template)) return false;
    const { operator, nth } = step;
    if (this.#learnt.isBeside(operator, nth)) return false;
    if (!this.#effects.isFree(operator) || !this.#hasPlace() || !this.#isAffordable(step)) return false;
    const { reads } = this.#effects.of(operator);
    return !unfinished.some((earlier) => this.#effects.changes(earlier, reads));
  }

  /** Within the limit of calls, of which one is left to the code. */
  #hasPlace(): boolean {
    const left = this.#calls.running > 0 ? 0 : 1;
    return this.#early.running + this.#calls.running + left < this.#limits.calls;
  }

  /** Within the limit of calls that may go unused. */
  #isAffordable({ trust }: LearntStep): boolean {
    const { started, wasted } = this.#learnt.counters.counts;
    const allowed = this.#limits.maxWaste * started;
    // What has never failed is not counted before it does; what has may fail again.
    return trust === 1 ? wasted <= allowed : wasted + this.#early.size + 1 <= allowed;
  }

  #prefetch(shape: Shape, step: LearntStep): void {
    const [{ operator }, whereItBegan] = [step, this.#whereItBegan];
    if (whereItBegan === undefined || !this.#effects.isFree(operator)) return;
    const lookup = this.#lookupIn(shape);
    if (sourcesOf(step.template).some((path) => lookup(path.step) === undefined)) return;
    const made = make(step.template, lookup);
    if (made === undefined || !this.#isAgreed(shape, step, made)) return;
    const facts = Facts.ofData(made.value, made.fresh);
    if (facts === undefined || !this.#early.admit(operator)) return;
    const { reads } = this.#effects.of(operator);
    const position = { observer: undefined, learning: this.#learning, witness: undefined };
    const { counters } = this.#learnt;
    counters.add('started');
    counters.add('prefetchStarted');
    const foreseen: Foreseen = { step, start: this.#witness?.now(), end: undefined };
    const ended = (): void => {
      foreseen.end = this.#witness?.now();
      this.#early.end(early);
      if (!this.#isOver) this.#startEarly();
    };
    const early = whereItBegan(() =>
      watch.enter(position, () => new Prefetch(operator, reads, made, facts, ended)),
    );
    this.#early.add(early, foreseen);
  }

  /**
   * Where the code may go several ways, only what all of them call is started, unless it has gone one of them for long or
   * with this very input.
   */
  #isAgreed(shape: Shape, { operator, nth }: LearntStep, { value }: Made): boolean {
    if (this.#exact.get(shape) === true || shape.streak >= STREAK) return true;
    return this.#shapes.every((other) => {
      if (other === shape) return true;
      const step = other.find(operator, nth);
      const made = step && make(step.template, this.#lookupIn(other));
      return made !== undefined && isSameInput(made.value, value);
    });
  }

  /** What the steps of a way have given so far, whether the code has reached them or not. */
  #lookupIn(shape: Shape): Lookup {
    return (index) => {
      if (index === INPUT) return { value: this.#input };
      const step = shape.steps[index];
      if (step === undefined) return undefined;
      const observed = this.#recordOf(step);
      if (observed === undefined) return this.#early.resultOf(step);
      return observed.end !== undefined && observed.error === undefined
        ? { value: observed.outputs }
        : this.#adopted.get(observed)?.result;
    };
  }
}

/** Its calls count for a limit, too, and nobody counts them here. */
function isComposite({ operator }: LearntStep): boolean {
  return compiledOf(operator) !== undefined || learningOf(operator) !== undefined;
}
