/**
 * Finds what each step must wait for, in one sweep over the steps in program order.
 *
 * In:  steps with the places that they touch, and the effect of each operator (static ones at compile time, those of
 *      the actual objects at link time).
 * Out: dependences, each from an earlier to a later step, with its cause. Whatever is not ordered here may overlap.
 */
import { accessesOf } from './accesses.ts';
import {
  afterBarriersAndGates,
  afterWhatMayBeCaught,
  keepGates,
  noteBarriersAndGates,
} from './control-dependences.ts';
import { hasEffects } from './conflicts.ts';
import type { Dependence, Step } from './descriptor.ts';
import type { CallEffect } from './effect.ts';
import { afterConflictingCalls, afterEverything, noteEffects, waitsForAll } from './effect-dependences.ts';
import { keepRacers, keepRange, keepStarts, usersOf } from './in-place.ts';
import { keepTillTheEnd, meetLingeringEffects, noteLingering } from './lingering-calls.ts';
import { afterMemory, afterOutsideWriters, afterStateWriters, noteMemory } from './memory-dependences.ts';
import type { Visit } from './nesting.ts';
import { type Code, Sweep } from './sweep.ts';
import { beginTogether } from './together.ts';
import { afterProducers } from './value-dependences.ts';
import { walkLoop, walkTry } from './walk-regions.ts';

export interface DependenceOptions {
  /** A call waits until every earlier step has succeeded (`startEarly: "certain"`). @default false */
  readonly certain?: boolean;
}

export interface Ordering {
  readonly dependences: readonly Dependence[];
  /** Steps whose calls must take the time that they take as written; see `Descriptor.paced`. */
  readonly paced: readonly number[];
}

export function findDependences(
  code: Code,
  effectOf: (operator: number) => CallEffect,
  options: DependenceOptions = {},
): Ordering {
  const inPlace = new Set<number>();
  const together = keepRacers(code.steps, inPlace);
  // As written a call that nobody awaits is made only when all before it has succeeded, or its failure goes unhandled.
  for (const step of code.steps)
    if (step.kind === 'start' && usersOf(code.steps, step).length === 0) inPlace.add(step.id);
  for (;;) {
    const known = inPlace.size;
    const sweep = new Sweep(code, effectOf, options.certain ?? false, inPlace);
    walk(sweep, undefined, []);
    keepTillTheEnd(sweep);
    keepStarts(code.steps, inPlace);
    if (inPlace.size > known) continue;
    const racing = code.steps.filter((step) => step.races || isMixed(step, effectOf)).map(({ id }) => id);
    const racers = new Set<number>();
    for (const { first, last, isRaced } of together) if (isRaced) keepRange(racers, first, last);
    const paced = [...new Set([...inPlace, ...racing, ...racers])].toSorted((one, other) => one - other);
    return { dependences: beginTogether(sweep.dependences, together), paced };
  }
}

/** Whether calls of one step that run side by side may see what others of them do. */
function isMixed({ sideBySide, operators }: Step, effectOf: (operator: number) => CallEffect): boolean {
  if (sideBySide !== true) return false;
  const effects = operators.map((one) => effectOf(one));
  return effects.some((effect) => effect.mutates || hasEffects(effect));
}

function walk(sweep: Sweep, region: number | undefined, copies: Visit['copies']): void {
  for (const step of sweep.nesting.stepsOf(region)) {
    sweep.enter(step, copies);
    visit(sweep, step);
    if (step.kind === 'loop') walkLoop(sweep, step, (...inner) => walk(sweep, ...inner));
    if (step.kind === 'try') walkTry(sweep, step, (...inner) => walk(sweep, ...inner));
  }
}

function visit(sweep: Sweep, step: Step): void {
  const accesses = accessesOf(sweep, step);
  keepGates(sweep, step);
  afterProducers(sweep, step);
  afterBarriersAndGates(sweep, step);
  if (step.operators.length > 0) afterOutsideWriters(sweep, step);
  const waits = waitsForAll(sweep, accesses);
  if (waits) afterEverything(sweep, accesses);
  else afterConflictingCalls(sweep, accesses);
  meetLingeringEffects(sweep, accesses);
  afterStateWriters(sweep, accesses);
  afterMemory(sweep, accesses);
  afterWhatMayBeCaught(sweep, accesses);
  noteBarriersAndGates(sweep, step);
  // What it has met since may have made it one that waits for all.
  if (waitsForAll(sweep, accesses)) sweep.seen.waitedForAll = sweep.now.id;
  noteMemory(sweep, accesses, waits);
  noteLingering(sweep, accesses);
  noteEffects(sweep, accesses);
}
