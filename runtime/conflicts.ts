/** Whether an earlier call, which may still be going on, has to do with what a later step does, by their effects. */
import type { Step } from './descriptor.ts';
import type { CallEffect } from './effect.ts';

/** Whether a call changes anything that others may see, beyond what it is given. */
export function hasEffects(effect: CallEffect): boolean {
  return effect.ordered || effect.state || effect.writes.size > 0;
}

export function isEffectful(effect: CallEffect): boolean {
  return hasEffects(effect) || effect.reads.size > 0;
}

/** `begun`: of the earlier calls; `effects`: of the calls of `step`. */
export function mayMeet(begun: readonly CallEffect[], step: Step, effects: readonly CallEffect[]): boolean {
  if (step.order === 'barrier') return begun.some(isEffectful);
  if (step.order === 'fence' && begun.some(goesOnChanging)) return true;
  return effects.some((later) => isEffectful(later) && begun.some((earlier) => areOrdered(earlier, later)));
}

function areOrdered(earlier: CallEffect, later: CallEffect): boolean {
  if (!isEffectful(earlier)) return false;
  if (earlier.ordered || later.ordered) return true;
  if (hasEffects(later) ? goesOnChanging(earlier) || later.state : earlier.state) return true;
  return touches(earlier, later) || touches(later, earlier);
}

/**
 * Only starts of writers are in order, so what comes behind the start of one may pass the rest of it. But what is known of an
 * operator by its body may be calls of others, which start some time later; and state changes at any time.
 */
function goesOnChanging({ ordered, state, writes, known }: CallEffect): boolean {
  return ordered || state || (writes.size > 0 && known !== 'declared');
}

function touches({ writes }: CallEffect, other: CallEffect): boolean {
  const touched = [...other.reads, ...other.writes];
  return [...writes].some((key) => touched.some((one) => one === key || isAny(one, key) || isAny(key, one)));
}

function isAny(one: unknown, other: unknown): boolean {
  return one === '*' && typeof other === 'string';
}
