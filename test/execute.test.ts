import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { checkDescriptor } from '../runtime/check.ts';
import { XCSError } from '../runtime/errors.ts';
import { execute, executeDetailed } from '../runtime/execute.ts';
import { failedStep } from '../runtime/failed-step.ts';
import { operator } from '../runtime/function-operator.ts';
import { compileGraph } from '../runtime/graph/compile-graph.ts';
import { XCSGraph } from '../runtime/graph/graph.ts';
import type { Invocable } from '../runtime/graph/node.ts';
import { Operator } from '../runtime/operator.ts';
import type { ExecutionOptions } from '../runtime/options.ts';
import { executionOptions, resetExecutionOptions, setExecutionOptions } from '../runtime/scope.ts';
import { TopologicalSchedulerWithParallelDispatch } from '../runtime/schedulers/parallel.ts';
import { TopologicalScheduler } from '../runtime/schedulers/serial.ts';

type Fields = Readonly<Record<string, number>>;

/** Under which every result must be the same. */
const everyScheduler: readonly ExecutionOptions[] = [
  {},
  { scheduler: 'auto' },
  { scheduler: 'sequential' },
  { scheduler: 'parallel' },
  { scheduler: new TopologicalScheduler() },
  { scheduler: new TopologicalSchedulerWithParallelDispatch() },
  { scheduler: 'parallel', maxConcurrency: 2 },
  { maxConcurrency: 1 },
];

const times = (factor: number): Operator<Fields, Fields> =>
  new Computing(({ value = Number.NaN }) => ({ result: value * factor }));

class Computing extends Operator<Fields, Fields> {
  readonly #compute: (input: Fields) => Fields;
  constructor(compute: (input: Fields) => Fields) {
    super();
    this.#compute = compute;
  }
  override async forward(input: Fields): Promise<Fields> {
    return this.#compute(input);
  }
}

/** Calls that end when they are told to, and a list of what began and ended. */
class Gates {
  readonly events: string[] = [];
  inFlight = 0;
  most = 0;
  readonly #open = new Map<string, () => void>();

