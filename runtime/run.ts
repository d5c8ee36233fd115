/**
 * Runs a compiled body as the outermost one: everything nested in it shares its limit, and one abort or timeout stops it all.
 */
import { bodyActivation } from './activation.ts';
import { CallContext } from './call-context.ts';
import { timedOut } from './errors.ts';
import { Frame } from './frame.ts';
import { Limiter } from './limiter.ts';
import type { FrameEnd, Runnable } from './runnable.ts';
import { checked } from './schedulers/checked.ts';
import { scopes } from './scope.ts';
import type { RunSettings } from './settings.ts';
import { watch } from './tracing/watch.ts';

/** Settles when the code as written would; rejects with its error, or at once with the reason of an abort. */
export function run(
  runnable: Runnable,
  self: unknown,
  input: unknown,
  settings: RunSettings,
): Promise<unknown> {
  if (settings.signal?.aborted === true) return Promise.reject(settings.signal.reason);
  return new Promise((resolve, reject) => {
    new OutermostRun(runnable, self, input, settings, resolve, reject).begin();
  });
}

class OutermostRun implements FrameEnd {
  readonly #frame: Frame;
  readonly #context = new CallContext();
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  readonly #ended: (() => void) | undefined;
  readonly #startTimer: (() => ReturnType<typeof setTimeout>) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(
    runnable: Runnable,
    self: unknown,
    input: unknown,
    settings: RunSettings,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    const { scheduler, maxConcurrency, explicitLimit, signal, timeoutMs = Infinity } = settings;
    const { findNested, ambient, timer, ended } = settings;
    const abortable = signal !== undefined || timeoutMs !== Infinity;
    const limiter = maxConcurrency === Infinity ? undefined : new Limiter(maxConcurrency, !explicitLimit);
    const wrapsPromises = abortable || limiter !== undefined || timer?.seesAll === true;
    const scope = scopes.current;
    const shared = { findNested, limiter, wrapsPromises, window: maxConcurrency, scope, ambient, timer };
    this.#frame = new Frame(
      bodyActivation(runnable, {
        scheduler: checked(scheduler),
        isPaced: false,
        self,
        input,
        context: this.#context,
        shared,
        position: watch.here,
        end: this,
        owner: undefined,
      }),
    );
    this.#signal = signal;
    this.#ended = ended;
    this.#resolve = resolve;
    this.#reject = reject;
    const tooLate = (): void => this.#abort(timedOut(runnable.compiled.descriptor.name, timeoutMs));
    this.#startTimer = timeoutMs === Infinity ? undefined : () => setTimeout(tooLate, timeoutMs);
  }

  begin(): void {
    this.#signal?.addEventListener('abort', this);
    this.#timer = this.#startTimer?.();
    this.#frame.begin();
  }

  handleEvent(): void {
    this.#abort(this.#signal?.reason);
  }

  frameEnded(failed: boolean, value: unknown): void {
    this.#frame.shared.timer?.runEnded();
    this.#ended?.();
    this.#release();
    if (failed) this.#reject(value);
    else this.#resolve(value);
  }

  #abort(reason: unknown): void {
    this.#release();
    this.#reject(reason);
    this.#frame.stop(reason, true);
    CallContext.abort(this.#context, reason);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this);
  }
}
