/**
 * What calls are seen to take: means that are kept up to date, and whether two of them differ by more than chance. Which call
 * goes first under a limit must not follow noise, for then what was learnt would be worse than program order.
 */

/** So many of the latest calls decide, about: what an operator takes may change. */
const LATEST = 32;

/**
 * For 1, 2, 3… degrees of freedom what Student's t exceeds, to either side, in one of twenty cases if there is no difference.
 */
const CRITICAL = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14, 2.13];
const CRITICAL_OF_MORE = 2.12;

/** What is known of the durations of some calls. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** The mean of the squares of what they differ by from the mean. */
  readonly variance: number;
}

export class Durations implements Spread {
  count = 0;
  mean = 0;
  variance = 0;

  /** Welford's recurrence; from `LATEST` on what is old decays. */
  add(milliseconds: number): void {
    this.count = Math.min(this.count + 1, LATEST);
    const difference = milliseconds - this.mean;
    this.mean += difference / this.count;
    this.variance = (1 - 1 / this.count) * (this.variance + difference ** 2 / this.count);
  }
}

/** Both together. */
function join(one: Spread, other: Spread): Spread {
  const count = one.count + other.count;
  const share = other.count / count;
  const difference = other.mean - one.mean;
  return {
    count,
    mean: one.mean + share * difference,
    variance: (1 - share) * one.variance + share * other.variance + share * (1 - share) * difference ** 2,
  };
}

/**
 * Whether the means differ by more than chance explains: Welch's t-test, which lets the variances differ (B. L. Welch, "The
 * generalization of 'Student's' problem when several different population variances are involved", Biometrika 34, 1947). One
 * call alone says nothing.
 */
export function isDifferent(one: Spread, other: Spread): boolean {
  if (one.count < 2 || other.count < 2 || one.mean === other.mean) return false;
  const [of, ofOther] = [one.variance / (one.count - 1), other.variance / (other.count - 1)];
  const both = of + ofOther;
  if (both === 0) return true;
  const t = Math.abs(one.mean - other.mean) / Math.sqrt(both);
  const freedom = both ** 2 / (of ** 2 / (one.count - 1) + ofOther ** 2 / (other.count - 1));
  return t > (CRITICAL[Math.floor(freedom) - 1] ?? CRITICAL_OF_MORE);
}

/** All together. */
export function joinAll(all: readonly Spread[]): Spread {
  return all.reduce(join, { count: 0, mean: 0, variance: 0 });
}

/**
 * For each the mean that may be gone by: from the shortest up, what does not differ clearly from those before it counts as
 * one with them.
 */
export function clearMeans(all: readonly Spread[]): ReadonlyMap<Spread | undefined, number> {
  const groups: Spread[][] = [];
  for (const spread of all.toSorted((one, other) => one.mean - other.mean)) {
    const last = groups.at(-1);
    if (last === undefined || isDifferent(joinAll(last), spread)) groups.push([spread]);
    else last.push(spread);
  }
  return new Map(
    groups.flatMap((group) => {
      const { mean } = joinAll(group);
      return group.map((spread) => [spread, mean] as const);
    }),
  );
}
