/** What fuzzing counts per construct: how many programs contained it, how many were compiled, and how much faster they were. */

export interface ConstructCount {
  readonly construct: string;
  programs: number;
  /** Of these, compiled rather than run as written. */
  compiled: number;
  /** Of these, without a piece that runs in order as one step or stops everything. */
  whole: number;
  /** Sums over programs of what the oracle says could be gained, and of what was. */
  possible: number;
  gained: number;
}

/** When a program settles: as written, at best, and compiled. */
export interface Times {
  readonly written: number;
  readonly ideal: number;
  readonly compiled: number;
}

interface Measured {
  readonly isCompiled: boolean;
  readonly isWhole: boolean;
  readonly times: Times | undefined;
}

const TOTAL = 'all programs';

export class Counts {
  readonly #counts = new Map<string, ConstructCount>();

  get all(): readonly ConstructCount[] {
    return [...this.#counts.values()];
  }

  add(constructs: Iterable<string>, { isCompiled, isWhole, times }: Measured): void {
    for (const construct of [TOTAL, ...constructs]) {
      this.#include({
        construct,
        programs: 1,
        compiled: Number(isCompiled),
        whole: Number(isWhole),
        possible: times === undefined ? 0 : times.written - times.ideal,
        gained: times === undefined ? 0 : times.written - times.compiled,
      });
    }
  }

  /** What another process has counted. */
  addAll(counts: readonly ConstructCount[]): void {
    for (const count of counts) this.#include(count);
  }

  #include(count: ConstructCount): void {
    const one = this.#counts.get(count.construct);
    if (one === undefined) {
      this.#counts.set(count.construct, { ...count });
      return;
    }
    one.programs += count.programs;
    one.compiled += count.compiled;
    one.whole += count.whole;
    one.possible += count.possible;
    one.gained += count.gained;
  }
}

export function printCounts(counts: readonly ConstructCount[]): string {
  const isSum = ({ construct }: ConstructCount): boolean => construct === TOTAL;
  const rows = counts.toSorted((a, b) => {
    if (isSum(a) !== isSum(b)) return Number(isSum(a)) - Number(isSum(b));
    return a.construct < b.construct ? -1 : 1;
  });
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
