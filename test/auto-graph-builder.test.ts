/** Graphs out of recorded calls: edges by what is handed on, never by what is equal, and what cannot be explained. */
import { describe, expect, it } from 'vitest';
import {
  AutoGraphBuilder,
  execute,
  executionOptions,
  explain,
  graphOf,
  jit,
  Operator,
  operator,
  TracerContext,
  XCSGraph,
  type Effect,
  type TraceRecord,
} from '../runtime/index.ts';

/** Answers what it is told to. */
class Node extends Operator {
  static override readonly effect: Effect = 'unordered';
  readonly name: string;
  readonly #answer: (input: never) => unknown;
  calls = 0;
  constructor(name: string, answer: (input: never) => unknown = (input) => ({ of: name, input })) {
    super();
    this.name = name;
    this.#answer = answer;
  }
  override async forward(input: unknown): Promise<unknown> {
    await Promise.resolve();
    this.calls++;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tests give it what it takes
    return this.#answer(input as never);
  }
}
class Writes extends Node {
  static override readonly effect = { writes: 'index' };
}

async function record(run: () => Promise<unknown>): Promise<readonly TraceRecord[]> {
  const tracer = new TracerContext();
  await tracer.run(run);
  return tracer.records;
}

/** `before→after (fields)` of each edge. */
function edgesOf(graph: XCSGraph): readonly string[] {
  return graph.mapEdges((_, { fieldMappings = {} }, before, after) => {
    const fields = Object.entries(fieldMappings).map(([field, becomes]) => `${field}→${String(becomes)}`);
    return `${before}→${after} (${fields.join(', ')})`;
  });
}

const [one, two, three] = [new Node('Op1'), new Node('Op2'), new Node('Op3')];
const build = (records: readonly TraceRecord[], second?: readonly TraceRecord[]): XCSGraph =>
  new AutoGraphBuilder().build(records, second);

describe('edges', () => {
  it('A1: join three calls of which each gets what the one before gave', async () => {
    const records = await record(async () =>
      three.invoke(await two.invoke(await one.invoke({ query: 'x' }))),
    );
    const graph = build(records);
    expect(graph.nodes()).toEqual(['Op1', 'Op2', 'Op3']);
    expect(edgesOf(graph)).toEqual(['Op1→Op2 (*→*)', 'Op2→Op3 (*→*)']);
  });

  it('A2: join the sides of a diamond to both ends', async () => {
    const [left, right] = [new Node('Op2a'), new Node('Op2b')];
    const records = await record(async () => {
      const first = await one.invoke({ query: 'x' });
      const [a, b] = [await left.invoke(first), await right.invoke(first)];
      return three.invoke({ a, b });
    });
    const graph = build(records);
    expect(edgesOf(graph)).toEqual(['Op1→Op2a (*→*)', 'Op1→Op2b (*→*)', 'Op2a→Op3 (*→a)', 'Op2b→Op3 (*→b)']);
    expect(graph.waves()).toEqual([['Op1'], ['Op2a', 'Op2b'], ['Op3']]);
  });

  it('A3: stand where a value goes into a field of another name', async () => {
    const give = new Node('Give', () => ({ result: { text: 'x' } }));
    const records = await record(async () => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what it answers
      const { result } = (await give.invoke('q')) as { result: object };
      return two.invoke({ data: result });
    });
    expect(edgesOf(build(records))).toEqual(['Give→Op2 (result→data)']);
  });

  it.each([true, null, 'same', 7, undefined])(
    'trap 6: do not stand for a value that only equals another one: %o',
    async (value) => {
      const [give, take] = [new Node('Give', () => ({ value })), new Node('Take')];
      const run = async (): Promise<unknown> => {
        await give.invoke({});
        return take.invoke({ value });
      };
      expect(edgesOf(build(await record(run)))).toEqual([]);
      expect(edgesOf(build(await record(run), await record(run)))).toEqual([]);
    },
  );

  it('trap 6: do not stand for an object that only equals another one', async () => {
    const give = new Node('Give', () => ({ list: [] }));
    const records = await record(async () => {
      await give.invoke({});
      return two.invoke({ list: [] });
    });
    expect(edgesOf(build(records))).toEqual([]);
  });

  it('stand for primitives, and for texts around them, that differ between two runs and are the same in both places', async () => {
    const give = new Node('Give', ({ q }: { q: number }) => ({ score: q * 2, text: `<${q}>` }));
    const run = (q: number) => async (): Promise<unknown> => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what it answers
      const { score, text } = (await give.invoke({ q })) as { score: number; text: string };
      return two.invoke({ score, prompt: `Judge ${text}.`, top: 3 });
    };
    const graph = build(await record(run(1)), await record(run(5)));
    expect(edgesOf(graph)).toEqual(['Give→Op2 (score→score, text→prompt)']);
    expect(await execute(graph, { q: 4 })).toEqual({
      of: 'Op2',
      input: { score: 8, prompt: 'Judge <4>.', top: 3 },
    });
  });

  it('keep effects in order', async () => {
    const [write, read] = [new Writes('Write'), new Writes('WriteToo')];
    const records = await record(async () => {
      await write.invoke('x');
      await read.invoke('y');
    });
    const graph = build(records);
    expect(graph.getEdgeAttribute('Write', 'WriteToo', 'causes')).toEqual([
      { kind: 'effect', what: 'index' },
    ]);
  });

  it('take the latest of several calls that answered one object', async () => {
    const same = { text: 'x' };
    const [give, pass] = [new Node('Give', () => same), new Node('Pass', (input) => input)];
    const records = await record(async () => two.invoke(await pass.invoke(await give.invoke('q'))));
    expect(edgesOf(build(records))).toEqual(['Give→Pass (*→*)', 'Pass→Op2 (*→*)']);
  });
});

