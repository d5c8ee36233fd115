/**
 * How fast a program could be: an estimate that shares nothing with the compiler. The code as written runs a few times per
 * call with that call's result changed, which shows who depends on whom; with what the operators declare, and the objects
 * that they hold, the longest path of the virtual latencies follows.
 */
import { memoryOf } from './snapshot.ts';
import { runProgram, type Create, type Trace } from './run-program.ts';
import { groupBy, isOrdered, keyOf, type CallRecord, type Schedule } from './world.ts';

/** What the law starts as one: a call of a leaf or of a composite, or what the code starts in one go (a combinator). */
interface Unit {
  readonly calls: CallRecord[];
  /** The composite's label; a leaf's own; nothing of what starts in one go with others. */
  label: string;
}

export interface Estimate {
  readonly written: number;
  readonly ideal: number;
  /** Whether a call must wait for an earlier one, both as `keyOf` has them. */
  readonly needs: (before: string, after: string) => boolean;
}

/**
 * Constructs whose cost the oracle cannot see, so that it would promise too much: a write that the caller could see waits for
 * all that may fail, and whoever reads it later waits with it; what is known only during the run, or not at all, stops
 * everything. Programs with one of these count for themselves only, not for the total.
 */
export const UNMEASURED: readonly string[] = [
  'mutation',
  'mutation with a call',
  'mutates its argument',
  'mutates its argument visibly',
  'closure',
  'compound assignment',
  'order of evaluation',
  'own field',
  'own method',
  'own async method',
  'getter',
  'setter',
  'shared object',
  'writes a shared object',
  'stateful',
  'operator made by a method',
  'Promise.race',
  'pause',
  // After a failure that a handler leaves by, nothing follows: the runs without failures do not show it.
  'exit in a handler',
  // Advance only when the code as written would.
  'for of a generator',
  'iterates what may change',
];

/** Composites of the lab that are compiled themselves, so that their own calls may overlap. */
const COMPILED = /^pair/;
/** Operators of the lab with memory of their own. */
const STATEFUL = /^(counter|scribe)/;
const MUTATING = /^(edit|tag)\d/;
/** Composites that change what a call gave them, which may be anything that the callee reaches: nothing passes them. */
const CHANGING_RESULTS = /^publish\d/;

/** Answers nothing if the program fails by itself. */
export async function estimate(create: Create, schedule: Schedule): Promise<Estimate | undefined> {
  const base = await runProgram(create, { ...schedule, failureRate: 0, observed: true });
  if (base.outcome.kind !== 'result') return undefined;
  const calls = base.calls.filter((call) => (call.endedAt ?? Infinity) <= base.settledAt);
  const flows = await findFlows(create, schedule, base);
  const roots = memoryOf(base.roots);
  const depends = (before: CallRecord, after: CallRecord): boolean =>
    follows(before, after) &&
    (flows.get(before)?.has(after) === true ||
      sharesMemory(before, after, roots) ||
      conflicts(before, after));
  const units = unitsOf(calls);
  const byKey = groupBy(calls, keyOf);
  const needs = (before: string, after: string): boolean =>
    byKey
      .get(before)
      ?.some((one) => byKey.get(after)?.some((other) => isInside(one, other) || depends(one, other))) ===
    true;
  return { written: base.settledAt, ideal: longestPath(units, base, depends), needs };
}

/** Other results per call: conditions on a text, a number or a list turn out both ways among them. */
const VARIANTS = 4;

/** Of one composite that is not compiled, whose calls follow one another. */
function isInside(before: CallRecord, after: CallRecord): boolean {
  const [[label = '', inner], [other]] = [before.label.split('.'), after.label.split('.')];
  return inner !== undefined && label === other && !COMPILED.test(label);
}

type Depends = (before: CallRecord, after: CallRecord) => boolean;

/** From each call to those that were given something else when its result was another one. */
type Flows = ReadonlyMap<CallRecord, Set<CallRecord>>;

