/** The values of one run: slot 0 is the input, slot 1 the context, the others are filled by steps. */
import type { CallSite, Step, StepFunction } from './descriptor.ts';

export type Slots = unknown[];

/** A step function as the engine calls it: which values it gets, the descriptor says. */
export type Code = (self: unknown, $: CallSite, ...inputs: readonly unknown[]) => unknown;

/** The compiler made the functions for exactly the inputs that the steps list, which their type cannot say. */
export function codeOf(steps: readonly StepFunction[]): readonly Code[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return steps as readonly Code[];
}

/** Spelt out for few inputs: a spread costs more than all the rest of a small step. */
export function evaluate(
  code: Code,
  self: unknown,
  $: CallSite,
  slots: Slots,
  inputs: readonly number[],
): unknown {
  const value = (index: number): unknown => slots[inputs[index] ?? 0];
  switch (inputs.length) {
    case 0:
      return code(self, $);
    case 1:
      return code(self, $, value(0));
    case 2:
      return code(self, $, value(0), value(1));
    case 3:
      return code(self, $, value(0), value(1), value(2));
    case 4:
      return code(self, $, value(0), value(1), value(2), value(3));
  }
  return code(self, $, ...inputs.map((slot) => slots[slot]));
}

/** One output gets the value; several get the elements of the array that the value is. */
export function store(slots: Slots, outputs: readonly number[], value: unknown): void {
  if (outputs.length === 1) slots[outputs[0] ?? 0] = value;
  else if (outputs.length > 1) {
    const values = listOf(value);
    for (const [index, slot] of outputs.entries()) slots[slot] = values[index];
  }
}

/** A step with several outputs, and one that calls, answers an array: the compiler made it so. */
export function listOf(value: unknown): readonly unknown[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return value as readonly unknown[];
}

const used = new WeakMap<readonly Step[], ReadonlySet<number>>();

/** Whether some step is given what `step` puts out. */
export function isUsed(step: Step, steps: readonly Step[]): boolean {
  let slots = used.get(steps);
  if (slots === undefined) {
    slots = new Set(steps.flatMap(({ inputs }) => inputs));
    used.set(steps, slots);
  }
  const known = slots;
  return step.outputs.some((slot) => known.has(slot));
}
