/** What the law finds when calls of a compiled program fail, and how many calls were made in vain. */
import { findViolations, type Clause } from '../helpers/law.ts';
import { runProgram, type Trace } from '../helpers/run-program.ts';
import type { WholeProgram } from '../helpers/whole-programs.ts';
import { limitedTo, withFailures } from '../helpers/whole-runs.ts';

export interface Failures {
  readonly runs: number;
  /** Runs in which a call failed. */
  readonly failed: number;
  /** Runs that differ from the code as written, by what differs. */
  readonly results: number;
  readonly effects: number;
  readonly errors: number;
  readonly others: number;
  /** Calls that were started and that the code as written does not make, per run in which a call failed. */
  readonly unused: number;
  readonly unhandled: number;
}

const SEEDS = 40;
const NAMED: ReadonlySet<Clause> = new Set(['result', 'effect order', 'error']);

interface Run {
  readonly compiled: Trace;
  readonly clauses: readonly Clause[];
  readonly failed: boolean;
  readonly unused: number;
}

export async function measureFailures(program: WholeProgram, calls: number): Promise<Failures> {
  const runs: Run[] = [];
  for (const schedule of withFailures(SEEDS, calls)) {
    const written = await runProgram(program.written, schedule); // eslint-disable-line no-await-in-loop
    const compiled = await runProgram(program.compiled, schedule, limitedTo(Infinity)); // eslint-disable-line no-await-in-loop
    runs.push({
      compiled,
      clauses: findViolations(written, compiled).map(({ clause }) => clause),
      failed: written.calls.some(({ outcome }) => outcome === 'failure'),
      unused: compiled.calls.length - written.calls.length,
    });
  }
  const failed = runs.filter((run) => run.failed);
  const differing = (matches: (clause: Clause) => boolean): number =>
    runs.filter(({ clauses }) => clauses.some(matches)).length;
  return {
    runs: runs.length,
    failed: failed.length,
    results: differing((clause) => clause === 'result'),
    effects: differing((clause) => clause === 'effect order'),
    errors: differing((clause) => clause === 'error'),
    others: differing((clause) => !NAMED.has(clause)),
    unused: failed.reduce((sum, { unused }) => sum + unused, 0) / Math.max(1, failed.length),
    unhandled: runs.reduce((sum, { compiled }) => sum + compiled.unhandled.length, 0),
  };
}