  operator(name: string): Invocable {
    return async () => {
      this.events.push(`+${name}`);
      this.most = Math.max(this.most, ++this.inFlight);
      await new Promise<void>((resolve) => this.#open.set(name, resolve));
      this.inFlight--;
      this.events.push(`-${name}`);
      return { [name]: name };
    };
  }

  /** Names of the calls that wait to be told to end. */
  get waiting(): readonly string[] {
    return [...this.#open.keys()];
  }

  async end(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const open = this.#open.get(name);
      this.#open.delete(name);
      if (open === undefined) throw new Error(`${name} is not in flight`);
      open();
    }
    await settled();
  }
}

function abortable(): { readonly signal: AbortSignal; readonly abort: (reason: unknown) => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
}

/** Lets everything happen that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve(); // eslint-disable-line no-await-in-loop
}

function graphFrom(gates: Gates, nodes: string, ...edges: readonly string[]): XCSGraph {
  const graph = new XCSGraph();
  for (const id of nodes.split(' ')) graph.addOperator(id, gates.operator(id));
  for (const edge of edges) {
    const [before = '', after = ''] = edge.split(' ');
    graph.connect(before, after);
  }
  return graph;
}

const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable('expected a rejection'),
    (error: unknown) => error,
  );

describe.each(everyScheduler)('under %o', (options) => {
  it('S6 a chain of ×2, ×3 and ×4 maps result to value: 10, 30, 120', async () => {
    const graph = new XCSGraph()
      .addOperator('a', times(2))
      .addOperator('b', times(3))
      .addOperator('c', times(4));
    graph.connect('a', 'b', { result: 'value' }).connect('b', 'c', { result: 'value' });
    const { outputs, result } = await executeDetailed(graph, { value: 5 }, options);
    expect([...outputs]).toEqual([
      ['a', { result: 10 }],
      ['b', { result: 30 }],
      ['c', { result: 120 }],
    ]);
    expect(result).toEqual({ result: 120 });
  });

  it('S8 a single node turns 3 into 6', async () => {
    expect(await execute(new XCSGraph().addOperator('a', times(2)), { value: 3 }, options)).toEqual({
      result: 6,
    });
  });

  it('G8 renames end to end: 10 → {20, 30} → 25 and 28 → 53', async () => {
    const graph = new XCSGraph()
      .addOperator('split', new Computing(({ input = 0 }) => ({ path1: input * 2, path2: input * 3 })))
      .addOperator('one', new Computing(({ value = 0 }) => ({ path1_result: value + 5 })))
      .addOperator('two', new Computing(({ value = 0 }) => ({ path2_result: value - 2 })))
      .addOperator('merge', new Computing(({ path1 = 0, path2 = 0 }) => ({ sum: path1 + path2 })))
      .connect('split', 'one', { path1: 'value' })
      .connect('split', 'two', { path2: 'value' })
      .connect('one', 'merge', { path1_result: 'path1' })
      .connect('two', 'merge', { path2_result: 'path2' });
    expect(await execute(graph, { input: 10 }, options)).toEqual({ sum: 53 });
  });

  it('E6 double, add 5 and square make 121 of 3', async () => {
    const graph = new XCSGraph()
      .addOperator('double', (n: number) => n * 2)
      .addOperator('add', async (n: number) => n + 5)
      .addOperator(
        'square',
        operator(async (n: number) => n * n),
      )
      .connect('double', 'add')
      .connect('add', 'square');
    expect(await execute(graph, 3, options)).toBe(121);
  });

  it('E3 throws the error of the node untouched, and knows which node it was', async () => {
    const error = new Error('boom');
    const graph = new XCSGraph()
      .addOperator('fine', async () => 1)
      .addOperator('bad', () => {
        throw error;
      })
      .connect('fine', 'bad');
    expect(await rejection(execute(graph, 1, options))).toBe(error);
    expect(failedStep(error)?.step.label).toBe('bad');
  });

  it('E3 on request keeps errors by node and skips what waits for them', async () => {
    const error = new Error('boom');
    const called: string[] = [];
    const note = (id: string) => () => {
      called.push(id);
      if (id === 'bad') throw error;
      return { [id]: id };
    };
    const graph = new XCSGraph();
    for (const id of ['start', 'bad', 'after', 'last', 'good']) graph.addOperator(id, note(id));
    graph.connect('start', 'bad').connect('bad', 'after').connect('after', 'last').connect('start', 'good');
    graph.connect('good', 'last');
    const report = await executeDetailed(graph, {}, { ...options, continueOnError: true });
    expect(called).toEqual(['start', 'bad', 'good']);
    expect(report).toEqual({
      result: undefined,
      order: ['start', 'bad', 'after', 'good', 'last'],
      outputs: new Map([
        ['start', { start: 'start' }],
        ['good', { good: 'good' }],
      ]),
      errors: new Map([['bad', error]]),
      times: expect.any(Map),
      skipped: ['after', 'last'],
      unchosen: [],
    });
    expect(report.errors.get('bad')).toBe(error);
  });

  it('skips also what waits for a failed node without taking anything from it', async () => {
    const bad = (): never => {
      throw new Error('boom');
    };
    const graph = new XCSGraph().addOperator('bad', bad).addOperator('after', () => expect.unreachable());
    const report = await executeDetailed(
      graph.connect('bad', 'after', {}),
      {},
      { ...options, continueOnError: true },
    );
    expect(report.skipped).toEqual(['after']);
  });

  it('compiles to a sound descriptor', () => {
    const graph = graphFrom(new Gates(), 'D B C A', 'A B', 'A C', 'B D', 'C D').connect('A', 'D', {});
    const finish = (): void => {};
    for (const continueOnError of [false, true])
      expect(
        checkDescriptor(compileGraph(graph, { continueOnError, finish }).compiled.descriptor),
      ).toBeUndefined();
    expect(compileGraph(graph, { continueOnError: false, finish }).compiled.descriptor.criticalPath).toBe(3);
  });

  it('is compiled once, and again after it was changed in whatever way', async () => {
    const graph = new XCSGraph().addOperator('a', times(2)).addOperator('b', times(3));
    const orders = vi.spyOn(graph, 'topologicalOrder');
    const results: unknown[] = [];
    const runTwice = async (): Promise<void> => {
      results.push(await execute(graph, { value: 1 }, options));
      results.push(await execute(graph, { value: 1 }, options));
    };
    await runTwice();
    graph.connect('a', 'b', { result: 'value' });
    await runTwice();
    graph.setNodeAttribute('b', 'operator', times(5));
    await runTwice();
    graph.dropEdge('a', 'b');
    await runTwice();
    graph.removeAllListeners();
    await runTwice();
    graph.returns('a');
    await runTwice();
    const both = (b: number): object => ({ a: { result: 2 }, b: { result: b } });
    const expected = [both(3), { result: 6 }, { result: 10 }, both(5), both(5), { result: 2 }];
    expect(results).toEqual(expected.flatMap((result) => [result, result]));
    expect(orders).toHaveBeenCalledTimes(5);
  });

  it('runs any number of times, also at once', async () => {
    const graph = new XCSGraph()
      .addOperator('a', times(2))
      .addOperator('b', times(3))
      .connect('a', 'b', { result: 'value' });
    const runs = [1, 2, 3].map((value) => execute(graph, { value }, options));
    expect(await Promise.all(runs)).toEqual([{ result: 6 }, { result: 12 }, { result: 18 }]);
  });
});

describe('inputs', () => {
  const echo = (input: unknown): unknown => input;
  /** What a node `sink` is called with, after nodes `a` and `b` that give these outputs. */
  const sinkInput = async (
    a: unknown,
    b: unknown,
    connect: (graph: XCSGraph) => XCSGraph,
  ): Promise<unknown> => {
    const graph = new XCSGraph().addOperator('a', () => a).addOperator('b', () => b);
    return execute(connect(graph.addOperator('sink', echo)).returns('sink'), 'the input');
  };

