/**
 * Handles: proxies that stand for values of a run. Reading a property gives a handle for that property; whatever needs the
 * value itself throws, and says what to write instead.
 */
import { concreteUse } from './autograph-errors.ts';
import { describe, type Expression } from './expression.ts';
import type { Scope } from './scope-of-handles.ts';

export interface HandleFacts {
  readonly expression: Expression;
  /** Where it was made: it has a value there and further in. */
  readonly scope: Scope;
}

/** What a spread of a handle puts into an object: the handle, and which of its parts the spread copied as well. */
export interface Spread {
  readonly handle: object;
  readonly copied: ReadonlyMap<string, object>;
}

const facts = new WeakMap<object, HandleFacts>();

/** Held by the object that the spread went into, under a key that stands for it. */
class SpreadToken {
  readonly spread: Spread;
  constructor(spread: Spread) {
    this.spread = spread;
  }
}

const SPREAD = '\0xcs.spread.';

export function isHandle(value: unknown): value is object {
  return typeof value === 'function' && facts.has(value);
}

/** A handle is asked no questions about its class. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return !isHandle(value) && value instanceof Promise;
}

export function factsOf(value: unknown): HandleFacts | undefined {
  return typeof value === 'function' ? facts.get(value) : undefined;
}

/** The spread that an own property of an object stands for. */
export function spreadOf(key: string, value: unknown): Spread | undefined {
  return key.startsWith(SPREAD) && value instanceof SpreadToken ? value.spread : undefined;
}

/** The handle that a value was got from by listing its properties, which nobody can tell from spreading it until it is used. */
export function listedFrom(value: unknown): string | undefined {
  if (typeof value === 'string' && value.startsWith(SPREAD)) return value.slice(value.indexOf(' ') + 1);
  const listed = value instanceof SpreadToken ? factsOf(value.spread.handle) : undefined;
  return listed && describe(listed.expression);
}

export function makeHandle(expression: Expression, scope: Scope): object {
  // A function, so that a call of a method is noticed; an arrow, for it has no `prototype` of its own.
  const handle = new Proxy(() => {}, new Traps(expression, scope));
  facts.set(handle, { expression, scope });
  return handle;
}

const SELECT = 'compute it when it is known: select(handle, (value) => …)';
const TEMPLATE = 'write the text with the tag: template`… ${handle} …`, or use select(handle, (value) => …)';
const MAP = 'use map(handle, (item) => …), or read the items that you need by index';

class Traps implements ProxyHandler<() => void> {
  readonly #expression: Expression;
  readonly #scope: Scope;
  readonly #parts = new Map<string, object>();
  #spreads = 0;

  constructor(expression: Expression, scope: Scope) {
    this.#expression = expression;
    this.#scope = scope;
  }

  get(_: unknown, key: string | symbol, receiver: object): unknown {
    if (typeof key === 'symbol') return this.#symbol(key);
    if (key.startsWith(SPREAD)) return new SpreadToken({ handle: receiver, copied: new Map(this.#parts) });
    // `await handle` gives the handle.
    if (key === 'then') return undefined;
    if (key === 'toJSON') throw this.#misuse('it is turned into JSON', SELECT);
    if (key === 'toString' || key === 'toLocaleString')
      throw this.#misuse('it is used as a string', TEMPLATE);
    if (key === 'valueOf') throw this.#misuse('it is used as a primitive', SELECT);
    let part = this.#parts.get(key);
    if (part === undefined) {
      part = makeHandle({ kind: 'path', of: this.#expression, key }, this.#scope);
      this.#parts.set(key, part);
    }
    return part;
  }

  /** A key that stands for the spread, and the parts that were read before: one that is missing later was taken out. */
  ownKeys(): string[] {
    return [`${SPREAD}${this.#spreads++} ${describe(this.#expression)}`, ...this.#parts.keys()];
  }

  getOwnPropertyDescriptor(_: unknown, key: string | symbol): PropertyDescriptor | undefined {
    const known = typeof key === 'string' && (key.startsWith(SPREAD) || this.#parts.has(key));
    return known ? { enumerable: true, configurable: true, writable: true } : undefined;
  }

  apply(): never {
    throw this.#misuse('it is called as a function', SELECT);
  }

  has(): never {
    throw this.#misuse('it is asked for a property by `in`', SELECT);
  }

  set(): never {
    throw this.#misuse('a property of it is assigned', SELECT);
  }

  defineProperty(): never {
    throw this.#misuse('a property of it is defined', SELECT);
  }

  deleteProperty(): never {
    throw this.#misuse('a property of it is deleted', SELECT);
  }

  getPrototypeOf(): never {
    throw this.#misuse('its class or its enumeration is asked for', `${SELECT}; ${MAP}`);
  }

  #symbol(key: symbol): undefined {
    if (key === Symbol.toPrimitive)
      throw this.#misuse('it is used as a string, a number or in a comparison', TEMPLATE);
    if (key === Symbol.iterator || key === Symbol.asyncIterator)
      throw this.#misuse('it is iterated over or spread into an array', MAP);
    return undefined;
  }

  #misuse(use: string, out: string): Error {
    return concreteUse(describe(this.#expression), use, out);
  }
}
