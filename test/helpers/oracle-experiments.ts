/**
 * Who depends on whom, found out by experiments on the code as written: what goes differently when one call gives another
 * result, when one fails, or when what a stretch of code has written is something else.
 */
import type { Experiment } from './oracle-observer.ts';
import { endOf, eventsOf, keepsItsPlace, pathOf, type Unit } from './oracle-unit.ts';
import type { Observable, Observed } from './oracle-run.ts';
import { groupBy, type CallRecord, type Schedule } from './world.ts';

export interface Findings {
  /** From a unit to those that go differently when what it gives or writes is something else. */
  readonly flows: Affected;
  /** From a call to those that must not happen, or happen in another way, when it fails. */
  readonly failures: Affected;
  /** From a call to those that happen all the same when it fails. */
  readonly unmoved: Affected;
  /** Calls whose failure is thrown where they are awaited, and is not only told. */
  readonly thrown: ReadonlySet<Unit>;
  /** Of these, those whose failure a handler of the program is given. */
  readonly handled: ReadonlySet<Unit>;
  /** Calls whose failure nobody handles. */
  readonly forgotten: ReadonlySet<Unit>;
  /** From a call to those that go on beside it and whose failure the program has if it comes first, and else the other's. */
  readonly rivals: Affected;
}

export type Affected = ReadonlyMap<Unit, ReadonlySet<Unit>>;

/** Other results per call: conditions on a text, a number or a list turn out both ways among them. */
const VARIANTS = 4;
/** Of the keys of Maps and Sets, as many are tried as results. */
const MOST_KEYS = 8;

export async function experiment(program: Observable, schedule: Schedule, base: Observed): Promise<Findings> {
  const events = base.observer.units.flatMap(eventsOf);
  const latencies = base.calls.map((call) => (call.endedAt ?? call.startedAt) - call.startedAt);
  // Code that fails on another result is no exit: what does not need that result may pass it.
  const same: Schedule = { ...schedule, mostFailures: 0, latency: ({ order }) => latencies[order] ?? 1 };
  const flows = new Map<Unit, Set<Unit>>(events.map((event) => [event, new Set()]));
  const vary = async (causes: readonly Unit[], change: Experiment): Promise<void> => {
    // What a call gives may be the key of an entry, or another one than it was.
    const texts = change.isOther === undefined ? [] : [...base.observer.keys].slice(0, MOST_KEYS);
    const variants = Array.from({ length: VARIANTS }, (_, variant): Experiment => ({ variant }));
    for (const variant of [...variants, ...texts.map((text): Experiment => ({ text }))]) {
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const other = await program.run(same, { ...change, ...variant });
      const affected = differences(events, other.observer.units.flatMap(eventsOf));
      for (const cause of causes)
        for (const one of affected)
          if (events.indexOf(one) > events.indexOf(cause)) flows.get(cause)?.add(one);
    }
  };
  const unmoved = new Map<Unit, ReadonlySet<Unit>>();
  const failures = new Map<Unit, Set<Unit>>();
  const forgotten = new Set<Unit>();
  const fatal: Unit[] = [];
  const thrown = new Set<Unit>();
  const handled = new Set<Unit>();
  for (const event of events) {
    const { call } = event;
    // oxlint-disable no-await-in-loop -- one world at a time
    if (call !== undefined) {
      await vary([event], { isOther: ({ order }) => order === call.order });
      const failed = await program.run(same, { isFailing: ({ order }) => order === call.order });
      failures.set(event, new Set(unlike(base, failed)));
      if (failed.outcome.kind === 'error') fatal.push(event);
      if (isHandled(failed)) handled.add(event);
      if (isHandled(failed) || isFatal(failed)) thrown.add(event);
      for (const one of otherQuestions(events, failed)) flows.get(event)?.add(one);
      const happened = new Set(failed.observer.units.flatMap(eventsOf).map(({ key }) => key));
      unmoved.set(event, new Set(events.filter(({ key }) => happened.has(key))));
      if (failed.unhandled.length > 0 && failed.outcome.kind === 'result') forgotten.add(event);
    }
    if (event.kind === 'code') await vary([event], { disturbed: event.key });
    // oxlint-enable no-await-in-loop
  }
  // What several iterations decide together does not change with one of them: the greatest, the last that matches.
  for (const [site, group] of groupBy(events.filter(isCall), siteOf)) {
    if (group.length < 2) continue;
    // oxlint-disable-next-line no-await-in-loop
    await vary(group, { isOther: (call) => siteOfCall(call) === site });
  }
  for (const unit of base.observer.units.filter(({ kind, writes }) => kind === 'call' && writes.size > 0)) {
    // oxlint-disable-next-line no-await-in-loop
    await vary(eventsOf(unit).slice(-1), { disturbed: unit.key });
  }
  // What a composite makes of what its calls give is a result like any other.
  for (const unit of base.observer.units.filter(({ inner }) => inner.length > 0)) {
    const [first] = eventsOf(unit);
    // oxlint-disable-next-line no-await-in-loop
    if (first !== undefined) await vary(eventsOf(unit).slice(-1), { otherFrom: first.key });
  }
  // `Promise.any` fails when all have failed.
  for (const together of togetherIn(events)) {
    const orders = new Set(together.map(({ call }) => call?.order));
    // oxlint-disable-next-line no-await-in-loop
    const failed = await program.run(same, { isFailing: ({ order }) => orders.has(order) });
    for (const one of together) for (const unit of unlike(base, failed)) failures.get(one)?.add(unit);
  }
  const rivals = new Map<Unit, Set<Unit>>(fatal.map((one) => [one, new Set()]));
  for (const [i, one] of fatal.entries()) {
    for (const other of fatal.slice(i + 1).filter((later) => later.startedAt < endOf(one))) {
      // oxlint-disable-next-line no-await-in-loop
      if (await areRivals(program, same, one, other)) rivals.get(one)?.add(other);
    }
  }
  return { flows, failures, unmoved, thrown, handled, forgotten, rivals };
}

