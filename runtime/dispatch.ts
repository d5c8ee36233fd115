/**
 * Between a frame and its scheduler: lets it begin, starts the steps that it asks for, and tells it of those that have ended,
 * never while it is on the stack. What ends meanwhile is told when it has answered.
 */
import { stalled } from './errors.ts';
import type { Frame } from './frame.ts';
import { labelOf } from './region-code.ts';
import { mustWait } from './waits.ts';

const NO_STEP = -1;

export class Dispatch {
  readonly #frame: Frame;
  #ended: ((step: number) => void) | undefined = undefined;
  /** The step whose start is on the stack. */
  #starting: number = NO_STEP;
  #isAtWork = false;
  #untold: number[] | undefined = undefined;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  begin(): void {
    this.#talk(NO_STEP);
  }

  /** A step has ended. The scheduler hears of one that it is just starting by the answer to that. */
  tell(step: number): void {
    if (step === this.#starting) return;
    if (this.#isAtWork || this.#untold !== undefined) this.note(step);
    if (!this.#isAtWork) this.#talk(this.#untold === undefined ? step : NO_STEP);
  }

  /** A step has ended, which the scheduler is to hear of with the next one. */
  note(step: number): void {
    this.#untold ??= [];
    this.#untold.push(step);
  }

  /** `ended`: a step to tell of, if there are not several. */
  #talk(ended: number): void {
    const frame = this.#frame;
    if (frame.mode !== 'active') return;
    this.#isAtWork = true;
    try {
      this.#ended ??= frame.scheduler.begin(frame.plan, (step) => this.#start(step));
      if (ended !== NO_STEP) this.#ended(ended);
      if (this.#untold !== undefined) this.#tellAll(this.#untold, this.#ended);
      if (frame.steps.running === 0 && frame.mode === 'active')
        throw stalled(frame.code.descriptor.name, waiting(frame));
    } catch (error) {
      // Only a scheduler throws here, or we do about it; it may still be at work when the run is over.
      if (frame.mode === 'active') frame.giveUp(error);
    } finally {
      this.#isAtWork = false;
    }
  }

  #tellAll(untold: readonly number[], ended: (step: number) => void): void {
    // What ends meanwhile is added at the end, and so visited too.
    for (const step of untold) if (this.#frame.mode === 'active') ended(step);
    this.#untold = undefined;
  }

  /** Starts a step, and answers whether it has ended already. */
  #start(step: number): boolean {
    const frame = this.#frame;
    if (!frame.enter(step)) return true;
    const externals = frame.plan.externals?.[step];
    if (externals !== undefined && mustWait(frame, externals, () => frame.run(step))) return false;
    this.#starting = step;
    frame.run(step);
    this.#starting = NO_STEP;
    return !frame.steps.isRunning(step);
  }
}

function waiting({ code, steps }: Frame): readonly string[] {
  return code.instructions.filter(({ id }) => !steps.hasStarted(id)).map(({ id }) => labelOf(code, id));
}
