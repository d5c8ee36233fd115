/** `verifyEffects`: what operators do is compared with what they declare, on the code as written. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  executionOptions,
  Operator,
  operator,
  resetExecutionOptions,
  type Effect,
  type EffectViolation,
} from '../runtime/index.ts';
import { Gate, settle } from './helpers/hand-compiled.ts';

afterEach(resetExecutionOptions);

/** The violations that `fn` gives rise to, as `Operator place`. */
async function violations(
  fn: () => Promise<unknown>,
  state: Readonly<Record<string, object>> = {},
): Promise<readonly string[]> {
  const found: EffectViolation[] = [];
  await executionOptions({ verifyEffects: { state, report: (one) => void found.push(one) } }, fn);
  return found.map(({ operator: name, place }) => `${name} ${place}`);
}

describe('reports', () => {
  it('an input that is changed by an operator that does not say that it mutates', async () => {
    const fill = (effect: Effect): (() => Promise<unknown>) => {
      const filling = operator(async ({ list }: { list: number[] }) => list.fill(0), {
        effect,
        name: 'fill',
      });
      return () => filling.invoke({ list: [2, 1] });
    };
    const both = ['fill input.list[0]', 'fill input.list[1]'];
    expect(await violations(fill('unordered'))).toEqual(both);
    expect(await violations(fill('sequential'))).toEqual(both);
    expect(await violations(fill({ reads: 'index', mutates: true }))).toEqual([]);
  });

  it('a field that is written under an effect that writes nothing', async () => {
    class Counter extends Operator<string, number> {
      static override readonly effect: Effect = 'unordered';
      readonly seen = new Map<string, number>();
      count = 0;
      async forward(q: string): Promise<number> {
        this.seen.set(q, this.count);
        return this.count++;
      }
    }
    class Writer extends Counter {
      static override readonly effect = { writes: 'counter' };
    }
    expect(await violations(() => new Counter().invoke('a'))).toEqual([
      'Counter this.count',
      'Counter this.seen.a',
    ]);
    expect(await violations(() => new Writer().invoke('a'))).toEqual([]);
  });

  it('state that was named, and what a failing call leaves behind', async () => {
    const cache = { hits: 0 };
    const fail = operator(
      async () => {
        cache.hits++;
        throw new Error('no');
      },
      { effect: { reads: 'cache' }, name: 'fail' },
    );
    expect(await violations(() => fail.invoke().catch(() => 'caught'), { cache })).toEqual([
      'fail state.cache.hits',
    ]);
  });

  it('a pure operator that gives another result the second time, or in another order', async () => {
    let last = '';
    let calls = 0;
    const count = operator(async () => ++calls, { effect: 'pure', name: 'count' });
    const first = operator(async (q: string) => (last ||= q), { effect: 'pure', name: 'first' });
    expect(await violations(() => count.invoke())).toEqual(['count result']);
    expect(
      await violations(async () => {
        await first.invoke('a');
        last = '';
        await first.invoke('b');
      }),
    ).toEqual(['first result']);
  });

  it('what a call changes within another one, of both, for both declare', async () => {
    const inner = operator(async (list: number[]) => list.push(1), { effect: 'unordered', name: 'inner' });
    const outer = operator(async (list: number[]) => inner.invoke(list), {
      effect: 'unordered',
      name: 'outer',
    });
    expect(await violations(() => outer.invoke([]))).toEqual([
      'inner input.length',
      'inner input[0]',
      'outer input.length',
      'outer input[0]',
    ]);
  });
});

describe('does not report', () => {
  it('what an operator declares nothing about, and what does nothing wrong', async () => {
    class Quiet extends Operator<string[], string> {
      count = 0;
      async forward(list: string[]): Promise<string> {
        this.count++;
        return list.fill('').join(' ');
      }
    }
    const upper = operator(async (q: string) => ({ text: q.toUpperCase() }), { effect: 'pure' });
    expect(await violations(() => new Quiet().invoke(['a', 'b']))).toEqual([]);
    expect(await violations(async () => [await upper.invoke('a'), await upper.invoke('b')])).toEqual([]);
  });

  it('a change for which one of several calls in flight is to blame', async () => {
    const gate = new Gate();
    const shared = { list: [1] };
    const wait = operator(async (q: object) => gate.opened.then(() => q), {
      effect: 'unordered',
      name: 'wait',
    });
    const push = operator(async ({ list }: { list: number[] }) => list.push(1), {
      effect: { writes: 'list', mutates: true },
    });
    const found = violations(() => Promise.all([wait.invoke(shared), push.invoke(shared)]));
    await settle();
    gate.open();
    expect(await found).toEqual([]);
  });
});

it('runs as written, gives what the code gives, and passes failures on', async () => {
  const error = new Error('no');
  const fail = operator(() => Promise.reject(error), { effect: 'unordered' });
  const give = operator((q: object) => q, { effect: 'unordered' });
  const input = {};
  await executionOptions({ verifyEffects: true }, async () => {
    expect(await give.invoke(input)).toBe(input);
    await expect(fail.invoke()).rejects.toBe(error);
  });
});

it('warns on the console when nobody listens', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const clear = operator(async (list: number[]) => list.splice(0), { effect: 'unordered', name: 'clear' });
  await clear.invoke([1], { verifyEffects: true });
  expect(String(warn.mock.calls[0])).toBe(
    'XCS9101: `clear` changed `input[0]`, which the effect that it declares does not allow; ' +
      'declare what it does, or do not do it',
  );
  warn.mockRestore();
});

it.each([1, { sate: {} }, { report: 'console' }])('refuses %j', (verifyEffects) => {
  // Wrong use, which the types do not offer.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  expect(() => executionOptions({ verifyEffects } as never, () => 1)).toThrow(
    expect.objectContaining({ code: 'XCS1001' }),
  );
});