/** Whether a handler has caught the error of the call that has failed. */
function isHandled({ calls, observer }: Observed): boolean {
  return calls.some(({ outcome, error }) => outcome === 'failure' && observer.handled.has(error));
}

/** Whether the caller has that error. */
function isFatal({ calls, outcome: end }: Observed): boolean {
  return calls.some(
    ({ outcome, error }) => outcome === 'failure' && end.kind === 'error' && end.error === error,
  );
}

const LONG = 1e6;

/** Whether it hangs on which of two calls fails first with what the program fails. */
async function areRivals(program: Observable, same: Schedule, one: Unit, other: Unit): Promise<boolean> {
  const orders = [one, other].map(({ call }) => call?.order);
  const isFailing = ({ order }: CallRecord): boolean => orders.includes(order);
  const errors: string[] = [];
  for (const late of orders) {
    const { latency } = same;
    const delayed = (call: Pick<CallRecord, 'label' | 'order' | 'atStart'>): number =>
      call.order === late ? LONG : typeof latency === 'function' ? latency(call) : 1;
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    const { outcome } = await program.run({ ...same, latency: delayed }, { isFailing });
    errors.push(outcome.kind === 'error' ? String(outcome.error) : '');
  }
  return errors[0] !== errors[1];
}

function isCall({ call }: Unit): boolean {
  return call !== undefined;
}

function siteOf({ call }: Unit): string {
  return call === undefined ? '' : siteOfCall(call);
}

/** The place in the code: its path without the iteration. */
function siteOfCall(call: CallRecord): string {
  return pathOf(call).split(' ').slice(0, 2).join(' ');
}

/**
 * What was given, wrote or said something else, or did not happen: a condition or an exit hangs on it. An event is known by its
 * path (site and iteration), so that one which a branch adds or leaves out makes no difference to the others.
 */
function differences(events: readonly Unit[], other: readonly Unit[]): ReadonlySet<Unit> {
  const texts = new Map(other.map(({ key, text }) => [key, text]));
  return new Set(events.filter(({ key, text }) => texts.get(key) !== text));
}

/** Calls that happen when another one fails, but are given something else: a handler has seen to that. */
function otherQuestions(events: readonly Unit[], { observer }: Observed): readonly Unit[] {
  const calls = groupBy(events.filter(isCall), placeOf);
  const others = groupBy(observer.units.flatMap(eventsOf).filter(isCall), placeOf);
  return [...calls].flatMap(([place, group]) => {
    const got = others.get(place) ?? [];
    // Else nobody knows which is which.
    return got.length === group.length ? group.filter(({ text }, i) => text !== got[i]?.text) : [];
  });
}

function placeOf({ call }: Unit): string {
  return call === undefined ? '' : pathOf(call);
}

/** Calls that one statement made at one time. */
function togetherIn(events: readonly Unit[]): readonly (readonly Unit[])[] {
  const groups = groupBy(events.filter(isCall), ({ statement, startedAt }) => `${statement} ${startedAt}`);
  return [...groups.values()].filter((group) => group.length > 1);
}

/** What keeps its place, from where the two begin to differ. */
function unlike(base: Observed, failed: Observed): readonly Unit[] {
  const placed = ({ observer }: Observed): readonly Unit[] => observer.units.filter(keepsItsPlace);
  const [expected, got] = [placed(base), placed(failed)];
  const at = expected.findIndex((unit, i) => unit.key !== got[i]?.key || unit.text !== got[i]?.text);
  return at < 0 ? [] : expected.slice(at);
}
