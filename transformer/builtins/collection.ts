/**
 * Maps, sets and their weak forms. The rows hold for the classes proper, as a subclass may override methods.
 * Left out: `WeakRef` and `FinalizationRegistry`, which show what the garbage collector has done.
 */
import { alike, question, type Builtin, type Rows, type Table } from './builtin.ts';

const visiting: Builtin = { ...question, args: 'reads', callbacks: [0] };
const iterating: Builtin = { ...question, result: 'copy', lazy: true };
const iterators: Rows = alike(iterating, 'entries', 'keys', 'values', '[Symbol.iterator]');
const removing: Builtin = { receiver: 'mutates', args: 'none', result: 'primitive' };
const storing: Builtin = { receiver: 'mutates', args: 'stores', result: 'receiver' };
const constructing: Builtin = { receiver: 'none', args: 'reads', result: 'copy', iterates: true };

const combining: Builtin = { receiver: 'reads', args: 'reads', result: 'copy', iterates: true };
const comparing: Builtin = { receiver: 'reads', args: 'reads', result: 'primitive', iterates: true };

const mapReading: Rows = {
  ...iterators,
  forEach: visiting,
  get: { ...question, result: 'element' },
  has: question,
};

const setReading: Rows = {
  ...iterators,
  ...alike(combining, 'difference', 'intersection', 'symmetricDifference', 'union'),
  ...alike(comparing, 'isDisjointFrom', 'isSubsetOf', 'isSupersetOf'),
  forEach: visiting,
  has: question,
};

const self: Rows = { '[Symbol.iterator]': { ...question, result: 'receiver' } };

export const collections: Table = {
  Map: { ...mapReading, ...alike(removing, 'clear', 'delete'), set: storing },
  ReadonlyMap: mapReading,
  MapConstructor: { groupBy: { ...constructing, callbacks: [1] }, new: constructing },
  MapIterator: self,
  Set: { ...setReading, ...alike(removing, 'clear', 'delete'), add: storing },
  ReadonlySet: setReading,
  SetConstructor: { new: constructing },
  SetIterator: self,
  // A registered symbol has the type of a key and is refused.
  WeakMap: {
    ...alike(question, 'has'),
    delete: removing,
    get: { ...question, result: 'element' },
    set: { ...storing, throws: true },
  },
  WeakMapConstructor: { new: { ...constructing, throws: true } },
  WeakSet: { ...alike(question, 'has'), delete: removing, add: { ...storing, throws: true } },
  WeakSetConstructor: { new: { ...constructing, throws: true } },
};
