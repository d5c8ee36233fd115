/**
 * Typed arrays and `ArrayBuffer`. Elements are numbers, so that copies hold nothing of the original. Left out is all
 * that gives two objects the same memory: `subarray`, the constructors (over a buffer), `buffer`, `DataView`; and
 * `SharedArrayBuffer`, `Atomics`, which other threads see.
 */
import { alike, question, type Builtin, type Rows, type Table } from './builtin.ts';

/** Without `Float16Array`, which Node 20 does not have. */
const typedArrayNames = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

const asking: Builtin = { ...question, args: 'reads', callbacks: [0] };
const copying: Builtin = { ...question, result: 'fresh' };
const changing: Builtin = { receiver: 'mutates', args: 'none', result: 'receiver' };
const constructing: Builtin = { receiver: 'none', args: 'reads', result: 'fresh' };

const methods: Rows = {
  ...alike(question, 'at', 'includes', 'indexOf', 'join', 'lastIndexOf', 'toString'),
  ...alike(asking, 'every', 'some', 'find', 'findIndex', 'findLast', 'findLastIndex', 'forEach'),
  ...alike({ ...asking, result: 'element', throws: true }, 'reduce', 'reduceRight'),
  ...alike({ ...asking, result: 'fresh' }, 'filter', 'map', 'toSorted'),
  ...alike(copying, 'slice', 'toReversed'),
  ...alike({ ...question, result: 'copy', lazy: true }, 'entries', 'keys', 'values', '[Symbol.iterator]'),
  ...alike(changing, 'copyWithin', 'fill', 'reverse'),
  ...alike({ ...question, args: 'reads', throws: true }, 'toLocaleString'),
  set: { receiver: 'mutates', args: 'reads', result: 'primitive', throws: true },
  sort: { ...changing, args: 'reads', callbacks: [0] },
  with: { ...copying, throws: true },
};

const constructor: Rows = {
  from: { ...constructing, callbacks: [1], iterates: true },
  of: constructing,
};

export const typedArrays: Table = {
  ...Object.fromEntries(typedArrayNames.map((name) => [name, methods])),
  ...Object.fromEntries(typedArrayNames.map((name) => [`${name}Constructor`, constructor])),
  ArrayBuffer: { slice: copying },
  ArrayBufferConstructor: {
    isView: { receiver: 'none', args: 'none', result: 'primitive' },
    new: { ...constructing, throws: true },
  },
};
