/**
 * What is in flight of one frame, by step: its calls, as linked lists, so that one comes and goes at no cost to the others, and
 * the loops and `try` statements that run.
 */
import type { Frame } from './frame.ts';
import type { Activity, Owner } from './runnable.ts';

/** A call from its start to its end, as its frame sees it. */
export interface CallInFlight {
  /** The frame and step that it counts for: those that made it, until they are over and it lives on in the caller's. */
  frame: Frame;
  step: number;
  /** The calls of one step are a list. */
  previous: CallInFlight | undefined;
  next: CallInFlight | undefined;
  /** Nobody will see the outcome: the code as written would not have made this call, or not yet. */
  cancel(reason: unknown): void;
  /** The run is aborted: whoever waits for this call learns it at once. */
  abort(reason: unknown): void;
  /** The code as written would start this call now. */
  becomeDue(): void;
}

export class InFlight {
  readonly #steps: number;
  /** Neither is made before it is needed: most activations of small bodies need none. */
  #calls: (CallInFlight | undefined)[] | undefined = undefined;
  #activities: Map<number, Activity> | undefined = undefined;
  #count = 0;

  constructor(steps: number) {
    this.#steps = steps;
  }

  add(call: CallInFlight): void {
    // oxlint-disable-next-line unicorn/no-new-array -- a run of many steps begins ten times slower with `Array.from`
    this.#calls ??= new Array<CallInFlight | undefined>(this.#steps);
    const first = this.#calls[call.step];
    call.previous = undefined;
    call.next = first;
    if (first !== undefined) first.previous = call;
    this.#calls[call.step] = call;
    this.#count++;
  }

  remove(call: CallInFlight): void {
    const { previous, next } = call;
    if (previous !== undefined) previous.next = next;
    else if (this.#calls !== undefined) this.#calls[call.step] = next;
    if (next !== undefined) next.previous = previous;
    this.#count--;
  }

  /** The calls of one step, oldest first. A copy: whoever asks is about to end them. */
  callsOf(step: number): readonly CallInFlight[] {
    let call = this.#calls?.[step];
    if (call === undefined) return NONE;
    if (call.next === undefined) return [call];
    const calls: CallInFlight[] = [];
    for (; call !== undefined; call = call.next) calls.push(call);
    return calls.toReversed();
  }

  activityOf(step: number): Activity | undefined {
    return this.#activities?.get(step);
  }

  beginActivity(step: number, activity: Activity): void {
    this.#activities ??= new Map();
    this.#activities.set(step, activity);
  }

  endActivity(step: number): void {
    this.#activities?.delete(step);
  }

  /** Stops everything. Calls up to `reached` learn why; nobody hears of the others. */
  stop(reason: unknown, reached: number): void {
    if (this.#count > 0)
      for (let step = 0; step < this.#steps; step++)
        for (const call of this.callsOf(step)) {
          if (step <= reached) call.abort(reason);
          else call.cancel(reason);
        }
    for (const activity of this.#activities?.values() ?? []) activity.cancel(reason);
  }

  /** Cancels what is in flight of `step`, which the code as written would not have got to. */
  cancel(step: number, reason: () => unknown): void {
    for (const call of this.callsOf(step)) call.cancel(reason());
    this.activityOf(step)?.cancel(reason());
    this.endActivity(step);
  }

  becomeDue(step: number): void {
    for (const call of this.callsOf(step)) call.becomeDue();
    this.activityOf(step)?.becomeDue();
  }

  /** Calls that nobody awaited live on, and stay within reach of an abort. */
  handOver(owner: Owner): void {
    if (this.#count === 0) return;
    for (let step = 0; step < this.#steps; step++)
      for (const call of this.callsOf(step)) {
        this.remove(call);
        call.frame = owner.frame;
        call.step = owner.step;
        owner.frame.inFlight.add(call);
      }
  }
}

const NONE: readonly CallInFlight[] = [];
