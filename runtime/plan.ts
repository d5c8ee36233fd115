/**
 * The plan: what a scheduler sees of a graph, as flat arrays.
 *
 * In:  steps and the dependences between them, each from an earlier to a later step.
 * Out: an immutable plan that any number of runs share. Nothing but this file does index arithmetic on it.
 */
import type { Dependence, Region, Step } from './descriptor.ts';
import type { Spread } from './durations.ts';
import { badDependence } from './errors.ts';
import type { ResourcesOf } from './keyed-calls.ts';
import { countOverlap, takesTime } from './overlap.ts';
import { type Edge, type External, type PlacedDependences, placeDependences } from './placed-dependences.ts';

/** What a scheduler may know. Steps are numbered in program order, and that order respects all dependences. */
export interface Plan {
  /** How many steps there are. */
  readonly size: number;
  /** The steps that wait for step `s`, ascending: `successors[k]` for `offsets[s] <= k < offsets[s + 1]`. */
  readonly offsets: Readonly<Int32Array>;
  readonly successors: Readonly<Int32Array>;
  /** How many steps each step waits for. */
  readonly indegree: Readonly<Int32Array>;
  /**
   * The most calls that have to follow one another from here to the end of the graph, this step included; with weights, what
   * they weigh.
   */
  readonly priority: Readonly<Int32Array>;
  /** What each step weighs, where that is known. */
  readonly weight?: Readonly<Int32Array>;
  readonly spread?: readonly (Spread | undefined)[];
  /** 1 for steps that call something and so take time. */
  readonly isCall: Readonly<Uint8Array>;
  /** 1 for steps whose calls must take the time that they take as written. */
  readonly paced: Readonly<Uint8Array>;
  /** The most calls in flight at once if all calls took equally long; 1 means that there is nothing to overlap. */
  readonly overlap: number;
  /** For each step what it waits for outside of its region, and for steps that run regions or are skipped what their end waits for. */
  readonly externals?: readonly (readonly External[] | undefined)[];
  readonly closing?: readonly (readonly External[] | undefined)[];
  /** The plans of the regions, by id. */
  readonly regions: readonly Plan[];
}

/** What is known of calls of the step at a position of a region, or of the body, which is `BODY`. */
export interface Weights {
  readonly weightOf: (region: number, position: number) => number;
  readonly spreadOf: (region: number, position: number) => Spread | undefined;
}
export const BODY = -1;

export function buildPlan(
  steps: readonly Step[],
  dependences: readonly Dependence[],
  pacedSteps: readonly number[] = [],
  regions: readonly Region[] = [],
  weights?: Weights,
  resourcesOf?: ResourcesOf,
): Plan {
  const plans: Plan[] = [];
  const placed = placeDependences(steps, dependences, regions, resourcesOf);
  const paced = new Set(pacedSteps);
  const overlap = countOverlap(steps, dependences, regions);
  const plan = (region: number | undefined): Plan => {
    const members = steps.filter((step) => step.region === region);
    return planRegion(members, placed.of(region), paced, plans, overlap, region ?? BODY, weights);
  };
  for (const { id } of regions.toReversed()) plans[id] = plan(id);
  return plan(undefined);
}

function planRegion(
  steps: readonly Step[],
  placed: PlacedDependences,
  pacedSteps: ReadonlySet<number>,
  plans: readonly Plan[],
  overlap: number,
  region: number,
  weights: Weights | undefined,
): Plan {
  const size = steps.length;
  const { offsets, successors, indegree } = connect(size, placed.edges);
  const isCall = Uint8Array.from(steps, (step) => (takesTime(step) ? 1 : 0));
  const weight = steps.map(({ regions = [] }, step) =>
    Math.max(
      at(isCall, step) === 1 ? (weights?.weightOf(region, step) ?? 1) : 0,
      ...regions.flatMap((id) => plans[id] ?? []).map(longestOf),
    ),
  );
  const ordered =
    placed.inner.length === 0 ? { offsets, successors } : connect(size, [...placed.edges, ...placed.inner]);
  const priority = new Int32Array(size);
  for (let step = size - 1; step >= 0; step--) {
    let longest = 0;
    for (let k = at(ordered.offsets, step); k < at(ordered.offsets, step + 1); k++)
      longest = Math.max(longest, at(priority, at(ordered.successors, k)));
    priority[step] = longest + (weight[step] ?? 0);
  }
  return {
    size,
    offsets,
    successors,
    indegree,
    priority,
    ...(weights === undefined
      ? {}
      : {
          weight: Int32Array.from(weight),
          spread: steps.map((_, step) => weights.spreadOf(region, step)),
        }),
    isCall,
    paced: Uint8Array.from(steps, ({ id }) => (pacedSteps.has(id) ? 1 : 0)),
    overlap,
    ...(placed.externals.size > 0 ? { externals: steps.map(({ id }) => placed.externals.get(id)) } : {}),
    ...(placed.closing.size > 0 ? { closing: steps.map(({ id }) => placed.closing.get(id)) } : {}),
    regions: plans,
  };
}

function longestOf({ priority }: Plan): number {
  return priority.reduce((most, one) => Math.max(most, one), 0);
}

/** Two steps may depend on each other for several reasons; a plan keeps one edge. */
function connect(
  size: number,
  dependences: readonly Edge[],
): { offsets: Int32Array; successors: Int32Array; indegree: Int32Array } {
  const after: number[][] = Array.from({ length: size }, () => []);
  const indegree = new Int32Array(size);
  let edges = 0;
  for (const dependence of dependences.toSorted((a, b) => a.after - b.after)) {
    const list = after[dependence.before];
    const forward = dependence.before < dependence.after && dependence.after < size;
    if (list === undefined || !forward) throw badDependence(dependence.before, dependence.after, size);
    if (list.at(-1) === dependence.after) continue;
    list.push(dependence.after);
    indegree[dependence.after] = at(indegree, dependence.after) + 1;
    edges++;
  }
  const offsets = new Int32Array(size + 1);
  const successors = new Int32Array(edges);
  let offset = 0;
  for (const [before, list] of after.entries()) {
    successors.set(list, offset);
    offset += list.length;
    offsets[before + 1] = offset;
  }
  return { offsets, successors, indegree };
}

/** Takes the steps that are ready. */
export interface StepList {
  add(step: number): void;
}

/** The countdown of unmet dependences of one run: the only mutable state that ordering needs. */
export class Countdown {
  readonly #plan: Plan;
  readonly #unmet: Int32Array;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#unmet = new Int32Array(plan.indegree);
  }

  /** The steps that wait for nothing, ascending. */
  initial(): number[] {
    const ready: number[] = [];
    for (let step = 0; step < this.#plan.size; step++) if (at(this.#unmet, step) === 0) ready.push(step);
    return ready;
  }

  /** Records that `step` has ended, and adds each step that this makes ready to `ready`. Once per step. */
  end(step: number, ready: StepList): void {
    const { offsets, successors } = this.#plan;
    const unmet = this.#unmet;
    const end = offsets[step + 1] ?? 0;
    for (let k = offsets[step] ?? 0; k < end; k++) {
      const after = successors[k] ?? 0;
      const left = (unmet[after] ?? 0) - 1;
      unmet[after] = left;
      if (left === 0) ready.add(after);
    }
  }

  /** Whether all that `step` waits for has ended. */
  isReady(step: number): boolean {
    return at(this.#unmet, step) === 0;
  }
}

/** Indexes above stay within bounds by construction, which the type of an array cannot say. */
function at(array: Readonly<Int32Array> | Readonly<Uint8Array>, index: number): number {
  return array[index] ?? 0;
}
