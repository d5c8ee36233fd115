/**
 * One call of an operator that learns. `forward` runs for real; the calls that it makes are recorded, and those that are
 * foreseen are started early. A call takes the outcome of one that was started early only if nobody can tell the difference.
 */
import { rememberContext, type Restore } from '../async-storage.ts';
import type { Forwarding } from '../brand.ts';
import { compiledOf, learningOf } from '../registry.ts';
import { scopes } from '../scope.ts';
import { OpenRecord } from '../tracing/trace-record.ts';
import { watch, type CallObserver, type CallWitness, type WitnessedCall } from '../tracing/watch.ts';
import type { JitOptions } from './jit-options.ts';
import { Facts } from './facts.ts';
import { Effects } from './free-calls.ts';
import { STREAK, TRUSTED, type Learnt, type LearntStep, type Shape } from './learnt.ts';
import { Prefetch } from './prefetch.ts';
import { Refusal, type Ended } from './refusal.ts';
import type { RunLimits } from './run-limits.ts';
import { isSameInput } from './same-input.ts';
import { INPUT, isExplained, make, sourcesOf, type Lookup, type Made } from './template.ts';

/** What a call that was started early was started for, and when it ran, by the clock of whoever asks for that. */
interface Foreseen {
  readonly shape: Shape;
  readonly step: number;
  readonly start: number | undefined;
  end: number | undefined;
}

/** A call that the code makes. */
interface Reached {
  readonly record: OpenRecord;
  /** It takes the outcome of one that was started early. */
  readonly foreseen: Foreseen | undefined;
  readonly told: WitnessedCall | undefined;
  readonly at: number;
}

