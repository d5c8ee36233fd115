/**
 * One activation of a compiled body or of a region of one. Steps start out of order, as the scheduler says, and retire in
 * program order: the outcome is the return value once all steps have ended, or the first failure, or step that leaves the
 * body, in program order once all steps before it have.
 */
import type { CallContext } from './call-context.ts';
import { CallList } from './call-list.ts';
import { callSite, noCallSite } from './call-site.ts';
import { Call } from './call.ts';
import type { Step } from './descriptor.ts';
import { cancelled, must, stalled } from './errors.ts';
import { recordFailedStep } from './failed-step.ts';
import {
  evaluate,
  evaluateFar,
  type Instruction,
  listOf,
  NONE,
  skip,
  type Slots,
  store,
} from './instructions.ts';
import { LoopRun } from './loop-run.ts';
import type { External } from './placed-dependences.ts';
import type { Plan } from './plan.ts';
import { type CarriedSlot, codeOfBody, type RegionCode } from './region-code.ts';
import type { Activity, FrameEnd, Owner, Scheduled, Shared } from './runnable.ts';
import { checked } from './schedulers/checked.ts';
import type { Scheduler } from './schedulers/scheduler.ts';
import { TopologicalScheduler } from './schedulers/serial.ts';
import { handled, promiseOf } from './thenable.ts';
import { TryRun } from './try-run.ts';

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

/** What a frame is an activation of, and for whom. */
export interface Activation {
  readonly code: RegionCode;
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  /** Everything nested in it runs one step after another. */
  readonly isPaced: boolean;
  readonly self: unknown;
  /** The values that are there from the start. */
  readonly slots: Slots;
  readonly shared: Shared;
  readonly end: FrameEnd;
  /** Absent for the outermost. */
  readonly owner?: Owner;
  /** For a region: the frame of the region around it. */
  readonly parent?: Frame;
  /** Where the values of `code.carried` stand. */
  readonly sources?: (Source | undefined)[];
  /** For an iteration: the one before, until that has ended with all before it. */
  readonly previous?: Frame | undefined;
  /** Is told whether another iteration follows. */
  readonly decide?: (more: boolean) => void;
  /** Takes the next element of a loop. */
  readonly next?: () => readonly [more: boolean, element: unknown];
}

/** A slot of another frame. */
export interface Source {
  readonly frame: Frame;
  readonly slot: number;
}

export class Frame {
  readonly shared: Shared;
  readonly owner: Owner | undefined;
  readonly parent: Frame | undefined;
  readonly scheduler: Scheduler;
  readonly plan: Plan;
  readonly isPaced: boolean;
  readonly self: unknown;
  previous: Frame | undefined;
  readonly code: RegionCode;
  readonly #slots: Slots;
  readonly #sources: (Source | undefined)[];
  readonly #end: FrameEnd;
  readonly #decide: ((more: boolean) => void) | undefined;
  readonly #next: (() => readonly [boolean, unknown]) | undefined;
  readonly #state: Uint8Array;
  readonly #calls: CallList;
  #activities: Map<number, Activity> | undefined = undefined;
  /** Who waits for a step of this frame, or for the end of it, from the frames in it and the iteration after it. */
  #waiters: Map<number, (() => void)[]> | undefined = undefined;
  /** `aborted`: the code as written was here when the run was aborted; `cancelled`: it never got here. */
  #mode: 'active' | 'over' | 'aborted' | 'cancelled' = 'active';
  #abortReason: unknown = undefined;
  /** The run is aborted, but the code here has its say: every call fails at once. */
  #isDoomed = false;
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

  constructor(activation: Activation) {
    const { code, plan } = activation;
    this.shared = activation.shared;
    this.owner = activation.owner;
    this.parent = activation.parent;
    this.scheduler = checked(activation.scheduler);
    this.plan = plan;
    this.isPaced = activation.isPaced;
    this.self = activation.self;
    this.previous = activation.previous;
    this.code = code;
    this.#slots = activation.slots;
    this.#sources = activation.sources ?? [];
    this.#end = activation.end;
    this.#decide = activation.decide;
    this.#next = activation.next;
    this.#state = new Uint8Array(plan.size);
    this.#calls = new CallList(plan.size);
    this.#left = plan.size;
    this.#endsAt = plan.size;
  }

  /** The value of a slot, of this frame or one around it. */
  readonly read = (slot: number): unknown => {
    const { layout, id, carriedAt } = this.code;
    if (layout.home[slot] !== id) return this.parent?.read(slot);
    const place = layout.index[slot] ?? 0;
    const carried = carriedAt.get(place);
    const source = carried && this.#sources[this.code.carried.indexOf(carried)];
    return source === undefined ? this.#slots[place] : source.frame.read(source.slot);
  };

