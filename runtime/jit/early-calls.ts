/**
 * The calls of one run that were started early: which step each is for, those that are not used yet, and what the operators
 * that they are calls of looked like.
 */
import { Facts } from './facts.ts';
import type { LearntStep } from './learnt.ts';
import type { Prefetch } from './prefetch.ts';

/** What a call that was started early was started for, and when it ran, by the clock of whoever asks for that. */
export interface Foreseen {
  readonly step: LearntStep;
  readonly start: number | undefined;
  end: number | undefined;
}

/** What an operator looked like when the first of its calls that wait was started. */
interface State {
  readonly facts: Facts;
  calls: number;
}

export class EarlyCalls {
  /** A step is started early once, whatever becomes of it. */
  readonly #started = new Map<LearntStep, Prefetch>();
  /** Not used yet, and still good. */
  readonly #waiting = new Map<Prefetch, Foreseen>();
  /** By operator, which of its calls. */
  readonly #nths = new Map<object, Set<number>>();
  #running = 0;
  readonly #states = new Map<object, State>();
  /** Operators that were seen to change, or that may do so unseen. */
  readonly #barred = new Set<object>();

  /** How many wait to be used. */
  get size(): number {
    return this.#waiting.size;
  }

  /** How many of these run still. */
  get running(): number {
    return this.#running;
  }

  get waiting(): readonly Prefetch[] {
    return [...this.#waiting.keys()];
  }

  hasStarted(step: LearntStep): boolean {
    return this.#started.has(step);
  }

  /** One was started for this call of the operator. */
  isForeseen(operator: object, nth: number): boolean {
    return this.#nths.get(operator)?.has(nth) === true;
  }

  find(operator: object, input: unknown): Prefetch | undefined {
    for (const early of this.#waiting.keys()) if (early.isFor(operator, input)) return early;
    return undefined;
  }

  /** The result of the call that was started for a step, if it has one and is still good. */
  resultOf(step: LearntStep): { readonly value: unknown } | undefined {
    const early = this.#started.get(step);
    return early !== undefined && this.#waiting.has(early) ? early.result : undefined;
  }

  /** What the operator looks like is remembered. False for one that may not be called early. */
  admit(operator: object): boolean {
    if (this.#barred.has(operator)) return false;
    if (this.#states.has(operator)) return true;
    const facts = Facts.ofOperator(operator);
    if (facts === undefined) this.#barred.add(operator);
    else this.#states.set(operator, { facts, calls: 0 });
    return facts !== undefined;
  }

  add(early: Prefetch, foreseen: Foreseen): void {
    const { operator, nth } = foreseen.step;
    this.#waiting.set(early, foreseen);
    this.#running++;
    this.#started.set(foreseen.step, early);
    this.#nths.set(operator, (this.#nths.get(operator) ?? new Set()).add(nth));
    const state = this.#states.get(operator);
    if (state !== undefined) state.calls++;
  }

  /** It does not run any more. */
  end(early: Prefetch): void {
    if (this.#waiting.has(early)) this.#running--;
  }

  /** It waits no longer. */
  remove(early: Prefetch): Foreseen | undefined {
    const foreseen = this.#waiting.get(early);
    if (!this.#waiting.delete(early)) return undefined;
    if (early.isRunning) this.#running--;
    const state = this.#states.get(early.operator);
    if (state !== undefined && --state.calls === 0) this.#states.delete(early.operator);
    return foreseen;
  }

  /** Those that have read something that has changed since, and those that are stale for another reason. */
  findStale(isStale: (early: Prefetch) => boolean): readonly Prefetch[] {
    for (const [operator, { facts }] of this.#states) if (!facts.hold()) this.#barred.add(operator);
    return this.waiting.filter(
      (early) => this.#barred.has(early.operator) || !early.isFresh() || isStale(early),
    );
  }
}