export class JitRun implements CallObserver {
  readonly #input: unknown;
  readonly #learnt: Learnt;
  readonly #limits: RunLimits;
  readonly #scope: unknown = scopes.current;
  readonly #effects = new Effects();
  readonly #records: OpenRecord[] = [];
  /** Ways that this call may be on, the likeliest first. */
  #shapes: readonly Shape[];
  readonly #calls = new Map<object, OpenRecord[]>();
  readonly #exact = new Map<Shape, boolean>();
  /** By shape and step; a step is started early once, whatever becomes of it. */
  readonly #early = new Map<Shape, Map<number, Prefetch>>();
  /** By operator, which of its calls. */
  readonly #foreseen = new Map<object, Set<number>>();
  /** Not used yet, and still good. */
  readonly #waiting = new Map<Prefetch, Foreseen>();
  readonly #adopted = new Map<OpenRecord, Prefetch>();
  readonly #states = new Map<object, Facts | undefined>();
  readonly #running = new Set<OpenRecord>();
  readonly #witness: CallWitness | undefined;
  readonly #outer = watch.position;
  /** Where the code began, for every `AsyncLocalStorage`. Absent when nothing can be started early. */
  readonly #whereItBegan: Restore | undefined;
  readonly #learning: JitOptions | undefined;
  readonly #refusal = new Refusal();
  #tick = 0;
  #isOver = false;

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
    if (this.#isOver) return this.#refusal.answer() ?? start();
    this.#dropStale(self);
    const record = new OpenRecord(this.#records.length, undefined, self, input, ++this.#tick);
    this.#records.push(record);
    const calls = this.#calls.get(self);
    if (calls === undefined) this.#calls.set(self, [record]);
    else calls.push(record);
    this.#shapes = this.#shapes.filter((shape) => shape.isPossible(this.#calls));
    // Where calls of the code overlap, it may go by which of them ends first.
    const isAlone = this.#running.size === 0;
    // Made under a scope or a tracer of the code's own, it must be a call of its own.
    const isOfRun = scopes.current === this.#scope && watch.position.tracer === this.#outer.tracer;
    const isPlainCall = isAlone && options === undefined && isOfRun;
    const early = isPlainCall ? this.#take(self, input) : undefined;
    if (early === undefined && this.#isForeseen(self)) this.#learnt.counters.add('prefetchMisses');
    this.#running.add(record);
    const nth = (this.#calls.get(self)?.length ?? 0) - 1;
    const foreseen = early && this.#waiting.get(early);
    const told = this.#witness?.witness(self, nth, foreseen?.start ?? this.#witness.now());
    const reached: Reached = { record, foreseen, told, at: performance.now() };
    const outcome = early === undefined ? this.#start(start) : this.#adopt(early, record, start);
    this.#startEarly();
    return this.#follow(reached, outcome);
  }

  /** It is aborted: the code learns why from its calls. */
  refuse(reason: unknown): void {
    this.#stop();
    this.#refusal.refuse(reason);
    for (const early of this.#adopted.values()) early.abandon();
  }

  /** Nothing more is started early, and nothing is learnt. */
  #stop(): void {
    this.#isOver = true;
    for (const early of this.#waiting.keys()) this.#drop(early);
  }

  /** The code has its outcome: what it did not use is aborted. */
  end(succeeded: boolean, cacheSize: number): void {
    const isLearnt = succeeded && !this.#isOver && this.#running.size === 0;
    this.#stop();
    if (isLearnt) this.#learnt.learn({ input: this.#input, records: this.#records }, cacheSize);
  }

  #start(start: () => unknown): unknown {
    this.#learnt.counters.add('started');
    return start();
  }

  /** One was started early for the call that the code makes now. */
  #isForeseen(operator: object): boolean {
    return this.#foreseen.get(operator)?.has((this.#calls.get(operator)?.length ?? 0) - 1) === true;
  }

  #take(self: object, input: unknown): Prefetch | undefined {
    for (const early of this.#waiting.keys()) if (early.isFor(self, input)) return early;
    return undefined;
  }

  #adopt(early: Prefetch, record: OpenRecord, start: () => unknown): Promise<unknown> {
    const found = this.#waiting.get(early);
    this.#waiting.delete(early);
    this.#adopted.set(record, early);
    this.#learnt.counters.add('prefetchHits');
    return early.adopt(() => {
      this.#adopted.delete(record);
      this.#learnt.counters.add('wasted');
      const step = found?.shape.steps[found.step];
      if (step !== undefined) step.keepsInput = true;
      return this.#start(start);
    });
  }

  #follow({ record, foreseen, told, at }: Reached, outcome: unknown): unknown {
    const ended: Ended = (failed, value) => {
      record.close(failed, value, ++this.#tick);
      this.#running.delete(record);
      const early = this.#adopted.get(record);
      told?.end(failed, value, early && foreseen?.end);
      // What was started early took its time before the code has come to it.
      this.#learnt.counters.add('serialMs', early?.milliseconds ?? performance.now() - at);
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
    const changed = new Set<object>();
    for (const [operator, facts] of this.#states) {
      if (facts === undefined || facts.hold()) continue;
      changed.add(operator);
      this.#states.set(operator, undefined);
    }
    for (const early of this.#waiting.keys()) {
      const isStale = starting !== undefined && this.#effects.changes(starting, early.reads);
      if (isStale || changed.has(early.operator) || !early.isFresh()) this.#drop(early);
    }
  }

  #drop(early: Prefetch): void {
    const found = this.#waiting.get(early);
    this.#waiting.delete(early);
    this.#learnt.counters.add('wasted');
    found?.shape.miss(found.step);
    early.drop();
  }

  #startEarly(): void {
    const [shape] = this.#shapes;
    if (shape === undefined || this.#limits.calls === 0 || this.#isOver) return;
    if (this.#limits.isExplicit === true && shape.steps.some(isComposite)) return;
    const isExact = this.#exact.get(shape) ?? isSameInput(shape.last.input, this.#input);
    this.#exact.set(shape, isExact);
    const unfinished: object[] = [];
    for (const [index, { operator, nth }] of shape.steps.entries()) {
      const record = this.#calls.get(operator)?.[nth];
      const isFree = record === undefined && this.#mayStart(shape, index, isExact, unfinished);
      if (isFree) this.#prefetch(shape, index);
      if (record?.end === undefined && !this.#effects.isFree(operator)) unfinished.push(operator);
    }
  }

  #mayStart(shape: Shape, index: number, isExact: boolean, unfinished: readonly object[]): boolean {
    const step = shape.steps[index];
    if (step === undefined || this.#early.get(shape)?.has(index) === true) return false;
    if (step.trust < TRUSTED || step.keepsInput || step.overlaps || !isExplained(step.template)) return false;
    if (!isExact && !shape.isKnown(index)) return false;
    const { operator } = step;
    if (!this.#effects.isFree(operator) || !this.#isAffordable(step.trust)) return false;
    const { reads } = this.#effects.of(operator);
    return !unfinished.some((earlier) => this.#effects.changes(earlier, reads));
  }

  /** Within the limit of calls, of which one is left to the code, and of calls that may go unused. */
  #isAffordable(trust: number): boolean {
    const early = [...this.#waiting.keys()].filter(({ isRunning }) => isRunning).length;
    const left = this.#running.size > 0 ? 0 : 1;
    if (early + this.#running.size + left >= this.#limits.calls) return false;
    const { started, wasted } = this.#learnt.counters.counts;
    const allowed = this.#limits.maxWaste * started;
    // What has never failed is not counted before it does; what has may fail again.
    return trust === 1 ? wasted <= allowed : wasted + this.#waiting.size + 1 <= allowed;
  }

  #prefetch(shape: Shape, index: number): void {
    const step = shape.steps[index];
    const [operator, whereItBegan] = [step?.operator, this.#whereItBegan];
    if (step === undefined || operator === undefined || whereItBegan === undefined) return;
    if (!this.#effects.isFree(operator)) return;
    const lookup = this.#lookupIn(shape);
    if (sourcesOf(step.template).some((path) => lookup(path.step) === undefined)) return;
    const made = make(step.template, lookup);
    if (made === undefined || !this.#isAgreed(shape, step, made)) return;
    const facts = Facts.ofData(made.value);
    if (!this.#states.has(operator)) this.#states.set(operator, Facts.ofOperator(operator));
    if (facts === undefined || this.#states.get(operator) === undefined) return;
    const { reads } = this.#effects.of(operator);
    const position = { observer: undefined, learning: this.#learning, witness: undefined };
    const { counters } = this.#learnt;
    counters.add('started');
    counters.add('prefetchStarted');
    const foreseen: Foreseen = { shape, step: index, start: this.#witness?.now(), end: undefined };
    const ended = (): void => {
      foreseen.end = this.#witness?.now();
      if (!this.#isOver) this.#startEarly();
    };
    const early = whereItBegan(() =>
      watch.enter(position, () => new Prefetch(operator, reads, made, facts, ended)),
    );
    this.#waiting.set(early, foreseen);
    const ofShape = this.#early.get(shape) ?? new Map<number, Prefetch>();
    this.#early.set(shape, ofShape.set(index, early));
    this.#foreseen.set(operator, (this.#foreseen.get(operator) ?? new Set()).add(step.nth));
  }

  /**
   * Where the code may go several ways, only what all of them call is started, unless it has gone one of them for long or
   * with this very input.
   */
  #isAgreed(shape: Shape, { operator, nth }: LearntStep, { value }: Made): boolean {
    if (this.#exact.get(shape) === true || shape.streak >= STREAK) return true;
    return this.#shapes.every((other) => {
      if (other === shape) return true;
      const step = other.steps.find((one) => one.operator === operator && one.nth === nth);
      const made = step && make(step.template, this.#lookupIn(other));
      return made !== undefined && isSameInput(made.value, value);
    });
  }

  /** What the steps of a way have given so far, whether the code has reached them or not. */
  #lookupIn(shape: Shape): Lookup {
    return (index) => {
      if (index === INPUT) return { value: this.#input };
      const step = shape.steps[index];
      const observed = step && this.#calls.get(step.operator)?.[step.nth];
      if (observed !== undefined)
        return observed.end !== undefined && observed.error === undefined
          ? { value: observed.outputs }
          : this.#adopted.get(observed)?.result;
      const early = this.#early.get(shape)?.get(index);
      return early !== undefined && this.#waiting.has(early) ? early.result : undefined;
    };
  }
}

/** Its calls count for a limit, too, and nobody counts them here. */
function isComposite({ operator }: LearntStep): boolean {
  return compiledOf(operator) !== undefined || learningOf(operator) !== undefined;
}
