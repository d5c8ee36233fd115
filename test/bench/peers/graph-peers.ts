/** Engines that are given tasks and what each waits for, and limits around promises written by hand. */
import type { Engine } from '../engines.ts';
import { load } from './load-package.ts';

interface PromiseGraph {
  readonly PGraph: new (
    nodes: ReadonlyMap<string, { run(): unknown }>,
    dependencies: readonly (readonly [before: string, after: string])[],
  ) => { run(): Promise<void> };
}

export async function promiseGraph(version: string): Promise<Engine> {
  const { PGraph } = await load<PromiseGraph>('p-graph');
  return {
    name: `p-graph ${version}`,
    prepare({ before }, visit) {
      const nodes = new Map(before.map((_, node) => [String(node), { run: () => visit(node) }]));
      const edges = before.flatMap((those, node) => those.map((one) => [String(one), String(node)] as const));
      const graph = new PGraph(nodes, edges);
      return () => graph.run();
    },
  };
}

type Callback = (error: unknown, value?: unknown) => void;

interface AsyncLibrary {
  readonly auto: (tasks: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/** Tasks that call back: a promise for each would be added to what is measured. */
export async function autoTasks(version: string): Promise<Engine> {
  const { auto } = await load<AsyncLibrary>('async');
  return {
    name: `async.auto ${version}`,
    prepare({ before }, visit) {
      const work = (node: number, end: Callback): void => {
        const value = visit(node);
        if (typeof value === 'number') end(null, value);
        else value.then((result) => end(null, result), end);
      };
      const tasks = before.map((those, node) => {
        const own =
          those.length === 0
            ? (end: Callback) => work(node, end)
            : (_: unknown, end: Callback) => work(node, end);
        return [`n${node}`, [...those.map((one) => `n${one}`), own]] as const;
      });
      const graph = Object.fromEntries(tasks);
      return () => auto(graph);
    },
  };
}

interface Around {
  readonly $: Readonly<Record<string, Promise<unknown>>>;
}

interface AllLibrary {
  readonly all: (tasks: Readonly<Record<string, (this: Around) => unknown>>) => Promise<unknown>;
}

export async function betterAll(version: string): Promise<Engine> {
  const { all } = await load<AllLibrary>('better-all');
  return {
    name: `better-all ${version}`,
    prepare({ before }, visit) {
      const tasks = before.map((those, node) => {
        const names = those.map((one) => `n${one}`);
        const task = async function (this: Around): Promise<number> {
          const waits = names.flatMap((name) => this.$[name] ?? []);
          await (waits.length > 1 ? Promise.all(waits) : waits[0]);
          return visit(node);
        };
        return [`n${node}`, task] as const;
      });
      const graph = Object.fromEntries(tasks);
      return () => all(graph);
    },
  };
}

interface LimitLibrary {
  readonly default: (concurrency: number) => <T>(fn: () => T | Promise<T>) => Promise<T>;
}

/** Knows nothing of what waits for what: promises by hand, each through a limit that all fit into. */
export async function limited(version: string): Promise<Engine> {
  const { default: limit } = await load<LimitLibrary>('p-limit');
  return {
    name: `p-limit ${version}, by hand`,
    prepare:
      ({ before }, visit) =>
      () => {
        const through = limit(before.length);
        const promises: Promise<number>[] = [];
        for (const [node, those] of before.entries()) {
          const waits = those.flatMap((one) => promises[one] ?? []);
          promises.push(Promise.all(waits).then(() => through(() => visit(node))));
        }
        return Promise.all(promises);
      },
  };
}
