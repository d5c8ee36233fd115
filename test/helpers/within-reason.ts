/** Work that a change may make run for ever. */
import { runInThisContext } from 'node:vm';

/** Throws if it takes so many milliseconds that it will never end. */
export function withinReason<T>(work: () => T, timeout = 30_000): T {
  let result: { readonly value: T } | undefined;
  Reflect.set(globalThis, 'xcsWork', () => (result = { value: work() }));
  runInThisContext('globalThis.xcsWork(); undefined', { timeout });
  if (result === undefined) throw new Error('It has not ended.');
  return result.value;
}

export function hasTakenForEver(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
