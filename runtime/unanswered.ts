/** What calls answer in a run that was stopped. */
import type { Frame } from './frame.ts';
import { handled } from './thenable.ts';

/** What a call answers that was stopped before it could: the reason where the code as written was, else nothing ever. */
export function unanswered(frame: Frame, step: number, ignored: unknown): Promise<unknown> {
  if (ignored instanceof Promise) handled(ignored);
  // The code as written never got to this call: it must see no answer, or it would go on.
  if (frame.mode !== 'aborted' || step > frame.steps.open) return new Promise(() => {});
  return refuse(frame);
}

/** What every call answers from an abort on. */
export function refuse(frame: Frame): Promise<unknown> {
  const refused = Promise.reject(frame.abortReason);
  refused.catch(() => {});
  return refused;
}
