/**
 * What a link has relied on, remembered as facts that are cheap to check again: `object[key]` is still this value, and
 * `find(self)` still answers this value. Facts are first read through data properties only, so that no getter runs.
 */
import { isObject } from './brand.ts';

/** What a data property holds; absent when there is none on the prototype chain, or a getter stands there. */
export interface Found {
  readonly value: unknown;
}

export function prototypeOf(object: object): object | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  return isObject(prototype) ? prototype : undefined;
}

/** Reads a data property, own or inherited, without running code of its owner. */
export function readData(object: object, key: PropertyKey): Found | undefined {
  for (let at: object | undefined = object; at !== undefined; at = prototypeOf(at)) {
    const property = Object.getOwnPropertyDescriptor(at, key);
    if (property !== undefined) return 'value' in property ? { value: property.value } : undefined;
  }
  return { value: undefined };
}

/** Follows property names from `object`; nothing when one of them is a getter, or leads to no object. */
export function follow(
  object: object,
  path: readonly string[],
  read: (object: object, key: string) => Found | undefined = readData,
): object | undefined {
  let at: object = object;
  for (const key of path) {
    const next = read(at, key)?.value;
    if (!isObject(next)) return undefined;
    at = next;
  }
  return at;
}

interface PropertyFact {
  readonly object: Readonly<Record<PropertyKey, unknown>>;
  readonly key: PropertyKey;
  readonly value: unknown;
}

interface FindingFact {
  readonly find: (self: never) => unknown;
  readonly self: never;
  readonly value: unknown;
}

/** What a call of an operator comes down to. */
interface MethodsFact {
  readonly operator: Methods;
  readonly invoke: unknown;
  readonly forward: unknown;
}

interface Methods {
  readonly invoke?: unknown;
  readonly forward?: unknown;
}

export class Witnesses {
  /** Something was relied on that cannot be asked again without running code of others. */
  #unsure = false;
  readonly #methods: MethodsFact[] = [];
  readonly #properties: PropertyFact[] = [];
  readonly #findings: FindingFact[] = [];
  readonly #holders: { readonly holder: object; readonly values: readonly unknown[] }[] = [];
  readonly #seen = new Map<object, Set<PropertyKey>>();

  /** Reads a data property and remembers what it held; nothing when a getter stands there. */
  read(object: object, key: PropertyKey): Found | undefined {
    const found = readData(object, key);
    if (found !== undefined) this.#remember(object, key, found.value);
    return found;
  }

  /** Remembers which functions a call of `operator` runs. */
  watchMethods(operator: object): void {
    const [invoke, forward] = [readData(operator, 'invoke'), readData(operator, 'forward')];
    if (invoke === undefined || forward === undefined) this.#unsure = true;
    else this.#methods.push({ operator, invoke: invoke.value, forward: forward.value });
  }

  /** Follows property names from `object`; nothing when one of them is a getter, or leads to no object. */
  follow(object: object, path: readonly string[]): object | undefined {
    return follow(object, path, (at, key) => this.read(at, key));
  }

  /** What `find` answers for `self`, or nothing when it throws (a private field that is not there, say). */
  find(find: (self: never) => unknown, self: object): Found | undefined {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- emitted code gets what it was compiled for
    const fact = { find, self: self as never };
    try {
      const value = find(fact.self);
      this.#findings.push({ ...fact, value });
      return { value };
    } catch {
      return undefined;
    }
  }

  /** Remembers what an array, Map, Set or record without getters holds, and in which order. */
  watchMembers(holder: object): readonly unknown[] {
    const values = valuesOf(holder);
    this.#holders.push({ holder, values });
    return values;
  }

  /** Is everything still as it was? This is on the path of every run. */
  hold(): boolean {
    if (this.#unsure) return false;
    try {
      for (const fact of this.#findings) if (fact.find(fact.self) !== fact.value) return false;
      for (const { operator, invoke, forward } of this.#methods)
        if (operator.forward !== forward || operator.invoke !== invoke) return false;
      for (const fact of this.#properties) if (fact.object[fact.key] !== fact.value) return false;
      for (const { holder, values } of this.#holders) if (!isSameList(valuesOf(holder), values)) return false;
      return true;
    } catch {
      return false;
    }
  }

  #remember(object: object, key: PropertyKey, value: unknown): void {
    const keys = this.#seen.get(object);
    if (keys?.has(key) === true) return;
    if (keys === undefined) this.#seen.set(object, new Set([key]));
    else keys.add(key);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any object may be asked for any key
    const view = object as Readonly<Record<PropertyKey, unknown>>;
    this.#properties.push({ object: view, key, value });
  }
}

function valuesOf(holder: object): readonly unknown[] {
  if (holder instanceof Map) return [...Map.prototype.values.call(holder)];
  if (holder instanceof Set) return [...Set.prototype.values.call(holder)];
  return Array.isArray(holder) ? [...holder] : Object.values(holder);
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
