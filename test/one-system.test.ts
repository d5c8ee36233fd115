/* oxlint-disable no-await-in-loop -- what one call has taught counts in the next */
/** Each thing that acts on runs acts on all approaches and on what they nest: compiled, learnt and recorded code alike. */
import { getEventListeners } from 'node:events';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import * as xcs from '../runtime/index.ts';
import {
  autograph,
  execute,
  executeDetailed,
  executionOptions,
  explain,
  getJitMetrics,
  graphOf,
  resetJitMetrics,
  TopologicalScheduler,
  TopologicalSchedulerWithParallelDispatch,
  TracerContext,
  withoutJit,
  XCSGraph,
  type ExecutionOptions,
  type ExecutionReport,
  type Operator,
  type Symbolic,
} from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';
import { quiet, watch } from './helpers/gates.ts';
import { calls, Leaf, run } from './helpers/rounds.ts';

/** Two calls that may overlap, and two such pairs. */
const source = (inner: string, outer: string): string => `
  import { ${[...new Set([inner, outer])].join(', ')}, Operator } from 'xcs';
  @${inner}
  export class Pair extends Operator<string, unknown> {
    static override readonly effect = 'unordered';
    readonly ask: Operator;
    constructor(ask: Operator) { super(); this.ask = ask; }
    override async forward(q: string) {
      const left = await this.ask.invoke('left ' + q);
      const right = await this.ask.invoke('right ' + q);
      return [left, right];
    }
  }
  @${outer}
  export class Pairs extends Operator<string, unknown> {
    readonly one: Pair;
    readonly other: Pair;
    constructor(one: Operator, other: Operator) { super(); this.one = new Pair(one); this.other = new Pair(other); }
    override async forward(q: string) {
      const first = await this.one.invoke('1 ' + q);
      const second = await this.other.invoke('2 ' + q);
      return [first, second];
    }
  }`;

interface Classes {
  readonly Pair: new (ask: Operator) => Operator;
  readonly Pairs: new (one: Operator, other: Operator) => Operator;
}

function load(inner: string, outer: string): Classes {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just these
  return compileModule(source(inner, outer)).load({ modules: { xcs } }) as unknown as Classes;
}

interface Subject {
  /** What is asked for graphs, metrics and explanations. */
  readonly whole: object;
  readonly call: (q: string, options?: ExecutionOptions) => Promise<unknown>;
  /** How many of its calls start at once. */
  readonly width: number;
}

const compiled = load('structuralJit', 'structuralJit');
const learning = load('jit', 'jit');
const jitInside = load('jit', 'structuralJit');
const jitOutside = load('structuralJit', 'jit');

function pairOf({ Pair }: Classes): Subject {
  const whole = new Pair(new Leaf('a'));
  return { whole, call: (q, options) => whole.invoke(q, options), width: 2 };
}

function pairsOf({ Pairs }: Classes): Subject {
  const whole = new Pairs(new Leaf('a'), new Leaf('b'));
  return { whole, call: (q, options) => whole.invoke(q, options), width: 4 };
}

function recorded({ Pair }: Classes): Subject {
  const [one, other] = [new Pair(new Leaf('a')), new Pair(new Leaf('b'))];
  const whole = autograph((q: Symbolic<unknown>) => [
    one.invoke(xcs.template`1 ${q}`),
    other.invoke(xcs.template`2 ${q}`),
  ]);
  return { whole, call: (q, options) => execute(whole, q, options), width: 4 };
}

function recordedLeaves(): Subject {
  const ask = new Leaf('a');
  const whole = autograph((q: Symbolic<unknown>) => [
    ask.invoke(xcs.template`left ${q}`),
    ask.invoke(xcs.template`right ${q}`),
  ]);
  return { whole, call: (q, options) => execute(whole, q, options), width: 2 };
}

