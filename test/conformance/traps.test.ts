/** What the original fell into, on programs that have gone through the transformer. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { graphOf, Operator, XCSGraph, type InvokeOptions } from '../../runtime/index.ts';
import { programs, type ProgramName } from './traps-programs.ts';
import { compileTwins, noting, observe, overlap } from './twins.ts';

const twin = compileTwins(programs);

/** The results of one operator that is called with each input; those of the code as written are the same. */
async function results(
  name: ProgramName,
  ...inputs: readonly (() => unknown)[]
): Promise<readonly unknown[]> {
  const compiled = await observe(
    twin(name).compiled(),
    inputs.map((input) => input()),
  );
  const written = await observe(
    twin(name).written(),
    inputs.map((input) => input()),
  );
  expect(compiled).toEqual(written);
  return compiled.map(({ result }) => result);
}

const text = (value: string) => (): string => value;

/** Each edge of the graph: the operators at its ends, and the first of its causes. */
function edges(name: ProgramName): readonly unknown[] {
  const graph = graphOf(twin(name).compiled().create());
  const called = (node: string): string => graph.getNodeAttribute(node, 'label').replace(/^.* = /u, '');
  return graph.mapEdges((_, { causes: [cause] }, before, after) => [
    called(before),
    called(after),
    `${cause?.kind} ${cause?.what}`,
  ]);
}

afterEach(() => vi.useRealTimers());

