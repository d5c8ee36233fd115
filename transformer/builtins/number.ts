/**
 * Numbers, `Math`, `BigInt`, booleans, symbols. A constructor called as a function is its member `call`; wrapper objects
 * (`new Number(1)`) are left out.
 */
import { alike, computation, question, type Builtin, type Table } from './builtin.ts';

const throwing: Builtin = { ...question, throws: true };
const localized: Builtin = { ...throwing, args: 'reads' };

export const numbers: Table = {
  Number: {
    ...alike(throwing, 'toExponential', 'toFixed', 'toPrecision', 'toString'),
    ...alike(localized, 'toLocaleString'),
    valueOf: question,
  },
  NumberConstructor: {
    ...alike(computation, 'isFinite', 'isInteger', 'isNaN', 'isSafeInteger', 'parseFloat', 'parseInt'),
    // `any` includes symbols.
    call: { ...computation, args: 'reads', coerces: true, throws: true },
  },
  Math: {
    ...alike(computation, 'abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cbrt', 'ceil'),
    ...alike(computation, 'clz32', 'cos', 'cosh', 'exp', 'expm1', 'floor', 'fround', 'hypot', 'imul', 'log'),
    ...alike(computation, 'log10', 'log1p', 'log2', 'max', 'min', 'pow', 'round', 'sign', 'sin', 'sinh'),
    ...alike(computation, 'sqrt', 'tan', 'tanh', 'trunc'),
    random: { ...computation, ordered: 'random' },
  },
  BigInt: {
    ...alike(localized, 'toLocaleString'),
    toString: throwing,
    valueOf: question,
  },
  BigIntConstructor: alike({ ...computation, throws: true }, 'asIntN', 'asUintN', 'call'),
  Boolean: { valueOf: question },
  BooleanConstructor: { call: computation },
  Symbol: alike(question, 'toString', 'valueOf'),
  SymbolConstructor: alike(computation, 'call', 'for', 'keyFor'),
};
