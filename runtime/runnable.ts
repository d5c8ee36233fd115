/** What the engine executes, and how it finds what is nested in it. Both come from outside: the engine links nothing. */
import type { CallTimer } from './call-timer.ts';
import type { Compiled } from './descriptor.ts';
import type { Frame } from './frame.ts';
import type { Limiter } from './limiter.ts';
import type { ExecutionOptions } from './options.ts';
import type { Plan } from './plan.ts';
import type { Scheduler } from './schedulers/scheduler.ts';
import type { Part } from './waits.ts';

/** A descriptor with its code, and the plan under the effects of the actual operators. `Linked` of link.ts is one. */
export interface Runnable {
  readonly compiled: Compiled;
  readonly plan: Plan;
}

/** A runnable, and the scheduler that the options in force choose for it. */
export interface Scheduled extends Runnable {
  readonly scheduler: Scheduler;
  /** Everything nested in it runs one step after another too: its caller must take the time that it takes as written. */
  readonly isPaced?: boolean;
}

/** Asked for each operator of ours that a run calls. Answers `undefined` if its `forward` runs as written. */
export type FindNested = (operator: object) => Scheduled | undefined;

/** Is told the outcome of a frame, once; never that of one that was stopped. */
export interface FrameEnd {
  /** `left`: it ended by a step that leaves the body, with what the body returns. */
  frameEnded(failed: boolean, value: unknown, left: boolean): void;
}

/** What a frame is a part of: a call that it is the run of, or a step of the frame around it. */
export interface Owner {
  readonly frame: Frame;
  readonly step: number;
  /** The code as written would have got there by now. */
  isDue(): boolean;
  /** The most calls that have to follow one another from there to the end of the outermost run. */
  remaining(): number;
  /** Where it stands in program order: steps, from the outermost frame inwards. */
  place(): readonly number[];
}

/** A step that runs regions, while it does. */
export interface Activity {
  becomeDue(): void;
  /** Nobody will see the outcome. */
  cancel(reason: unknown): void;
  /** From now on every call in it fails with `reason`. */
  doom(reason: unknown): void;
  /** For a loop: tells when a step has ended in each iteration. */
  whenPartEnded?(part: Part): void;
}

/** What all frames of one outermost run share. */
export interface Shared {
  readonly findNested: FindNested;
  /** Absent when calls are not limited. */
  readonly limiter: Limiter | undefined;
  /** Promises of foreign callees are wrapped, so that they reject on abort and give their slot back. */
  readonly wrapsPromises: boolean;
  /** How many calls may be in flight, by wish or by default: as many iterations of a loop are worth beginning. */
  readonly window: number;
  /** The scope of options that the run was started in. */
  readonly scope: unknown;
  /** The options that operators go by which the run calls and which are not compiled. */
  readonly ambient: ExecutionOptions | undefined;
  /** Absent when nobody measures. */
  readonly timer: CallTimer | undefined;
}