  it('E1 a root gets the global input, the next node its output', async () => {
    const graph = new XCSGraph()
      .addOperator('node1', echo)
      .addOperator('node2', (value: unknown) => ({ value }));
    const input = { q: 1 };
    const { outputs } = await executeDetailed(graph.connect('node1', 'node2'), input);
    expect(outputs.size).toBe(2);
    expect(outputs.get('node1')).toBe(input);
    expect(outputs.get('node2')).toEqual({ value: input });
  });

  it('E2 the input reaches the sink of a diamond, with two calls at once', async () => {
    const graph = new XCSGraph();
    for (const id of ['a', 'b', 'c', 'd']) graph.addOperator(id, echo);
    graph.connect('a', 'b').connect('a', 'c').connect('b', 'd').connect('c', 'd');
    const { outputs, result } = await executeDetailed(graph, { value: 7 }, { maxConcurrency: 2 });
    expect([...outputs.keys()]).toEqual(['a', 'b', 'c', 'd']);
    expect(result).toEqual({ value: 7 });
  });

  it('E4 double and triple make 10 and 30 of 5', async () => {
    const graph = new XCSGraph()
      .addOperator('double', (n: number) => n * 2)
      .addOperator('triple', (n: number) => n * 3);
    const { outputs } = await executeDetailed(graph.connect('double', 'triple'), 5);
    expect(Object.fromEntries(outputs)).toEqual({ double: 10, triple: 30 });
  });

