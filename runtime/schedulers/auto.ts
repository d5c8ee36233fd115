import type { Plan } from '../plan.ts';
import { TopologicalSchedulerWithParallelDispatch } from './parallel.ts';
import type { Scheduler } from './scheduler.ts';
import { TopologicalScheduler } from './serial.ts';

const serial: Scheduler = new TopologicalScheduler();
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
    return plan.overlap >= this.#parallelThreshold ? parallel : serial;
  }

  begin(plan: Plan, start: (step: number) => boolean): (ended: number) => void {
    return this.choose(plan).begin(plan, start);
  }
}
