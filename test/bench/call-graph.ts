/** Which calls of a program wait for which, found by experiment: what one call that takes for ever keeps from starting. */
import { runProgram, type Create } from '../helpers/run-program.ts';
import { limitedTo } from '../helpers/whole-runs.ts';
import { pathOf } from './program-baselines.ts';

/** Calls in the order in which the code as written starts them. */
export interface CallGraph {
  readonly paths: readonly string[];
  readonly labels: readonly string[];
  /** For each call all that must have ended before it starts, as places in `paths`. */
  readonly before: readonly (readonly number[])[];
}

const LONG = 1_000_000;

export async function findCallGraph(written: Create, compiled: Create): Promise<CallGraph> {
  const { calls } = await runProgram(written, { seed: 0, failureRate: 0, latency: () => 1 });
  const paths = calls.map(pathOf);
  const before: number[][] = calls.map(() => []);
  for (const [call, path] of paths.entries()) {
    const latency = (one: { readonly label: string; readonly atStart: string }): number =>
      pathOf(one) === path ? LONG : 1;
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    const trace = await runProgram(compiled, { seed: 0, failureRate: 0, latency }, limitedTo(Infinity));
    for (const other of trace.calls)
      if (other.startedAt >= LONG) before[paths.indexOf(pathOf(other))]?.push(call);
  }
  return { paths, labels: calls.map(({ label }) => label), before };
}
