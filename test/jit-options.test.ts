/* oxlint-disable no-await-in-loop -- what one call has taught counts in the next */
/** What each option of `jit` does, `fallback: "jit"`, and how what was learnt is kept, lost and trusted again. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  executionOptions,
  explain,
  getJitMetrics,
  graphOf,
  jit,
  Operator,
  structuralJit,
  type JitOptions,
} from '../runtime/index.ts';
import * as xcs from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';
import { quiet } from './helpers/gates.ts';
import { calls, Leaf, run, widths } from './helpers/rounds.ts';

interface Doc {
  readonly doc: object;
}

class Both extends Operator<Doc> {
  readonly a = new Leaf('a');
  readonly b = new Leaf('b');
  async forward({ doc }: Doc): Promise<unknown> {
    return [await this.a.invoke(doc), await this.b.invoke({ doc })];
  }
}

const two = (options: JitOptions = {}) => {
  const [a, b] = [new Leaf('a'), new Leaf('b')];
  const says = { not: false };
  const both = async (q: unknown): Promise<unknown> => [
    await a.invoke(q),
    await b.invoke({ q, not: says.not }),
  ];
  return { says, learns: jit(both, options) };
};

/** Ends all calls that are open, and those that these set off. */
async function finish(): Promise<void> {
  await quiet();
  while (calls.open.length > 0) {
    for (const one of calls.open.splice(0)) one.resolve('x');
    await quiet();
  }
}

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
afterEach(() => warn.mockClear());

describe('`sampleInput`', () => {
  it('lets the first call overlap what its input explains', async () => {
    class Sampled extends Both {}
    const Made = jit({ sampleInput: { doc: { text: 'sample' } } })(Sampled) ?? Sampled;
    calls.open = [];
    const operator = new Made();
    await finish();
    expect(getJitMetrics(operator).calls).toBe(2);
    expect(await widths(() => operator.invoke({ doc: { text: 'x' } }))).toEqual([2]);
  });

  it('of an instance is used at once', async () => {
    calls.open = [];
    const operator = jit(new Both(), { sampleInput: { doc: { text: 'sample' } } });
    await finish();
    expect(await widths(() => operator.invoke({ doc: { text: 'x' } }))).toEqual([2]);
  });

  it('that the code fails on is nobody’s failure', async () => {
    const learns = jit(async (q: string) => q.length, { sampleInput: undefined });
    const fails = jit(async ({ q }: { q: string }) => q.length, { sampleInput: null });
    await quiet();
    expect([await learns('four'), await fails({ q: 'four' })]).toEqual([4, 4]);
  });
});

it('`forceTrace` records each call and starts nothing early', async () => {
  const { learns } = two({ forceTrace: true });
  for (const q of ['x', 'y', 'z', 'z']) expect(await widths(() => learns.invoke(q))).toEqual([1, 1]);
  expect(graphOf(learns).nodes()).toEqual(['Leaf', 'Leaf_2']);
});

describe('`recursive`', () => {
  class Outer extends Operator<Doc> {
    readonly inner = new Both();
    async forward(input: Doc): Promise<unknown> {
      return { inner: await this.inner.invoke(input) };
    }
  }

  it.each([
    [true, [2]],
    [false, [1, 1]],
  ])('%s: operators that are called learn too, or do not', async (recursive, expected) => {
    const operator = jit(new Outer(), { recursive });
    for (const text of ['x', 'y']) await run(() => operator.invoke({ doc: { text } }));
    expect(await widths(() => operator.invoke({ doc: { text: 'z' } }))).toEqual(expected);
    expect(getJitMetrics(operator.inner).runs).toBe(recursive ? 3 : 0);
  });
});

describe('what the code goes on beside', () => {
  const rival = new Leaf('rival');

  it.each([
    ['races with', async (one: Both, input: Doc) => await Promise.race([one.invoke(input), rival.invoke(0)])],
    ['leaves behind', async (one: Both, input: Doc) => void one.invoke(input)],
  ])(
    'takes its time: a call that the code %s starts nothing early, under `recursive` too',
    async (_, code) => {
      const inner = new Both();
      const operator = jit(async (input: Doc) => await code(inner, input), { recursive: true });
      const text = 'the same';
      for (let turn = 0; turn < 4; turn++) {
        calls.open = [];
        const call = operator.invoke({ doc: { text } });
        await quiet();
        expect(calls.open.map((one) => one.text)).not.toContain(`b {"doc":{"text":"${text}"}}`);
        await finish();
        await call;
      }
      expect(getJitMetrics(operator).prefetches).toBe(0);
    },
  );

  it('is not started early any more once it has lost a race with what is no call', async () => {
    const [first, raced] = [new Leaf('first'), new Leaf('raced')];
    const stop: { when: Promise<unknown> } = { when: new Promise(() => {}) };
    const learns = jit(async (q: string) => {
      await first.invoke(q);
      return await Promise.race([raced.invoke(q), stop.when]);
    });
    for (const q of ['x', 'y']) await run(() => learns.invoke(q));
    expect(await widths(() => learns.invoke('z'))).toEqual([2]);
    const never = stop.when;
    stop.when = Promise.resolve('stopped');
    calls.open = [];
    const call = learns.invoke('u');
    await quiet();
    calls.open[0]?.resolve('first');
    expect(await call).toBe('stopped');
    await finish();
    stop.when = never;
    expect(await widths(() => learns.invoke('v'))).toEqual([1, 1]);
  });

  it('is not taken for that when the run was aborted', async () => {
    const { learns } = two();
    for (const q of ['x', 'y']) await run(() => learns.invoke(q));
    const controller = new AbortController();
    const call = learns.invoke('z', { signal: controller.signal });
    await quiet();
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    await finish();
    expect(explain(learns)).not.toContain('another call in flight');
  });
});

