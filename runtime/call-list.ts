/** The calls in flight of one frame, by step: linked lists, so that a call comes and goes at no cost to the others. */
import type { Call } from './call.ts';

export class CallList {
  readonly #first: (Call | undefined)[];
  #size = 0;

  constructor(steps: number) {
    // oxlint-disable-next-line unicorn/no-new-array -- a run of many steps begins ten times slower with `Array.from`
    this.#first = new Array<Call | undefined>(steps);
  }

  get size(): number {
    return this.#size;
  }

  add(call: Call): void {
    const first = this.#first[call.step];
    call.previous = undefined;
    call.next = first;
    if (first !== undefined) first.previous = call;
    this.#first[call.step] = call;
    this.#size++;
  }

  remove(call: Call): void {
    const { previous, next } = call;
    if (previous === undefined) this.#first[call.step] = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    this.#size--;
  }

  /** The calls of one step, oldest first. A copy: whoever asks is about to end them. */
  of(step: number): readonly Call[] {
    let call = this.#first[step];
    if (call === undefined) return NONE;
    const calls: Call[] = [];
    for (; call !== undefined; call = call.next) calls.push(call);
    return calls.toReversed();
  }
}

const NONE: readonly Call[] = [];