  it('E5 0, +5 and +10 make 15', async () => {
    const graph = new XCSGraph().addOperator('input', () => 0);
    graph.addOperator('five', (n: number) => n + 5).addOperator('ten', (n: number) => n + 10);
    expect(await execute(graph.connect('input', 'five').connect('five', 'ten'))).toBe(15);
  });

  it('E7 chained operators accumulate, also through operators that call operators', async () => {
    const append = (suffix: string): Operator<string, string> => new Appending(suffix);
    const graph = new XCSGraph().addOperator('n1', append('step1')).addOperator('n2', append('step2'));
    graph.addOperator('n3', append('step3')).connect('n1', 'n2').connect('n2', 'n3');
    expect(await execute(graph, 'start')).toBe('start_step1_step2_step3');
    const nested = new XCSGraph().addOperator('n1', new Twice(append('layer1'), append('layer2')));
    expect(await execute(nested, 'n1')).toBe('n1_layer1_layer2');
  });

  it('G7 consumers get only the fields that are mapped to them', async () => {
    const graph = new XCSGraph().addOperator('split', () => ({ one: 10, two: 20 }));
    graph.addOperator('left', echo).connect('split', 'left', { one: 'value1' });
    graph.addOperator('right', echo).connect('split', 'right', { two: 'value2' });
    expect(await execute(graph)).toEqual({ left: { value1: 10 }, right: { value2: 20 } });
  });

  it('an edge without mapping beside one with only orders', async () => {
    const input = await sinkInput({ x: 1 }, { y: 2 }, (graph) =>
      graph.connect('a', 'sink', { x: 'value' }).connect('b', 'sink'),
    );
    expect(input).toEqual({ value: 1 });
    const other = await sinkInput({ x: 1 }, { y: 2 }, (graph) =>
      graph.connect('a', 'sink').connect('b', 'sink', { y: 'value' }),
    );
    expect(other).toEqual({ value: 2 });
  });

  it('an edge with empty mappings only orders, so a node with no other gets the global input', async () => {
    expect(await sinkInput(1, 2, (graph) => graph.connect('a', 'sink', {}))).toBe('the input');
    expect(await sinkInput(1, 2, (graph) => graph.connect('a', 'sink', {}).connect('b', 'sink'))).toBe(2);
  });

  it('`*` is a whole output, which need not be an object, or a whole input', async () => {
    const named = await sinkInput('text', null, (graph) =>
      graph.connect('a', 'sink', { '*': 'draft' }).connect('b', 'sink', { '*': 'docs' }),
    );
    expect(named).toEqual({ draft: 'text', docs: null });
    expect(await sinkInput({ text: 'x' }, 0, (graph) => graph.connect('a', 'sink', { text: '*' }))).toBe('x');
  });

  it('one field may become several, and fields named like those of Object.prototype are fields like others', async () => {
    const mapped = await sinkInput({ n: 1 }, 0, (graph) =>
      graph.connect('a', 'sink', { n: ['x', '__proto__'] }),
    );
    expect(Object.entries(Object(mapped))).toEqual([['x', 1], ['__proto__', 1]]); // prettier-ignore
  });

  it('several outputs are merged in the order of the nodes', async () => {
    const merged = await sinkInput({ z: 1, x: 2 }, { y: 3 }, (graph) =>
      graph.connect('b', 'sink').connect('a', 'sink'),
    );
    expect(JSON.stringify(merged)).toBe('{"z":1,"x":2,"y":3}');
  });

