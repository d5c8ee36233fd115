/** A call that runs `forward` as written, with what may delay it (a limit of its class) or stop it (a signal, a time limit). */
import type { Forwarding } from './brand.ts';
import { CallContext } from './call-context.ts';
import { timedOut } from './errors.ts';
import type { Limiter, Waiter } from './limiter.ts';
import type { RunSettings } from './settings.ts';
import { watch } from './tracing/watch.ts';

/** When a call must stop, whether or not `forward` heeds it. */
export type Stop = Pick<RunSettings, 'signal' | 'timeoutMs'>;

/** Settles as `forward` does, or rejects at once with the reason that it is stopped for. */
export function forwardAsWritten(
  self: Forwarding,
  input: unknown,
  { signal, timeoutMs = Infinity }: Stop,
  limit: Limiter | undefined,
): Promise<unknown> {
  if (signal?.aborted === true) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    new WrittenCall(self, input, limit, resolve, reject).begin(signal, timeoutMs);
  });
}

class WrittenCall implements Waiter {
  readonly #self: Forwarding;
  readonly #input: unknown;
  readonly #limit: Limiter | undefined;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;
  readonly #context = new CallContext();
  /** Sees what `forward` calls, when it learns from that. */
  readonly #observer = watch.here?.observer;
  #phase: 'waiting' | 'running' | 'over' = 'running';
  #admitted: (() => void) | undefined = undefined;
  #release: (() => void) | undefined = undefined;

  constructor(
    self: Forwarding,
    input: unknown,
    limit: Limiter | undefined,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ) {
    this.#self = self;
    this.#input = input;
    this.#limit = limit;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(signal: AbortSignal | undefined, timeoutMs: number): void {
    const onAbort = (): void => this.#stop(signal?.reason);
    const tooLate = (): void => this.#stop(timedOut(nameOf(this.#self), timeoutMs));
    const timer = timeoutMs === Infinity ? undefined : setTimeout(tooLate, timeoutMs);
    signal?.addEventListener('abort', onAbort);
    this.#release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    if (this.#limit === undefined || this.#limit.enter(this)) this.#run();
    else this.#wait(this.#limit);
  }

  isDue(): boolean {
    return true;
  }

  remaining(): number {
    return 1;
  }

  place(): readonly number[] {
    return [];
  }

  waitsFor(limit: Limiter): boolean {
    return this.#phase === 'waiting' && limit === this.#limit;
  }

  admit(): void {
    this.#phase = 'running';
    this.#admitted?.();
  }

  #wait(limit: Limiter): void {
    this.#phase = 'waiting';
    limit.wait(this);
    // Whoever gives a slot back does so in another async context; this brings the call back to its own.
    const admitted = new Promise<void>((resolve) => {
      this.#admitted = resolve;
    });
    void admitted.then(() => (this.#phase === 'running' ? this.#run() : undefined));
  }

  #run(): void {
    // In a promise of its own, so that what `forward` throws before there is one ends here, too.
    const outcome = new Promise<unknown>((resolve) => {
      resolve(this.#self.forward(this.#input, this.#context));
    });
    outcome.then(
      (value) => this.#end() && this.#resolve(value),
      (error: unknown) => this.#end() && this.#reject(error),
    );
  }

  #stop(reason: unknown): void {
    if (!this.#end()) return;
    this.#reject(reason);
    this.#observer?.refuse(reason);
    CallContext.abort(this.#context, reason);
  }

  /** False when the call is over already. */
  #end(): boolean {
    if (this.#phase === 'over') return false;
    const waited = this.#phase === 'waiting';
    this.#phase = 'over';
    this.#release?.();
    if (waited) this.#limit?.forget();
    else this.#limit?.leave();
    this.#limit?.admitNext();
    return true;
  }
}

function nameOf(self: Forwarding): string {
  return typeof self === 'function' ? (self as { readonly name: string }).name : self.constructor.name;
}