describe('what was learnt', () => {
  const turns = ['x', ['x'], 'y', ['y'], 'z', ['z']];

  it.each([
    [1, [1, 1], [1, 1]],
    [2, [2], [2]],
  ])('of inputs of two structures is kept as far as `cacheSize` goes: %i', async (cacheSize, ...expected) => {
    const { learns } = two({ cacheSize });
    const seen = [];
    for (const turn of turns) seen.push(await widths(() => learns.invoke(turn)));
    expect(seen.slice(4)).toEqual(expected);
  });

  it('is lost for the way that was used least recently', async () => {
    const { learns } = two({ cacheSize: 2 });
    for (const turn of ['x', 'y', ['x'], ['y'], 7, 8]) await run(() => learns.invoke(turn));
    // Arrays are still known, strings are not.
    expect(await widths(() => learns.invoke(['z']))).toEqual([2]);
    expect(await widths(() => learns.invoke('z'))).toEqual([1, 1]);
  });

  it('keeps several ways through the code for inputs of one structure', async () => {
    const [a, b, c] = [new Leaf('a'), new Leaf('b'), new Leaf('c')];
    const learns = jit(async ({ q, deep }: { q: string; deep: boolean }) => {
      const first = await a.invoke(q);
      if (deep) return [first, await b.invoke(q), await c.invoke(q)];
      return [first, await c.invoke(`only ${q}`)];
    });
    for (const q of ['x', 'y', 'z']) {
      await run(() => learns.invoke({ q, deep: true }));
      await run(() => learns.invoke({ q, deep: false }));
    }
    expect(explain(learns).match(/^way for/gmu)).toHaveLength(2);
    // The same input goes the same way; a new one may go either, until it is seen to go one.
    const { rounds } = await run(() => learns.invoke({ q: 'z', deep: true }));
    expect(rounds[0]).toEqual(['a "z"', 'b "z"', 'c "z"']);
    expect((await run(() => learns.invoke({ q: 'u', deep: true }))).rounds).toEqual([
      ['a "u"'],
      ['b "u"', 'c "u"'],
    ]);
    expect(getJitMetrics(learns).wasted).toBe(0);
  });

  it('is lost when the operators that hang on it are replaced', async () => {
    const operator = jit(new Both());
    for (const text of ['x', 'y']) await run(() => operator.invoke({ doc: { text } }));
    Object.assign(operator, { b: new Leaf('c') });
    const { rounds } = await run(() => operator.invoke({ doc: { text: 'z' } }));
    expect(rounds).toEqual([['a {"text":"z"}'], ['c {"doc":{"text":"z"}}']]);
  });

  it('of many calls takes time in proportion, and so do the calls that it starts early', async () => {
    class Quick extends Operator<{ readonly q: string; readonly index: number }, string> {
      static override readonly effect = 'unordered';
      async forward({ q, index }: { readonly q: string; readonly index: number }): Promise<string> {
        return `${q}${index}`;
      }
    }
    const quick = new Quick();
    const SIZE = 5000;
    const learns = jit(async (q: string) => {
      const all: string[] = [];
      for (let index = 0; index < SIZE; index++) all.push(await quick.invoke({ q, index }));
      return all.at(-1);
    });
    for (const q of ['x', 'y', 'z']) expect(await learns(q)).toBe(`${q}${SIZE - 1}`);
    const { calls: started, prefetchHits, wasted } = getJitMetrics(learns);
    expect([started, prefetchHits, wasted]).toEqual([3 * SIZE, SIZE, 0]);
  });

  it('looks ahead as far as calls may be in flight, not to the end of a long loop', async () => {
    const leaf = new Leaf('a');
    const learns = jit(async (size: number) => {
      for (let index = 0; index < size; index++) await leaf.invoke(index);
    });
    for (let turn = 0; turn < 2; turn++) await run(() => learns.invoke(1000));
    expect(Math.max(...(await widths(() => learns.invoke(1000))))).toBe(32);
    const wide = widths(() => executionOptions({ maxConcurrency: Infinity }, () => learns.invoke(1000)));
    expect(await wide).toEqual([1000]);
  });

  it('is of each instance', async () => {
    class Decorated extends Both {}
    jit(Decorated);
    const [one, other] = [new Decorated(), new Decorated()];
    for (const text of ['x', 'y']) await run(() => one.invoke({ doc: { text } }));
    expect(await widths(() => one.invoke({ doc: { text: 'z' } }))).toEqual([2]);
    expect(await widths(() => other.invoke({ doc: { text: 'z' } }))).toEqual([1, 1]);
  });
});

