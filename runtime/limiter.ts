/**
 * A limit on calls in flight: one per outermost run, shared by the runs nested in it, and one per operator class that asks
 * for it. Calls that wait are a heap: longest remaining path first, then program order, then who came first.
 */
import { isObject } from './brand.ts';
import { pop, push } from './heap.ts';

/** A call as a limit sees it. */
export interface Waiter {
  /** The code as written would have started it by now. */
  isDue(): boolean;
  /** How many calls have to follow one another from here on, this one included. */
  remaining(): number;
  /** Where it stands in program order: steps, from the outermost frame inwards. */
  place(): readonly number[];
  /** Whether it still waits for this limit. */
  waitsFor(limit: Limiter): boolean;
  /** Its turn has come: it has its slot. */
  admit(): void;
}

/** A call that waits, with all that decides whose turn comes first. */
interface Waiting {
  readonly call: Waiter;
  readonly remaining: number;
  readonly place: readonly number[];
  readonly turn: number;
}

export class Limiter {
  readonly #limit: number;
  /** A limit that nobody asked for delays only calls that start earlier than the code as written would start them. */
  readonly #sparesDueCalls: boolean;
  #inFlight = 0;
  /** Calls in the heap that still wait; others have been admitted or cancelled, and are skipped when they come up. */
  #waiting = 0;
  #turns = 0;
  readonly #heap: Waiting[] = [];

  constructor(limit: number, sparesDueCalls: boolean) {
    this.#limit = limit;
    this.#sparesDueCalls = sparesDueCalls;
  }

  /** Calls wait that must be let in once the code as written would start them. */
  get watchesDueCalls(): boolean {
    return this.#sparesDueCalls && this.#waiting > 0;
  }

  /** Takes a slot if one is free. */
  enterFree(): boolean {
    if (this.#inFlight >= this.#limit || this.#waiting > 0) return false;
    this.#inFlight++;
    return true;
  }

  /** Takes a slot for `call` if it may start now. */
  enter(call: Waiter): boolean {
    if (this.enterFree()) return true;
    if (!this.#sparesDueCalls || !call.isDue()) return false;
    this.#inFlight++;
    return true;
  }

  /** Keeps `call` until a slot is free for it; then it is told by `admit`. */
  wait(call: Waiter): void {
    this.#waiting++;
    const turn = this.#turns++;
    push(this.#heap, { call, remaining: call.remaining(), place: call.place(), turn }, goesBefore);
  }

  /** Gives a waiting call its slot whether or not one is free: by now the code as written would have started it. */
  admitDue(call: Waiter): void {
    this.#waiting--;
    this.#inFlight++;
    call.admit();
  }

  /** A waiting call is not needed any more. */
  forget(): void {
    this.#waiting--;
    if (this.#waiting === 0) this.#heap.length = 0;
  }

  /** Gives a slot back; `admitNext` hands it on, once what the ended call set off has had its chance to wait for it. */
  leave(): void {
    this.#inFlight--;
  }

  admitNext(): void {
    while (this.#waiting > 0 && this.#inFlight < this.#limit) {
      const call = pop(this.#heap, goesBefore)?.call;
      if (call === undefined) return;
      if (!call.waitsFor(this)) continue;
      this.#waiting--;
      this.#inFlight++;
      call.admit();
    }
  }
}

const classLimits = new WeakMap<object, Limiter>();

/** The limit that the operator's class, or one that it extends, declares: one for all its instances and runs. */
export function classLimitOf(operator: unknown): Limiter | undefined {
  if (!isObject(operator)) return undefined;
  let owner: unknown = operator.constructor;
  if (typeof owner !== 'function' || !('maxConcurrency' in owner)) return undefined;
  while (typeof owner === 'function' && !Object.hasOwn(owner, 'maxConcurrency'))
    owner = Object.getPrototypeOf(owner);
  if (typeof owner !== 'function' || !('maxConcurrency' in owner)) return undefined;
  const limit = owner.maxConcurrency;
  if (typeof limit !== 'number' || !(limit >= 1)) return undefined;
  let limiter = classLimits.get(owner);
  if (limiter === undefined) {
    limiter = new Limiter(limit, false);
    classLimits.set(owner, limiter);
  }
  return limiter;
}

function goesBefore(one: Waiting, other: Waiting): boolean {
  if (one.remaining !== other.remaining) return one.remaining > other.remaining;
  const depth = Math.min(one.place.length, other.place.length);
  // Not by an iterator: this is what a call that waits costs most.
  for (let index = 0; index < depth; index++) {
    const difference = (one.place[index] ?? 0) - (other.place[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return one.turn < other.turn;
}
