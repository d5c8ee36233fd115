/**
 * `operator.batch(inputs)`, and what `vmap` shares with it: all inputs at once by the operator's own `forwardBatch` where it
 * has one, else one call for each.
 */
import { hasStockInvoke, type Forwarding, type OperatorContext } from './brand.ts';
import { badAxes, badBatch } from './batch-errors.ts';
import { effectOf } from './effect.ts';
import type { Invocable } from './graph/node.ts';
import { invokeOperator } from './invoke.ts';
import { manyCalls, type Calls } from './many-calls.ts';
import type { ExecutionOptions } from './options.ts';
import { prototypeOf, Witnesses } from './witnesses.ts';

/** An operator that takes a list of inputs of `operator`. `out`: what to do about an input that is no list. */
export function batchOf(operator: Invocable, name: string, out?: string): Forwarding {
  return manyCalls({
    name,
    callsFor: (input) => callsFor(operator, name, input, out),
    // A whole batch is one call, whose result is the list.
    finish: (results) => (results.length === 1 && isWhole(results[0]) ? results[0].results : results),
    operators: [operator],
  });
}

/** Always answers a promise. */
export function invokeBatch(
  operator: Forwarding,
  inputs: unknown,
  options: ExecutionOptions | undefined,
): Promise<unknown> {
  const { name: own } = typeof operator === 'function' ? operator : operator.constructor;
  const name = `${own}.batch`;
  return invokeOperator(batchOf(operator, name, 'for a single input, call `invoke`'), inputs, options);
}

/** Gives a function operator its `batch`. */
export function withBatch<T extends Forwarding>(operator: T): T {
  const batch = (inputs: unknown, options?: ExecutionOptions): Promise<unknown> =>
    invokeBatch(operator, inputs, options);
  return Object.defineProperty(operator, 'batch', { value: batch });
}

/** Known to only read, or to do nothing but answer: its calls may overlap each other. */
export function mayElementsOverlap(operator: Invocable): boolean {
  const { ordered, mutates, state, writes } = effectOf(operator, 'sequential', new Witnesses());
  return !ordered && !mutates && !state && writes.size === 0;
}

function callsFor(operator: Invocable, name: string, inputs: unknown, out?: string): Calls {
  if (!Array.isArray(inputs)) throw badAxes(name, 'an array', inputs, out);
  const list: readonly unknown[] = inputs;
  const batch = list.length === 0 ? undefined : ownBatch(operator);
  if (batch === undefined) return { callee: operator, inputs: list, overlap: mayElementsOverlap(operator) };
  return { callee: wholeBatch(batch, name, list.length), inputs: [list], overlap: false };
}

interface Batching extends Forwarding {
  forwardBatch(inputs: unknown, context: OperatorContext): unknown;
}

/** The results of a whole batch, told apart from a list of one result. */
class Whole {
  readonly results: readonly unknown[];
  constructor(results: readonly unknown[]) {
    this.results = results;
  }
}

function isWhole(value: unknown): value is Whole {
  return value instanceof Whole;
}

/** Not if `forward` was overridden below it: then it does what another `forward` did. */
function ownBatch(operator: Invocable): Batching | undefined {
  if (!hasStockInvoke(operator) || !hasBatch(operator)) return undefined;
  for (let at: object | undefined = operator; at !== undefined; at = prototypeOf(at)) {
    if (Object.hasOwn(at, 'forwardBatch')) return operator;
    if (Object.hasOwn(at, 'forward')) return undefined;
  }
  return undefined;
}

function hasBatch(operator: Forwarding): operator is Batching {
  return 'forwardBatch' in operator && typeof operator.forwardBatch === 'function';
}

/** The same operator, whose `forward` takes the list: so that its class's limit, and its name, stay what they are. */
function wholeBatch(operator: Batching, name: string, length: number): Forwarding {
  const forward = async (inputs: unknown, context: OperatorContext): Promise<Whole> => {
    const results = await operator.forwardBatch(inputs, context);
    if (!Array.isArray(results) || results.length !== length) throw badBatch(name, length, results);
    return new Whole(results);
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it inherits all that `operator` has
  return Object.create(operator, { forward: { value: forward } }) as Forwarding;
}
