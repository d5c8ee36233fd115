/**
 * What a handler is given, in abstract memory: an error of its own, which may be, or hold, whatever the calls in the `try` reach.
 * Operators keep nothing of earlier calls (README, "What is assumed"), and what the program itself throws has escaped.
 */
import type ts from 'typescript';
import { input, type Memory, type Value, world } from './memory.ts';

/** Notes that a call in `site`, or one that goes on anywhere if there is none, reaches `given`. */
export function noteThrown(
  memory: Memory,
  site: ts.TryStatement | undefined,
  given: ReadonlySet<number>,
): void {
  if (memory.thrown.add(site, given)) memory.version++;
}

export function caughtBy(memory: Memory, site: ts.TryStatement): Value {
  const error = memory.allocate(site, 'what is caught');
  const inside = new Set([world, input, ...memory.thrown.at(site)]);
  memory.store(new Set([error]), inside);
  return { places: new Set([error, ...inside]) };
}
