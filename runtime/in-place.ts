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

/** The last step that can reach a promise which `first` gives, directly or through what others make of it. */
function lastHolder(steps: readonly Step[], first: Step): number {
  const slots = new Set(first.outputs);
  let last = first.outputs.length === 0 ? steps.length - 1 : first.id;
  for (const step of steps) {
    if (!usesAny(step, (slot) => slots.has(slot))) continue;
    last = Math.max(last, step.handsOut === true && step.outputs.length === 0 ? steps.length - 1 : step.id);
    if (step.handsOut === true) for (const slot of step.outputs) slots.add(slot);
  }
  return last;
}

export function usersOf(steps: readonly Step[], step: Step): readonly Step[] {
  return steps.filter((later) => usesAny(later, (slot) => step.outputs.includes(slot)));
}

/** Whether the step is given, or passes on, the value of a slot that `isAsked` names. */
function usesAny({ inputs, otherwise = [] }: Step, isAsked: (slot: number) => boolean): boolean {
  return inputs.some(isAsked) || otherwise.some((slot) => slot !== null && isAsked(slot));
}

export function keepRange(inPlace: Set<number>, first: number, last: number): void {
  for (let step = first; step <= last; step++) inPlace.add(step);
}
