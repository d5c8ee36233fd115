/** Generates programs, proves them in batches, shrinks what fails, and counts per construct what was gained. */
import fc from 'fast-check';
import { printTrace } from './law.ts';
import { estimate, UNMEASURED } from './oracle.ts';
import {
  anyProgram,
  printProgram,
  type GeneratedProgram,
  type GeneratorOptions,
} from './program-generator.ts';
import { smaller } from './program-shrinking.ts';
import {
  compilePair,
  compilePairs,
  refute,
  refuteAbort,
  schedules,
  type Counterexample,
  type Pair,
} from './prove.ts';
import { runProgram } from './run-program.ts';

export interface FuzzOptions extends GeneratorOptions {
  readonly count: number;
  readonly seed: number;
  /** Schedules per program. @default 12 */
  readonly schedules?: number;
  /** Also run the oracle. @default true */
  readonly gains?: boolean;
  /** Stop after that many failing programs. @default 1 */
  readonly maxFailures?: number;
  /** Called after each batch with the number of programs done. */
  readonly onProgress?: (done: number) => void;
}

export interface FailingProgram {
  readonly seed: number;
  readonly index: number;
  readonly program: GeneratedProgram;
  readonly counterexample: Counterexample;
  /** The code that the transformer gave for it. */
  readonly outputText: string;
}

export interface ConstructCount {
  readonly construct: string;
  programs: number;
  /** Of these, compiled rather than run as written. */
  compiled: number;
  /** Of these, without a piece that runs in order as one step or stops everything. */
  whole: number;
  /** Sums over schedules of what the oracle says could be gained, and of what was. */
  possible: number;
  gained: number;
}

/** A program that ran slower than the oracle says it could. */
export interface Loss {
  readonly program: GeneratedProgram;
  readonly written: number;
  readonly ideal: number;
  readonly compiled: number;
}

export interface FuzzReport {
  /** Shortest programs first. */
  readonly losses: readonly Loss[];
  readonly programs: number;
  readonly failures: readonly FailingProgram[];
  readonly constructs: readonly ConstructCount[];
  readonly total: ConstructCount;
}

const BATCH = 40;
/** Shrinking stops there: a limit in time would leave a run behind that disturbs the next. */
const MOST_TRIES = 400;

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { count, seed, maxFailures = 1, onProgress = () => undefined } = options;
  const arbitrary = anyProgram(options);
  const counts = new Map<string, ConstructCount>();
  const failures: FailingProgram[] = [];
  const losses: Loss[] = [];
  for (let done = 0; done < count && failures.length < maxFailures; done += BATCH) {
    const numRuns = Math.min(BATCH, count - done);
    const batch = fc.sample(arbitrary, { seed: seed + 1_000_003 * (done / BATCH), numRuns });
    const pairs = compilePairs(batch.map((program) => program.source));
    for (const [i, pair] of pairs.entries()) {
      if (failures.length >= maxFailures) break;
      const program = batch[i];
      if (program === undefined) continue;
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const found = await check(pair, options, done + i);
      // oxlint-disable-next-line no-await-in-loop
      if (found !== undefined) failures.push(await shrink(options, done + i, { program, found, pair }));
      // oxlint-disable-next-line no-await-in-loop
      else await measure(program, pair, { counts, losses }, options);
    }
    onProgress(Math.min(count, done + BATCH));
  }
  const total = counts.get(TOTAL) ?? emptyCount(TOTAL);
  counts.delete(TOTAL);
  losses.sort((one, other) => one.program.source.length - other.program.source.length);
  return { losses, programs: count, failures, constructs: [...counts.values()], total };
}

/** The law, and then that an abort stops whatever is compiled. */
async function check(pair: Pair, options: FuzzOptions, index: number): Promise<Counterexample | undefined> {
  const count = options.schedules ?? 12;
  const runs = schedules(count, options.seed + index, options.avoid?.includes('ties') !== true);
  const found = await refute(pair, runs);
  if (found !== undefined || !isCompiled(pair)) return found;
  return await refuteAbort(pair, runs.slice(0, Math.ceil(count / 4)));
}

function isCompiled(pair: Pair): boolean {
  const descriptor = pair.descriptors.find((one) => one.name === 'Program');
  return descriptor !== undefined && descriptor.asWritten === undefined;
}

interface Found {
  readonly program: GeneratedProgram;
  readonly found: Counterexample;
  readonly pair: Pair;
}

