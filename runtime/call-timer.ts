/** Told by a run when its calls really begin, after they have waited for their slots, and when they end. */
import type { Frame } from './frame.ts';

/** Stands for a call; nobody looks into it. */
export type TimedCall = object;

export interface CallTimer {
  /** `step` of `frame` has begun to call. `isNested`: the calls of the callee are told of, too. */
  begin(call: TimedCall, frame: Frame, step: number, isNested: boolean): void;
  /** Told of every call that has begun, and of some that have not. */
  end(call: TimedCall): void;
}
