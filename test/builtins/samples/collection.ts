/** Samples for maps, sets and their weak forms: receiver, then arguments. */
import type { Items } from '../items.ts';
import type { Members, Sample, Samples } from '../perform.ts';

const map = (x: Items): Map<unknown, unknown> => new Map([[x.item('key'), x.item('value')]]);
const set = (x: Items): Set<unknown> => new Set([x.item('a'), x.item('b')]);

const mapReading: Members = {
  '[Symbol.iterator]': (x) => [map(x)],
  entries: (x) => [map(x)],
  forEach: (x) => [map(x), (value: unknown) => value, x.item('this')],
  get: (x) => {
    const key = x.item('key');
    return [new Map([[key, x.item('value')]]), key];
  },
  has: (x) => [map(x), x.item('other')],
  keys: (x) => [map(x)],
  values: (x) => [map(x)],
};

/** Two sets that share one member. */
const pair: Sample = (x) => {
  const shared = x.item('shared');
  return [new Set([x.item('a'), shared]), x.list(new Set([shared, x.item('b'), x.item('c')]))];
};

const setReading: Members = {
  '[Symbol.iterator]': (x) => [set(x)],
  difference: pair,
  entries: (x) => [set(x)],
  forEach: (x) => [set(x), (value: unknown) => value, x.item('this')],
  has: (x) => [set(x), x.item('other')],
  intersection: pair,
  isDisjointFrom: pair,
  isSubsetOf: pair,
  isSupersetOf: (x) => [set(x), x.list(new Set([x.item('other')]))],
  keys: (x) => [set(x)],
  symmetricDifference: pair,
  union: pair,
  values: (x) => [set(x)],
};

/** A collection that holds `key`, and `key`. */
function holding<Key extends object>(key: Key): readonly [WeakSet<Key>, Key] {
  return [new WeakSet([key]), key];
}

const weak: Samples = {
  WeakMap: {
    delete: (x) => {
      const key = x.item('key');
      return [new WeakMap([[key, x.item('value')]]), key];
    },
    get: (x) => {
      const key = x.item('key');
      return [new WeakMap([[key, x.item('value')]]), key];
    },
    has: (x) => [new WeakMap([[x.item('key'), 1]]), x.item('other')],
    set: (x) => [new WeakMap<object, object>(), x.item('key'), x.item('value')],
  },
  WeakMapConstructor: { new: (x) => [undefined, x.list([[x.item('key'), x.item('value')]])] },
  WeakSet: {
    add: (x) => [new WeakSet(), x.item('a')],
    delete: (x) => holding(x.item('a')),
    has: (x) => holding(x.item('a')),
  },
  WeakSetConstructor: { new: (x) => [undefined, x.list([x.item('a')])] },
};

export const collectionSamples: Samples = {
  Map: {
    ...mapReading,
    clear: (x) => [map(x)],
    delete: (x) => {
      const key = x.item('key');
      return [new Map([[key, 1]]), key];
    },
    set: (x) => [map(x), x.item('other'), x.item('value')],
  },
  ReadonlyMap: mapReading,
  MapConstructor: {
    groupBy: (x) => [undefined, x.list([x.item('a'), x.item('b')]), (value: unknown) => value],
    new: (x) => [undefined, x.list([[x.item('key'), x.item('value')]])],
  },
  MapIterator: { '[Symbol.iterator]': (x) => [map(x).values()] },
  Set: {
    ...setReading,
    add: (x) => [set(x), x.item('c')],
    clear: (x) => [set(x)],
    delete: (x) => {
      const member = x.item('a');
      return [new Set([member]), member];
    },
  },
  ReadonlySet: setReading,
  SetConstructor: { new: (x) => [undefined, x.list([x.item('a')])] },
  SetIterator: { '[Symbol.iterator]': (x) => [set(x).values()] },
  ...weak,
};
