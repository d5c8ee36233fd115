/** The calls that the code makes in one run: in order, by operator, and which of them run still. */
import { OpenRecord } from '../tracing/trace-record.ts';
import { Facts } from './facts.ts';
import type { Learnt } from './learnt.ts';

/** A call that begins. */
export interface Begun {
  readonly record: OpenRecord;
  /** How many calls of the same operator came before it. */
  readonly nth: number;
  /** No other one runs. */
  readonly isAlone: boolean;
  /** What its input looks like as it begins. */
  readonly given: Facts | undefined;
}

export class CodeCalls {
  readonly #learnt: Learnt;
  readonly #records: OpenRecord[] = [];
  readonly #ofOperator = new Map<object, OpenRecord[]>();
  readonly #running = new Map<OpenRecord, Begun>();
  /** The call that began while no other ran, until another one begins. */
  #lone: OpenRecord | undefined = undefined;
  /** Time stands still between two events. */
  #tick = 0;

  /** `learnt` is told which calls the code goes on beside: it may go by which of them ends first. */
  constructor(learnt: Learnt) {
    this.#learnt = learnt;
  }

  get records(): readonly OpenRecord[] {
    return this.#records;
  }

  get running(): number {
    return this.#running.size;
  }

  find(operator: object, nth: number): OpenRecord | undefined {
    return this.#ofOperator.get(operator)?.[nth];
  }

  begin(operator: object, input: unknown): Begun {
    const record = new OpenRecord(this.#records.length, undefined, operator, input, ++this.#tick);
    const earlier = this.#ofOperator.get(operator) ?? [];
    const given = typeof input === 'object' ? Facts.ofData(input) : undefined;
    const begun = { record, nth: earlier.length, isAlone: this.#running.size === 0, given };
    earlier.push(record);
    this.#ofOperator.set(operator, earlier);
    this.#records.push(record);
    this.#running.set(record, begun);
    if (!begun.isAlone) this.#noteBeside([begun, this.#lone && this.#running.get(this.#lone)]);
    this.#lone = begun.isAlone ? record : undefined;
    return begun;
  }

  end(record: OpenRecord, failed: boolean, value: unknown): void {
    record.close(failed, value, ++this.#tick);
    const begun = this.#running.get(record);
    // It may have seen that, and does not if it starts before the code has come to it.
    if (begun?.given?.hold() === false) this.#noteBeside([begun]);
    this.#running.delete(record);
  }

  /** The code has its outcome: what runs still is left behind. */
  leave(): void {
    this.#noteBeside(this.#running.values());
    for (const [operator, { length }] of this.#ofOperator) this.#learnt.noteCalls(operator, length);
  }

  #noteBeside(calls: Iterable<Begun | undefined>): void {
    for (const call of calls) if (call !== undefined) this.#learnt.noteBeside(call.record.operator, call.nth);
  }
}
