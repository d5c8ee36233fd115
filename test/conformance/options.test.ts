/** Rows O2–O4: options of scopes, of calls and of the program, on a program that has gone through the transformer. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  executionOptions,
  getExecutionOptions,
  resetExecutionOptions,
  setExecutionOptions,
  type ExecutionOptions,
} from '../../runtime/index.ts';
import { compileTwins, overlap } from './twins.ts';

const twin = compileTwins({
  sums: `
class Times extends Operator<number, number> {
  static override readonly effect = 'unordered';
  constructor(readonly factor: number) { super(); }
  override async forward(value: number): Promise<number> { return value * this.factor; }
}
@structuralJit
class Sums extends Operator<number, number> {
  readonly triple = new Times(3);
  readonly halve = new Times(-1);
  override async forward(value: number): Promise<number> {
    const triple = await this.triple.invoke(value);
    const less = await this.halve.invoke(value);
    return triple + less;
  }
}
export const create = () => new Sums();`,
  pair: `
@structuralJit
class Pair extends Operator<string, string> {
  readonly left = new Leaf('left');
  readonly right = new Leaf('right');
  override async forward(text: string): Promise<string> {
    const left = await this.left.invoke(text);
    const right = await this.right.invoke(text);
    return left + right;
  }
}
export const create = () => new Pair();`,
});

afterEach(resetExecutionOptions);

const serial: ExecutionOptions = { scheduler: 'sequential' };
const parallel: ExecutionOptions = { scheduler: 'parallel' };

/** How many calls of the pair overlap: 1 under a serial scheduler, 2 under a parallel one. */
const overlapping = (options?: ExecutionOptions): Promise<number> =>
  overlap(twin('pair').compiled(), 'x', options);

describe('options of execution', () => {
  it('O2 give correct results in a scope and in nested ones, where the inner wins', async () => {
    const { create } = twin('sums').compiled();
    expect(await executionOptions(serial, () => create().invoke(5))).toBe(10);
    const [outer, inner] = executionOptions(serial, () => [
      create().invoke(5),
      executionOptions(parallel, () => create().invoke(15)),
    ]);
    expect(await Promise.all([outer, inner])).toEqual([10, 30]);
    expect(await executionOptions(serial, () => executionOptions(parallel, () => overlapping()))).toBe(2);
    expect(await executionOptions(parallel, () => executionOptions(serial, () => overlapping()))).toBe(1);
  });

  it('O3 are what they were when a scope is left, also by an error', async () => {
    setExecutionOptions({ maxConcurrency: 7 });
    expect(await executionOptions(serial, () => overlapping())).toBe(1);
    expect(await overlapping()).toBe(2);
    const leave = (): unknown =>
      executionOptions(serial, () => {
        throw new RangeError('left');
      });
    expect(leave).toThrow(RangeError);
    await expect(executionOptions(serial, () => Promise.reject(new Error('late')))).rejects.toThrow('late');
    expect(getExecutionOptions()).toEqual({ maxConcurrency: 7 });
    expect(await overlapping()).toBe(2);
  });

  it('O3 that do not exist are errors that name them', () => {
    const unknown: object = { maxConcurency: 2 };
    expect(() => executionOptions(unknown, () => 1)).toThrow(/no option `maxConcurency`/u);
  });

  it('O3 are isolated in each async context', async () => {
    const seen = (options: ExecutionOptions): Promise<number> =>
      executionOptions(options, async () => {
        await Promise.resolve();
        return await overlapping();
      });
    expect(await Promise.all([seen(serial), seen(parallel), overlapping()])).toEqual([1, 2, 2]);
  });

  it('O4 go by argument, inner scope, outer scope and program, in this order', async () => {
    setExecutionOptions(serial);
    expect(await overlapping()).toBe(1);
    expect(await executionOptions(parallel, () => overlapping())).toBe(2);
    expect(await executionOptions(parallel, () => executionOptions(serial, () => overlapping()))).toBe(1);
    const inner = (): Promise<number> => executionOptions(serial, () => overlapping(parallel));
    expect(await executionOptions(serial, inner)).toBe(2);
  });
});
