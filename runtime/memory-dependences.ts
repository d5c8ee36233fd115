/** Reads and writes of one place keep their order, as do those of places that may be one object. */
import { type Accesses, begunBy, effectsOf, isOutside, isShared, keyIn } from './accesses.ts';
import type { DependenceKind, Step } from './descriptor.ts';
import { isPassed } from './effect-dependences.ts';
import { usersOf } from './in-place.ts';
import { keepAllInPlace, keepInPlace } from './lingering-calls.ts';
import { append, type Seen } from './seen.ts';
import { writesOthers } from './shapes.ts';
import { MOST_WRITERS, type Sweep } from './sweep.ts';

/**
 * Memory that an earlier call may write without having been given it: all that others may share. Code of the body reads
 * it directly, a call reads what it is given. Calls pass others that are merely `sequential`, by declaration or for want
 * of one, unless these own what they were given.
 */
export function afterStateWriters(sweep: Sweep, { step, reads }: Accesses): void {
  const { code, seen } = sweep;
  const readers = [step, ...begunBy(sweep, step)].filter((one) =>
    one.reads.some((read) => isShared(sweep, read)),
  );
  for (const place of reads) {
    const { kind, label, step: origin } = code.places[place] ?? { kind: 'world', label: 'unknown' };
    if (kind === 'fresh') continue;
    const source = origin === undefined ? undefined : code.steps[origin];
    const owners = new Set(
      source === undefined ? [] : effectsOf(sweep, source).flatMap(({ enters }) => [...enters]),
    );
    // What a call is given may be evaluated before it, and reads no more than that call would.
    const isCode = step.operators.length === 0 && !(kind === 'input' && isArgument(sweep, step));
    for (const writer of seen.stateWriters) {
      const shares = writer.effects.some(
        (effect) =>
          (effect.state &&
            (isCode || effect.known === 'inferred') &&
            !(kind !== 'world' && readers.every((one) => writesOthers(effect, one)))) ||
          (effect.ordered && kind === 'world') ||
          [...effect.enters].some((owner) => owners.has(owner)),
      );
      if (!shares) continue;
      sweep.order(writer.step, step, 'flow', label);
      keepInPlace(sweep, writer.step, step);
    }
  }
}

/** Whether the step evaluates part of what calls are given, for which the code has no name. */
function isArgument({ code }: Sweep, step: Step): boolean {
  const isPlain = step.kind === 'compute' && step.order === 'free' && step.outputs.length > 0;
  const isUnnamed = step.outputs.every((slot) => {
    const name = code.slots[slot] ?? '';
    return /^\$\d+$/u.test(name) && !step.label.startsWith(`${name} = `);
  });
  return isPlain && isUnnamed && usersOf(code.steps, step).every(({ kind }) => kind === 'call');
}

/** Whatever others may share has been written, so every call may see it, and all code that reads such memory. */
export function afterOutsideWriters(sweep: Sweep, step: Step): void {
  for (const before of sweep.seen.outsideWriters) sweep.order(before, step, 'flow', 'shared state');
}

export function afterMemory(sweep: Sweep, { step, reads, writes }: Accesses): void {
  if (reads.some((place) => isOutside(sweep, place))) afterOutsideWriters(sweep, step);
  const { writersOf, readersOf } = sweep.seen;
  for (const place of reads) touchAll(sweep, writersOf, step, 'flow', place, keyIn(step, place));
  for (const place of writes) {
    touchAll(sweep, writersOf, step, 'output', place);
    touchAll(sweep, readersOf, step, 'anti', place);
  }
}

/** Who touched `place`, or the same objects when they were those of an earlier iteration. */
function touchAll(
  sweep: Sweep,
  lists: Seen['writersOf'],
  step: Step,
  kind: DependenceKind,
  place: number,
  key?: number,
): void {
  const { objects, now } = sweep;
  touch(sweep, lists.get(objects.keyOf(place, now)), step, kind, place, { key });
  for (const other of objects.earlierKeys(place, now))
    touch(sweep, lists.get(other), step, kind, place, { isForEvery: true });
}

/** `key`: the slot of the key under which `step` touches `place`, if it does not touch all of that. */
function touch(
  sweep: Sweep,
  earlier: readonly number[] | undefined,
  step: Step,
  kind: DependenceKind,
  place: number,
  { key, isForEvery = false }: { readonly key?: number | undefined; readonly isForEvery?: boolean },
): void {
  const label = sweep.code.places[place]?.label ?? `place ${place}`;
  for (const before of earlier ?? []) {
    const other = sweep.whole.has(before) ? undefined : keyIn(sweep.stepAt(before), place);
    const keys = key === undefined || other === undefined ? undefined : { before: other, after: key };
    sweep.order(before, step, kind, label, { keys, isForEvery });
    keepInPlace(sweep, before, step);
  }
}

export function noteMemory(sweep: Sweep, accesses: Accesses, waits: boolean): void {
  const { step, reads, writes } = accesses;
  noteWrites(sweep, accesses);
  for (const place of [...reads, ...writes]) sweep.objects.note(place, sweep.now);
  noteReads(sweep, accesses, waits);
  if (!writes.some((place) => isOutside(sweep, place))) return;
  keepAllInPlace(sweep, step);
  // A call in flight that writes such memory keeps all in place until it ends, and what is in place waits for all.
  sweep.seen.outsideWriters = [sweep.now.id];
}

function noteWrites(sweep: Sweep, { step, writes }: Accesses): void {
  const { now, objects } = sweep;
  const { writersOf, readersOf } = sweep.seen;
  for (const place of writes) {
    const key = objects.keyOf(place, now);
    const before = writersOf.get(key) ?? [];
    // Who reads under another key passes a writer, and must still wait for those that the writer waits for.
    const isKeyed = keyIn(step, place) !== undefined && before.length < MOST_WRITERS;
    if (!isKeyed) sweep.whole.add(now.id);
    writersOf.set(key, [...(isKeyed ? before : sweep.still(before)), now.id]);
    readersOf.set(key, sweep.still(readersOf.get(key)));
  }
}

/** Who `waits` for all earlier steps is enough to wait for; under a key it may be passed, so then it is not. */
function noteReads(sweep: Sweep, { step, reads }: Accesses, waits: boolean): void {
  const { readersOf } = sweep.seen;
  for (const place of reads) {
    const key = sweep.objects.keyOf(place, sweep.now);
    if (!waits || keyIn(step, place) !== undefined) append(readersOf, key, sweep.now.id);
    else {
      const before = readersOf.get(key) ?? [];
      readersOf.set(key, [...before.filter((one) => isPassed(sweep, one)), sweep.now.id]);
    }
  }
}
