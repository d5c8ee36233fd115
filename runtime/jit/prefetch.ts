/** A call that was started before the code reached it, and what it must find unchanged to be of use. */
import type { Forwarding } from '../brand.ts';
import { notReached } from '../errors.ts';
import { invokeOperator } from '../invoke.ts';
import { scopes } from '../scope.ts';
import { nameOfOperator } from '../tracing/trace-record.ts';
import type { Facts } from './facts.ts';
import { inPlaceOf, isSameInput } from './same-input.ts';
import { holdsAny, type Made } from './template.ts';

export class Prefetch {
  readonly operator: Forwarding;
  readonly reads: ReadonlySet<unknown>;
  readonly #made: Made;
  readonly #facts: Facts;
  readonly #controller = new AbortController();
  readonly #promise: Promise<unknown>;
  /** Its result, once it has one that may be used. */
  result: { readonly value: unknown } | undefined = undefined;
  /** It runs still. */
  isRunning = true;
  /** What it took, once it has ended. */
  milliseconds: number | undefined = undefined;
  readonly #begun = performance.now();
  /** Holds back a failure. */
  #timer: ReturnType<typeof setTimeout> | undefined = undefined;

  constructor(
    operator: Forwarding,
    reads: ReadonlySet<unknown>,
    made: Made,
    facts: Facts,
    ended: () => void,
  ) {
    this.operator = operator;
    this.reads = reads;
    this.#made = made;
    this.#facts = facts;
    // In a scope, so that the abort reaches the calls that it makes, and keeps it from making more.
    const { signal } = this.#controller;
    this.#promise = scopes.enter({ signal }, () => invokeOperator(operator, made.value));
    void this.#follow(ended);
  }

  async #follow(ended: () => void): Promise<void> {
    try {
      const value = await this.#promise;
      if (!holdsAny(value, this.#made.fresh)) this.result = { value };
    } catch {
      // Whoever adopts the call sees its error, and nobody else does.
    }
    this.isRunning = false;
    this.milliseconds = performance.now() - this.#begun;
    ended();
  }

  /** Nothing that it may have read has changed since it started. */
  isFresh(): boolean {
    return this.#facts.hold();
  }

  isFor(operator: object, input: unknown): boolean {
    return operator === this.operator && isSameInput(this.#made.value, input);
  }

  /**
   * Its outcome, as that of the call that the code makes now, with an equal `input`. A result that holds on to objects which
   * stand in the places of those of the code is not what the code would get, so then the call is made after all. A failure
   * comes no sooner than that of a call which begins now: the code may hold the promise, and a failure that comes before it is
   * awaited is one that nobody handles.
   */
  async adopt(input: unknown, callAfterAll: () => unknown): Promise<unknown> {
    const reached = performance.now();
    const foreign = inPlaceOf(input, this.#made.value);
    let value: unknown;
    try {
      value = await this.#promise;
    } catch (error) {
      await this.#until(reached + (this.milliseconds ?? 0));
      throw error;
    }
    if (holdsAny(value, foreign)) this.result = undefined;
    return this.result === undefined ? callAfterAll() : value;
  }

  /** Nobody waits for its outcome any more: the run is aborted. */
  abandon(reason: unknown): void {
    clearTimeout(this.#timer);
    if (this.isRunning) this.#controller.abort(reason);
  }

  /** Timers take a millisecond at least, so what is left of one is not waited for. */
  #until(time: number): Promise<void> | undefined {
    const left = time - performance.now();
    if (left < 1) return undefined;
    return new Promise((resolve) => {
      this.#timer = setTimeout(resolve, left);
    });
  }

  /** Nobody wants its outcome. */
  drop(): void {
    if (this.isRunning) this.#controller.abort(notReached(nameOfOperator(this.operator)));
  }
}