async function findFlows(create: Create, schedule: Schedule, base: Trace): Promise<Flows> {
  const flows = new Map(base.calls.map((call) => [call, new Set<CallRecord>()]));
  const perturb = async (
    calls: readonly CallRecord[],
    isOne: (call: CallRecord) => boolean,
  ): Promise<void> => {
    const changes = await findChanges(create, { ...schedule, perturbed: isOne }, base);
    for (const call of calls)
      for (const one of changes) if (one.order > call.order) flows.get(call)?.add(one);
  };
  for (const call of base.calls) {
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    await perturb([call], ({ order }) => order === call.order);
  }
  // What several iterations decide together does not change with one of them: the greatest, the last that matches.
  for (const calls of groupBy(base.calls, siteOf).values()) {
    const [first] = calls;
    if (first === undefined || calls.length < 2) continue;
    // oxlint-disable-next-line no-await-in-loop
    await perturb(calls, (call) => siteOf(call) === siteOf(first));
  }
  return flows;
}

async function findChanges(
  create: Create,
  schedule: Schedule,
  base: Trace,
): Promise<ReadonlySet<CallRecord>> {
  const found = new Set<CallRecord>();
  const latencies = base.calls.map((call) => (call.endedAt ?? call.startedAt) - call.startedAt);
  for (let variant = 0; variant < VARIANTS; variant++) {
    const perturbed: Schedule = {
      ...schedule,
      failureRate: 0,
      // Code that fails on another result is no exit: what does not need that result may pass it.
      mostFailures: 0,
      variant,
      latency: ({ order }) => latencies[order] ?? 1,
    };
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    const other = await runProgram(create, perturbed);
    for (const one of changed(base.calls, other.calls)) found.add(one);
  }
  return found;
}

/**
 * Calls that were given something else, or were not made: a condition or an exit hangs on that result. A call is known by its
 * path (site and iteration), so that one which a branch adds or leaves out makes no difference to the others.
 */
function changed(base: readonly CallRecord[], other: readonly CallRecord[]): Set<CallRecord> {
  const matches = new Map<string, CallRecord[]>();
  for (const call of other) matches.set(pathOf(call), [...(matches.get(pathOf(call)) ?? []), call]);
  const found = new Set<CallRecord>();
  for (const call of base) {
    const match = matches.get(pathOf(call))?.shift();
    if (match?.atStart !== call.atStart) found.add(call);
  }
  return found;
}

/** The place in the code: its path without the iteration. */
function siteOf(call: CallRecord): string {
  return pathOf(call).split(' ').slice(0, 2).join(' ');
}

function pathOf({ label, input }: CallRecord): string {
  const site = typeof input === 'object' && input !== null && 'site' in input ? String(input.site) : '';
  return `${label} ${site}`;
}

/** Only what the code as written runs one after the other can depend on one another. */
function follows(before: CallRecord, after: CallRecord): boolean {
  return before.order < after.order && (before.endedAt ?? Infinity) <= after.startedAt;
}

/** Both hold an object, and it was changed in between, or one of them changes what it holds. */
function sharesMemory(before: CallRecord, after: CallRecord, roots: ReadonlyMap<object, string>): boolean {
  const mutating = isMutating(before) || isMutating(after);
  for (const [object, atEnd] of before.memoryAtEnd ?? []) {
    const atStart = after.memoryAtStart?.get(object);
    if (atStart !== undefined && (mutating || atStart !== atEnd)) return true;
  }
  // A change that the caller could see waits for everything that may fail.
  return isMutating(after) && [...(after.memoryAtStart?.keys() ?? [])].some((object) => roots.has(object));
}

function isMutating(call: CallRecord): boolean {
  return MUTATING.test(call.label);
}

