/**
 * Calls that go on when their step has ended. What they have to do with a later step hangs on the time between the two, so all from
 * one to the other keeps its place.
 */
import { type Accesses, changedBy, effectsOf, isShared } from './accesses.ts';
import { hasEffects, isEffectful, mayMeet } from './conflicts.ts';
import type { Step } from './descriptor.ts';
import { keepRange } from './in-place.ts';
import type { Sweep } from './sweep.ts';

/** What a call that nobody awaits does, it does some time after it began; and so does whoever comes meanwhile. */
export function meetLingeringEffects(sweep: Sweep, { step, effects }: Accesses): void {
  if (step.order === 'free' && !effects.some(isEffectful)) return;
  for (const before of sweep.lingering) {
    const earlier = sweep.stepAt(before);
    const begun = earlier === undefined ? [] : effectsOf(sweep, earlier);
    // What its own code does when it goes on has a place among all effects.
    const isPlaced = earlier !== undefined && earlier.order !== 'free';
    const isOrdered = isPlaced && (step.order !== 'free' || effects.some(hasEffects));
    if (isOrdered || mayMeet(begun, step, effects)) keepInPlace(sweep, before, step);
  }
}

/** `step` touches what the visit `before` does: if calls of that go on, all between them stays in its place. */
export function keepInPlace(sweep: Sweep, before: number, step: Step): void {
  const begun = sweep.stepAt(before)?.id ?? step.id;
  const pending = sweep.lingering.has(before) && !(step.starts ?? []).includes(begun);
  if (pending) keepFrom(sweep, before, step.id);
}

/** `step` writes what any call may see. */
export function keepAllInPlace(sweep: Sweep, step: Step): void {
  for (const before of sweep.lingering) keepFrom(sweep, before, step.id);
}

export function noteLingering(sweep: Sweep, { step, effects }: Accesses): void {
  const { lingering, now } = sweep;
  const goesOn = new Set(effects.map((effect) => effect.goesOn));
  // Code of the step may handle the failure itself.
  const isHandled = step.kind === 'async' && goesOn.has('failed');
  if (step.lingers || goesOn.has('always') || isHandled) lingering.add(now.id);
  if (step.abandons === true || goesOn.has('failed'))
    for (const { abandoned } of sweep.tries) abandoned.add(now.id);
  // What may be skipped may not have waited.
  const isCertain = step.guard === undefined && step.region === undefined;
  for (const start of isCertain ? (step.starts ?? []) : []) lingering.delete(sweep.visitOf.get(start) ?? -1);
}

/**
 * What a call that nobody awaits has changed in memory by the end of the body, the caller sees: so the body takes its time.
 * Of resources, and of what is declared `sequential`, the law orders only when calls start.
 */
export function keepTillTheEnd(sweep: Sweep): void {
  const changes = (step: Step): boolean =>
    step.writes.some((place) => isShared(sweep, place)) ||
    effectsOf(sweep, step).some(({ state }) => state) ||
    changedBy(sweep, step).some((place) => isShared(sweep, place));
  for (const visit of sweep.lingering) {
    const step = sweep.stepAt(visit);
    if (step !== undefined && changes(step)) keepFrom(sweep, visit, sweep.code.steps.length - 1);
  }
}

/** All from a visit to the step `last`, to which the visit now belongs; of loops that go on between the two, all. */
function keepFrom(sweep: Sweep, before: number, last: number): void {
  const visit = sweep.visits[before];
  if (visit === undefined) return;
  const span = sweep.nesting.spanBetween(visit, sweep.now);
  keepRange(sweep.inPlace, span.first, Math.max(span.last, last));
}
