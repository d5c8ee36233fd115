/** How far the steps of one frame are: they end in any order, and retire in program order, up to the one where the body ends. */

const RUNNING = 1;
/** Has succeeded, was skipped, or was cancelled. */
const ENDED = 2;
/** The body ends here: by failure, or by leaving it. */
const STOPPED = 3;

export class Retirement {
  /** The first step that has not ended: where the code as written is by now. */
  open = 0;
  /** The first step in program order that failed, or left the body; every later one is cancelled. */
  endsAt: number;
  /** Whether the body ends by a failure: that of the step where it ends. */
  fails = false;
  /** What it returns, or fails with. */
  result: unknown = undefined;
  /** How many steps have started and not ended. */
  running = 0;
  readonly #state: Uint8Array;

  constructor(size: number) {
    this.endsAt = size;
    this.#state = new Uint8Array(size);
  }

  hasStarted(step: number): boolean {
    return this.#state[step] !== 0;
  }

  isRunning(step: number): boolean {
    return this.#state[step] === RUNNING;
  }

  /** Whether it has, and counts: behind where the body ends nothing does. */
  hasEnded(step: number): boolean {
    return this.#state[step] === ENDED && step < this.endsAt;
  }

  /** All that there is to end has. */
  get isComplete(): boolean {
    return this.open === this.endsAt;
  }

  start(step: number): void {
    this.#state[step] = RUNNING;
    this.running++;
  }

  end(step: number): void {
    this.#state[step] = ENDED;
    this.running--;
  }

  /** Retires the first step that has not retired, if it has ended. */
  retireNext(): boolean {
    if (this.#state[this.open] !== ENDED) return false;
    this.open++;
    return true;
  }

  /** The body ends at `step`, once all before it have ended. Answers the last step that this cancels. */
  stopAt(step: number, fails: boolean, result: unknown): number {
    const last = Math.min(this.endsAt, this.#state.length - 1);
    this.#state[step] = STOPPED;
    this.running--;
    this.endsAt = step;
    this.fails = fails;
    this.result = result;
    return last;
  }
}
