/**
 * How fast a program could be: an estimate that shares nothing with the compiler. The code as written runs many times, each
 * time with one thing changed, which shows who depends on whom; with what the law of design.md, §2, says of effects, of
 * memory that others can see and of failures, the longest path of the virtual latencies follows.
 */
import { experiment } from './oracle-experiments.ts';
import { Law } from './oracle-law.ts';
import { longestPath, unitOf } from './oracle-path.ts';
import { observe } from './oracle-run.ts';
import { keyOf, type Schedule } from './world.ts';

export interface Estimate {
  readonly written: number;
  readonly ideal: number;
  /** Whether a call must wait for an earlier one, both as `keyOf` has them. */
  readonly needs: (before: string, after: string) => boolean;
}

/** Answers nothing if the program fails by itself. */
export async function estimate(source: string, schedule: Schedule): Promise<Estimate | undefined> {
  const program = observe(source);
  const base = await program.run(schedule);
  if (base.outcome.kind !== 'result') return undefined;
  const { units } = base.observer;
  const law = new Law(await experiment(program, schedule, base), base.observer);
  const path = longestPath(units, { law, isCompiled: program.isCompiled, settledAt: base.settledAt });
  const unitsOf = (key: string): ReturnType<typeof unitOf> => unitOf(units, (call) => keyOf(call) === key);
  return {
    written: base.settledAt,
    ideal: path.length,
    needs: (before, after) =>
      unitsOf(before).some((one) => unitsOf(after).some((other) => path.needs(one, other))),
  };
}
