/** Samples for arrays and typed arrays: receiver, then arguments. */
import { sampled, type Members, type Samples } from '../perform.ts';

const identity = (value: unknown): unknown => value;
const yes = (): boolean => true;

const reading: Members = {
  '[Symbol.iterator]': (x) => [[x.item('a'), x.item('b')]],
  at: (x) => [[x.item('a'), x.item('b')], -1],
  concat: (x) => [[x.item('a')], [x.item('b')], x.item('c')],
  entries: (x) => [[x.item('a')]],
  every: (x) => [[x.item('a'), x.item('b')], yes, x.item('this')],
  filter: (x) => [[x.item('a'), x.item('b')], yes, x.item('this')],
  find: (x) => [[x.item('a'), x.item('b')], yes, x.item('this')],
  findIndex: (x) => [[x.item('a'), x.item('b')], yes, x.item('this')],
  findLast: (x) => [[x.item('a'), x.item('b')], yes, x.item('this')],
  findLastIndex: (x) => [[x.item('a'), x.item('b')], yes, x.item('this')],
  flat: (x) => [[x.item('a'), [x.item('b'), [x.item('c')]]], 2],
  flatMap: (x) => [[x.item('a'), x.item('b')], (value: unknown) => [value, x.item('mapped')], x.item('this')],
  forEach: (x) => [[x.item('a'), x.item('b')], identity, x.item('this')],
  includes: (x) => [[x.item('a')], x.item('b'), 0],
  indexOf: (x) => [[x.item('a')], x.item('b'), 0],
  join: (x) => [[x.item('a'), x.item('b')], '-'],
  keys: (x) => [[x.item('a')]],
  lastIndexOf: (x) => [[x.item('a')], x.item('b')],
  map: (x) => [[x.item('a'), x.item('b')], identity, x.item('this')],
  reduce: (x) => [[x.item('a'), x.item('b')], (all: unknown) => all, x.item('initial')],
  reduceRight: (x) => [
    [x.item('a'), x.item('b')],
    (_all: unknown, value: unknown) => value,
    x.item('initial'),
  ],
  slice: (x) => [[x.item('a'), x.item('b')], 1],
  some: (x) => [[x.item('a'), x.item('b')], yes, x.item('this')],
  toLocaleString: sampled((x) => [[x.item('a'), x.item('b')]]),
  toReversed: (x) => [[x.item('a'), x.item('b')]],
  toSorted: [(x) => [[x.item('b'), x.item('a')]], (x) => [[x.item('b'), x.item('a')], () => -1]],
  toSpliced: (x) => [[x.item('a'), x.item('b')], 0, 1, x.item('c')],
  toString: sampled((x) => [[x.item('a'), x.item('b')]]),
  values: (x) => [[x.item('a')]],
  with: (x) => [[x.item('a')], 0, x.item('b')],
};

const changing: Members = {
  copyWithin: (x) => [[x.item('a'), x.item('b')], 0, 1],
  fill: (x) => [[x.item('a'), x.item('b')], x.item('c'), 1],
  pop: (x) => [[x.item('a'), x.item('b')]],
  push: (x) => [[x.item('a')], x.item('b'), x.item('c')],
  reverse: (x) => [[x.item('a'), x.item('b')]],
  shift: (x) => [[x.item('a'), x.item('b')]],
  // As strings, '[object Object]' comes before 'a'.
  sort: [(x) => [['a', x.item('b')]], (x) => [[x.item('b'), x.item('a')], () => -1]],
  splice: (x) => [[x.item('a'), x.item('b')], 0, 1, x.item('c')],
  unshift: (x) => [[x.item('a')], x.item('b'), x.item('c')],
};

type TypedArray = Iterable<number | bigint> & { [index: number]: number | bigint };

/** `of` makes a typed array; `n` makes an element of it. */
function typedArray(of: (...values: number[]) => TypedArray, n: (value: number) => number | bigint): Members {
  return {
    '[Symbol.iterator]': () => [of(1, 2)],
    at: () => [of(1, 2), 0],
    copyWithin: () => [of(1, 2), 0, 1],
    entries: () => [of(1, 2)],
    every: (x) => [of(1, 2), yes, x.item('this')],
    fill: () => [of(1, 2), n(3)],
    filter: (x) => [of(1, 2), yes, x.item('this')],
    find: (x) => [of(1, 2), yes, x.item('this')],
    findIndex: (x) => [of(1, 2), yes, x.item('this')],
    findLast: (x) => [of(1, 2), yes, x.item('this')],
    findLastIndex: (x) => [of(1, 2), yes, x.item('this')],
    forEach: (x) => [of(1, 2), identity, x.item('this')],
    includes: () => [of(1, 2), n(2)],
    indexOf: () => [of(1, 2), n(2)],
    join: () => [of(1, 2), '-'],
    keys: () => [of(1, 2)],
    lastIndexOf: () => [of(1, 2), n(2)],
    map: (x) => [of(1, 2), identity, x.item('this')],
    reduce: (x) => [of(1, 2), identity, x.item('initial')],
    reduceRight: (x) => [of(1, 2), identity, x.item('initial')],
    reverse: () => [of(1, 2)],
    set: () => [of(1, 2), [n(3)], 1],
    slice: () => [of(1, 2), 1],
    some: (x) => [of(1, 2), yes, x.item('this')],
    sort: () => [of(2, 1), (a: number, b: number) => (a < b ? -1 : 1)],
    toLocaleString: sampled(() => [of(1, 2)]),
    toReversed: () => [of(1, 2)],
    toSorted: () => [of(2, 1), (a: number, b: number) => (a < b ? -1 : 1)],
    toString: sampled(() => [of(1, 2)]),
    values: () => [of(1, 2)],
    with: () => [of(1, 2), 0, n(3)],
  };
}

const numeric = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};
const wide = { BigInt64Array, BigUint64Array };

function typedArrayConstructor(n: (value: number) => number | bigint): Members {
  return {
    from: (x) => [undefined, x.list([n(1), n(2)]), identity, x.item('this')],
    of: () => [undefined, n(1), n(2)],
  };
}

const typedArrays: Samples = Object.fromEntries([
  ...Object.entries(numeric).flatMap(([name, constructor]) => [
    [name, typedArray((...values) => constructor.of(...values), Number)],
    [`${name}Constructor`, typedArrayConstructor(Number)],
  ]),
  ...Object.entries(wide).flatMap(([name, constructor]) => [
    [name, typedArray((...values) => constructor.of(...values.map(BigInt)), BigInt)],
    [`${name}Constructor`, typedArrayConstructor(BigInt)],
  ]),
]);

export const arraySamples: Samples = {
  Array: { ...reading, ...changing },
  ReadonlyArray: reading,
  ArrayConstructor: {
    call: (x) => [undefined, x.item('a'), x.item('b')],
    from: (x) => [undefined, x.list([x.item('a')]), identity, x.item('this')],
    isArray: (x) => [undefined, x.item('a')],
    new: (x) => [undefined, x.item('a'), x.item('b')],
    of: (x) => [undefined, x.item('a'), x.item('b')],
  },
  ArrayIterator: { '[Symbol.iterator]': (x) => [[x.item('a')].values()] },
  ...typedArrays,
  ArrayBuffer: { slice: () => [Uint8Array.of(1, 2).buffer, 1] },
  ArrayBufferConstructor: {
    isView: () => [undefined, Uint8Array.of(1)],
    new: () => [undefined, 8],
  },
};
