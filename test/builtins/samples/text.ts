/** Samples for strings, regular expressions, URLs and encodings: receiver, then arguments. */
import { sampled, type Samples } from '../perform.ts';

/** A pattern that has been used before. */
function used(pattern: RegExp): RegExp {
  return Object.assign(pattern, { lastIndex: 1 });
}

const url = (): URL => new URL('https://a.example/b?c=1');
const params = (): URLSearchParams => new URLSearchParams('b=1&a=2');

export const textSamples: Samples = {
  String: {
    '[Symbol.iterator]': () => ['ab'],
    at: () => ['ab', -1],
    charAt: () => ['ab', 1],
    charCodeAt: () => ['ab', 1],
    codePointAt: () => ['ab', 1],
    concat: () => ['ab', 'c', 'd'],
    endsWith: () => ['ab', 'b', 2],
    includes: () => ['ab', 'b', 0],
    indexOf: () => ['ab', 'b', 0],
    isWellFormed: () => ['ab'],
    lastIndexOf: () => ['ab', 'b', 1],
    localeCompare: () => ['ab', 'ac', 'en', { sensitivity: 'base' }],
    match: () => ['aaa', used(/a/g)],
    matchAll: () => ['aaa', used(/a/g)],
    normalize: () => ['ab', 'NFD'],
    padEnd: () => ['ab', 4, '-'],
    padStart: () => ['ab', 4, '-'],
    repeat: () => ['ab', 2],
    replace: () => ['aaa', used(/a/g), (found: string) => found.toUpperCase()],
    replaceAll: () => ['aaa', used(/a/g), (found: string) => found.toUpperCase()],
    search: () => ['aaa', used(/a/g)],
    slice: () => ['ab', 1],
    split: () => ['a-b', used(/-/g), 2],
    startsWith: () => ['ab', 'a', 0],
    substr: () => ['ab', 1, 1],
    substring: () => ['ab', 1, 2],
    toLocaleLowerCase: () => ['AB', ['en']],
    toLocaleUpperCase: () => ['ab', ['en']],
    toLowerCase: () => ['AB'],
    toString: sampled(() => ['ab']),
    toUpperCase: () => ['ab'],
    toWellFormed: () => ['ab'],
    trim: () => [' ab '],
    trimEnd: () => [' ab '],
    trimStart: () => [' ab '],
    valueOf: sampled(() => ['ab']),
  },
  StringConstructor: {
    call: (x) => [undefined, x.item('a')],
    fromCharCode: () => [undefined, 97, 98],
    fromCodePoint: () => [undefined, 97, 98],
    raw: (x) => [undefined, { raw: ['a', 'b'] }, x.item('a')],
  },
  StringIterator: { '[Symbol.iterator]': () => ['ab'[Symbol.iterator]()] },
  RegExpStringIterator: { '[Symbol.iterator]': () => ['aa'.matchAll(/a/g)] },
  RegExp: {
    exec: () => [used(/a/g), 'aaa'],
    test: () => [used(/a/y), 'aaa'],
  },
  RegExpConstructor: {
    call: () => [undefined, used(/a/g)],
    new: () => [undefined, used(/a/g), 'i'],
  },
  URL: {
    canParse: (x) => [undefined, '/d', x.convertible(url(), 'https://a.example/')],
    new: (x) => [undefined, '/d', x.convertible(url(), 'https://a.example/')],
    toJSON: () => [url()],
    toString: sampled(() => [url()]),
  },
  URLSearchParams: {
    '[Symbol.iterator]': () => [params()],
    append: () => [params(), 'c', '3'],
    delete: () => [params(), 'a'],
    entries: () => [params()],
    forEach: (x) => [params(), (value: string) => value, x.item('this')],
    get: () => [params(), 'a'],
    getAll: () => [params(), 'a'],
    has: () => [params(), 'a'],
    keys: () => [params()],
    new: [(x) => [undefined, x.list([['a', '1']])], (x) => [undefined, x.record('a')]],
    set: () => [params(), 'a', '3'],
    sort: () => [params()],
    toString: sampled(() => [params()]),
    values: () => [params()],
  },
  TextEncoder: {
    encode: () => [new TextEncoder(), 'ab'],
    new: () => [undefined],
  },
  TextDecoder: {
    // The first byte of two.
    decode: () => [new TextDecoder(), Uint8Array.of(0xc3), { stream: true }],
    new: () => [undefined, 'utf-8', { fatal: true }],
  },
};
