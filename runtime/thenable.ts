/** Tells promises from values the way `await` does, but without a tick for a value. */

/**
 * Answers a promise to wait for, or `undefined` if `value` is to be used as it is. Throws what a `then` accessor throws.
 * As under `await`, a foreign `then` is read once and called once, in a microtask, and calls back in our own context.
 */
export function promiseOf(value: unknown): Promise<unknown> | undefined {
  if (value instanceof Promise) return Promise.resolve(value);
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return undefined;
  // Any object may have a `then`; the check below decides.
  const then = (value as { readonly then?: unknown }).then;
  if (typeof then !== 'function') return undefined;
  return new Promise((resolve, reject) => {
    queueMicrotask(() => {
      try {
        Reflect.apply(then, value, [resolve, reject]);
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** A promise and what settles it. */
export interface Deferred {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function newDeferred(): Deferred {
  let resolve: Deferred['resolve'] = () => {};
  let reject: Deferred['reject'] = () => {};
  const promise = new Promise<unknown>((fulfill, fail) => {
    resolve = fulfill;
    reject = fail;
  });
  return { promise, resolve, reject };
}

/** Whether it fails is somebody else's to see. Never asks a subclass for its own `then`, which may begin its work. */
export function handled(promise: Promise<unknown>): void {
  void Promise.prototype.then.call(promise, undefined, () => {});
}
