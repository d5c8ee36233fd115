/**
 * Puts each dependence where a frame will heed it.
 *
 * In:  dependences between steps of whatever regions.
 * Out: for each region edges between its own steps, by position; for a step in it what it waits for further out or in the
 *      iteration before; and the same for the end of steps that run regions, so that whoever waits for such a step has
 *      waited for all that any step in it would have, whether or not that ran.
 */
import type { Dependence, Region, Step } from './descriptor.ts';
import { must } from './errors.ts';
import { keyedCall, type KeyedCall, type ResourcesOf } from './keyed-calls.ts';
import { positionsOf } from './region-code.ts';

/** A step of another activation: of a region around this one, `hops` regions out, or of the iteration before that. */
export interface External {
  readonly hops: number;
  readonly isPrevious: boolean;
  /** And in every iteration before that. */
  readonly isEvery?: true;
  /** Its position in its region; `ALL` for the whole iteration and all before it. */
  readonly position: number;
  /** Only a step in each iteration of the loop at `position`, by its position there. */
  readonly part?: number;
  /** Only in iterations where these slots have the same value; `filledBy` is the position of what fills `before`. */
  readonly keys?: { readonly before: number; readonly after: number; readonly filledBy: number };
  /** Only where these calls touch the same resource. */
  readonly inputs?: { readonly before: KeyedCall; readonly after: KeyedCall };
}

export const ALL: number = -1;

export interface Edge {
  readonly before: number;
  readonly after: number;
}

export interface PlacedDependences {
  /** What must have ended before a step of the region begins. */
  readonly edges: readonly Edge[];
  /** What something in a step of the region waits for. */
  readonly inner: readonly Edge[];
  /** By the id of the step: what it waits for before it begins, and before it ends if it runs regions or is skipped. */
  readonly externals: ReadonlyMap<number, readonly External[]>;
  readonly closing: ReadonlyMap<number, readonly External[]>;
}

interface Placing {
  readonly edges: Edge[];
  readonly inner: Edge[];
  readonly externals: Map<number, External[]>;
  readonly closing: Map<number, External[]>;
}

export function placeDependences(
  steps: readonly Step[],
  dependences: readonly Dependence[],
  regions: readonly Region[],
  resourcesOf?: ResourcesOf,
): { of(region: number | undefined): PlacedDependences } {
  const made = new Map<number | undefined, Placing>();
  const of = (region: number | undefined): Placing => {
    const known = made.get(region);
    if (known !== undefined) return known;
    const fresh: Placing = { edges: [], inner: [], externals: new Map(), closing: new Map() };
    made.set(region, fresh);
    return fresh;
  };
  const positions = positionsOf(steps);
  // What does not exist is told apart where edges become a plan.
  const position = (step: number): number => positions[step] ?? step;
  for (const dependence of dependences) {
    const { before, after, carried, every, part, late = false } = dependence;
    const isPrevious = carried !== undefined;
    const isAll = before === carried;
    const chain = chainOf(steps, regions, after);
    // What is waited for stands in a region around whoever waits, or is the whole of one.
    const level = chainOf(steps, regions, before).length - (isAll ? 0 : 1);
    const at = isAll ? ALL : position(before);
    const waiting = must(chain[level], 'a dependence ends outside of the region that it holds in');
    const keys = keysOf(dependence, steps, position);
    const inputs = inputsOf(dependence, steps, resourcesOf);
    const isPlain = part === undefined && inputs === undefined && keys === undefined;
    const { edges, inner } = of(steps[waiting]?.region);
    const edge = { before: at, after: position(waiting) };
    if (waiting === after && !isPrevious && !late && isPlain) {
      edges.push(edge);
      continue;
    }
    if (!isPrevious) inner.push(edge);
    for (const [hops, id] of chain.slice(level).entries()) {
      const external = {
        hops,
        isPrevious,
        position: at,
        ...(every === true ? { isEvery: every } : {}),
        ...(part === undefined ? {} : { part: position(part) }),
        ...(keys ? { keys } : {}),
        ...(inputs ? { inputs } : {}),
      };
      const { externals, closing } = of(steps[id]?.region);
      // Whoever waits for more than the entry does so itself.
      if (id === after && !late) add(externals, id, external);
      else if (keys === undefined && inputs === undefined) add(closing, id, external);
    }
  }
  return { of };
}

/** The keys to compare, if the earlier one is known by a step beside the one that writes under it. */
function keysOf(
  { before, part = before, keys }: Dependence,
  steps: readonly Step[],
  position: (step: number) => number,
): External['keys'] {
  if (keys === undefined) return undefined;
  const filler = steps.find(
    ({ region, outputs }) => region === steps[part]?.region && outputs.includes(keys.before),
  );
  return filler && { ...keys, filledBy: position(filler.id) };
}

function inputsOf(
  { inputs, before, after, part = before }: Dependence,
  steps: readonly Step[],
  resourcesOf: ResourcesOf | undefined,
): External['inputs'] {
  const [writer, reader] = [steps[part], steps[after]];
  if (inputs !== true || resourcesOf === undefined || !writer || !reader) return undefined;
  return {
    before: keyedCall(writer, resourcesOf(writer).writes, steps),
    after: keyedCall(reader, resourcesOf(reader).reads, steps),
  };
}

function add(lists: Map<number, External[]>, step: number, external: External): void {
  const list = lists.get(step) ?? [];
  lists.set(step, list);
  const name = nameOf(external);
  if (!list.some((one) => one.inputs === external.inputs && nameOf(one) === name)) list.push(external);
}

function nameOf({ hops, isPrevious, isEvery, position, part, keys }: External): string {
  return `${hops} ${isPrevious} ${isEvery} ${position} ${part} ${keys?.before} ${keys?.after}`;
}

/** The steps that a step is part of, from the outside in, and itself. */
function chainOf(steps: readonly Step[], regions: readonly Region[], id: number): readonly number[] {
  const owner = regions[steps[id]?.region ?? -1]?.owner;
  return owner === undefined ? [id] : [...chainOf(steps, regions, owner), id];
}
