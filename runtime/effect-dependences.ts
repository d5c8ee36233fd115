/** Calls keep the order that their effects ask for: on resources, on state of operators, and on whatever may fail before them. */
import { type Accesses, effectsOf, isOutside, isShared } from './accesses.ts';
import { hasEffects, isEffectful, mayMeet } from './conflicts.ts';
import type { Step } from './descriptor.ts';
import { ANY_STATE } from './effect.ts';
import { keepInPlace } from './lingering-calls.ts';
import { append } from './seen.ts';
import { FOR_ALL, MOST_WRITERS, type Sweep } from './sweep.ts';

export function waitsForAll(sweep: Sweep, { step, effects, writes }: Accesses): boolean {
  if (sweep.inPlace.has(step.id)) return true;
  if (step.kind === 'await' && step.starts !== undefined) return step.order !== 'free';
  if (step.order !== 'free' || writes.some((place) => isShared(sweep, place))) return true;
  if (sweep.certain && step.operators.length > 0) return true;
  return effects.some(hasEffects);
}

export function afterEverything(sweep: Sweep, { step, effects, writes }: Accesses): void {
  const isInTime = sweep.inPlace.has(step.id) || step.order === 'barrier';
  const { waitedForAll } = sweep.seen;
  // Calls in flight read their own fields, so they are over before anything shared changes.
  const isChange = effects.some(({ state }) => state) || writes.some((place) => isOutside(sweep, place));
  const isAfter = (end: Step): boolean => {
    const begun = effectsOf(sweep, end);
    return (isChange && begun.length > 0) || mayMeet(begun, step, effects);
  };
  for (const end of sweep.passed) {
    const earlier = sweep.stepAt(end);
    if (earlier !== undefined && isAfter(earlier))
      sweep.order(end, step, 'effect', 'program order of effects', FOR_ALL);
  }
  for (let before = Math.max(0, waitedForAll); before < sweep.now.id; before++) {
    const earlier = sweep.stepAt(before);
    if (earlier === undefined) continue;
    const effectful = isQuietEnd(earlier)
      ? isAfter(earlier)
      : earlier.order !== 'free' || effectsOf(sweep, earlier).some(isEffectful);
    if (effectful) sweep.order(before, step, 'effect', 'program order of effects', FOR_ALL);
    else if (earlier.mayFail) sweep.order(before, step, 'failure', 'may fail', FOR_ALL);
    // Whoever has waited for all stands for all before it, whatever it does itself.
    else if (isInTime || before === waitedForAll)
      sweep.order(before, step, 'control', 'program order', FOR_ALL);
    else if (isQuietEnd(earlier)) sweep.passed.add(before);
  }
}

/** For calls that only read: they wait for earlier writers of what they read. */
export function afterConflictingCalls(sweep: Sweep, { step, effects }: Accesses): void {
  const { orderedCalls, resourceWriters } = sweep.seen;
  const reads = effects.flatMap((effect) => [...effect.reads]);
  // A call that reads nothing that others write passes sequential calls, but not writers of its own fields.
  for (const before of reads.length > 0 ? orderedCalls : [])
    sweep.order(before, step, 'effect', 'sequential call');
  const keys = [...reads, ...effects.flatMap((effect) => [...effect.enters])];
  // State is no resource, whatever name it has.
  const all = [...resourceWriters.keys()].filter((key) => typeof key === 'string');
  const anyResource = reads.some((key) => typeof key === 'string') ? ['*'] : [];
  for (const key of new Set([...anyResource, ...(reads.includes('*') ? all : []), ...keys])) {
    const isResource = typeof key === 'string';
    const what = isResource ? `resource "${key}"` : 'state of an operator';
    for (const before of resourceWriters.get(key) ?? []) {
      sweep.order(before, step, 'effect', what, { mayDiffer: isResource && mayDiffer(sweep, before, step) });
      keepInPlace(sweep, before, step);
    }
  }
}

/** Whether two calls touch what their inputs say, so that it may turn out not to be the same. */
function mayDiffer(sweep: Sweep, before: number, step: Step): boolean {
  const earlier = sweep.whole.has(before) ? undefined : sweep.stepAt(before);
  if (earlier === undefined || !isTold(sweep, earlier) || !isTold(sweep, step)) return false;
  return [earlier, step].some((one) => effectsOf(sweep, one).some(({ keyed }) => keyed !== undefined));
}

/** Whether calls say by names, or one by what it is given, which resources they touch. */
function isTold(sweep: Sweep, step: Step): boolean {
  const effects = effectsOf(sweep, step);
  const [effect, ...others] = effects;
  if (effect?.keyed !== undefined)
    return step.kind === 'call' && others.length === 0 && step.given !== undefined;
  const isOwn = step.kind === 'call' || (step.kind === 'async' && step.starts === undefined);
  const isNamed = effects.every(({ keyed, reads, writes }) => !keyed && !reads.has('*') && !writes.has('*'));
  return isOwn && effects.length > 0 && isNamed;
}

export function noteEffects(sweep: Sweep, { step, effects }: Accesses): void {
  const { seen, now } = sweep;
  const { id } = now;
  const ends = step.starts !== undefined;
  if (effects.some((effect) => effect.ordered)) seen.orderedCalls = ends ? [...seen.orderedCalls, id] : [id];
  const written = effects.flatMap((effect) => [...effect.writes, ...(effect.state ? [ANY_STATE] : [])]);
  const isKeyed = effects.some(({ keyed }) => keyed !== undefined);
  for (const key of written) {
    const before = seen.resourceWriters.get(key) ?? [];
    const isOneOfMany = isKeyed && before.length < MOST_WRITERS;
    if (isKeyed && !isOneOfMany) sweep.whole.add(id);
    // Whoever writes has waited for all earlier steps, so for it alone later readers need to wait, unless they pass it.
    if (ends || isOneOfMany) append(seen.resourceWriters, key, id);
    else seen.resourceWriters.set(key, [...sweep.still(seen.resourceWriters.get(key)), id]);
  }
  if (effects.some(hasEffects)) seen.stateWriters = [...seen.stateWriters, { step: id, effects }];
}

/** Whether a step that waits for everything does not wait for this one to end: it goes on, or cannot fail and changes nothing. */
export function isPassed(sweep: Sweep, visit: number): boolean {
  const step = sweep.stepAt(visit);
  if (step === undefined || sweep.lingering.has(visit)) return true;
  if (isQuietEnd(step)) return true;
  return step.order === 'free' && !step.mayFail && !effectsOf(sweep, step).some(isEffectful);
}

/** Waits for calls of other steps whatever becomes of them. */
function isQuietEnd({ kind, starts, order, mayFail }: Step): boolean {
  return kind === 'await' && starts !== undefined && order === 'free' && !mayFail;
}