describe('traps', () => {
  it('trap 1: edges follow the data flow of forward, not the nesting of attributes', async () => {
    expect(edges('crossed')).toEqual([
      ['this.first', 'this.shelf.middle', 'flow first'],
      ['this.shelf.middle', 'this.last', 'flow middle'],
    ]);
    const of = (input: string): unknown => ({
      last: `last_middle_first_${input}`,
      again: `first_${input}!`,
    });
    expect(await results('crossed', text('x'), text('y'), text('z'))).toEqual([of('x'), of('y'), of('z')]);
  });

  it('trap 2: the composite is no node, forward runs once for each call, and so does every leaf', async () => {
    const page = () => (): unknown => ({ text: 'x', bodies: [] });
    const once = { inner: 'leaf_x', other: 'other_x', bodies: 'outer,inner' };
    expect(await results('bodies', page(), page())).toEqual([once, once]);
    const { create, probe } = twin('bodies').compiled();
    expect(graphOf(create()).mapNodes((_, { label }) => label)).toEqual([
      'inner = this.inner',
      'other = this.other',
    ]);
    await create().invoke({ text: 'x', bodies: [] });
    expect(probe.calls.toSorted()).toEqual(['leaf(x)', 'other(x)']);
  });

  it('trap 3: the result is the return expression, not the last leaf, the only leaf or an earlier result', async () => {
    const of = (input: string): unknown => ({ length: `kept_${input}`.length, text: input });
    expect(await results('returned', text('x'), text('yy'))).toEqual([of('x'), of('yy')]);
    expect(await results('constant', text('x'), text('y'))).toEqual(['done', 'done']);
  });

  it('trap 4: the first call runs the graph that was known when it was built', async () => {
    const { create } = twin('wide').compiled();
    const operator = create();
    expect(graphOf(operator).order).toBe(4);
    const { scheduler, begun } = noting();
    await operator.invoke('x', { scheduler });
    expect(begun).toHaveLength(1);
    expect(await overlap(twin('wide').compiled(), 'x')).toBe(4);
  });

  it.each(['parallel', 'sequential'] as const)(
    'trap 5: an error is thrown as it is, and nothing runs again because of it (%s)',
    async (scheduler) => {
      const { create, probe, failure } = twin('failing').compiled();
      const operator = create();
      await expect(operator.invoke('bad', { scheduler })).rejects.toBe(failure);
      expect(probe.calls).toEqual(['writer(before)', 'fragile fails']);
      const written = twin('failing').written();
      await expect(written.create().invoke('bad')).rejects.toBe(written.failure);
      expect(written.probe.calls).toEqual(probe.calls);
      const result = { before: 'writer_before', fragile: 'fragile_x', after: 'writer_after' };
      expect(await operator.invoke('x', { scheduler })).toEqual(result);
    },
  );

  it('trap 6: equal values make no edge, and code between two calls loses none', async () => {
    expect(edges('equal')).toEqual([
      ['this.one', 'this.leaf', 'flow one'],
      ['this.leaf', 'this.loud', 'flow words'],
    ]);
    expect(await results('equal', text('long enough'), text('x'))).toEqual([
      { one: true, other: true, loud: 'loud_yes leaf' },
      { one: false, other: false, loud: 'loud_no leaf' },
    ]);
  });

  it('trap 7: an edge that carries data stays beside a longer way, and a large cycle is no stack overflow', async () => {
    expect(edges('skipped')).toEqual([
      ['this.a', 'this.b', 'flow a'],
      ['this.a', 'this.c', 'flow a'],
      ['this.b', 'this.c', 'flow b'],
    ]);
    expect(await results('skipped', text('x'))).toEqual(['c_a_x+b_a_x']);
    const ring = new XCSGraph();
    const leaf = new (class extends Operator {
      forward(input: unknown): unknown {
        return input;
      }
    })();
    const size = 10_000;
    for (let node = 0; node < size; node++) ring.addOperator(`n${node}`, leaf);
    for (let node = 0; node < size; node++) ring.connect(`n${node}`, `n${(node + 1) % size}`);
    expect(() => ring.topologicalOrder()).toThrow(/n0.*n1/su);
  });

  it('trap 8: immutable operators overlap, also with themselves, and a private counter keeps its order', async () => {
    expect(await results('immutable', text('x'))).toEqual(['leaf_x?leaf_x!leaf_xc?']);
    expect(await overlap(twin('immutable').compiled(), 'x')).toBe(3);
    expect(await results('private', text('x'), text('y'))).toEqual([
      'leaf_xa1 leaf_xb2',
      'leaf_ya3 leaf_yb4',
    ]);
    expect(await overlap(twin('private').compiled(), 'x')).toBe(1);
  });

  it.each<[InvokeOptions, number]>([
    [{ scheduler: 'sequential' }, 1],
    [{ maxConcurrency: 1 }, 1],
    [{ maxConcurrency: 3 }, 3],
    [{ scheduler: 'parallel' }, 4],
    [{ parallelThreshold: 5 }, 1],
    [{ startEarly: 'certain' }, 1],
  ])('trap 9: options have an effect: %j', async (options, most) => {
    expect(await overlap(twin('wide').compiled(), 'x', options)).toBe(most);
  });

  it('trap 9: a time limit and a signal have an effect', async () => {
    vi.useFakeTimers();
    const { create } = twin('given').compiled();
    const operator = create();
    const silent = { invoke: () => new Promise(() => {}), effect: 'unordered' };
    Object.assign(operator, { two: silent });
    const late = operator.invoke({ text: 'x', list: [] }, { timeoutMs: 50 });
    vi.advanceTimersByTime(50);
    await expect(late).rejects.toMatchObject({ code: 'XCS9002' });
    const controller = new AbortController();
    const stopped = operator.invoke({ text: 'x', list: [] }, { signal: controller.signal });
    controller.abort('stop');
    await expect(stopped).rejects.toBe('stop');
  });

  it.each(['sequential', 'parallel', 'auto'] as const)(
    'trap 9: %s hands each operator the very input that it is given, and writes nothing on it',
    async (scheduler) => {
      const { create, probe } = twin('given').compiled();
      const given = Object.freeze({ text: 'x', list: Object.freeze(['y']) });
      expect(await create().invoke(given, { scheduler })).toEqual([given, given]);
      expect(probe.inputs.map((input) => input === given)).toEqual([true, true]);
      expect(given).toEqual({ text: 'x', list: ['y'] });
    },
  );
});
