/** Which strategy the options in force come down to for a plan, and why: the words for what settings.ts decides. */
import type { ExecutionOptions, StructuralJitOptions } from './options.ts';
import type { Plan } from './plan.ts';
import { scopes } from './scope.ts';

interface Choice<T> {
  readonly value: T;
  readonly by: string;
}

export function explainStrategy(
  plan: Plan,
  own: StructuralJitOptions,
  given: ExecutionOptions | undefined,
): string {
  const { program } = scopes;
  const limit = firstOf([given?.maxConcurrency, own.maxConcurrency, program?.maxConcurrency]);
  if (limit?.value === 1) return `sequential: \`maxConcurrency\` is 1 (${limit.by})`;
  const choice = firstOf([given?.scheduler, own.executionStrategy, program?.scheduler]);
  if (typeof choice?.value === 'object') return `the scheduler \`${choice.value.name}\` (${choice.by})`;
  if (choice !== undefined && choice.value !== 'auto') return `${choice.value} (${choice.by})`;
  const threshold = firstOf([given?.parallelThreshold, own.parallelThreshold, program?.parallelThreshold]);
  const least = threshold?.value ?? 2;
  const chosen = plan.overlap >= least ? 'parallel' : 'sequential';
  const found = plan.overlap < 2 ? 'no calls can overlap' : `${plan.overlap} calls can overlap`;
  return `${chosen}: ${found}, and \`auto\` (${choice?.by ?? 'the default'}) goes parallel from ${least}`;
}

/** In order of precedence. */
function firstOf<T>(values: readonly [T | undefined, T | undefined, T | undefined]): Choice<T> | undefined {
  const places = ['options of the scope', 'options of the class', 'options of the program'];
  for (const [index, value] of values.entries())
    if (value !== undefined) return { value, by: places[index] ?? 'options' };
  return undefined;
}
