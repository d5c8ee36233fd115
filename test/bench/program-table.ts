/** Whole programs, compiled, against the code as written, a version by hand and waves; and what failures show. */
import { runProgram, type Create, type RunOptions, type Trace } from '../helpers/run-program.ts';
import { loadWholePrograms, type WholeProgram } from '../helpers/whole-programs.ts';
import { limitedTo, roundsOf, runInRounds } from '../helpers/whole-runs.ts';
import { align } from './align.ts';
import { measureLimits, type Limited } from './limit-table.ts';
import { limitedByHand, pathOf, runInWaves } from './program-baselines.ts';
import { measureFailures, type Failures } from './program-failures.ts';
import { MODELS, type Latency, type LatencyModel } from './program-latency.ts';
import { FILES, ROUNDS } from './program-rounds.ts';

const LIMITS = [Infinity, 16, 8] as const;

/** How many times as fast as the code as written. */
interface Speedups {
  readonly limit: number;
  readonly compiled: number;
  readonly byHand: number;
  readonly waves: number;
  /** The version by hand without a limit, or all calls evenly over the places that there are, whichever takes longer. */
  readonly ideal: number;
}

interface Measured {
  readonly program: string;
  readonly latency: string;
  readonly calls: number;
  readonly depth: number;
  readonly speedups: readonly Speedups[];
  /** Most calls in flight at once, without a limit. */
  readonly peak: number;
}

interface ProgramReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly measured: readonly Measured[];
  readonly limited: readonly Limited[];
  readonly failures: readonly (Failures & { readonly program: string })[];
}

export async function measurePrograms(print: (text: string) => void): Promise<ProgramReport> {
  const { programs } = loadWholePrograms(FILES);
  const all = Object.keys(ROUNDS).flatMap((name) => programs.get(name) ?? []);
  const measured: Measured[] = [];
  for (const model of MODELS) {
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    for (const program of all) measured.push(await measureProgram(program, model));
    print(printSpeedups(measured.filter(({ latency }) => latency === model.name)));
  }
  const limited = await measureLimits(all, print);
  const failures: ProgramReport['failures'][number][] = [];
  for (const program of all) {
    const calls = ROUNDS[program.name]?.calls ?? 1;
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    failures.push({ program: program.name, ...(await measureFailures(program, calls)) });
  }
  print(printFailures(failures));
  return { versions: {}, measured, limited, failures };
}

async function measureProgram(program: WholeProgram, { name, latencies }: LatencyModel): Promise<Measured> {
  const rounds = await runInRounds(program.byHand ?? program.written);
  const totals = LIMITS.map((limit) => ({ limit, written: 0, compiled: 0, byHand: 0, waves: 0, ideal: 0 }));
  let peak = 0;
  for (const latency of latencies) {
    for (const total of totals) {
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const times = await measureTimes(program, rounds, latency, total.limit);
      total.written += times.written;
      total.compiled += times.compiled;
      total.byHand += times.byHand;
      total.waves += times.waves;
      total.ideal += times.ideal;
      if (total.limit === Infinity) peak = Math.max(peak, times.peak);
    }
  }
  const speedups = totals.map(({ limit, written, compiled, byHand, waves, ideal }) => ({
    limit,
    compiled: written / compiled,
    byHand: written / byHand,
    waves: written / waves,
    ideal: written / ideal,
  }));
  const calls = rounds.calls.length;
  return { program: program.name, latency: name, calls, depth: roundsOf(rounds), speedups, peak };
}

async function measureTimes(
  program: WholeProgram,
  rounds: Trace,
  latency: Latency,
  limit: number,
): Promise<Omit<Speedups, 'limit'> & { readonly written: number; readonly peak: number }> {
  const best = program.byHand ?? program.written;
  const run = (create: Create, options?: RunOptions): Promise<Trace> =>
    runProgram(create, { seed: 0, failureRate: 0, latency }, options);
  const written = await run(program.written);
  const free = await run(best);
  const compiled = await run(program.compiled, limitedTo(limit));
  const byHand = await run(best, limitedByHand(limit));
  const latencies = new Map(
    written.calls.map((call) => [pathOf(call), (call.endedAt ?? call.startedAt) - call.startedAt] as const),
  );
  const work = [...latencies.values()].reduce((sum, one) => sum + one, 0);
  return {
    written: written.settledAt,
    compiled: compiled.settledAt,
    byHand: byHand.settledAt,
    waves: runInWaves(rounds, (path) => latencies.get(path) ?? Number.NaN, limit),
    ideal: Math.max(free.settledAt, work / limit),
    peak: peakOf(compiled),
  };
}

function peakOf({ calls }: Trace): number {
  const inFlight = calls.map(
    ({ startedAt }) =>
      calls.filter((one) => one.startedAt <= startedAt && (one.endedAt ?? Infinity) > startedAt).length,
  );
  return Math.max(0, ...inFlight);
}

function printSpeedups(measured: readonly Measured[]): string {
  const heads = LIMITS.flatMap((limit) => [
    `limit ${limit === Infinity ? '∞' : limit}: compiled`,
    'by hand',
    'waves',
    'of the ideal',
  ]);
  const rows = measured.map(({ program, calls, depth, speedups, peak }) => [
    program,
    String(calls),
    String(depth),
    ...speedups.flatMap(({ compiled, byHand, waves, ideal }) => [
      `${compiled.toFixed(2)}×`,
      `${byHand.toFixed(2)}×`,
      `${waves.toFixed(2)}×`,
      `${((100 * compiled) / ideal).toFixed(0)} %`,
    ]),
    String(peak),
  ]);
  const table = align([
    [measured[0]?.latency ?? '', 'calls', 'depth', ...heads, 'peak'],
    ['---', '---', '---', ...heads.map(() => '---'), '---'],
    ...rows,
  ]);
  return `${table}\nGeometric mean at limit ∞, of programs in which calls can overlap: ${printMeans(measured)}\n`;
}

function printMeans(measured: readonly Measured[]): string {
  const overlapping = measured.filter(({ calls, depth }) => depth < calls);
  const mean = (of: 'compiled' | 'byHand' | 'waves'): string => {
    const logs = overlapping.map(({ speedups }) => Math.log(speedups[0]?.[of] ?? 1));
    return `${Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length).toFixed(2)}×`;
  };
  return `compiled ${mean('compiled')}, by hand ${mean('byHand')}, waves ${mean('waves')}.`;
}

function printFailures(failures: ProgramReport['failures']): string {
  const sameness = (different: number, runs: number): string =>
    different === 0 ? 'equal' : `${different} of ${runs} differ`;
  const rows = failures.map((one) => [
    one.program,
    `${one.failed} of ${one.runs}`,
    sameness(one.results, one.runs),
    sameness(one.effects, one.runs),
    sameness(one.errors, one.runs),
    sameness(one.others, one.runs),
    one.unused.toFixed(2),
    String(one.unhandled),
  ]);
  const heads = [
    'calls failed in',
    'result',
    'effect log',
    'error',
    'rest of the law',
    'calls not used',
    'unhandled',
  ];
  return align([['under failures', ...heads], ['---', ...heads.map(() => '---')], ...rows]);
}
