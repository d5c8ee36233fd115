/**
 * The law of design.md §2, clause by clause: what a compiled run may not do, given the run of the code as written under the
 * same seeds. Answers the violations; none means that nobody can tell the two runs apart by what the law promises.
 */
import { groupBy, isOrdered, keyOf, type CallRecord, type VisibleEffect } from './world.ts';
import { ABORTED, type Outcome, type Trace } from './run-program.ts';

export type Clause =
  | 'result'
  | 'error'
  | 'effect order'
  | 'calls'
  | 'inputs'
  | 'speculation'
  | 'unhandled rejection'
  | 'settling'
  | 'after settling'
  | 'listeners'
  | 'context'
  | 'abort';

export interface Violation {
  readonly clause: Clause;
  readonly message: string;
}

export function findViolations(written: Trace, compiled: Trace): readonly Violation[] {
  return [
    ...outcomes(written, compiled),
    ...effectOrder(written, compiled),
    ...calls(written, compiled),
    ...settling(written, compiled),
    ...hygiene(written, compiled),
  ];
}

function outcomes(written: Trace, compiled: Trace): Violation[] {
  const found: Violation[] = [];
  const [expected, got] = [written.outcome, compiled.outcome];
  if (expected.kind !== got.kind) {
    return [violation(got.kind === 'hang' ? 'settling' : 'result', tell(expected), tell(got))];
  }
  if (expected.kind === 'error' && got.kind === 'error') {
    const same = errorKey(expected.error, written) === errorKey(got.error, compiled);
    if (!same) found.push(violation('error', tell(expected), tell(got)));
  }
  const snapshots = (['atSettling', 'atEnd', 'whole'] as const).filter((when) => {
    if (when === 'atEnd') return !hasBackground(written);
    // What a failure cuts off was given and gave nothing that counts.
    return when === 'atSettling' || !(hasBackground(written) || hasFailed(written));
  });
  const differs = snapshots.find((when) => written[when] !== compiled[when]);
  if (differs !== undefined) found.push(violation('result', written[differs], compiled[differs]));
  return found;
}

/** An operator's error is that very object; one that the program threw itself is told by its text. */
function errorKey(error: unknown, trace: Trace): string {
  const source = trace.calls.find((call) => call.outcome === 'failure' && call.error === error);
  return source === undefined ? `thrown ${String(error)}` : `of ${keyOf(source)}`;
}

function effectOrder(written: Trace, compiled: Trace): Violation[] {
  const [expected, got] = [written.effects, compiled.effects];
  const at = got.findIndex(({ text }, i) => text !== expected[i]?.text);
  if (at >= 0) {
    const [wanted = 'nothing more', found = ''] = [expected[at]?.text, got[at]?.text];
    return [violation('effect order', wanted, found, `effect ${at}`)];
  }
  // What a composite does in the background, once the run has settled, may be cut off; the body's own logs may not.
  const background = hasBackground(written);
  const missing = expected
    .slice(got.length)
    .find((effect) => !background || (effect.text.startsWith('log') && !effect.afterSettling));
  if (missing !== undefined) return [violation('effect order', missing.text, 'nothing more')];
  return got.flatMap((effect, i) => behind(effect, [written, expected[i]?.behind ?? 0], compiled));
}

/**
 * Unknown code can tell which calls have begun, so exactly those have which the code as written had started by then. What it
 * never starts, for an earlier call fails, does not count: nobody sees its outcome.
 */
function behind(
  effect: VisibleEffect,
  [written, expected]: readonly [Trace, number],
  compiled: Trace,
): Violation[] {
  if (effect.behind === undefined) return [];
  const own = (trace: Trace, count?: number): Map<string, CallRecord[]> =>
    groupBy(
      trace.calls.slice(0, count).filter((call) => !call.label.includes('.')),
      keyOf,
    );
  const [all, allCompiled] = [own(written), own(compiled)];
  const [begun, begunCompiled] = [own(written, expected), own(compiled, effect.behind)];
  const sizeIn = (groups: Map<string, CallRecord[]>, key: string): number => groups.get(key)?.length ?? 0;
  for (const key of new Set([...begun.keys(), ...begunCompiled.keys()])) {
    const surplus = sizeIn(allCompiled, key) - sizeIn(all, key);
    const more = sizeIn(begunCompiled, key) - sizeIn(begun, key);
    if (more < Math.min(0, surplus) || more > Math.max(0, surplus))
      return [
        violation(
          'effect order',
          `${sizeIn(begun, key)}`,
          `${sizeIn(begunCompiled, key)} of ${key}`,
          effect.text,
        ),
      ];
  }
  return [];
}

