/**
 * One activation of a compiled body or of a region of one. Steps start out of order, as the scheduler says, and retire in
 * program order: the outcome is the return value once all steps have ended, or the first failure, or step that leaves the
 * body, in program order once all steps before it have.
 */
import {
  type Activation,
  type Looping,
  nestedActivation,
  type NestedRun,
  regionActivation,
  type RegionRun,
} from './activation.ts';
import { Dispatch } from './dispatch.ts';
import { cancelled, must } from './errors.ts';
import { recordFailedStep } from './failed-step.ts';
import { InFlight } from './in-flight.ts';
import { type Instruction, isSkipped, skip, store, storeAll } from './instructions.ts';
import { perform } from './perform.ts';
import type { Plan } from './plan.ts';
import { labelOf, type RegionCode, stepOf } from './region-code.ts';
import { Retirement } from './retirement.ts';
import type { FrameEnd, Owner, Scheduled, Shared } from './runnable.ts';
import type { Scheduler } from './schedulers/scheduler.ts';
import type { Position } from './tracing/watch.ts';
import type { Values } from './values.ts';
import { mustWait, type Part, Waiters } from './waits.ts';

const ticked = Promise.resolve();
const NO_STEP = -1;
/** One text for all steps: to put a number into it would cost more than the step. */
const NO_SUCH_STEP = 'the plan has a step that the descriptor does not have';

/** `aborted`: the code as written was here when the run was aborted; `cancelled`: it never got here. */
export type Mode = 'active' | 'over' | 'aborted' | 'cancelled';

export class Frame {
  readonly shared: Shared;
  readonly position: Position | undefined;
  readonly owner: Owner | undefined;
  readonly parent: Frame | undefined;
  readonly scheduler: Scheduler;
  readonly plan: Plan;
  readonly isPaced: boolean;
  readonly self: unknown;
  readonly code: RegionCode;
  readonly values: Values;
  readonly loop: Looping | undefined;
  previous: Frame | undefined;
  readonly steps: Retirement;
  readonly inFlight: InFlight;
  readonly #end: FrameEnd;
  readonly #dispatch: Dispatch;
  /** Who waits for a step of this frame, or for the end of it, from the frames in it and the iteration after it. */
  #waiters: Waiters | undefined = undefined;
  #mode: Mode = 'active';
  #abortReason: unknown = undefined;
  #isDoomed = false;
  #isLetGo = false;

