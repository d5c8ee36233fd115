import type { Plan } from '../plan.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * Runs the steps in program order, each after the one before has ended: exactly the code as written.
 *
 * @example
 * await executionOptions({ scheduler: new TopologicalScheduler() }, () => answer.invoke(input));
 */
export class TopologicalScheduler implements Scheduler {
  readonly name: string = 'sequential';
  readonly isSequential: boolean = true;

  begin(plan: Plan, start: (step: number) => boolean): (ended: number) => void {
    let next = 0;
    // Program order respects all dependences, so there is nothing to count.
    const advance = (): void => {
      while (next < plan.size && start(next++));
    };
    advance();
    return advance;
  }
}
