/** Operators whose calls end when the test says so, and a log of what they saw. */
import { Operator, type OperatorContext } from '../../runtime/operator.ts';

export interface GatedCall {
  readonly input: unknown;
  readonly context: OperatorContext;
  resolve(value?: unknown): void;
  reject(error: unknown): void;
}

/** Ends a call only when the test resolves or rejects it. */
export class Gated extends Operator {
  readonly calls: GatedCall[] = [];
  readonly label: string;
  readonly #log: string[] | undefined;

  constructor(label = 'gated', log?: string[]) {
    super();
    this.label = label;
    this.#log = log;
  }

  override forward(input: unknown, context: OperatorContext): Promise<unknown> {
    this.#log?.push(this.label);
    return new Promise((resolve, reject) => {
      this.calls.push({ input, context, resolve, reject });
    });
  }

  /** The call that came as number `index`. */
  at(index: number): GatedCall {
    const call = this.calls[index];
    if (call === undefined)
      throw new Error(`\`${this.label}\` has been called ${this.calls.length} times only`);
    return call;
  }
}

/** Answers at once, without a promise. */
export class Instant extends Operator {
  readonly inputs: unknown[] = [];
  readonly #answer: (input: unknown, context: OperatorContext) => unknown;

  constructor(answer: (input: unknown, context: OperatorContext) => unknown = (input) => input) {
    super();
    this.#answer = answer;
  }

  override forward(input: unknown, context: OperatorContext): unknown {
    this.inputs.push(input);
    return this.#answer(input, context);
  }
}

/** Ends when the microtask queue is empty. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** What is known about a promise by now, without waiting for it. */
export interface Watched {
  state: 'pending' | 'fulfilled' | 'rejected';
  value: unknown;
}

export function watch(promise: Promise<unknown>): Watched {
  const watched: Watched = { state: 'pending', value: undefined };
  promise.then(
    (value) => Object.assign(watched, { state: 'fulfilled', value }),
    (value: unknown) => Object.assign(watched, { state: 'rejected', value }),
  );
  return watched;
}