describe('a graph that was built', () => {
  it('A4: calls the live operators with new inputs, each once', async () => {
    const double = new Node('Double', (value: number) => value * 2);
    const graph = build(await record(() => double.invoke(3)));
    double.calls = 0;
    expect(await execute(graph, 7)).toBe(14);
    expect(double.calls).toBe(1);
  });

  it('has the input and the result of the one call that made all others, which is not a node', async () => {
    const whole = operator(
      async ({ query }: { query: { text: string } }) => {
        const found = await one.invoke(query);
        return { found, judged: await two.invoke({ found }) };
      },
      { name: 'Whole' },
    );
    const graph = build(await record(() => whole.invoke({ query: { text: 'x' } })));
    expect([graph.name, graph.nodes()]).toEqual(['Whole', ['Op1', 'Op2']]);
    const query = { text: 'new' };
    expect(await execute(graph, { query })).toEqual(await whole.invoke({ query }));
  });

  it('trap 3: has no guessed result, and no guessed input: executing it names what is not explained', async () => {
    const adds = operator(async (value: { n: number }) => (await three.invoke({ n: value.n + 1 })) !== value);
    const first = await record(() => adds.invoke({ n: 1 }));
    await expect(execute(build(first), { n: 1 })).rejects.toThrow(/node `result` cannot be executed/u);
    const second = await record(() => adds.invoke({ n: 2 }));
    await expect(execute(build(first, second), { n: 3 })).rejects.toThrow(
      /node `Op3` cannot be executed: its input is computed by code/u,
    );
  });

  it('names the node and the field when a new output lacks what is handed on', async () => {
    const give = new Node('Give', () => ({ result: {} }));
    const records = await record(async () => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what it answers
      const { result } = (await give.invoke({})) as { result: object };
      return two.invoke({ data: result });
    });
    const graph = build(records);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- so that it answers something else
    (give as unknown as { forward: () => object }).forward = () => ({});
    await expect(execute(graph, {})).rejects.toThrow(/node `Op2` needs field `result` of what `Give` gives/u);
  });

  it('is not made of runs that made other calls', async () => {
    const [first, second] = [await record(() => one.invoke(1)), await record(() => two.invoke(1))];
    expect(() => build(first, second)).toThrow(/made other calls/u);
  });

  it('takes inputs whose objects hold one another', async () => {
    class Linked {
      next: Linked | undefined;
    }
    interface Ring {
      all: Ring[];
    }
    const rings: Ring[] = [{ all: [] }, { all: [] }, { all: [] }];
    for (const ring of rings) ring.all.push(...rings);
    const records = await record(async () => [await one.invoke({ rings }), await two.invoke(new Linked())]);
    expect(edgesOf(build(records))).toEqual([]);
  });
});

