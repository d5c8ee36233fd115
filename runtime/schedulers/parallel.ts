import { badOption } from '../errors.ts';
import { Countdown, type Plan, type StepList } from '../plan.ts';
import type { Scheduler } from './scheduler.ts';

/** The limit that a parallel scheduler brings with it. */
export interface ParallelDispatchOptions {
  /** How many calls may be in flight at once, unless the options of the run say it. @default the run's */
  readonly maxConcurrency?: number;
}

/**
 * Starts each step the moment that the last step it waits for has ended; steps that become ready together, in program
 * order. Throws `XCS1001` for a limit that is not a whole number from 1 up or `Infinity`.
 *
 * @example
 * const scheduler = new TopologicalSchedulerWithParallelDispatch({ maxConcurrency: 8 });
 * await executionOptions({ scheduler }, () => answer.invoke(input));
 */
export class TopologicalSchedulerWithParallelDispatch implements Scheduler {
  readonly name: string = 'parallel';
  readonly maxConcurrency: number | undefined;

  constructor({ maxConcurrency }: ParallelDispatchOptions = {}) {
    if (maxConcurrency !== undefined && !isLimit(maxConcurrency)) {
      const where = 'TopologicalSchedulerWithParallelDispatch';
      throw badOption(where, 'maxConcurrency', maxConcurrency, 'a whole number from 1 up or `Infinity`');
    }
    this.maxConcurrency = maxConcurrency;
  }

  begin(plan: Plan, start: (step: number) => boolean): (ended: number) => void {
    const countdown = new Countdown(plan);
    const ready = new Ready(countdown.initial());
    const drain = (): void => {
      for (let step = ready.take(); step !== NO_STEP; step = ready.take())
        if (start(step)) countdown.end(step, ready);
    };
    drain();
    return (ended) => {
      countdown.end(ended, ready);
      drain();
    };
  }
}

function isLimit(value: number): boolean {
  return value === Infinity || (Number.isInteger(value) && value >= 1);
}

const NO_STEP = -1;

/** The steps that are ready but not started, ascending. Nearly all are added at an end, so this beats a heap. */
class Ready implements StepList {
  /** Those from `#head` up to `#tail`. The array keeps its length, for to cut it costs more than a small step. */
  readonly #steps: number[];
  #head = 0;
  #tail: number;

  constructor(steps: number[]) {
    this.#steps = steps;
    this.#tail = steps.length;
  }

  take(): number {
    if (this.#head < this.#tail) return this.#steps[this.#head++] ?? NO_STEP;
    this.#head = 0;
    this.#tail = 0;
    return NO_STEP;
  }

  add(step: number): void {
    const steps = this.#steps;
    if (this.#head === this.#tail || (steps[this.#tail - 1] ?? 0) < step) steps[this.#tail++] = step;
    else if (this.#head > 0 && step < (steps[this.#head] ?? 0)) steps[--this.#head] = step;
    else {
      const place = this.#placeOf(step);
      if (this.#tail === steps.length) steps.push(step);
      steps.copyWithin(place + 1, place, this.#tail);
      steps[place] = step;
      this.#tail++;
    }
  }

  #placeOf(step: number): number {
    let low = this.#head;
    let high = this.#tail;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#steps[middle] ?? 0) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
