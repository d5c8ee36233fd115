/**
 * How many calls can be in flight at once, if all took equally long: what decides whether leaving program order pays.
 *
 * Every step is placed at the number of calls that have to follow one another before it. Calls at the same depth never wait
 * for each other; a call in a loop counts twice if that of the next iteration need not wait for the end of this one.
 */
import type { Dependence, Region, Step } from './descriptor.ts';

export function countOverlap(
  steps: readonly Step[],
  dependences: readonly Dependence[],
  regions: readonly Region[],
): number {
  const waits = waitsOf(steps, dependences);
  const ends = new Int32Array(steps.length);
  const starts = place(steps, regions, waits, ends, 0, steps.length, undefined, ends);
  const doubled = new Set(
    steps.flatMap((step) => (step.kind === 'loop' ? overlapping(step, steps, regions, waits, ends) : [])),
  );
  const calls = new Map<number, number>();
  let most = 0;
  for (const step of steps) {
    if (!takesTime(step)) continue;
    const { id } = step;
    const depth = starts[id] ?? 0;
    const count = (calls.get(depth) ?? 0) + (doubled.has(id) ? 2 : 1);
    calls.set(depth, count);
    most = Math.max(most, count);
  }
  return most;
}

/** For each step what it waits for before it begins. */
function waitsOf(steps: readonly Step[], dependences: readonly Dependence[]): Dependence[][] {
  const waits: Dependence[][] = steps.map(() => []);
  for (const dependence of dependences)
    if (dependence.late !== true && dependence.keys === undefined && dependence.inputs === undefined)
      waits[dependence.after]?.push(dependence);
  return waits;
}

/** Whether the step calls something. */
export function takesTime({ kind, operators }: Step): boolean {
  return kind === 'call' || kind === 'start' || kind === 'async' || operators.length > 0;
}

/** The loops of which an iteration may begin calls before the one before has ended. */
export function findOverlappingLoops(
  steps: readonly Step[],
  dependences: readonly Dependence[],
  regions: readonly Region[],
): readonly number[] {
  const waits = waitsOf(steps, dependences);
  const ends = new Int32Array(steps.length);
  place(steps, regions, waits, ends, 0, steps.length, undefined, ends);
  const isCall = (id: number): boolean => (steps[id]?.operators.length ?? 0) > 0;
  return steps
    .filter((step) => step.kind === 'loop' && overlapping(step, steps, regions, waits, ends).some(isCall))
    .map(({ id }) => id);
}

/** Calls of a loop that an iteration may begin before all of the iteration before has ended. */
function overlapping(
  { id, regions: [own] = [] }: Step,
  steps: readonly Step[],
  regions: readonly Region[],
  waits: readonly (readonly Dependence[])[],
  ends: Int32Array,
): readonly number[] {
  let last = id + 1;
  const isInside = (step: Step | undefined): boolean => {
    for (let region = step?.region; region !== undefined;) {
      if (region === own) return true;
      const owner: number | undefined = regions[region]?.owner;
      region = owner === undefined ? undefined : steps[owner]?.region;
    }
    return false;
  };
  while (isInside(steps[last])) last++;
  const again = own === undefined ? undefined : regions[own]?.again;
  const decider = steps.find(({ outputs }) => again !== undefined && outputs.includes(again));
  const second = Int32Array.from(ends);
  const starts = place(
    steps,
    regions,
    waits,
    second,
    id + 1,
    last,
    { loop: id, from: ends[decider?.id ?? id] ?? 0 },
    ends,
  );
  return steps
    .slice(id + 1, last)
    .flatMap((step) => ((starts[step.id] ?? 0) < (ends[id] ?? 0) ? [step.id] : []));
}

/** Fills in when steps end; answers when they start. With `again` for the second iteration of a loop. */
function place(
  steps: readonly Step[],
  regions: readonly Region[],
  waits: readonly (readonly Dependence[])[],
  ends: Int32Array,
  first: number,
  last: number,
  again: { readonly loop: number; readonly from: number } | undefined,
  firstEnds: Int32Array,
): Int32Array {
  const starts = new Int32Array(steps.length);
  for (const step of steps.slice(first, last)) {
    const { id, region } = step;
    const owner = region === undefined ? undefined : regions[region]?.owner;
    let start = Math.max(again?.from ?? 0, owner === undefined || owner < first ? 0 : (starts[owner] ?? 0));
    for (const { before, part = before, carried } of waits[id] ?? []) {
      if (carried === undefined) start = Math.max(start, ends[part] ?? 0);
      else if (carried === again?.loop) start = Math.max(start, firstEnds[part] ?? 0);
    }
    // Whoever waits for a call to begin does not wait for it to end.
    for (const begun of step.starts ?? []) start = Math.max(start, (starts[begun] ?? 0) + 1);
    starts[id] = start;
    ends[id] = start + (takesTime(step) && step.kind !== 'start' ? 1 : 0);
    // A step that runs others ends when they have.
    for (let at = owner; at !== undefined && at >= first;) {
      ends[at] = Math.max(ends[at] ?? 0, ends[id] ?? 0);
      const around: number | undefined = steps[at]?.region;
      at = around === undefined ? undefined : regions[around]?.owner;
    }
  }
  return starts;
}
