/**
 * How the sweep goes through the regions of a step. The body of a loop is visited twice: the second time stands for every later
 * iteration, and what it waits for in the first one is what an iteration waits for in the one before. What follows the block of a
 * `try` begins from whatever that got to.
 */
import type { Region, Step } from './descriptor.ts';
import { isPassed } from './effect-dependences.ts';
import type { Visit } from './nesting.ts';
import { fork, joinForks, merge, type Seen } from './seen.ts';
import type { Sweep } from './sweep.ts';
import { endAfterProducers, produce, producersOf } from './value-dependences.ts';

type Walk = (region: number, copies: Visit['copies']) => void;

export function walkLoop(sweep: Sweep, step: Step, walk: Walk): void {
  const { now } = sweep;
  const { id, carried, results } = sweep.nesting.regionOf(step, 'iteration');
  for (const { into, from } of carried) produce(sweep, into, producersOf(sweep, from));
  walk(id, [...now.copies, { loop: step.id, copy: 0 }]);
  const outs = carried.map(({ into, out, from }) => [into, producersOf(sweep, out ?? from)] as const);
  for (const [into, producers] of outs) produce(sweep, into, producers);
  walk(id, [...now.copies, { loop: step.id, copy: 1 }]);
  endAfterProducers(sweep, step, now, results);
  // What a variable is behind the loop stands there as soon as the last iteration has given it.
  for (const [index, slot] of step.outputs.entries()) {
    const producers = producersOf(sweep, results[index] ?? slot);
    if (producers.length > 0 && producers.every((producer) => producer > now.id))
      produce(sweep, slot, producers);
  }
}

/** What a handler may rely upon: whatever held before the block, and whatever the block got to. */
export function walkTry(sweep: Sweep, step: Step, walk: Walk): void {
  const { now, seen: before, nesting } = sweep;
  const block = nesting.regionOf(step, 'try');
  const handler = nesting.findRegion(step, 'catch');
  const last = nesting.findRegion(step, 'finally');
  // The statement ends when all has for which something in it would have waited, so who waits for it need not look further.
  let waits = false;
  const around = sweep.tries.map((one) => ({ one, waited: one.waited, waits: false }));
  const walkPart = (region: number): void => {
    walk(region, now.copies);
    waits ||= sweep.seen.waitedForAll > now.id;
    // A handler may run without what has waited in the block.
    for (const outer of around) {
      outer.waits ||= outer.one.waited !== outer.waited;
      outer.one.waited = outer.waited;
    }
  };
  sweep.seen = fork(before);
  walkCaught(sweep, block.id, walkPart);
  endAfterProducers(sweep, step, now, block.results);
  if (handler !== undefined) {
    const afterBlock = sweep.seen;
    enterHandler(sweep, handler, before, now.id);
    // What comes in any case sees how far a handler came that fails.
    if (last === undefined) walkPart(handler.id);
    else walkCaught(sweep, handler.id, walkPart);
    endAfterProducers(sweep, step, now, handler.results);
    sweep.seen = merge(before, sweep.seen, afterBlock);
    // A failure is caught, or ends the body as a failure does; neither decides whether what follows runs.
    if (!step.gate) sweep.seen.gate = before.gate;
  }
  if (last !== undefined) {
    sweep.seen = merge(before, sweep.seen, before);
    walkPart(last.id);
  }
  leaveTry(sweep, now.id, waits);
  for (const outer of around) if (outer.waits) outer.one.waited = now.id;
  for (const slot of step.outputs) produce(sweep, slot, [now.id]);
  if (step.gate) sweep.seen.gate = now.id;
}

/** A region whose failure the `try` catches, or lets pass only when its `finally` has run. */
function walkCaught(sweep: Sweep, region: number, walk: (region: number) => void): void {
  const abandoned = new Set<number>();
  sweep.tries.push({ region, first: sweep.visits.length, waited: undefined, abandoned });
  walk(region);
  sweep.tries.pop();
  for (const call of abandoned) sweep.lingering.add(call);
}

function enterHandler(sweep: Sweep, handler: Region, before: Seen, visit: number): void {
  sweep.seen = merge(before, sweep.seen, before);
  sweep.seen.gate = before.gate;
  sweep.seen.barrier = before.barrier;
  for (const { into, from, versions = [] } of handler.carried)
    produce(
      sweep,
      into,
      [from, ...versions.map(({ slot }) => slot)].flatMap((slot) => producersOf(sweep, slot)),
    );
  if (handler.error !== undefined) produce(sweep, handler.error, [visit]);
}

/** Nobody has to wait for what was before the statement `visit` who waits for something in it, if that `waits` for all. */
function leaveTry(sweep: Sweep, visit: number, waits: boolean): void {
  const enough = (steps: readonly number[]): readonly number[] =>
    steps.some((one) => one > visit) ? steps.filter((one) => one > visit || isPassed(sweep, one)) : steps;
  // A writer of one entry may be passed, but not those before it.
  const enoughWriters = (steps: readonly number[]): readonly number[] =>
    steps.some((one) => one > visit && !sweep.whole.has(one)) ? steps : enough(steps);
  const all = (steps: readonly number[]): readonly number[] => steps;
  sweep.seen = joinForks(sweep.seen, waits ? enoughWriters : all, waits ? enough : all);
  if (waits) sweep.seen.waitedForAll = Math.max(sweep.seen.waitedForAll, visit);
}
