/**
 * Finds what each step must wait for, in one sweep over the steps in program order.
 *
 * In:  steps with the places that they touch, and the effect of each operator (static ones at compile time, those of
 *      the actual objects at link time).
 * Out: dependences, each from an earlier to a later step, with its cause. Whatever is not ordered here may overlap.
 */
import type { Dependence, DependenceKind, Descriptor, Step } from './descriptor.ts';
import { ANY_STATE, type CallEffect } from './effect.ts';
import { keepRacers, keepRange, usersOf } from './in-place.ts';

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
  code: Pick<Descriptor, 'steps' | 'places' | 'slots'>,
  effectOf: (operator: number) => CallEffect,
  options: DependenceOptions = {},
): Ordering {
  const inPlace = new Set<number>();
  keepRacers(code.steps, inPlace);
  // As written a call that nobody awaits is made only when all before it has succeeded, or its failure goes unhandled.
  for (const step of code.steps)
    if (step.kind === 'start' && usersOf(code.steps, step).length === 0) inPlace.add(step.id);
  for (;;) {
    const known = inPlace.size;
    const sweep = new Sweep(code, effectOf, options.certain ?? false, inPlace);
    for (const step of code.steps) sweep.visit(step);
    if (inPlace.size > known) continue;
    const races = code.steps.filter((step) => step.races).map(({ id }) => id);
    const paced = [...new Set([...inPlace, ...races])].toSorted((one, other) => one - other);
    return { dependences: sweep.dependences, paced };
  }
}

/** What has been seen so far, kept by what later steps will ask for, so that the sweep is linear. */
class Sweep {
  readonly dependences: Dependence[] = [];
  readonly #code: Pick<Descriptor, 'steps' | 'places' | 'slots'>;
  readonly #effectOf: (operator: number) => CallEffect;
  readonly #certain: boolean;
  /**
   * Steps that must run exactly when they run as written: a call that goes on unawaited, whoever touches the same memory
   * meanwhile, and all between them. What one sees of the other depends on the time that lies between.
   */
  readonly #inPlace: Set<number>;
  readonly #lingering = new Set<number>();
  #causes = new Set<string>();
  readonly #producer = new Map<number, number>();
  /** The last step that waited for everything before it; whoever waits for everything need not look further back. */
  #waitedForAll = 0;
  #barrier: number | undefined;
  #gate: number | undefined;
  /** The last step of the body itself that wrote memory which the outside may share. */
  #outsideWriters: readonly number[] = [];
  #orderedCalls: number[] = [];
  readonly #resourceWriters = new Map<unknown, number[]>();
  readonly #stateWriters: { readonly step: number; readonly effects: readonly CallEffect[] }[] = [];
  readonly #writersOf = new Map<number, number[]>();
  readonly #readersOf = new Map<number, number[]>();

  constructor(
    code: Pick<Descriptor, 'steps' | 'places' | 'slots'>,
    effectOf: (operator: number) => CallEffect,
    certain: boolean,
    inPlace: Set<number>,
  ) {
    this.#code = code;
    this.#effectOf = effectOf;
    this.#certain = certain;
    this.#inPlace = inPlace;
  }

