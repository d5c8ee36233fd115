/** What is counted for one operator that learns. */

export interface Counts {
  readonly runs: number;
  /** Runs for whose input some way was known, and others. */
  readonly graphHits: number;
  readonly graphMisses: number;
  /** Calls that were started, for whatever reason. */
  readonly started: number;
  readonly prefetchStarted: number;
  readonly prefetchHits: number;
  /** Calls that were started early and not used. */
  readonly wasted: number;
  readonly traceMs: number;
  /** What the calls of `forward` took one by one, and what the runs took. */
  readonly serialMs: number;
  readonly runMs: number;
}

const NONE: Counts = {
  runs: 0,
  graphHits: 0,
  graphMisses: 0,
  started: 0,
  prefetchStarted: 0,
  prefetchHits: 0,
  wasted: 0,
  traceMs: 0,
  serialMs: 0,
  runMs: 0,
};

export class Counters {
  #counts: Counts = NONE;

  /** A copy. */
  get counts(): Counts {
    return { ...this.#counts };
  }

  add(name: keyof Counts, by = 1): void {
    this.#counts = { ...this.#counts, [name]: this.#counts[name] + by };
  }
}
