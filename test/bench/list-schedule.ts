/**
 * List schedules: whenever a place is free, the call starts that comes first by some rule, of those that wait for nothing any
 * more. What they take bounds from above what is possible under a limit.
 */
import { chance } from '../helpers/snapshot.ts';

/** Calls, numbered in program order. */
export interface Tasks {
  readonly before: readonly (readonly number[])[];
  /** What each takes, and what it could be expected to take. */
  readonly latencies: readonly number[];
  readonly expected: readonly number[];
}

/** Those with larger ones go first, then those that are ready longer, then by program order. */
type Priorities = readonly number[];

const TRIALS = 200;

/** First come, first served. */
export function firstInFirstOut(tasks: Tasks, limit: number): number {
  return scheduleList(
    tasks,
    tasks.before.map(() => 0),
    limit,
  );
}

/** The best of the rules that know what a call can be expected to take, and what waits for it. */
export function bestInformed(tasks: Tasks, limit: number): number {
  const rules: readonly Priorities[] = [
    longestPaths(tasks, tasks.expected),
    tasks.before.map(() => 0),
    tasks.before.map((_, call) => -call),
    tasks.expected,
    followersOf(tasks),
  ];
  return Math.min(...rules.map((rule) => scheduleList(tasks, rule, limit)));
}

/** The best of many that know beforehand what each call will take, which no engine can. */
export function bestForeseen(tasks: Tasks, limit: number): number {
  const paths = longestPaths(tasks, tasks.latencies);
  const rules: Priorities[] = [paths, tasks.latencies];
  for (let trial = 0; trial < TRIALS; trial++)
    rules.push(paths.map((path, call) => path * (0.7 + 0.6 * chance(`trial ${trial} ${call}`))));
  return Math.min(bestInformed(tasks, limit), ...rules.map((rule) => scheduleList(tasks, rule, limit)));
}

/** Answers when the last call ends. */
export function scheduleList({ before, latencies }: Tasks, priorities: Priorities, limit: number): number {
  const unmet = before.map(({ length }) => length);
  const after: number[][] = before.map(() => []);
  for (const [call, those] of before.entries()) for (const one of those) after[one]?.push(call);
  const ready: { readonly call: number; readonly since: number }[] = [];
  const running: { readonly call: number; readonly end: number }[] = [];
  const of = (call: number): number => priorities[call] ?? 0;
  for (const [call, count] of unmet.entries()) if (count === 0) ready.push({ call, since: 0 });
  let now = 0;
  for (;;) {
    ready.sort((a, b) => of(b.call) - of(a.call) || a.since - b.since || a.call - b.call);
    for (const { call } of ready.splice(0, limit - running.length))
      running.push({ call, end: now + (latencies[call] ?? 0) });
    const next = running.toSorted((a, b) => a.end - b.end || a.call - b.call)[0];
    if (next === undefined) return now;
    running.splice(running.indexOf(next), 1);
    now = next.end;
    for (const call of after[next.call] ?? []) {
      const left = (unmet[call] ?? 0) - 1;
      unmet[call] = left;
      if (left === 0) ready.push({ call, since: now });
    }
  }
}

/** What has to follow from each call on, itself included. */
function longestPaths({ before }: Tasks, latencies: readonly number[]): Priorities {
  const longest = [...latencies];
  const after: number[][] = before.map(() => []);
  for (const [call, those] of before.entries()) for (const one of those) after[one]?.push(call);
  for (let call = before.length - 1; call >= 0; call--) {
    const rest = Math.max(0, ...(after[call] ?? []).map((next) => longest[next] ?? 0));
    longest[call] = rest + (latencies[call] ?? 0);
  }
  return longest;
}

function followersOf({ before }: Tasks): Priorities {
  const followers = before.map(() => 0);
  for (const those of before) for (const one of those) followers[one] = (followers[one] ?? 0) + 1;
  return followers;
}