function conflicts(before: CallRecord, after: CallRecord): boolean {
  if (isOrdered(after.manner) || STATEFUL.test(after.label)) return true;
  if (CHANGING_RESULTS.test(before.label) !== CHANGING_RESULTS.test(after.label)) return true;
  const touches = (call: CallRecord, names: readonly string[]): boolean =>
    names.some((name) => [...(call.manner.reads ?? []), ...(call.manner.writes ?? [])].includes(name));
  const { effect, reads = [], writes = [] } = before.manner;
  if ((effect === 'sequential' || effect === 'undeclared') && (after.manner.reads ?? []).length > 0)
    return true;
  return touches(after, writes) || reads.some((name) => (after.manner.writes ?? []).includes(name));
}

function unitsOf(calls: readonly CallRecord[]): readonly Unit[] {
  const units: Unit[] = [];
  const open = new Map<string, Unit>();
  for (const call of calls) {
    const [label = '', inner] = call.label.split('.');
    const current = open.get(label);
    const belongs = inner !== undefined && current?.calls.every((one) => one.label !== call.label) === true;
    const last = units.at(-1);
    if (belongs) current.calls.push(call);
    else if (inner === undefined && last !== undefined && isTogether(last, call)) last.calls.push(call);
    else if (last !== undefined && isSameStart(last, call)) {
      last.calls.push(call);
      last.label = '';
      if (inner !== undefined) open.set(label, last);
    } else {
      const unit = { calls: [call], label };
      units.push(unit);
      if (inner !== undefined) open.set(label, unit);
    }
  }
  return units;
}

/** Nothing was awaited between the two, or the code as written lets them overlap anyway. */
function isTogether(unit: Unit, call: CallRecord): boolean {
  return unit.calls.every((one) => (one.endedAt ?? Infinity) > call.startedAt && !one.label.includes('.'));
}

/** Members of a combinator, some of them composites: they start at one time, and each takes what it takes as written. */
function isSameStart(unit: Unit, call: CallRecord): boolean {
  return (
    startOf(unit) === call.startedAt && unit.calls.every((one) => (one.endedAt ?? Infinity) > call.startedAt)
  );
}

function longestPath(units: readonly Unit[], base: Trace, depends: Depends): number {
  const ends: number[] = [];
  const barriers = base.pauses.map(({ startedAt, endedAt = startedAt }) => ({ startedAt, endedAt }));
  units.forEach((unit, i) => {
    const first = startOf(unit);
    let start = 0;
    units.slice(0, i).forEach((before, k) => {
      const isBefore = before.calls.some((a) => unit.calls.some((b) => depends(a, b)));
      const isCut = barriers.some(({ startedAt, endedAt }) => endOf(before) <= startedAt && endedAt <= first);
      const wait = barriers
        .filter(({ startedAt, endedAt }) => endOf(before) <= startedAt && endedAt <= first)
        .map(({ startedAt, endedAt }) => endedAt - startedAt);
      if (isBefore || isCut)
        start = Math.max(start, (ends[k] ?? 0) + wait.reduce((sum, one) => sum + one, 0));
    });
    ends.push(start + durationOf(unit, units, depends));
  });
  return ends.reduce((most, end) => Math.max(most, end), 0);
}

function startOf(unit: Unit): number {
  return unit.calls[0]?.startedAt ?? 0;
}

function endOf(unit: Unit): number {
  return unit.calls.reduce((most, call) => Math.max(most, call.endedAt ?? Infinity), 0);
}

/** A composite that overlaps others as written keeps its pace, for they may race with it. */
function durationOf(unit: Unit, units: readonly Unit[], depends: Depends): number {
  const [first, last] = [startOf(unit), endOf(unit)];
  const isAlone = units.every((one) => one === unit || endOf(one) <= first || last <= startOf(one));
  if (!COMPILED.test(unit.label) || !isAlone) return last - first;
  const ends: number[] = [];
  unit.calls.forEach((call, i) => {
    const ready = unit.calls.slice(0, i).reduce((most, before, k) => {
      return depends(before, call) ? Math.max(most, ends[k] ?? 0) : most;
    }, 0);
    ends.push(ready + (call.endedAt ?? call.startedAt) - call.startedAt);
  });
  return ends.reduce((most, end) => Math.max(most, end), 0);
}
