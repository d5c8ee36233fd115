/** What the engine executes, and how it finds what is nested in it. Both come from outside: the engine links nothing. */
import type { Compiled } from './descriptor.ts';
import type { Limiter } from './limiter.ts';
import type { Plan } from './plan.ts';
import type { Scheduler } from './schedulers/scheduler.ts';

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
  frameEnded(failed: boolean, value: unknown): void;
}

/** What all frames of one outermost run share. */
export interface Shared {
  readonly findNested: FindNested;
  /** Absent when calls are not limited. */
  readonly limiter: Limiter | undefined;
  /** Promises of foreign callees are wrapped, so that they reject on abort and give their slot back. */
  readonly wrapsPromises: boolean;
  /** The scope of options that the run was started in. */
  readonly scope: unknown;
}
