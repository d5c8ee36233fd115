/** Ends a run of code that learns from outside: what it has called fails at once, and what it calls later when it starts. */
import { handled, newDeferred, type Deferred } from '../thenable.ts';

/** Told how a call has ended, whether or not its code still waits for it. */
export type Ended = (failed: boolean, value: unknown) => void;

export class Refusal {
  readonly #pending = new Set<Deferred>();
  #because: { readonly reason: unknown } | undefined = undefined;

  refuse(reason: unknown): void {
    this.#because ??= { reason };
    for (const { promise, reject } of this.#pending) {
      handled(promise);
      reject(reason);
    }
    this.#pending.clear();
  }

  /** What a call answers from then on, instead of being started; nothing before. */
  answer(): Promise<never> | undefined {
    if (this.#because === undefined) return undefined;
    const refused = Promise.reject(this.#because.reason);
    handled(refused);
    return refused;
  }

  /** What the code gets for a call that has been started. */
  follow(outcome: Promise<unknown>, ended: Ended): Promise<unknown> {
    const call = newDeferred();
    this.#pending.add(call);
    const end = (failed: boolean, value: unknown): void => {
      this.#pending.delete(call);
      ended(failed, value);
      if (failed) call.reject(value);
      else call.resolve(value);
    };
    outcome.then(
      (value) => end(false, value),
      (error: unknown) => end(true, error),
    );
    return call.promise;
  }
}
