/**
 * Every property row is read: it changes nothing, and is constant exactly where the row says so.
 */
import { describe, expect, it } from 'vitest';
import { properties } from '../transformer/builtins/property.ts';
import { Observer } from './builtins/observe.ts';
import { typedArrayNames } from './builtins/typed-arrays.ts';

/** An object, and a function that changes all that can be seen of it. */
type Sample = () => { readonly value: object; readonly change?: () => unknown };

function given<Value extends object>(make: () => Value, change: (value: Value) => unknown): Sample {
  return () => {
    const value = make();
    return { value, change: () => change(value) };
  };
}

const array = given(
  () => [1],
  (value) => value.push(2),
);
const map = given(
  () => new Map([[1, 1]]),
  (value) => value.clear(),
);
const set = given(
  () => new Set([1]),
  (value) => value.clear(),
);

/** Moving its memory elsewhere leaves a typed array empty. */
function typedArray(name: string): Sample {
  return () => {
    const buffer = new ArrayBuffer(16);
    const value: object = Reflect.construct(Reflect.get(globalThis, name), [buffer, 8]);
    return { value, change: () => structuredClone(buffer, { transfer: [buffer] }) };
  };
}

const failure = given(
  () => new AggregateError([1], 'a', { cause: 1 }),
  (value) => Object.assign(value, { message: 'b', name: 'b', stack: 'b', cause: 2, errors: [] }),
);

const samples: Readonly<Record<string, Sample>> = {
  Array: array,
  ReadonlyArray: array,
  ArrayBuffer: given(
    () => new ArrayBuffer(8),
    (buffer) => structuredClone(buffer, { transfer: [buffer] }),
  ),
  ...Object.fromEntries(typedArrayNames.map((name) => [name, typedArray(name)])),
  Map: map,
  ReadonlyMap: map,
  Set: set,
  ReadonlySet: set,
  String: () => ({ value: Object('ab') }),
  Symbol: () => ({ value: Object(Symbol.iterator) }),
  RegExp: given(
    () => /a/g,
    (pattern) => pattern.test('a'),
  ),
  Error: failure,
  AggregateError: failure,
  URL: given(
    () => new URL('https://user:password@a.example:1/b?c#d'),
    (url) => Object.assign(url, { href: 'http://b.example' }),
  ),
  URLSearchParams: given(
    () => new URLSearchParams('a'),
    (params) => params.append('b', 'b'),
  ),
  Math: () => ({ value: Math }),
  NumberConstructor: () => ({ value: Number }),
  SymbolConstructor: () => ({ value: Symbol }),
};

const rows = Object.entries(properties).flatMap(([owner, kinds]) =>
  Object.entries(kinds).map(([name, kind]) => ({ owner, name, kind, title: `${owner} ${name}` })),
);

describe('the properties of builtins', () => {
  it('have a sample each', () => {
    expect(Object.keys(samples).toSorted()).toEqual(Object.keys(properties).toSorted());
  });

  it.each(rows)('$title is there, and reading it changes nothing', ({ owner, name }) => {
    const { value } = sampleOf(owner);
    const observer = new Observer();
    const before = observer.picture(value);
    expect(Reflect.get(value, name)).toBeDefined();
    expect(observer.picture(value)).toBe(before);
  });

  it.each(rows.filter(({ kind }) => kind === 'reads'))(
    '$title changes with the contents',
    ({ owner, name }) => {
      const { value, change } = sampleOf(owner);
      const before: unknown = Reflect.get(value, name);
      change?.();
      expect(Reflect.get(value, name)).not.toEqual(before);
    },
  );

  it.each(rows.filter(({ kind }) => kind === 'pure'))('$title is constant', ({ owner, name }) => {
    const { value, change } = sampleOf(owner);
    const before: unknown = Reflect.get(value, name);
    expect(Reflect.set(value, name, 'other')).toBe(false);
    change?.();
    expect(Reflect.get(value, name)).toBe(before);
  });
});

function sampleOf(owner: string): ReturnType<Sample> {
  const sample = samples[owner];
  if (sample === undefined) throw new TypeError(`no sample for ${owner}`);
  return sample();
}
