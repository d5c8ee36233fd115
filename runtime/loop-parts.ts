/**
 * Who waits for one step in each iteration of a loop, while the loop goes on: what follows a loop needs what its iterations
 * leave, and seldom their ends.
 */
import type { Frame } from './frame.ts';
import type { Part } from './waits.ts';

/** An iteration, as those see it who wait for a step in it. */
export interface Followed {
  readonly body: Frame;
  readonly after: Followed | undefined;
  /** No other one follows. */
  readonly isLast: boolean;
}

export class LoopParts {
  /** Those that have got to the last iteration so far. */
  #open: (readonly [Followed, Part])[] = [];
  readonly #complete: (last: Frame, step: number) => void;

  /** `complete` hears of a step that has ended in each iteration before those do who wait for it. */
  constructor(complete: (last: Frame, step: number) => void) {
    this.#complete = complete;
  }

  /** `first`: the first iteration that has not ended. */
  add(first: Followed, part: Part): void {
    let at = first;
    for (;;) {
      const step = openIn(at.body, part);
      if (step !== undefined) return at.body.whenEnded(step, () => this.add(at, part));
      if (at.isLast) {
        if (part.isApart === undefined) this.#complete(at.body, part.step);
        return part.met();
      }
      if (at.after === undefined) return void this.#open.push([at, part]);
      at = at.after;
    }
  }

  /** Another iteration has begun, or none will. */
  goOn(): void {
    if (this.#open.length === 0) return;
    const open = this.#open;
    this.#open = [];
    for (const [at, part] of open) this.add(at, part);
  }
}

/** The step of the iteration, or block, that has to end before more can be said. */
export function openIn(frame: Frame, { step, isApart }: Part): number | undefined {
  if (frame.steps.hasEnded(step)) return undefined;
  const answer = isApart?.(frame) ?? false;
  if (answer === true) return undefined;
  return answer === false ? step : answer;
}
