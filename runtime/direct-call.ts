/**
 * The call that most calls are: of an operator of ours that runs as written, with an input and nothing that could delay it
 * or stop it from elsewhere. Whatever is more than that is a `Call`.
 */
import type { Forwarding } from './brand.ts';
import { CallContext } from './call-context.ts';
import type { CallInFlight } from './in-flight.ts';
import type { Frame } from './frame.ts';
import type { Limiter } from './limiter.ts';
import { promiseOf } from './thenable.ts';
import type { OpenCall } from './tracing/watch.ts';

export class DirectCall implements CallInFlight {
  frame: Frame;
  step: number;
  previous: CallInFlight | undefined = undefined;
  next: CallInFlight | undefined = undefined;
  readonly #context = new CallContext();
  /** The limit of the run, which has given it its slot. */
  readonly #limiter: Limiter | undefined;
  /** Somebody records it. */
  readonly #recorded: OpenCall | undefined;
  #isOver = false;

  constructor(frame: Frame, step: number, limiter: Limiter | undefined, recorded: OpenCall | undefined) {
    this.frame = frame;
    this.step = step;
    this.#limiter = limiter;
    this.#recorded = recorded;
    frame.inFlight.add(this);
  }

  /** Its step gets the outcome, perhaps before this returns. */
  begin(operator: Forwarding, input: unknown): void {
    let promise: Promise<unknown> | undefined;
    let value: unknown;
    try {
      value = this.#forward(operator, input);
      promise = promiseOf(value);
    } catch (error) {
      return this.#settle(true, error);
    }
    if (promise === undefined) return this.#settle(false, value);
    promise.then(
      (result) => this.#settle(false, result),
      (error: unknown) => this.#settle(true, error),
    );
  }

  #forward(operator: Forwarding, input: unknown): unknown {
    if (this.#recorded === undefined) return operator.forward(input, this.#context);
    return this.#recorded.within(() => operator.forward(input, this.#context));
  }

  cancel(reason: unknown): void {
    if (this.#isOver) return;
    this.#leave();
    this.#limiter?.admitNext();
    CallContext.abort(this.#context, reason);
  }

  abort(reason: unknown): void {
    this.cancel(reason);
  }

  /** It has started. */
  becomeDue(): void {}

  #settle(failed: boolean, value: unknown): void {
    this.#recorded?.end(failed, value);
    if (this.#isOver) return;
    this.#leave();
    this.frame.stepEnded(this.step, failed, value);
    // Only now, so that calls which have just become ready compete for the slot with those that wait.
    this.#limiter?.admitNext();
  }

  #leave(): void {
    this.#isOver = true;
    this.frame.inFlight.remove(this);
    this.#limiter?.leave();
  }
}
