/** Functions as operators: they stay callable as they are, and have `invoke`. */
import { withBatch } from './batch.ts';
import { brandFunction, type AnyFunction } from './brand-function.ts';
import { declaredEffect } from './declared-effect.ts';
import type { Effect, InferredEffect } from './descriptor.ts';
import { badOption, notAFunction, unknownOption } from './errors.ts';
import type { ExecutionOptions } from './options.ts';
import type { OperatorLike, SymbolicInvoke } from './operator.ts';
import { recording } from './autograph/recording.ts';

/** What a function takes; nothing at all for one without parameters. */
export type InputOf<F extends AnyFunction> = Parameters<F> extends readonly [] ? void : Parameters<F>[0];

/** The function itself, and an operator. */
export type FunctionOperator<F extends AnyFunction> = F &
  OperatorLike<InputOf<F>, Awaited<ReturnType<F>>> &
  SymbolicInvoke<InputOf<F>, Awaited<ReturnType<F>>> & {
    /** How calls may be ordered, if it was declared. */
    readonly effect?: Effect;
    /** Calls it with each of `inputs`, and answers the results in order. */
    batch(inputs: readonly InputOf<F>[], options?: ExecutionOptions): Promise<Awaited<ReturnType<F>>[]>;
  };

/** How an operator made of a function is called and ordered. */
export interface OperatorOptions {
  /** How calls may be ordered. @default what the body of the function shows, as far as it was compiled */
  readonly effect?: Effect;
  /** Its name in graphs, traces and messages. @default the name of the function */
  readonly name?: string;
}

const KNOWN = ['effect', 'name'];

/**
 * Makes an operator of a function. Throws an `XCSError` if it is not a function, or for an option that is not allowed.
 *
 * @example
 * const search = operator(async (q: string) => [q], { effect: { reads: 'index' }, name: 'search' });
 * await search.invoke('graphs'); // ['graphs']
 */
export function operator<F extends AnyFunction>(fn: F, options?: OperatorOptions): FunctionOperator<F>;
/** @internal emitted code only */
export function operator<F extends AnyFunction>(
  fn: F,
  options: OperatorOptions | undefined,
  inferred: InferredEffect | undefined,
): FunctionOperator<F>;
export function operator<F extends AnyFunction>(
  fn: F,
  options: OperatorOptions = {},
  inferred?: InferredEffect,
): FunctionOperator<F> {
  if (typeof fn !== 'function') throw notAFunction('operator', fn);
  const { effect, name = fn.name } = checkOptions(options);
  if (effect !== undefined) declaredEffect(effect, name === '' ? 'an anonymous operator' : `\`${name}\``);
  const call = function (this: unknown, ...args: never[]): unknown {
    if (recording.current !== undefined) return recording.current.record(branded, args[0]);
    return Reflect.apply(fn, this, args);
  };
  const branded = brandFunction(call, fn, { name, effect, inferred });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `call` does what `fn` does
  return withBatch(branded) as unknown as FunctionOperator<F>;
}

function checkOptions(options: unknown): OperatorOptions {
  if (typeof options !== 'object' || options === null)
    throw badOption('operator', 'options', options, 'an object');
  for (const key of Object.keys(options))
    if (!KNOWN.includes(key)) throw unknownOption('operator', key, KNOWN);
  const { name } = options as OperatorOptions;
  if (name !== undefined && typeof name !== 'string') throw badOption('operator', 'name', name, 'a string');
  return options;
}