  constructor(activation: Activation) {
    const { plan } = activation;
    this.shared = activation.shared;
    this.position = activation.position;
    this.owner = activation.owner;
    this.parent = activation.parent;
    this.scheduler = activation.scheduler;
    this.plan = plan;
    this.isPaced = activation.isPaced;
    this.self = activation.self;
    this.code = activation.code;
    this.values = activation.values;
    this.loop = activation.loop;
    this.previous = activation.previous;
    this.#end = activation.end;
    this.#dispatch = new Dispatch(this);
    this.steps = new Retirement(plan.size);
    this.inFlight = new InFlight(plan.size);
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** The run is aborted, but the code here has its say: every call fails at once. */
  get isDoomed(): boolean {
    return this.#isDoomed;
  }

  get abortReason(): unknown {
    return this.#abortReason;
  }

  begin(): void {
    return this.plan.size === 0 ? this.#finish() : this.#dispatch.begin();
  }

  /** The iteration before has ended, with all before it. */
  detach(): void {
    if (this.previous !== undefined) this.values.detach(this.previous.values);
    this.previous = undefined;
  }

  /** Calls `met` when `step` has ended; `ALL` is the end of an iteration and of all before it. */
  whenEnded(step: number, met: () => void): void {
    this.waiters.add(step, met);
  }

  get waiters(): Waiters {
    this.#waiters ??= new Waiters();
    return this.#waiters;
  }

  /** Those who have waited for `loop` to begin. */
  takeParts(loop: number): readonly Part[] {
    return this.#waiters?.takeParts(loop) ?? [];
  }

  tellEnded(step: number): void {
    this.#waiters?.tell(step);
  }

  /** The scheduler starts a step. False when that has become unnecessary. */
  enter(step: number): boolean {
    if (this.#mode !== 'active' || step > this.steps.endsAt) return false;
    this.steps.start(step);
    return true;
  }

  run(step: number): void {
    if (this.#mode !== 'active' || !this.steps.isRunning(step)) return;
    try {
      const instruction = must(this.code.instructions[step], NO_SUCH_STEP);
      if (isSkipped(instruction, this.values)) this.#skip(instruction);
      else perform(this, instruction);
    } catch (error) {
      this.stepEnded(step, true, error);
    }
  }

  #skip(step: Instruction): void {
    const pass = (): void => skip(step, this.values);
    if (this.plan.closing?.[step.id] !== undefined) return this.#close(step, pass);
    pass();
    this.#complete(step.id);
    this.#tell(step.id);
  }

  /** Ends a step that did not end within its start. The outcome of a cancelled step is ignored. */
  stepEnded(step: number, failed: boolean, value: unknown): void {
    if (this.#mode !== 'active' || !this.steps.isRunning(step)) return;
    if (failed && this.#isPacedAt(step)) return this.#failLater(step, value);
    this.#settle(step, failed, value);
    this.#tell(step);
  }

  #isPacedAt(step: number): boolean {
    return this.isPaced || this.plan.paced[step] === 1;
  }

  /** As written a failure takes a tick to get out of each function that is awaited. */
  #failLater(step: number, error: unknown): void {
    const fail = (hops: number): void => {
      if (hops > 0) return void ticked.then(() => fail(hops - 1));
      if (this.#mode !== 'active' || !this.steps.isRunning(step)) return;
      this.#settle(step, true, error);
      this.#tell(step);
    };
    fail(this.code.instructions[step]?.hops ?? 0);
  }

  /** A step that runs regions has run them to their end; `last` has what it gives, once all of that is there. */
  regionsEnded(step: Instruction, { code, values }: Frame): void {
    const results = (): readonly unknown[] => code.results.map((slot) => values.read(slot));
    this.#close(step, () => storeAll(step, this.values.slots, results()));
  }

  /** It ended by leaving the body. */
  regionsLeft(step: number, value: unknown): void {
    if (this.#mode !== 'active' || !this.steps.isRunning(step)) return;
    this.inFlight.endActivity(step);
    this.#endAt(step, false, value);
    this.#tell(step);
  }

  regionsFailed(step: number, error: unknown): void {
    this.inFlight.endActivity(step);
    this.stepEnded(step, true, error);
  }

  /** Ends a step with regions, or one that is skipped, once all has ended that its end waits for. */
  #close(step: Instruction, fill: () => void): void {
    this.inFlight.endActivity(step.id);
    const end = (): void => {
      if (this.#mode !== 'active' || !this.steps.isRunning(step.id)) return;
      fill();
      this.#complete(step.id);
      this.#tell(step.id);
    };
    const closing = this.plan.closing?.[step.id];
    if (closing === undefined || !mustWait(this, closing, end)) end();
  }

  /** Lets the scheduler know, and then whoever waits elsewhere: what they end must not be all that the scheduler hears of. */
  #tell(step: number): void {
    this.#dispatch.tell(step);
    if (this.#waiters !== undefined && this.steps.hasEnded(step)) this.#waiters.tell(step);
  }

  #settle(step: number, failed: boolean, value: unknown): void {
    if (failed) return this.#endAt(step, true, value);
    const instruction = must(this.code.instructions[step], NO_SUCH_STEP);
    if (instruction.kind === 'exit') return this.#endAt(step, false, value);
    try {
      if (instruction.kind === 'return') this.steps.result = value;
      else store(instruction, this.values.slots, value);
    } catch (error) {
      return this.#endAt(step, true, error);
    }
    this.#complete(step);
  }

  #complete(step: number): void {
    const { steps } = this;
    steps.end(step);
    while (steps.retireNext())
      if (this.shared.limiter?.watchesDueCalls === true && (this.owner?.isDue() ?? true))
        this.inFlight.becomeDue(steps.open);
    if (step === this.code.decider) this.loop?.decided(Boolean(this.values.slots[this.code.again]));
    if (steps.isComplete) this.#finish();
  }

  /** The body ends at `step`, by a failure or by leaving it, once all steps before it have ended. */
  #endAt(step: number, fails: boolean, value: unknown): void {
    const { steps, code } = this;
    const last = steps.stopAt(step, fails, value);
    for (let later = step + 1; later <= last; later++) {
      if (steps.isRunning(later)) {
        steps.end(later);
        this.#dispatch.note(later);
      }
      this.inFlight.cancel(later, () => cancelled(labelOf(code, later), fails ? value : undefined));
    }
    if (steps.isComplete && this.#mode === 'active') this.#finish();
  }

  #finish(): void {
    this.#mode = 'over';
    const { endsAt, fails, result } = this.steps;
    const step = this.code.instructions[endsAt];
    // Of a step that runs others, these have told already.
    if (fails && step !== undefined && step.regions.length === 0)
      recordFailedStep(result, this.code.descriptor.name, stepOf(this.code, step));
    // What goes on of an iteration belongs to it until all before it have ended, for it may never have been.
    if (this.loop === undefined) this.letGo();
    this.#end.frameEnded(fails, result, step !== undefined && !fails);
  }

  /** It is over, and the code as written has got past it: what goes on counts for whoever it was a part of. */
  letGo(): void {
    this.#isLetGo = true;
    if (this.owner !== undefined) this.inFlight.handOver(this.owner);
  }

  /** Whom calls of its code count for by now. */
  get heir(): Owner | undefined {
    return this.#isLetGo ? this.owner : undefined;
  }

  /** Stops everything. `reached`: the code as written is here, so it learns why; otherwise it never hears of it. */
  stop(reason: unknown, reached: boolean): void {
    const goesOn = this.#mode === 'active' || (this.#mode === 'over' && !this.#isLetGo);
    if (!goesOn) return;
    if (reached && this.code.catches) return this.doom(reason);
    this.#mode = reached ? 'aborted' : 'cancelled';
    this.#abortReason = reason;
    this.inFlight.stop(reason, reached ? this.steps.open : NO_STEP);
  }

  /** The scheduler cannot go on. */
  giveUp(error: unknown): void {
    this.stop(error, true);
    this.#end.frameEnded(true, error, false);
  }

  /** Every call in flight fails now, every later one when it starts, and the code goes on from there. */
  doom(reason: unknown): void {
    if ((this.#mode !== 'active' && this.#mode !== 'over') || this.#isDoomed) return;
    this.#isDoomed = true;
    this.#abortReason = reason;
    for (let step = 0; step < this.plan.size; step++) {
      for (const call of this.inFlight.callsOf(step)) {
        call.abort(reason);
        if (this.code.instructions[step]?.kind === 'call') this.stepEnded(step, true, reason);
      }
      this.inFlight.activityOf(step)?.doom(reason);
    }
  }

  /** The run of a compiled callee. */
  nest(scheduled: Scheduled, run: NestedRun): Frame {
    return new Frame(nestedActivation(this, scheduled, run));
  }

  /** A frame of a region in this one. */
  activate(run: RegionRun): Frame {
    const frame = new Frame(regionActivation(this, run));
    frame.#isDoomed = this.#isDoomed;
    frame.#abortReason = this.#abortReason;
    return frame;
  }

  /** Whether the code as written would have got to `step` by now. */
  isDue(step: number): boolean {
    return step <= this.steps.open && (this.owner === undefined || this.owner.isDue());
  }

  /** The call that this is the run of has become due, and with it the calls up to where this run is. */
  becomeDue(): void {
    for (let step = 0; step <= this.steps.open; step++) this.inFlight.becomeDue(step);
  }

  /** The most calls that have to follow one another from `step` to the end of the outermost run. */
  remainingFrom(step: number): number {
    const here = this.plan.priority[step] ?? 0;
    if (this.owner === undefined) return here;
    const { frame, step: around } = this.owner;
    return here + this.owner.remaining() - (frame.plan.weight?.[around] ?? 1);
  }
}
