/** Which strategy the options in force come down to for a plan, and why: the words for what settings.ts decides. */
import type { ExecutionOptions, StructuralJitOptions } from './options.ts';
import type { Plan } from './plan.ts';
import { scopes } from './scope.ts';

interface Choice<T> {
  readonly value: T;
  readonly by: string;
}

/** How the steps of a run are ordered, and why. */
export interface InForce {
  readonly strategy: string;
  readonly why: string;
}

export function explainStrategy(
  plan: Plan,
  own: StructuralJitOptions,
  given: ExecutionOptions | undefined,
  prefersSerial?: boolean,
): string {
  const { strategy, why } = findStrategy(plan, own, given, prefersSerial);
  return why.startsWith('(') ? `${strategy} ${why}` : `${strategy}: ${why}`;
}

export function findStrategy(
  plan: Plan,
  own: StructuralJitOptions,
  given: ExecutionOptions | undefined,
  prefersSerial: boolean = false,
): InForce {
  const { program } = scopes;
  const limit = firstOf([given?.maxConcurrency, own.maxConcurrency, program?.maxConcurrency]);
  if (limit?.value === 1) return { strategy: 'sequential', why: `\`maxConcurrency\` is 1 (${limit.by})` };
  const choice = firstOf([given?.scheduler, own.executionStrategy, program?.scheduler]);
  if (typeof choice?.value === 'object')
    return { strategy: `the scheduler \`${choice.value.name}\``, why: `(${choice.by})` };
  if (choice !== undefined && choice.value !== 'auto')
    return { strategy: choice.value, why: `(${choice.by})` };
  const threshold = firstOf([given?.parallelThreshold, own.parallelThreshold, program?.parallelThreshold]);
  const least = threshold?.value ?? 2;
  const found = plan.overlap < 2 ? 'no calls can overlap' : `${plan.overlap} calls can overlap`;
  if (prefersSerial)
    return {
      strategy: 'sequential',
      why: 'no call was seen to leave the microtask queue, and one after another takes less',
    };
  return {
    strategy: plan.overlap >= least ? 'parallel' : 'sequential',
    why: `${found}, and \`auto\` (${choice?.by ?? 'the default'}) goes parallel from ${least}`,
  };
}

/** In order of precedence. */
function firstOf<T>(values: readonly [T | undefined, T | undefined, T | undefined]): Choice<T> | undefined {
  const places = ['options of the scope', 'options of the class', 'options of the program'];
  for (const [index, value] of values.entries())
    if (value !== undefined) return { value, by: places[index] ?? 'options' };
  return undefined;
}
