/** What a step does to what others touch: the effects of its calls, and the places that it reads and writes. */
import type { Step } from './descriptor.ts';
import type { CallEffect } from './effect.ts';
import type { Code } from './sweep.ts';

export interface Accesses {
  readonly step: Step;
  readonly effects: readonly CallEffect[];
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

/** The code, and the effects of the operators that it calls. */
interface Program {
  readonly code: Code;
  readonly effectOf: (operator: number) => CallEffect;
}

export function accessesOf(program: Program, step: Step): Accesses {
  const begun = begunBy(program, step);
  const reads = [...step.reads, ...begun.flatMap((start) => start.reads)];
  const writes = [...step.writes, ...begun.flatMap((start) => start.writes)];
  const changed = [step, ...begun].flatMap((one) => changedBy(program, one));
  return { step, effects: effectsOf(program, step), reads, writes: [...writes, ...changed] };
}

/** An `await` ends the calls that its `start` steps began, so it has their effects too. */
export function effectsOf(program: Program, step: Step): readonly CallEffect[] {
  return [step, ...begunBy(program, step)].flatMap(({ operators }) =>
    operators.map((one) => program.effectOf(one)),
  );
}

export function begunBy({ code }: Program, { starts = [] }: Step): readonly Step[] {
  return starts.flatMap((start) => code.steps[start] ?? []);
}

/** What the step's own calls are given, if they may change it. */
export function changedBy({ effectOf }: Program, step: Step): readonly number[] {
  const mutates = step.operators.some((operator) => effectOf(operator).mutates);
  return mutates ? heldBy(step) : [];
}

/** What the calls of a step are given. */
function heldBy({ reads, unheld = [] }: Step): readonly number[] {
  return reads.filter((place) => !unheld.includes(place));
}

/** Whether what is written there outlives the run. */
export function isShared({ code }: Program, place: number): boolean {
  return code.places[place]?.kind !== 'fresh';
}

/** Whether calls may see what is written there. */
export function isOutside(program: Program, place: number): boolean {
  return isShared(program, place) && program.code.places[place]?.kind !== 'own';
}

/** The slot of the one key under which `step` touches `place`. */
export function keyIn(step: Step | undefined, place: number): number | undefined {
  return step?.keys?.find((key) => key.place === place)?.slot;
}