/** Goes from this program to smaller ones for as long as one of them breaks the same clause. */
async function shrink(options: FuzzOptions, index: number, first: Found): Promise<FailingProgram> {
  let smallest = first;
  const clauses = new Set(first.found.violations.map((violation) => violation.clause));
  let tries = 0;
  const next = async (): Promise<Found | undefined> => {
    for (const statements of smaller(smallest.program.statements)) {
      const program = printProgram(statements, options.avoid);
      if (program.source.length >= smallest.program.source.length) continue;
      if (tries++ > MOST_TRIES) return undefined;
      const pair = compilePair(program.source);
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const found = await check(pair, options, index);
      if (found?.violations.some(({ clause }) => clauses.has(clause)) === true)
        return { program, found, pair };
    }
    return undefined;
  };
  // oxlint-disable-next-line no-await-in-loop
  for (let found = await next(); found !== undefined; found = await next()) smallest = found;
  const { program, found, pair } = smallest;
  return { seed: options.seed, index, program, counterexample: found, outputText: pair.outputText };
}

const TOTAL = 'all programs';
/** Without those constructs that the oracle cannot judge. */
const MEASURED = 'all that the oracle can judge';

async function measure(
  program: GeneratedProgram,
  pair: Pair,
  { counts, losses }: { readonly counts: Map<string, ConstructCount>; readonly losses: Loss[] },
  { gains = true, seed }: FuzzOptions,
): Promise<void> {
  const descriptor = pair.descriptors.find((one) => one.name === 'Program');
  const isWhole =
    isCompiled(pair) &&
    descriptor?.steps.every((step) => step.kind !== 'async' && step.order !== 'barrier') === true;
  const schedule = { seed, failureRate: 0, latency: 'distinct' } as const;
  const found = gains ? await estimate(pair.written, schedule) : undefined;
  const compiled = found === undefined ? undefined : await runProgram(pair.compiled, schedule);
  const isMeasured = !UNMEASURED.some((construct) => program.constructs.has(construct));
  if (
    found !== undefined &&
    compiled !== undefined &&
    isMeasured &&
    compiled.settledAt > found.ideal + 1e-6
  ) {
    losses.push({ program, ...found, compiled: compiled.settledAt });
  }
  for (const construct of [TOTAL, ...(isMeasured ? [MEASURED] : []), ...program.constructs]) {
    const one = counts.get(construct) ?? emptyCount(construct);
    counts.set(construct, one);
    one.programs++;
    if (isCompiled(pair)) one.compiled++;
    if (isWhole) one.whole++;
    if (found === undefined || compiled === undefined) continue;
    one.possible += found.written - found.ideal;
    one.gained += found.written - compiled.settledAt;
  }
}

function emptyCount(construct: string): ConstructCount {
  return { construct, programs: 0, compiled: 0, whole: 0, possible: 0, gained: 0 };
}

export function printReport({ constructs, total }: FuzzReport): string {
  const rows = [...constructs.toSorted((a, b) => (a.construct < b.construct ? -1 : 1)), total];
  const head = `${'construct'.padEnd(32)}${'programs'.padStart(10)}${'compiled'.padStart(10)}${'whole'.padStart(10)}${'gap gained'.padStart(12)}`;
  const percent = (part: number, whole: number): string =>
    whole < 1e-6 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
  const body = rows.map(
    (row) =>
      row.construct.padEnd(32) +
      String(row.programs).padStart(10) +
      percent(row.compiled, row.programs).padStart(10) +
      percent(row.whole, row.programs).padStart(10) +
      percent(row.gained, row.possible).padStart(12),
  );
  return [head, ...body].join('\n');
}

/** A counterexample for a person: what differs, the program, both traces, and what the transformer made of it. */
export function printFailure({ seed, index, program, counterexample, outputText }: FailingProgram): string {
  const { schedule, violations, written, compiled } = counterexample;
  return [
    `## Program ${index} of seed ${seed}: ${violations.map((one) => one.clause).join(', ')}`,
    ...violations.map((one) => `- ${one.clause}: ${one.message}`),
    `Schedule ${JSON.stringify(schedule)}`,
    `\`\`\`ts\n${program.source}\`\`\``,
    `As written:\n\`\`\`\n${printTrace(written)}\n\`\`\``,
    `Compiled:\n\`\`\`\n${printTrace(compiled)}\n\`\`\``,
    `Output of the transformer:\n\`\`\`js\n${outputText}\n\`\`\``,
  ].join('\n\n');
}

/** What could be faster, for whoever looks for the reason. */
export function printLoss({ program, written, ideal, compiled }: Loss): string {
  const times = [written, compiled, ideal].map((time) => time.toFixed(1));
  return `## written ${times[0]}, compiled ${times[1]}, ideal ${times[2]}\n${program.source}`;
}
