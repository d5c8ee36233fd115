/** LangGraph in its two forms: a graph of states, and tasks that a function calls. */
import type { Engine } from '../engines.ts';
import { load } from './load-package.ts';

type State = Readonly<Record<string, number>>;

interface Invocable {
  invoke(input: unknown, options: { readonly recursionLimit: number }): Promise<unknown>;
}

interface StateGraph {
  addNode(name: string, fn: (state: State) => unknown): StateGraph;
  addEdge(before: string | readonly string[], after: string): StateGraph;
  compile(): Invocable;
}

interface LangGraphLibrary {
  readonly StateGraph: new (state: unknown) => StateGraph;
  readonly Annotation: { (): unknown; Root(fields: Readonly<Record<string, unknown>>): unknown };
  readonly START: string;
  readonly END: string;
  readonly task: <T>(
    name: string,
    fn: (...given: readonly number[]) => T | Promise<T>,
  ) => (...given: readonly number[]) => Promise<T>;
  readonly entrypoint: (name: string, fn: () => Promise<unknown>) => Invocable;
}

/** Each node has a channel of its own; it runs when all those before it have written theirs. */
export async function stateGraph(version: string): Promise<Engine> {
  const { StateGraph, Annotation, START, END } = await load<LangGraphLibrary>('@langchain/langgraph');
  return {
    name: `LangGraph ${version}, StateGraph`,
    prepare({ before }, visit) {
      const channels = before.map((_, node) => [`v${node}`, Annotation()] as const);
      const graph = new StateGraph(Annotation.Root(Object.fromEntries(channels)));
      const hasAfter = new Set(before.flat());
      for (const [node, those] of before.entries()) {
        graph.addNode(`n${node}`, async (state) => ({
          [`v${node}`]: await visit(node, [node, ...those.map((one) => state[`v${one}`] ?? Number.NaN)]),
        }));
        const [first = START, ...others] = those.map((one) => `n${one}`);
        graph.addEdge(others.length === 0 ? first : [first, ...others], `n${node}`);
        if (!hasAfter.has(node)) graph.addEdge(`n${node}`, END);
      }
      const compiled = graph.compile();
      return () => compiled.invoke({}, { recursionLimit: before.length + 1 });
    },
  };
}

/** Promises by hand, but each is that of a task. */
export async function tasks(version: string): Promise<Engine> {
  const { task, entrypoint } = await load<LangGraphLibrary>('@langchain/langgraph');
  return {
    name: `LangGraph ${version}, functional`,
    prepare({ before }, visit) {
      const made = before.map((_, node) => task(`n${node}`, (...given) => visit(node, [node, ...given])));
      const program = entrypoint('graph', async () => {
        const promises: Promise<number>[] = [];
        for (const [node, those] of before.entries()) {
          const waits = those.flatMap((one) => promises[one] ?? []);
          const begin = made[node];
          if (begin !== undefined) promises.push(Promise.all(waits).then((given) => begin(...given)));
        }
        return await Promise.all(promises);
      });
      return () => program.invoke({}, { recursionLimit: before.length + 1 });
    },
  };
}
