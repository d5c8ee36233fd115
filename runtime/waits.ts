/** Waiting for what ends in another frame: one around, or the iteration before. */
import type { Frame } from './frame.ts';
import { areApart } from './keyed-calls.ts';
import type { External } from './placed-dependences.ts';

/** Whom to tell when a step in a loop, by its position there, has ended in each iteration, or one in the block of a `try`. */
export interface Part {
  readonly step: number;
  readonly met: () => void;
  /** Whether the step touches something else in an iteration, so that it is not waited for; a number as for `areApart`. */
  readonly isApart?: (iteration: Frame) => boolean | number;
}

/** Who waits for the steps of one frame, or for the end of it, from elsewhere. */
export class Waiters {
  readonly #waiting = new Map<number, (() => void)[]>();
  /** By the loops and `try` statements that have not begun: who waits for a step in them. */
  #parts: Map<number, Part[]> | undefined = undefined;

  add(step: number, met: () => void): void {
    const waiting = this.#waiting.get(step);
    if (waiting === undefined) this.#waiting.set(step, [met]);
    else waiting.push(met);
  }

  addPart(owner: number, part: Part): void {
    this.#parts ??= new Map();
    this.#parts.set(owner, [...(this.#parts.get(owner) ?? []), part]);
  }

  /** Those that waited for `owner` to begin, or to be skipped. */
  takeParts(owner: number): readonly Part[] {
    const waiting = this.#parts?.get(owner) ?? [];
    this.#parts?.delete(owner);
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
  const compare = (): boolean => mustWaitForSame(frame, externals, go);
  const isWaiting = waitForAll(
    (met) => {
      for (const { hops, isPrevious, isEvery, position, part, keys, inputs } of externals) {
        if (keys !== undefined || inputs !== undefined) continue;
        const around = frameAround(frame, hops);
        let other = isPrevious ? around?.previous : around;
        // An iteration before that has ended is let go; so whatever it had to end first has ended.
        for (; other !== undefined; other = isEvery ? other.previous : undefined) {
          if (other.steps.hasEnded(position)) continue;
          if (part === undefined) other.whenEnded(position, met());
          else whenPartEnded(other, position, { step: part, met: met() });
        }
      }
    },
    () => {
      if (!compare()) go();
    },
  );
  return isWaiting || compare();
}

/** The same for what may turn out to touch something else. What `frame` touches is known only when all else has ended. */
function mustWaitForSame(frame: Frame, externals: readonly External[], go: () => void): boolean {
  if (externals.every(({ keys, inputs }) => keys === undefined && inputs === undefined)) return false;
  return waitForAll((met) => {
    for (const { hops, isPrevious, position, part, keys, inputs } of externals) {
      if (keys === undefined && inputs === undefined) continue;
      const around = frameAround(frame, hops);
      const areOther = (other: Frame): boolean | number =>
        inputs === undefined
          ? areOtherKeys(keys, other, frame)
          : areApart(inputs.before, other, inputs.after, frame);
      for (let other = isPrevious ? around?.previous : around; other !== undefined; other = other.previous) {
        if (part === undefined) waitUnless(areOther, other, position, met);
        else if (!other.steps.hasEnded(position))
          whenPartEnded(other, position, { step: part, met: met(), isApart: areOther });
        if (!isPrevious) break;
      }
    }
  }, go);
}

/** Calls `ask`, which asks for a function for each thing to wait for. Whether there are any; then `go` is called at the end. */
function waitForAll(ask: (met: () => () => void) => void, go: () => void): boolean {
  // Some are met as soon as they are asked for: until all have been, one more is not.
  let unmet = 1;
  const met = (): void => {
    unmet--;
    if (unmet === 0) go();
  };
  ask(() => {
    unmet++;
    return met;
  });
  unmet--;
  return unmet > 0;
}

/** Waits for the step at `position` of `other`, unless it touches something else; perhaps only until that is known. */
function waitUnless(
  areOther: (other: Frame) => boolean | number,
  other: Frame,
  position: number,
  met: () => () => void,
): void {
  if (other.steps.hasEnded(position)) return;
  const answer = areOther(other);
  if (answer === true) return;
  const done = met();
  if (answer === false) return other.whenEnded(position, done);
  other.whenEnded(answer, () => {
    waitUnless(areOther, other, position, met);
    done();
  });
}

/** A loop or `try` that has begun tells by itself; until then its frame keeps who waits. */
function whenPartEnded(frame: Frame, owner: number, part: Part): void {
  const running = frame.inFlight.activityOf(owner);
  if (running === undefined) frame.waiters.addPart(owner, part);
  else running.whenPartEnded?.(part);
}

/** Whether the keys differ, or which step of `other` fills its own. */
function areOtherKeys(keys: External['keys'], other: Frame, frame: Frame): boolean | number {
  if (keys === undefined) return false;
  if (!other.steps.hasEnded(keys.filledBy)) return keys.filledBy;
  const [one, two] = [other.values.read(keys.before), frame.values.read(keys.after)];
  return one !== two && !(Number.isNaN(one) && Number.isNaN(two));
}

function frameAround(frame: Frame, hops: number): Frame | undefined {
  let around: Frame | undefined = frame;
  for (let left = hops; left > 0; left--) around = around?.parent;
  return around;
}
