/**
 * `Object`, `JSON`, errors. Left out: `Object.setPrototypeOf`, `defineProperty`, `defineProperties`, `Reflect` and
 * `Proxy`, after which a type no longer says what a property read or a call does; `Object.create` with properties, for
 * the same reason (see `maxArguments` in builtins.ts); `Error.captureStackTrace`; `Function`.
 */
import { alike, question, type Builtin, type Rows, type Table } from './builtin.ts';

const asking: Builtin = { receiver: 'none', args: 'reads', result: 'primitive' };
const listing: Builtin = { receiver: 'none', args: 'reads', result: 'fresh' };
const copying: Builtin = { receiver: 'none', args: 'reads', result: 'copy' };
/** Not a change of contents, but later writes fail. */
const closing: Builtin = { receiver: 'none', args: 'mutates-first', result: 'element' };

const failing: Rows = alike(copying, 'new', 'call');

export const objects: Table = {
  Object: {
    ...alike(question, 'hasOwnProperty', 'propertyIsEnumerable'),
    ...alike({ ...question, args: 'reads' }, 'isPrototypeOf'),
    // A class may override these three, and the declared type not tell.
    ...alike({ ...question, coerces: true }, 'toLocaleString', 'toString'),
    ...alike({ ...question, result: 'receiver', coerces: true }, 'valueOf'),
  },
  ObjectConstructor: {
    ...alike(asking, 'hasOwn', 'isExtensible', 'isFrozen', 'isSealed'),
    ...alike(listing, 'getOwnPropertyNames', 'getOwnPropertySymbols', 'keys'),
    ...alike(copying, 'getOwnPropertyDescriptor', 'getOwnPropertyDescriptors', 'create'),
    ...alike({ ...copying, enumerates: true }, 'entries', 'values'),
    ...alike(closing, 'preventExtensions', 'seal'),
    // What `freeze` answers is accepted as a target.
    assign: { receiver: 'none', args: 'mutates-first', result: 'element', enumerates: true, throws: true },
    // A typed array with elements cannot be frozen.
    freeze: { ...closing, throws: true },
    fromEntries: { ...copying, iterates: true, coerces: true },
    getPrototypeOf: { ...asking, result: 'element' },
    groupBy: { ...copying, callbacks: [1], iterates: true },
    is: { ...asking, args: 'none' },
  },
  JSON: {
    // A text has no elements: what the result holds is what a reviver has put there.
    parse: { ...copying, callbacks: [1], throws: true },
    stringify: { ...asking, callbacks: [1], coerces: true, throws: true, enumerates: true },
  },
  ErrorConstructor: failing,
  EvalErrorConstructor: failing,
  RangeErrorConstructor: failing,
  ReferenceErrorConstructor: failing,
  SyntaxErrorConstructor: failing,
  TypeErrorConstructor: failing,
  URIErrorConstructor: failing,
  AggregateErrorConstructor: alike({ ...copying, iterates: true }, 'new', 'call'),
};
