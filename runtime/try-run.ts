/**
 * A `try` statement while it runs: its block, then `catch` if that failed, then `finally` however it went. Each is a frame
 * with a retirement of its own, so a failure is caught when all before it in the block has ended.
 */
import type { Frame } from './frame.ts';
import { type Instruction, NONE } from './instructions.ts';
import { must } from './errors.ts';
import { openIn } from './loop-parts.ts';
import type { RegionCode } from './region-code.ts';
import type { Activity, FrameEnd, Owner } from './runnable.ts';
import { type Source, Values } from './values.ts';
import type { Part } from './waits.ts';

/** How a part ended. */
interface Completion {
  readonly failed: boolean;
  readonly value: unknown;
  readonly left: boolean;
}

export class TryRun implements Activity, FrameEnd, Owner {
  readonly frame: Frame;
  readonly step: number;
  readonly #instruction: Instruction;
  readonly #catch: RegionCode | undefined;
  readonly #finally: RegionCode | undefined;
  #part: 'block' | 'catch' | 'finally' = 'block';
  /** The frame of the part that runs. */
  #running: Frame;
  /** The frame whose values the statement gives, and how it ended. */
  #last: Frame;
  #completion: Completion = { failed: false, value: undefined, left: false };
  #isCancelled = false;

  constructor(frame: Frame, instruction: Instruction) {
    const [first, ...handlers] = instruction.regions;
    const block = must(first, 'a `try` has no block');
    const { regions = [] } = block.descriptor;
    this.frame = frame;
    this.step = instruction.id;
    this.#instruction = instruction;
    this.#catch = handlers.find(({ id }) => regions[id]?.role === 'catch');
    this.#finally = handlers.find(({ id }) => regions[id]?.role === 'finally');
    this.#running = this.#last = this.#activate(block, undefined, undefined);
  }

  begin(): void {
    this.#running.begin();
    for (const part of this.frame.takeParts(this.step)) this.whenPartEnded(part);
  }

  /** The block may fail before it gets to the step: then it is the end of the statement that is waited for. */
  whenPartEnded(part: Part): void {
    if (this.frame.steps.hasEnded(this.step)) return part.met();
    const { met } = part;
    let isMet = false;
    const tell = (): void => {
      if (isMet) return;
      isMet = true;
      met();
    };
    this.frame.whenEnded(this.step, tell);
    this.#look({ ...part, met: tell });
  }

  #look(part: Part): void {
    if (this.#part !== 'block') return;
    const block = this.#running;
    const step = openIn(block, part);
    if (step === undefined) part.met();
    else block.whenEnded(step, () => this.#look(part));
  }

  frameEnded(failed: boolean, value: unknown, left: boolean): void {
    if (this.#isCancelled) return;
    if (this.#part === 'block') {
      this.#completion = { failed, value, left };
      if (failed && this.#catch !== undefined) return this.#handle('catch', this.#catch, value);
    } else if (this.#part === 'catch') {
      this.#completion = { failed, value, left };
      this.#last = this.#running;
    } else if (failed || left) this.#completion = { failed, value, left };
    if (this.#part !== 'finally' && this.#finally !== undefined)
      return this.#handle('finally', this.#finally, undefined);
    this.#complete();
  }

  isDue(): boolean {
    return this.frame.isDue(this.step);
  }

  remaining(): number {
    return this.frame.remainingFrom(this.step);
  }

  place(): readonly number[] {
    return [...(this.frame.owner?.place() ?? []), this.step];
  }

  becomeDue(): void {
    this.#running.becomeDue();
  }

  cancel(reason: unknown): void {
    this.#isCancelled = true;
    this.#running.stop(reason, false);
  }

  doom(reason: unknown): void {
    this.#running.doom(reason);
  }

  #handle(part: 'catch' | 'finally', code: RegionCode, error: unknown): void {
    const failed = this.#running;
    const sources = code.carried.map((carried) => failed.values.versionOf(carried, failed.steps.endsAt));
    this.#part = part;
    this.#running = this.#activate(code, sources, error);
    this.#running.begin();
  }

  #activate(code: RegionCode, sources: (Source | undefined)[] | undefined, error: unknown): Frame {
    const values = new Values(code, this.frame.values, sources);
    if (code.error !== NONE) values.slots[code.error] = error;
    return this.frame.activate({ code, values, end: this, previous: undefined, loop: undefined });
  }

  #complete(): void {
    const { failed, value, left } = this.#completion;
    if (failed) return this.frame.regionsFailed(this.step, value);
    if (left) return this.frame.regionsLeft(this.step, value);
    this.frame.regionsEnded(this.#instruction, this.#last);
  }
}
