/** What decides whether a step runs at all: exits, barriers, and failures before it that a handler of the body sees. */
import type { Accesses } from './accesses.ts';
import type { Step } from './descriptor.ts';
import { FOR_ALL, type Sweep } from './sweep.ts';

/** Of a `try`, before one step is taken to stand for all before it. */
const MOST_CAUGHT = 32;

/** A function that throws has failed for its caller: nothing in it decides whether what follows its call runs. */
export function keepGates({ gates, seen }: Sweep, { id, ends }: Step): void {
  if (gates.has(id)) gates.set(id, seen.gate);
  if (ends !== undefined) seen.gate = gates.get(ends);
}

export function afterBarriersAndGates(sweep: Sweep, step: Step): void {
  const { barrier, gate } = sweep.seen;
  if (barrier !== undefined) sweep.order(barrier, step, 'effect', 'barrier');
  if (gate !== undefined) sweep.order(gate, step, 'control', 'may leave the body before this');
}

export function noteBarriersAndGates({ seen, now }: Sweep, { order, gate }: Step): void {
  if (order === 'barrier') seen.barrier = now.id;
  if (gate) seen.gate = now.id;
}

/** What a handler may see must be as it was when the block failed. */
export function afterWhatMayBeCaught(sweep: Sweep, { step, writes }: Accesses): void {
  const { nesting, now, code } = sweep;
  for (const around of sweep.tries) {
    const { region, first, waited } = around;
    const isHidden = (place: number): boolean => nesting.isInside(code.places[place]?.region, region);
    const isSeen = writes.some((place) => !isHidden(code.places[place]?.older ?? place));
    if (!isSeen) continue;
    for (let before = waited ?? first; before < now.id; before++) {
      if (sweep.stepAt(before)?.mayFail === true || before === waited)
        sweep.order(before, step, 'failure', 'may fail and be caught', FOR_ALL);
    }
    // To wait for one that waits is enough; but it may wait for more, so not where that would save little.
    if (now.id - (waited ?? first) > MOST_CAUGHT) around.waited = now.id;
  }
}
