import type { Plan } from '../plan.ts';
import { TopologicalSchedulerWithParallelDispatch } from './parallel.ts';
import type { Scheduler } from './scheduler.ts';
import { TopologicalScheduler } from './serial.ts';

/** What `auto` chooses where nothing can overlap: not asked for, so that what is called may still overlap its own calls. */
export const CHOSEN_SERIAL: Scheduler = new TopologicalScheduler();
const parallel: Scheduler = new TopologicalSchedulerWithParallelDispatch();

/** Program order where nothing is gained by leaving it: fewer than `parallelThreshold` calls can overlap. */
export class AutoScheduler implements Scheduler {
  readonly name: string = 'auto';
  readonly #parallelThreshold: number;

  constructor(parallelThreshold: number = 2) {
    this.#parallelThreshold = parallelThreshold;
  }

  /** What it comes down to for this plan. */
  choose(plan: Plan): Scheduler {
    return plan.overlap >= this.#parallelThreshold ? parallel : CHOSEN_SERIAL;
  }

  begin(plan: Plan, start: (step: number) => boolean): (ended: number) => void {
    return this.choose(plan).begin(plan, start);
  }
}
