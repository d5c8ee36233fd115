/**
 * The steps of a descriptor in the form that the engine runs: data and code together, all of one shape (step objects may have
 * any, and reading those would cost more than the rest of a small step).
 */
import type { CallSite, Compiled, RoutedCopy, StepFunction, StepKind } from './descriptor.ts';
import type { RegionCode } from './region-code.ts';

/** The values of one activation. In the body slot 0 is the input, slot 1 the context; the others are filled by steps. */
export type Slots = unknown[];

/** No slot, or no step. */
export const NONE: number = -1;

type Code = (self: unknown, $: CallSite, ...inputs: readonly unknown[]) => unknown;

export interface Instruction {
  /** Its position in its region. */
  readonly id: number;
  /** Its id in the descriptor. */
  readonly step: number;
  readonly kind: StepKind;
  readonly code: Code;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly method: string | undefined;
  readonly isBoxed: boolean;
  /** The slot that decides whether it runs; -1 if it always does. */
  readonly guard: number;
  /** For each output the slot to copy when it is skipped; -1 for none. */
  readonly otherwise: readonly number[];
  /** Its code calls operators through `$`. */
  readonly routes: boolean;
  /** Some step is given what this one puts out. */
  readonly isUsed: boolean;
  /** All that it is given stands in its own region; then `inputs`, `guard` and `otherwise` are places there. */
  readonly isLocal: boolean;
  readonly regions: readonly RegionCode[];
}

/** What a step is given, wherever it stands. */
export type Read = (slot: number) => unknown;

/** What a skipped step leaves: its outputs as they were before it. */
export function skip({ outputs, otherwise }: Instruction, slots: Slots, read: Read): void {
  for (const [index, slot] of outputs.entries()) {
    const before = otherwise[index] ?? NONE;
    slots[slot] = before === NONE ? undefined : read(before);
  }
}

/** Runs the code of a step. Spelt out for few inputs: a spread costs more than all the rest of a small step. */
export function evaluate({ code, inputs }: Instruction, self: unknown, $: CallSite, slots: Slots): unknown {
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

/** The same for a step that is given values from outside of its region. */
export function evaluateFar({ code, inputs }: Instruction, self: unknown, $: CallSite, read: Read): unknown {
  return code(self, $, ...inputs.map(read));
}

/** One output gets the value; several get the elements of the array that the value is. */
export function store({ outputs, isBoxed }: Instruction, slots: Slots, value: unknown): void {
  if (outputs.length === 1 && !isBoxed) slots[outputs[0] ?? 0] = value;
  else if (outputs.length > 0) {
    const values = listOf(value);
    for (const [index, slot] of outputs.entries()) slots[slot] = values[index];
  }
}

/** A step with several outputs, and one that calls, answers an array: the compiler made it so. */
export function listOf(value: unknown): readonly unknown[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return value as readonly unknown[];
}

/** The compiler made the function for exactly the inputs that it is given, which its type cannot say. */
export function codeOf(step: StepFunction | RoutedCopy): Code {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return step as Code;
}

/** What `$(target, method)` calls if it is a function of the program: a method of `self`, or a function of the module. */
export function copyOf(
  copies: Compiled['copies'],
  self: unknown,
  target: unknown,
  method: string,
): RoutedCopy | undefined {
  const isOurs = copies !== undefined && (target === self || method.endsWith('()'));
  return isOurs ? copies[method] : undefined;
}
