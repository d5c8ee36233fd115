/** Runs of whole programs that their tests and their benchmark share. */
import { executionOptions } from '../../runtime/index.ts';
import type { Violation } from './law.ts';
import { printCounterexample, refute, schedules } from './prove.ts';
import { runProgram, type Create, type RunOptions, type Trace } from './run-program.ts';
import type { Schedule } from './world.ts';
import type { WholeProgram } from './whole-programs.ts';

/** What a program is held to, counted in rounds: every call takes one, and nothing limits how many are in flight. */
export interface Rounds {
  readonly calls: number;
  readonly asWritten: number;
  /** The longest chain of calls of which each needs the one before. */
  readonly target: number;
  /** What the compiled program takes today. */
  readonly reached: number;
}

export interface Trial {
  readonly seeds: number;
  /** How many calls the program makes, about. */
  readonly calls: number;
  /** @default Infinity */
  readonly limit?: number;
  /** It calls operators that call others and are not compiled. @default false */
  readonly hasPlainComposites?: boolean;
}

const ROUND = 10;

export function limitedTo(maxConcurrency: number): RunOptions {
  return { around: (invoke) => executionOptions({ maxConcurrency }, invoke) };
}

/** Without a failure, each call taking one round. */
export function runInRounds(create: Create): Promise<Trace> {
  return runProgram(create, { seed: 3, failureRate: 0, latency: 'equal' }, limitedTo(Infinity));
}

export async function measureRounds({ written, compiled }: WholeProgram, target: number): Promise<Rounds> {
  const [first, second] = [await runInRounds(written), await runInRounds(compiled)];
  return {
    calls: first.calls.length,
    asWritten: first.settledAt / ROUND,
    target,
    reached: second.settledAt / ROUND,
  };
}

export function roundsOf(trace: Trace): number {
  return trace.settledAt / ROUND;
}

/** Half of them without failures; of the others half with about one, half with many. */
export function withFailures(seeds: number, calls: number): readonly Schedule[] {
  return schedules(seeds).map((schedule) =>
    schedule.seed % 4 === 1 ? { ...schedule, failureRate: 1 / calls } : schedule,
  );
}

/** What tells the compiled program from the code as written under so many latencies and failures; empty if nothing does. */
export async function findDifference(
  program: WholeProgram,
  { seeds, calls, limit = Infinity, hasPlainComposites = false }: Trial,
): Promise<string> {
  // A limit that is asked for holds for calls that have become due, too; and what a composite that is not compiled starts
  // by itself is out of reach of an abort.
  const isKnown = ({ clause, message }: Violation): boolean =>
    (clause === 'settling' && limit !== Infinity) ||
    (clause === 'speculation' && hasPlainComposites && message.includes('expected an aborted signal'));
  const found = await refute(program, withFailures(seeds, calls), limitedTo(limit), isKnown);
  return found === undefined ? '' : printCounterexample(found);
}
