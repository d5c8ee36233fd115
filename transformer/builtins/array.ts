/**
 * Arrays. The rows hold for arrays proper: a subclass may override methods, and `map`, `filter`, `slice`, `splice`,
 * `concat`, `flat` and `flatMap` construct a subclass. Not here: `Array.fromAsync`, `Symbol.unscopables`.
 */
import { alike, question, type Builtin, type Rows, type Table } from './builtin.ts';

const asking: Builtin = { ...question, args: 'reads', callbacks: [0] };
const finding: Builtin = { ...asking, result: 'element' };
const collecting: Builtin = { ...asking, result: 'copy' };
const copying: Builtin = { ...question, result: 'copy' };
const iterating: Builtin = { ...question, result: 'copy', lazy: true };

const reading: Rows = {
  ...alike(question, 'includes', 'indexOf', 'lastIndexOf'),
  ...alike(asking, 'every', 'some', 'findIndex', 'findLastIndex', 'forEach'),
  ...alike(finding, 'find', 'findLast'),
  // Nothing to begin with: an empty array and no initial value.
  ...alike({ ...finding, throws: true }, 'reduce', 'reduceRight'),
  ...alike(collecting, 'filter', 'map', 'flatMap'),
  ...alike(copying, 'slice', 'flat', 'toReversed'),
  ...alike({ ...question, coerces: true }, 'join', 'toString'),
  ...alike({ ...question, args: 'reads', coerces: true, throws: true }, 'toLocaleString'),
  ...alike(iterating, 'entries', 'keys', 'values', '[Symbol.iterator]'),
  at: { ...question, result: 'element' },
  concat: { ...copying, args: 'reads' },
  // Without a comparator the elements are compared as strings.
  toSorted: { ...collecting, coerces: true },
  toSpliced: { ...copying, args: 'reads' },
  with: { ...copying, args: 'reads', throws: true },
};

const changing: Rows = {
  ...alike({ receiver: 'mutates', args: 'stores', result: 'primitive' }, 'push', 'unshift'),
  ...alike({ receiver: 'mutates', args: 'none', result: 'element' }, 'pop', 'shift'),
  ...alike({ receiver: 'mutates', args: 'none', result: 'receiver' }, 'copyWithin', 'reverse'),
  fill: { receiver: 'mutates', args: 'stores', result: 'receiver' },
  sort: { receiver: 'mutates', args: 'reads', callbacks: [0], result: 'receiver', coerces: true },
  splice: { receiver: 'mutates', args: 'stores', result: 'copy' },
};

const constructing: Builtin = { receiver: 'none', args: 'reads', result: 'copy' };

export const arrays: Table = {
  Array: { ...reading, ...changing },
  ReadonlyArray: reading,
  ArrayConstructor: {
    // A single number is a length, and may be none.
    ...alike({ ...constructing, throws: true }, 'new', 'call'),
    from: { ...constructing, callbacks: [1], iterates: true },
    isArray: { receiver: 'none', args: 'none', result: 'primitive' },
    of: constructing,
  },
  ArrayIterator: { '[Symbol.iterator]': { ...question, result: 'receiver' } },
};
