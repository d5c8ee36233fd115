/** What a run changes in objects that somebody else than the body could reach, for the oracle. */

/** One property of an object, an element of an array or an entry of a collection has another value now. */
export interface Change {
  readonly object: object;
  readonly key: unknown;
  readonly value: unknown;
}

type Fields = Map<unknown, unknown>;

/** Looks at the objects that it was shown, and at all that can be reached from them. */
export class MemoryWatch {
  readonly #known = new Map<object, Fields>();

  has(object: object): boolean {
    return this.#known.has(object);
  }

  /** Watches all that can be reached from `root`, as it is now. */
  add(root: unknown): void {
    const open: unknown[] = [root];
    while (open.length > 0) {
      const value = open.pop();
      if (!isWatched(value) || this.#known.has(value)) continue;
      const fields = fieldsOf(value);
      this.#known.set(value, fields);
      open.push(...fields.keys(), ...fields.values());
    }
  }

  /** What has changed since the last time. */
  changes(): readonly Change[] {
    const found: Change[] = [];
    for (const [object, before] of this.#known) {
      const now = fieldsOf(object);
      const size = found.length;
      for (const [key, value] of now)
        if (!before.has(key) || !Object.is(before.get(key), value)) found.push({ object, key, value });
      for (const key of before.keys()) if (!now.has(key)) found.push({ object, key, value: undefined });
      if (found.length === size) continue;
      this.#known.set(object, now);
      for (const { value } of found.slice(size)) this.add(value);
    }
    return found;
  }
}

function isWatched(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Promise);
}

function fieldsOf(object: object): Fields {
  if (object instanceof Map) return new Map(object);
  if (object instanceof Set) return new Map([...object].map((one) => [one, one]));
  const fields: Fields = new Map(Object.entries(object));
  if (Array.isArray(object)) fields.set('length', object.length);
  return fields;
}

const TEXTS = ['!other a', '~other z', '~other a', '!other z'] as const;
const NUMBERS = [-1, Number.POSITIVE_INFINITY, Number.NaN, 0] as const;

/** Something else of the same kind, so that conditions on it turn out each way among the variants. */
export function otherValue(value: unknown, variant: number, text = TEXTS[variant % 4] ?? ''): unknown {
  const number = NUMBERS[variant % 4] ?? 0;
  if (typeof value === 'number') return number;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string' || value === undefined) return text;
  if (Array.isArray(value)) return [text, 'b', 'c', 'd'].slice(0, variant % 2 === 0 ? 1 : 4);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, otherValue(one, variant, text)]));
}

/** Gives what stands under `key`, or everything that an array holds, another value. */
export function disturb(object: object, key: unknown, variant: number): void {
  if (Array.isArray(object)) {
    const other = otherValue(object, variant);
    if (Array.isArray(other)) object.splice(0, object.length, ...other);
  } else if (object instanceof Map) object.set(key, otherValue(object.get(key), variant));
  else if (typeof key === 'string' && key in object)
    Reflect.set(object, key, otherValue(Reflect.get(object, key), variant));
}
