/** The class that operators extend. */
import { OPERATOR, STOCK_INVOKE, type OperatorContext } from './brand.ts';
import type { Effect } from './descriptor.ts';
import type { Liftable, Symbolic } from './autograph/symbolic.ts';
import { invokeBatch } from './batch.ts';
import { invokeOperator } from './invoke.ts';
import type { ExecutionOptions } from './options.ts';
import { decorationOf, isEnabled, learningOf, setEnabled } from './registry.ts';

export type { OperatorContext } from './brand.ts';

/** Options of one call: they win over those of scopes, of the class and of the program. */
export type InvokeOptions = ExecutionOptions;

/**
 * Anything that can be invoked: operators, function operators, and objects of others that are registered as such.
 *
 * @example
 * const search: OperatorLike<{ q: string }, string[]> = operator(async ({ q }: { q: string }) => [q]);
 */
export interface OperatorLike<I = unknown, O = unknown> {
  /** Calls it, always with a promise as the answer. */
  invoke(input: I, options?: InvokeOptions): Promise<O>;
}

/** In the function that `autograph` records: the call is recorded, and the answer is a handle for its result. */
export interface SymbolicInvoke<I = unknown, O = unknown> {
  invoke(input: Liftable<I>): Symbolic<O>;
}

/**
 * Something that is called with an input and answers an output: a model call, a tool, a query, or a composition of these.
 *
 * @example
 * class Greet extends Operator<string, string> {
 *   static override readonly effect = 'unordered';
 *   async forward(name: string) {
 *     return `Hello, ${name}!`;
 *   }
 * }
 * await new Greet().invoke('Ada'); // Hello, Ada!
 */
export abstract class Operator<I = unknown, O = unknown> implements OperatorLike<I, O> {
  /** How calls may be ordered. @default what the body of `forward` shows, as far as it was compiled */
  declare static readonly effect?: Effect;
  /** The most calls of instances of this class at once, over all runs. @default Infinity */
  declare static readonly maxConcurrency?: number;

  /** What a call does. To be written; called by `invoke`, not by users. */
  abstract forward(input: I, context: OperatorContext): O | PromiseLike<O>;

  /**
   * Calls the operator: its compiled code, or `forward` as written. Rejects with what `forward` throws, with the reason of
   * an aborted signal, or with an `XCSError` for options that are not allowed.
   *
   * @example
   * await answer.invoke({ q: 'why?' }, { signal: AbortSignal.timeout(1000) });
   */
  invoke(input: I, options?: InvokeOptions): Promise<O>;
  /** In a function that `autograph` records: a handle for what the call will give. */
  invoke(input: Liftable<I>): Symbolic<O>;
  invoke(input: I, options?: InvokeOptions): Promise<O> | Symbolic<O> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whatever runs, `forward` says what comes out
    return invokeOperator(this, input, options) as Promise<O>;
  }

  /**
   * Calls the operator with each of `inputs`, and answers the results in order: by its own `forwardBatch(inputs, context)`
   * at once where it has one, else by one call for each, which overlap as those of `vmap` do.
   *
   * @example
   * await search.batch(['a', 'b']); // [['a'], ['b']]
   */
  batch(inputs: readonly I[], options?: InvokeOptions): Promise<O[]> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each result is what `forward` gives
    return invokeBatch(this, inputs, options) as Promise<O[]>;
  }

  /** Lets calls of this instance run its compiled code again, after `disableJit`. */
  enableJit(): void {
    setEnabled(this, true);
  }

  /** Makes calls of this instance run `forward` as written. */
  disableJit(): void {
    setEnabled(this, false);
  }

  /** Whether the class is decorated and calls of this instance may run its compiled code, or learn. */
  get jitEnabled(): boolean {
    return (decorationOf(this) !== undefined || learningOf(this) !== undefined) && isEnabled(this);
  }
}

Object.defineProperty(Operator.prototype, OPERATOR, { value: true });
// oxlint-disable-next-line typescript/unbound-method -- only compared, never called
Object.defineProperty(Operator.prototype, STOCK_INVOKE, { value: Operator.prototype.invoke });
