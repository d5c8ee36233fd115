/** A tracer: who wants records of the calls that are made while a function runs, and of those that these make. */
import { notAFunction } from '../errors.ts';
import { checkNames } from '../options.ts';
import { chromeTrace, type ChromeTrace } from './chrome-trace.ts';
import type { OpenRecord, TraceRecord } from './trace-record.ts';
import { watch, type RecordSink } from './watch.ts';

/** How a tracer tells the time. */
export interface TracerOptions {
  /** Milliseconds from anywhere. @default performance.now */
  readonly clock?: () => number;
}

/**
 * Records the calls of operators, compiled or not, that are made while a function runs. Contexts nest, and each async
 * context has its own: the innermost one records, and hands its records to those around it.
 *
 * @example
 * const tracer = new TracerContext();
 * await tracer.run(() => answer.invoke({ q: 'why?' }));
 * tracer.records.map(({ name }) => name); // ['Answer', 'Search', 'Judge', 'Judge', 'Judge']
 */
export class TracerContext {
  readonly #records: OpenRecord[] = [];
  readonly #clock: () => number;

  /** Throws an `XCSError` for an option that is unknown, or a clock that is no function. */
  constructor(options: TracerOptions = {}) {
    checkNames('TracerContext', options, ['clock']);
    const { clock = () => performance.now() } = options;
    if (typeof clock !== 'function') throw notAFunction('TracerContext', clock);
    this.#clock = clock;
  }

  /** The innermost context around the caller. */
  static getCurrent(): TracerContext | undefined {
    const { tracer } = watch.position;
    return tracer instanceof Recording ? tracer.context : undefined;
  }

  /** The calls so far, in the order in which they started. */
  get records(): readonly TraceRecord[] {
    return this.#records.map((record) => record.complete());
  }

  /** Calls `fn`, and records the calls that it makes. Throws an `XCSError` for what is no function. */
  run<T>(fn: () => T): T {
    if (typeof fn !== 'function') throw notAFunction('TracerContext.run', fn);
    const add = (record: OpenRecord): void => void this.#records.push(record);
    return watch.enter({ tracer: new Recording(this, this.#clock, add, watch.position.tracer) }, fn);
  }

  /** The records in the trace-event format that Chrome and Perfetto show. */
  toChromeTrace(): ChromeTrace {
    return chromeTrace(this.records);
  }
}

/** One stretch of recording: hands each record on to the tracer around it. */
class Recording implements RecordSink {
  readonly context: TracerContext;
  readonly now: () => number;
  readonly #keep: (record: OpenRecord) => void;
  readonly #outer: RecordSink | undefined;

  constructor(
    context: TracerContext,
    now: () => number,
    keep: (record: OpenRecord) => void,
    outer: RecordSink | undefined,
  ) {
    this.context = context;
    this.now = now;
    this.#keep = keep;
    this.#outer = outer;
  }

  add(record: OpenRecord): void {
    this.#keep(record);
    this.#outer?.add(record);
  }
}
