/**
 * A loop while it runs. Each iteration is a frame of its own; the next one begins as soon as it is certain that there is one,
 * and iterations end in order: what one of them does counts only when all before it have ended.
 */
import type { Looping } from './activation.ts';
import type { Frame } from './frame.ts';
import { type Instruction, NONE } from './instructions.ts';
import { must } from './errors.ts';
import { LoopParts } from './loop-parts.ts';
import { ALL } from './placed-dependences.ts';
import type { Activity, FrameEnd, Owner } from './runnable.ts';
import { type Source, Values } from './values.ts';
import type { Part } from './waits.ts';

/**
 * How many iterations may be in flight for each call that may be; and how many if calls are not limited. They end in order, so
 * with few of them one slow call leaves slots free: some calls take ten times as long as others.
 */
const ITERATIONS_PER_CALL = 16;
const UNLIMITED_WINDOW = 1024;

export class LoopRun implements Activity, Looping {
  readonly frame: Frame;
  readonly step: Instruction;
  readonly #items: unknown;
  readonly #window: number;
  #iterator: Iterator<unknown> | undefined = undefined;
  /** The first iteration that has not ended, and the last that has begun. */
  #head: Iteration | undefined = undefined;
  #tail: Iteration | undefined = undefined;
  #count = 0;
  #inFlight = 0;
  /** Who waits for steps in each iteration. */
  #parts: LoopParts | undefined = undefined;
  /** Another iteration follows, and has not begun. */
  #isWanted = true;
  #isBeginning = false;
  #isOver = false;

  constructor(frame: Frame, step: Instruction, items: unknown) {
    this.frame = frame;
    this.step = step;
    this.#items = items;
    const limit = frame.shared.window;
    this.#window =
      frame.scheduler.isSequential === true ? 1 : Math.min(limit * ITERATIONS_PER_CALL, UNLIMITED_WINDOW);
  }

  begin(): void {
    this.#beginMore();
    for (const part of this.frame.takeParts(this.step.id)) this.whenPartEnded(part);
  }

  whenPartEnded(part: Part): void {
    this.#parts ??= new LoopParts((last, step) => this.#give(last, step));
    this.#parts.add(must(this.#head, 'a loop goes on without an iteration'), part);
  }

  next(): readonly [more: boolean, element: unknown] {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the code as written iterates it; it throws the same error
    this.#iterator ??= (this.#items as Iterable<unknown>)[Symbol.iterator]();
    const { done, value } = this.#iterator.next();
    return [done !== true, value];
  }

  decided(more: boolean): void {
    if (this.#isOver) return;
    if (!more) {
      if (this.#tail !== undefined) this.#tail.isLast = true;
      this.#parts?.goOn();
      return;
    }
    this.#isWanted = true;
    this.#beginMore();
  }

  ended(iteration: Iteration): void {
    if (this.#isOver) return;
    // Nobody will see what comes after it.
    if (iteration.stops) this.#cancelAfter(iteration, iteration.value);
    if (iteration === this.#head) this.#retire();
  }

  isFirst(iteration: Iteration): boolean {
    return iteration === this.#head;
  }

  becomeDue(): void {
    this.#head?.body.becomeDue();
  }

  cancel(reason: unknown): void {
    this.#isOver = true;
    for (let at = this.#head; at !== undefined; at = at.after) at.body.stop(reason, false);
  }

  doom(reason: unknown): void {
    for (let at = this.#head; at !== undefined; at = at.after) at.body.doom(reason);
  }

  /** In a loop, for an iteration may decide at once that another one follows. */
  #beginMore(): void {
    if (this.#isBeginning) return;
    this.#isBeginning = true;
    while (this.#isWanted && !this.#isOver && this.#inFlight < this.#window) {
      this.#isWanted = false;
      this.#inFlight++;
      const iteration = new Iteration(this, this.#count++, this.#tail);
      this.#head ??= iteration;
      this.#tail = iteration;
      iteration.body.begin();
      this.#parts?.goOn();
    }
    this.#isBeginning = false;
  }

  #retire(): void {
    for (let at = this.#head; at?.hasEnded === true; at = this.#head) {
      at.body.letGo();
      if (at.stops) return this.#stop(at);
      const { after } = at;
      this.#head = after;
      this.#inFlight--;
      if (after === undefined && !this.#isWanted) return this.#finish(at);
      after?.body.detach();
      at.isLetGo = true;
      at.body.tellEnded(ALL);
      if (this.frame.shared.limiter?.watchesDueCalls === true && this.frame.isDue(this.step.id))
        after?.body.becomeDue();
    }
    this.#beginMore();
  }

  #stop(iteration: Iteration): void {
    this.#isOver = true;
    if (iteration.fails) this.frame.regionsFailed(this.step.id, iteration.value);
    else this.frame.regionsLeft(this.step.id, iteration.value);
  }

  #finish(last: Iteration): void {
    this.#isOver = true;
    this.frame.regionsEnded(this.step, last.body);
  }

  /** What the loop gives that `step` has given in the last iteration. */
  #give({ code, values }: Frame, step: number): void {
    const filled = must(code.instructions[step], 'an iteration has no such step').outputs;
    for (const [index, slot] of code.results.entries()) {
      const isOurs = code.layout.home[slot] === code.id && filled.includes(code.layout.index[slot] ?? NONE);
      if (isOurs) this.frame.values.slots[this.step.outputs[index] ?? NONE] = values.read(slot);
    }
  }

  #cancelAfter(iteration: Iteration, reason: unknown): void {
    this.#isWanted = false;
    for (let at = iteration.after; at !== undefined; at = at.after) at.body.stop(reason, false);
    iteration.after = undefined;
    this.#tail = iteration;
  }
}

class Iteration implements FrameEnd, Owner {
  readonly body: Frame;
  after: Iteration | undefined = undefined;
  hasEnded = false;
  fails = false;
  /** It ended by a failure, or by leaving the body. */
  stops = false;
  /** No other one follows. */
  isLast = false;
  /** All before it have ended, and so has it. */
  isLetGo = false;
  value: unknown = undefined;
  readonly #loop: LoopRun;
  readonly #index: number;

  constructor(loop: LoopRun, index: number, before: Iteration | undefined) {
    this.#loop = loop;
    this.#index = index;
    if (before !== undefined) before.after = this;
    const { frame: parent, step } = loop;
    const code = must(step.regions[0], 'a loop has no region');
    const sources = code.carried.map(({ from, out }): Source =>
      before === undefined || out === NONE
        ? { values: parent.values, slot: from }
        : { values: before.body.values, slot: out },
    );
    const values = new Values(code, parent.values, sources);
    this.body = parent.activate({ code, values, previous: before?.body, end: this, loop });
    if (before?.isLetGo === true) this.body.detach();
  }

  /** The loop stands there; what goes on when the iteration is over counts for it. */
  get frame(): Frame {
    return this.#loop.frame;
  }

  get step(): number {
    return this.#loop.step.id;
  }

  frameEnded(failed: boolean, value: unknown, left: boolean): void {
    this.hasEnded = true;
    this.fails = failed;
    this.stops = failed || left;
    this.value = value;
    this.#loop.ended(this);
  }

  isDue(): boolean {
    return this.#loop.isFirst(this) && this.#loop.frame.isDue(this.step);
  }

  remaining(): number {
    return this.#loop.frame.remainingFrom(this.step);
  }

  place(): readonly number[] {
    return [...(this.#loop.frame.owner?.place() ?? []), this.step, this.#index];
  }
}
