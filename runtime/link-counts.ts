/** What is counted of compiled code: for each operator, and for all of the program. A call costs two additions. */

export interface LinkCounts {
  /** Runs that went by what was known of the instance. */
  hits: number;
  /** Runs for which it was linked anew, or whose guards failed. */
  misses: number;
  /** Runs as written, because a guard failed. */
  guardFailures: number;
  linkMs: number;
  /** Of measured runs: what their calls took one by one, and what they took. */
  serialMs: number;
  runMs: number;
}

export const noLinks = (): LinkCounts => ({
  hits: 0,
  misses: 0,
  guardFailures: 0,
  linkMs: 0,
  serialMs: 0,
  runMs: 0,
});

/** The sum over all operators, those too that are gone. */
export const linksOfProgram: LinkCounts = noLinks();
