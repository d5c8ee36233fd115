/** Engines that take nodes with named inputs, and find out from the names what waits for what: GraphAI and AxFlow. */
import type { Engine } from '../engines.ts';
import type { Visit } from '../shapes.ts';
import { load } from './load-package.ts';

interface GraphAiLibrary {
  readonly GraphAI: new (
    graph: {
      readonly version: number;
      readonly concurrency: number;
      readonly nodes: Readonly<Record<string, unknown>>;
    },
    agents: Readonly<Record<string, never>>,
  ) => { run(all: boolean): Promise<unknown> };
  readonly graphDataLatestVersion: number;
}

/** An instance for each run, for one keeps the state and the logs of its run. */
export async function graphAi(version: string): Promise<Engine> {
  const { GraphAI, graphDataLatestVersion } = await load<GraphAiLibrary>('graphai');
  return {
    name: `GraphAI ${version}`,
    prepare({ before }, visit) {
      const nodes = before.map((those, node) => {
        const agent = ({ values = [] }: { readonly values?: readonly number[] }): unknown =>
          visit(node, [node, ...values]);
        return [`n${node}`, { agent, inputs: { values: those.map((one) => `:n${one}`) } }] as const;
      });
      const graph = {
        version: graphDataLatestVersion,
        concurrency: before.length,
        nodes: Object.fromEntries(nodes),
      };
      return () => new GraphAI(graph, {}).run(true);
    },
  };
}

type State = Readonly<Record<string, { readonly nodeNumber: number }>>;
interface Given {
  readonly values: readonly number[];
}

interface Flow {
  node(name: string, program: object): Flow;
  execute(name: string, mapping: (state: State) => Given): Flow;
  forward(ai: unknown, values: unknown): Promise<unknown>;
}

interface Signature {
  input(name: string, type: unknown): Signature;
  output(name: string, type: unknown): Signature;
  build(): unknown;
}

interface AxLibrary {
  readonly flow: (options: { readonly autoParallel: boolean; readonly batchSize: number }) => Flow;
  readonly f: { (): Signature; number(description: string): unknown };
  readonly AxProgram: new (signature: unknown) => object;
  readonly AxMockAIService: new (config: object) => unknown;
}

/** It reads what a step needs out of the text of a function, so the text is written for it. */
export async function axFlow(version: string): Promise<Engine> {
  const { flow, f, AxProgram, AxMockAIService } = await load<AxLibrary>('@ax-llm/ax');
  const signature = f()
    .input('numbersBefore', f.number('one or more'))
    .output('nodeNumber', f.number('one'))
    .build();
  const ai = new AxMockAIService({});
  class NodeProgram extends AxProgram {
    readonly #visit: Visit;
    readonly #node: number;
    constructor(visit: Visit, node: number) {
      super(signature);
      this.#visit = visit;
      this.#node = node;
    }
    async forward(_: unknown, { values }: Given): Promise<{ readonly nodeNumber: number }> {
      return { nodeNumber: await this.#visit(this.#node, [this.#node, ...values]) };
    }
  }
  return {
    name: `AxFlow (@ax-llm/ax ${version}), automatic`,
    prepare({ before }, visit) {
      const all = flow({ autoParallel: true, batchSize: before.length });
      for (const [node, those] of before.entries()) {
        const reads = those.map((one) => `state.n${one}Result.nodeNumber`);
        // oxlint-disable-next-line typescript/no-implied-eval, no-new-func, typescript/no-unsafe-type-assertion -- see above
        const mapping = new Function(`return (state) => ({ values: [${reads.join(', ')}] });`)() as (
          state: State,
        ) => Given;
        all.node(`n${node}`, new NodeProgram(visit, node));
        all.execute(`n${node}`, mapping);
      }
      return () => all.forward(ai, {});
    },
  };
}
