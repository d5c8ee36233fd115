/* oxlint-disable no-await-in-loop -- what one call has taught counts in the next */
/** `jit`: what is started early and when, what is never, and that nobody can tell by the results. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  executionOptions,
  explain,
  jit,
  Operator,
  resetExecutionOptions,
  TracerContext,
  withoutJit,
  type Effect,
} from '../runtime/index.ts';
import { quiet, watch } from './helpers/gates.ts';
import { calls, echo, Leaf, Reader, run, Writer } from './helpers/rounds.ts';

interface Input {
  readonly q: string;
  readonly doc?: { readonly text: string };
}

function chain(options: object = {}) {
  class Chain extends Operator<Input> {
    readonly a = new Leaf('a');
    readonly b = new Leaf('b');
    readonly c = new Leaf('c');
    async forward({ q }: Input): Promise<unknown> {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what the test answers
      const a = (await this.a.invoke({ q })) as { text: string };
      const b = await this.b.invoke({ q, kind: 'other' });
      return [a, b, await this.c.invoke(`${q}: ${a.text}`)];
    }
  }
  jit(options)(Chain);
  return new Chain();
}

afterEach(() => resetExecutionOptions());

describe('a call that is started early', () => {
  it('overlaps with others from the third call on, for inputs that are new', async () => {
    const operator = chain();
    const rounds = [];
    for (const q of ['x', 'y', 'z']) {
      const { rounds: seen, result } = await run(() => operator.invoke({ q }));
      rounds.push(seen.map((round) => round.length));
      expect(result).toEqual([
        { text: `<a {"q":"${q}"}>` },
        { text: `<b {"q":"${q}","kind":"other"}>` },
        { text: `<c ${JSON.stringify(`${q}: <a {"q":"${q}"}>`)}>` },
      ]);
    }
    expect(rounds).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [2, 1],
    ]);
  });

  it('overlaps in the second call, for the same input', async () => {
    const operator = chain();
    await run(() => operator.invoke({ q: 'x' }));
    const { rounds } = await run(() => operator.invoke({ q: 'x' }));
    expect(rounds.length).toBeLessThan(3);
    expect(rounds.flat()).toHaveLength(3);
  });

  it('is not used when the input is another one, and is aborted', async () => {
    let flip = false;
    const [a, b] = [new Leaf('a'), new Leaf('b')];
    const operator = jit(async (q: string) => [await a.invoke(q), await b.invoke(flip ? `not ${q}` : q)]);
    for (const q of ['x', 'y']) await run(() => operator.invoke(q));
    flip = true;
    calls.open = [];
    const call = operator.invoke('z');
    await quiet();
    expect(calls.open.map(({ text }) => text)).toEqual(['a "z"', 'b "z"']);
    const [first, early] = calls.open;
    first?.resolve('A');
    await quiet();
    expect(early?.signal.aborted).toBe(false);
    calls.open[2]?.resolve('B');
    expect(calls.open[2]?.text).toBe('b "not z"');
    await expect(call).resolves.toEqual(['A', 'B']);
    expect(early?.signal.aborted).toBe(true);
    expect(early?.signal.reason).toMatchObject({ code: 'XCS9004' });
  });

  it('runs where the run began, for every `AsyncLocalStorage`, whatever set it off', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    class Seeing extends Leaf {
      static override readonly effect: Effect = 'unordered';
      override forward(input: unknown, context: { readonly signal: AbortSignal }): Promise<unknown> {
        seen.push([this.label, storage.getStore()]);
        return super.forward(input, context);
      }
    }
    class Ordered extends Seeing {
      static override readonly effect = 'sequential';
    }
    const [a, b, c] = [new Ordered('a'), new Seeing('b'), new Seeing('c')];
    const operator = jit(async (q: string) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what the test answers
      const { text } = (await storage.run('inner', () => a.invoke(q))) as { text: string };
      await c.invoke('a constant');
      return await b.invoke(text);
    });
    for (const q of ['x', 'y']) await storage.run('outer', () => run(() => operator.invoke(q)));
    seen.length = 0;
    const { rounds } = await storage.run('outer', () => run(() => operator.invoke('z')));
    expect(rounds).toEqual([['c "a constant"', 'a "z"'], ['b "<a \\"z\\">"']]);
    // The end of `a` sets off `b`.
    expect(seen).toEqual([
      ['c', 'outer'],
      ['a', 'inner'],
      ['b', 'outer'],
    ]);
  });

  it('learns from its own calls under `recursive`, whatever set it off', async () => {
    class Inner extends Operator<string> {
      static override readonly effect = 'unordered';
      readonly one: Leaf;
      readonly other: Leaf;
      constructor(label: string) {
        super();
        [this.one, this.other] = [new Leaf(`${label}1`), new Leaf(`${label}2`)];
      }
      async forward(q: string): Promise<unknown> {
        return [await this.one.invoke(q), await this.other.invoke(q)];
      }
    }
    const [left, right] = [new Inner('l'), new Inner('r')];
    const outer = jit(async (q: string) => [await left.invoke(q), await right.invoke(q)], {
      recursive: true,
    });
    for (const q of ['x', 'y']) await run(() => outer.invoke(q));
    const { rounds } = await run(() => outer.invoke('z'));
    expect(rounds).toEqual([['l1 "z"', 'l2 "z"', 'r1 "z"', 'r2 "z"']]);
  });

  it('is not used for one that the code makes under a tracer of its own, which records it', async () => {
    const [a, b] = [new Leaf('a'), new Leaf('b')];
    const tracer = new TracerContext();
    const operator = jit(async (q: string) => [await a.invoke(q), await tracer.run(() => b.invoke(q))]);
    for (const q of ['x', 'y', 'z']) await run(() => operator.invoke(q));
    expect(tracer.records.map(({ inputs }) => inputs)).toEqual(['x', 'y', 'z']);
  });

  it('fails as the call of the code would, once it is reached', async () => {
    const operator = chain();
    for (const q of ['x', 'y']) await run(() => operator.invoke({ q }));
    calls.open = [];
    const call = operator.invoke({ q: 'z' });
    await quiet();
    const error = new Error('b fails');
    calls.open[1]?.reject(error);
    await quiet();
    calls.open[0]?.resolve({ text: 'a' });
    await expect(call).rejects.toBe(error);
  });

  describe('and that fails', () => {
    const [a, b] = [new Leaf('a'), new Leaf('b')];
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 16));
    const holding = async () => {
      const told: unknown[] = [];
      const local = async (q: string): Promise<unknown> => b.invoke(q);
      const operator = jit(async (q: string) => {
        await a.invoke(q);
        const promise = local(q);
        promise.catch((error: unknown) => told.push(error, performance.now()));
        await pause();
        return await promise;
      });
      for (const q of ['x', 'y']) {
        const call = operator.invoke(q);
        for (const answer of ['A', 'B']) {
          await vi.advanceTimersByTimeAsync(1);
          calls.open.pop()?.resolve(answer);
        }
        await vi.advanceTimersByTimeAsync(16);
        await call;
      }
      await vi.advanceTimersByTimeAsync(1000 - performance.now());
      return { operator, told };
    };
    beforeEach(() => {
      calls.open = [];
      vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    });
    afterEach(() => vi.useRealTimers());

    it.each([
      ['while the code waits for it', 20],
      ['before the code has reached it', 5],
    ])(
      '%s, fails no sooner than a call that the code begins itself: a promise may be held',
      async (_, ms) => {
        const { operator, told } = await holding();
        const call = operator.invoke('z');
        const outcome = watch(call);
        await vi.advanceTimersByTimeAsync(Math.min(ms, 10));
        if (ms < 10) calls.open[1]?.reject('b fails');
        await vi.advanceTimersByTimeAsync(10 - Math.min(ms, 10));
        calls.open[0]?.resolve('A');
        await vi.advanceTimersByTimeAsync(Math.max(ms - 10, 0));
        calls.open[1]?.reject('b fails');
        await vi.advanceTimersByTimeAsync(100);
        expect(calls.open.map(({ text }) => text)).toEqual(['a "z"', 'b "z"']);
        // It took `ms`, and was reached after ten.
        expect(told).toEqual(['b fails', 1000 + 10 + ms]);
        expect(outcome).toEqual({ state: 'rejected', value: 'b fails' });
      },
    );

    it('fails at once when the run is aborted, and leaves no timer', async () => {
      const { operator, told } = await holding();
      const controller = new AbortController();
      const outcome = watch(operator.invoke('z', { signal: controller.signal }));
      await vi.advanceTimersByTimeAsync(10);
      calls.open[0]?.resolve('A');
      await vi.advanceTimersByTimeAsync(2);
      calls.open[1]?.reject('b fails');
      await vi.advanceTimersByTimeAsync(2);
      expect(told).toEqual([]);
      controller.abort('enough');
      await vi.advanceTimersByTimeAsync(0);
      expect([outcome, told]).toEqual([{ state: 'rejected', value: 'enough' }, ['enough', 1014]]);
      // That of the code’s own pause.
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(20);
    });
  });

  it('hears of the abort of its run, whether the code waits for it or has not reached it yet', async () => {
    const operator = chain();
    for (const q of ['x', 'y']) await run(() => operator.invoke({ q }));
    calls.open = [];
    const controller = new AbortController();
    const outcome = watch(operator.invoke({ q: 'z' }, { signal: controller.signal }));
    await quiet();
    controller.abort('enough');
    await quiet();
    expect(outcome).toEqual({ state: 'rejected', value: 'enough' });
    expect(calls.open.map(({ text, signal }) => [text[0], signal.aborted])).toEqual([
      ['a', true],
      ['b', true],
    ]);
  });

  it('that fails and is never reached is nobody else’s to see', async () => {
    const operator = chain();
    for (const q of ['x', 'y']) await run(() => operator.invoke({ q }));
    calls.open = [];
    const call = operator.invoke({ q: 'z' });
    await quiet();
    calls.open[1]?.reject(new Error('b fails'));
    const error = new Error('a fails');
    calls.open[0]?.reject(error);
    await expect(call).rejects.toBe(error);
  });
});

describe('what is never started early', () => {
  it('is a writer, and what reads what it may write', async () => {
    const [a, write, read] = [new Leaf('a'), new Writer('w'), new Reader('r')];
    const operator = jit(async (q: string) => {
      await a.invoke(q);
      await write.invoke(q);
      return await read.invoke(q);
    });
    for (const q of ['x', 'y', 'z']) await run(() => operator.invoke(q));
    const { rounds } = await run(() => operator.invoke('u'));
    expect(rounds).toEqual([['a "u"'], ['w "u"'], ['r "u"']]);
  });

  it('is what nothing was declared about', async () => {
    class Unknown extends Operator {
      forward(input: unknown): Promise<unknown> {
        return new Promise((resolve) => {
          calls.open.push({
            text: `u ${String(input)}`,
            input,
            signal: AbortSignal.abort(),
            resolve,
            reject: resolve,
          });
        });
      }
    }
    const [a, u] = [new Leaf('a'), new Unknown()];
    const operator = jit(async (q: string) => [await a.invoke(q), await u.invoke(q)]);
    for (const q of ['x', 'y', 'z']) await run(() => operator.invoke(q));
    expect((await run(() => operator.invoke('v'))).rounds).toEqual([['a "v"'], ['u v']]);
  });

  it('is a call that was given an object which the code has changed before it ended', async () => {
    class Late extends Operator<Input> {
      readonly a = new Leaf('a');
      readonly b = new Leaf('b');
      async forward({ q }: Input): Promise<unknown> {
        const doc = { text: q };
        await this.a.invoke(q);
        const promise = this.b.invoke(doc);
        doc.text += '!';
        return await promise;
      }
    }
    jit()(Late);
    const operator = new Late();
    for (const q of ['x', 'y', 'z', 'x', 'y', 'z']) {
      // An operator may read what it was given when it is about to end.
      const { rounds, result } = await run(
        () => operator.invoke({ q }),
        (_, input) => JSON.stringify(input),
      );
      expect(rounds).toEqual([[`a "${q}"`], [`b {"text":"${q}"}`]]);
      expect(result).toBe(`{"text":"${q}!"}`);
    }
  });

  it('is not an operator whose private members only its own calls could change', async () => {
    class Client extends Leaf {
      static override readonly effect = 'unordered';
      readonly #model: string;
      constructor(model: string) {
        super('client');
        this.#model = model;
      }
      override forward(input: unknown, context: { readonly signal: AbortSignal }): Promise<unknown> {
        return super.forward(`${this.#model} ${String(input)}`, context);
      }
    }
    const [a, b] = [new Leaf('a'), new Client('small')];
    const operator = jit(async (q: string) => [await a.invoke(q), await b.invoke(q)]);
    for (const q of ['x', 'y', 'z']) await run(() => operator.invoke(q));
    expect((await run(() => operator.invoke('u'))).rounds).toEqual([['a "u"', 'client "small u"']]);
  });

  it('is an operator whose private members a function in a field may change', async () => {
    class Tuned extends Leaf {
      static override readonly effect = 'unordered';
      #mode = 'plain';
      readonly tune = (mode: string): void => {
        this.#mode = mode;
      };
      override forward(input: unknown, context: { readonly signal: AbortSignal }): Promise<unknown> {
        return super.forward(`${this.#mode} ${String(input)}`, context);
      }
    }
    const [a, b] = [new Leaf('a'), new Tuned('b')];
    const operator = jit(async (q: string) => {
      await a.invoke(q);
      b.tune(q);
      return await b.invoke('ask');
    });
    for (const q of ['x', 'x', 'x']) await run(() => operator.invoke(q));
    expect((await run(() => operator.invoke('u'))).rounds).toEqual([['a "u"'], ['b "u ask"']]);
  });

  it('is an operator with private members, which may be changed unseen', async () => {
    class Secret extends Leaf {
      static override readonly effect = 'unordered';
      #mode = 'plain';
      set mode(mode: string) {
        this.#mode = mode;
      }
      override forward(input: unknown, context: { readonly signal: AbortSignal }): Promise<unknown> {
        return super.forward(`${this.#mode} ${String(input)}`, context);
      }
    }
    const [a, b] = [new Leaf('a'), new Secret('s')];
    const operator = jit(async (q: string) => {
      await a.invoke(q);
      b.mode = 'bold';
      await b.invoke(q);
      b.mode = 'plain';
    });
    for (const q of ['x', 'y', 'z']) await run(() => operator.invoke(q));
    expect((await run(() => operator.invoke('u'))).rounds).toEqual([['a "u"'], ['s "bold u"']]);
  });

  it.each([
    ['the serial scheduler', { scheduler: 'sequential' }],
    ['a limit of one', { maxConcurrency: 1 }],
    ['`startEarly: "certain"`', { startEarly: 'certain' }],
  ] as const)('J17: is anything, under %s, whatever was learnt', async (_, options) => {
    const operator = chain();
    for (const q of ['x', 'y', 'z']) await run(() => operator.invoke({ q }));
    const { rounds } = await run(() => executionOptions(options, () => operator.invoke({ q: 'u' })));
    expect(rounds.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect((await run(() => operator.invoke({ q: 'v' }))).rounds.map(({ length }) => length)).toEqual([2, 1]);
  });

  it('is anything in `withoutJit`, and for an operator that is switched off', async () => {
    const operator = chain();
    for (const q of ['x', 'y', 'z']) await run(() => operator.invoke({ q }));
    const widths = async (call: () => Promise<unknown>) =>
      (await run(call)).rounds.map(({ length }) => length);
    expect(await widths(() => withoutJit(() => operator.invoke({ q: 'u' })))).toEqual([1, 1, 1]);
    operator.disableJit();
    expect([operator.jitEnabled, await widths(() => operator.invoke({ q: 'v' }))]).toEqual([
      false,
      [1, 1, 1],
    ]);
    operator.enableJit();
    expect([operator.jitEnabled, await widths(() => operator.invoke({ q: 'w' }))]).toEqual([true, [2, 1]]);
  });
});

describe('a result that was got early', () => {
  it('is not used when the operator has been changed since', async () => {
    class Mode extends Leaf {
      static override readonly effect = 'unordered';
      mode = 'plain';
      override forward(input: unknown, context: { readonly signal: AbortSignal }): Promise<unknown> {
        return super.forward(`${this.mode} ${String(input)}`, context);
      }
    }
    const [a, b] = [new Leaf('a'), new Mode('b')];
    let mode = 'plain';
    const operator = jit(async (q: string) => {
      await a.invoke(q);
      b.mode = mode;
      return await b.invoke(q);
    });
    for (const q of ['x', 'y']) await run(() => operator.invoke(q));
    mode = 'bold';
    const { rounds, result } = await run(() => operator.invoke('z'));
    expect(rounds).toEqual([['a "z"', 'b "plain z"'], ['b "bold z"']]);
    expect(result).toEqual(echo('b "bold z"'));
  });

  it('is not used when what it was given has been changed since', async () => {
    const [a, b] = [new Leaf('a'), new Leaf('b')];
    let more = false;
    const operator = jit(async (input: { list: string[] }) => {
      await a.invoke(input.list.length);
      if (more) input.list.push('more');
      return await b.invoke(input.list);
    });
    for (const text of ['x', 'y']) await run(() => operator.invoke({ list: [text] }));
    more = true;
    const { rounds, result } = await run(() => operator.invoke({ list: ['z'] }));
    expect(rounds).toEqual([['a 1', 'b ["z"]'], ['b ["z","more"]']]);
    expect(result).toEqual(echo('b ["z","more"]'));
  });

  it('is not used when it holds the input that was built, which is not the one of the code', async () => {
    const [a, b] = [new Leaf('a'), new Leaf('b')];
    const operator = jit(async (q: string) => {
      await a.invoke(q);
      const mine = { q };
      return (await b.invoke(mine)) === mine;
    });
    const same = (text: string, input: unknown): unknown => (text.startsWith('b') ? input : text);
    for (const q of ['x', 'y', 'z', 'u']) {
      expect((await run(() => operator.invoke(q), same)).result).toBe(true);
    }
  });
});

describe('calls that were started in vain', () => {
  it('stay within `maxWaste`, even if the code changes its mind whenever it was understood', async () => {
    const [a, b] = [new Leaf('a'), new Leaf('b')];
    let turn = 0;
    const operator = jit(async (q: string) => [
      await a.invoke(q),
      await b.invoke(turn % 5 === 4 ? `not ${q}` : q),
    ]);
    for (; turn < 60; turn++) await run(() => operator.invoke(`q${turn}`));
    const [, started, wasted] = /of (\d+) calls.*, (\d+) were not used/u.exec(explain(operator)) ?? [];
    expect(Number(wasted)).toBeGreaterThan(0);
    expect(Number(wasted) / Number(started)).toBeLessThanOrEqual(0.1);
  });
});
