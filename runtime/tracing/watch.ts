/**
 * Where calls can be seen: by tracers, by subscribers of `diagnostics_channel`, and by `jit`. Every call asks whether anybody
 * listens, and nothing more unless somebody does. A call of a run knows from its frame; any other asks for what is `here`.
 */
import type { Forwarding, OperatorContext } from '../brand.ts';
import type { JitOptions } from '../jit/jit-options.ts';
import type { ExecutionOptions } from '../options.ts';
import { newStorage, type Storage } from '../async-storage.ts';
import { OpenRecord } from './trace-record.ts';

/** Sees the calls that the code around it makes, and may answer one by a call that it has started before. */
export interface CallObserver {
  observe(self: Forwarding, input: unknown, options: unknown, start: () => unknown): unknown;
  /** The code is aborted: its calls fail with `reason`, from now on. */
  refuse(reason: unknown): void;
}

/** Is told of the calls that the code of one operator makes, if that learns. */
export interface CallWitness {
  now(): number;
  runBegins(): void;
  /** The code calls `operator`, having done so `nth` times. Answers nothing if it does not want to know of that. */
  witness(operator: object, nth: number, start: number): WitnessedCall | undefined;
}

export interface WitnessedCall {
  /** `at`: it has ended before the code has seen that. */
  end(failed: boolean, value: unknown, at?: number): void;
}

/** Where a call is made: by which call, and for whom it is to be recorded. */
export interface Position {
  readonly record: OpenRecord | undefined;
  readonly tracer: RecordSink | undefined;
  /** Of the code that makes the call; the calls that its callees make are theirs. */
  readonly observer: CallObserver | undefined;
  /** How operators learn that do not say so themselves. */
  readonly learning: JitOptions | undefined;
  readonly isWrittenOnly: boolean;
  /** Of the next call only, whose own calls it is told of. */
  readonly witness: CallWitness | undefined;
}

/** Takes the records of one tracer. */
export interface RecordSink {
  now(): number;
  add(record: OpenRecord): void;
}

/** Runs a call of an operator that learns from its calls. Answers nothing if the operator does not. */
export type Learn = (
  self: Forwarding,
  input: unknown,
  options: unknown,
  proceed: () => unknown,
  within?: Within,
) => { readonly outcome: unknown } | undefined;

/** What a run says to a call that it makes. */
export interface Within {
  /** The options that it goes by itself. */
  readonly ambient: ExecutionOptions | undefined;
  /** Aborts with the call. */
  readonly context: OperatorContext;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

interface Host {
  readonly process?: {
    getBuiltinModule?(id: 'node:diagnostics_channel'): { channel?(name: string): Channel } | undefined;
  };
}

const NOBODY: Position = {
  record: undefined,
  tracer: undefined,
  observer: undefined,
  learning: undefined,
  isWrittenOnly: false,
  witness: undefined,
};

class Watch {
  #storage: Storage<Position> | undefined;
  #learn: Learn | undefined;
  #offered: { readonly by: unknown; readonly learn: Learn } | undefined;
  #lastId = 0;
  readonly #started: Channel | undefined = channel('xcs.call.start');
  readonly #ended: Channel | undefined = channel('xcs.call.end');

  /** Where the caller is, if somebody may want to know of the calls that it makes. */
  get here(): Position | undefined {
    return this.#storage?.getStore() ?? (this.isLearning || this.#isPublished ? NOBODY : undefined);
  }

  /** Some operators may learn from their calls. */
  get isLearning(): boolean {
    return this.#learn !== undefined;
  }

  get position(): Position {
    return this.#storage?.getStore() ?? NOBODY;
  }

  /** From now on calls look for who listens around them. */
  enter<T>(position: Partial<Position>, fn: () => T): T {
    return this.enterAt({ ...this.position, ...position }, fn);
  }

  enterAt<T>(position: Position, fn: () => T): T {
    this.#storage ??= newStorage();
    return this.#storage.run(position, fn);
  }

  /** `by` could make operators learn. Costs nothing until somebody asks for it. */
  offerLearning(by: unknown, learn: Learn): void {
    this.#offered = { by, learn };
  }

  isLearner(value: unknown): boolean {
    return this.#offered !== undefined && this.#offered.by === value;
  }