describe('confidence', () => {
  it('is lost by one call that was foreseen wrongly, and is back after four that would have been right', async () => {
    const { says, learns } = two({ maxWaste: 1 });
    const seen: number[] = [];
    const call = async (q: string): Promise<void> => {
      const [first] = (await run(() => learns.invoke(q))).rounds;
      seen.push(first?.length ?? 0);
    };
    for (const q of ['x', 'y', 'z']) await call(q);
    says.not = true;
    await call('u');
    says.not = false;
    // Two calls for the deviation: what was learnt from it, and unlearnt again.
    for (let n = 0; n < 14; n++) await call(`v${n}`);
    expect(seen.slice(0, 5)).toEqual([1, 1, 2, 2, 1]);
    expect(seen.at(-1)).toBe(2);
  });

  it.each([
    [0, 1],
    [1, 2],
  ])('is not enough where `maxWaste` is used up: %d', async (maxWaste, expected) => {
    const { says, learns } = two({ maxWaste });
    for (const q of ['x', 'y', 'z']) await run(() => learns.invoke(q));
    says.not = true;
    await run(() => learns.invoke('u'));
    says.not = false;
    for (let n = 0; n < 14; n++) await run(() => learns.invoke(`v${n}`));
    const { rounds } = await run(() => learns.invoke('w'));
    expect(rounds[0]).toHaveLength(expected);
  });
});

describe('`fallback`', () => {
  it.each([
    ['"jit"', 'jit'],
    ['`jit`', jit],
  ] as const)('%s makes a class that is not compiled learn, without a notice', async (_, fallback) => {
    class Uncompiled extends Both {}
    structuralJit({ fallback })(Uncompiled);
    const operator = new Uncompiled();
    for (const text of ['x', 'y']) await run(() => operator.invoke({ doc: { text } }));
    expect(await widths(() => operator.invoke({ doc: { text: 'z' } }))).toEqual([2]);
    expect(warn).not.toHaveBeenCalled();
    expect([operator.jitEnabled, getJitMetrics(operator).strategy]).toEqual([true, 'jit']);
    expect(explain(operator)).toContain('strategy: jit');
    expect(graphOf(operator).nodes()).toEqual(['Leaf', 'Leaf_2']);
  });

  it('makes a function learn, however it is called', async () => {
    const [a, b] = [new Leaf('a'), new Leaf('b')];
    const both = structuralJit(async (q: string) => [await a.invoke(q), await b.invoke(q)], {
      fallback: 'jit',
    });
    for (const q of ['x', 'y']) await run(() => both(q));
    expect(await widths(() => both('z'))).toEqual([2]);
    expect(await widths(() => both.invoke('u'))).toEqual([2]);
    both.disableJit();
    expect(await widths(() => both('v'))).toEqual([1, 1]);
  });

  it('changes nothing where code was compiled: its first call overlaps', async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just this
    const { Compiled } = compileModule(`
      import { Operator, structuralJit } from 'xcs';
      @structuralJit({ fallback: 'jit' })
      export class Compiled extends Operator<string, unknown> {
        constructor(readonly a: Operator, readonly b: Operator) { super(); }
        override async forward(q: string) {
          const a = await this.a.invoke(q);
          const b = await this.b.invoke(q);
          return [a, b];
        }
      }`).load({ modules: { xcs } }) as unknown as { Compiled: new (a: Operator, b: Operator) => Operator };
    const operator = new Compiled(new Leaf('a'), new Leaf('b'));
    expect(await widths(() => operator.invoke('x'))).toEqual([2]);
    expect(getJitMetrics(operator)).toMatchObject({ strategy: 'parallel', calls: 0 });
  });

  it.each(['adaptive', 1, () => {}])('%o is an error that says what is allowed', (fallback) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- wrong on purpose
    expect(() => structuralJit({ fallback } as never)).toThrow(/`fallback`.*"as-written", "jit" or `jit`/u);
  });
});
