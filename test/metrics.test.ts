/* oxlint-disable no-await-in-loop -- one call after another is what is counted */
/** `getJitMetrics`: what is counted of operators that are compiled, and of those that learn. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { getJitMetrics, jit, Operator, resetJitMetrics, type JitMetrics } from '../runtime/index.ts';
import * as xcs from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';
import { quiet } from './helpers/gates.ts';

interface Pair extends Operator<string> {
  ask: Operator;
  enableJit(): void;
  disableJit(): void;
}

const source = (decorator: string): string => `
  import { ${decorator}, Operator } from 'xcs';
  @${decorator}
  export class Pair extends Operator<string> {
    ask: Operator;
    constructor(ask: Operator) { super(); this.ask = ask; }
    override async forward(q: string) {
      const left = await this.ask.invoke(q);
      const right = await this.ask.invoke('not ' + q);
      return [left, right];
    }
  }`;

class Free extends Operator {
  static override readonly effect = 'unordered';
  override async forward(input: unknown): Promise<unknown> {
    await Promise.resolve();
    return input;
  }
}

const makers = ['structuralJit', 'jit'].map((name) => {
  const module = compileModule(source(name));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just this
  const { Pair } = module.load({ modules: { xcs } }) as unknown as { Pair: new (ask: Operator) => Pair };
  return [name, (ask: Operator = new Free()) => new Pair(ask)] as const;
});

interface Invokes {
  invoke(input: string): Promise<unknown>;
}

async function invokeAll(operator: Invokes, inputs: readonly string[]): Promise<void> {
  for (const input of inputs) await operator.invoke(input);
}

/** Everything that nobody holds is gone afterwards. */
async function collect(): Promise<void> {
  setFlagsFromString('--expose-gc');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the flag makes it
  const gc = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 10; turn++) {
    await quiet();
    gc();
  }
}

beforeEach(() => resetJitMetrics());

describe.each(makers)('metrics of %s', (name, make) => {
  it('M1: go with their operator, and so does all that was found out about it', async () => {
    const refs: WeakRef<object>[] = [];
    await (async () => {
      const [operator, ask] = [make(), new Free()];
      operator.ask = ask;
      await invokeAll(operator, ['x', 'y', 'z']);
      refs.push(new WeakRef(operator), new WeakRef(ask));
    })();
    await collect();
    expect(refs.map((ref) => ref.deref())).toEqual([undefined, undefined]);
    expect(getJitMetrics().runs).toBe(3);
  });

  it('M2: count a hit while the operators are the same, a miss when one is replaced, and hits again', async () => {
    const operator = make();
    const seen: (readonly [hits: number, misses: number])[] = [];
    const call = async (): Promise<void> => {
      await operator.invoke('x');
      const { graphHits, graphMisses } = getJitMetrics(operator);
      seen.push([graphHits, graphMisses]);
    };
    await call();
    await call();
    operator.ask = new Free();
    await call();
    await call();
    expect(seen).toEqual([
      [0, 1],
      [1, 1],
      [1, 2],
      [2, 2],
    ]);
  });

  it('M3: add up, give the ratio of hits, which is 0 before the first run, and are zero after a reset', async () => {
    const operator = make();
    expect(getJitMetrics(operator)).toMatchObject({ runs: 0, hitRatio: 0, linkMs: 0, traceMs: 0 });
    const times: number[] = [0];
    for (const input of ['x', 'y', 'z']) {
      await operator.invoke(input);
      const { linkMs, traceMs } = getJitMetrics(operator);
      times.push(linkMs + traceMs);
    }
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times[1]).toBeGreaterThan(0);
    expect(getJitMetrics(operator).hitRatio).toBeCloseTo(2 / 3);
    resetJitMetrics(operator);
    expect(getJitMetrics(operator)).toMatchObject({
      runs: 0,
      graphHits: 0,
      graphMisses: 0,
      hitRatio: 0,
      linkMs: 0,
      traceMs: 0,
      guardFailures: 0,
      calls: 0,
      prefetches: 0,
      prefetchHits: 0,
      prefetchMisses: 0,
      wasted: 0,
      waste: 0,
      serialMs: 0,
      runMs: 0,
      speedUp: 1,
    });
    await operator.invoke('x');
    // What was learnt is kept.
    expect(getJitMetrics(operator).hitRatio).toBe(1);
  });

  it('M4: are a copy', async () => {
    const operator = make();
    const before: JitMetrics = getJitMetrics(operator);
    await operator.invoke('x');
    expect([before.runs, getJitMetrics(operator).runs]).toEqual([0, 1]);
    Object.assign(before, { runs: 7 });
    expect(getJitMetrics(operator).runs).toBe(1);
  });

  it('M5: print a summary with the ratio of hits', async () => {
    const operator = make();
    await invokeAll(operator, ['x', 'y', 'z']);
    expect(String(getJitMetrics(operator))).toContain('hit ratio 0.67');
  });

  it('M6: name the strategy in use', async () => {
    const operator = make();
    const on = name === 'jit' ? 'jit' : 'parallel';
    expect(getJitMetrics(operator).strategy).toBe(on);
    operator.disableJit();
    expect(getJitMetrics(operator).strategy).toBe('as written');
    operator.enableJit();
    expect(getJitMetrics(operator).strategy).toBe(on);
  });

  it('J19: are there in every state, and count no run that is switched off', async () => {
    const operator = make();
    await operator.invoke('x');
    operator.disableJit();
    await operator.invoke('x');
    operator.enableJit();
    await operator.invoke('x');
    expect(getJitMetrics(operator).runs).toBe(2);
  });

  it('are of one operator, and of all', async () => {
    const [one, other] = [make(), make()];
    await invokeAll(one, ['x', 'y']);
    await other.invoke('x');
    expect([getJitMetrics(one), getJitMetrics(other), getJitMetrics()].map(({ runs }) => runs)).toEqual([
      2, 1, 3,
    ]);
  });
});

