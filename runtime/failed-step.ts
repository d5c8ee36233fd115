/**
 * Which step an error came from. Kept beside the error, which stays as it was thrown.
 */
import { isObject } from './brand.ts';
import type { Step } from './descriptor.ts';

/** The step that failed with an error, and the steps of the operators around it that failed with the same error. */
export interface FailedStep {
  /** Name of the compiled class or function. */
  readonly operator: string;
  readonly step: Step;
  /** The step of the caller that called this operator. */
  readonly within?: FailedStep;
}

const failures = new WeakMap<object, FailedStep>();

/**
 * Finds the innermost step that failed with `error`. Nothing for an error that no compiled step has thrown, and for thrown
 * values that are not objects.
 *
 * @example
 * answer.invoke({ q }).catch((error: unknown) => console.error(failedStep(error)?.step.label, error));
 */
export function failedStep(error: unknown): FailedStep | undefined {
  return isObject(error) ? failures.get(error) : undefined;
}

/** To be called from the inside out: first for the run that called what failed, then for the runs around it. */
export function recordFailedStep(error: unknown, operator: string, step: Step): void {
  if (!isObject(error)) return;
  const known = failures.get(error);
  // A program may throw one error object again and again: then this is the story told anew.
  const retold = known === undefined || contains(known, operator, step);
  failures.set(error, retold ? { operator, step } : around(known, { operator, step }));
}

function contains(failure: FailedStep, operator: string, step: Step): boolean {
  for (let at: FailedStep | undefined = failure; at !== undefined; at = at.within)
    if (at.operator === operator && at.step === step) return true;
  return false;
}

function around(inner: FailedStep, outer: FailedStep): FailedStep {
  return { ...inner, within: inner.within === undefined ? outer : around(inner.within, outer) };
}

const elements = new WeakMap<object, number>();

/**
 * The index of the element whose call failed with `error`, in the outermost `vmap`, `batch` or `map` that it came through.
 * Nothing for thrown values that are not objects.
 *
 * @example
 * vmap(search)
 *   .invoke(['a', ''])
 *   .catch((error: unknown) => console.error(failedElement(error), error));
 */
export function failedElement(error: unknown): number | undefined {
  return isObject(error) ? elements.get(error) : undefined;
}

/** To be called from the inside out: the last one wins. */
export function recordFailedElement(error: unknown, index: number): void {
  if (isObject(error)) elements.set(error, index);
}
