/** How the steps of a descriptor are nested in regions, and how two visits of steps relate across them. */
import type { Descriptor, Region, Step } from './descriptor.ts';
import { must } from './errors.ts';

/** One visit of a step: the bodies of loops are visited twice. */
export interface Visit {
  readonly id: number;
  readonly step: number;
  /** The loops around it, and whether this is their first iteration or a later one. */
  readonly copies: readonly { readonly loop: number; readonly copy: 0 | 1 }[];
}

/** What of the earlier visit the later one waits for: a step in a region that is around both. */
export interface Relation {
  readonly before: number;
  /** The loop between whose iterations it is. */
  readonly carried?: number;
  /** The step in the loop, or in the block of the `try`, `before` that the earlier visit is of, or is part of. */
  readonly part?: number;
}

export class Nesting {
  readonly #steps: readonly Step[];
  readonly #regions: readonly Region[];
  readonly #members = new Map<number | undefined, Step[]>();
  /** For each step those that it is part of, from the outside in, and itself. */
  readonly #chains: readonly (readonly number[])[];

  constructor({ steps, regions = [] }: Pick<Descriptor, 'steps' | 'regions'>) {
    this.#steps = steps;
    this.#regions = regions;
    const chains: (readonly number[])[] = [];
    for (const step of steps) {
      const members = this.#members.get(step.region);
      if (members === undefined) this.#members.set(step.region, [step]);
      else members.push(step);
      const owner = step.region === undefined ? undefined : regions[step.region]?.owner;
      chains.push([...(owner === undefined ? [] : (chains[owner] ?? [])), step.id]);
    }
    this.#chains = chains;
  }

  stepsOf(region: number | undefined): readonly Step[] {
    return this.#members.get(region) ?? [];
  }

  findRegion({ regions = [] }: Step, role: Region['role']): Region | undefined {
    return regions.flatMap((id) => this.#regions[id] ?? []).find((region) => region.role === role);
  }

  regionOf(step: Step, role: Region['role']): Region {
    return must(this.findRegion(step, role), `step ${step.id} has no region of the role ${role}`);
  }

  /** Whether `region` is `outer` or inside of it. */
  isInside(region: number | undefined, outer: number): boolean {
    for (let at = region; at !== undefined; at = this.#regionAround(at)) if (at === outer) return true;
    return false;
  }

  /** Whether `region` is run by `step`, or inside of one that is. */
  isInsideStep(region: number, step: number): boolean {
    for (let at: number | undefined = region; at !== undefined; at = this.#regionAround(at))
      if (this.#regions[at]?.owner === step) return true;
    return false;
  }

  #regionAround(region: number): number | undefined {
    const owner = this.#regions[region]?.owner;
    return owner === undefined ? undefined : this.#steps[owner]?.region;
  }

  /**
   * Nothing when they are one step, or one is part of the other. `isForAll`: for all of the iteration before. `isRead`: the later one
   * only reads what the earlier one does, so it may run while a `try` around that goes on.
   */
  relate(before: Visit, after: Visit, isForAll: boolean, isRead = false): Relation | undefined {
    const earlier = this.#chains[before.step] ?? [];
    const later = this.#chains[after.step] ?? [];
    const carried = carriedBy(before, after);
    if (carried !== undefined) {
      const inside = earlier[earlier.indexOf(carried) + 1];
      if (isForAll || inside === undefined) return { before: carried, carried };
      return { ...this.#partly(inside, earlier, isRead), carried };
    }
    let level = 0;
    while (level < earlier.length && earlier[level] === later[level]) level++;
    const [first, second] = [earlier[level], later[level]];
    // A step holds those that are part of it, and parts of one `try` follow each other anyway.
    if (first === undefined || second === undefined) return undefined;
    if (this.#steps[first]?.region !== this.#steps[second]?.region) return undefined;
    return isForAll ? { before: first } : this.#partly(first, earlier, isRead);
  }

  /**
   * The steps that may run between the two: of a loop that is around one of them only, or that both are in different iterations
   * of, all that it may still run.
   */
  spanBetween(before: Visit, after: Visit): { readonly first: number; readonly last: number } {
    let [first, last] = [before.step, after.step];
    const isCommon = ({ loop, copy }: Visit['copies'][number], depth: number): boolean =>
      after.copies[depth]?.loop === loop && after.copies[depth]?.copy === copy;
    const common = before.copies.findIndex((one, depth) => !isCommon(one, depth));
    const depth = common < 0 ? before.copies.length : common;
    for (const { loop } of before.copies.slice(depth)) first = Math.min(first, loop + 1);
    for (const { loop, copy } of after.copies.slice(depth))
      if (copy === 1) last = Math.max(last, this.#lastIn(loop));
    return { first, last };
  }

  #lastIn(loop: number): number {
    return this.#chains.findLastIndex((chain) => chain.includes(loop));
  }

  #partly(before: number, chain: readonly number[], isRead: boolean): Relation {
    const part = chain[chain.indexOf(before) + 1];
    if (part === undefined) return { before };
    const role = this.#regions[this.#steps[part]?.region ?? -1]?.role;
    return role === 'iteration' || (role === 'try' && isRead) ? { before, part } : { before };
  }
}

/** The outermost loop of both of which they are in different iterations. */
function carriedBy(before: Visit, after: Visit): number | undefined {
  for (const [depth, { loop, copy }] of before.copies.entries()) {
    const other = after.copies[depth];
    if (other?.loop !== loop) return undefined;
    if (other.copy !== copy) return loop;
  }
  return undefined;
}
