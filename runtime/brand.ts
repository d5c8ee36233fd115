/**
 * How the run side recognises operators without importing `Operator` (which imports the run side).
 * The brand is registered, so operators of another copy of this package count as operators; the stock `invoke` is not:
 * only our own may be replaced by a direct call of `forward`.
 */

/** On the prototype of every `Operator`, and on every function operator. */
export const OPERATOR: unique symbol = Symbol.for('xcs.operator');

/** What a graph has to tell of itself, so that `explain` need not import graphs. */
export const EXPLAIN: unique symbol = Symbol.for('xcs.explain');

/** Holds the `invoke` that this copy of the package gave the operator. */
export const STOCK_INVOKE: unique symbol = Symbol('xcs.invoke');

/** What a call of `forward` may find out about the run it belongs to. */
export interface OperatorContext {
  /** Aborts when nobody wants the result any more. */
  readonly signal: AbortSignal;
}

/** An operator as the run side sees it. For a function operator, `forward` is the function. */
export interface Forwarding {
  forward(input: unknown, context: OperatorContext): unknown;
  invoke(input: unknown, options?: unknown): Promise<unknown>;
}

interface Branded {
  readonly [OPERATOR]?: unknown;
  readonly [STOCK_INVOKE]?: unknown;
  readonly invoke?: unknown;
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

export function isOperator(value: unknown): value is Forwarding {
  // A view of an object that may be anything: every field of `Branded` is optional and unknown.
  return isObject(value) && (value as Branded)[OPERATOR] !== undefined;
}

/** Its `invoke` is ours and not overridden, patched or mocked: calling it comes down to calling `forward`. */
export function hasStockInvoke(value: unknown): value is Forwarding {
  if (!isObject(value)) return false;
  const view = value as Branded;
  const stock = view[STOCK_INVOKE];
  return stock !== undefined && view.invoke === stock;
}
