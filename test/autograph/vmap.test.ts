/* oxlint-disable typescript/no-unsafe-type-assertion -- wrong inputs are given on purpose */
/** `vmap` and `batch`: each element once, results in order, effects as a loop would have them. */
import { describe, expect, it, vi } from 'vitest';
import {
  autograph,
  execute,
  failedElement,
  getJitMetrics,
  jit,
  map,
  operator,
  Operator,
  structuralJit,
  vmap,
  type Symbolic,
} from '../../runtime/index.ts';
import { Gated, quiet, watch } from '../helpers/gates.ts';
import { compileModule } from '../helpers/compile.ts';
import * as xcs from '../../runtime/index.ts';

class FreeGated extends Gated {
  static override readonly effect = 'unordered';
}

describe.each([0, 1, 2, 4, 8, 1000])('over %i elements', (size) => {
  const inputs = Array.from({ length: size }, (_, index) => index);

  it('each is called exactly once and the results are in order', async () => {
    const seen: number[] = [];
    const square = operator(
      async (n: number) => {
        seen.push(n);
        return n * n;
      },
      { effect: 'unordered' },
    );
    expect(await vmap(square).invoke(inputs)).toEqual(inputs.map((n) => n * n));
    expect(seen).toEqual(inputs);
    expect(await square.batch(inputs)).toEqual(inputs.map((n) => n * n));
    expect(seen).toHaveLength(2 * size);
  });

  it('a stateful operator sees them in order, each after the one before', async () => {
    class Counter extends Operator<number, string> {
      count = 0;
      override async forward(n: number): Promise<string> {
        const before = this.count;
        await quiet();
        this.count = before + 1;
        return `${n}:${this.count}`;
      }
    }
    if (size > 8) return;
    expect(await vmap(new Counter()).invoke(inputs)).toEqual(inputs.map((n) => `${n}:${n + 1}`));
  });

  it('vmap of the identity is the identity, and of a composition the composition', async () => {
    const identity = operator((value: unknown) => value, { effect: 'pure' });
    const twice = operator((n: number) => n * 2, { effect: 'pure' });
    const next = operator((n: number) => n + 1, { effect: 'pure' });
    const both = operator(async (n: number) => next.invoke(await twice.invoke(n)), { effect: 'pure' });
    expect(await vmap(identity).invoke(inputs)).toEqual(inputs);
    expect(await vmap(both).invoke(inputs)).toEqual(
      await vmap(next).invoke(await vmap(twice).invoke(inputs)),
    );
  });
});

