/** What a frame is an activation of, and for whom. */
import type { CallContext } from './call-context.ts';
import { must } from './errors.ts';
import type { Frame } from './frame.ts';
import type { Plan } from './plan.ts';
import { codeOfBody, type RegionCode } from './region-code.ts';
import type { FrameEnd, Owner, Runnable, Scheduled, Shared } from './runnable.ts';
import { checked } from './schedulers/checked.ts';
import type { Scheduler } from './schedulers/scheduler.ts';
import { TopologicalScheduler } from './schedulers/serial.ts';
import type { Position } from './tracing/watch.ts';
import { bodyValues, type Values } from './values.ts';

export interface Activation {
  readonly code: RegionCode;
  readonly plan: Plan;
  /** One of ours, or `checked`. */
  readonly scheduler: Scheduler;
  /** Everything nested in it runs one step after another. */
  readonly isPaced: boolean;
  readonly self: unknown;
  /** Those that are there from the start are in place. */
  readonly values: Values;
  readonly shared: Shared;
  /** Who wants to know of its calls. */
  readonly position: Position | undefined;
  readonly end: FrameEnd;
  /** Absent for the outermost. */
  readonly owner: Owner | undefined;
  /** For a region: the frame of the region around it. */
  readonly parent: Frame | undefined;
  /** For an iteration: the one before, until that has ended with all before it. */
  readonly previous: Frame | undefined;
  /** For an iteration: its loop. */
  readonly loop: Looping | undefined;
}

/** A loop, for its iterations. */
export interface Looping {
  /** Whether another iteration follows the last that has begun. */
  decided(more: boolean): void;
  /** Takes the next element. */
  next(): readonly [more: boolean, element: unknown];
}

/** What differs from one run of a body to the next. */
export interface BodyRun {
  readonly scheduler: Scheduler;
  readonly isPaced: boolean;
  readonly self: unknown;
  readonly input: unknown;
  readonly context: CallContext;
  readonly shared: Shared;
  readonly position: Position | undefined;
  readonly end: FrameEnd;
  readonly owner: Owner | undefined;
}

export function bodyActivation({ compiled, plan }: Runnable, run: BodyRun): Activation {
  const { scheduler, isPaced, self, input, context, shared, position, end, owner } = run;
  const code = codeOfBody(compiled);
  const values = bodyValues(code, input, context);
  const around = { parent: undefined, previous: undefined, loop: undefined };
  return { code, plan, scheduler, isPaced, self, values, shared, position, end, owner, ...around };
}

/** What a call of a compiled callee gives to its run. */
export interface NestedRun {
  readonly self: unknown;
  readonly input: unknown;
  readonly context: CallContext;
  readonly owner: FrameEnd & Owner;
  readonly position: Position | undefined;
}

const SERIAL: Scheduler = new TopologicalScheduler();

export function nestedActivation(
  around: Frame,
  scheduled: Scheduled,
  { self, input, context, owner, position }: NestedRun,
): Activation {
  const { shared } = around;
  const isPaced = around.isPaced || around.plan.paced[owner.step] === 1 || scheduled.isPaced === true;
  const scheduler = isPaced ? SERIAL : checked(scheduled.scheduler);
  const run = { scheduler, isPaced, self, input, context, shared, position, end: owner, owner };
  return bodyActivation(scheduled, run);
}

/** What is special about the activation of a region; the rest is that of the frame around it. */
export interface RegionRun {
  readonly code: RegionCode;
  readonly values: Values;
  readonly end: FrameEnd & Owner;
  readonly previous: Frame | undefined;
  readonly loop: Looping | undefined;
}

export function regionActivation(
  parent: Frame,
  { code, values, end, previous, loop }: RegionRun,
): Activation {
  const { scheduler, isPaced, self, shared, position } = parent;
  const plan = must(parent.plan.regions[code.id], `there is no plan for region ${code.id}`);
  const around = { scheduler, isPaced, self, shared, position, parent };
  return { ...around, code, plan, values, end, owner: end, previous, loop };
}
