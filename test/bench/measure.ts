/**
 * Compares two ways to do one thing, in pairs that take turns, so that whatever else the machine does meets both. Measured
 * is time of the processor, not of the wall: on a busy machine that of others would count.
 */

type Run = () => Promise<unknown>;

export interface Comparison {
  /** How long the second takes, in units of the first: the median over all pairs. */
  readonly ratio: number;
  /** A quarter of all pairs are below the first of these, and a quarter above the second. */
  readonly quartiles: readonly [number, number];
  /** Medians for one run of each, of the processor. */
  readonly milliseconds: readonly [number, number];
}

export interface Effort {
  readonly pairs: number;
  /** How long each half of a pair takes the processor, about. */
  readonly milliseconds: number;
}

export async function compare(first: Run, second: Run, { pairs, milliseconds }: Effort): Promise<Comparison> {
  const counts = [await repetitions(first, milliseconds), await repetitions(second, milliseconds)] as const;
  const times: [number, number][] = [];
  for (let pair = 0; pair < pairs; pair++) {
    // Whoever comes second may have to clear up after the first, so each does in turn.
    const swapped = pair % 2 === 1;
    const one = swapped ? 0 : await time(first, counts[0]); // eslint-disable-line no-await-in-loop
    const other = await time(second, counts[1]); // eslint-disable-line no-await-in-loop
    times.push([swapped ? await time(first, counts[0]) : one, other]); // eslint-disable-line no-await-in-loop
  }
  const ratios = times.map(([one, other]) => other / one);
  return {
    ratio: quantile(ratios, 0.5),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    milliseconds: [
      quantile(
        times.map(([one]) => one),
        0.5,
      ),
      quantile(
        times.map(([, other]) => other),
        0.5,
      ),
    ],
  };
}

/** Milliseconds of the processor for one run, on average; those of the collector's threads count. */
async function time(run: Run, count: number): Promise<number> {
  const begin = process.cpuUsage();
  for (let index = 0; index < count; index++) await run(); // eslint-disable-line no-await-in-loop
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000 / count;
}

const WARM_UP_ROUNDS = 40;

/** How many runs take as long as that, when the machine's compiler has seen enough of them. */
async function repetitions(run: Run, milliseconds: number): Promise<number> {
  let count = 1;
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    const each = await time(run, count); // eslint-disable-line no-await-in-loop
    count = Math.min(count * 2, Math.max(1, Math.round(milliseconds / each)));
  }
  return count;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
