/**
 * Properties of builtins, most of them accessors: reading them runs nothing of the program.
 * `pure` never changes for one object; `reads` changes with the object's contents.
 */
export type PropertyKinds = Readonly<Record<string, Readonly<Record<string, 'pure' | 'reads'>>>>;

const size = { size: 'reads' } as const;
const length = { length: 'reads' } as const;
const view = {
  BYTES_PER_ELEMENT: 'pure',
  byteLength: 'reads',
  byteOffset: 'reads',
  length: 'reads',
} as const;
const failure = { cause: 'reads', message: 'reads', name: 'reads', stack: 'reads' } as const;

export const properties: PropertyKinds = {
  Array: length,
  ReadonlyArray: length,
  ArrayBuffer: { byteLength: 'reads' },
  Int8Array: view,
  Uint8Array: view,
  Uint8ClampedArray: view,
  Int16Array: view,
  Uint16Array: view,
  Int32Array: view,
  Uint32Array: view,
  Float32Array: view,
  Float64Array: view,
  BigInt64Array: view,
  BigUint64Array: view,
  Map: size,
  ReadonlyMap: size,
  Set: size,
  ReadonlySet: size,
  String: { length: 'pure' },
  Symbol: { description: 'pure' },
  RegExp: {
    dotAll: 'pure',
    flags: 'pure',
    global: 'pure',
    hasIndices: 'pure',
    ignoreCase: 'pure',
    lastIndex: 'reads',
    multiline: 'pure',
    source: 'pure',
    sticky: 'pure',
    unicode: 'pure',
  },
  Error: failure,
  AggregateError: { errors: 'reads' },
  URL: {
    hash: 'reads',
    host: 'reads',
    hostname: 'reads',
    href: 'reads',
    origin: 'reads',
    password: 'reads',
    pathname: 'reads',
    port: 'reads',
    protocol: 'reads',
    search: 'reads',
    username: 'reads',
  },
  URLSearchParams: size,
  Math: {
    E: 'pure',
    LN10: 'pure',
    LN2: 'pure',
    LOG10E: 'pure',
    LOG2E: 'pure',
    PI: 'pure',
    SQRT1_2: 'pure',
    SQRT2: 'pure',
  },
  NumberConstructor: {
    EPSILON: 'pure',
    MAX_SAFE_INTEGER: 'pure',
    MAX_VALUE: 'pure',
    MIN_SAFE_INTEGER: 'pure',
    MIN_VALUE: 'pure',
    NEGATIVE_INFINITY: 'pure',
    NaN: 'pure',
    POSITIVE_INFINITY: 'pure',
  },
  SymbolConstructor: { asyncIterator: 'pure', iterator: 'pure', toPrimitive: 'pure', toStringTag: 'pure' },
};
