/** What `executeDetailed` tells of each node: when it ran, what it gave or threw, and what was skipped because of it. */
import { describe, expect, it } from 'vitest';
import { executeDetailed, XCSGraph } from '../runtime/index.ts';
import { Gated, quiet } from './helpers/gates.ts';

function diamond() {
  const nodes = { a: new Gated(), b: new Gated(), c: new Gated(), d: new Gated() };
  const graph = new XCSGraph();
  for (const [id, operator] of Object.entries(nodes)) graph.addOperator(id, operator);
  graph.connect('a', 'b').connect('a', 'c').connect('b', 'd', { '*': 'b' }).connect('c', 'd', { '*': 'c' });
  return { graph, nodes };
}

/** Ends one call at a given time. */
async function end(clock: { now: number }, at: number, node: Gated, error?: Error): Promise<void> {
  clock.now = at;
  if (error === undefined) node.at(0).resolve(`from ${at}`);
  else node.at(0).reject(error);
  await quiet();
}

describe.each([false, true])('with `continueOnError: %s`', (continueOnError) => {
  it('each node has its start and its end on the clock of the run', async () => {
    const { graph, nodes } = diamond();
    const clock = { now: 10 };
    const options = { continueOnError, clock: () => clock.now };
    const run = executeDetailed(graph, 'q', { ...options, scheduler: 'parallel' });
    await quiet();
    await end(clock, 20, nodes.a);
    await end(clock, 50, nodes.c);
    await end(clock, 70, nodes.b);
    await end(clock, 75, nodes.d);
    const { times, outputs } = await run;
    expect(times).toEqual(
      new Map([
        ['a', { start: 10, end: 20 }],
        ['b', { start: 20, end: 70 }],
        ['c', { start: 20, end: 50 }],
        ['d', { start: 70, end: 75 }],
      ]),
    );
    expect(outputs.get('d')).toBe('from 75');
    expect(nodes.d.at(0).input).toEqual({ b: 'from 70', c: 'from 50' });
  });

  it('a node that waits for its place under a limit has not started', async () => {
    const { graph, nodes } = diamond();
    const clock = { now: 0 };
    const options = { continueOnError, clock: () => clock.now, maxConcurrency: 1 };
    const run = executeDetailed(graph, 'q', options);
    await quiet();
    await end(clock, 1, nodes.a);
    await end(clock, 4, nodes.b);
    await end(clock, 9, nodes.c);
    await end(clock, 10, nodes.d);
    expect((await run).times.get('c')).toEqual({ start: 4, end: 9 });
  });
});

it('a node that fails has times, those that are skipped have none, and all else has its output', async () => {
  const { graph, nodes } = diamond();
  const clock = { now: 0 };
  const run = executeDetailed(graph, 'q', { continueOnError: true, clock: () => clock.now });
  await quiet();
  const error = new Error('b fails');
  await end(clock, 1, nodes.a);
  await end(clock, 2, nodes.b, error);
  await end(clock, 3, nodes.c);
  expect(await run).toEqual({
    result: undefined,
    order: ['a', 'b', 'c', 'd'],
    outputs: new Map([
      ['a', 'from 1'],
      ['c', 'from 3'],
    ]),
    errors: new Map([['b', error]]),
    times: new Map([
      ['a', { start: 0, end: 1 }],
      ['b', { start: 1, end: 2 }],
      ['c', { start: 1, end: 3 }],
    ]),
    skipped: ['d'],
    unchosen: [],
  });
});

it('plain functions have times too, without a limit', async () => {
  const clock = { now: 0 };
  const gate = new Gated();
  const graph = new XCSGraph().addOperator('f', (input: unknown) => gate.invoke(input));
  const options = { continueOnError: true, maxConcurrency: Infinity, clock: () => clock.now };
  const run = executeDetailed(graph, 'q', options);
  await quiet();
  await end(clock, 5, gate);
  expect((await run).times).toEqual(new Map([['f', { start: 0, end: 5 }]]));
});

it('a clock that is no function is an error', async () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- wrong on purpose
  const options = { clock: 7 } as object;
  await expect(executeDetailed(new XCSGraph(), 'q', options)).rejects.toMatchObject({ code: 'XCS1007' });
});
