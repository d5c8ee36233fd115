/** What a run of a program as written is made of, for the oracle. */
import { snapshot } from './snapshot.ts';
import { isOrdered, type CallRecord } from './world.ts';

export interface Unit {
  readonly kind: 'call' | 'code' | 'pause';
  /** The same in all runs. */
  key: string;
  /** What it was given, wrote or said: what another run may do differently. */
  text: string;
  readonly parent: Unit | undefined;
  /** Calls made by the operator called, if that is a composite. */
  readonly inner: Unit[];
  /** Which execution of which statement it belongs to. */
  readonly statement: number;
  readonly startedAt: number;
  endedAt: number;
  /** When the code as written had waited for it and for what it started with it; at once, if it did not wait. */
  passedAt: number;
  /** The statement whose combinator waits for all of its members, of which this is one. */
  combined?: number;
  call?: CallRecord;
  readonly operator?: object;
  /** Objects that a call can reach when it starts. */
  readonly holds: ReadonlySet<object>;
  readonly given: ReadonlySet<object>;
  readonly writes: Set<object>;
  /** Of these, what the caller could see, whatever comes later. */
  readonly visible: Set<object>;
  /** It changed something that the body was given: by its caller, or as a result. */
  isOutside: boolean;
  /** It wrote something that is seen at once: a log. */
  says: boolean;
}

/** Of one kind, so that nothing tells whether they are one object. */
export function isAlike(one: object, other: object): boolean {
  return (
    Array.isArray(one) === Array.isArray(other) &&
    (Array.isArray(one) || snapshot(Object.keys(one)) === snapshot(Object.keys(other)))
  );
}

/** The place in the code, and the iteration. */
export function pathOf({ label, input }: CallRecord): string {
  const site = typeof input === 'object' && input !== null && 'site' in input ? String(input.site) : '';
  return `${label} ${site}`;
}

/** Everything in it that other runs are compared by. */
export function eventsOf(unit: Unit): readonly Unit[] {
  return unit.inner.length === 0 ? [unit] : unit.inner.flatMap(eventsOf);
}

export function endOf({ call, endedAt }: Unit): number {
  return call === undefined ? endedAt : (call.endedAt ?? Number.POSITIVE_INFINITY);
}

export function callsOf(unit: Unit): readonly CallRecord[] {
  return eventsOf(unit).flatMap(({ call }) => call ?? []);
}

/** Whether the law keeps its place: what it does can be seen, and may not happen once something before it has failed. */
export function keepsItsPlace(unit: Unit): boolean {
  return (
    unit.says ||
    unit.kind === 'pause' ||
    unit.visible.size > 0 ||
    callsOf(unit).some(({ manner }) => isOrdered(manner))
  );
}