  it.each<[string, unknown, unknown, (graph: XCSGraph) => XCSGraph, string, RegExp]>([
    [
      'equal fields of two outputs',
      { x: 1 },
      { x: 2 },
      (graph) => graph.connect('a', 'sink').connect('b', 'sink'),
      'XCS1105',
      /`sink`.*`x`.*`a` and `b`/u,
    ],
    [
      'an output without fields among several',
      'text',
      {},
      (graph) => graph.connect('a', 'sink').connect('b', 'sink'),
      'XCS1107',
      /`sink`.*`a` gave "text"/u,
    ],
    [
      'a mapped field that is not there',
      { y: 1 },
      0,
      (graph) => graph.connect('a', 'sink', { x: 'value' }),
      'XCS1106',
      /`sink`.*`x`.*`a`.*`y`/u,
    ],
    [
      'a mapped field of something that has no fields',
      'text',
      0,
      (graph) => graph.connect('a', 'sink', { length: 'value' }),
      'XCS1106',
      /`sink`.*`length`.*"text"/u,
    ],
  ])('fails, naming the node, for %s', async (_, a, b, connect, code, message) => {
    const error = await rejection(sinkInput(a, b, connect));
    expect(error).toBeInstanceOf(XCSError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(failedStep(error)?.step.label).toBe('sink');
  });

  it('computes inputs and the result with functions', async () => {
    const graph = new XCSGraph()
      .addOperator('add', ({ x, y }: { x: number; y: number }) => x + y)
      .addOperator('double', (n: number) => n * 2, { input: (outputOf) => outputOf('add') })
      .connect('add', 'double')
      .returns((outputOf, input) => [input, outputOf('add'), outputOf('double')]);
    expect(await execute(graph, { x: 5, y: 3 })).toEqual([{ x: 5, y: 3 }, 8, 16]);
    const merged = new XCSGraph()
      .addOperator('add', () => 0)
      .merge(graph, 'Ns')
      .returns('Ns_double');
    expect(await execute(merged, { x: 5, y: 3 })).toBe(16);
  });

  it('an input function may ask only for nodes that are connected', async () => {
    const graph = new XCSGraph().addOperator('a', () => 1).addOperator('b', echo, { input: (of) => of('a') });
    expect(await rejection(execute(graph))).toMatchObject({ code: 'XCS1102' });
  });

  it('never writes to what it was given', async () => {
    const input = Object.freeze({ value: Object.freeze({ deep: 1 }) });
    const give = (): unknown => Object.freeze({ result: 1 });
    const graph = new XCSGraph().addOperator('a', echo).addOperator('b', give).addOperator('c', echo);
    await execute(graph.connect('a', 'c').connect('b', 'c'), input);
    expect(input).toEqual({ value: { deep: 1 } });
  });
});

class Appending extends Operator<string, string> {
  readonly suffix: string;
  constructor(suffix: string) {
    super();
    this.suffix = suffix;
  }
  override forward(text: string): string {
    return `${text}_${this.suffix}`;
  }
}

class Twice extends Operator<string, string> {
  readonly first: Operator<string, string>;
  readonly second: Operator<string, string>;
  constructor(first: Operator<string, string>, second: Operator<string, string>) {
    super();
    this.first = first;
    this.second = second;
  }
  override async forward(text: string): Promise<string> {
    return this.second.invoke(await this.first.invoke(text));
  }
}