const subjects: Readonly<Record<string, () => Subject>> = {
  structuralJit: () => pairOf(compiled),
  jit: () => pairOf(learning),
  autograph: recordedLeaves,
  'structuralJit in structuralJit': () => pairsOf(compiled),
  'jit in jit': () => pairsOf(learning),
  'jit in structuralJit': () => pairsOf(jitInside),
  'structuralJit in jit': () => pairsOf(jitOutside),
  'autograph over structuralJit': () => recorded(compiled),
  'autograph over jit': () => recorded(learning),
};

/** Has learnt all that there is to learn. */
async function warm(make: () => Subject): Promise<Subject> {
  const subject = make();
  for (const q of ['x', 'y', 'z']) await run(() => subject.call(q));
  return subject;
}

const most = (rounds: readonly (readonly string[])[]): number =>
  Math.max(...rounds.map(({ length }) => length));

/** As many results as calls, in the order of the code. */
const results = (q: string, width: number): unknown =>
  width === 2
    ? [`left ${q}`, `right ${q}`].map((text) => ({ text: `<a ${JSON.stringify(text)}>` }))
    : ['1', '2'].map((pair) =>
        ['left', 'right'].map((side) => ({
          text: `<${pair === '1' ? 'a' : 'b'} ${JSON.stringify(`${side} ${pair} ${q}`)}>`,
        })),
      );

beforeEach(() => resetJitMetrics());

