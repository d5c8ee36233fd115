/** The engines that need nothing installed: what a person would write, the least that any engine must do, and ours. */
import type { Operator } from '../../runtime/index.ts';
import { compileModules } from '../helpers/compile.ts';
import { runnableOf, settings, type StepOf } from '../helpers/descriptors.ts';
import { runtime } from './built-runtime.ts';
import { layersOf, type Shape, type Visit } from './shapes.ts';

export interface Engine {
  readonly name: string;
  /** Whatever can be made ready once is; the answer runs the graph once, and settles when every node has ended. */
  prepare(shape: Shape, visit: Visit, isAsync: boolean): () => Promise<unknown>;
}

/** What an expert writes by hand, for each node in the cheapest way. */
export const byHand: Engine = {
  name: 'hand-written promise per node',
  prepare:
    ({ before }, visit) =>
    () => {
      const promises: Promise<number>[] = [];
      for (const [node, those] of before.entries()) {
        const waits = those.flatMap((one) => promises[one] ?? []);
        const [first] = waits;
        const ready = waits.length > 1 ? Promise.all(waits) : (first ?? Promise.resolve());
        promises.push(ready.then(() => visit(node)));
      }
      return Promise.all(promises);
    },
};

/** The simplest by hand: all of a layer at once, then the next. */
export const byLayer: Engine = {
  name: 'hand-written promise per layer',
  prepare(shape, visit) {
    const layers = layersOf(shape);
    return async () => {
      // oxlint-disable-next-line no-await-in-loop, typescript/await-thenable -- that is what it is; nodes may answer values
      for (const layer of layers) await Promise.all(layer.map((node) => visit(node)));
    };
  },
};

/** Counts down unmet dependences and does nothing else: no values, no failures, no limits. */
export const countdown: Engine = {
  name: 'countdown, no features (the ceiling)',
  prepare({ before }, visit) {
    const indegree = Int32Array.from(before, (those) => those.length);
    const after: number[][] = before.map(() => []);
    for (const [node, those] of before.entries()) for (const one of those) after[one]?.push(node);
    return () =>
      new Promise<void>((resolve) => {
        const unmet = indegree.slice();
        const ready: number[] = [];
        let left = before.length;
        const end = (node: number): void => {
          for (const next of after[node] ?? []) {
            const more = (unmet[next] ?? 0) - 1;
            unmet[next] = more;
            if (more === 0) ready.push(next);
          }
          if (--left === 0) resolve();
        };
        const drain = (): void => {
          for (let node = ready.pop(); node !== undefined; node = ready.pop()) begin(node);
        };
        const drainAfter = (node: number): void => {
          end(node);
          drain();
        };
        const begin = (node: number): void => {
          const value = visit(node);
          if (typeof value === 'number') return end(node);
          // A node that fails leaves the run hanging: to notice would be a feature.
          void value.then(() => drainAfter(node));
        };
        for (const [node, count] of indegree.entries()) if (count === 0) ready.push(node);
        drain();
      });
  },
};

const { xcs, run } = runtime;

/** One node of a graph that is built by hand, which maps the values before it to fields. */
class NodeOfGraph extends xcs.Operator<Readonly<Record<string, number>>, number> {
  static override readonly effect = 'unordered';
  readonly #visit: Visit;
  readonly #node: number;
  readonly #names: readonly string[];
  constructor(visit: Visit, node: number, before: readonly number[]) {
    super();
    this.#visit = visit;
    this.#node = node;
    this.#names = before.map(nameOf);
  }
  forward(input: Readonly<Record<string, number>> | undefined): number | Promise<number> {
    return this.#visit(this.#node, [this.#node, ...this.#names.map((name) => input?.[name] ?? Number.NaN)]);
  }
}

function nameOf(node: number): string {
  return `n${node}`;
}

