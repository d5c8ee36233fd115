/**
 * What the memory that a call may read looks like, as facts that are cheap to check again: which properties each object
 * has, and what each holds, by identity. Only data properties are read; what cannot be seen makes no facts.
 */
import { isOperator, OPERATOR } from '../brand.ts';
import { prototypeOf } from '../witnesses.ts';
import { mayChangeUnseen } from './unseen.ts';

interface Fact {
  readonly object: object;
  readonly contents: readonly unknown[];
  readonly read: (object: object) => readonly unknown[] | undefined;
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
  static ofData(input: unknown, fresh?: ReadonlySet<object>): Facts | undefined {
    return Facts.#collect([input], (value) => (isPlain(value) ? 'look' : 'unknown'), fresh);
  }

  /**
   * Of the fields of an operator, the static ones of its classes, its methods, and all that can be reached from these; nothing
   * when some of that may change unseen. What functions capture is not looked at.
   */
  static ofOperator(operator: object): Facts | undefined {
    const roots: unknown[] = [operator];
    const code = new Set<object>();
    return Facts.#collect(roots, (value) => {
      if (code.has(value)) return 'code';
      if (typeof value === 'function') return 'skip';
      if (mayChangeUnseen(value)) return 'unknown';
      const classes = isOperator(value) ? classesOf(value) : [];
      for (const one of classes) code.add(one);
      roots.push(...classes);
      return 'look';
    });
  }

  static #collect(
    roots: unknown[],
    judge: (value: object) => 'look' | 'code' | 'skip' | 'unknown',
    fresh: ReadonlySet<object> = new Set(),
  ): Facts | undefined {
    const facts: Fact[] = [];
    const seen = new Set<unknown>();
    for (let value = roots.pop(); value !== undefined || roots.length > 0; value = roots.pop()) {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
        continue;
      seen.add(value);
      const verdict = judge(value);
      if (verdict === 'skip') continue;
      const read = verdict === 'code' ? codeOf : contentsOf;
      const contents = verdict === 'unknown' ? undefined : read(value);
      if (contents === undefined) return undefined;
      if (!fresh.has(value)) facts.push({ object: value, contents, read });
      for (const one of contents) roots.push(one);
      if (facts.length + roots.length > LIMIT) return undefined;
    }
    return new Facts(facts);
  }

  /** Is everything still as it was? */
  hold(): boolean {
    return this.#facts.every(({ object, contents, read }) => {
      const now = read(object);
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

/** The prototypes of an operator that are not ours, and the classes that they are of. */
function classesOf(operator: object): readonly object[] {
  const classes: object[] = [];
  for (let at = prototypeOf(operator); at !== undefined; at = prototypeOf(at)) {
    if (Object.hasOwn(at, OPERATOR)) break;
    const owner: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    classes.push(at, ...(typeof owner === 'function' ? [owner] : []));
  }
  return classes;
}

/** Keys and values of a class or a prototype, and the functions that accessors are. */
function codeOf(object: object): readonly unknown[] {
  return Reflect.ownKeys(object).flatMap((key) => {
    const values: readonly unknown[] = Object.values(Object.getOwnPropertyDescriptor(object, key) ?? {});
    return [key, ...values];
  });
}
