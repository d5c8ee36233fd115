/** What makes an operator of a function: `invoke`, the brand, and what is known about its effect. */
import { INFERRED_EFFECT } from './abi.ts';
import { OPERATOR, STOCK_INVOKE, type Forwarding } from './brand.ts';
import type { Effect, InferredEffect } from './descriptor.ts';
import { invokeOperator } from './invoke.ts';
import type { ExecutionOptions } from './options.ts';

/** Any function: it is called with an input and, if it asks for one, an `OperatorContext`. */
export type AnyFunction = (...args: never[]) => unknown;

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