  /** From now on calls of operators that learn are learnt from. Answers whether anything can. */
  learn(): boolean {
    this.#learn = this.#offered?.learn;
    return this.isLearning;
  }

  /** A call by `invoke`, or by the engine in its stead. Answers what `proceed` answers, or its outcome as a promise. */
  call(
    position: Position,
    self: Forwarding,
    input: unknown,
    options: unknown,
    proceed: () => unknown,
    within?: Within,
  ): unknown {
    const { observer } = position;
    if (observer === undefined && !this.isLearning) return this.#record(position, self, input, proceed);
    const learn = (): unknown => this.#proceed(self, input, options, proceed, within);
    const start = (): unknown => this.#record(this.position, self, input, learn);
    return observer === undefined ? start() : observer.observe(self, input, options, start);
  }

  /** Starts the record of a call that is made there, if somebody wants it. */
  begin(from: Position | undefined, operator: object, input: unknown): OpenCall | undefined {
    const isPublished = this.#isPublished;
    const position = from ?? NOBODY;
    if (position.tracer === undefined && !isPublished) return undefined;
    const now = position.tracer?.now() ?? performance.now();
    const record = new OpenRecord(++this.#lastId, position.record, operator, input, now);
    position.tracer?.add(record);
    if (isPublished) this.#started?.publish(record.complete());
    return new OpenCall(position, record, this.#ended);
  }

  get #isPublished(): boolean {
    return this.#started?.hasSubscribers === true || this.#ended?.hasSubscribers === true;
  }

  #proceed(
    self: Forwarding,
    input: unknown,
    options: unknown,
    proceed: () => unknown,
    within: Within | undefined,
  ): unknown {
    const { isWrittenOnly } = this.position;
    const learnt = isWrittenOnly ? undefined : this.#learn?.(self, input, options, proceed, within);
    if (learnt !== undefined) return learnt.outcome;
    // The callee's own calls are no business of who observes the caller's.
    return this.position.observer === undefined ? proceed() : this.enter({ observer: undefined }, proceed);
  }

  #record(position: Position, self: Forwarding, input: unknown, proceed: () => unknown): unknown {
    const call = this.begin(position, self, input);
    if (call === undefined) return proceed();
    let outcome: unknown;
    try {
      outcome = call.within(proceed);
    } catch (error) {
      call.end(true, error);
      throw error;
    }
    if (!(outcome instanceof Promise)) {
      call.end(false, outcome);
      return outcome;
    }
    // Handed on, so that a failure which nobody handles is still reported.
    return outcome.then(
      (value: unknown) => {
        call.end(false, value);
        return value;
      },
      (error: unknown) => {
        call.end(true, error);
        throw error;
      },
    );
  }
}

/** A call that is recorded, from its start to its end. It is where its callee is: what that calls has this one as its parent. */
export class OpenCall implements Position {
  readonly record: OpenRecord;
  readonly tracer: RecordSink | undefined;
  /** The callee's own calls are no business of who observes the caller's. */
  readonly observer: undefined = undefined;
  readonly learning: JitOptions | undefined;
  readonly isWrittenOnly: boolean;
  readonly witness: CallWitness | undefined;
  readonly #around: Position;
  readonly #ended: Channel | undefined;

  constructor(around: Position, record: OpenRecord, ended: Channel | undefined) {
    this.record = record;
    this.tracer = around.tracer;
    this.learning = around.learning;
    this.isWrittenOnly = around.isWrittenOnly;
    this.witness = around.witness;
    this.#around = around;
    this.#ended = ended;
  }

  /** Runs the callee. */
  within<T>(fn: () => T): T {
    return watch.enterAt(this, fn);
  }

  /** Runs what follows for the caller, from wherever the end of the callee was seen. */
  outside<T>(fn: () => T): T {
    return watch.enterAt(this.#around, fn);
  }

  end(failed: boolean, value: unknown): void {
    const { record } = this;
    if (record.end !== undefined) return;
    record.close(failed, value, this.tracer?.now() ?? performance.now());
    if (this.#ended?.hasSubscribers === true) this.#ended.publish(record.complete());
  }
}

/** The one place that every call looks at. */
export const watch: Watch = new Watch();

function channel(name: string): Channel | undefined {
  // Not imported: browsers have no such module.
  const host: Host = globalThis;
  return host.process?.getBuiltinModule?.('node:diagnostics_channel')?.channel?.(name);
}
