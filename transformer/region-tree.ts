/** How the regions of a body are nested. Nothing stands for the body itself. */
import type { Lowered } from './piece.ts';

/** A region; nothing for the body. */
export type At = number | undefined;

export class RegionTree {
  readonly #lowered: Pick<Lowered, 'pieces' | 'regions'>;

  constructor(lowered: Pick<Lowered, 'pieces' | 'regions'>) {
    this.#lowered = lowered;
  }

  /** The region that runs `region`. */
  around(region: number): At {
    return this.#lowered.pieces[this.#lowered.regions[region]?.owner ?? -1]?.region;
  }

  /** The innermost region that both are in. */
  common(one: At, other: At): At {
    const [first, second] = [this.#chainOf(one), this.#chainOf(other)];
    return first.findLast((region, depth) => second[depth] === region);
  }

  /** Whether `region` is `outer` or inside of it. */
  isInside(region: At, outer: At): boolean {
    return outer === undefined || this.#chainOf(region).includes(outer);
  }

  /** The innermost body of a loop that `region` is, or is in. */
  loopAround(region: At): At {
    return this.#chainOf(region).findLast((at) => this.#lowered.regions[at]?.role === 'iteration');
  }

  #chainOf(region: At): readonly number[] {
    const chain: number[] = [];
    for (let at = region; at !== undefined; at = this.around(at)) chain.unshift(at);
    return chain;
  }
}
