/**
 * Code that overlaps calls within one step has a form that does not, for runs under the serial scheduler: there each call
 * is made after the one before has succeeded.
 */
import type { Compiled } from './descriptor.ts';
import type { Linked } from './link.ts';
import type { Scheduler } from './schedulers/scheduler.ts';
import { TopologicalScheduler } from './schedulers/serial.ts';

const forms = new WeakMap<Compiled, Compiled>();

export function setInOrder(compiled: Compiled, inOrder: Compiled): void {
  forms.set(compiled, inOrder);
}

/** Whether calls of one step overlap. */
export function hasInOrder(compiled: Compiled): boolean {
  return forms.has(compiled);
}

/** What to run under `scheduler`. */
export function formFor(linked: Linked, scheduler: Scheduler): Linked {
  if (!(scheduler instanceof TopologicalScheduler)) return linked;
  const inOrder = forms.get(linked.compiled);
  return inOrder === undefined ? linked : { ...linked, compiled: inOrder };
}
