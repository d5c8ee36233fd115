/** When steps begin: the one interface that schedulers implement, and that users may implement too. */
import type { Plan } from '../plan.ts';

/**
 * Decides when the steps of a run begin, never what they do: it sees the plan only.
 *
 * Contract, checked for every implementation by test/schedulers.conformance.ts:
 * 1. a step is started only after every step that it waits for has ended;
 * 2. each step is started at most once;
 * 3. progress: when `begin` or `ended` returns, a started step has not ended yet, or all steps have;
 * 4. `start` answers whether the step has ended already; `ended` is not called for it then. 100 000 steps may do so one
 *    after another: go on in a loop, not by recursion;
 * 5. `ended` is called once for every other started step, never while `begin`, `start` or `ended` is running;
 * 6. a run that is over calls `ended` no more, so nothing may depend on being told of the last step;
 * 7. no state outside `begin`: one scheduler serves any number of runs at once.
 *
 * Steps that an earlier failure made unnecessary are started like others: they end at once and do nothing. A limit on
 * calls and the order among calls that wait for it are the run's, over all nested runs.
 *
 * @example
 * const oneByOne: Scheduler = {
 *   name: 'one by one',
 *   begin(plan, start) {
 *     let next = 0;
 *     const advance = (): void => {
 *       while (next < plan.size && start(next++));
 *     };
 *     advance();
 *     return advance;
 *   },
 * };
 */
export interface Scheduler {
  readonly name: string;
  /** Steps run one after another, and so the iterations of a loop do too. @default false */
  readonly isSequential?: boolean | undefined;
  /** How many calls may be in flight at once, unless the options of the run say it. */
  readonly maxConcurrency?: number | undefined;
  /** Begins one run. Answers the function that the run calls each time a step has ended after its `start` returned. */
  begin(plan: Plan, start: (step: number) => boolean): (ended: number) => void;
}
