/** What the sweep for dependences has seen so far, and how that forks where control flow does. */
import type { CallEffect } from './effect.ts';

/** What has been seen so far, kept by what later steps will ask for, so that the sweep is linear. */
export interface Seen {
  /** Whoever fills a slot. */
  readonly producers: Map<number, readonly number[]>;
  /** The last step that waited for everything before it; whoever waits for everything need not look further back. */
  waitedForAll: number;
  barrier: number | undefined;
  gate: number | undefined;
  /** The last step of the body itself that wrote memory which the outside may share. */
  outsideWriters: readonly number[];
  orderedCalls: readonly number[];
  readonly resourceWriters: Map<unknown, readonly number[]>;
  stateWriters: readonly { readonly step: number; readonly effects: readonly CallEffect[] }[];
  readonly writersOf: Map<Key, readonly number[]>;
  readonly readersOf: Map<Key, readonly number[]>;
}

/** A place, and the iterations that it belongs to. */
export type Key = number | string;

export const nothingSeen = (): Seen => ({
  producers: new Map(),
  waitedForAll: 0,
  barrier: undefined,
  gate: undefined,
  outsideWriters: [],
  orderedCalls: [],
  resourceWriters: new Map(),
  stateWriters: [],
  writersOf: new Map(),
  readersOf: new Map(),
});

export function append<K>(lists: Map<K, readonly number[]>, key: K, step: number): void {
  lists.set(key, [...(lists.get(key) ?? []), step]);
}

export function fork(seen: Seen): Seen {
  return {
    ...seen,
    producers: new Map(seen.producers),
    resourceWriters: new Map(seen.resourceWriters),
    writersOf: new Map(seen.writersOf),
    readersOf: new Map(seen.readersOf),
  };
}

/** What holds whichever of the two led here: all that either has seen. */
export function merge(one: Seen, other: Seen): Seen {
  return {
    producers: new Map([...other.producers, ...one.producers]),
    waitedForAll: Math.min(one.waitedForAll, other.waitedForAll),
    barrier: one.barrier ?? other.barrier,
    gate: one.gate ?? other.gate,
    outsideWriters: union(one.outsideWriters, other.outsideWriters),
    orderedCalls: union(one.orderedCalls, other.orderedCalls),
    resourceWriters: mergeLists(one.resourceWriters, other.resourceWriters),
    stateWriters: union(one.stateWriters, other.stateWriters),
    writersOf: mergeLists(one.writersOf, other.writersOf),
    readersOf: mergeLists(one.readersOf, other.readersOf),
  };
}

function mergeLists<K>(
  one: ReadonlyMap<K, readonly number[]>,
  other: ReadonlyMap<K, readonly number[]>,
): Map<K, readonly number[]> {
  const merged = new Map(one);
  for (const [key, list] of other) merged.set(key, union(merged.get(key) ?? [], list));
  return merged;
}

function union<T>(one: readonly T[], other: readonly T[]): readonly T[] {
  return [...new Set([...one, ...other])];
}
