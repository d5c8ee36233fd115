/**
 * What the memory that a call may read looks like, as facts that are cheap to check again: which properties each object
 * has, and what each holds, by identity. Only data properties are read; what cannot be seen makes no facts.
 */
import { isOperator, OPERATOR } from '../brand.ts';
import { prototypeOf } from '../witnesses.ts';

interface Fact {
  readonly object: object;
  readonly contents: readonly unknown[];
}

/** More objects than this are not worth watching. */
const LIMIT = 10_000;

export class Facts {
  readonly #facts: readonly Fact[];

  private constructor(facts: readonly Fact[]) {
    this.#facts = facts;
  }

  /** Of an input that is nothing but arrays, records and primitives; nothing for any other. */
  static ofData(input: unknown): Facts | undefined {
    return Facts.#collect([input], (value) => (isPlain(value) ? 'look' : 'unknown'));
  }

  /** Of the fields of an operator, and of all that can be reached from them; nothing when it may have hidden ones. */
  static ofOperator(operator: object): Facts | undefined {
    return Facts.#collect([operator], (value) => {
      if (isOperator(value) && hasPrivateMembers(value)) return 'unknown';
      return typeof value === 'function' ? 'skip' : 'look';
    });
  }

  static #collect(
    roots: unknown[],
    judge: (value: object) => 'look' | 'skip' | 'unknown',
  ): Facts | undefined {
    const facts: Fact[] = [];
    const seen = new Set<unknown>();
    for (let value = roots.pop(); value !== undefined || roots.length > 0; value = roots.pop()) {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
        continue;
      seen.add(value);
      const verdict = judge(value);
      const contents = verdict === 'look' ? contentsOf(value) : undefined;
      if (verdict === 'unknown' || (verdict === 'look' && contents === undefined)) return undefined;
      if (contents === undefined) continue;
      facts.push({ object: value, contents });
      for (const one of contents) roots.push(one);
      if (facts.length + roots.length > LIMIT) return undefined;
    }
    return new Facts(facts);
  }

  /** Is everything still as it was? */
  hold(): boolean {
    return this.#facts.every(({ object, contents }) => {
      const now = contentsOf(object);
      return (
        now !== undefined &&
        now.length === contents.length &&
        now.every((value, index) => Object.is(value, contents[index]))
      );
    });
  }
}

/** An array or a record, without accessors, symbols, hidden properties or holes. */
export function isPlain(value: object): boolean {
  const prototype = prototypeOf(value);
  const isArray = Array.isArray(value);
  if (isArray ? prototype !== Array.prototype : prototype !== Object.prototype && prototype !== undefined)
    return false;
  const keys = Reflect.ownKeys(value);
  if (isArray && keys.length !== value.length + 1) return false;
  return keys.every((key) => {
    if (isArray && key === 'length') return true;
    const property = Object.getOwnPropertyDescriptor(value, key);
    return typeof key === 'string' && property?.enumerable === true && 'value' in property;
  });
}

/** Keys and values, in order. Nothing when an accessor stands among them. */
function contentsOf(object: object): readonly unknown[] | undefined {
  const contents: unknown[] = [];
  for (const key of Reflect.ownKeys(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (property === undefined || !('value' in property)) return undefined;
    contents.push(key, property.value);
  }
  if (object instanceof Map)
    for (const [key, value] of Map.prototype.entries.call(object)) contents.push(key, value);
  if (object instanceof Set) contents.push(...Set.prototype.values.call(object));
  if (object instanceof Date) contents.push(Date.prototype.getTime.call(object));
  return contents;
}

const known = new WeakMap<object, boolean>();

/** Private members cannot be seen from outside, so nobody could tell when they change. Compilers turn them into WeakMaps. */
function hasPrivateMembers(operator: object): boolean {
  for (let at = prototypeOf(operator); at !== undefined; at = prototypeOf(at)) {
    if (Object.hasOwn(at, OPERATOR)) return false;
    const owner: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof owner !== 'function') continue;
    let found = known.get(owner);
    if (found === undefined) {
      found = /#[\p{ID_Start}$_]|__private|__classPrivate|WeakMap/u.test(
        Function.prototype.toString.call(owner),
      );
      known.set(owner, found);
    }
    if (found) return true;
  }
  return false;
}
