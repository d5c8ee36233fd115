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

  /**
   * Of an input that is nothing but arrays, records and primitives; nothing for any other. Nobody else can change objects
   * that are `fresh`, so these are no facts.
   */
  static ofData(input: unknown, fresh: ReadonlySet<object>): Facts | undefined {
    return Facts.#collect([input], (value) => (isPlain(value) ? 'look' : 'unknown'), fresh);
  }

  /** Of the fields of an operator, and of all that can be reached from them; nothing when it may have hidden ones. */
  static ofOperator(operator: object): Facts | undefined {
    return Facts.#collect([operator], (value) => {
      if (isOperator(value) && mayChangeUnseen(value)) return 'unknown';
      return typeof value === 'function' ? 'skip' : 'look';
    });
  }

  static #collect(
    roots: unknown[],
    judge: (value: object) => 'look' | 'skip' | 'unknown',
    fresh: ReadonlySet<object> = new Set(),
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
      if (!fresh.has(value)) facts.push({ object: value, contents });
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

/** Compilers turn private members into WeakMaps. */
const PRIVATE = /#[\p{ID_Start}$_]|__private|__classPrivate|WeakMap/u;
const STATIC_PRIVATE = /static\s+(?:async\s+)?\*?\s*(?:[gs]et\s+)?#|__private|__classPrivate|WeakMap/u;
const CALLED_ONLY: ReadonlySet<PropertyKey> = new Set(['constructor', 'forward', 'forwardBatch']);

/**
 * Private members cannot be seen from outside. Only code of their own class can change them; so they do while a call is not
 * running if the class has other methods or accessors than those that run a call.
 */
function mayChangeUnseen(operator: object): boolean {
  let hasPrivate = false;
  for (let at = prototypeOf(operator); at !== undefined; at = prototypeOf(at)) {
    if (Object.hasOwn(at, OPERATOR)) break;
    const shown = lookAt(at);
    if (shown === 'open') return true;
    hasPrivate ||= shown === 'closed';
  }
  return hasPrivate && Object.values(Object.getOwnPropertyDescriptors(operator)).some(isOfClass);
}

/** A function in a field that was written in the body of a class. */
function isOfClass({ value }: PropertyDescriptor): boolean {
  return typeof value === 'function' && PRIVATE.test(Function.prototype.toString.call(value));
}

type Shown = 'nothing private' | 'closed' | 'open';

const known = new WeakMap<object, Shown>();

function lookAt(prototype: object): Shown {
  let shown = known.get(prototype);
  if (shown === undefined) {
    shown = look(prototype);
    known.set(prototype, shown);
  }
  return shown;
}

function look(prototype: object): Shown {
  const owner: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof owner !== 'function') return 'nothing private';
  const text = Function.prototype.toString.call(owner);
  if (!PRIVATE.test(text)) return 'nothing private';
  const others = Reflect.ownKeys(prototype).some((key) => !CALLED_ONLY.has(key) && isCode(prototype, key));
  const statics = STATIC_PRIVATE.test(text) && Reflect.ownKeys(owner).some((key) => isCode(owner, key));
  return others || statics ? 'open' : 'closed';
}

function isCode(holder: object, key: PropertyKey): boolean {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  return property !== undefined && (!('value' in property) || typeof property.value === 'function');
}