function calls(written: Trace, compiled: Trace): Violation[] {
  const found: Violation[] = [];
  const background = hasBackground(written);
  const { both, missing, extra } = matchCalls(written, compiled);
  for (const [call, match] of both) {
    if (match.atEnd !== undefined && call.atEnd !== undefined && match.atEnd !== call.atEnd)
      found.push(violation('inputs', call.atEnd, match.atEnd, `${keyOf(call)} at its end`));
  }
  for (const call of missing) {
    const isCutOff = (hasFailed(written) && call.afterSettling) || (background && call.label.includes('.'));
    if (!isCutOff) found.push(violation('calls', keyOf(call), 'no such call'));
  }
  for (const call of extra) {
    if (hasFailed(written)) found.push(...speculation(call, compiled, background));
    else found.push(violation('calls', 'no such call', keyOf(call)));
  }
  return found;
}

/** Also a failure that the program handles, or that nobody waits for. */
function hasFailed(trace: Trace): boolean {
  return trace.failures > 0 || trace.outcome.kind === 'error';
}

interface Matches {
  readonly both: readonly (readonly [written: CallRecord, compiled: CallRecord])[];
  readonly missing: readonly CallRecord[];
  readonly extra: readonly CallRecord[];
}

/** One to one. Of compiled calls that look the same, those that were aborted are the ones too many. */
function matchCalls(written: Trace, compiled: Trace): Matches {
  const rest = groupBy(
    compiled.calls.toSorted((a, b) => Number(isCut(a)) - Number(isCut(b))),
    keyOf,
  );
  const both: [CallRecord, CallRecord][] = [];
  const missing: CallRecord[] = [];
  for (const call of written.calls) {
    const same = rest.get(keyOf(call)) ?? [];
    // Of a call and surplus ones of the same look, the call is one whose input became what it becomes as written, and that goes
    // on behind the run if the call does.
    const isAlike = (one: CallRecord): boolean => one.atEnd === call.atEnd;
    const isLeft = goesOn(call, written);
    const index = same.findIndex((one) => isAlike(one) && goesOn(one, compiled) === isLeft);
    const [match] = same.splice(Math.max(0, index < 0 ? same.findIndex(isAlike) : index), 1);
    if (match === undefined) missing.push(call);
    else both.push([call, match]);
  }
  return { both, missing, extra: [...rest.values()].flat() };
}

function goesOn(call: CallRecord, { settledAt }: Trace): boolean {
  return call.signal?.aborted !== true && (call.endedAt === undefined || call.endedAt > settledAt);
}

function isCut({ outcome }: CallRecord): boolean {
  return outcome === undefined || outcome === 'aborted';
}

/**
 * A call that the code as written did not start: never one with effects, and aborted unless it had ended. What composites
 * that are not compiled start themselves is out of reach, and so is when one in the background fails.
 */
function speculation(call: CallRecord, compiled: Trace, background: boolean): Violation[] {
  if (isOrdered(call.manner)) return [violation('speculation', 'no such call', keyOf(call), 'a writer')];
  const isPending = call.endedAt === undefined || call.endedAt > compiled.settledAt;
  const isOwn = !isUncompiled(call) && !(background && call.label.includes('.'));
  return isOwn && isPending && call.signal?.aborted === false
    ? [violation('speculation', 'an aborted signal', 'one that is not', keyOf(call))]
    : [];
}

/** A call by a composite of the lab that has no decorator, or by a method. */
function isUncompiled(call: CallRecord): boolean {
  return /^(plain|counter|tag|scribe)\d|^consult/.test(call.label);
}

/** Calls that the code as written did not start. */
export function findExtraCalls(written: Trace, compiled: Trace): readonly CallRecord[] {
  return matchCalls(written, compiled).extra;
}