describe('vmap', () => {
  it('passes null and special values through', async () => {
    const special = [null, undefined, Number.NaN, -0, '', [], {}, Symbol.iterator];
    const identity = operator((value: unknown) => value, { effect: 'pure' });
    const results = await vmap(identity).invoke(special);
    expect(results.map((result, index) => Object.is(result, special[index]))).toEqual(
      special.map(() => true),
    );
  });

  it('lets the elements of an operator that is free overlap', async () => {
    const gated = new FreeGated();
    const run = watch(vmap(gated).invoke(['a', 'b', 'c']));
    await quiet();
    expect(gated.calls).toHaveLength(3);
    for (const index of [2, 0, 1]) gated.at(index).resolve(index);
    await quiet();
    expect(run.value).toEqual([0, 1, 2]);
  });

  it.each([{ maxConcurrency: 1 }, { scheduler: 'sequential' }] as const)(
    'calls one after another under %o',
    async (options) => {
      const gated = new FreeGated();
      const run = watch(vmap(gated).invoke(['a', 'b'], options));
      await quiet();
      expect(gated.calls).toHaveLength(1);
      gated.at(0).resolve(0);
      await quiet();
      gated.at(1).resolve(1);
      await quiet();
      expect(run.value).toEqual([0, 1]);
    },
  );

  it.each(['alone', 'in a graph'])('holds a limit, %s', async (where) => {
    const gated = new FreeGated();
    const many = vmap(gated);
    const graph = autograph((list: Symbolic<unknown[]>) => map(list, (one) => gated.invoke(one)));
    const options = { maxConcurrency: 2 };
    const run = watch(
      where === 'alone' ? many.invoke([0, 1, 2], options) : execute(graph, [0, 1, 2], options),
    );
    await quiet();
    expect(gated.calls).toHaveLength(2);
    gated.at(1).resolve('b');
    await quiet();
    expect(gated.calls).toHaveLength(3);
    gated.at(0).resolve('a');
    gated.at(2).resolve('c');
    await quiet();
    expect(run.value).toEqual(['a', 'b', 'c']);
  });

  it('throws the first failure in order, untouched and with its index, and aborts the rest', async () => {
    const gated = new FreeGated();
    const run = watch(vmap(gated).invoke([0, 1, 2, 3]));
    await quiet();
    const [first, second] = [new Error('first'), new Error('second')];
    gated.at(2).reject(second);
    await quiet();
    expect(run.state).toBe('pending');
    gated.at(0).resolve();
    gated.at(1).reject(first);
    await quiet();
    expect(run.value).toBe(first);
    expect([failedElement(first), failedElement(second), failedElement('text')]).toEqual([
      1,
      undefined,
      undefined,
    ]);
    expect(gated.at(3).context.signal.aborted).toBe(true);
  });

  it('takes lists and constants by axis', async () => {
    const add = operator(async ({ a, b }: { a: number; b: number }) => a + b, { effect: 'pure' });
    expect(await vmap(add, { inAxes: { a: 0, b: null } }).invoke({ a: [1, 2], b: 10 })).toEqual([11, 12]);
    expect(await vmap(add, { inAxes: { a: 0, b: 0 } }).invoke({ a: [1, 2], b: [3, 4] })).toEqual([4, 6]);
  });

  it('refuses lists of unequal lengths, what is no list, and wrong options', async () => {
    const add = operator(async ({ a, b }: { a: number; b: number }) => a + b, { effect: 'pure' });
    const both = vmap(add, { inAxes: { a: 0, b: 0 } });
    await expect(both.invoke({ a: [1], b: [1, 2] })).rejects.toThrow(/XCS1302.*`a`: 1, `b`: 2/u);
    await expect(both.invoke({ a: [1], b: 1 as never })).rejects.toMatchObject({ code: 'XCS1301' });
    await expect(vmap(add).invoke(1 as never)).rejects.toMatchObject({ code: 'XCS1301' });
    expect(() => vmap(add, { inAxes: 1 as never })).toThrow(expect.objectContaining({ code: 'XCS1001' }));
    expect(() => vmap(add, { axes: 0 } as never)).toThrow(expect.objectContaining({ code: 'XCS1002' }));
  });

  it('of a vmap goes through lists of lists', async () => {
    const twice = operator(async (n: number) => n * 2, { effect: 'pure' });
    const deep = vmap(vmap(twice as never)) as unknown as Operator<number[][], number[][]>;
    expect(await deep.invoke([[1, 2], [], [3]])).toEqual([[2, 4], [], [6]]);
  });

  it('is recorded as one node by autograph', async () => {
    const twice = operator(async (n: number) => n * 2, { name: 'twice', effect: 'pure' });
    const graph = autograph((list: Symbolic<number[]>) => vmap(twice).invoke(list));
    expect(graph.nodes()).toEqual(['vmap(twice)']);
    expect(await execute(graph, [1, 2])).toEqual([2, 4]);
  });

  it('works over operators that learn and inside code that learns, from the calls that each element makes', async () => {
    const twice = operator(async (n: number) => n * 2, { effect: 'unordered' });
    const both = jit(async (n: number) => [await twice.invoke(n), await twice.invoke(n + 1)]);
    const all = jit(async (list: number[]) => await vmap(both).invoke(list));
    for (const n of [1, 2, 3])
      // oxlint-disable-next-line no-await-in-loop -- what one call has taught counts in the next
      expect(await all.invoke([n, n + 1])).toEqual([
        [2 * n, 2 * n + 2],
        [2 * n + 2, 2 * n + 4],
      ]);
    expect(getJitMetrics(both)).toMatchObject({ runs: 6, calls: 12 });
    expect(await both.batch([5])).toEqual([[10, 12]]);
  });

  it('works over compiled operators and inside compiled bodies, where its elements overlap what else may', async () => {
    const { Answer, log } = compileModule(`
      import { Operator, structuralJit, vmap } from 'xcs';
      export const log: string[] = [];
      export class Ask extends Operator<string, string> {
        static override readonly effect = 'unordered';
        async forward(q: string) {
          log.push('> ' + q);
          await Promise.resolve();
          log.push('< ' + q);
          return q.toUpperCase();
        }
      }
      @structuralJit
      export class Pair extends Operator<string, string> {
        readonly ask = new Ask();
        async forward(q: string) {
          const left = await this.ask.invoke(q + '1');
          const right = await this.ask.invoke(q + '2');
          return left + right;
        }
      }
      @structuralJit
      export class Answer extends Operator<string[], string[]> {
        readonly many = vmap(new Pair());
        readonly ask = new Ask();
        async forward(all: string[]) {
          const pairs = await this.many.invoke(all);
          const other = await this.ask.invoke('z');
          return [...pairs, other];
        }
      }`).load({ modules: { xcs } }) as {
      readonly Answer: new () => Operator<string[], string[]>;
      readonly log: string[];
    };
    expect(await new Answer().invoke(['a', 'b'])).toEqual(['A1A2', 'B1B2', 'Z']);
    expect(log.slice(0, 5).toSorted()).toEqual(['> a1', '> a2', '> b1', '> b2', '> z']);
  });
});

