/** Checks that a class is constructed as the compiler has seen it: each class of its chain carries a hash of what it runs. */
import { CONSTRUCTION } from './abi.ts';
import { hasStockInvoke, isObject } from './brand.ts';
import { prototypeOf, readData } from './witnesses.ts';

/**
 * Whether the class that `find` answers is the one that was read. `hashes` are its own and those of what it extends, up to
 * `Operator` or to a class that extends nothing.
 */
export function isConstructedAs(find: unknown, hashes: readonly string[]): boolean {
  // Throws as long as the module of the class has not been evaluated.
  let at: unknown = typeof find === 'function' ? Reflect.apply(find, undefined, []) : undefined;
  for (const hash of hashes) {
    if (!isObject(at) || !Object.hasOwn(at, CONSTRUCTION)) return false;
    if (readData(at, CONSTRUCTION)?.value !== hash) return false;
    at = prototypeOf(at);
  }
  if (at === Function.prototype) return true;
  const prototype = isObject(at) ? readData(at, 'prototype')?.value : undefined;
  return isObject(prototype) && Object.hasOwn(prototype, 'invoke') && hasStockInvoke(prototype);
}