describe('when', () => {
  it('S3 the sides of a diamond overlap under parallel dispatch', async () => {
    const gates = new Gates();
    const graph = graphFrom(gates, 'A B C D', 'A B', 'A C', 'B D', 'C D');
    const run = executeDetailed(graph, {}, { scheduler: 'parallel' });
    await settled();
    await gates.end('A');
    expect(gates.waiting).toEqual(['B', 'C']);
    await gates.end('C');
    await gates.end('B');
    await gates.end('D');
    expect((await run).outputs.size).toBe(4);
    expect(gates.events).toEqual(['+A', '-A', '+B', '+C', '-C', '-B', '+D', '-D']);
  });

  it.each([false, true])(
    'S4 of six calls never more than two run at once (continueOnError: %s)',
    async (continueOnError) => {
      const gates = new Gates();
      const graph = graphFrom(gates, 'a b c d e f');
      const run = executeDetailed(graph, {}, { scheduler: 'parallel', maxConcurrency: 2, continueOnError });
      await settled();
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await gates.end(name); // eslint-disable-line no-await-in-loop
      expect((await run).outputs.size).toBe(6);
      expect(gates.most).toBe(2);
    },
  );

  it('S5 the serial scheduler calls each node once, in topological order, without overlap', async () => {
    const gates = new Gates();
    const graph = graphFrom(gates, 'D B C A', 'A B', 'A C', 'B D', 'C D');
    const run = execute(graph, {}, { scheduler: new TopologicalScheduler() });
    await settled();
    for (const name of ['A', 'B', 'C', 'D']) await gates.end(name); // eslint-disable-line no-await-in-loop
    await run;
    expect(gates.events).toEqual(['+A', '-A', '+B', '-B', '+C', '-C', '+D', '-D']);
  });

  it('S7 a dry run lists every step in order and calls no operator', async () => {
    const gates = new Gates();
    const graph = graphFrom(gates, 'D B C A', 'A B', 'A C', 'B D', 'C D');
    const report = await executeDetailed(graph, {}, { dryRun: true });
    expect(report).toMatchObject({ order: ['A', 'B', 'C', 'D'], outputs: new Map(), result: undefined });
    expect(gates.events).toEqual([]);
  });

  it('S10 a thousand independent nodes under a limit of 50 give a thousand results', async () => {
    let inFlight = 0;
    let most = 0;
    const graph = new XCSGraph();
    for (let index = 0; index < 1000; index++) {
      graph.addOperator(`n${index}`, async () => {
        most = Math.max(most, ++inFlight);
        await Promise.resolve();
        inFlight--;
        return index;
      });
    }
    const result = await execute(graph, {}, { maxConcurrency: 50 });
    expect(Object.entries(Object(result))).toHaveLength(1000);
    expect(result).toMatchObject({ n0: 0, n999: 999 });
    expect(most).toBe(50);
  });

  it('has all outputs in order, however many there are', async () => {
    const graph = new XCSGraph();
    for (let index = 0; index < 2500; index++) graph.addOperator(`n${index}`, () => index);
    const { outputs } = await executeDetailed(graph);
    expect([...outputs.values()]).toEqual(Array.from({ length: 2500 }, (_, index) => index));
  });

  it('goes by the strategy of the graph unless the options say otherwise', async () => {
    const gates = new Gates();
    const graph = new XCSGraph({ strategy: 'sequential' });
    graph.addOperator('a', gates.operator('a')).addOperator('b', gates.operator('b'));
    const serial = execute(graph);
    await settled();
    expect(gates.waiting).toEqual(['a']);
    await gates.end('a');
    await gates.end('b');
    await serial;
    const parallel = execute(graph, {}, { scheduler: 'parallel' });
    await settled();
    expect(gates.waiting).toEqual(['a', 'b']);
    await gates.end('a', 'b');
    await parallel;
  });

  it('goes by the options of the scope, and of the program when nobody chose a strategy', async () => {
    const gates = new Gates();
    const graph = graphFrom(gates, 'a b');
    const begun = async (run: () => Promise<unknown>): Promise<readonly string[]> => {
      const running = run();
      await settled();
      const { waiting } = gates;
      await gates.end(...waiting);
      if (waiting.length === 1) await gates.end('b');
      await running;
      return waiting;
    };
    expect(await begun(() => executionOptions({ scheduler: 'sequential' }, () => execute(graph)))).toEqual([
      'a',
    ]);
    setExecutionOptions({ scheduler: 'sequential' });
    try {
      expect(await begun(() => execute(graph))).toEqual(['a']);
      expect(await begun(() => execute(new XCSGraph({ strategy: 'parallel' }).merge(graph, 'x')))).toEqual([
        'a',
        'b',
      ]);
    } finally {
      resetExecutionOptions();
    }
    expect(await begun(() => execute(graph))).toEqual(['a', 'b']);
  });

  it.each([false, true])(
    'an aborted signal stops a run at once, and nothing starts afterwards (continueOnError: %s)',
    async (continueOnError) => {
      const gates = new Gates();
      const { signal, abort } = abortable();
      const run = rejection(executeDetailed(graphFrom(gates, 'a b', 'a b'), {}, { signal, continueOnError }));
      await settled();
      abort('enough');
      expect(await run).toBe('enough');
      await gates.end('a');
      expect(gates.events).toEqual(['+a', '-a']);
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    },
  );

  it.each([false, true])(
    'graphs within a graph are runs of their own, under the limit of none but themselves (continueOnError: %s)',
    async (continueOnError) => {
      const gates = new Gates();
      const inner = (name: string): Invocable => {
        const graph = graphFrom(gates, `${name}1 ${name}2`);
        return async () => execute(graph, {}, { scheduler: 'parallel' });
      };
      const graph = new XCSGraph().addOperator('x', inner('x')).addOperator('y', inner('y'));
      const run = executeDetailed(graph, {}, { scheduler: 'parallel', maxConcurrency: 1, continueOnError });
      await settled();
      expect(gates.waiting).toEqual(['x1', 'x2']);
      await gates.end('x1', 'x2');
      await gates.end('y1', 'y2');
      expect((await run).result).toEqual({
        x: { x1: { x1: 'x1' }, x2: { x2: 'x2' } },
        y: { y1: { y1: 'y1' }, y2: { y2: 'y2' } },
      });
    },
  );

  it('a graph may be changed while it runs', async () => {
    const gates = new Gates();
    const graph = graphFrom(gates, 'a b', 'a b');
    const run = executeDetailed(graph);
    await settled();
    graph.addOperator('c', gates.operator('c')).connect('b', 'c').returns('c');
    await gates.end('a');
    await gates.end('b');
    expect(await run).toMatchObject({ order: ['a', 'b'], result: { b: 'b' } });
  });
});