export const graphByHand: Engine = {
  name: 'xcs, `XCSGraph` built by hand',
  prepare({ before }, visit) {
    const graph = new xcs.XCSGraph();
    for (const [node, those] of before.entries()) {
      graph.addOperator(nameOf(node), new NodeOfGraph(visit, node, those));
      for (const one of those) graph.connect(nameOf(one), nameOf(node), { '*': nameOf(one) });
    }
    return () => xcs.execute(graph, undefined, { scheduler: 'parallel', maxConcurrency: Infinity });
  },
};

class Node extends xcs.Operator<readonly number[], number> {
  static override readonly effect = 'unordered';
  readonly #visit: Visit;
  constructor(visit: Visit) {
    super();
    this.#visit = visit;
  }
  forward(given: readonly number[]): number | Promise<number> {
    return this.#visit(given[0] ?? 0, given);
  }
}

const UNLIMITED = settings({
  scheduler: new xcs.TopologicalSchedulerWithParallelDispatch(),
  maxConcurrency: Infinity,
});

/** Our engine on a descriptor made by hand, whose nodes are pieces of code. */
export const steps: Engine = {
  name: 'xcs engine, steps of code',
  prepare(shape, visit, isAsync) {
    const kind = isAsync ? 'await' : 'compute';
    const runnable = runnableOf(stepsOf(shape, kind, (given) => visit(given[0] ?? 0, given)));
    return () => run(runnable, undefined, undefined, UNLIMITED);
  },
};

/** The same, with nodes that call an operator. */
export const calls: Engine = {
  name: 'xcs engine, operator calls',
  prepare(shape, visit) {
    const node = new Node(visit);
    const runnable = runnableOf(stepsOf(shape, 'call', (given) => [node, given]));
    return () => run(runnable, undefined, undefined, UNLIMITED);
  },
};

function stepsOf(
  { before }: Shape,
  kind: StepOf['kind'],
  perform: (given: readonly number[]) => unknown,
): readonly StepOf[] {
  return before.map((those, node) => ({
    kind,
    code: (_self, _$, ...values: number[]) => perform([node, ...values]),
    inputs: those.map((one) => `v${one}`),
    outputs: [`v${node}`],
    ...(kind === 'call' ? { method: 'invoke' } : {}),
  }));
}

/** A class that is written one call after another, compiled by the transformer. */
export const compiledClass: Engine = {
  name: 'xcs, compiled class',
  prepare(shape, visit) {
    const operator = compiled(shape)(visit);
    return () => operator.invoke(undefined);
  },
};

type Create = (visit: Visit) => Operator<undefined>;

const made = new WeakMap<Shape, Create>();

function compiled(shape: Shape): Create {
  const known = made.get(shape) ?? compile(shape);
  made.set(shape, known);
  return known;
}

function compile(shape: Shape): Create {
  const module = compileModules({ 'main.ts': sourceOf(shape) }).get('main.ts');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `sourceOf` writes this export
  const create = module?.load({ modules: { xcs } })['create'] as Create;
  const { order } = xcs.graphOf(create(() => 0));
  if (order !== shape.before.length)
    throw new Error(`${shape.name}: compiled to ${order} calls, expected ${shape.before.length}.`);
  return create;
}

function sourceOf({ before }: Shape): string {
  const lines = before.map((those, node) => {
    const given = [String(node), ...those.map((one) => `v${one}`)].join(', ');
    return `const v${node} = await this.node.invoke([${given}]);`;
  });
  return `
import { Operator, structuralJit } from 'xcs';
type Visit = (node: number, given?: readonly number[]) => number | Promise<number>;
class Node extends Operator<readonly number[], number> {
  static override readonly effect = 'unordered';
  constructor(readonly visit: Visit) { super(); }
  override forward(given: readonly number[]) { return this.visit(given[0]!, given); }
}
@structuralJit({ executionStrategy: 'parallel', maxConcurrency: Infinity })
class Graph extends Operator<undefined, number> {
  readonly node: Node;
  constructor(visit: Visit) { super(); this.node = new Node(visit); }
  override async forward(_: undefined): Promise<number> {
    ${lines.join('\n    ')}
    return v${before.length - 1};
  }
}
export const create = (visit: Visit) => new Graph(visit);
`;
}
