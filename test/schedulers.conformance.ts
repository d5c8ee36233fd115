import fc from 'fast-check';
import { expect, it } from 'vitest';
import { run } from '../runtime/run.ts';
import type { Scheduler } from '../runtime/schedulers/scheduler.ts';
import { gives, runnableOf, settings, type StepOf } from './helpers/descriptors.ts';
import { anyDag, anyInterleaving, observe, planOf } from './helpers/plans.ts';

/** The contract of `Scheduler` as tests. Call it inside a `describe` for every implementation. */
export function conforms(scheduler: Scheduler): void {
  it('starts a step only after all that it waits for has ended (1)', () => {
    fc.assert(
      fc.property(anyDag, anyInterleaving, (dag, interleaving) => {
        expect(observe(scheduler, dag, interleaving).tooEarly).toEqual([]);
      }),
    );
  });

  it('starts each step exactly once, and never stops before the last (2, 3)', () => {
    fc.assert(
      fc.property(anyDag, anyInterleaving, (dag, interleaving) => {
        const { started, stalled } = observe(scheduler, dag, interleaving);
        expect(stalled).toBe(false);
        expect(started.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: dag.size }, (_, step) => step),
        );
      }),
    );
  });

  it('goes through 100 000 steps that end at once without growing the stack (4)', () => {
    const size = 100_000;
    const chain = Array.from({ length: size - 1 }, (_, step) => [step, step + 1] as const);
    let started = 0;
    scheduler.begin(planOf({ size, edges: chain }), () => {
      started++;
      return true;
    });
    expect(started).toBe(size);
  });

  it('serves several runs at once, of one plan (7)', () => {
    const plan = planOf({ size: 2, edges: [[0, 1]] });
    const runs = [0, 1].map(() => {
      const started: number[] = [];
      const ended = scheduler.begin(plan, (step) => {
        started.push(step);
        return false;
      });
      return { started, ended };
    });
    for (const { started, ended } of runs.toReversed()) {
      expect(started).toEqual([0]);
      ended(0);
      expect(started).toEqual([0, 1]);
    }
  });

  it('gives every run the result, or the failure, of one step after another', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyDag,
        fc.scheduler(),
        fc.nat(11),
        fc.boolean(),
        async (dag, interleaving, bad, fails) => {
          const boom = new Error('boom');
          const parts = Array.from({ length: dag.size }, (_, step): StepOf => {
            const after = dag.edges.filter((edge) => edge[1] === step).map(([before]) => before);
            const work = async (): Promise<number> => {
              await interleaving.schedule(Promise.resolve(), `step ${step}`);
              if (fails && step >= bad) throw step === bad ? boom : new Error(`step ${step}`);
              return step;
            };
            return { kind: 'async', code: work, outputs: [`s${step}`], after };
          });
          const slots = parts.flatMap(({ outputs = [] }) => outputs);
          const result = run(runnableOf([...parts, gives(...slots)]), {}, 'q', settings({ scheduler }));
          const outcome = await interleaving.waitFor(
            result.then(
              (value) => ({ value, error: undefined }),
              (error: unknown) => ({ value: undefined, error }),
            ),
          );
          const mustFail = fails && bad < dag.size;
          expect(outcome.error).toBe(mustFail ? boom : undefined);
          expect(outcome.value).toEqual(mustFail ? undefined : [...parts.keys()]);
        },
      ),
      { numRuns: 60 },
    );
  });
}
