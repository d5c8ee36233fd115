/** Functions as operators: they stay callable as they are, and have `invoke`. */
import { INFERRED_EFFECT } from './abi.ts';
import { OPERATOR, STOCK_INVOKE, type Forwarding } from './brand.ts';
import { declaredEffect } from './declared-effect.ts';
import type { Effect, InferredEffect } from './descriptor.ts';
import { badOption, notAFunction, unknownOption } from './errors.ts';
import { invokeOperator } from './invoke.ts';
import type { ExecutionOptions } from './options.ts';
import type { OperatorLike } from './operator.ts';

/** Any function: it is called with an input and, if it asks for one, an `OperatorContext`. */
export type AnyFunction = (...args: never[]) => unknown;

/** What a function takes; nothing at all for one without parameters. */
export type InputOf<F extends AnyFunction> = Parameters<F> extends readonly [] ? void : Parameters<F>[0];

/** The function itself, and an operator. */
export type FunctionOperator<F extends AnyFunction> = F &
  OperatorLike<InputOf<F>, Awaited<ReturnType<F>>> & {
    /** How calls may be ordered, if it was declared. */
    readonly effect?: Effect;
  };

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
    return Reflect.apply(fn, this, args);
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `call` does what `fn` does
  return brandFunction(call, fn, { name, effect, inferred }) as unknown as FunctionOperator<F>;
}

interface Traits {
  readonly name: string;
  readonly effect?: Effect | undefined;
  readonly inferred?: InferredEffect | undefined;
}

/** Gives `call` what makes an operator of it; `forward` is what `invoke` runs. */
export function brandFunction<C extends AnyFunction>(
  call: C,
  forward: AnyFunction,
  { name, effect, inferred }: Traits,
): C & Forwarding {
  const invoke = function (input: unknown, options?: ExecutionOptions): Promise<unknown> {
    return invokeOperator(branded, input, options);
  };
  Object.defineProperties(call, {
    name: { value: name, configurable: true },
    length: { value: forward.length, configurable: true },
    // May be mocked like the method of a class; `forward` may not, for effects are known by it.
    invoke: { value: invoke, writable: true, configurable: true },
    forward: { value: forward },
    effect: { value: effect },
    [OPERATOR]: { value: true },
    [STOCK_INVOKE]: { value: invoke },
    [INFERRED_EFFECT]: { value: inferred },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has just been given both methods
  const branded = call as C & Forwarding;
  return branded;
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
