/** The second argument of `invoke`, as far as a run deals with it itself. */
import { isObject } from './brand.ts';
import { joinSignals } from './options.ts';

/** The signal of options that hold nothing else. */
export function onlySignal(options: unknown): AbortSignal | undefined {
  if (!isObject(options) || !('signal' in options) || !(options.signal instanceof AbortSignal))
    return undefined;
  return Object.keys(options).every((name) => name === 'signal') ? options.signal : undefined;
}

/** The options with one more signal that stops the call. What is wrong with them is left for `invoke` to say. */
export function withSignal(options: unknown, signal: AbortSignal): unknown {
  if (options === undefined) return { signal };
  if (!isObject(options)) return options;
  const given = 'signal' in options ? options.signal : undefined;
  if (given !== undefined && !(given instanceof AbortSignal)) return options;
  return { ...options, signal: joinSignals(given, signal) };
}

/** Calls `interrupt` when the signal aborts, and then `settle`. Answers what ends that. */
export function whenAborted(signal: AbortSignal, interrupt: () => void, settle: () => void): () => void {
  // The listener runs in the async context of whoever aborts; `settle` runs in that of the call.
  let told = (): void => {};
  const interrupted = new Promise<void>((resolve) => {
    told = resolve;
  });
  void interrupted.then(settle);
  const listener = (): void => {
    interrupt();
    told();
  };
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
