/**
 * Finds what each step must wait for, in one sweep over the steps in program order.
 *
 * In:  steps with the places that they touch, and the effect of each operator (static ones at compile time, those of
 *      the actual objects at link time).
 * Out: dependences, each from an earlier to a later step, with its cause. Whatever is not ordered here may overlap.
 */
import { hasEffects, isEffectful, mayMeet } from './conflicts.ts';
import type { Dependence, DependenceKind, Descriptor, Place, Step } from './descriptor.ts';
import { ANY_STATE, type CallEffect } from './effect.ts';
import { keepRacers, keepRange, keepStarts, usersOf } from './in-place.ts';
import { Nesting, type Visit } from './nesting.ts';
import { append, fork, joinForks, type Key, merge, nothingSeen, type Seen } from './seen.ts';
import { writesOthers } from './shapes.ts';
import { beginTogether } from './together.ts';

type Code = Pick<Descriptor, 'steps' | 'places' | 'slots' | 'regions'>;

export interface DependenceOptions {
  /** A call waits until every earlier step has succeeded (`startEarly: "certain"`). @default false */
  readonly certain?: boolean;
}

export interface Ordering {
  readonly dependences: readonly Dependence[];
  /** Steps whose calls must take the time that they take as written; see `Descriptor.paced`. */
  readonly paced: readonly number[];
}

export function findDependences(
  code: Code,
  effectOf: (operator: number) => CallEffect,
  options: DependenceOptions = {},
): Ordering {
  const inPlace = new Set<number>();
  const together = keepRacers(code.steps, inPlace);
  // As written a call that nobody awaits is made only when all before it has succeeded, or its failure goes unhandled.
  for (const step of code.steps)
    if (step.kind === 'start' && usersOf(code.steps, step).length === 0) inPlace.add(step.id);
  for (;;) {
    const known = inPlace.size;
    const sweep = new Sweep(code, effectOf, options.certain ?? false, inPlace);
    sweep.walk(undefined, []);
    sweep.keepTillTheEnd();
    keepStarts(code.steps, inPlace);
    if (inPlace.size > known) continue;
    const racing = code.steps.filter((step) => step.races || isMixed(step, effectOf)).map(({ id }) => id);
    const racers = new Set<number>();
    for (const { first, last, isRaced } of together) if (isRaced) keepRange(racers, first, last);
    const paced = [...new Set([...inPlace, ...racing, ...racers])].toSorted((one, other) => one - other);
    return { dependences: beginTogether(sweep.dependences, together), paced };
  }
}

/** Whether calls of one step that run side by side may see what others of them do. */
function isMixed({ sideBySide, operators }: Step, effectOf: (operator: number) => CallEffect): boolean {
  if (sideBySide !== true) return false;
  const effects = operators.map((one) => effectOf(one));
  return effects.some((effect) => effect.mutates || hasEffects(effect));
}

/**
 * Visits the steps in program order, the body of a loop twice: the second time stands for every later iteration, and what
 * it waits for in the first one is what an iteration waits for in the one before. Steps are named by their visits.
 */
class Sweep {
  readonly dependences: Dependence[] = [];
  readonly #code: Code;
  readonly #nesting: Nesting;
  readonly #known = new Set<string>();
  readonly #visits: Visit[] = [];
  readonly #visitOf = new Map<number, number>();
  #now: Visit;
  #seen: Seen = nothingSeen();
  /**
   * The blocks of `try` statements around the step, the first visit in each, and the last one that has waited for all before
   * it that may be caught.
   */
  readonly #tries: Caught[] = [];
  readonly #effectOf: (operator: number) => CallEffect;
  readonly #certain: boolean;
  /**
   * Steps that must run exactly when they run as written: a call that goes on unawaited, whoever touches the same memory
   * meanwhile, and all between them. What one sees of the other depends on the time that lies between.
   */
  readonly #inPlace: Set<number>;
  readonly #lingering = new Set<number>();
  /** Visits that wait for calls and cannot fail, which a step that waits for everything has passed. */
  readonly #passed = new Set<number>();
  /** First steps of functions that stand in the place of their calls, and the gate before each. */
  readonly #firsts: ReadonlySet<number>;
  readonly #gates = new Map<number, number | undefined>();
  /** For places of objects of earlier iterations: those of this one. By these: their keys, and in which iterations. */
  readonly #newerThan: ReadonlyMap<number, readonly Place[]>;
  readonly #copiesOf = new Map<number, Map<Key, Visit['copies']>>();
  /** Visits that count as writers of the whole place, whatever keys they write under. */
  readonly #whole = new Set<number>();
  constructor(
    code: Code,
    effectOf: (operator: number) => CallEffect,
    certain: boolean,
    inPlace: Set<number>,
  ) {
    this.#code = code;
    this.#effectOf = effectOf;
    this.#certain = certain;
    this.#inPlace = inPlace;
    this.#firsts = new Set(code.steps.flatMap(({ ends }) => ends ?? []));
    this.#nesting = new Nesting(code);
    this.#newerThan = groupByOlder(code.places);
    this.#now = { id: -1, step: -1, copies: [] };
  }

