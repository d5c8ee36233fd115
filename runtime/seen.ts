/** What the sweep for dependences has seen so far, and how that forks where control flow does. */
import type { CallEffect } from './effect.ts';

/** A map over another one, which it leaves as it is: so a fork costs no more than what is written after it. */
export class Layer<K, V extends object> {
  readonly #below: Layer<K, V> | undefined;
  readonly #own = new Map<K, V>();

  constructor(below?: Layer<K, V>) {
    this.#below = below;
  }

  get(key: K): V | undefined {
    return this.#own.get(key) ?? this.#below?.get(key);
  }

  set(key: K, value: V): void {
    this.#own.set(key, value);
  }

  *keys(): Iterable<K> {
    if (this.#below !== undefined) yield* this.#below.keys();
    for (const key of this.#own.keys()) if (this.#below?.get(key) === undefined) yield key;
  }

  /** A third layer over `base` that has what is in `one` and in `other`; all keys of `other` over `base` are in `one`, too. */
  static join<K, V extends object>(
    base: Layer<K, V>,
    one: Layer<K, V>,
    other: Layer<K, V>,
    both: (one: V, other: V) => V,
  ): Layer<K, V> {
    const joined = new Layer(base);
    for (const [key, value] of one.#own) {
      const second = other.get(key);
      joined.set(key, second === undefined ? value : both(value, second));
    }
    return joined;
  }

  /** Writes what is in this one into the one below. */
  sink(change: (value: V) => V = (value) => value): Layer<K, V> {
    if (this.#below === undefined) return this;
    for (const [key, value] of this.#own) this.#below.set(key, change(value));
    return this.#below;
  }
}

/** What has been seen so far, kept by what later steps will ask for, so that the sweep is linear. */
export interface Seen {
  /** Whoever fills a slot. */
  readonly producers: Layer<number, readonly number[]>;
  /** The last step that waited for everything before it; whoever waits for everything need not look further back. */
  waitedForAll: number;
  barrier: number | undefined;
  gate: number | undefined;
  /** The last step of the body itself that wrote memory which the outside may share. */
  outsideWriters: readonly number[];
  orderedCalls: readonly number[];
  readonly resourceWriters: Layer<unknown, readonly number[]>;
  stateWriters: readonly { readonly step: number; readonly effects: readonly CallEffect[] }[];
  readonly writersOf: Layer<Key, readonly number[]>;
  readonly readersOf: Layer<Key, readonly number[]>;
}

/** A place, and the iterations that it belongs to. */
export type Key = number | string;

export const nothingSeen = (): Seen => ({
  producers: new Layer(),
  waitedForAll: -1,
  barrier: undefined,
  gate: undefined,
  outsideWriters: [],
  orderedCalls: [],
  resourceWriters: new Layer(),
  stateWriters: [],
  writersOf: new Layer(),
  readersOf: new Layer(),
});

export function append<K>(lists: Layer<K, readonly number[]>, key: K, step: number): void {
  lists.set(key, [...(lists.get(key) ?? []), step]);
}

/** To be written to while `seen` stays as it is. */
export function fork(seen: Seen): Seen {
  return {
    ...seen,
    producers: new Layer(seen.producers),
    resourceWriters: new Layer(seen.resourceWriters),
    writersOf: new Layer(seen.writersOf),
    readersOf: new Layer(seen.readersOf),
  };
}

/** What holds whichever of two led here: `one`, which forked from `base` or from `other` over it, or `other`. */
export function merge(base: Seen, one: Seen, other: Seen): Seen {
  return {
    producers: Layer.join(base.producers, one.producers, other.producers, (first) => first),
    waitedForAll: Math.min(one.waitedForAll, other.waitedForAll),
    barrier: one.barrier ?? other.barrier,
    gate: one.gate ?? other.gate,
    outsideWriters: union(one.outsideWriters, other.outsideWriters),
    orderedCalls: union(one.orderedCalls, other.orderedCalls),
    resourceWriters: Layer.join(base.resourceWriters, one.resourceWriters, other.resourceWriters, union),
    stateWriters: union(one.stateWriters, other.stateWriters),
    writersOf: Layer.join(base.writersOf, one.writersOf, other.writersOf, union),
    readersOf: Layer.join(base.readersOf, one.readersOf, other.readersOf, union),
  };
}

type Choose = (steps: readonly number[]) => readonly number[];

/** The end of a fork: what it has seen takes the place of what there was before it. The others choose of whoever touched a place. */
export function joinForks(seen: Seen, enoughWriters: Choose, enoughReaders: Choose): Seen {
  return {
    ...seen,
    producers: seen.producers.sink(),
    resourceWriters: seen.resourceWriters.sink(),
    writersOf: seen.writersOf.sink(enoughWriters),
    readersOf: seen.readersOf.sink(enoughReaders),
  };
}

function union<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  return one === other ? one : [...new Set([...one, ...other])];
}
