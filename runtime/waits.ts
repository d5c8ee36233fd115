/** Waiting for what ends in another frame: one around, or the iteration before. */
import type { Frame } from './frame.ts';
import type { External } from './placed-dependences.ts';

/** Who waits for the steps of one frame, or for the end of it, from elsewhere. */
export class Waiters {
  readonly #waiting = new Map<number, (() => void)[]>();

  add(step: number, met: () => void): void {
    const waiting = this.#waiting.get(step);
    if (waiting === undefined) this.#waiting.set(step, [met]);
    else waiting.push(met);
  }

  tell(step: number): void {
    const waiting = this.#waiting.get(step);
    if (waiting === undefined) return;
    this.#waiting.delete(step);
    for (const met of waiting) met();
  }
}

/** Whether something outside of `frame` has to end first; then `go` is called when it has. */
export function mustWait(frame: Frame, externals: readonly External[], go: () => void): boolean {
  let unmet = 0;
  const met = (): void => {
    unmet--;
    if (unmet === 0) go();
  };
  for (const { hops, isPrevious, position, keys } of externals) {
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
    other.whenEnded(position, met);
  }
  return unmet > 0;
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
