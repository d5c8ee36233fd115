/**
 * Trace events of the format that Chrome (`chrome://tracing`) and Perfetto read. A thread of theirs shows only events that
 * lie inside one another, so calls that overlap get lanes of their own.
 */
import type { TraceRecord } from './trace-record.ts';

/** One call: `ts` and `dur` are in microseconds. A call that has not ended is `B`, one that has is `X`. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: 'X' | 'B';
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  /** The lane. */
  readonly tid: number;
  readonly args: {
    readonly id: number;
    readonly parent: number | null;
    readonly iterations: readonly number[];
    readonly error?: string;
  };
}

/** A trace in the format that `chrome://tracing` and Perfetto open. */
export interface ChromeTrace {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly TraceEvent[];
}

export function chromeTrace(records: readonly TraceRecord[]): ChromeTrace {
  const lanes = new Map<number, number>();
  /** When the last call of each lane ends, and the calls that are open in it. */
  const open: TraceRecord[][] = [];
  for (const record of records.toSorted((one, other) => one.start - other.start || one.id - other.id)) {
    const home = record.parent === undefined ? undefined : lanes.get(record.parent);
    const lane = findLane(open, record, home);
    (open[lane] ??= []).push(record);
    lanes.set(record.id, lane);
  }
  return {
    displayTimeUnit: 'ms',
    traceEvents: records.map((record) => eventOf(record, lanes.get(record.id) ?? 0)),
  };
}

/** The lane of its parent if nothing else is at work there, else the first that is free. */
function findLane(open: readonly TraceRecord[][], record: TraceRecord, home: number | undefined): number {
  const fits = (lane: number): boolean => {
    const calls = open[lane];
    if (calls === undefined) return true;
    while (calls.length > 0 && (calls.at(-1)?.end ?? Infinity) <= record.start) calls.pop();
    return calls.length === 0 || (lane === home && calls.at(-1)?.id === record.parent);
  };
  if (home !== undefined && fits(home)) return home;
  let lane = 0;
  while (!fits(lane)) lane++;
  return lane;
}

function eventOf(record: TraceRecord, lane: number): TraceEvent {
  const { id, parent = null, iterations, name, start, end, error } = record;
  const failed = error === undefined ? {} : { error: describe(error.error) };
  return {
    name,
    cat: 'operator',
    ph: end === undefined ? 'B' : 'X',
    ts: start * 1000,
    ...(end === undefined ? {} : { dur: (end - start) * 1000 }),
    pid: 1,
    tid: lane + 1,
    args: { id, parent, iterations, ...failed },
  };
}

/** Runs no code of whoever made the error. */
function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
}