  /** The iteration before has ended, with all before it: what it carries over stands here from now on. */
  detach(): void {
    for (const [index, { into }] of this.code.carried.entries()) {
      const source = this.#sources[index];
      if (source === undefined || source.frame !== this.previous) continue;
      this.#slots[into] = source.frame.read(source.slot);
      this.#sources[index] = undefined;
    }
    this.previous = undefined;
  }

  /** Where a variable of a `try` that has failed stood when it did. */
  versionOf({ versions, from }: CarriedSlot): Source | undefined {
    const last = versions.findLast(({ position }) => position < this.#endsAt);
    if (last !== undefined) return { frame: this, slot: last.slot };
    return this.parent === undefined ? undefined : { frame: this.parent, slot: from };
  }

  hasEnded(step: number): boolean {
    return this.#state[step] === ENDED;
  }

  /** Calls `met` when `step` has ended; `ALL` is the end of an iteration and of all before it. */
  whenEnded(step: number, met: () => void): void {
    this.#waiters ??= new Map();
    const waiters = this.#waiters.get(step);
    if (waiters === undefined) this.#waiters.set(step, [met]);
    else waiters.push(met);
  }

  tellEnded(step: number): void {
    const waiters = this.#waiters?.get(step);
    if (waiters === undefined) return;
    this.#waiters?.delete(step);
    for (const met of waiters) met();
  }

  begin(): void {
    if (this.#left === 0) this.#finish(false, undefined);
    else this.#schedule();
  }

  /** Ends a step that did not end within its start. The outcome of a cancelled step is ignored. */
  stepEnded(step: number, failed: boolean, value: unknown): void {
    if (this.#mode !== 'active' || this.#state[step] !== RUNNING) return;
    this.#settle(step, failed, value);
    this.#tell(step);
  }

  /**
   * Lets the scheduler know of a step that has ended, unless it is just starting it, and then whoever waits for that from
   * elsewhere: what they end must not be all that the scheduler hears of.
   */
  #tell(step: number): void {
    if (step !== this.#starting) {
      this.#untold.push(step);
      this.#schedule();
    }
    if (this.#waiters !== undefined && this.#state[step] === ENDED) this.tellEnded(step);
  }

  /** Stops everything. `reached`: the code as written is here, so it learns why; otherwise it never hears of it. */
  stop(reason: unknown, reached: boolean): void {
    if (this.#mode !== 'active') return;
    if (reached && this.code.catches) return this.doom(reason);
    this.#mode = reached ? 'aborted' : 'cancelled';
    this.#abortReason = reason;
    for (let step = 0; step < this.plan.size; step++)
      for (const call of this.#calls.of(step)) {
        if (reached && step <= this.#open) call.abort(reason);
        else call.cancel(reason);
      }
    for (const activity of this.#activities?.values() ?? []) activity.cancel(reason);
  }

  /** Every call in flight fails now, every later one when it starts, and the code goes on from there. */
  doom(reason: unknown): void {
    if (this.#mode !== 'active' || this.#isDoomed) return;
    this.#isDoomed = true;
    this.#abortReason = reason;
    for (let step = 0; step < this.plan.size; step++) {
      for (const call of this.#calls.of(step)) {
        call.abort(reason);
        if (this.code.instructions[step]?.kind === 'call') this.stepEnded(step, true, reason);
      }
      this.#activities?.get(step)?.doom(reason);
    }
  }

  get isDoomed(): boolean {
    return this.#isDoomed;
  }

  /** A call that an `async` step makes through `$`. */
  route(step: number, target: unknown, method: string | undefined, args: readonly unknown[]): unknown {
    if (this.#mode === 'over' && this.owner !== undefined)
      return this.owner.frame.route(this.owner.step, target, method, args);
    if (this.#isDoomed) return this.#refuse();
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
    return this.#refuse();
  }

  #refuse(): Promise<unknown> {
    const refused = Promise.reject(this.#abortReason);
    refused.catch(() => {});
    return refused;
  }

  nest(scheduled: Scheduled, self: unknown, input: unknown, context: CallContext, owner: Call): Frame {
    const isPaced = this.isPaced || this.plan.paced[owner.step] === 1 || scheduled.isPaced === true;
    const { compiled, plan } = scheduled;
    const scheduler = isPaced ? SERIAL : scheduled.scheduler;
    const slots = [input, context];
    const code = codeOfBody(compiled);
    return new Frame({ code, plan, scheduler, isPaced, self, slots, shared: this.shared, end: owner, owner });
  }

  /** A frame of a region in this one. */
  activate(code: RegionCode, given: Partial<Activation> & Pick<Activation, 'end' | 'owner'>): Frame {
    const { scheduler, isPaced, self, shared } = this;
    const plan = must(this.plan.regions[code.id], `there is no plan for region ${code.id}`);
    const frame = new Frame({
      code,
      plan,
      scheduler,
      isPaced,
      self,
      slots: [],
      shared,
      parent: this,
      ...given,
    });
    frame.#isDoomed = this.#isDoomed;
    frame.#abortReason = this.#abortReason;
    return frame;
  }

  add(call: Call): void {
    this.#calls.add(call);
  }

  remove(call: Call): void {
    this.#calls.remove(call);
  }

  /** Whether the code as written would have got to `step` by now. */
  isDue(step: number): boolean {
    return step <= this.#open && (this.owner === undefined || this.owner.isDue());
  }

  /** The call that this is the run of has become due, and with it the calls up to where this run is. */
  becomeDue(): void {
    for (let step = 0; step <= this.#open; step++) this.#dueAt(step);
  }

  #dueAt(step: number): void {
    for (const call of this.#calls.of(step)) call.becomeDue();
    this.#activities?.get(step)?.becomeDue();
  }

  /** The most calls that have to follow one another from `step` to the end of the outermost run. */
  remainingFrom(step: number): number {
    const here = this.plan.priority[step] ?? 0;
    return this.owner === undefined ? here : here + this.owner.remaining() - 1;
  }

  /** Starts a step, and answers whether it has ended already. */
  readonly #start = (step: number): boolean => {
    if (this.#mode !== 'active' || step > this.#endsAt) return true;
    this.#state[step] = RUNNING;
    this.#running++;
    const externals = this.plan.externals?.[step];
    if (externals !== undefined && this.#mustWait(externals, () => this.#run(step))) return false;
    this.#starting = step;
    this.#run(step);
    this.#starting = NO_STEP;
    return this.#state[step] !== RUNNING;
  };

  /** Whether something outside of this frame has to end first; then `go` is called when it has. */
  #mustWait(externals: readonly External[], go: () => void): boolean {
    let unmet = 0;
    const met = (): void => {
      unmet--;
      if (unmet === 0) go();
    };
    for (const { hops, isPrevious, position } of externals) {
      const around = this.#around(hops);
      const frame = isPrevious ? around?.previous : around;
      // An iteration before that has ended is let go; so whatever it had to end first has ended.
      if (frame === undefined || frame.hasEnded(position)) continue;
      unmet++;
      frame.whenEnded(position, met);
    }
    return unmet > 0;
  }

  #around(hops: number): Frame | undefined {
    if (hops === 0) return this;
    return this.parent === undefined ? undefined : this.parent.#around(hops - 1);
  }

  #run(step: number): void {
    if (this.#mode !== 'active' || this.#state[step] !== RUNNING) return;
    try {
      const instruction = must(this.code.instructions[step], NO_SUCH_STEP);
      if (this.#isSkipped(instruction)) this.#skip(instruction);
      else this.#perform(instruction);
    } catch (error) {
      this.stepEnded(step, true, error);
    }
  }

  #isSkipped({ guard, isLocal }: Instruction): boolean {
    return guard !== NONE && !(isLocal ? this.#slots[guard] : this.read(guard));
  }

  #perform(step: Instruction): void {
    const $ = step.routes ? callSite(this, step.id) : noCallSite;
    const value = step.isLocal
      ? evaluate(step, this.self, $, this.#slots)
      : evaluateFar(step, this.self, $, this.read);
    switch (step.kind) {
      case 'call':
        if (this.#isDoomed) return this.stepEnded(step.id, true, this.#abortReason);
        return this.#call(step, value).begin();
      case 'start':
        return this.stepEnded(step.id, false, this.#isDoomed ? this.#refuse() : this.#launch(step, value));
      case 'compute':
        return this.stepEnded(step.id, false, value);
      case 'next':
        return this.stepEnded(step.id, false, this.#next?.());
      case 'loop':
        return this.#begin(step, new LoopRun(this, step, value));
      case 'try':
        return this.#begin(step, new TryRun(this, step));
      case 'await':
      case 'async':
      case 'exit':
      case 'return':
        return this.#follow(step.id, value);
    }
  }

  #begin(step: Instruction, activity: LoopRun | TryRun): void {
    this.#activities ??= new Map();
    this.#activities.set(step.id, activity);
    activity.begin();
  }

  /** A step that runs regions has run them to their end; `last` holds what it gives, once all of that is there. */
  regionsEnded(step: Instruction, last: Frame): void {
    this.#close(step, () => {
      const values = last.code.results.map(last.read);
      for (const [index, slot] of step.outputs.entries()) this.#slots[slot] = values[index];
    });
  }

  /** It ended by leaving the body. */
  regionsLeft(step: number, value: unknown): void {
    if (this.#mode !== 'active' || this.#state[step] !== RUNNING) return;
    this.#activities?.delete(step);
    this.#running--;
    this.#endAt(step, false, value);
    this.#tell(step);
  }

  regionsFailed(step: number, error: unknown): void {
    this.#activities?.delete(step);
    this.stepEnded(step, true, error);
  }

  /** Ends a step with regions, or one that is skipped, once all has ended that its end waits for. */
  #close(step: Instruction, fill: () => void): void {
    this.#activities?.delete(step.id);
    const end = (): void => {
      if (this.#mode !== 'active' || this.#state[step.id] !== RUNNING) return;
      this.#running--;
      fill();
      this.#complete(step.id);
      this.#tell(step.id);
    };
    const closing = this.plan.closing?.[step.id];
    if (closing === undefined || !this.#mustWait(closing, end)) end();
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
    const pass = (): void => skip(step, this.#slots, step.isLocal ? (slot) => this.#slots[slot] : this.read);
    if (this.plan.closing?.[step.id] !== undefined) return this.#close(step, pass);
    this.#running--;
    pass();
    this.#complete(step.id);
    this.#tell(step.id);
  }

  #settle(step: number, failed: boolean, value: unknown): void {
    this.#running--;
    if (failed) return this.#endAt(step, true, value);
    const instruction = must(this.code.instructions[step], NO_SUCH_STEP);
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
      if (this.shared.limiter?.watchesDueCalls === true && (this.owner?.isDue() ?? true))
        this.#dueAt(this.#open);
    }
    if (step === this.code.decider) this.#decide?.(Boolean(this.#slots[this.code.again]));
    if (this.#open === this.#endsAt) this.#finish(this.#fails, this.#result);
  }

  /** The body ends at `step`, by a failure or by leaving it, once all steps before it have ended. */
  #endAt(step: number, fails: boolean, value: unknown): void {
    const last = Math.min(this.#endsAt, this.plan.size - 1);
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
      this.#activities?.get(later)?.cancel(cancelled(this.#labelOf(later), reason));
      this.#activities?.delete(later);
    }
    if (this.#open === step && this.#mode === 'active') this.#finish(fails, value);
  }

  #finish(failed: boolean, value: unknown): void {
    this.#mode = 'over';
    const step = this.code.instructions[this.#endsAt];
    // Of a step that runs others, these have told already.
    if (failed && step !== undefined && step.regions.length === 0)
      recordFailedStep(value, this.code.descriptor.name, this.#stepOf(step));
    if (this.owner !== undefined && this.#calls.size > 0) this.#handOver(this.owner);
    this.#end.frameEnded(failed, value, step !== undefined && !failed);
  }

  /** Calls that nobody awaited live on, and stay within reach of an abort. */
  #handOver(owner: Owner): void {
    for (let step = 0; step < this.plan.size; step++)
      for (const call of this.#calls.of(step)) {
        this.#calls.remove(call);
        call.frame = owner.frame;
        call.step = owner.step;
        owner.frame.add(call);
      }
  }

  /** Lets the scheduler begin, or tells it of the steps that have ended. Never while it is on the stack. */
  #schedule(): void {
    if (this.#isScheduling || this.#mode !== 'active') return;
    this.#isScheduling = true;
    try {
      this.#ended ??= this.scheduler.begin(this.plan, this.#start);
      // What ends meanwhile is added at the end, and so visited too.
      for (const step of this.#untold) if (this.#mode === 'active') this.#ended(step);
      this.#untold.length = 0;
      if (this.#running === 0 && this.#mode === 'active')
        throw stalled(this.code.descriptor.name, this.#waiting());
    } catch (error) {
      // Only a scheduler throws here, or we do about it; it may still be at work when the run is over.
      if (this.#mode === 'active') this.#giveUp(error);
    } finally {
      this.#isScheduling = false;
    }
  }

  #giveUp(error: unknown): void {
    this.stop(error, true);
    this.#end.frameEnded(true, error, false);
  }

  #waiting(): readonly string[] {
    return this.code.instructions
      .filter(({ id }) => this.#state[id] === WAITING)
      .map(({ id }) => this.#labelOf(id));
  }

  #stepOf({ step }: Instruction): Step {
    return must(this.code.descriptor.steps[step], NO_SUCH_STEP);
  }

  #labelOf(step: number): string {
    const instruction = this.code.instructions[step];
    return instruction === undefined ? `step ${step}` : this.#stepOf(instruction).label;
  }
}