describe('batch', () => {
  class Embed extends Operator<string, number> {
    static override readonly effect = 'unordered';
    readonly batches: (readonly string[])[] = [];
    singles = 0;
    override async forward(text: string): Promise<number> {
      this.singles++;
      return text.length;
    }
    async forwardBatch(texts: readonly string[]): Promise<number[]> {
      this.batches.push(texts);
      return texts.map(({ length }) => length);
    }
  }

  it('uses the forwardBatch of the operator, once, and not for nothing', async () => {
    const embed = new Embed();
    expect(await embed.batch(['a', 'bc'])).toEqual([1, 2]);
    expect(await vmap(embed).invoke(['abc'])).toEqual([3]);
    expect(await embed.batch([])).toEqual([]);
    expect([embed.batches, embed.singles]).toEqual([[['a', 'bc'], ['abc']], 0]);
  });

  it('does not use one that belongs to another forward', async () => {
    class Loud extends Embed {
      override async forward(text: string): Promise<number> {
        return text.length * 10;
      }
    }
    expect(await new Loud().batch(['a', 'bc'])).toEqual([10, 20]);
  });

  it('refuses what is not one result for each input', async () => {
    class Short extends Embed {
      override async forwardBatch(): Promise<number[]> {
        return [1];
      }
    }
    await expect(new Short().batch(['a', 'b'])).rejects.toMatchObject({ code: 'XCS1303' });
  });

  it('is stopped by the signal of its caller', async () => {
    const gated = new FreeGated();
    const controller = new AbortController();
    const run = watch(gated.batch([1, 2], { signal: controller.signal }));
    await quiet();
    controller.abort('enough');
    await quiet();
    expect(run.value).toBe('enough');
    expect(gated.calls.map(({ context }) => context.signal.aborted)).toEqual([true, true]);
  });
});

it('structuralJit functions have batch too', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const twice = structuralJit(async (n: number) => n * 2);
  expect(await twice.batch([1, 2])).toEqual([2, 4]);
  warn.mockRestore();
});
