import { badOption } from '../errors.ts';
import { Countdown, type Plan } from '../plan.ts';
import type { Scheduler } from './scheduler.ts';

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
    const add = (step: number): void => ready.add(step);
    const drain = (): void => {
      for (let step = ready.take(); step !== undefined; step = ready.take())
        if (start(step)) countdown.end(step, add);
    };
    drain();
    return (ended) => {
      countdown.end(ended, add);
      drain();
    };
  }
}

function isLimit(value: number): boolean {
  return value === Infinity || (Number.isInteger(value) && value >= 1);
}

/** The steps that are ready but not started, ascending. Nearly all are added at an end, so this beats a heap. */
class Ready {
  readonly #steps: number[];
  /** Everything before it has been taken. */
  #head = 0;

  constructor(steps: number[]) {
    this.#steps = steps;
  }

  take(): number | undefined {
    const steps = this.#steps;
    if (this.#head < steps.length) return steps[this.#head++];
    this.#head = 0;
    steps.length = 0;
    return undefined;
  }

  add(step: number): void {
    const steps = this.#steps;
    const last = steps.length - 1;
    if (this.#head > last || (steps[last] ?? 0) < step) steps.push(step);
    else if (this.#head > 0 && step < (steps[this.#head] ?? 0)) steps[--this.#head] = step;
    else steps.splice(this.#placeOf(step), 0, step);
  }

  #placeOf(step: number): number {
    let low = this.#head;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#steps[middle] ?? 0) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
