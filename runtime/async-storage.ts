/**
 * An `AsyncLocalStorage` where there is one. Not imported: browsers have neither the module nor `process`. Where there is
 * none, a value holds for the synchronous part of the function that it is entered for.
 */

export interface Storage<T> {
  run<R>(value: T, fn: () => R): R;
  getStore(): T | undefined;
}

/** What is there in Node and in hosts like it. */
interface Host {
  readonly process?: { getBuiltinModule?(id: 'node:async_hooks'): AsyncHooks | undefined };
}

interface AsyncHooks {
  readonly AsyncLocalStorage: (new <T>() => Storage<T>) & { snapshot(): Restore };
}

/** Runs a function where, for every `AsyncLocalStorage`, it is as it was. */
export type Restore = <R>(fn: () => R) => R;

export function newStorage<T>(): Storage<T> {
  const hooks = asyncHooks();
  return hooks === undefined ? new SynchronousStorage<T>() : new hooks.AsyncLocalStorage<T>();
}

/** Whether a value that is entered is still there after an `await`. */
export function followsAwait(): boolean {
  return asyncHooks() !== undefined;
}

/** Remembers where the caller is, for every `AsyncLocalStorage` there is. */
export function rememberContext(): Restore {
  return asyncHooks()?.AsyncLocalStorage.snapshot() ?? ((fn) => fn());
}

function asyncHooks(): AsyncHooks | undefined {
  const host: Host = globalThis;
  return host.process?.getBuiltinModule?.('node:async_hooks');
}

/** Holds for as long as the function has not returned. */
class SynchronousStorage<T> implements Storage<T> {
  #store: T | undefined;

  getStore(): T | undefined {
    return this.#store;
  }

  run<R>(value: T, fn: () => R): R {
    const outer = this.#store;
    this.#store = value;
    try {
      return fn();
    } finally {
      this.#store = outer;
    }
  }
}
