/**
 * Watches a scheduler that we did not write: a step that it starts too early, twice, or after it said so itself would
 * corrupt the run silently. A scheduler that stops too soon is found by the run, whoever wrote it.
 */
import { brokenScheduler } from '../errors.ts';
import { Countdown } from '../plan.ts';
import { AutoScheduler } from './auto.ts';
import { TopologicalSchedulerWithParallelDispatch } from './parallel.ts';
import type { Scheduler } from './scheduler.ts';
import { TopologicalScheduler } from './serial.ts';

const OURS: ReadonlySet<unknown> = new Set([
  AutoScheduler.prototype,
  TopologicalScheduler.prototype,
  TopologicalSchedulerWithParallelDispatch.prototype,
]);

/** Only whether a step is ready is asked here. */
const NOWHERE = { add: (): void => {} };

/** Answers the scheduler itself if it is one of ours, whose contract tests check instead. */
export function checked(scheduler: Scheduler): Scheduler {
  if (OURS.has(Object.getPrototypeOf(scheduler))) return scheduler;
  return {
    name: scheduler.name,
    maxConcurrency: scheduler.maxConcurrency,
    isSequential: scheduler.isSequential,
    begin(plan, start) {
      const countdown = new Countdown(plan);
      const started = new Uint8Array(plan.size);
      // Thrown to the scheduler, which might catch it, and again to the run, which must know.
      let violation: { readonly error: unknown } | undefined;
      const check = (step: number): void => {
        if (violation !== undefined) throw violation.error;
        const what = violationOf(plan.size, step, started, countdown);
        if (what === undefined) return;
        violation = { error: brokenScheduler(scheduler.name, what) };
        throw violation.error;
      };
      const ended = scheduler.begin(plan, (step) => {
        check(step);
        started[step] = 1;
        const over = start(step);
        if (over) countdown.end(step, NOWHERE);
        return over;
      });
      if (violation !== undefined) throw violation.error;
      if (typeof ended !== 'function')
        throw brokenScheduler(scheduler.name, `\`begin\` answered ${typeof ended}, expected a function`);
      return (step) => {
        countdown.end(step, NOWHERE);
        ended(step);
        if (violation !== undefined) throw violation.error;
      };
    },
  };
}

function violationOf(
  size: number,
  step: number,
  started: Uint8Array,
  countdown: Countdown,
): string | undefined {
  if (!Number.isInteger(step) || step < 0 || step >= size) return `it started step ${step} of ${size} steps`;
  if (started[step] === 1) return `it started step ${step} twice`;
  if (!countdown.isReady(step)) return `it started step ${step} before all that it waits for had ended`;
  return undefined;
}
