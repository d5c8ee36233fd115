/**
 * Compares two ways to do one thing, in pairs that take turns, so that whatever else the machine does meets both. Measured
 * is time of the processor, not of the wall: on a busy machine that of others would count.
 */

export type Run = () => Promise<unknown>;

export interface Comparison {
  /** How long the second takes, in units of the first: the median over all pairs. */
  readonly ratio: number;
  /** A quarter of all pairs are below the first of these, and a quarter above the second. */
  readonly quartiles: readonly [number, number];
  /** Medians for one run of each, of the processor. */
  readonly milliseconds: readonly [number, number];
  /** How many milliseconds longer one run of the second takes. */
  readonly added: number;
  readonly addedQuartiles: readonly [number, number];
}

export interface Effort {
  readonly pairs: number;
  /** How long each half of a pair takes the processor, about; or how often it runs, when it waits more than it works. */
  readonly milliseconds?: number;
  readonly runs?: number;
}

/** What takes long is measured less often, but so often at least. Milliseconds of the processor. */
const LONGEST = 4000;
const FEWEST_PAIRS = 5;
const FEWEST_ROUNDS = 3;

export async function compare(first: Run, second: Run, effort: Effort): Promise<Comparison> {
  const { pairs } = effort;
  const counts = [await repetitions(first, effort), await repetitions(second, effort)] as const;
  const times: [number, number][] = [];
  const begin = process.cpuUsage();
  for (let pair = 0; pair < pairs && (pair < FEWEST_PAIRS || since(begin) < LONGEST); pair++) {
    // Whoever comes second may have to clear up after the first, so each does in turn.
    const swapped = pair % 2 === 1;
    const one = swapped ? 0 : await time(first, counts[0]); // eslint-disable-line no-await-in-loop
    const other = await time(second, counts[1]); // eslint-disable-line no-await-in-loop
    times.push([swapped ? await time(first, counts[0]) : one, other]); // eslint-disable-line no-await-in-loop
  }
  const ratios = times.map(([one, other]) => other / one);
  const added = times.map(([one, other]) => other - one);
  const medianOf = (side: 0 | 1): number => median(times.map((pair) => pair[side]));
  return {
    ratio: median(ratios),
    quartiles: quartilesOf(ratios),
    milliseconds: [medianOf(0), medianOf(1)],
    added: median(added),
    addedQuartiles: quartilesOf(added),
  };
}

/** Milliseconds of the processor for one run, on average; those of the collector's threads count. */
export async function time(run: Run, count: number): Promise<number> {
  const begin = process.cpuUsage();
  for (let index = 0; index < count; index++) await run(); // eslint-disable-line no-await-in-loop
  return since(begin) / count;
}

function since(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

const WARM_UP_ROUNDS = 40;

/** How many runs take as long as that, when the machine's compiler has seen enough of them. */
async function repetitions(run: Run, { milliseconds = 0, runs }: Effort): Promise<number> {
  if (runs !== undefined) {
    await run();
    return runs;
  }
  let count = 1;
  const begin = process.cpuUsage();
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    if (round >= FEWEST_ROUNDS && since(begin) > LONGEST / 2) break;
    const each = await time(run, count); // eslint-disable-line no-await-in-loop
    count = Math.min(count * 2, Math.max(1, Math.round(milliseconds / each)));
  }
  return count;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quartilesOf(values: readonly number[]): readonly [number, number] {
  return [quantile(values, 0.25), quantile(values, 0.75)];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