describe('metrics', () => {
  it('SJ28: say that compiled code took time to link', async () => {
    const make = makers[0]?.[1];
    if (make === undefined) throw new Error('structuralJit stands first');
    const operator = make();
    await operator.invoke('x');
    expect(getJitMetrics(operator).linkMs).toBeGreaterThan(0);
  });

  it('count each call of a compiled function once, however it is called', async () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just these
    const { outer, inner, scoped } = compileModule(`
      import { executionOptions, Operator, structuralJit } from 'xcs';
      class Ask extends Operator<string, string> {
        static override readonly effect = 'unordered' as const;
        override async forward(q: string) { return q; }
      }
      const ask = new Ask();
      export const inner = structuralJit(async (q: string) => await ask.invoke(q));
      export const outer = structuralJit(async (q: string) => {
        const first = await inner(q);
        const all = await Promise.all([inner('1 ' + q), inner.invoke('2 ' + q)]);
        return [first, ...all, await inner.invoke(q)];
      });
      export const scoped = structuralJit(
        async (q: string) => await executionOptions({ maxConcurrency: 3 }, async () => await inner(q)),
      );`).load({ modules: { xcs } }) as unknown as Readonly<
      Record<'outer' | 'inner' | 'scoped', object & Invokes & ((input: string) => Promise<unknown>)>
    >;
    expect(await outer('x')).toEqual(['x', '1 x', '2 x', 'x']);
    expect([getJitMetrics(outer).runs, getJitMetrics(inner).runs, getJitMetrics().runs]).toEqual([1, 4, 5]);
    await outer.invoke('x');
    await inner('x');
    expect([getJitMetrics(outer).runs, getJitMetrics(inner).runs]).toEqual([2, 9]);
    expect(await scoped('x')).toBe('x');
    expect([getJitMetrics(scoped).runs, getJitMetrics(inner).runs]).toEqual([1, 10]);
  });

  it('count runs whose guards fail', async () => {
    const make = makers[0]?.[1];
    if (make === undefined) throw new Error('structuralJit stands first');
    const operator = make();
    await operator.invoke('x');
    // Not an operator.
    Object.assign(operator, { ask: { invoke: async () => 'mine' }, forward: async () => 'mine' });
    await operator.invoke('x');
    expect(getJitMetrics(operator)).toMatchObject({ guardFailures: 1, runs: 2, strategy: 'as written' });
  });

  it('count what was started early, what of it was used, and what was not', async () => {
    const ask = new Free();
    const fickle = { says: 'not' };
    const operator = jit(async (q: string) => [await ask.invoke(q), await ask.invoke(`${fickle.says} ${q}`)]);
    await invokeAll(operator, ['x', 'y', 'z']);
    expect(getJitMetrics(operator)).toMatchObject({ calls: 6, prefetches: 2, prefetchHits: 2, wasted: 0 });
    fickle.says = 'never';
    await operator.invoke('u');
    const { calls, prefetchHits, prefetchMisses, wasted, waste } = getJitMetrics(operator);
    expect([calls, prefetchHits, prefetchMisses, wasted]).toEqual([9, 3, 1, 1]);
    expect(waste).toBeCloseTo(1 / 9);
  });

  it.each([7, {}, 'x', new Map()])('are of operators only, not of %o', (value) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- wrong on purpose
    expect(() => getJitMetrics(value as never)).toThrow(/`getJitMetrics` takes an operator/u);
  });
});
