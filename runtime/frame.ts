/**
 * One run of one compiled body. Steps start out of order, as the scheduler says, and retire in program order: the outcome is
 * the return value once all steps have ended, or the first failure in program order once all steps before it have.
 */
import type { CallContext } from './call-context.ts';
import { CallList } from './call-list.ts';
import { callSite, noCallSite } from './call-site.ts';
import { Call } from './call.ts';
import type { Descriptor } from './descriptor.ts';
import { cancelled, must, stalled } from './errors.ts';
import { recordFailedStep } from './failed-step.ts';
import {
  evaluate,
  instructionsOf,
  isSkipped,
  listOf,
  skip,
  store,
  type Instruction,
  type Slots,
} from './instructions.ts';
import type { Plan } from './plan.ts';
import type { FrameEnd, Scheduled, Shared } from './runnable.ts';
import { checked } from './schedulers/checked.ts';
import type { Scheduler } from './schedulers/scheduler.ts';
import { TopologicalScheduler } from './schedulers/serial.ts';
import { handled, promiseOf } from './thenable.ts';

const WAITING = 0;
const RUNNING = 1;
/** Has succeeded, or was cancelled. */
const ENDED = 2;
/** The body ends here: by failure, or by leaving it. */
const STOPPED = 3;
const NO_STEP = -1;
const SERIAL: Scheduler = new TopologicalScheduler();
/** One text for all steps: to put a number into it would cost more than the step. */
const NO_SUCH_STEP = 'the plan has a step that the descriptor does not have';

export class Frame {
  readonly shared: Shared;
  /** The call that this is the run of; absent for the outermost. */
  readonly caller: Call | undefined;
  readonly #descriptor: Descriptor;
  readonly #instructions: readonly Instruction[];
  readonly #plan: Plan;
  readonly #scheduler: Scheduler;
  readonly #isPaced: boolean;
  readonly #self: unknown;
  readonly #slots: Slots;
  readonly #end: FrameEnd;
  readonly #state: Uint8Array;
  readonly #calls: CallList;
  /** `aborted`: the code as written was here when the run was aborted; `cancelled`: it never got here. */
  #mode: 'active' | 'over' | 'aborted' | 'cancelled' = 'active';
  #abortReason: unknown = undefined;
  /** The first step that has not ended: where the code as written is by now. */
  #open = 0;
  #left: number;
  #running = 0;
  /** The step whose start is on the stack. */
  #starting: number = NO_STEP;
  /** The scheduler is on the stack: it learns of steps that end meanwhile when it has answered. */
  #isScheduling = false;
  readonly #untold: number[] = [];
  #ended: ((step: number) => void) | undefined = undefined;
  /** The first step in program order that failed, or left the body; every later one is cancelled. */
  #endsAt: number;
  /** Whether the body ends by a failure: that of the step where it ends. */
  #fails = false;
  #result: unknown = undefined;

  constructor(
    scheduled: Scheduled,
    self: unknown,
    input: unknown,
    context: CallContext,
    shared: Shared,
    end: FrameEnd,
    caller?: Call,
  ) {
    const { compiled, plan, scheduler, isPaced = false } = scheduled;
    this.shared = shared;
    this.caller = caller;
    this.#descriptor = compiled.descriptor;
    this.#instructions = instructionsOf(compiled);
    this.#plan = plan;
    this.#scheduler = checked(scheduler);
    this.#isPaced = isPaced;
    this.#self = self;
    this.#slots = [input, context];
    this.#end = end;
    this.#state = new Uint8Array(plan.size);
    this.#calls = new CallList(plan.size);
    this.#left = plan.size;
    this.#endsAt = plan.size;
  }

