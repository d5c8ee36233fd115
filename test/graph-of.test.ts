import { describe, expect, it } from 'vitest';
import type { Compiled, Descriptor, Effect, OperatorRef } from '../runtime/descriptor.ts';
import { execute, executeDetailed } from '../runtime/execute.ts';
import { operator } from '../runtime/function-operator.ts';
import { graphOf } from '../runtime/graph/graph-of.ts';
import { XCSGraph } from '../runtime/graph/graph.ts';
import { Operator } from '../runtime/operator.ts';
import { structuralJit } from '../runtime/structural-jit.ts';
import { unordered } from './helpers/descriptors.ts';
import { sample, sampleStep } from './helpers/sample-descriptor.ts';

class Leaf extends Operator<string, string> {
  static override readonly effect: Effect = 'unordered';
  readonly name: string;
  constructor(name = 'leaf') {
    super();
    this.name = name;
  }
  override async forward(input: string): Promise<string> {
    return `${input}_${this.name}`;
  }
}

/** Holds whatever it is given, as written. */
class Holder extends Operator<string, string> {
  readonly held: unknown;
  constructor(held?: unknown) {
    super();
    this.held = held;
  }
  override async forward(input: string): Promise<string> {
    return input;
  }
}

const paths = (target: unknown): readonly string[] => [...graphOf(target).operators.keys()];

const reference = (id: number, label: string, path?: readonly string[]): OperatorRef => {
  return {
    id,
    label,
    type: 'Leaf',
    found: 'field',
    effect: unordered,
    ...(path === undefined ? {} : { path }),
  };
};

/** What the transformer emits for a body that calls each operator with the input, and joins the results. */
function compile(name: string, operators: readonly OperatorRef[], callees: Compiled['callees']): Compiled {
  const slots = operators.map(({ id }) => id + 2);
  const calls = operators.map(({ id, label }) =>
    sampleStep(id, 'call', { label, inputs: [0], outputs: [id + 2], operators: [id], method: 'invoke' }),
  );
  const end = operators.length;
  const descriptor: Descriptor = {
    ...sample,
    name,
    slots: ['input', 'context', ...operators.map(({ id }) => `r${id}`)],
    places: [],
    operators,
    steps: [...calls, sampleStep(end, 'return', { inputs: slots })],
    dependences: operators.map(({ id }) => ({ before: id, after: end, kind: 'flow', what: `r${id}` })),
    criticalPath: 1,
    guards: [],
    fields: [],
    notes: [],
  };
  const code = operators.map(({ id }) => (self: never, _: unknown, input: unknown) => [
    callees[id]?.(self),
    input,
  ]);
  const join = (_self: unknown, _$: unknown, ...results: readonly unknown[]): unknown => results.join('+');
  return { descriptor, steps: [...code, join], callees, guards: [] };
}

