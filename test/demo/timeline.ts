/** Draws intervals as bars of text, one line for each call, on a scale that several timelines can share. */
import type { Interval } from './recorder.ts';

export interface TimelineOptions {
  /** Columns that a line may take. */
  readonly width: number;
  /** Milliseconds that the whole width stands for: the longest of the timelines that are compared. */
  readonly total: number;
  readonly paint?: (bar: string, interval: Interval) => string;
}

/** Columns to the right of the bars, for the milliseconds. */
const DURATION_WIDTH = 9;

export function drawTimeline(intervals: readonly Interval[], options: TimelineOptions): string[] {
  const { width, total, paint = (bar) => bar } = options;
  const labelWidth = Math.max(0, ...intervals.map(({ label }) => label.length));
  const columns = Math.max(10, width - labelWidth - DURATION_WIDTH - 2);
  return intervals.map((interval) => {
    const { before, bar, after } = placeBar(interval, columns, total);
    const duration = `${Math.round(interval.end - interval.start)} ms`.padStart(DURATION_WIDTH);
    return `${interval.label.padEnd(labelWidth)} ${before}${paint(bar, interval)}${after} ${duration}`;
  });
}

/** The intervals in the order of another run, so that lines can be compared; calls that it did not make come last. */
export function sortLike(intervals: readonly Interval[], other: readonly Interval[]): readonly Interval[] {
  const ranks = new Map<string, number>();
  for (const [rank, { key }] of other.entries()) if (!ranks.has(key)) ranks.set(key, rank);
  const rankOf = ({ key }: Interval): number => ranks.get(key) ?? other.length;
  return intervals.toSorted((a, b) => rankOf(a) - rankOf(b) || a.start - b.start);
}

/** The most calls that were going on at one time. */
export function mostAtOnce(intervals: readonly Interval[]): number {
  const counts = intervals.map(({ start }) =>
    intervals.filter((other) => other.start <= start && start < other.end),
  );
  return Math.max(0, ...counts.map(({ length }) => length));
}

interface PlacedBar {
  readonly before: string;
  readonly bar: string;
  readonly after: string;
}

/** Every call gets at least one column: a thin line if it is too short for a full one. */
function placeBar({ start, end }: Interval, columns: number, total: number): PlacedBar {
  const scale = total > 0 ? columns / total : 0;
  const first = Math.min(columns - 1, Math.floor(start * scale));
  const length = Math.min(columns - first, Math.max(1, Math.round(end * scale) - first));
  const bar = (end - start) * scale < 0.5 ? '▏' : '█'.repeat(length);
  return { before: ' '.repeat(first), bar, after: ' '.repeat(columns - first - bar.length) };
}