  visit(step: Step): void {
    this.#causes = new Set();
    const effects = this.#effectsOf(step);
    const touched = this.#touchedBy(step, effects);
    this.#afterProducers(step);
    this.#afterBarriersAndGates(step);
    if (this.#waitsForAll(step, effects, touched.writes)) this.#afterEverything(step);
    else this.#afterConflictingCalls(step, effects);
    if (step.order !== 'free' || effects.some(isEffectful)) this.#afterLingeringEffects(step, effects);
    this.#afterStateWriters(step, touched.reads);
    this.#afterMemory(step, touched.reads, touched.writes);
    this.#remember(step, effects, touched.writes);
  }

  /** An `await` ends the calls that its `start` steps began, so it has their effects too. */
  #effectsOf(step: Step): readonly CallEffect[] {
    const begun = (step.starts ?? []).flatMap((start) => this.#code.steps[start]?.operators ?? []);
    return [...step.operators, ...begun].map((operator) => this.#effectOf(operator));
  }

  #touchedBy(
    step: Step,
    effects: readonly CallEffect[],
  ): { reads: readonly number[]; writes: readonly number[] } {
    const begun = (step.starts ?? []).flatMap((start) => this.#code.steps[start] ?? []);
    const reads = [...step.reads, ...begun.flatMap((start) => start.reads)];
    const writes = [...step.writes, ...begun.flatMap((start) => start.writes)];
    return { reads, writes: effects.some((effect) => effect.mutates) ? [...writes, ...reads] : writes };
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
    for (const slot of step.otherwise ?? []) if (slot !== null) this.#afterProducer(step, slot, 'flow');
    if (step.guard !== undefined) this.#afterProducer(step, step.guard, 'control');
    for (const slot of step.outputs) this.#producer.set(slot, step.id);
  }

  #afterProducer(step: Step, slot: number, kind: DependenceKind): void {
    const producer = this.#producer.get(slot);
    if (producer !== undefined) this.#order(producer, step, kind, this.#code.slots[slot] ?? `slot ${slot}`);
  }

  #afterBarriersAndGates(step: Step): void {
    if (this.#barrier !== undefined) this.#order(this.#barrier, step, 'effect', 'barrier');
    if (this.#gate !== undefined) this.#order(this.#gate, step, 'control', 'may leave the body before this');
    if (step.operators.length > 0) this.#afterOutsideWriters(step);
  }

  #afterEverything(step: Step): void {
    for (let before = this.#waitedForAll; before < step.id; before++) {
      const earlier = this.#code.steps[before];
      if (earlier === undefined) continue;
      const effectful = earlier.order !== 'free' || this.#effectsOf(earlier).some(isEffectful);
      if (effectful) this.#order(before, step, 'effect', 'program order of effects');
      else if (earlier.mayFail || earlier.operators.length > 0)
        this.#order(before, step, 'failure', 'may fail');
      else this.#order(before, step, 'control', 'program order');
    }
  }

  /** What a call that nobody awaits does, it does some time after it began; and so does whoever comes meanwhile. */
  #afterLingeringEffects(step: Step, effects: readonly CallEffect[]): void {
    const writes = step.order !== 'free' || effects.some(hasEffects);
    for (const before of this.#lingering) {
      const earlier = this.#code.steps[before];
      const begun = earlier === undefined ? [] : this.#effectsOf(earlier);
      if (begun.some(writes ? isEffectful : hasEffects)) this.#keepInPlace(before, step);
    }
  }

  /** For calls that only read: they wait for earlier writers of what they read. */
  #afterConflictingCalls(step: Step, effects: readonly CallEffect[]): void {
    const reads = effects.flatMap((effect) => [...effect.reads]);
    // A call that reads nothing that others write passes sequential calls, but not writers of its own fields.
    for (const before of reads.length > 0 ? this.#orderedCalls : []) {
      this.#order(before, step, 'effect', 'sequential call');
      this.#keepInPlace(before, step);
    }
    const keys = [...reads, ...effects.flatMap((effect) => [...effect.enters])];
    const conflicting = reads.includes('*') ? [...this.#resourceWriters.keys()] : keys;
    const anyResource = reads.some((key) => typeof key === 'string') ? ['*'] : [];
    for (const key of new Set([...anyResource, ...conflicting])) {
      const what = typeof key === 'string' ? `resource "${key}"` : 'state of an operator';
      for (const before of this.#resourceWriters.get(key) ?? []) {
        this.#order(before, step, 'effect', what);
        this.#keepInPlace(before, step);
      }
    }
  }

