/* oxlint-disable no-await-in-loop -- one call after another is what is measured */
/** Times in `getJitMetrics`, to the millisecond, on a clock that only the test moves. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as xcs from '../runtime/index.ts';
import { execute, getJitMetrics, resetJitMetrics, XCSGraph, type Operator } from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';
import { quiet } from './helpers/gates.ts';
import { calls, Leaf } from './helpers/rounds.ts';

const clock = { now: 0, step: 0 };
/** Looking at the clock takes as long as the test says. */
const look = (): number => (clock.now += clock.step);

beforeEach(() => {
  resetJitMetrics();
  Object.assign(clock, { now: 0, step: 0 });
  vi.spyOn(performance, 'now').mockImplementation(look);
});
afterEach(() => void vi.restoreAllMocks());

function make(decorator: string): Operator {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just this
  const { Pair } = compileModule(`
    import { ${decorator}, Operator } from 'xcs';
    @${decorator}
    export class Pair extends Operator<string, unknown> {
      constructor(readonly one: Operator, readonly other: Operator) { super(); }
      override async forward(q: string) {
        const one = await this.one.invoke(q);
        const other = await this.other.invoke('not ' + q);
        return [one, other];
      }
    }`).load({ modules: { xcs } }) as unknown as {
    readonly Pair: new (one: Operator, other: Operator) => Operator;
  };
  return new Pair(new Leaf('one'), new Leaf('other'));
}

/** Each call takes this long, calls that are in flight together at the same time. */
async function run(call: () => Promise<unknown>, milliseconds: number): Promise<void> {
  calls.open = [];
  const outcome = call();
  for (await quiet(); calls.open.length > 0; await quiet()) {
    clock.now += milliseconds;
    for (const one of calls.open.splice(0)) one.resolve(one.text);
  }
  await outcome;
}

/** All figures but the strategy. */
function figures(operator?: object): Readonly<Record<string, unknown>> {
  const all = Object.entries(getJitMetrics(operator));
  return Object.fromEntries(all.filter(([name]) => name !== 'strategy' && name !== 'toString'));
}

const none = {
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
};

describe('jit', () => {
  it('says what calls took one by one, and what runs took: twice as long until they overlap', async () => {
    const pair = make('jit');
    await run(() => pair.invoke('x'), 10);
    await run(() => pair.invoke('y'), 10);
    const learnt = {
      ...none,
      runs: 2,
      graphHits: 1,
      graphMisses: 1,
      hitRatio: 1 / 2,
      calls: 4,
      serialMs: 40,
      runMs: 40,
      speedUp: 1,
    };
    expect(figures(pair)).toEqual(learnt);
    expect(figures()).toEqual(learnt);
    resetJitMetrics(pair);
    expect([figures(pair), figures()]).toEqual([none, learnt]);
    await run(() => pair.invoke('z'), 10);
    const fast = {
      ...none,
      runs: 1,
      graphHits: 1,
      hitRatio: 1,
      calls: 2,
      prefetches: 2,
      prefetchHits: 2,
      serialMs: 20,
      runMs: 10,
      speedUp: 2,
    };
    expect(figures(pair)).toEqual(fast);
    expect(figures()).toMatchObject({ runs: 3, calls: 6, serialMs: 60, runMs: 50, speedUp: 1.2 });
    expect(String(getJitMetrics(pair))).toBe(
      [
        'strategy: jit',
        'runs: 1; the graph was known for 1 (hit ratio 1.00)',
        'linking: 0.00 ms; learning: 0.00 ms; failed guards: 0',
        'calls started early: 2, of which used 2, not used 0 (0.0 % of all calls)',
        'calls foreseen in another way: 0',
        'speed-up: 2.00 (calls 20.00 ms, runs 10.00 ms)',
      ].join('\n'),
    );
  });

  it('says what learning took: as long as it takes to look at the clock, when nothing else moves it', async () => {
    const pair = make('jit');
    await run(() => pair.invoke('x'), 0);
    clock.step = 1;
    await run(() => pair.invoke('x'), 0);
    expect(getJitMetrics(pair).traceMs).toBe(1);
  });

  it('has counts of a step that misses: started, not used, foreseen in another way', async () => {
    const [one, other] = [new Leaf('one'), new Leaf('other')];
    const says = { word: 'not' };
    const pair = xcs.jit(async (q: string) => [await one.invoke(q), await other.invoke(`${says.word} ${q}`)]);
    for (const q of ['x', 'y', 'z']) await run(() => pair.invoke(q), 10);
    resetJitMetrics();
    resetJitMetrics(pair);
    says.word = 'never';
    await run(() => pair.invoke('u'), 10);
    const missed = {
      ...none,
      runs: 1,
      graphHits: 1,
      hitRatio: 1,
      calls: 3,
      prefetches: 2,
      prefetchHits: 1,
      prefetchMisses: 1,
      wasted: 1,
      waste: 1 / 3,
      serialMs: 20,
      runMs: 20,
      speedUp: 1,
    };
    expect([figures(pair), figures()]).toEqual([missed, missed]);
  });
});

describe('structuralJit', () => {
  it('says what linking took, once, and from the second run on what its runs took', async () => {
    const pair = make('structuralJit');
    clock.step = 1;
    await run(() => pair.invoke('x'), 0);
    const linked = { ...none, runs: 1, graphMisses: 1, linkMs: 1 };
    expect([figures(pair), figures()]).toEqual([linked, linked]);
    clock.step = 0;
    await run(() => pair.invoke('y'), 10);
    const measured = {
      ...none,
      linkMs: 1,
      runs: 2,
      graphHits: 1,
      graphMisses: 1,
      hitRatio: 1 / 2,
      serialMs: 20,
      runMs: 10,
      speedUp: 2,
    };
    expect(figures(pair)).toEqual(measured);
  });
});

it('a graph has its own: what it takes to compile it, which is once, and what its calls take', async () => {
  const graph = new XCSGraph()
    .addOperator('one', new Leaf('one'))
    .addOperator('other', new Leaf('other'))
    .connect('one', 'other');
  await run(() => execute(graph, 'x'), 10);
  await run(() => execute(graph, 'x'), 10);
  const counted = { graphHits: 1, graphMisses: 1, hitRatio: 1 / 2, serialMs: 20, runMs: 20 };
  const measured = { ...none, runs: 2, ...counted };
  expect([figures(graph), figures()]).toEqual([measured, measured]);
});
