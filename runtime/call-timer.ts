/** Told by a run when its calls really begin, after they have waited for their slots, and when they end. */
import type { Frame } from './frame.ts';

/** Stands for a call; nobody looks into it. */
export type TimedCall = object;

export interface CallTimer {
  /** `step` of `frame` has begun to call `callee`. `isNested`: the calls of the callee are told of, too. */
  begin(call: TimedCall, frame: Frame, step: number, isNested: boolean, callee?: unknown): void;
  /** The call has its outcome. Not told of calls that nobody waits for, nor of those whose outcome the code alone sees. */
  end(call: TimedCall, failed: boolean, value: unknown): void;
  runEnded(): void;
  /** It must see the end of calls of foreign functions, too. */
  readonly seesAll?: boolean;
}
