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
  /** Between an iteration and the next one. */
  readonly carried: readonly Edge[];
  /** By the id of the step: what it waits for before it begins, and before it ends if it runs regions or is skipped. */
  readonly externals: ReadonlyMap<number, readonly External[]>;
  readonly closing: ReadonlyMap<number, readonly External[]>;
}

interface Placing {
  readonly edges: Edge[];
  readonly inner: Edge[];
  readonly carried: Edge[];
  readonly externals: Map<number, External[]>;
  readonly closing: Map<number, External[]>;
}

/** A step, with the steps that it is part of before it, from the outside in. */
type Chain = readonly Step[];

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
    const fresh: Placing = { edges: [], inner: [], carried: [], externals: new Map(), closing: new Map() };
    made.set(region, fresh);
    return fresh;
  };
  const positions = regions.length === 0 ? undefined : positionsOf(steps);
  const position = (step: Step): number => positions?.[step.id] ?? step.id;
  /** The step beside `step` that fills `slot`. */
  const fillerOf = (step: Step, slot: number): Step | undefined =>
    steps.find(({ region, outputs }) => region === step.region && outputs.includes(slot));
  const inputsOf = ({ inputs, before, after, part = before }: Dependence): External['inputs'] => {
    const [writer, reader] = [steps[part], steps[after]];
    if (inputs !== true || resourcesOf === undefined || !writer || !reader) return undefined;
    return {
      before: keyedCall(writer, resourcesOf(writer).writes, steps),
      after: keyedCall(reader, resourcesOf(reader).reads, steps),
    };
  };
  for (const dependence of dependences) {
    const inputs = inputsOf(dependence);
    const after = chainOf(steps, regions, dependence.after);
    const before = chainOf(steps, regions, dependence.before);
    // What does not exist is told apart where edges become a plan.
    const isPlain = dependence.part === undefined && inputs === undefined && dependence.keys === undefined;
    if (after.length <= 1 && before.length <= 1 && isPlain) {
      const at = (id: number): number => positions?.[id] ?? id;
      const edge = { before: at(dependence.before), after: at(dependence.after) };
      const { edges, inner, closing } = of(undefined);
      if (dependence.late === true) {
        inner.push(edge);
        add(closing, dependence.after, { hops: 0, isPrevious: false, position: edge.before });
      } else edges.push(edge);
      continue;
    }
    const level =
      dependence.carried === undefined ? lastCommon(before, after) : levelOf(after, dependence.carried) + 1;
    const part = dependence.part === undefined ? undefined : steps[dependence.part];
    const only = { part, inputs };
    place(of, position, fillerOf, dependence, before, after, level, only);
  }
  return { of };
}

function place(
  of: (region: number | undefined) => Placing,
  position: (step: Step) => number,
  fillerOf: (step: Step, slot: number) => Step | undefined,
  { carried, every, keys, late = false }: Dependence,
  before: Chain,
  after: Chain,
  level: number,
  { part, inputs }: { readonly part: Step | undefined; readonly inputs: External['inputs'] },
): void {
  const isPrevious = carried !== undefined;
  const earlier = before[level];
  const waiting = must(after[level], 'a dependence ends outside of the region that it holds in');
  // Parts of one `try` follow each other anyway.
  if (!isPrevious && earlier === waiting) return;
  const at = earlier === undefined ? ALL : position(earlier);
  const region = of(waiting.region);
  const edge = { before: at, after: position(waiting) };
  const isDirect = level === after.length - 1;
  const writer = part ?? earlier;
  const filler = keys && writer && fillerOf(writer, keys.before);
  const compared = keys && filler && { ...keys, filledBy: position(filler) };
  const isPlain = part === undefined && inputs === undefined && compared === undefined;
  if (isPrevious) region.carried.push(edge);
  else if (isDirect && !late && isPlain) region.edges.push(edge);
  else region.inner.push(edge);
  for (let depth = level; depth < after.length; depth++) {
    const step = must(after[depth], 'a chain has a hole');
    const isLast = depth === after.length - 1;
    const external = {
      hops: depth - level,
      isPrevious,
      position: at,
      ...(every === true ? { isEvery: every } : {}),
      ...(part === undefined ? {} : { part: position(part) }),
      ...(compared ? { keys: compared } : {}),
      ...(inputs ? { inputs } : {}),
    };
    const { externals, closing } = of(step.region);
    // Whoever waits for more than the entry does so itself.
    if ((compared !== undefined || inputs !== undefined) && !isLast) continue;
    if (!isLast || late) add(closing, step.id, external);
    else if (!isDirect || isPrevious || !isPlain) add(externals, step.id, external);
  }
}

function add(lists: Map<number, External[]>, step: number, external: External): void {
  const list = lists.get(step);
  if (list === undefined) lists.set(step, [external]);
  else if (
    !list.some(
      ({ hops, isPrevious, isEvery, position, part, keys, inputs }) =>
        hops === external.hops &&
        isPrevious === external.isPrevious &&
        (isEvery === true || external.isEvery === undefined) &&
        position === external.position &&
        (part === undefined || part === external.part) &&
        (inputs === undefined || external.inputs !== undefined) &&
        (keys === undefined || (keys.before === external.keys?.before && keys.after === external.keys.after)),
    )
  )
    list.push(external);
}

function chainOf(steps: readonly Step[], regions: readonly Region[], id: number): Chain {
  const chain: Step[] = [];
  for (let step = steps[id]; step !== undefined;) {
    chain.push(step);
    const region = step.region === undefined ? undefined : regions[step.region];
    step = region === undefined ? undefined : steps[region.owner];
  }
  return chain.toReversed();
}

/** The innermost level at which both are in the same region. */
function lastCommon(before: Chain, after: Chain): number {
  let level = 0;
  while (
    level + 1 < Math.min(before.length, after.length) &&
    before[level] === after[level] &&
    before[level + 1]?.region === after[level + 1]?.region
  )
    level++;
  return level;
}

function levelOf(chain: Chain, step: number): number {
  return chain.findIndex(({ id }) => id === step);
}
