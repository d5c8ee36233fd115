/** What compiled programs are compared with under a limit, and the shapes that engines are measured on. */
import { describe, expect, it } from 'vitest';
import { findCallGraph } from './bench/call-graph.ts';
import { byHand, byLayer, calls, compiledClass, countdown, graphByHand, steps } from './bench/engines.ts';
import {
  bestForeseen,
  bestInformed,
  firstInFirstOut,
  scheduleList,
  type Tasks,
} from './bench/list-schedule.ts';
import { layersOf, N_GRAPH, record, serial, SHAPES } from './bench/shapes.ts';
import { loadWholePrograms } from './helpers/whole-programs.ts';

describe('list schedules', () => {
  /** Two short calls, and a long one that another waits for. */
  const tasks: Tasks = { before: [[], [], [], [2]], latencies: [10, 10, 10, 20], expected: [10, 10, 10, 20] };

  it('start first what has a larger priority, and leave no place free', () => {
    expect(scheduleList(tasks, [0, 0, 0, 0], 2)).toBe(40);
    expect(scheduleList(tasks, [0, 0, 1, 0], 2)).toBe(30);
    expect(scheduleList(tasks, [0, 0, 0, 0], 1)).toBe(50);
    expect(scheduleList(tasks, [0, 0, 0, 0], Infinity)).toBe(30);
  });

  it('are better when they know what follows', () => {
    expect(firstInFirstOut(tasks, 2)).toBe(40);
    expect(bestInformed(tasks, 2)).toBe(30);
  });

  it('are better still when they know what each call will take', () => {
    const alike: Tasks = { before: [[], [], []], latencies: [10, 10, 20], expected: [10, 10, 10] };
    expect(bestInformed(alike, 2)).toBe(30);
    expect(bestForeseen(alike, 2)).toBe(20);
  });
});

it('finds out which calls wait for which', async () => {
  const { programs } = loadWholePrograms(['test/bench/programs/planned-searches.ts']);
  const program = programs.get('B6b branches and compare');
  if (program === undefined) throw new Error('The program is gone.');
  const { labels, before } = await findCallGraph(program.written, program.compiled);
  expect(before.map((those, call) => `${labels[call]}: ${those.join(' ')}`)).toMatchInlineSnapshot(`
    [
      "search: ",
      "math: 0",
      "search: ",
      "math: 2",
      "search: ",
      "math: 4",
      "search: ",
      "math: 6",
      "compare: 0 1 2 3 4 5 6 7",
    ]
  `);
});

/** Compiling a thousand calls takes seconds. */
const small = SHAPES.filter(({ before }) => before.length <= 100);

describe.each(small)('$name', (shape) => {
  it.each([byHand, byLayer, countdown, steps, calls, graphByHand, compiledClass])(
    'is what it is in series, by $name',
    async (engine) => {
      for (const isAsync of [false, true]) {
        const { visit, values } = record(shape, isAsync);
        await engine.prepare(shape, visit, isAsync)(); // eslint-disable-line no-await-in-loop
        expect(values).toEqual(serial(shape));
      }
    },
  );
});

it('puts each node into the layer after those that it waits for', () => {
  expect(layersOf(N_GRAPH)).toEqual([[0, 1], [2, 3], [4]]);
});
