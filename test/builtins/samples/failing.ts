/** For every row that may throw, arguments of the right types for which it does. */
import { sampled, type Members, type Samples } from '../perform.ts';
import { typedArrayNames } from '../typed-arrays.ts';

const badLocale = 'no locale';
const cyclic = (): object => {
  const self: Record<string, unknown> = {};
  return Object.assign(self, { self });
};
const reducing = {
  reduce: (): [unknown, unknown] => [[], (all: unknown) => all],
  reduceRight: (): [unknown, unknown] => [[], (all: unknown) => all],
};

function typedArray(name: string): Members {
  const make = (length: number): unknown => Reflect.construct(Reflect.get(globalThis, name), [length]);
  const element = name.startsWith('Big') ? 1n : 1;
  return {
    reduce: () => [make(0), (all: unknown) => all],
    reduceRight: () => [make(0), (all: unknown) => all],
    set: () => [make(1), [element, element]],
    toLocaleString: sampled(() => [make(1), badLocale]),
    with: () => [make(1), 1, element],
  };
}

const arrays: Members = {
  ...reducing,
  toLocaleString: sampled(() => [[1], badLocale]),
  with: () => [[1], 1, 2],
};
const localeOnly: Members = { new: () => [undefined, badLocale] };
const noLength: Members = {
  call: () => [undefined, -1],
  new: () => [undefined, -1],
};
const registered = Symbol.for('registered');
const frozen = (): RegExp => Object.freeze(Object.assign(/a/g, { lastIndex: 1 }));

export const failingSamples: Samples = {
  Array: arrays,
  ReadonlyArray: arrays,
  ArrayConstructor: noLength,
  ...Object.fromEntries(typedArrayNames.map((name) => [name, typedArray(name)])),
  ArrayBufferConstructor: { new: () => [undefined, -1] },
  WeakMap: { set: () => [new WeakMap(), registered, 1] },
  WeakMapConstructor: { new: () => [undefined, [[registered, 1]]] },
  WeakSet: { add: () => [new WeakSet(), registered] },
  WeakSetConstructor: { new: () => [undefined, [registered]] },
  ObjectConstructor: {
    assign: () => [undefined, Object.freeze({ a: 1 }), { a: 2 }],
    freeze: () => [undefined, new Uint8Array(1)],
  },
  JSON: { parse: () => [undefined, '{'], stringify: () => [undefined, cyclic()] },
  String: {
    localeCompare: () => ['a', 'b', badLocale],
    match: () => ['a', '('],
    matchAll: () => ['a', /a/],
    normalize: () => ['a', 'form'],
    padEnd: () => ['a', Infinity],
    padStart: () => ['a', Infinity],
    repeat: () => ['a', -1],
    replace: () => ['a', frozen(), 'b'],
    replaceAll: () => ['a', /a/, 'b'],
    search: () => ['a', '('],
    toLocaleLowerCase: () => ['a', badLocale],
    toLocaleUpperCase: () => ['a', badLocale],
  },
  StringConstructor: { fromCodePoint: () => [undefined, -1] },
  RegExp: { exec: () => [frozen(), 'b'], test: () => [frozen(), 'b'] },
  RegExpConstructor: { call: () => [undefined, '('], new: () => [undefined, '('] },
  URL: { new: () => [undefined, 'no url'] },
  URLSearchParams: { new: () => [undefined, [['name without value']]] },
  TextDecoder: {
    decode: () => [new TextDecoder('utf-8', { fatal: true }), Uint8Array.of(0xff)],
    new: () => [undefined, 'no encoding'],
  },
  Number: {
    toExponential: () => [1, 101],
    toFixed: () => [1, 101],
    toLocaleString: sampled(() => [1, badLocale]),
    toPrecision: () => [1, 101],
    toString: sampled(() => [1, 1]),
  },
  NumberConstructor: { call: () => [undefined, Symbol.iterator] },
  BigInt: { toLocaleString: sampled(() => [1n, badLocale]), toString: sampled(() => [1n, 1]) },
  BigIntConstructor: {
    asIntN: () => [undefined, -1, 1n],
    asUintN: () => [undefined, -1, 1n],
    call: () => [undefined, 'no number'],
  },
  Date: {
    toISOString: () => [new Date(NaN)],
    toLocaleDateString: () => [new Date(0), badLocale],
    toLocaleString: sampled(() => [new Date(0), badLocale]),
    toLocaleTimeString: () => [new Date(0), badLocale],
  },
  'Intl.CollatorConstructor': localeOnly,
  'Intl.DateTimeFormat': {
    format: () => [new Intl.DateTimeFormat('en'), NaN],
    formatToParts: () => [new Intl.DateTimeFormat('en'), NaN],
  },
  'Intl.DateTimeFormatConstructor': localeOnly,
  'Intl.ListFormat': localeOnly,
  'Intl.NumberFormatConstructor': localeOnly,
  'Intl.PluralRulesConstructor': localeOnly,
  'Intl.RelativeTimeFormat': {
    ...localeOnly,
    format: () => [new Intl.RelativeTimeFormat('en'), Infinity, 'day'],
  },
  global: {
    atob: () => [undefined, '*'],
    btoa: () => [undefined, '\u{1f600}'],
    decodeURI: () => [undefined, '%'],
    decodeURIComponent: () => [undefined, '%'],
    encodeURI: () => [undefined, '\ud800'],
    encodeURIComponent: () => [undefined, '\ud800'],
    structuredClone: () => [undefined, () => undefined],
  },
  Crypto: { getRandomValues: () => [undefined, new Uint8Array(65537)] },
};