/** Those of them that are made in none of these runs of the code as written, in which later failures do not happen. */
export function findStrayCalls(
  extra: readonly CallRecord[],
  possible: readonly Trace[],
): readonly Violation[] {
  const known = new Set(possible.flatMap((trace) => trace.calls.map(keyOf)));
  return extra
    .filter((call) => !known.has(keyOf(call)))
    .map((call) => violation('speculation', 'a call that a failure prevents', keyOf(call)));
}

/** What a run that its caller aborts may not do. `whole` is the same run, not aborted. */
export function findAbortViolations(whole: Trace, aborted: Trace, abortAt: number): readonly Violation[] {
  if (whole.settledAt <= abortAt) return [];
  const found: Violation[] = [];
  const { outcome, settledAt } = aborted;
  if (outcome.kind !== 'error' || outcome.error !== ABORTED) {
    found.push(violation('abort', 'the reason of the abort', tell(outcome)));
  } else if (settledAt !== abortAt) found.push(violation('abort', `at ${abortAt}`, `at ${settledAt}`));
  // What code that is not compiled does by itself is out of reach.
  const late = aborted.calls.filter((call) => call.startedAt > abortAt && !/\.|consult/.test(call.label));
  found.push(...late.map((call) => violation('abort', 'nothing started', keyOf(call))));
  if (aborted.listeners > 0)
    found.push(violation('listeners', '0', `${aborted.listeners} on the caller's signal`));
  return found;
}

function settling(written: Trace, compiled: Trace): Violation[] {
  const found: Violation[] = [];
  if (compiled.settledAt > written.settledAt + 1e-6) {
    found.push(violation('settling', `at ${written.settledAt}`, `at ${compiled.settledAt}`));
  }
  const allowed = groupBy(
    written.calls.filter((call) => call.afterSettling || call.startedAt >= compiled.settledAt),
    keyOf,
  );
  for (const call of compiled.calls.filter((one) => one.afterSettling && !isUncompiled(one))) {
    if (allowed.get(keyOf(call))?.shift() === undefined) {
      found.push(violation('after settling', 'nothing started', keyOf(call)));
    }
  }
  return found;
}

function hygiene(written: Trace, compiled: Trace): Violation[] {
  const found: Violation[] = [];
  const known = written.unhandled.map((error) => errorKey(error, written));
  for (const error of compiled.unhandled) {
    const at = known.indexOf(errorKey(error, compiled));
    if (at < 0) found.push(violation('unhandled rejection', 'none', String(error)));
    else known.splice(at, 1);
  }
  if (compiled.listeners > written.listeners) {
    found.push(
      violation('listeners', `${written.listeners}`, `${compiled.listeners} on the caller's signal`),
    );
  }
  const stray = compiled.calls.find((call) => call.store !== compiled.store);
  if (stray !== undefined) found.push(violation('context', 'the store of the run', 'another', keyOf(stray)));
  return found;
}

/** Work that goes on after the run has settled: members of a combinator that failed, promises nobody waits for. */
function hasBackground(trace: Trace): boolean {
  return trace.calls.some((call) => call.endedAt === undefined || call.endedAt > trace.settledAt);
}

// oxlint-disable-next-line typescript/consistent-return -- every kind answers
function tell(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'result':
      return 'a result';
    case 'error':
      return `the error ${String(outcome.error)}`;
    case 'hang':
      return 'it never settles';
  }
}

function violation(clause: Clause, expected: string, got: string, where = ''): Violation {
  return { clause, message: `${where === '' ? '' : `${where}: `}expected ${expected}, got ${got}` };
}

/** A trace as text, one event per line, for a person. */
export function printTrace(trace: Trace): string {
  const lines = [
    ...trace.calls.map((call) => ({ at: call.startedAt, text: `start ${keyOf(call)}` })),
    ...trace.calls.map((call) => ({
      at: call.endedAt ?? Infinity,
      text: `${call.outcome ?? 'open'} ${call.label}`,
    })),
    ...trace.effects.filter(({ text }) => text.startsWith('log')),
    { at: trace.settledAt, text: `settled: ${tell(trace.outcome)} ${trace.atSettling}` },
  ];
  return lines
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, text }) => `${at.toFixed(1).padStart(8)} ${text}`)
    .join('\n');
}
