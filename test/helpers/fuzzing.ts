/** Generates programs, proves them in batches, shrinks what fails, and counts per construct what was gained. */
import fc from 'fast-check';
import { printTrace } from './law.ts';
import { estimate } from './oracle.ts';
import { anyProgram, type GeneratedProgram, type GeneratorOptions } from './program-generator.ts';
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

export interface FuzzReport {
  readonly programs: number;
  readonly failures: readonly FailingProgram[];
  readonly constructs: readonly ConstructCount[];
  readonly total: ConstructCount;
}

const BATCH = 40;
/** Shrinking stops there: a limit in time would leave a run behind that disturbs the next. */
const MOST_TRIES = 300;

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { count, seed, maxFailures = 1, onProgress = () => undefined } = options;
  const programs = fc.sample(anyProgram(options), { seed, numRuns: count });
  const counts = new Map<string, ConstructCount>();
  const failures: FailingProgram[] = [];
  for (let done = 0; done < count && failures.length < maxFailures; done += BATCH) {
    const batch = programs.slice(done, done + BATCH);
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
      else await measure(program, pair, counts, options);
    }
    onProgress(Math.min(count, done + BATCH));
  }
  const total = counts.get(TOTAL) ?? emptyCount(TOTAL);
  counts.delete(TOTAL);
  return { programs: count, failures, constructs: [...counts.values()], total };
}

/** The law, and then that an abort stops whatever is compiled. */
async function check(pair: Pair, options: FuzzOptions, index: number): Promise<Counterexample | undefined> {
  const count = options.schedules ?? 12;
  const runs = schedules(count, options.seed + index);
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

/** Lets fast-check walk from this program to the smallest that still breaks the same clause. */
async function shrink(options: FuzzOptions, index: number, first: Found): Promise<FailingProgram> {
  let smallest = first;
  const [clause] = first.found.violations.map((violation) => violation.clause);
  let tries = 0;
  const property = fc.asyncProperty(anyProgram(options), async (program) => {
    if (tries++ > MOST_TRIES) return true;
    let pair: Pair;
    try {
      pair = compilePair(program.source);
    } catch {
      return true;
    }
    const found = await check(pair, options, index);
    const isSame = found?.violations.some((violation) => violation.clause === clause) === true;
    if (isSame) smallest = { program, found, pair };
    return !isSame;
  });
  await fc.check(property, {
    seed: options.seed,
    path: String(index),
    numRuns: 1,
  });
  const { program, found, pair } = smallest;
  return { seed: options.seed, index, program, counterexample: found, outputText: pair.outputText };
}

const TOTAL = 'all programs';

async function measure(
  program: GeneratedProgram,
  pair: Pair,
  counts: Map<string, ConstructCount>,
  { gains = true, seed }: FuzzOptions,
): Promise<void> {
  const descriptor = pair.descriptors.find((one) => one.name === 'Program');
  const isWhole =
    isCompiled(pair) &&
    descriptor?.steps.every((step) => step.kind !== 'async' && step.order !== 'barrier') === true;
  const schedule = { seed, failureRate: 0 };
  const found = gains ? await estimate(pair.written, schedule) : undefined;
  const compiled = found === undefined ? undefined : await runProgram(pair.compiled, schedule);
  for (const construct of [TOTAL, ...program.constructs]) {
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
  const head = `${'construct'.padEnd(30)}${'programs'.padStart(10)}${'compiled'.padStart(10)}${'whole'.padStart(10)}${'gap gained'.padStart(12)}`;
  const percent = (part: number, whole: number): string =>
    whole < 1e-6 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
  const body = rows.map(
    (row) =>
      row.construct.padEnd(30) +
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
