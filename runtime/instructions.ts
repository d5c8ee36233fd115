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

/** What every step is asked for comes first: a run of many steps waits for memory more than for anything else. */
export interface Instruction {
  /** Its position in its region. */
  readonly id: number;
  readonly kind: StepKind;
  readonly code: Code;
  /** The slot that decides whether it runs; -1 if it always does. */
  readonly guard: number;
  /** All that it is given stands in its own region; then `inputs`, `guard` and `otherwise` are places there. */
  readonly isLocal: boolean;
  /** How many inputs it has, and the first three of them. */
  readonly arity: number;
  readonly first: number;
  readonly second: number;
  readonly third: number;
  /** The place of the one output that gets the value as it is; -1 for no output, several, or one in an array. */
  readonly output: number;
  /** Its code calls operators through `$`. */
  readonly routes: boolean;
  readonly method: string | undefined;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** For each output the slot to copy when it is skipped; -1 for none. */
  readonly otherwise: readonly number[];
  /** Some step is given what this one puts out. */
  readonly isUsed: boolean;
  readonly regions: readonly RegionCode[];
  /** How many ticks a failure of it takes more, where that matters: see `Step.hops`. */
  readonly hops: number;
  /** Its id in the descriptor. */
  readonly step: number;
}

/** The values that a step may be given, wherever they stand. */
export interface Readable {
  readonly slots: Slots;
  read(slot: number): unknown;
}

export function isSkipped({ guard, isLocal }: Instruction, values: Readable): boolean {
  return guard !== NONE && !(isLocal ? values.slots[guard] : values.read(guard));
}

/** What a skipped step leaves: its outputs as they were before it. */
export function skip({ outputs, otherwise, isLocal }: Instruction, values: Readable): void {
  const { slots } = values;
  for (const [index, slot] of outputs.entries()) {
    const before = otherwise[index] ?? NONE;
    if (before === NONE) slots[slot] = undefined;
    else slots[slot] = isLocal ? slots[before] : values.read(before);
  }
}

/** Runs the code of a step. Spelt out for few inputs: a spread costs more than all the rest of a small step. */
export function evaluate(step: Instruction, self: unknown, $: CallSite, slots: Slots): unknown {
  const { code } = step;
  switch (step.arity) {
    case 0:
      return code(self, $);
    case 1:
      return code(self, $, slots[step.first]);
    case 2:
      return code(self, $, slots[step.first], slots[step.second]);
    case 3:
      return code(self, $, slots[step.first], slots[step.second], slots[step.third]);
  }
  return code(self, $, ...step.inputs.map((slot) => slots[slot]));
}

/** The same for a step that is given values from outside of its region. */
export function evaluateFar(step: Instruction, self: unknown, $: CallSite, values: Readable): unknown {
  const { code } = step;
  switch (step.arity) {
    case 0:
      return code(self, $);
    case 1:
      return code(self, $, values.read(step.first));
    case 2:
      return code(self, $, values.read(step.first), values.read(step.second));
    case 3:
      return code(self, $, values.read(step.first), values.read(step.second), values.read(step.third));
  }
  return code(self, $, ...step.inputs.map((slot) => values.read(slot)));
}

/** One output gets the value; several get the elements of the array that the value is. */
export function store({ output, outputs }: Instruction, slots: Slots, value: unknown): void {
  if (output !== NONE) slots[output] = value;
  else if (outputs.length > 0) storeAll({ outputs }, slots, listOf(value));
}

export function storeAll(
  { outputs }: Pick<Instruction, 'outputs'>,
  slots: Slots,
  values: readonly unknown[],
): void {
  for (const [index, slot] of outputs.entries()) slots[slot] = values[index];
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
