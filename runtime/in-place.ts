/** Which steps must run exactly when they run as written, for something hangs on when they begin. */
import type { Step } from './descriptor.ts';
import { beginAtOnce, joinStretches, type Stretch } from './together.ts';

/**
 * Promises of calls in flight that code holds other than to await them may race with others. Who wins hangs on when each
 * began, so as long as they can be reached everything begins as it does as written: either in place, or, as the answer says,
 * all at one time.
 */
export function keepRacers(steps: readonly Step[], inPlace: Set<number>): readonly Stretch[] {
  const together: Stretch[] = [];
  for (const step of steps) {
    const isRaced = step.kind === 'start' ? isHeld(steps, step) : step.handsOut === true;
    if (!isRaced && !isOneOfMany(steps, step)) continue;
    const stretch = { first: step.id, last: lastHolder(steps, step), isRaced };
    if (beginAtOnce(steps, stretch)) together.push(stretch);
    else if (isRaced) keepRange(inPlace, stretch.first, stretch.last);
  }
  return joinStretches(together);
}

/** Whether one step waits for the promise that `start` gives and for others. */
function isOneOfMany(steps: readonly Step[], start: Step): boolean {
  return (
    start.kind === 'start' &&
    usersOf(steps, start).some(({ starts }) => starts !== undefined && starts.length > 1)
  );
}

/** Whether anything uses the promise that `start` gives other than to wait for it alone, or for all whatever they give. */
function isHeld(steps: readonly Step[], start: Step): boolean {
  return usersOf(steps, start).some((user) => user.starts?.includes(start.id) !== true || user.races);
}

/** The last step that is given the promise which `first` gives; what that makes of it has a range of its own. */
function lastHolder(steps: readonly Step[], first: Step): number {
  if (first.outputs.length === 0) return steps.length - 1;
  return Math.max(first.id, ...usersOf(steps, first).map(({ id }) => id));
}

/** Those that are given, or pass on, what `step` gives. */
export function usersOf(steps: readonly Step[], step: Step): readonly Step[] {
  const isGiven = (slot: number | null): boolean => slot !== null && step.outputs.includes(slot);
  return steps.filter(({ inputs, otherwise = [] }) => inputs.some(isGiven) || otherwise.some(isGiven));
}

/** When an `await` ends hangs on when the calls began that it waits for. */
export function keepStarts(steps: readonly Step[], inPlace: Set<number>): void {
  for (const { id, starts = [] } of steps)
    for (const start of starts) if (inPlace.has(id) && !inPlace.has(start)) keepRange(inPlace, start, id);
}

export function keepRange(inPlace: Set<number>, first: number, last: number): void {
  for (let step = first; step <= last; step++) inPlace.add(step);
}
