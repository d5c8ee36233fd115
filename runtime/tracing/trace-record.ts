/** What is noted of one call, and how it is named. Inputs and outputs are the very objects, not copies. */
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
  /** The operator's own `name` if it has one, else that of its class or function. */
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

/** A record that is still being written. */
export class OpenRecord implements TraceRecord {
  readonly id: number;
  readonly parent: number | undefined;
  readonly operator: object;
  readonly name: string;
  readonly inputs: unknown;
  readonly iterations: readonly number[];
  readonly start: number;
  end: number | undefined = undefined;
  outputs: unknown = undefined;
  error: { readonly error: unknown } | undefined = undefined;
  /** How many calls of each operator this call has made. */
  readonly #made = new Map<object, number>();

  constructor(id: number, parent: OpenRecord | undefined, operator: object, inputs: unknown, start: number) {
    this.id = id;
    this.parent = parent?.id;
    this.operator = operator;
    this.name = nameOfOperator(operator);
    this.inputs = inputs;
    this.iterations = parent === undefined ? [0] : [...parent.iterations, parent.#count(operator)];
    this.start = start;
  }

  close(failed: boolean, value: unknown, end: number): void {
    if (this.end !== undefined) return;
    this.end = end;
    if (failed) this.error = { error: value };
    else this.outputs = value;
  }

  #count(operator: object): number {
    const made = this.#made.get(operator) ?? 0;
    this.#made.set(operator, made + 1);
    return made;
  }
}

/** Reads data properties only, so that no getter runs. */
export function nameOfOperator(operator: object): string {
  const own = readData(operator, 'name')?.value;
  if (typeof own === 'string' && own !== '') return own;
  const owner = typeof operator === 'function' ? undefined : readData(operator, 'constructor')?.value;
  return typeof owner === 'function' && owner.name !== '' ? owner.name : 'anonymous operator';
}
