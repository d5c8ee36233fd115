/** Samples for `Object`, `JSON` and errors: receiver, then arguments. */
import { sampled, type Members, type Sample, type Samples } from '../perform.ts';

const failing: Members = {
  call: (x) => [undefined, 'message', { cause: x.item('cause') }],
  new: (x) => [undefined, 'message', { cause: x.item('cause') }],
};
const aggregate: Sample = (x) => [
  undefined,
  x.list([x.item('error')]),
  'message',
  { cause: x.item('cause') },
];

export const objectSamples: Samples = {
  Object: {
    hasOwnProperty: sampled((x) => [x.item('a'), 'name']),
    isPrototypeOf: sampled((x) => [x.item('a'), x.item('b')]),
    propertyIsEnumerable: sampled((x) => [x.item('a'), 'name']),
    toLocaleString: sampled((x) => [x.item('a')]),
    toString: sampled((x) => [x.item('a')]),
    valueOf: sampled((x) => [x.item('a')]),
  },
  ObjectConstructor: {
    assign: (x) => [undefined, { target: x.item('a') }, x.item('b'), { c: x.item('c') }],
    create: (x) => [undefined, x.item('prototype')],
    entries: (x) => [undefined, Object.assign(x.item('a'), { held: x.item('b') })],
    freeze: (x) => [undefined, x.item('a')],
    fromEntries: (x) => [undefined, x.list([[x.item('key'), x.item('value')]])],
    getOwnPropertyDescriptor: (x) => [undefined, { a: x.item('a') }, 'a'],
    getOwnPropertyDescriptors: (x) => [undefined, Object.assign(x.item('a'), { held: x.item('b') })],
    getOwnPropertyNames: (x) => [undefined, x.item('a')],
    getOwnPropertySymbols: (x) => [undefined, x.item('a')],
    getPrototypeOf: (x) => [undefined, Object.create(x.item('prototype'))],
    groupBy: (x) => [undefined, x.list([x.item('a'), x.item('b')]), () => 'group'],
    hasOwn: (x) => [undefined, x.item('a'), 'name'],
    is: (x) => [undefined, x.item('a'), x.item('b')],
    isExtensible: (x) => [undefined, x.item('a')],
    isFrozen: (x) => [undefined, x.item('a')],
    isSealed: (x) => [undefined, x.item('a')],
    keys: (x) => [undefined, x.item('a')],
    preventExtensions: (x) => [undefined, x.item('a')],
    seal: (x) => [undefined, x.item('a')],
    values: (x) => [undefined, Object.assign(x.item('a'), { held: x.item('b') })],
  },
  JSON: {
    parse: (x) => [
      undefined,
      '{"a":1}',
      (_key: string, value: unknown) => (value === 1 ? x.item('revived') : value),
    ],
    stringify: (x) => [
      undefined,
      { a: x.item('a'), b: x.record('b') },
      (_key: string, value: unknown) => value,
      2,
    ],
  },
  ErrorConstructor: failing,
  EvalErrorConstructor: failing,
  RangeErrorConstructor: failing,
  ReferenceErrorConstructor: failing,
  SyntaxErrorConstructor: failing,
  TypeErrorConstructor: failing,
  URIErrorConstructor: failing,
  AggregateErrorConstructor: { call: aggregate, new: aggregate },
};
