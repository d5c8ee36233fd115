/** What a step does when it runs, by its kind. It ends its step, at once or later, or throws, which ends it too. */
import { hasStockInvoke } from './brand.ts';
import { callSite, noCallSite } from './call-site.ts';
import { Call } from './call.ts';
import { DirectCall } from './direct-call.ts';
import type { Frame } from './frame.ts';
import { evaluate, evaluateFar, type Instruction, listOf } from './instructions.ts';
import { classLimitOf } from './limiter.ts';
import { LoopRun } from './loop-run.ts';
import { handled, promiseOf } from './thenable.ts';
import { watch } from './tracing/watch.ts';
import { TryRun } from './try-run.ts';
import { refuse } from './unanswered.ts';

export function perform(frame: Frame, step: Instruction): void {
  const $ = step.routes ? callSite(frame, step.id) : noCallSite;
  const value = step.isLocal
    ? evaluate(step, frame.self, $, frame.values.slots)
    : evaluateFar(step, frame.self, $, frame.values);
  switch (step.kind) {
    case 'call':
      if (frame.isDoomed) return frame.stepEnded(step.id, true, frame.abortReason);
      // Where it matters which call ends first, a step goes on in the very tick in which the code as written would.
      if (isPaced(frame, step)) return follow(frame, step.id, launch(frame, step, listOf(value)));
      return call(frame, step, listOf(value));
    case 'start':
      return frame.stepEnded(
        step.id,
        false,
        frame.isDoomed ? refuse(frame) : launch(frame, step, listOf(value)),
      );
    case 'compute':
      return frame.stepEnded(step.id, false, value);
    case 'next':
      return frame.stepEnded(step.id, false, frame.loop?.next());
    case 'loop':
      return begin(frame, step, new LoopRun(frame, step, value));
    case 'try':
      return begin(frame, step, new TryRun(frame, step));
    case 'await':
      return follow(frame, step.id, value, isPaced(frame, step));
    case 'async':
    case 'exit':
    case 'return':
      return follow(frame, step.id, value);
  }
}

function isPaced(frame: Frame, step: Instruction): boolean {
  return frame.isPaced || frame.plan.paced[step.id] === 1;
}

function begin(frame: Frame, step: Instruction, activity: LoopRun | TryRun): void {
  frame.inFlight.beginActivity(step.id, activity);
  activity.begin();
}

/** `parts` are the target, and what it is given. */
function call(frame: Frame, step: Instruction, parts: readonly unknown[]): void {
  const target = parts[0];
  if (step.method !== 'invoke' || parts.length > 2 || !hasStockInvoke(target))
    return new Call(frame, step.id, target, step.method, parts.slice(1)).begin();
  const { findNested, limiter, timer } = frame.shared;
  const nested = findNested(target);
  const isSeen = watch.isLearning || timer !== undefined;
  const isPlain = nested === undefined && !isSeen && classLimitOf(target) === undefined;
  if (isPlain && (limiter === undefined || limiter.enterFree())) {
    const recorded = watch.begin(frame.position, target, parts[1]);
    return new DirectCall(frame, step.id, limiter, recorded).begin(target, parts[1]);
  }
  new Call(frame, step.id, target, step.method, parts.slice(1)).beginAs(nested);
}

function launch(frame: Frame, step: Instruction, parts: readonly unknown[]): unknown {
  const promise = new Call(frame, step.id, parts[0], step.method, parts.slice(1)).launch();
  // A later step will look at it. That it fails before then is no failure that nobody handles.
  if (step.isUsed && promise instanceof Promise) handled(promise);
  return promise;
}

/** `ticks`: to wait for what is no promise takes a tick, too. */
function follow(frame: Frame, step: number, value: unknown, ticks: boolean = false): void {
  const promise = promiseOf(value) ?? (ticks ? Promise.resolve(value) : undefined);
  if (promise === undefined) frame.stepEnded(step, false, value);
  else
    promise.then(
      (result) => frame.stepEnded(step, false, result),
      (error: unknown) => frame.stepEnded(step, true, error),
    );
}
