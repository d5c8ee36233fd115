/** What is noted of one call, and how it is named. Inputs and outputs are the very objects, not copies. */
import { must } from '../errors.ts';
import { readData } from '../witnesses.ts';

/**
 * One call of an operator: when it ran, what it was given and what came of it.
 *
 * @example
 * const tracer = new TracerContext();
 * await tracer.run(() => search.invoke('graphs'));
 * tracer.records.map(({ inputs, outputs }) => [inputs, outputs]); // [['graphs', ['graphs']]]
 */
export interface TraceRecord {
  /** Counts the calls in the order in which they started. */
  readonly id: number;
  /** The `id` of the call that made this one; absent for the outermost. */
  readonly parent: number | undefined;
  readonly operator: object;
  /** The operator's own `name` if it has one, else that of its class or function, as it is when the record is first asked for. */
  readonly name: string;
  readonly inputs: unknown;
  /** For each call around this one, and for itself, how many calls of the same operator its caller had made before. */
  readonly iterations: readonly number[];
  /** On the clock of the tracer. */
  readonly start: number;
  /** Absent while it runs. */
  readonly end: number | undefined;
  readonly outputs: unknown;
  /** In an object of its own, for anything may be thrown. */
  readonly error: { readonly error: unknown } | undefined;
}

/**
 * A record that is still being written. How the call is named and counted is found out when the record is handed out, for
 * that costs more than all the rest.
 */
export class OpenRecord implements TraceRecord {
  readonly id: number;
  readonly parent: number | undefined;
  readonly operator: object;
  name = '';
  readonly inputs: unknown;
  iterations: readonly number[] = [];
  readonly start: number;
  end: number | undefined = undefined;
  outputs: unknown = undefined;
  error: { readonly error: unknown } | undefined = undefined;
  readonly #caller: OpenRecord | undefined;
  /** Which of the calls of its caller it is. */
  readonly #index: number;
  #calls: Calls | undefined = undefined;

  constructor(id: number, parent: OpenRecord | undefined, operator: object, inputs: unknown, start: number) {
    this.id = id;
    this.parent = parent?.id;
    this.operator = operator;
    this.inputs = inputs;
    this.start = start;
    this.#caller = parent;
    this.#index = parent === undefined ? 0 : (parent.#calls ??= new Calls()).add(operator);
  }

  close(failed: boolean, value: unknown, end: number): void {
    if (this.end !== undefined) return;
    this.end = end;
    if (failed) this.error = { error: value };
    else this.outputs = value;
  }

  /** The record as others may see it, with its name and the iterations. */
  complete(): TraceRecord {
    if (this.name !== '') return this;
    this.name = nameOfOperator(this.operator);
    const caller = this.#caller;
    if (caller === undefined) this.iterations = [0];
    else {
      const made = must(caller.#calls, 'a call is made by none').sameBefore(this.#index);
      this.iterations = [...caller.complete().iterations, made];
    }
    return this;
  }
}

/** The calls that one call has made, in order. */
class Calls {
  readonly #operators: object[] = [];
  readonly #sameBefore: number[] = [];
  /** How many calls of each operator are counted. */
  readonly #counts = new Map<object, number>();

  add(operator: object): number {
    return this.#operators.push(operator) - 1;
  }

  /** How many calls before this one were of the same operator. Each is counted once, when somebody first asks. */
  sameBefore(index: number): number {
    for (const operator of this.#operators.slice(this.#sameBefore.length, index + 1)) {
      const count = this.#counts.get(operator) ?? 0;
      this.#sameBefore.push(count);
      this.#counts.set(operator, count + 1);
    }
    return must(this.#sameBefore[index], 'a call is not among those of its caller');
  }
}

/** Reads data properties only, so that no getter runs. */
export function nameOfOperator(operator: object): string {
  const own = readData(operator, 'name')?.value;
  if (typeof own === 'string' && own !== '') return own;
  const owner = typeof operator === 'function' ? undefined : readData(operator, 'constructor')?.value;
  return typeof owner === 'function' && owner.name !== '' ? owner.name : 'anonymous operator';
}