  begin(): void {
    if (this.#left === 0) this.#finish(false, undefined);
    else this.#schedule();
  }

  /** Ends a step that did not end within its start. The outcome of a cancelled step is ignored. */
  stepEnded(step: number, failed: boolean, value: unknown): void {
    if (this.#mode !== 'active' || this.#state[step] !== RUNNING) return;
    this.#settle(step, failed, value);
    if (step === this.#starting) return;
    this.#untold.push(step);
    this.#schedule();
  }

  /** Stops everything. `reached`: the code as written is here, so it learns why; otherwise it never hears of it. */
  stop(reason: unknown, reached: boolean): void {
    if (this.#mode !== 'active') return;
    this.#mode = reached ? 'aborted' : 'cancelled';
    this.#abortReason = reason;
    for (let step = 0; step < this.#plan.size; step++)
      for (const call of this.#calls.of(step)) {
        if (reached && step <= this.#open) call.abort(reason);
        else call.cancel(reason);
      }
  }

  /** A call that an `async` step makes through `$`. */
  route(step: number, target: unknown, method: string | undefined, args: readonly unknown[]): unknown {
    if (this.#mode === 'over' && this.caller !== undefined)
      return this.caller.frame.route(this.caller.step, target, method, args);
    const runs = this.#mode === 'active' || this.#mode === 'over';
    if (!runs || step > this.#endsAt) return this.unanswered(step, undefined);
    const value = new Call(this, step, target, method, args).launch();
    // As written the code would not be here yet, so nobody could have left a rejection unhandled.
    if (value instanceof Promise && !this.isDue(step)) handled(value);
    return value;
  }

  /** What a call answers that was stopped before it could: the reason where the code as written was, else nothing ever. */
  unanswered(step: number, ignored: unknown): Promise<unknown> {
    if (ignored instanceof Promise) handled(ignored);
    // The code as written never got to this call: it must see no answer, or it would go on.
    if (this.#mode !== 'aborted' || step > this.#open) return new Promise(() => {});
    const refused = Promise.reject(this.#abortReason);
    refused.catch(() => {});
    return refused;
  }

  nest(scheduled: Scheduled, self: unknown, input: unknown, context: CallContext, caller: Call): Frame {
    const isPaced = this.#isPaced || this.#plan.paced[caller.step] === 1;
    const chosen = isPaced ? { ...scheduled, scheduler: SERIAL, isPaced } : scheduled;
    return new Frame(chosen, self, input, context, this.shared, caller, caller);
  }

  add(call: Call): void {
    this.#calls.add(call);
  }

  remove(call: Call): void {
    this.#calls.remove(call);
  }

  /** Whether the code as written would have got to `step` by now. */
  isDue(step: number): boolean {
    return step <= this.#open && (this.caller === undefined || this.caller.isDue());
  }

  /** The call that this is the run of has become due, and with it the calls up to where this run is. */
  becomeDue(): void {
    for (let step = 0; step <= this.#open; step++) for (const call of this.#calls.of(step)) call.becomeDue();
  }

  /** The most calls that have to follow one another from `step` to the end of the outermost run. */
  remainingFrom(step: number): number {
    const here = this.#plan.priority[step] ?? 0;
    return this.caller === undefined ? here : here + this.caller.remaining() - 1;
  }

  /** Starts a step, and answers whether it has ended already. */
  readonly #start = (step: number): boolean => {
    if (this.#mode !== 'active' || step > this.#endsAt) return true;
    this.#state[step] = RUNNING;
    this.#running++;
    this.#starting = step;
    try {
      const instruction = must(this.#instructions[step], NO_SUCH_STEP);
      if (isSkipped(instruction, this.#slots)) this.#skip(instruction);
      else this.#perform(instruction);
    } catch (error) {
      this.stepEnded(step, true, error);
    }
    this.#starting = NO_STEP;
    return this.#state[step] !== RUNNING;
  };

  #perform(step: Instruction): void {
    const $ = step.routes ? callSite(this, step.id) : noCallSite;
    const value = evaluate(step, this.#self, $, this.#slots);
    switch (step.kind) {
      case 'call':
        return this.#call(step, value).begin();
      case 'start':
        return this.stepEnded(step.id, false, this.#launch(step, value));
      case 'compute':
        return this.stepEnded(step.id, false, value);
      case 'await':
      case 'async':
      case 'exit':
      case 'return':
        return this.#follow(step.id, value);
    }
  }

  #call(step: Instruction, value: unknown): Call {
    const parts = listOf(value);
    return new Call(this, step.id, parts[0], step.method, parts.slice(1));
  }

  #launch(step: Instruction, value: unknown): unknown {
    const promise = this.#call(step, value).launch();
    // A later step will look at it. That it fails before then is no failure that nobody handles.
    if (step.isUsed && promise instanceof Promise) handled(promise);
    return promise;
  }

  #follow(step: number, value: unknown): void {
    const promise = promiseOf(value);
    if (promise === undefined) this.stepEnded(step, false, value);
    else
      promise.then(
        (result) => this.stepEnded(step, false, result),
        (error: unknown) => this.stepEnded(step, true, error),
      );
  }

  #skip(step: Instruction): void {
    this.#running--;
    skip(step, this.#slots);
    this.#complete(step.id);
  }

  #settle(step: number, failed: boolean, value: unknown): void {
    this.#running--;
    if (failed) return this.#endAt(step, true, value);
    const instruction = must(this.#instructions[step], NO_SUCH_STEP);
    if (instruction.kind === 'exit') return this.#endAt(step, false, value);
    try {
      if (instruction.kind === 'return') this.#result = value;
      else store(instruction, this.#slots, value);
    } catch (error) {
      return this.#endAt(step, true, error);
    }
    this.#complete(step);
  }

  #complete(step: number): void {
    this.#state[step] = ENDED;
    this.#left--;
    while (this.#state[this.#open] === ENDED) {
      this.#open++;
      if (this.shared.limiter?.watchesDueCalls === true && (this.caller?.isDue() ?? true))
        for (const call of this.#calls.of(this.#open)) call.becomeDue();
    }
    if (this.#open === this.#endsAt) this.#finish(this.#fails, this.#result);
  }

  /** The body ends at `step`, by a failure or by leaving it, once all steps before it have ended. */
  #endAt(step: number, fails: boolean, value: unknown): void {
    const last = Math.min(this.#endsAt, this.#plan.size - 1);
    this.#state[step] = STOPPED;
    this.#endsAt = step;
    this.#fails = fails;
    this.#result = value;
    const reason = fails ? value : undefined;
    for (let later = step + 1; later <= last; later++) {
      if (this.#state[later] === RUNNING) {
        this.#state[later] = ENDED;
        this.#running--;
        this.#untold.push(later);
      }
      for (const call of this.#calls.of(later)) call.cancel(cancelled(this.#labelOf(later), reason));
    }
    if (this.#open === step && this.#mode === 'active') this.#finish(fails, value);
  }

  #finish(failed: boolean, value: unknown): void {
    this.#mode = 'over';
    const step = this.#descriptor.steps[this.#endsAt];
    if (failed && step !== undefined) recordFailedStep(value, this.#descriptor.name, step);
    if (this.caller !== undefined && this.#calls.size > 0) this.#handOver(this.caller);
    this.#end.frameEnded(failed, value);
  }

  /** Calls that nobody awaited live on, and stay within reach of an abort. */
  #handOver(caller: Call): void {
    for (let step = 0; step < this.#plan.size; step++)
      for (const call of this.#calls.of(step)) {
        this.#calls.remove(call);
        call.frame = caller.frame;
        call.step = caller.step;
        caller.frame.add(call);
      }
  }

  /** Lets the scheduler begin, or tells it of the steps that have ended. Never while it is on the stack. */
  #schedule(): void {
    if (this.#isScheduling || this.#mode !== 'active') return;
    this.#isScheduling = true;
    try {
      this.#ended ??= this.#scheduler.begin(this.#plan, this.#start);
      // What ends meanwhile is added at the end, and so visited too.
      for (const step of this.#untold) if (this.#mode === 'active') this.#ended(step);
      this.#untold.length = 0;
      if (this.#running === 0 && this.#mode === 'active')
        throw stalled(this.#descriptor.name, this.#waiting());
    } catch (error) {
      // Only a scheduler throws here, or we do about it; it may still be at work when the run is over.
      if (this.#mode === 'active') this.#giveUp(error);
    } finally {
      this.#isScheduling = false;
    }
  }

  #giveUp(error: unknown): void {
    this.stop(error, true);
    this.#end.frameEnded(true, error);
  }

  #waiting(): readonly string[] {
    return this.#descriptor.steps
      .filter(({ id }) => this.#state[id] === WAITING)
      .map(({ id }) => this.#labelOf(id));
  }

  #labelOf(step: number): string {
    return this.#descriptor.steps[step]?.label ?? `step ${step}`;
  }
}
