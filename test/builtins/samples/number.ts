/** Samples for numbers, `Math`, booleans and symbols: receiver, then arguments. */
import { sampled, type Sample, type Samples } from '../perform.ts';

const unary = [
  'abs',
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'cbrt',
  'ceil',
  'clz32',
  'cos',
  'cosh',
  'exp',
  'expm1',
  'floor',
  'fround',
  'log',
  'log10',
  'log1p',
  'log2',
  'round',
  'sign',
  'sin',
  'sinh',
  'sqrt',
  'tan',
  'tanh',
  'trunc',
];
const binary = ['atan2', 'hypot', 'imul', 'max', 'min', 'pow'];

export const numberSamples: Samples = {
  Number: {
    toExponential: () => [1.5, 2],
    toFixed: () => [1.5, 2],
    toLocaleString: sampled(() => [1.5, 'en', { minimumFractionDigits: 2 }]),
    toPrecision: () => [1.5, 2],
    toString: sampled(() => [1.5, 2]),
    valueOf: sampled(() => [1.5]),
  },
  NumberConstructor: {
    call: (x) => [undefined, x.item('1')],
    isFinite: (x) => [undefined, x.item('1')],
    isInteger: (x) => [undefined, x.item('1')],
    isNaN: (x) => [undefined, x.item('1')],
    isSafeInteger: (x) => [undefined, x.item('1')],
    parseFloat: () => [undefined, '1.5'],
    parseInt: () => [undefined, '15', 10],
  },
  Math: {
    ...Object.fromEntries(unary.map((name): [string, Sample] => [name, () => [undefined, 0.5]])),
    ...Object.fromEntries(binary.map((name): [string, Sample] => [name, () => [undefined, 2, 3]])),
    random: () => [undefined],
  },
  BigInt: {
    toLocaleString: sampled(() => [15n, 'en']),
    toString: sampled(() => [15n, 16]),
    valueOf: sampled(() => [15n]),
  },
  BigIntConstructor: {
    asIntN: () => [undefined, 8, 255n],
    asUintN: () => [undefined, 8, 257n],
    call: () => [undefined, '15'],
  },
  Boolean: { valueOf: sampled(() => [true]) },
  BooleanConstructor: { call: (x) => [undefined, x.item('a')] },
  Symbol: {
    toString: sampled(() => [Symbol.iterator]),
    valueOf: sampled(() => [Symbol.iterator]),
  },
  SymbolConstructor: {
    call: () => [undefined, 'description'],
    for: () => [undefined, 'key'],
    keyFor: () => [undefined, Symbol.iterator],
  },
};
