/** What can be reached from a value, as it is now, to see later what has changed; and when two results are the same. */
import { isObject } from './brand.ts';

/** Enough for inputs and fields of operators; what lies beyond is not watched. */
const MOST_OBJECTS = 10_000;

type Entries = ReadonlyMap<unknown, unknown>;

interface Seen {
  readonly path: string;
  readonly entries: Entries;
}

export class Snapshot {
  readonly #seen = new Map<object, Seen>();

  constructor(name: string, value: unknown) {
    if (!isObject(value)) return;
    this.#seen.set(value, { path: name, entries: entriesOf(value) });
    // A map may grow while it is walked; what is added is walked, too.
    for (const { path, entries } of this.#seen.values()) {
      for (const [key, inner] of entries) {
        if (!isObject(inner) || this.#seen.has(inner)) continue;
        if (this.#seen.size >= MOST_OBJECTS) return;
        this.#seen.set(inner, { path: join(path, key), entries: entriesOf(inner) });
      }
    }
  }

  /** Paths of what is another value now, was added or is gone. */
  changes(): readonly string[] {
    return [...this.#seen].flatMap(([object, { path, entries }]) => {
      const now = entriesOf(object);
      const keys = new Set([...entries.keys(), ...now.keys()]);
      return [...keys].flatMap((key) => (isSame(key, entries, now) ? [] : [join(path, key)]));
    });
  }
}

function isSame(key: unknown, before: Entries, now: Entries): boolean {
  return before.has(key) === now.has(key) && Object.is(before.get(key), now.get(key));
}

function join(path: string, key: unknown): string {
  if (typeof key === 'string' && /^\d+$/.test(key)) return `${path}[${key}]`;
  if (typeof key === 'string' && /^[\w$]+$/.test(key)) return `${path}.${key}`;
  if (typeof key === 'string') return `${path}[${JSON.stringify(key)}]`;
  return `${path}[${isObject(key) ? 'an object' : String(key)}]`;
}

/** Data properties, and what a Map, a Set or a Date holds. Runs no accessor. */
function entriesOf(object: object): Entries {
  const entries = new Map<unknown, unknown>();
  for (const key of Reflect.ownKeys(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key);
    if (property !== undefined && 'value' in property) entries.set(key, property.value);
  }
  if (object instanceof Map) for (const [key, value] of object) entries.set(key, value);
  if (object instanceof Set) for (const value of object) entries.set(value, value);
  if (object instanceof Date) entries.set('time', object.getTime());
  return entries;
}

/** Whether two results look the same: the same values at the same places, in any graph of objects. */
export function isSameResult(one: unknown, other: unknown, seen: Map<object, object> = new Map()): boolean {
  if (!isObject(one) || !isObject(other) || typeof one === 'function') return Object.is(one, other);
  if (seen.has(one)) return seen.get(one) === other;
  seen.set(one, other);
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  const [entries, others] = [[...entriesOf(one)], [...entriesOf(other)]];
  return (
    entries.length === others.length &&
    entries.every(([key, value], index) => {
      const [otherKey, otherValue] = others[index] ?? [];
      return isSameResult(key, otherKey, seen) && isSameResult(value, otherValue, seen);
    })
  );
}
