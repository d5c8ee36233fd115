/**
 * Which earlier calls a recorded call must follow although it takes nothing from them: those whose effects are known to
 * conflict with its own. Calls of operators that say nothing are ordered by what they are given only.
 */
import { ANY_STATE, effectOf, type CallEffect } from '../effect.ts';
import { Witnesses } from '../witnesses.ts';

export interface Before {
  readonly id: string;
  readonly what: string;
}

interface Touched {
  writer: string | undefined;
  readers: string[];
}

/** The effect of an operator that is there; one that says nothing is unordered. */
export function knownEffectOf(operator: object): CallEffect {
  return effectOf(operator, 'unordered', new Witnesses());
}

/** Whether calls with this effect may overlap each other. */
export function mayOverlap({ ordered, writes, mutates, state }: CallEffect): boolean {
  return !ordered && !mutates && !state && writes.size === 0;
}

/** The frontier: of all earlier calls, those that no later one has made it needless to wait for. */
export class EffectOrder {
  readonly #touched = new Map<unknown, Touched>();
  /** The last call that may change what others hold, and all calls since. */
  #fence: string | undefined;
  #sinceFence: string[] = [];
  /** The last call that is ordered against everything effectful, and those since that are effectful. */
  #sequential: string | undefined;
  #effectful: string[] = [];
  #writers: string[] = [];
  #readersOfAnything: string[] = [];

  /** Those that the call must follow; from now on it is one of the earlier ones. */
  add(id: string, effect: CallEffect): readonly Before[] {
    if (effect.mutates) return this.#addFence(id);
    const befores = list('an operator that changes its input', this.#fence);
    this.#sinceFence.push(id);
    const alone = effect.ordered || effect.state || effect.writes.has('*');
    if (alone) befores.push(...this.#addSequential(id));
    else befores.push(...this.#addEffectful(id, effect));
    for (const key of effect.writes) befores.push(...this.#write(id, key));
    // Every call reads its own operator, whatever it declares.
    for (const key of new Set([...effect.reads, ...effect.enters]))
      if (!effect.writes.has(key)) befores.push(...this.#read(id, key));
    return befores;
  }

  #addFence(id: string): readonly Before[] {
    const befores = list('an operator that changes its input', this.#fence, ...this.#sinceFence);
    this.#fence = id;
    this.#sinceFence = [];
    this.#touched.clear();
    this.#addSequential(id);
    return befores;
  }

  #addSequential(id: string): readonly Before[] {
    const befores = list('sequential', this.#sequential, ...this.#effectful);
    this.#sequential = id;
    this.#effectful = [];
    this.#writers = [];
    this.#readersOfAnything = [];
    return befores;
  }

  #addEffectful(id: string, { reads, writes }: CallEffect): readonly Before[] {
    if (reads.size === 0 && writes.size === 0) return [];
    const befores = list('sequential', this.#sequential);
    this.#effectful.push(id);
    const readsAnything = reads.has('*') || reads.has(ANY_STATE);
    if (readsAnything) befores.push(...list('any resource', ...this.#writers));
    if (writes.size > 0) befores.push(...list('any resource', ...this.#readersOfAnything));
    if (readsAnything) this.#readersOfAnything.push(id);
    if (writes.size > 0) this.#writers.push(id);
    return befores;
  }

  #write(id: string, key: unknown): readonly Before[] {
    const { writer, readers } = this.#touched.get(key) ?? { writer: undefined, readers: [] };
    this.#touched.set(key, { writer: id, readers: [] });
    return list(nameOfKey(key), writer, ...readers);
  }

  #read(id: string, key: unknown): readonly Before[] {
    const touched = this.#touched.get(key) ?? { writer: undefined, readers: [] };
    touched.readers.push(id);
    this.#touched.set(key, touched);
    return list(nameOfKey(key), touched.writer);
  }
}

function list(what: string, ...ids: readonly (string | undefined)[]): Before[] {
  return ids.flatMap((id) => (id === undefined ? [] : [{ id, what }]));
}

function nameOfKey(key: unknown): string {
  return typeof key === 'string' ? key : 'state';
}
