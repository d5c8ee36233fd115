/**
 * What a descriptor means: one step after another, each with the values of the slots that it lists. Every other way to run
 * one must give the same. `$` is the plain call; nothing is limited, started early or aborted.
 */
import { callAsWritten } from './as-written.ts';
import type { CallSite, Compiled } from './descriptor.ts';
import {
  evaluate,
  type Instruction,
  instructionsOf,
  isSkipped,
  listOf,
  skip,
  store,
} from './instructions.ts';

export async function interpret(
  compiled: Compiled,
  self: unknown,
  input: unknown,
  context: unknown,
): Promise<unknown> {
  const slots: unknown[] = [input, context];
  for (const step of instructionsOf(compiled)) {
    if (isSkipped(step, slots)) {
      skip(step, slots);
      continue;
    }
    // oxlint-disable-next-line no-await-in-loop -- that is what one after another means
    const { result } = await valueOf(step, evaluate(step, self, $, slots));
    if (step.kind === 'return' || step.kind === 'exit') return result;
    store(step, slots, result);
  }
  return undefined;
}

/** In a box, so that the promise which a `start` step gives stays one. */
// oxlint-disable-next-line typescript/consistent-return -- every kind answers
async function valueOf(step: Instruction, value: unknown): Promise<{ readonly result: unknown }> {
  switch (step.kind) {
    case 'call':
      return { result: await call(step.method, value) };
    case 'start':
      return { result: call(step.method, value) };
    case 'await':
    case 'async':
    case 'exit':
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
