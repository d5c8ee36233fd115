/**
 * The world of one run: clock, seeds, and the record of everything that the law compares. Latency, failure and result of
 * a call are functions of the seed, the operator's label and what it was given, never of when or after what it ran.
 */
import { VirtualClock } from './virtual-clock.ts';
import { chance, snapshot } from './snapshot.ts';
import type { CallContext, Doc, Manner, WorldLink } from './world-link.ts';

/** One interleaving. */
export interface Schedule {
  readonly seed: number;
  /** The share of calls that fail. */
  readonly failureRate: number;
  /** Only so many failures happen, the first in time; whoever would fail later does not. @default Infinity */
  readonly mostFailures?: number;
  /** Those of them that do not happen either, by their numbers in time. @default none */
  readonly spared?: ReadonlySet<number>;
  /** `varied`: 0, or up to 100; `distinct`: never 0; `equal`: 10 each; a function answers by call. @default 'varied' */
  readonly latency?:
    | 'varied'
    | 'distinct'
    | 'equal'
    | ((call: Pick<CallRecord, 'order' | 'label' | 'atStart'>) => number);
  /** Sees all that happens and may change it: for the oracle. */
  readonly observer?: WorldObserver;
  /** When the caller aborts. */
  readonly abortAt?: number;
}

export interface CallRecord {
  readonly order: number;
  readonly label: string;
  readonly manner: Manner;
  readonly input: unknown;
  readonly atStart: string;
  readonly startedAt: number;
  /** What it saw of its resources, at its start and at its end. */
  readonly seen: string[];
  readonly store: unknown;
  readonly signal: AbortSignal | undefined;
  atEnd?: string;
  endedAt?: number;
  outcome?: 'result' | 'failure' | 'aborted';
  result?: unknown;
  error?: unknown;
  readonly afterSettling: boolean;
}

/** What is told of everything that happens, as it happens. */
export interface WorldObserver {
  begins(now: () => number): void;
  started(call: CallRecord): void;
  /** Answers what it gives instead. */
  result(call: CallRecord, result: unknown): unknown;
  fails(call: CallRecord): boolean;
  said(text: string): void;
  /** Answers what is to be called at the end of the pause. */
  pauses(): () => void;
}

/** Something that must keep its place: the start of a writer or of a `sequential` call, or a log. */
export interface VisibleEffect {
  readonly at: number;
  readonly text: string;
  readonly afterSettling: boolean;
  /** It could tell which calls have begun: the first so many. */
  readonly behind?: number;
}

export class Failure extends Error {}

export class World implements WorldLink {
  readonly clock: VirtualClock = new VirtualClock();
  readonly calls: CallRecord[] = [];
  readonly effects: VisibleEffect[] = [];
  /** What each resource holds: a digest of all that was written. */
  readonly #resources = new Map<string, string>();
  readonly pauses: { readonly startedAt: number; endedAt?: number }[] = [];
  readonly unhandled: unknown[] = [];
  readonly schedule: Schedule;
  readonly #storeOf: () => unknown;
  settled = false;
  /** How many calls, and steps of the program's own code, have failed or would have. */
  failures = 0;

  constructor(schedule: Schedule, storeOf: () => unknown = () => undefined) {
    this.schedule = schedule;
    this.#storeOf = storeOf;
    schedule.observer?.begins(() => this.clock.now);
  }

  log(...values: readonly unknown[]): void {
    this.#note(`log ${snapshot(...values)}`);
    this.schedule.observer?.said(snapshot(...values));
  }

  async pause(duration: number): Promise<void> {
    const pause: { startedAt: number; endedAt?: number } = { startedAt: this.clock.now };
    this.pauses.push(pause);
    const end = this.schedule.observer?.pauses();
    // Unknown code could tell which calls have begun, so it does.
    this.#note('pause begins', this.calls.length);
    await this.clock.sleep(duration);
    this.#note('pause ends', this.calls.length);
    pause.endedAt = this.clock.now;
    end?.();
  }

  /** Of an empty list it fails by itself. */
  any(members: Iterable<unknown>): Promise<unknown> {
    const list = [...members];
    return list.length > 0 || this.#happens() ? Promise.any(list) : Promise.resolve('none');
  }