class Pair extends Operator<string, string> {
  readonly #first = new Leaf('first');
  readonly second = new Leaf('second');
  override async forward(input: string): Promise<string> {
    return [
      await this.#first.invoke(input),
      await this.second.invoke(input),
      await this.second.invoke(input),
    ].join('+');
  }
  static {
    const operators = [
      reference(0, 'this.#first'),
      reference(1, 'this.second', ['second']),
      reference(2, 'this.second', ['second']),
    ];
    const callees = [(self: Pair) => self.#first, (self: Pair) => self.second, (self: Pair) => self.second];
    const decorate = structuralJit({ executionStrategy: 'parallel' });
    Reflect.apply(decorate, undefined, [Pair, compile('Pair', operators, callees)]);
  }
}

describe('the tree of operators', () => {
  it('SJ1 of an operator without others is its root, which has no parent', () => {
    const leaf = new Leaf();
    expect([...graphOf(leaf).operators]).toEqual([['root', { path: 'root', name: 'Leaf', operator: leaf }]]);
  });

  it('SJ2 has two attributes under the root', () => {
    class Two extends Holder {
      readonly left = new Leaf();
      readonly right = new Leaf();
    }
    const two = new Two();
    expect([...graphOf(two).operators.values()]).toEqual([
      { path: 'root', name: 'Two', operator: two },
      { path: 'root.left', parent: 'root', name: 'Leaf', operator: two.left },
      { path: 'root.right', parent: 'root', name: 'Leaf', operator: two.right },
    ]);
  });

  it('SJ3 has all four of a diamond', () => {
    class Diamond extends Holder {
      readonly start = new Leaf();
      readonly left = new Leaf();
      readonly right = new Leaf();
      readonly end = new Leaf();
    }
    expect(paths(new Diamond())).toEqual(['root', 'root.start', 'root.left', 'root.right', 'root.end']);
  });

  it('SJ4 has operators at every level, each under the one that holds it', () => {
    const { operators } = graphOf(new Holder(new Holder(new Leaf())));
    expect([...operators.values()].map(({ path, parent }) => [path, parent])).toEqual([
      ['root', undefined],
      ['root.held', 'root'],
      ['root.held.held', 'root.held'],
    ]);
  });

  it('SJ5 has what lists, maps and records hold, nested as they may be', () => {
    const leaves = (count: number): readonly Leaf[] => Array.from({ length: count }, () => new Leaf());
    const held = {
      chain: leaves(3),
      map: new Map<unknown, unknown>([
        ['diamond', leaves(4)],
        ['an ensemble', new Holder([leaves(3)])],
        [7, new Leaf()],
      ]),
      ensemble: new Holder(leaves(5)),
      text: 'no operator',
    };
    expect(paths(new Holder(held))).toEqual([
      'root',
      'root.held.chain[0]',
      'root.held.chain[1]',
      'root.held.chain[2]',
      'root.held.map.diamond[0]',
      'root.held.map.diamond[1]',
      'root.held.map.diamond[2]',
      'root.held.map.diamond[3]',
      'root.held.map["an ensemble"]',
      'root.held.map["an ensemble"].held[0][0]',
      'root.held.map["an ensemble"].held[0][1]',
      'root.held.map["an ensemble"].held[0][2]',
      'root.held.ensemble',
      'root.held.ensemble.held[0]',
      'root.held.ensemble.held[1]',
      'root.held.ensemble.held[2]',
      'root.held.ensemble.held[3]',
      'root.held.ensemble.held[4]',
    ]);
  });

  it('SJ6 lists an instance once, at the first path that leads to it', () => {
    const leaf = new Leaf();
    expect(paths(new Holder([leaf, { again: leaf }]))).toEqual(['root', 'root.held[0]']);
  });

  it('SJ7 goes ten levels down', () => {
    let nest: Operator<string, string> = new Leaf();
    for (let depth = 0; depth < 10; depth++) nest = new Holder(nest);
    expect(graphOf(nest).operators.size).toBe(11);
  });

  it('SJ8 of an operator that holds itself ends', () => {
    class Selfish extends Holder {
      readonly me: unknown = this;
      readonly list: readonly unknown[] = [this, new Leaf()];
    }
    expect(paths(new Selfish())).toEqual(['root', 'root.list[1]']);
  });

  it('has `#private` fields of compiled classes, at every level', () => {
    const { operators } = graphOf(new Holder(new Pair()));
    expect([...operators.values()].map(({ path, parent, name }) => [path, parent, name])).toEqual([
      ['root', undefined, 'Holder'],
      ['root.held', 'root', 'Pair'],
      ['root.held.second', 'root.held', 'Leaf'],
      ['root.held.#first', 'root.held', 'Leaf'],
    ]);
  });

  it('runs no getter, and does not look into instances of other classes', () => {
    class Sly extends Holder {
      readonly date = new (class {
        readonly leaf = new Leaf();
      })();
    }
    const sly = new Sly();
    Object.defineProperty(sly, 'trap', { enumerable: true, get: () => expect.unreachable() });
    expect(paths(sly)).toEqual(['root']);
  });

  it('of a graph built by hand goes by node', () => {
    const graph = new XCSGraph().addOperator('one', new Holder([new Leaf()])).addOperator(
      'two',
      operator(async () => 1),
    );
    expect([...graph.operators.keys()]).toEqual(['one', 'one.held[0]', 'two']);
  });
});

describe('the graph of compiled code', () => {
  it('SJ6 has a node for each call site, and none for the composite', () => {
    const graph = graphOf(new Pair());
    expect(graph.mapNodes((_, { label }) => label)).toEqual([
      'r0 = this.#first',
      'r1 = this.second',
      'r2 = this.second',
    ]);
    expect([graph.order, graph.size, graph.name]).toEqual([3, 0, 'Pair']);
  });

  it('SJ17 reports the strategy of its class, and `auto` where none was given', () => {
    expect(graphOf(new Pair()).strategy).toBe('parallel');
    expect(graphOf(new Leaf()).strategy).toBe('auto');
  });

  it('is there for the class, with the operators that the compiler saw', () => {
    const graph = graphOf(Pair);
    expect([graph.order, graph.strategy]).toEqual([3, 'parallel']);
    expect([...graph.operators.keys()]).toEqual(['root', 'root.#first', 'root.second']);
  });

  it('shows the dependences under the effects of the actual operators', () => {
    class Writer extends Leaf {
      static override readonly effect: Effect = 'sequential';
    }
    const pair = Object.assign(new Pair(), { second: new Writer() });
    expect(
      graphOf(pair).mapEdges((_, { causes }, before, after) => [before, after, causes[0]?.kind]),
    ).toEqual([
      ['0', '1', 'failure'],
      ['1', '2', 'effect'],
    ]);
  });

  it('is executed by invoking the operator', async () => {
    const graph = graphOf(new Pair());
    expect(await execute(graph, 'x')).toBe('x_first+x_second+x_second');
    const report = await executeDetailed(graph, 'x', { scheduler: 'sequential' });
    expect(report).toMatchObject({ result: 'x_first+x_second+x_second', order: ['0', '1', '2'] });
    expect(await executeDetailed(graph, 'x', { dryRun: true })).toMatchObject({
      result: undefined,
      order: ['0', '1', '2'],
    });
  });

  it.each([1, 2])(
    'runs within a graph under a limit of %d without waiting for itself',
    async (maxConcurrency) => {
      const graph = new XCSGraph().addOperator('one', new Pair()).addOperator('two', new Pair());
      const result = { one: 'x_first+x_second+x_second', two: 'x_first+x_second+x_second' };
      for (const continueOnError of [false, true]) {
        const options = { maxConcurrency, continueOnError, scheduler: 'parallel' } as const;
        expect((await executeDetailed(graph, 'x', options)).result).toEqual(result); // eslint-disable-line no-await-in-loop
      }
    },
  );

  it('no longer stands for the operator once it is changed', async () => {
    const graph = graphOf(new Pair()).addOperator('more', new Leaf());
    await expect(execute(graph, 'x')).rejects.toMatchObject({ code: 'XCS1108' });
    expect([...graph.operators.keys()]).toEqual(['more']);
  });

  it('of a class cannot be executed', async () => {
    await expect(execute(graphOf(Pair), 'x')).rejects.toMatchObject({ code: 'XCS1108' });
  });

  it('is there for a compiled function, with the operators around it', async () => {
    const search = new Leaf('search');
    const compiled = compile('ask', [reference(0, 'search')], [() => search]);
    const ask = structuralJit(async (input: string) => search.invoke(input), undefined, compiled);
    expect(paths(ask)).toEqual(['root', 'root.search']);
    expect(graphOf(ask).mapNodes((_, { label }) => label)).toEqual(['r0 = search']);
    expect(await execute(graphOf(ask), 'x')).toBe('x_search');
  });
});

describe('the graph of what is not compiled', () => {
  it('has no steps', async () => {
    const graph = graphOf(new Holder(new Leaf()));
    expect([graph.order, graph.name]).toEqual([0, 'Holder']);
    expect(await execute(graph, 'x')).toBe('x');
    expect([...graphOf(Holder).operators.values()]).toEqual([{ path: 'root', name: 'Holder' }]);
    expect(paths(operator(async () => 1, { name: 'one' }))).toEqual(['root']);
  });

  it.each([[undefined], [{}], ['Pair'], [class Plain extends Array {}], [(): number => 1]])(
    'is an error for %s',
    (target) => {
      expect(() => graphOf(target)).toThrow(expect.objectContaining({ code: 'XCS1006' }));
    },
  );
});
