/** Functions given to `jit` or `structuralJit` that are called as the functions that they are. */
import { describe, expect, it, vi } from 'vitest';
import { executionOptions, jit, operator, structuralJit } from '../runtime/index.ts';
import { quiet } from './helpers/gates.ts';

const learning = [
  ['jit', <F extends (...args: never[]) => unknown>(fn: F) => jit(fn)],
  ['fallback', <F extends (...args: never[]) => unknown>(fn: F) => structuralJit(fn, { fallback: 'jit' })],
] as const;

describe.each(learning)('a function that learns by %s', (_, learn) => {
  it('gets what it is called with, and nothing else', async () => {
    const fn = learn(async (one: number, two = 5) => [one, two]);
    expect([await fn(1), await fn(1, 2)]).toEqual([
      [1, 5],
      [1, 2],
    ]);
    const rest = learn(async (...all: number[]) => all);
    expect([await rest(), await rest(1), await rest(1, 2)]).toEqual([[], [1], [1, 2]]);
  });

  it('keeps its receiver', async () => {
    const holder = {
      factor: 3,
      times: learn(async function times(this: { factor: number }, n: number) {
        return n * this.factor;
      }),
    };
    expect([await holder.times(2), await holder.times.call({ factor: 4 }, 2)]).toEqual([6, 8]);
  });

  it('answers and throws when it is not async just as the function does', () => {
    const half = learn((n: number) => {
      if (n < 0) throw new RangeError('below');
      return n / 2;
    });
    expect(half(4)).toBe(2);
    expect(() => half(-1)).toThrow(RangeError);
  });

  it('is stopped by the signal around it', async () => {
    const controller = new AbortController();
    const never = operator(async () => new Promise<never>(() => {}), { effect: 'unordered' });
    const fn = learn(async (n: number) => await never.invoke(undefined).then(() => n));
    const outcome = executionOptions({ signal: controller.signal }, () => fn(1));
    const failed = vi.fn<(reason: unknown) => void>();
    void outcome.catch(failed);
    controller.abort('enough');
    await quiet();
    expect(failed).toHaveBeenCalledWith('enough');
  });
});