  fail(error: unknown): number {
    if (this.#happens()) throw error;
    return Number.NaN;
  }

  /** `never` in the interface: each operator class says what it gives. */
  perform(manner: Manner, input: unknown, context: CallContext | undefined): never {
    const call = this.#start(manner, input, context);
    const now = manner.instant === true || (manner.throwsAtOnce === true && this.#mayFail(call));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape says what comes out
    return (now ? this.#end(call) : this.#work(call)) as never;
  }

  #start(manner: Manner, input: unknown, context: CallContext | undefined): CallRecord {
    const call: CallRecord = {
      order: this.calls.length,
      label: manner.label,
      manner,
      input,
      atStart: snapshot(input),
      seen: [this.#read(manner)],
      startedAt: this.clock.now,
      store: this.#storeOf(),
      signal: context?.signal,
      afterSettling: this.settled,
    };
    this.calls.push(call);
    this.schedule.observer?.started(call);
    if (isOrdered(manner)) this.#note(`call ${manner.label} ${call.atStart}`);
    if (manner.mutates === true) mutate(input, `${manner.label}+`);
    this.#write(call, 'begins');
    return call;
  }

  async #work(call: CallRecord): Promise<unknown> {
    const latency = this.#latency(call);
    if (latency > 0) {
      try {
        await this.clock.sleep(latency, call.manner.deaf === true ? undefined : call.signal);
      } catch (error) {
        call.outcome = 'aborted';
        call.endedAt = this.clock.now;
        throw error;
      }
    }
    return this.#end(call);
  }

  #end(call: CallRecord): unknown {
    if (call.manner.mutates === true) mutate(call.input, `${call.manner.label}-`);
    call.atEnd = snapshot(call.input);
    call.seen.push(this.#read(call.manner));
    this.#write(call, 'ends');
    call.endedAt = this.clock.now;
    const isFailing = this.schedule.observer?.fails(call) === true;
    if (isFailing || (this.#mayFail(call) && this.#happens())) {
      call.outcome = 'failure';
      call.error = new Failure(`${call.label} ${call.atStart}`);
      throw call.error;
    }
    call.outcome = 'result';
    const result = this.#result(call);
    call.result = this.schedule.observer === undefined ? result : this.schedule.observer.result(call, result);
    return call.result;
  }

  #read(manner: Manner): string {
    return [...readsOf(manner), ...writesOf(manner)].map((name) => this.#resources.get(name) ?? '').join(' ');
  }

  #write({ manner, label, atStart }: CallRecord, when: string): void {
    for (const name of writesOf(manner)) {
      const digest = chance(`${this.#resources.get(name) ?? ''} ${label} ${atStart} ${when}`);
      this.#resources.set(name, digest.toString(36));
    }
  }

  #latency(call: CallRecord): number {
    const { latency = 'varied', seed } = this.schedule;
    if (typeof latency === 'function') return latency(call);
    if (latency === 'equal') return 10;
    const drawn = chance(`latency ${seed} ${call.label} ${call.atStart}`);
    return drawn < 0.1 && latency === 'varied' ? 0 : 1 + drawn * 100;
  }

  #mayFail(call: CallRecord): boolean {
    const { seed, failureRate } = this.schedule;
    return failureRate > 0 && chance(`failure ${seed} ${call.label} ${call.atStart}`) < failureRate;
  }

  /** Whether the failure that comes next does happen. */
  #happens(): boolean {
    const { spared, mostFailures = Infinity } = this.schedule;
    const index = this.failures++;
    return index < mostFailures && spared?.has(index) !== true;
  }

  /** Depends on what the call saw at its start and at its end, resources too: what changes in between shows in the result. */
  // oxlint-disable-next-line typescript/consistent-return -- every shape answers
  #result(call: CallRecord): unknown {
    const drawn = chance(`${call.label} ${call.atStart} ${call.atEnd} ${call.seen.join(' ')}`);
    const text = `${call.label}:${Math.floor(drawn * 1e6).toString(36)}`;
    switch (call.manner.shape) {
      case 'text':
        return text;
      case 'number':
        return drawn < 0.05 ? -0 : drawn < 0.1 ? Number.NaN : Math.floor(drawn * 1e6) / 7;
      case 'list':
        return [text, `${text}b`, 'c'].slice(0, 1 + Math.floor(drawn * 3));
      case 'doc':
        return { text, tags: [text], n: Math.floor(drawn * 100) } satisfies Doc;
      case 'same':
        return call.input;
    }
  }

  #note(text: string, behind?: number): void {
    const effect = { at: this.clock.now, text, afterSettling: this.settled };
    this.effects.push(behind === undefined ? effect : { ...effect, behind });
  }
}

/** What a call is known by: who was called, and what it was given. */
export function keyOf(call: Pick<CallRecord, 'label' | 'atStart'>): string {
  return `${call.label} ${call.atStart}`;
}

/** In order within each group. */
export function groupBy<T>(all: readonly T[], groupOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(groupOf(one));
    if (group === undefined) groups.set(groupOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

export function isOrdered({ effect, writes = [] }: Manner): boolean {
  return effect === 'sequential' || effect === 'undeclared' || writes.length > 0;
}

/** Ordered operators may do anything to any resource. */
const ANY = ['a', 'b'] as const;

function readsOf({ effect, reads = [] }: Manner): readonly string[] {
  return effect === 'sequential' || effect === 'undeclared' ? ANY : reads;
}

function writesOf({ effect, writes = [] }: Manner): readonly string[] {
  return effect === 'sequential' || effect === 'undeclared' ? ANY : writes;
}

function mutate(input: unknown, mark: string): void {
  if (Array.isArray(input)) input.push(mark);
  else if (typeof input === 'object' && input !== null && 'tags' in input && Array.isArray(input.tags)) {
    input.tags.push(mark);
  }
}
