/**
 * What a descriptor means: one step after another, each with the values of the slots that it lists. Every other way to run
 * one must give the same. `$` is the plain call; nothing is limited, started early or aborted.
 */
import { callAsWritten } from './as-written.ts';
import type { CallSite, Compiled, Step } from './descriptor.ts';
import { must } from './errors.ts';
import { codeOf, listOf } from './instructions.ts';

export async function interpret(
  { descriptor, steps }: Compiled,
  self: unknown,
  input: unknown,
  context: unknown,
): Promise<unknown> {
  const slots: unknown[] = [input, context];
  for (const step of descriptor.steps) {
    const code = codeOf(must(steps[step.id], `step ${step.id} has no code`));
    // oxlint-disable-next-line no-await-in-loop -- that is what one after another means
    const value = await valueOf(step, code(self, $, ...step.inputs.map((slot) => slots[slot])));
    if (step.kind === 'return') return value.result;
    const { outputs } = step;
    const values = outputs.length === 1 && step.boxed !== true ? [value.result] : listOf(value.result);
    for (const [index, slot] of outputs.entries()) slots[slot] = values[index];
  }
  return undefined;
}

/** In a box, so that the promise which a `start` step gives stays one. */
// oxlint-disable-next-line typescript/consistent-return -- every kind answers
async function valueOf(step: Step, value: unknown): Promise<{ readonly result: unknown }> {
  switch (step.kind) {
    case 'call':
      return { result: await call(step.method, value) };
    case 'start':
      return { result: call(step.method, value) };
    case 'await':
    case 'async':
    case 'return':
      return { result: await value };
    case 'compute':
      return { result: value };
  }
}

/** Steps that call answer the target and the arguments. */
function call(method: string | undefined, parts: unknown): unknown {
  const [target, ...args] = listOf(parts);
  return callAsWritten(target, method, args);
}

const $: CallSite = (target, method) =>
  method === undefined ? target : (...args: readonly unknown[]) => callAsWritten(target, method, args);
