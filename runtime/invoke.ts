/**
 * A call of an operator from outside any run: the compiled code if there is some and its guards hold, `forward` as written
 * if not. Either way the caller's signal and time limit stop it at once.
 */
import type { Forwarding } from './brand.ts';
import { CallContext } from './call-context.ts';
import { timedOut } from './errors.ts';
import { checkExecutionOptions, overlay, type ExecutionOptions } from './options.ts';
import { run } from './run.ts';
import { scopes } from './scope.ts';
import { prepareRun, stopOf, type RunSettings } from './settings.ts';

/** Always answers a promise: what `forward` throws before there is one becomes its rejection. */
export function invokeOperator(
  self: Forwarding,
  input: unknown,
  options?: ExecutionOptions,
): Promise<unknown> {
  try {
    const around = scopes.current;
    const given = options === undefined ? around : overlay(around, checkExecutionOptions('invoke', options));
    const prepared = prepareRun(self, given);
    if (prepared !== undefined) return run(prepared.linked, self, input, prepared.settings);
    // Promises of our own realm are passed on as they are.
    if (given === undefined && scopes.program === undefined)
      return Promise.resolve(self.forward(input, new CallContext()));
    return runAsWritten(self, input, stopOf(given));
  } catch (error) {
    return Promise.reject(error);
  }
}

type Stop = Pick<RunSettings, 'signal' | 'timeoutMs'>;

/** Rejects the moment that it is stopped, whether or not `forward` heeds it. */
function runAsWritten(
  self: Forwarding,
  input: unknown,
  { signal, timeoutMs = Infinity }: Stop,
): Promise<unknown> {
  if (signal?.aborted === true) return Promise.reject(signal.reason);
  const context = new CallContext();
  if (signal === undefined && timeoutMs === Infinity) return Promise.resolve(self.forward(input, context));
  return new Promise((resolve, reject) => {
    const release = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const stop = (reason: unknown): void => {
      release();
      reject(reason);
      CallContext.abort(context, reason);
    };
    const onAbort = (): void => stop(signal?.reason);
    const timer =
      timeoutMs === Infinity
        ? undefined
        : setTimeout(() => stop(timedOut(nameOf(self), timeoutMs)), timeoutMs);
    signal?.addEventListener('abort', onAbort);
    // In a promise of its own, so that what `forward` throws at once also ends here.
    new Promise((settle) => settle(self.forward(input, context))).finally(release).then(resolve, reject);
  });
}

function nameOf(self: Forwarding): string {
  return typeof self === 'function' ? (self as { readonly name: string }).name : self.constructor.name;
}
