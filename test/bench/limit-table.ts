/** Whole programs under a limit: the order in which calls that wait go, against list schedules of the same calls. */
import { runProgram, type Create, type RunOptions, type Trace } from '../helpers/run-program.ts';
import type { WholeProgram } from '../helpers/whole-programs.ts';
import { limitedTo } from '../helpers/whole-runs.ts';
import { align } from './align.ts';
import { findCallGraph, type CallGraph } from './call-graph.ts';
import { bestForeseen, bestInformed, firstInFirstOut, type Tasks } from './list-schedule.ts';
import { pathOf } from './program-baselines.ts';
import { MODELS, UNEVEN, type LatencyModel } from './program-latency.ts';

const LIMITS = [16, 8] as const;
/** Runs of an instance before the one that counts: the first is not measured. */
const LESSONS = 4;

/** Milliseconds of the virtual clock, over all schedules of a model. */
interface Makespans {
  readonly compiled: number;
  /** By an instance that has run before. */
  readonly learnt: number;
  readonly fifo: number;
  readonly informed: number;
  readonly foreseen: number;
}

export interface Limited extends Makespans {
  readonly program: string;
  readonly latency: string;
  readonly limit: number;
}

export async function measureLimits(
  programs: readonly WholeProgram[],
  print: (text: string) => void,
): Promise<readonly Limited[]> {
  const limited: Limited[] = [];
  for (const program of programs) {
    const graph = await findCallGraph(program.written, program.compiled); // eslint-disable-line no-await-in-loop -- one world at a time
    for (const model of [...MODELS, UNEVEN])
      for (const limit of LIMITS) {
        const makespans = await measure(program, graph, model, limit); // eslint-disable-line no-await-in-loop -- as above
        limited.push({ program: program.name, latency: model.name, limit, ...makespans });
      }
  }
  for (const { name } of [...MODELS, UNEVEN])
    print(printTable(limited.filter(({ latency }) => latency === name)));
  return limited;
}

async function measure(
  { compiled }: WholeProgram,
  graph: CallGraph,
  { latencies, expected }: LatencyModel,
  limit: number,
): Promise<Makespans> {
  const total = { compiled: 0, learnt: 0, fifo: 0, informed: 0, foreseen: 0 };
  for (const [seed, latency] of latencies.entries()) {
    const run = (create: Create, options: RunOptions, other = latency): Promise<Trace> =>
      runProgram(create, { seed: 0, failureRate: 0, latency: other }, options);
    const trace = await run(compiled, limitedTo(limit)); // eslint-disable-line no-await-in-loop -- one world at a time
    const subject = compiled();
    // From other schedules than the one that counts: what each call will take now is not to be learnt.
    for (let lesson = LESSONS; lesson > 0; lesson--)
      await run(() => subject, limitedTo(limit), latencies[(seed + lesson) % latencies.length]); // eslint-disable-line no-await-in-loop -- one after another
    let learnt = await run(() => subject, limitedTo(limit)); // eslint-disable-line no-await-in-loop -- as above
    // A program that keeps state may call something else in its next run.
    if (pathsOf(learnt) !== pathsOf(trace)) learnt = trace;
    const times = new Map(
      trace.calls.map((call) => [pathOf(call), (call.endedAt ?? Number.NaN) - call.startedAt]),
    );
    const tasks: Tasks = {
      before: graph.before,
      latencies: graph.paths.map((path) => times.get(path) ?? Number.NaN),
      expected: graph.labels.map(expected),
    };
    total.compiled += trace.settledAt;
    total.learnt += learnt.settledAt;
    total.fifo += firstInFirstOut(tasks, limit);
    total.informed += bestInformed(tasks, limit);
    total.foreseen += bestForeseen(tasks, limit);
  }
  return total;
}

function pathsOf({ calls }: Trace): string {
  return calls.map(pathOf).toSorted().join('\n');
}

function printTable(limited: readonly Limited[]): string {
  const heads = LIMITS.flatMap((limit) => [
    `limit ${limit}: best list schedule`,
    'compiled',
    'when learnt',
    'first come',
    'foreseen',
  ]);
  const names = [...new Set(limited.map(({ program }) => program))];
  const isDecided = (program: string): boolean =>
    limited.some(
      (one) => one.program === program && one.foreseen < Math.max(one.fifo, one.compiled, one.learnt),
    );
  const ratio = (one: number, best: number): string => (one / best).toFixed(3);
  const rows = names.filter(isDecided).map((program) => [
    program,
    ...LIMITS.flatMap((limit) => {
      const found = limited.find((one) => one.program === program && one.limit === limit);
      if (found === undefined) return heads.map(() => '–');
      const { compiled, learnt, fifo, informed, foreseen } = found;
      return [
        `${informed.toFixed(0)} ms`,
        ...[compiled, learnt, fifo, foreseen].map((one) => ratio(one, informed)),
      ];
    }),
  ]);
  const table = align([[limited[0]?.latency ?? '', ...heads], ['---', ...heads.map(() => '---')], ...rows]);
  const others = names.filter((program) => !isDecided(program));
  return `${table}\nIn no order faster or slower: ${others.join(', ')}.\n`;
}
