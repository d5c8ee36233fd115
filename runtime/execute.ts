/**
 * Runs a graph on the same engine as compiled code: same schedulers, limits, signals and errors.
 */
import { must, notExecutable, unknownNode } from './errors.ts';
import { compileGraph, type CompiledGraph, type Outcome } from './graph/compile-graph.ts';
import type { XCSGraph } from './graph/graph.ts';
import type { Linked } from './link.ts';
import { checkExecutionOptions, overlay, type ExecutionOptions } from './options.ts';
import { buildPlan } from './plan.ts';
import { run } from './run.ts';
import { scopes } from './scope.ts';
import { settingsOf } from './settings.ts';

/** What else `executeDetailed` may be told. */
export interface DetailedOptions extends ExecutionOptions {
  /** Go on when a node fails: what waits for it is skipped, everything else runs. @default false */
  readonly continueOnError?: boolean;
  /** Call no operator, only list the nodes in the order in which they would start. @default false */
  readonly dryRun?: boolean;
}

/** What became of every node. */
export interface ExecutionReport {
  /** What `execute` answers; `undefined` when a node that it comes from has failed, was skipped or not called. */
  readonly result: unknown;
  /** All nodes, each after those that it waits for. */
  readonly order: readonly string[];
  /** By node: what it gave. */
  readonly outputs: ReadonlyMap<string, unknown>;
  /** By node: what it threw, untouched. */
  readonly errors: ReadonlyMap<string, unknown>;
  /** Nodes that were not called, because a node that they wait for has failed. */
  readonly skipped: readonly string[];
}

/**
 * Runs a graph and answers its result: what it `returns`, else the output of the one node that nothing waits for, else the
 * outputs of all such nodes by id. Any number of runs of one graph may overlap.
 *
 * A node is called with the fields that its edges map to it; else with the output of the one node before it, or the fields
 * of the outputs of all of them; else with `input`. Neither `input` nor an output is ever written to.
 *
 * @throws what a node throws, untouched, the first in the order of the nodes (`failedStep` finds it); an XCSError with code
 * `XCS1103` for a cycle, `XCS1105` to `XCS1107` when the input of a node cannot be made, `XCS1108` for a node without
 * operator.
 * @example
 * const graph = new XCSGraph()
 *   .addOperator('double', operator(async (n: number) => n * 2))
 *   .addOperator('triple', operator(async (n: number) => n * 3))
 *   .connect('double', 'triple');
 * await execute(graph, 5); // 30
 */
export async function execute(
  graph: XCSGraph,
  input?: unknown,
  options: ExecutionOptions = {},
): Promise<unknown> {
  const checked = checkExecutionOptions('execute', options);
  const runner = graph.getAttribute('runner');
  if (runner !== undefined) return runner(input, checked);
  return (await runGraph(graph, input, checked, false)).result;
}

/**
 * Runs a graph like `execute`, and answers what became of every node.
 *
 * @example
 * const { errors, skipped } = await executeDetailed(graph, input, { continueOnError: true });
 * const { order } = await executeDetailed(graph, input, { dryRun: true });
 */
export async function executeDetailed(
  graph: XCSGraph,
  input?: unknown,
  { continueOnError = false, dryRun = false, ...options }: DetailedOptions = {},
): Promise<ExecutionReport> {
  const checked = checkExecutionOptions('executeDetailed', options);
  const nothing = { outputs: new Map<string, never>(), errors: new Map<string, never>(), skipped: [] };
  if (dryRun) return { result: undefined, order: graph.topologicalOrder(), ...nothing };
  const runner = graph.getAttribute('runner');
  // Compiled code runs as a whole: what its calls gave is its own.
  if (runner !== undefined)
    return { result: await runner(input, checked), order: graph.topologicalOrder(), ...nothing };
  return runGraph(graph, input, checked, continueOnError);
}

async function runGraph(
  graph: XCSGraph,
  input: unknown,
  options: ExecutionOptions,
  continueOnError: boolean,
): Promise<ExecutionReport> {
  // Everything is read from the graph before the first call: it may be changed while the run is going.
  const resultOf = bindResult(graph);
  const compiledGraph = compileGraph(graph, continueOnError);
  const linked = link(graph, compiledGraph);
  const settings = settingsOf(linked, linked.decoration.options, overlay(scopes.current, options));
  const outcomes: Outcome[] = [];
  await run(linked, outcomes, input, settings);
  return report(compiledGraph.order, outcomes, (outputs) => resultOf(outputs, input));
}

function report(
  order: readonly string[],
  outcomes: readonly Outcome[],
  resultOf: (outputs: ReadonlyMap<string, unknown>) => unknown,
): ExecutionReport {
  const outputs = new Map<string, unknown>();
  const errors = new Map<string, unknown>();
  const skipped: string[] = [];
  for (const [index, id] of order.entries()) {
    const outcome = must(outcomes[index], `node \`${id}\` has no outcome`);
    switch (outcome.kind) {
      case 'done':
        outputs.set(id, outcome.value);
        break;
      case 'failed':
        errors.set(id, outcome.error);
        break;
      case 'skipped':
        skipped.push(id);
        break;
    }
  }
  return { result: resultOf(outputs), order, outputs, errors, skipped };
}

type ResultOf = (outputs: ReadonlyMap<string, unknown>, input: unknown) => unknown;

function bindResult(graph: XCSGraph): ResultOf {
  const { result, resultOf, boundResult } = graph.getAttributes();
  const nodes = graph.nodes();
  if (resultOf !== undefined) {
    return (outputs, input) => {
      // What a function makes of outputs that are not there is nothing.
      if (outputs.size < nodes.length) return undefined;
      return resultOf((id) => {
        if (!outputs.has(id)) throw unknownNode(id, nodes);
        return outputs.get(id);
      }, input);
    };
  }
  if (boundResult === true)
    throw notExecutable(
      'result',
      'it is computed by a function, which JSON does not carry; call `returns` again',
    );
  const ends = result === undefined ? nodes.filter((id) => graph.outDegree(id) === 0) : [result];
  const [only] = ends;
  if (only !== undefined && ends.length === 1) return (outputs) => outputs.get(only);
  return (outputs) =>
    Object.fromEntries(ends.flatMap((id) => (outputs.has(id) ? [[id, outputs.get(id)]] : [])));
}

function link(graph: XCSGraph, { compiled }: CompiledGraph): Linked {
  const { strategy, name } = graph;
  // A strategy that nobody chose leaves the choice to the options of the program.
  const options = strategy === 'auto' ? {} : { executionStrategy: strategy };
  const { steps, dependences } = compiled.descriptor;
  const plan = buildPlan(steps, dependences);
  return {
    decoration: { name, forward: undefined, compiled, options },
    compiled,
    operators: [],
    dependences,
    plan,
  };
}
