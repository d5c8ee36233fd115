/** What is counted of operators that learn: for each, and for all of the program. */

export interface Counts {
  /** Runs for whose input some way was known, and others. */
  readonly graphHits: number;
  readonly graphMisses: number;
  /** Calls that were started, for whatever reason. */
  readonly started: number;
  /** Calls that were started before the code reached them, and those of them that it used. */
  readonly prefetchStarted: number;
  readonly prefetchHits: number;
  /** Calls of the code for which one had been started early that it could not use. */
  readonly prefetchMisses: number;
  /** Calls that were started early and not used. */
  readonly wasted: number;
  /** Time for learning from runs. */
  readonly traceMs: number;
  /** What the calls of `forward` took one by one, and what the runs took. */
  readonly serialMs: number;
  readonly runMs: number;
}

const none = (): { -readonly [name in keyof Counts]: number } => ({
  graphHits: 0,
  graphMisses: 0,
  started: 0,
  prefetchStarted: 0,
  prefetchHits: 0,
  prefetchMisses: 0,
  wasted: 0,
  traceMs: 0,
  serialMs: 0,
  runMs: 0,
});

export class Counters {
  #counts = none();
  readonly #whole: Counters | undefined;

  /** `whole` counts the same, and more. */
  constructor(whole?: Counters) {
    this.#whole = whole;
  }

  /** What the counters say now; they go on counting. */
  get counts(): Counts {
    return this.#counts;
  }

  add(name: keyof Counts, by = 1): void {
    this.#counts[name] += by;
    this.#whole?.add(name, by);
  }

  reset(): void {
    this.#counts = none();
  }
}

/** All that the operators of the program have counted. */
export const ofProgram: Counters = new Counters();