describe.each(Object.entries(subjects))('%s', (_, make) => {
  it('overlaps all of its calls, and gives what the code as written gives', async () => {
    const { call, width } = await warm(make);
    const { rounds, result } = await run(() => call('u'));
    expect([rounds.length, most(rounds)]).toEqual([1, width]);
    expect(result).toEqual(results('u', width));
    const written = await run(() => withoutJit(() => call('u')));
    expect(written.result).toEqual(result);
  });

  it.each([
    ['scheduler: "sequential"', { scheduler: 'sequential' }],
    ['a serial scheduler', { scheduler: new TopologicalScheduler() }],
    ['maxConcurrency: 1', { maxConcurrency: 1 }],
  ] as const)('makes one call after another in a scope of %s', async (__, options) => {
    const { call, width } = await warm(make);
    const { rounds, result } = await run(() => executionOptions(options, () => call('u')));
    expect(rounds.map(({ length }) => length)).toEqual(Array.from({ length: width }, () => 1));
    expect(result).toEqual(results('u', width));
    // And all at once again outside of it.
    expect(most((await run(() => call('v'))).rounds)).toBe(width);
  });

  it.each([{ scheduler: 'sequential' }, { maxConcurrency: 1 }] as const)(
    'makes one call after another when the call itself is told %o',
    async (options) => {
      const { call, width } = await warm(make);
      const { rounds } = await run(() => call('u', options));
      expect(rounds.map(({ length }) => length)).toEqual(Array.from({ length: width }, () => 1));
      expect(most((await run(() => call('v'))).rounds)).toBe(width);
    },
  );

  it.each([
    ['maxConcurrency: 1', { maxConcurrency: 1 }, 1],
    ['maxConcurrency: 3', { maxConcurrency: 3 }, 3],
    ['a parallel scheduler with a limit', { scheduler: parallelOf(3) }, 3],
  ])('never has more calls in flight than %s allows', async (__, options, limit) => {
    const { call, width } = await warm(make);
    const { rounds, result } = await run(() => executionOptions(options, () => call('u')));
    expect(most(rounds)).toBeLessThanOrEqual(limit);
    expect(result).toEqual(results('u', width));
  });

  it('is stopped by a signal at once, with its reason, and listens to it no more', async () => {
    const { call, width } = await warm(make);
    calls.open = [];
    const controller = new AbortController();
    const outcome = watch(executionOptions({ signal: controller.signal }, () => call('u')));
    await quiet();
    const started = calls.open.length;
    controller.abort('enough');
    await quiet();
    expect(outcome).toEqual({ state: 'rejected', value: 'enough' });
    expect(calls.open.map(({ signal }) => signal.aborted)).toEqual(Array.from({ length: width }, () => true));
    expect(calls.open).toHaveLength(started);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('ends when its time is up', async () => {
    const { call } = await warm(make);
    const outcome = executionOptions({ timeoutMs: 1 }, () => call('u'));
    await expect(outcome).rejects.toMatchObject({ code: 'XCS9002' });
  });

  it('leaves a record of each call in a tracer, with what it gave', async () => {
    const { call, width } = await warm(make);
    const tracer = new TracerContext();
    await run(() => tracer.run(() => call('u')));
    const leaves = tracer.records.filter(({ operator }) => operator instanceof Leaf);
    expect(leaves.map(({ outputs }) => outputs)).toEqual([results('u', width)].flat(2));
    expect(tracer.records.every(({ end }) => end !== undefined)).toBe(true);
  });

  it('is counted', async () => {
    const { whole } = await warm(make);
    expect(getJitMetrics(whole)).toMatchObject({ runs: 3, guardFailures: 0, wasted: 0 });
    expect(getJitMetrics().runs).toBeGreaterThanOrEqual(3);
    expect(String(getJitMetrics(whole))).toContain('runs: 3');
  });

  it('has a graph of its calls, which can be executed', async () => {
    const { whole, width } = await warm(make);
    const graph = graphOf(whole);
    expect(graph).toBeInstanceOf(XCSGraph);
    expect([graph.order, graph.size]).toEqual([2, 0]);
    const { result } = await run(() => execute(graph, 'u'));
    expect(result).toEqual(results('u', width));
  });

  it('tells of each node of its graph what it gave and when it ran', async () => {
    const { whole, width } = await warm(make);
    const graph = graphOf(whole);
    const time = { now: 0 };
    const report: { is?: ExecutionReport } = {};
    await run(async () => {
      report.is = await executeDetailed(graph, 'u', { clock: () => ++time.now });
    });
    expect([...(report.is?.outputs.keys() ?? [])]).toEqual(graph.nodes());
    expect([...(report.is?.outputs.values() ?? [])]).toEqual(results('u', width));
    const ran = [...(report.is?.times.values() ?? [])];
    expect(ran).toHaveLength(2);
    // Both began before either has ended.
    expect(Math.max(...ran.map(({ start }) => start))).toBeLessThan(Math.min(...ran.map(({ end }) => end)));
  });

  it('tells which node failed, what it threw, and which were skipped', async () => {
    const { whole } = await warm(make);
    const graph = graphOf(whole);
    calls.open = [];
    const outcome = executeDetailed(graph, 'u', { continueOnError: true });
    await quiet();
    const error = new Error('all calls fail');
    for (const one of calls.open.splice(0)) one.reject(error);
    await quiet();
    const { errors, skipped, result } = await outcome;
    expect([...errors.values()]).toContain(error);
    expect([...errors.keys(), ...skipped].toSorted()).toEqual(graph.nodes().toSorted());
    expect(result).toBeUndefined();
  });

  it('J21: is explained, with its strategy', async () => {
    const { whole } = await warm(make);
    expect(explain(whole)).toMatch(/strategy: (?:parallel|jit|auto)/u);
  });

  it('throws what a call throws, untouched', async () => {
    const { call } = await warm(make);
    // A call that fails was started as long ago as it was reached.
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    onTestFinished(() => now.mockRestore());
    calls.open = [];
    const outcome = watch(call('u'));
    await quiet();
    const error = new Error('the first call fails');
    for (const one of calls.open)
      if (one.text.startsWith('a "left')) one.reject(error);
      else one.resolve('fine');
    await quiet();
    expect(outcome.state).toBe('rejected');
    expect(outcome.value).toBe(error);
  });
});

function parallelOf(maxConcurrency: number): ExecutionOptions['scheduler'] & object {
  return new TopologicalSchedulerWithParallelDispatch({ maxConcurrency });
}