  /**
   * Memory that an earlier call may write without having been given it: all that others may share. Code of the body reads
   * it directly, a call reads what it is given. Calls pass others that are merely `sequential`, by declaration or for want
   * of one, unless these own what they were given.
   */
  #afterStateWriters(step: Step, reads: readonly number[]): void {
    for (const place of reads) {
      const { kind, label, step: origin } = this.#code.places[place] ?? { kind: 'world', label: 'unknown' };
      if (kind === 'fresh') continue;
      const source = origin === undefined ? undefined : this.#code.steps[origin];
      const owners = new Set(
        source === undefined ? [] : this.#effectsOf(source).flatMap(({ enters }) => [...enters]),
      );
      const isCode = step.operators.length === 0;
      for (const writer of this.#stateWriters) {
        const shares = writer.effects.some(
          (effect) =>
            (effect.state && (isCode || effect.known === 'inferred')) ||
            (effect.ordered && kind === 'world') ||
            [...effect.enters].some((owner) => owners.has(owner)),
        );
        if (!shares) continue;
        this.#order(writer.step, step, 'flow', label);
        this.#keepInPlace(writer.step, step);
      }
    }
  }

  #afterMemory(step: Step, reads: readonly number[], writes: readonly number[]): void {
    if (reads.some((place) => this.#isShared(place))) this.#afterOutsideWriters(step);
    for (const place of reads) this.#touch(this.#writersOf.get(place), step, 'flow', place);
    for (const place of writes) {
      this.#touch(this.#writersOf.get(place), step, 'output', place);
      this.#touch(this.#readersOf.get(place), step, 'anti', place);
    }
    for (const place of writes) {
      this.#writersOf.set(place, [...this.#still(this.#writersOf.get(place)), step.id]);
      this.#readersOf.set(place, this.#still(this.#readersOf.get(place)));
    }
    for (const place of reads) append(this.#readersOf, place, step.id);
  }

  /** Whatever others may share has been written, so every call may see it, and all code that reads such memory. */
  #afterOutsideWriters(step: Step): void {
    for (const before of this.#outsideWriters) {
      this.#order(before, step, 'flow', 'shared state');
      this.#keepInPlace(before, step);
    }
  }

  #touch(earlier: readonly number[] | undefined, step: Step, kind: DependenceKind, place: number): void {
    for (const before of earlier ?? []) {
      this.#order(before, step, kind, this.#label(place));
      this.#keepInPlace(before, step);
    }
  }

  #keepInPlace(before: number, step: Step): void {
    const pending = this.#lingering.has(before) && !(step.starts ?? []).includes(before);
    if (pending) keepRange(this.#inPlace, before, step.id);
  }

  #remember(step: Step, effects: readonly CallEffect[], writes: readonly number[]): void {
    const ends = step.kind === 'await' && step.starts !== undefined;
    if (step.order === 'barrier') this.#barrier = step.id;
    if (step.gate) this.#gate = step.id;
    if (this.#waitsForAll(step, effects, writes)) this.#waitedForAll = step.id;
    if (writes.some((place) => this.#isShared(place))) {
      for (const before of this.#lingering) keepRange(this.#inPlace, before, step.id);
      this.#outsideWriters = ends
        ? [...this.#outsideWriters, step.id]
        : [...this.#still(this.#outsideWriters), step.id];
    }
    if (step.lingers) this.#lingering.add(step.id);
    for (const start of step.starts ?? []) this.#lingering.delete(start);
    if (effects.some((effect) => effect.ordered))
      this.#orderedCalls = ends ? [...this.#orderedCalls, step.id] : [step.id];
    const written = effects.flatMap((effect) => [...effect.writes, ...(effect.state ? [ANY_STATE] : [])]);
    for (const key of written) {
      // Whoever writes has waited for all earlier steps, so for it alone later readers need to wait.
      if (ends) append(this.#resourceWriters, key, step.id);
      else this.#resourceWriters.set(key, [...this.#still(this.#resourceWriters.get(key)), step.id]);
    }
    if (effects.some(hasEffects)) this.#stateWriters.push({ step: step.id, effects });
  }

  /** Those of `steps` whose calls go on: later steps do not wait for them by waiting for who waited for them. */
  #still(steps: readonly number[] = []): number[] {
    return steps.filter((step) => this.#lingering.has(step));
  }

  #isShared(place: number): boolean {
    return this.#code.places[place]?.kind !== 'fresh';
  }

  #label(place: number): string {
    return this.#code.places[place]?.label ?? `place ${place}`;
  }

  #order(before: number, after: Step, kind: DependenceKind, what: string): void {
    const cause = `${before} ${kind} ${what}`;
    if (before === after.id || this.#causes.has(cause)) return;
    this.#causes.add(cause);
    this.dependences.push({ before, after: after.id, kind, what });
  }
}

/** Whether a call changes anything that others may see, beyond what it is given. */
function hasEffects(effect: CallEffect): boolean {
  return effect.ordered || effect.state || effect.writes.size > 0;
}

function isEffectful(effect: CallEffect): boolean {
  return hasEffects(effect) || effect.reads.size > 0;
}

function append<K>(lists: Map<K, number[]>, key: K, step: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [step]);
  else list.push(step);
}
