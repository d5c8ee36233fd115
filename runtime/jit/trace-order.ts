/** Traces of the same calls, which may have been made in another order: which stands for which. */
import type { TraceRecord } from '../tracing/trace-record.ts';
import type { Trace } from './template.ts';

/** How often each operator is called. */
export function countCalls({ records }: Trace): ReadonlyMap<object, number> {
  const counts = new Map<object, number>();
  for (const { operator } of records) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  return counts;
}

export function isSameCounts(one: ReadonlyMap<object, number>, other: ReadonlyMap<object, number>): boolean {
  return one.size === other.size && [...one].every(([operator, count]) => other.get(operator) === count);
}

export function isSameCalls(one: Trace, other: Trace): boolean {
  return isSameCounts(countCalls(one), countCalls(other));
}

/** The records in the order of another trace: the first call of an operator stands for its first call there, and so on. */
export function align(trace: Trace, order: Trace): Trace {
  const byOperator = new Map<object, TraceRecord[]>();
  for (const record of trace.records) {
    const list = byOperator.get(record.operator);
    if (list === undefined) byOperator.set(record.operator, [record]);
    else list.push(record);
  }
  const next = new Map<object, number>();
  const records = order.records.flatMap(({ operator }) => {
    const index = next.get(operator) ?? 0;
    next.set(operator, index + 1);
    return byOperator.get(operator)?.[index] ?? [];
  });
  return { input: trace.input, records };
}