describe('a long trace', () => {
  const SIZE = 100_000;
  /** As a tracer makes them, without running anything. */
  const recordOf = (id: number, inputs: unknown, outputs: unknown): TraceRecord => ({
    id,
    parent: undefined,
    operator: one,
    name: 'Op1',
    inputs,
    iterations: [id],
    start: 2 * id,
    end: 2 * id + 1,
    outputs,
    error: undefined,
  });
  const chain = (seed: number): readonly TraceRecord[] => {
    const records: TraceRecord[] = [];
    let last: object = { seed };
    for (let id = 0; id < SIZE; id++) {
      const outputs = { text: `${seed}:${id}`, number: id };
      records.push(recordOf(id, { last, prompt: `say ${seed}:${id - 1} again`, same: 'same' }, outputs));
      last = outputs;
    }
    return records;
  };

  it('of 100 000 records becomes a graph as long', () => {
    const graph = build(chain(1), chain(2));
    expect([graph.order, graph.size]).toEqual([SIZE, SIZE - 1]);
    expect(graph.getEdgeAttribute('Op1_41', 'Op1_42', 'fieldMappings')).toEqual({
      '*': 'last',
      text: 'prompt',
    });
  });
});

describe('an output of more items than are looked at', () => {
  it('is where its first ones come from all the same', () => {
    const items = Array.from({ length: 20_000 }, (_, index) => ({ index }));
    const start = { parent: undefined, operator: one, name: 'Op1', iterations: [0], error: undefined };
    const list = { ...start, id: 0, inputs: 'all', outputs: items, start: 0, end: 1 };
    const first = { ...start, id: 1, inputs: { item: items[3] }, outputs: 'done', start: 2, end: 3 };
    expect(edgesOf(build([list, first]))).toHaveLength(1);
  });
});

describe('graphOf and explain of an operator that learns', () => {
  const learner = () => {
    const search = new Node('Search', ({ q }: { q: string }) => ({ text: `found ${q}` }));
    const judge = new Node('Judge');
    return jit(async (q: string) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what it answers
      const { text } = (await search.invoke({ q })) as { text: string };
      return judge.invoke({ q, text });
    });
  };

  it('have nothing to show before the first call', () => {
    const fresh = learner();
    expect(graphOf(fresh).nodes()).toEqual([]);
    expect(explain(fresh)).toContain('has not been called yet');
  });

  it('show the calls of the latest run, and by what they are joined after two', async () => {
    const learns = learner();
    await learns.invoke('x');
    expect([graphOf(learns).nodes(), edgesOf(graphOf(learns))]).toEqual([['Search', 'Judge'], []]);
    await learns.invoke('y');
    expect(edgesOf(graphOf(learns))).toEqual(['Search→Judge (text→text)']);
    expect(graphOf(learns)).toBeInstanceOf(XCSGraph);
    expect(explain(learns)).toContain('with { q: input, text: output 0.text }');
  });

  it('execute by invoking the operator, so that nothing is guessed', async () => {
    const learns = learner();
    await learns.invoke('x');
    await learns.invoke('y');
    expect(await execute(graphOf(learns), 'z')).toEqual(await learns.invoke('z'));
  });

  it('J21: say which strategy is in force, and why', () => {
    const learns = learner();
    expect(explain(learns)).toContain('strategy: jit, `forward` runs for real');
    expect(executionOptions({ scheduler: 'sequential' }, () => explain(learns))).toContain(
      'only recorded: the scheduler in force is sequential',
    );
    expect(explain(jit(new Node('Leaf'), { forceTrace: true }))).toContain('`forceTrace` is set');
  });
});
