/** What a run of an operator that learns may start early, from its own options and those in force around the call. */
import { isObject } from '../brand.ts';
import { overlay, type ExecutionOptions } from '../options.ts';
import type { Within } from '../tracing/watch.ts';
import { TopologicalScheduler } from '../schedulers/serial.ts';
import { scopes } from '../scope.ts';
import type { JitOptions } from './jit-options.ts';

export interface RunLimits {
  /** The most calls in flight; 0 starts none early. */
  readonly calls: number;
  readonly maxWaste: number;
  /** Somebody asked for this limit, so it holds for what the calls call, too. */
  readonly isExplicit?: boolean;
  /** Why none is started early. */
  readonly because?: string;
}

const DEFAULT_LIMIT = 32;

/** Whoever asks for the order of the code, or for no call in vain, gets it. */
export function limitsOf(
  { forceTrace = false, maxWaste = 0.1, recursive = false }: JitOptions,
  given?: unknown,
  within?: Within,
): RunLimits {
  // `invoke` has not checked its options yet; what is wrong with them is for it to say.
  const argument = isObject(given) ? (given as ExecutionOptions) : (within?.ambient ?? {});
  const { current, program } = scopes;
  const { scheduler, maxConcurrency, startEarly } = {
    ...program,
    ...(current === undefined ? argument : overlay(current, argument)),
  };
  const none = (because: string): RunLimits => ({ calls: 0, maxWaste, because });
  if (forceTrace) return none('`forceTrace` is set');
  if (scheduler === 'sequential' || scheduler instanceof TopologicalScheduler)
    return none('the scheduler in force is sequential');
  if (startEarly === 'certain') return none('`startEarly` is "certain"');
  if (maxConcurrency === 1) return none('`maxConcurrency` is 1');
  if (maxConcurrency === undefined) return { calls: DEFAULT_LIMIT, maxWaste };
  // It has one place of the run around it, whose other places are others’.
  if (within !== undefined && maxConcurrency !== Infinity)
    return none('the run that it is called in has a limit');
  if (recursive && maxConcurrency !== Infinity)
    return none('what the calls call learns too, and a limit is for all of it');
  return { calls: maxConcurrency, maxWaste, isExplicit: maxConcurrency !== Infinity };
}
