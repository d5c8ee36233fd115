/**
 * A call of an operator from outside any run: the compiled code if there is some and its guards hold, `forward` as written
 * if not. Either way the caller's signal and time limit stop it at once.
 */
import { recording } from './autograph/recording.ts';
import type { Forwarding } from './brand.ts';
import type { AnyFunction } from './brand-function.ts';
import { CallContext } from './call-context.ts';
import { classLimitOf } from './limiter.ts';
import type { NodeCalls } from './node-calls.ts';
import { checkExecutionOptions, overlay, type ExecutionOptions } from './options.ts';
import { run } from './run.ts';
import { scopes } from './scope.ts';
import { measured, prepareRun, stopOf } from './settings.ts';
import { watch } from './tracing/watch.ts';
import { verifyCall } from './verify-effects.ts';
import { forwardAsWritten } from './written-call.ts';

/** Always answers a promise: what `forward` throws before there is one becomes its rejection. */
export function invokeOperator(
  self: Forwarding,
  input: unknown,
  options?: ExecutionOptions,
): Promise<unknown> {
  const { current } = recording;
  // A handle is no promise, but `autograph` says so in its types.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (current !== undefined) return current.record(self, input) as Promise<unknown>;
  const position = watch.here;
  if (position === undefined) return invokeUnwatched(self, input, options);
  const proceed = (): unknown => invokeUnwatched(self, input, options);
  return Promise.resolve(watch.call(position, self, input, options, proceed));
}

/** A direct call of a function that learns: the function gets just what it is called with, and answers in its own way. */
export function callFunction(
  self: Forwarding,
  fn: AnyFunction,
  receiver: unknown,
  args: readonly never[],
): unknown {
  const [input] = args;
  const { current } = recording;
  if (current !== undefined) return current.record(self, input);
  const forward = (): unknown => Reflect.apply(fn, receiver, args);
  const proceed = isAsync(fn)
    ? (): unknown => invokeUnwatched({ forward, invoke: (one) => self.invoke(one) }, input)
    : forward;
  const position = watch.here;
  return position === undefined ? proceed() : watch.call(position, self, input, undefined, proceed);
}

function isAsync(fn: AnyFunction): boolean {
  return Object.prototype.toString.call(fn) === '[object AsyncFunction]';
}

/** The same as `invokeOperator`, and `calls` is told of what the code of `self` calls, if it is compiled or learns. */
export function invokeTimed(
  self: Forwarding,
  input: unknown,
  options: ExecutionOptions | undefined,
  calls: NodeCalls,
): Promise<unknown> {
  if (watch.here === undefined) return invokeUnwatched(self, input, options, calls);
  const proceed = (): unknown => invokeUnwatched(self, input, options, calls);
  return watch.enter({ witness: calls }, () =>
    Promise.resolve(watch.call(watch.position, self, input, options, proceed)),
  );
}

function invokeUnwatched(
  self: Forwarding,
  input: unknown,
  options?: ExecutionOptions,
  calls?: NodeCalls,
): Promise<unknown> {
  try {
    const around = scopes.current;
    const given = options === undefined ? around : overlay(around, checkExecutionOptions('invoke', options));
    const verify = given?.verifyEffects ?? scopes.program?.verifyEffects ?? false;
    if (verify !== false) return verifyCall(self, input, verify, () => invokeAsWritten(self, input, given));
    const prepared = prepareRun(self, given);
    if (prepared !== undefined) {
      const { linked, settings } = prepared;
      calls?.runBegins();
      return run(linked, self, input, measured(linked, settings, calls));
    }
    return invokeAsWritten(self, input, given);
  } catch (error) {
    return Promise.reject(error);
  }
}

function invokeAsWritten(
  self: Forwarding,
  input: unknown,
  given: ExecutionOptions | undefined,
): Promise<unknown> {
  const limit = classLimitOf(self);
  const stop = given === undefined && scopes.program === undefined ? undefined : stopOf(given);
  if (limit !== undefined || stop?.signal !== undefined || stop?.timeoutMs !== undefined)
    return forwardAsWritten(self, input, stop ?? NEVER, limit);
  // Promises of our own realm are passed on as they are.
  return Promise.resolve(self.forward(input, new CallContext()));
}

const NEVER = { signal: undefined, timeoutMs: undefined };
