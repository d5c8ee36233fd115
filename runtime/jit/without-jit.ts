/** A scope in which all runs as written. */
import { notAFunction } from '../errors.ts';
import { watch } from '../tracing/watch.ts';

/**
 * Calls `fn`; the operators that are called in it run as written, compiled or not, for tests and to compare. Throws an
 * `XCSError` for what is no function.
 *
 * @example
 * await withoutJit(() => answer.invoke({ q: 'why?' })); // 'fine'
 */
export function withoutJit<T>(fn: () => T): T {
  if (typeof fn !== 'function') throw notAFunction('withoutJit', fn);
  return watch.enter({ isWrittenOnly: true, observer: undefined }, fn);
}
