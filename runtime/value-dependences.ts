/** Whoever uses a value waits for whoever gives it. */
import type { DependenceKind, Step } from './descriptor.ts';
import type { Visit } from './nesting.ts';
import type { Sweep } from './sweep.ts';

export function afterProducers(sweep: Sweep, step: Step): void {
  for (const slot of step.inputs) afterProducer(sweep, step, slot, 'flow');
  for (const slot of step.otherwise ?? []) if (slot !== null) afterProducer(sweep, step, slot, 'flow', true);
  if (step.guard !== undefined) afterProducer(sweep, step, step.guard, 'control');
  for (const slot of step.outputs) produce(sweep, slot, [sweep.now.id]);
}

/** A step that runs regions ends when all that it gives is there, wherever that comes from. */
export function endAfterProducers(sweep: Sweep, step: Step, visit: Visit, results: readonly number[]): void {
  sweep.now = visit;
  for (const slot of results) afterProducer(sweep, step, slot, 'flow', true);
}

function afterProducer(sweep: Sweep, step: Step, slot: number, kind: DependenceKind, isLate = false): void {
  const what = sweep.code.slots[slot] ?? `slot ${slot}`;
  for (const producer of producersOf(sweep, slot)) sweep.order(producer, step, kind, what, { isLate });
}

export function producersOf({ seen }: Sweep, slot: number): readonly number[] {
  return seen.producers.get(slot) ?? [];
}

export function produce({ seen }: Sweep, slot: number, producers: readonly number[]): void {
  seen.producers.set(slot, producers);
}