describe('what cannot be executed', () => {
  it('G4 a cycle rejects with its nodes', async () => {
    const graph = graphFrom(new Gates(), 'a b', 'a b', 'b a');
    expect(await rejection(execute(graph))).toMatchObject({ code: 'XCS1103' });
    expect(await rejection(executeDetailed(graph, {}, { dryRun: true }))).toMatchObject({ code: 'XCS1103' });
  });

  it('a node that came from JSON without its operator is named', async () => {
    const graph = new XCSGraph().addOperator('a', () => 1).addOperator('b', (n: number) => n + 1);
    const data = graph.connect('a', 'b').toJSON();
    const error = await rejection(execute(XCSGraph.fromJSON(data, { a: () => 1 })));
    expect(error).toMatchObject({ code: 'XCS1108', message: expect.stringContaining('`b`') });
    expect(await execute(XCSGraph.fromJSON(data, { a: () => 1, b: (n: number) => n + 1 }))).toBe(2);
  });

  it('functions that computed an input or the result are missed by name', async () => {
    const bound = new XCSGraph().addOperator('a', () => 1, { input: () => 2 }).toJSON();
    expect(await rejection(execute(XCSGraph.fromJSON(bound, { a: () => 1 })))).toMatchObject({
      code: 'XCS1108',
    });
    const result = new XCSGraph().addOperator('a', () => 1).returns(() => 2);
    expect(await rejection(execute(XCSGraph.fromJSON(result.toJSON(), { a: () => 1 })))).toMatchObject({
      code: 'XCS1108',
    });
  });

  it('an unknown option is an error that names it', async () => {
    const options: object = { workers: 3 };
    const error = await rejection(execute(new XCSGraph(), {}, options));
    expect(error).toMatchObject({ code: 'XCS1002', message: expect.stringContaining('`workers`') });
  });

  it('an empty graph gives an empty result', async () => {
    expect(await execute(new XCSGraph(), 1)).toEqual({});
  });
});