  walk(region: number | undefined, copies: Visit['copies']): void {
    for (const step of this.#nesting.stepsOf(region)) {
      this.#now = { id: this.#visits.length, step: step.id, copies };
      this.#visits.push(this.#now);
      this.#visitOf.set(step.id, this.#now.id);
      this.#keepGates(step);
      this.#visit(step);
      if (step.kind === 'loop') this.#walkLoop(step, copies);
      if (step.kind === 'try') this.#walkTry(step, copies);
    }
  }

  /** A function that throws has failed for its caller: nothing in it decides whether what follows its call runs. */
  #keepGates({ id, ends }: Step): void {
    if (this.#firsts.has(id)) this.#gates.set(id, this.#seen.gate);
    if (ends !== undefined) this.#seen.gate = this.#gates.get(ends);
  }

  /**
   * What a call that nobody awaits has changed in memory by the end of the body, the caller sees: so the body takes its time.
   * Of resources, and of what is declared `sequential`, the law orders only when calls start.
   */
  keepTillTheEnd(): void {
    const changes = (step: Step): boolean =>
      step.writes.some((place) => this.#isShared(place)) ||
      this.#effectsOf(step).some(({ state }) => state) ||
      this.#changedBy(step).some((place) => this.#isShared(place));
    for (const visit of this.#lingering) {
      const step = this.#stepAt(visit);
      if (step !== undefined && changes(step)) this.#keepFrom(visit, this.#code.steps.length - 1);
    }
  }

  #walkLoop(step: Step, copies: Visit['copies']): void {
    const now = this.#now;
    const { id, carried, results } = this.#nesting.regionOf(step, 'iteration');
    for (const { into, from } of carried) this.#produce(into, this.#producersOf(from));
    this.walk(id, [...copies, { loop: step.id, copy: 0 }]);
    const outs = carried.map(({ into, out, from }) => [into, this.#producersOf(out ?? from)] as const);
    for (const [into, producers] of outs) this.#produce(into, producers);
    this.walk(id, [...copies, { loop: step.id, copy: 1 }]);
    this.#endAfterProducers(step, now, results);
    // What a variable is behind the loop stands there as soon as the last iteration has given it.
    for (const [index, slot] of step.outputs.entries()) {
      const producers = this.#producersOf(results[index] ?? slot);
      if (producers.length > 0 && producers.every((producer) => producer > now.id))
        this.#produce(slot, producers);
    }
  }

  /** A step that runs regions ends when all that it gives is there, wherever that comes from. */
  #endAfterProducers(step: Step, visit: Visit, results: readonly number[]): void {
    this.#now = visit;
    for (const slot of results) this.#afterProducer(step, slot, 'flow', true);
  }

  /** What a handler may rely upon: whatever held before the block, and whatever the block got to. */
  #walkTry(step: Step, copies: Visit['copies']): void {
    const now = this.#now;
    const visit = now.id;
    const before = this.#seen;
    this.#seen = fork(before);
    const block = this.#nesting.regionOf(step, 'try');
    const handler = this.#nesting.findRegion(step, 'catch');
    const last = this.#nesting.findRegion(step, 'finally');
    // The statement ends when all has for which something in it would have waited, so who waits for it need not look further.
    let waits = false;
    const around = this.#tries.map((one) => ({ one, waited: one.waited, waits: false }));
    const walk = (region: number): void => {
      this.walk(region, copies);
      waits ||= this.#seen.waitedForAll > visit;
      // A handler may run without what has waited in the block.
      for (const outer of around) {
        outer.waits ||= outer.one.waited !== outer.waited;
        outer.one.waited = outer.waited;
      }
    };
    const walkCaught = (region: number): void => {
      const abandoned = new Set<number>();
      this.#tries.push({ region, first: this.#visits.length, waited: undefined, abandoned });
      walk(region);
      this.#tries.pop();
      for (const call of abandoned) this.#lingering.add(call);
    };
    walkCaught(block.id);
    this.#endAfterProducers(step, now, block.results);
    if (handler !== undefined) {
      const afterBlock = this.#seen;
      this.#seen = merge(before, afterBlock, before);
      this.#seen.gate = before.gate;
      this.#seen.barrier = before.barrier;
      for (const { into, from, versions = [] } of handler.carried)
        this.#produce(
          into,
          [from, ...versions.map(({ slot }) => slot)].flatMap((slot) => this.#producersOf(slot)),
        );
      if (handler.error !== undefined) this.#produce(handler.error, [visit]);
      // What comes in any case sees how far a handler came that fails.
      if (last === undefined) walk(handler.id);
      else walkCaught(handler.id);
      this.#endAfterProducers(step, now, handler.results);
      this.#seen = merge(before, this.#seen, afterBlock);
      // A failure is caught, or ends the body as a failure does; neither decides whether what follows runs.
      if (!step.gate) this.#seen.gate = before.gate;
    }
    if (last !== undefined) {
      this.#seen = merge(before, this.#seen, before);
      walk(last.id);
    }
    // Nobody has to wait for what was before the statement who waits for something in it.
    const enough = (steps: readonly number[]): readonly number[] =>
      steps.some((one) => one > visit) ? steps.filter((one) => one > visit || this.#isPassed(one)) : steps;
    // A writer of one entry may be passed, but not those before it.
    const enoughWriters = (steps: readonly number[]): readonly number[] =>
      steps.some((one) => one > visit && !this.#whole.has(one)) ? steps : enough(steps);
    const all = (steps: readonly number[]): readonly number[] => steps;
    this.#seen = joinForks(this.#seen, waits ? enoughWriters : all, waits ? enough : all);
    if (waits) this.#seen.waitedForAll = Math.max(this.#seen.waitedForAll, visit);
    for (const outer of around) if (outer.waits) outer.one.waited = visit;
    for (const slot of step.outputs) this.#produce(slot, [visit]);
    if (step.gate) this.#seen.gate = visit;
  }

  #visit(step: Step): void {
    const effects = this.#effectsOf(step);
    const touched = this.#touchedBy(step);
    this.#afterProducers(step);
    this.#afterBarriersAndGates(step);
    const waits = this.#waitsForAll(step, effects, touched.writes);
    if (waits) this.#afterEverything(step, effects, touched.writes);
    else this.#afterConflictingCalls(step, effects);
    if (step.order !== 'free' || effects.some(isEffectful)) this.#afterLingeringEffects(step, effects);
    this.#afterStateWriters(step, touched.reads);
    this.#afterMemory(step, touched.reads, touched.writes);
    this.#noteReads(step, touched.reads, waits);
    if (this.#tries.length > 0) this.#afterWhatMayBeCaught(step, touched.writes);
    this.#remember(step, effects, touched.writes);
  }

  /** An `await` ends the calls that its `start` steps began, so it has their effects too. */
  #effectsOf(step: Step): readonly CallEffect[] {
    return [step, ...this.#begunBy(step)].flatMap(({ operators }) =>
      operators.map((one) => this.#effectOf(one)),
    );
  }

  #begunBy({ starts = [] }: Step): readonly Step[] {
    return starts.flatMap((start) => this.#code.steps[start] ?? []);
  }

  #touchedBy(step: Step): { reads: readonly number[]; writes: readonly number[] } {
    const begun = this.#begunBy(step);
    const reads = [...step.reads, ...begun.flatMap((start) => start.reads)];
    const writes = [...step.writes, ...begun.flatMap((start) => start.writes)];
    return { reads, writes: [...writes, ...[step, ...begun].flatMap((one) => this.#changedBy(one))] };
  }

  /** What the step's own calls are given, if they may change it. */
  #changedBy(step: Step): readonly number[] {
    const mutates = step.operators.some((operator) => this.#effectOf(operator).mutates);
    return mutates ? heldBy(step) : [];
  }

  #waitsForAll(step: Step, effects: readonly CallEffect[], writes: readonly number[]): boolean {
    if (this.#inPlace.has(step.id)) return true;
    if (step.kind === 'await' && step.starts !== undefined) return step.order !== 'free';
    if (step.order !== 'free' || writes.some((place) => this.#isShared(place))) return true;
    if (this.#certain && step.operators.length > 0) return true;
    return effects.some(hasEffects);
  }

  #afterProducers(step: Step): void {
    for (const slot of step.inputs) this.#afterProducer(step, slot, 'flow');
    for (const slot of step.otherwise ?? []) if (slot !== null) this.#afterProducer(step, slot, 'flow', true);
    if (step.guard !== undefined) this.#afterProducer(step, step.guard, 'control');
    for (const slot of step.outputs) this.#produce(slot, [this.#now.id]);
  }

  #afterProducer(step: Step, slot: number, kind: DependenceKind, isLate = false): void {
    const what = this.#code.slots[slot] ?? `slot ${slot}`;
    for (const producer of this.#producersOf(slot)) this.#order(producer, step, kind, what, { isLate });
  }

  #producersOf(slot: number): readonly number[] {
    return this.#seen.producers.get(slot) ?? [];
  }

  #produce(slot: number, producers: readonly number[]): void {
    this.#seen.producers.set(slot, producers);
  }

  #afterBarriersAndGates(step: Step): void {
    if (this.#seen.barrier !== undefined) this.#order(this.#seen.barrier, step, 'effect', 'barrier');
    if (this.#seen.gate !== undefined)
      this.#order(this.#seen.gate, step, 'control', 'may leave the body before this');
    if (step.operators.length > 0) this.#afterOutsideWriters(step);
  }

  #afterEverything(step: Step, effects: readonly CallEffect[], writes: readonly number[]): void {
    const isInTime = this.#inPlace.has(step.id) || step.order === 'barrier';
    const { waitedForAll } = this.#seen;
    // Calls in flight read their own fields, so they are over before anything shared changes.
    const isChange = effects.some(({ state }) => state) || writes.some((place) => this.#isOutside(place));
    const isAfter = (end: Step): boolean => {
      const begun = this.#effectsOf(end);
      return (isChange && begun.length > 0) || mayMeet(begun, step, effects);
    };
    for (const end of this.#passed) {
      const earlier = this.#stepAt(end);
      if (earlier !== undefined && isAfter(earlier))
        this.#order(end, step, 'effect', 'program order of effects', FOR_ALL);
    }
    for (let before = Math.max(0, waitedForAll); before < this.#now.id; before++) {
      const earlier = this.#stepAt(before);
      if (earlier === undefined) continue;
      const effectful = isQuietEnd(earlier)
        ? isAfter(earlier)
        : earlier.order !== 'free' || this.#effectsOf(earlier).some(isEffectful);
      if (effectful) this.#order(before, step, 'effect', 'program order of effects', FOR_ALL);
      else if (earlier.mayFail) this.#order(before, step, 'failure', 'may fail', FOR_ALL);
      // Whoever has waited for all stands for all before it, whatever it does itself.
      else if (isInTime || before === waitedForAll)
        this.#order(before, step, 'control', 'program order', FOR_ALL);
      else if (isQuietEnd(earlier)) this.#passed.add(before);
    }
  }

  /** What a call that nobody awaits does, it does some time after it began; and so does whoever comes meanwhile. */
  #afterLingeringEffects(step: Step, effects: readonly CallEffect[]): void {
    for (const before of this.#lingering) {
      const earlier = this.#stepAt(before);
      const begun = earlier === undefined ? [] : this.#effectsOf(earlier);
      // What its own code does when it goes on has a place among all effects.
      const isPlaced = earlier !== undefined && earlier.order !== 'free';
      const isOrdered = isPlaced && (step.order !== 'free' || effects.some(hasEffects));
      if (isOrdered || mayMeet(begun, step, effects)) this.#keepInPlace(before, step);
    }
  }

  /** For calls that only read: they wait for earlier writers of what they read. */
  #afterConflictingCalls(step: Step, effects: readonly CallEffect[]): void {
    const reads = effects.flatMap((effect) => [...effect.reads]);
    // A call that reads nothing that others write passes sequential calls, but not writers of its own fields.
    for (const before of reads.length > 0 ? this.#seen.orderedCalls : [])
      this.#order(before, step, 'effect', 'sequential call');
    const keys = [...reads, ...effects.flatMap((effect) => [...effect.enters])];
    // State is no resource, whatever name it has.
    const all = [...this.#seen.resourceWriters.keys()].filter((key) => typeof key === 'string');
    const anyResource = reads.some((key) => typeof key === 'string') ? ['*'] : [];
    for (const key of new Set([...anyResource, ...(reads.includes('*') ? all : []), ...keys])) {
      const isResource = typeof key === 'string';
      const what = isResource ? `resource "${key}"` : 'state of an operator';
      for (const before of this.#seen.resourceWriters.get(key) ?? []) {
        this.#order(before, step, 'effect', what, { mayDiffer: isResource && this.#mayDiffer(before, step) });
        this.#keepInPlace(before, step);
      }
    }
  }

  /** Whether two calls touch what their inputs say, so that it may turn out not to be the same. */
  #mayDiffer(before: number, step: Step): boolean {
    const earlier = this.#whole.has(before) ? undefined : this.#stepAt(before);
    if (earlier === undefined || !this.#isTold(earlier) || !this.#isTold(step)) return false;
    return [earlier, step].some((one) => this.#effectsOf(one).some(({ keyed }) => keyed !== undefined));
  }

  /** Whether calls say by names, or one by what it is given, which resources they touch. */
  #isTold(step: Step): boolean {
    const effects = this.#effectsOf(step);
    const [effect, ...others] = effects;
    if (effect?.keyed !== undefined)
      return step.kind === 'call' && others.length === 0 && step.given !== undefined;
    const isOwn = step.kind === 'call' || (step.kind === 'async' && step.starts === undefined);
    const isNamed = effects.every(
      ({ keyed, reads, writes }) => !keyed && !reads.has('*') && !writes.has('*'),
    );
    return isOwn && effects.length > 0 && isNamed;
  }

  /**
   * Memory that an earlier call may write without having been given it: all that others may share. Code of the body reads
   * it directly, a call reads what it is given. Calls pass others that are merely `sequential`, by declaration or for want
   * of one, unless these own what they were given.
   */
  #afterStateWriters(step: Step, reads: readonly number[]): void {
    const readers = [step, ...this.#begunBy(step)].filter((one) =>
      one.reads.some((read) => this.#isShared(read)),
    );
    for (const place of reads) {
      const { kind, label, step: origin } = this.#code.places[place] ?? { kind: 'world', label: 'unknown' };
      if (kind === 'fresh') continue;
      const source = origin === undefined ? undefined : this.#code.steps[origin];
      const owners = new Set(
        source === undefined ? [] : this.#effectsOf(source).flatMap(({ enters }) => [...enters]),
      );
      // What a call is given may be evaluated before it, and reads no more than that call would.
      const isCode = step.operators.length === 0 && !(kind === 'input' && this.#isArgument(step));
      for (const writer of this.#seen.stateWriters) {
        const shares = writer.effects.some(
          (effect) =>
            (effect.state &&
              (isCode || effect.known === 'inferred') &&
              !(kind !== 'world' && readers.every((one) => writesOthers(effect, one)))) ||
            (effect.ordered && kind === 'world') ||
            [...effect.enters].some((owner) => owners.has(owner)),
        );
        if (!shares) continue;
        this.#order(writer.step, step, 'flow', label);
        this.#keepInPlace(writer.step, step);
      }
    }
  }

  /** Whether the step evaluates part of what calls are given, for which the code has no name. */
  #isArgument(step: Step): boolean {
    const isPlain = step.kind === 'compute' && step.order === 'free' && step.outputs.length > 0;
    const isUnnamed = step.outputs.every((slot) => {
      const name = this.#code.slots[slot] ?? '';
      return /^\$\d+$/u.test(name) && !step.label.startsWith(`${name} = `);
    });
    return isPlain && isUnnamed && usersOf(this.#code.steps, step).every(({ kind }) => kind === 'call');
  }

  #afterMemory(step: Step, reads: readonly number[], writes: readonly number[]): void {
    if (reads.some((place) => this.#isOutside(place))) this.#afterOutsideWriters(step);
    const { writersOf, readersOf } = this.#seen;
    for (const place of reads) this.#touchAll(writersOf, step, 'flow', place, keyIn(step, place));
    for (const place of writes) {
      this.#touchAll(writersOf, step, 'output', place);
      this.#touchAll(readersOf, step, 'anti', place);
    }
    for (const place of writes) {
      const key = this.#keyOf(place);
      const before = writersOf.get(key) ?? [];
      // Who reads under another key passes a writer, and must still wait for those that the writer waits for.
      const isKeyed = keyIn(step, place) !== undefined && before.length < MOST_WRITERS;
      if (!isKeyed) this.#whole.add(this.#now.id);
      writersOf.set(key, [...(isKeyed ? before : this.#still(before)), this.#now.id]);
      readersOf.set(key, this.#still(readersOf.get(key)));
    }
    for (const place of [...reads, ...writes]) this.#noteCopies(place);
  }

  /** Who `waits` for all earlier steps is enough to wait for; under a key it may be passed, so then it is not. */
  #noteReads(step: Step, reads: readonly number[], waits: boolean): void {
    const { readersOf } = this.#seen;
    for (const place of reads) {
      const key = this.#keyOf(place);
      if (!waits || keyIn(step, place) !== undefined) append(readersOf, key, this.#now.id);
      else {
        const before = readersOf.get(key) ?? [];
        readersOf.set(key, [...before.filter((one) => this.#isPassed(one)), this.#now.id]);
      }
    }
  }

  /** Whether a step that waits for everything does not wait for this one to end: it goes on, or cannot fail and changes nothing. */
  #isPassed(visit: number): boolean {
    const step = this.#stepAt(visit);
    if (step === undefined || this.#lingering.has(visit)) return true;
    if (isQuietEnd(step)) return true;
    return step.order === 'free' && !step.mayFail && !this.#effectsOf(step).some(isEffectful);
  }

  /** An object of an iteration is another one in each. */
  #keyOf(place: number): Key {
    const own = this.#copiesAround(place);
    return own.length === 0 ? place : `${place} ${own.map(({ copy }) => copy).join('')}`;
  }

  /** The iterations that this is a visit in, of loops whose iterations have an object of their own each. */
  #copiesAround(place: number): Visit['copies'] {
    const region = this.#code.places[place]?.region;
    if (region === undefined) return [];
    return this.#now.copies.filter(({ loop }) => this.#nesting.isInsideStep(region, loop));
  }

  /** Notes the iteration that touches `place`, for those that will find its object among older ones. */
  #noteCopies(place: number): void {
    if (this.#code.places[place]?.older === undefined) return;
    const known = this.#copiesOf.get(place) ?? new Map<Key, Visit['copies']>();
    this.#copiesOf.set(place, known);
    known.set(this.#keyOf(place), this.#now.copies);
  }

  /** Who touched `place`, or the same objects when they were those of an earlier iteration. */
  #touchAll(lists: Seen['writersOf'], step: Step, kind: DependenceKind, place: number, key?: number): void {
    this.#touch(lists.get(this.#keyOf(place)), step, kind, place, { key });
    for (const { id } of this.#newerThan.get(place) ?? [])
      for (const other of this.#earlierKeys(id, place))
        this.#touch(lists.get(other), step, kind, place, { isForEvery: true });
  }

  /** The keys of `place` in iterations before this one, which are those of an object of `older`, too. */
  *#earlierKeys(place: number, older: number): Iterable<Key> {
    const own = this.#keyOf(place);
    const around = this.#copiesAround(older);
    for (const [key, copies] of this.#copiesOf.get(place) ?? [])
      if (key !== own && around.every(({ loop, copy }) => copyIn(copies, loop) === copy)) yield key;
  }

  /** What a handler may see must be as it was when the block failed. */
  #afterWhatMayBeCaught(step: Step, writes: readonly number[]): void {
    for (const around of this.#tries) {
      const { region, first, waited } = around;
      const isHidden = (place: number): boolean =>
        this.#nesting.isInside(this.#code.places[place]?.region, region);
      const isSeen = writes.some((place) => !isHidden(this.#code.places[place]?.older ?? place));
      if (!isSeen) continue;
      for (let before = waited ?? first; before < this.#now.id; before++) {
        if (this.#stepAt(before)?.mayFail === true || before === waited)
          this.#order(before, step, 'failure', 'may fail and be caught', FOR_ALL);
      }
      // To wait for one that waits is enough; but it may wait for more, so not where that would save little.
      if (this.#now.id - (waited ?? first) > MOST_CAUGHT) around.waited = this.#now.id;
    }
  }

  /** Whatever others may share has been written, so every call may see it, and all code that reads such memory. */
  #afterOutsideWriters(step: Step): void {
    for (const before of this.#seen.outsideWriters) this.#order(before, step, 'flow', 'shared state');
  }

  /** `key`: the slot of the key under which `step` touches `place`, if it does not touch all of that. */
  #touch(
    earlier: readonly number[] | undefined,
    step: Step,
    kind: DependenceKind,
    place: number,
    { key, isForEvery = false }: { readonly key?: number | undefined; readonly isForEvery?: boolean },
  ): void {
    for (const before of earlier ?? []) {
      const other = this.#whole.has(before) ? undefined : keyIn(this.#stepAt(before), place);
      const keys = key === undefined || other === undefined ? undefined : { before: other, after: key };
      this.#order(before, step, kind, this.#label(place), { keys, isForEvery });
      this.#keepInPlace(before, step);
    }
  }

  #keepInPlace(before: number, step: Step): void {
    const begun = this.#stepAt(before)?.id ?? step.id;
    const pending = this.#lingering.has(before) && !(step.starts ?? []).includes(begun);
    if (pending) this.#keepFrom(before, step.id);
  }

  /** All from a visit to the step `last`, to which the visit now belongs; of loops that go on between the two, all. */
  #keepFrom(before: number, last: number): void {
    const visit = this.#visits[before];
    if (visit === undefined) return;
    const span = this.#nesting.spanBetween(visit, this.#now);
    keepRange(this.#inPlace, span.first, Math.max(span.last, last));
  }

  #remember(step: Step, effects: readonly CallEffect[], writes: readonly number[]): void {
    const { id } = this.#now;
    const seen = this.#seen;
    const ends = step.starts !== undefined;
    if (step.order === 'barrier') seen.barrier = id;
    if (step.gate) seen.gate = id;
    if (this.#waitsForAll(step, effects, writes)) seen.waitedForAll = id;
    if (writes.some((place) => this.#isOutside(place))) {
      for (const before of this.#lingering) this.#keepFrom(before, step.id);
      // A call in flight that writes such memory keeps all in place until it ends, and what is in place waits for all.
      seen.outsideWriters = [id];
    }
    const goesOn = new Set(effects.map((effect) => effect.goesOn));
    if (step.lingers || goesOn.has('always')) this.#lingering.add(id);
    if (step.abandons === true || goesOn.has('failed'))
      for (const { abandoned } of this.#tries) abandoned.add(id);
    // What may be skipped may not have waited.
    const isCertain = step.guard === undefined && step.region === undefined;
    for (const start of isCertain ? (step.starts ?? []) : [])
      this.#lingering.delete(this.#visitOf.get(start) ?? -1);
    if (effects.some((effect) => effect.ordered))
      seen.orderedCalls = ends ? [...seen.orderedCalls, id] : [id];
    const written = effects.flatMap((effect) => [...effect.writes, ...(effect.state ? [ANY_STATE] : [])]);
    const isKeyed = effects.some(({ keyed }) => keyed !== undefined);
    for (const key of written) {
      const before = seen.resourceWriters.get(key) ?? [];
      const isOneOfMany = isKeyed && before.length < MOST_WRITERS;
      if (isKeyed && !isOneOfMany) this.#whole.add(id);
      // Whoever writes has waited for all earlier steps, so for it alone later readers need to wait, unless they pass it.
      if (ends || isOneOfMany) append(seen.resourceWriters, key, id);
      else seen.resourceWriters.set(key, [...this.#still(seen.resourceWriters.get(key)), id]);
    }
    if (effects.some(hasEffects)) seen.stateWriters = [...seen.stateWriters, { step: id, effects }];
  }

  #stepAt(visit: number): Step | undefined {
    return this.#code.steps[this.#visits[visit]?.step ?? -1];
  }

  /** Those of `steps` whose calls go on: later steps do not wait for them by waiting for who waited for them. */
  #still(steps: readonly number[] = []): readonly number[] {
    return steps.filter((step) => this.#lingering.has(step));
  }

  /** Whether what is written there outlives the run. */
  #isShared(place: number): boolean {
    return this.#code.places[place]?.kind !== 'fresh';
  }

  /** Whether calls may see what is written there. */
  #isOutside(place: number): boolean {
    return this.#isShared(place) && this.#code.places[place]?.kind !== 'own';
  }

  #label(place: number): string {
    return this.#code.places[place]?.label ?? `place ${place}`;
  }

  #order(
    before: number,
    after: Step,
    kind: DependenceKind,
    what: string,
    { isForAll = false, isForEvery = false, isLate = false, mayDiffer = false, keys }: How = {},
  ): void {
    const visit = this.#visits[before];
    // What a `try` has written stays as it is, whatever becomes of the rest of it, unless a handler writes it, too: that is waited for.
    const isRead = kind === 'flow' || kind === 'effect';
    const relation = visit && this.#nesting.relate(visit, this.#now, isForAll, isRead);
    if (relation === undefined) return;
    const { before: first, carried, part } = relation;
    const compared = (part ?? first) === visit?.step ? keys : undefined;
    const isEvery = isForEvery && carried !== undefined;
    const inputs = mayDiffer && (part ?? first) === visit?.step;
    const cause = `${first} ${part ?? ''} ${after.id} ${kind} ${what} ${carried ?? ''}${isEvery ? ' every' : ''}`;
    const known = `${cause}${isLate ? ' late' : ''}${compared ? ` ${compared.before} ${compared.after}` : ''}${inputs ? ' inputs' : ''}`;
    // Whoever has waited at the beginning need not wait at the end.
    if (this.#known.has(cause) || this.#known.has(known)) return;
    this.#known.add(known);
    this.dependences.push({
      before: first,
      after: after.id,
      kind,
      what,
      ...(isLate ? { late: true } : {}),
      ...(compared ? { keys: compared } : {}),
      ...(inputs ? { inputs } : {}),
      ...(part === undefined ? {} : { part }),
      ...(carried === undefined ? {} : { carried }),
      ...(isEvery ? { every: true } : {}),
    });
  }
}

/** A block whose failure is caught. */
interface Caught {
  readonly region: number;
  readonly first: number;
  waited: number | undefined;
  /** Calls that may go on when it has failed. */
  readonly abandoned: Set<number>;
}

/** How a step waits: for all of the iteration before; or late, see `Dependence.late`. */
interface How {
  readonly isForAll?: boolean;
  /** For every earlier iteration: see `Dependence.every`. */
  readonly isForEvery?: boolean;
  readonly isLate?: boolean;
  /** Both may turn out not to touch the same: see `Dependence.inputs`. */
  readonly mayDiffer?: boolean;
  readonly keys?: Dependence['keys'];
}

const FOR_ALL: How = { isForAll: true };
/** Of one Map or Set, under keys of their own, or of resources: more are too many to compare. */
const MOST_WRITERS = 16;
/** Of a `try`, before one step is taken to stand for all before it. */
const MOST_CAUGHT = 32;

function groupByOlder(places: readonly Place[]): ReadonlyMap<number, readonly Place[]> {
  const groups = new Map<number, Place[]>();
  for (const place of places)
    if (place.older !== undefined) groups.set(place.older, [...(groups.get(place.older) ?? []), place]);
  return groups;
}

function copyIn(copies: Visit['copies'], loop: number): number | undefined {
  return copies.find((one) => one.loop === loop)?.copy;
}

/** The slot of the one key under which `step` touches `place`. */
function keyIn(step: Step | undefined, place: number): number | undefined {
  return step?.keys?.find((key) => key.place === place)?.slot;
}

/** Waits for calls of other steps whatever becomes of them. */
function isQuietEnd({ kind, starts, order, mayFail }: Step): boolean {
  return kind === 'await' && starts !== undefined && order === 'free' && !mayFail;
}

/** What the calls of a step are given. */
function heldBy({ reads, unheld = [] }: Step): readonly number[] {
  return reads.filter((place) => !unheld.includes(place));
}
