/**
 * Strings, regular expressions, URLs, encodings. Where a pattern may be a `RegExp`, its `lastIndex` may change; a pattern
 * of any other class has its own `Symbol.replace` (…) and is unknown. Left out: `url.searchParams`, which changes
 * with the URL and the URL with it; `TextEncoder.encodeInto`; `RegExp.$1` and `compile`.
 */
import { alike, computation, question, type Builtin, type Rows, type Table } from './builtin.ts';

const throwing: Builtin = { ...question, throws: true };
const localized: Builtin = { ...throwing, args: 'reads' };
const self: Rows = { '[Symbol.iterator]': { ...question, result: 'receiver' } };
const iterators: Rows = alike(
  { ...question, result: 'copy', lazy: true },
  'entries',
  'keys',
  'values',
  '[Symbol.iterator]',
);
const parsing: Builtin = { receiver: 'none', args: 'reads', result: 'primitive', coerces: true };
const changing: Builtin = { receiver: 'mutates', args: 'none', result: 'primitive' };

const strings: Table = {
  String: {
    ...alike(
      question,
      'at',
      'charAt',
      'charCodeAt',
      'codePointAt',
      'concat',
      'endsWith',
      'includes',
      'indexOf',
    ),
    ...alike(question, 'isWellFormed', 'lastIndexOf', 'slice', 'startsWith', 'substr', 'substring'),
    ...alike(
      question,
      'toLowerCase',
      'toString',
      'toUpperCase',
      'toWellFormed',
      'trim',
      'trimEnd',
      'trimStart',
    ),
    ...alike(question, 'valueOf'),
    ...alike(throwing, 'normalize', 'padEnd', 'padStart', 'repeat'),
    ...alike(localized, 'localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase'),
    '[Symbol.iterator]': { ...question, result: 'fresh' },
    match: { receiver: 'reads', args: 'mutates-first', result: 'fresh', throws: true },
    matchAll: { receiver: 'reads', args: 'reads', result: 'fresh', throws: true },
    replace: { receiver: 'reads', args: 'mutates-first', callbacks: [1], result: 'primitive', throws: true },
    replaceAll: {
      receiver: 'reads',
      args: 'mutates-first',
      callbacks: [1],
      result: 'primitive',
      throws: true,
    },
    // It sets `lastIndex` back.
    search: { receiver: 'reads', args: 'reads', result: 'primitive', throws: true },
    split: { receiver: 'reads', args: 'reads', result: 'fresh' },
  },
  StringConstructor: {
    call: { ...computation, args: 'reads', coerces: true },
    fromCharCode: computation,
    fromCodePoint: { ...computation, throws: true },
    raw: { ...computation, args: 'reads', coerces: true },
  },
  StringIterator: self,
  RegExpStringIterator: self,
  RegExp: {
    // A frozen one cannot move its `lastIndex`.
    exec: { receiver: 'mutates', args: 'none', result: 'fresh', throws: true },
    test: { receiver: 'mutates', args: 'none', result: 'primitive', throws: true },
  },
  RegExpConstructor: {
    call: { receiver: 'none', args: 'reads', result: 'element', throws: true },
    new: { receiver: 'none', args: 'reads', result: 'fresh', throws: true },
  },
};

export const texts: Table = {
  ...strings,
  // A given URL is converted to a string.
  URL: {
    ...alike(question, 'toJSON', 'toString'),
    canParse: parsing,
    new: { ...parsing, result: 'fresh', throws: true },
  },
  URLSearchParams: {
    ...alike(question, 'get', 'has', 'toString'),
    ...alike(changing, 'append', 'delete', 'set', 'sort'),
    ...iterators,
    forEach: { ...question, args: 'reads', callbacks: [0] },
    getAll: { ...question, result: 'fresh' },
    new: { receiver: 'none', args: 'reads', result: 'fresh', iterates: true, enumerates: true, throws: true },
  },
  TextEncoder: {
    encode: { ...question, result: 'fresh' },
    new: { receiver: 'none', args: 'none', result: 'fresh' },
  },
  // With `{ stream: true }` a decoder keeps the rest of a character for the next call.
  TextDecoder: {
    decode: { receiver: 'mutates', args: 'reads', result: 'primitive', throws: true },
    new: { receiver: 'none', args: 'reads', result: 'fresh', throws: true },
  },
};
