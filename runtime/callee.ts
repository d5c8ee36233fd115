/** What a call comes down to: `forward` of an operator of ours, or exactly the call that was written. */
import { hasStockInvoke, type Forwarding } from './brand.ts';
import { classLimitOf, type Limiter } from './limiter.ts';
import { compiledOf } from './registry.ts';

/** The callee, if it is our operator and begins by `forward`. */
export function calleeOf(target: unknown, method: string | undefined): Forwarding | undefined {
  return method === 'invoke' && hasStockInvoke(target) ? target : undefined;
}

/** A compiled function may be called without `invoke`; with an input only, for only that was compiled. */
export function compiledFunction(
  target: unknown,
  method: string | undefined,
  args: readonly unknown[],
): Forwarding | undefined {
  const isPlain = typeof target === 'function' && method === undefined && args.length <= 1;
  return isPlain && hasStockInvoke(target) && compiledOf(target) !== undefined ? target : undefined;
}

/** The limit of the class that the call needs a slot of. `callee`: what `calleeOf` answered. */
export function slotOfClass(target: unknown, callee: Forwarding | undefined): Limiter | undefined {
  // A call of our own operator that is made as written gets its slot where it is run.
  const elsewhere = callee === undefined && hasStockInvoke(target);
  return elsewhere ? undefined : classLimitOf(target);
}
