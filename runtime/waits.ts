/** Waiting for what ends in another frame: one around, or the iteration before. */
import type { Frame } from './frame.ts';
import type { External } from './placed-dependences.ts';

/** Whom to tell when a step in a loop, by its position there, has ended in each iteration. */
export interface Part {
  readonly step: number;
  readonly met: () => void;
}

/** Who waits for the steps of one frame, or for the end of it, from elsewhere. */
export class Waiters {
  readonly #waiting = new Map<number, (() => void)[]>();
  /** By the loops that have not begun: who waits for a step in each iteration. */
  #parts: Map<number, Part[]> | undefined = undefined;

  add(step: number, met: () => void): void {
    const waiting = this.#waiting.get(step);
    if (waiting === undefined) this.#waiting.set(step, [met]);
    else waiting.push(met);
  }

  addPart(loop: number, part: Part): void {
    this.#parts ??= new Map();
    this.#parts.set(loop, [...(this.#parts.get(loop) ?? []), part]);
  }

  /** Those that waited for `loop` to begin, or to be skipped. */
  takeParts(loop: number): readonly Part[] {
    const waiting = this.#parts?.get(loop) ?? [];
    this.#parts?.delete(loop);
    return waiting;
  }

  tell(step: number): void {
    for (const { met } of this.takeParts(step)) met();
    const waiting = this.#waiting.get(step);
    if (waiting === undefined) return;
    this.#waiting.delete(step);
    for (const met of waiting) met();
  }
}

/** Whether something outside of `frame` has to end first; then `go` is called when it has. */
export function mustWait(frame: Frame, externals: readonly External[], go: () => void): boolean {
  // Some are met as soon as they are asked for: until all have been, one more is not.
  let unmet = 1;
  const met = (): void => {
    unmet--;
    if (unmet === 0) go();
  };
  for (const { hops, isPrevious, position, part, keys } of externals) {
    const around = frameAround(frame, hops);
    if (keys !== undefined) {
      for (let other = around?.previous; other !== undefined; other = other.previous) {
        if (isPast(other, position, frame, keys)) continue;
        unmet++;
        whenPast(other, position, frame, keys, met);
      }
      continue;
    }
    const other = isPrevious ? around?.previous : around;
    // An iteration before that has ended is let go; so whatever it had to end first has ended.
    if (other === undefined || other.steps.hasEnded(position)) continue;
    unmet++;
    if (part === undefined) other.whenEnded(position, met);
    else whenPartEnded(other, position, { step: part, met });
  }
  unmet--;
  return unmet > 0;
}

/** A loop that has begun tells by itself; until then its frame keeps who waits. */
function whenPartEnded(frame: Frame, loop: number, part: Part): void {
  const running = frame.inFlight.activityOf(loop);
  if (running === undefined) frame.waiters.addPart(loop, part);
  else running.whenPartEnded?.(part);
}

type Keys = NonNullable<External['keys']>;

/** Whether the step at `position` of `other` has ended, or touches another entry than `frame` does. */
function isPast(other: Frame, position: number, frame: Frame, keys: Keys): boolean {
  if (other.steps.hasEnded(position)) return true;
  if (!other.steps.hasEnded(keys.filledBy)) return false;
  const [one, two] = [other.values.read(keys.before), frame.values.read(keys.after)];
  return one !== two && !(Number.isNaN(one) && Number.isNaN(two));
}

/** Calls `met` when that is so: perhaps as soon as the key is known. */
function whenPast(other: Frame, position: number, frame: Frame, keys: Keys, met: () => void): void {
  if (other.steps.hasEnded(keys.filledBy)) return other.whenEnded(position, met);
  other.whenEnded(keys.filledBy, () => {
    if (isPast(other, position, frame, keys)) met();
    else other.whenEnded(position, met);
  });
}

function frameAround(frame: Frame, hops: number): Frame | undefined {
  let around: Frame | undefined = frame;
  for (let left = hops; left > 0; left--) around = around?.parent;
  return around;
}
