/**
 * Looking at values from the outside: what can be reached from them, and a picture of all of it in which an object
 * keeps its number, so that two pictures are equal only if nothing has changed and no object was replaced.
 */
import { inspect, types } from 'node:util';

type Part = readonly [label: string, value: unknown];

export class Observer {
  readonly #numbers = new Map<object, number>();
  /** Objects that weak collections may hold, and that may be prototypes. */
  readonly #made: readonly object[];

  constructor(made: readonly object[] = []) {
    this.#made = made;
  }

  /** All objects and functions that can be reached from `roots`, these included. */
  reachable(...roots: readonly unknown[]): ReadonlySet<unknown> {
    const found = new Set<unknown>();
    const open = [...roots];
    for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
      if (!isObject(value) || found.has(value)) continue;
      found.add(value);
      open.push(...this.#parts(value).map(([, part]) => part));
    }
    return found;
  }

  picture(...roots: readonly unknown[]): string {
    const lines: string[] = [];
    const seen = new Set<object>();
    const draw = (label: string, value: unknown, indent: string): void => {
      lines.push(`${indent}${label}: ${isObject(value) ? this.#title(value) : inspect(value)}`);
      if (!isObject(value) || seen.has(value)) return;
      seen.add(value);
      for (const [name, part] of this.#parts(value)) draw(name, part, `${indent}  `);
    };
    for (const root of roots) draw('root', root, '');
    return lines.join('\n');
  }

  #title(value: object): string {
    const number = this.#numbers.get(value) ?? this.#numbers.size;
    this.#numbers.set(value, number);
    const closed = ['isExtensible', 'isSealed', 'isFrozen'] as const;
    return `#${number} ${closed.filter((name) => Object[name](value)).join(' ')} ${content(value)}`;
  }

  #parts(value: object): readonly Part[] {
    if (typeof value === 'function') return [];
    const prototype: unknown = Object.getPrototypeOf(value);
    return [
      ...properties(value),
      ...this.#made.filter((item) => item === prototype).map((item): Part => ['prototype', item]),
      ...entries(value),
      ...this.#weakEntries(value),
    ];
  }

  #weakEntries(value: object): readonly Part[] {
    if (types.isWeakSet(value))
      return this.#made.filter((item) => value.has(item)).map((item) => ['member', item]);
    if (!types.isWeakMap(value)) return [];
    const held = this.#made.filter((item) => value.has(item));
    return held.flatMap((item): readonly Part[] => [
      ['key', item],
      ['value', value.get(item)],
    ]);
  }
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** What can only be seen by using it up: what is left of an iterator, what a decoder keeps. */
export function drain(value: unknown): unknown {
  if (value instanceof TextDecoder) return value.decode();
  return isObject(value) && 'next' in value && isIterable(value) ? [...value] : undefined;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

function properties(value: object): readonly Part[] {
  // Stack traces are not compared.
  const keys = Reflect.ownKeys(value).filter((key) => !(types.isNativeError(value) && key === 'stack'));
  return keys.map((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(value, key) ?? {};
    return [String(key), 'value' in descriptor ? descriptor.value : 'accessor'];
  });
}

function entries(value: object): readonly Part[] {
  if (types.isMap(value)) {
    return [...value].flatMap(([key, held]): readonly Part[] => [
      ['key', key],
      ['value', held],
    ]);
  }
  return types.isSet(value) ? [...value].map((member): Part => ['member', member]) : [];
}

/** What a builtin object holds besides properties and entries. */
function content(value: object): string {
  if (types.isDate(value)) return `Date ${Date.prototype.getTime.call(value)}`;
  if (types.isAnyArrayBuffer(value)) return `bytes ${new Uint8Array(value).join()}`;
  if (value instanceof URL) return `URL ${value.href}`;
  if (value instanceof URLSearchParams)
    return `URLSearchParams ${URLSearchParams.prototype.toString.call(value)}`;
  return types.isRegExp(value) ? `RegExp ${value.source} ${value.flags}` : '';
}
