/**
 * Runs a graph on the same engine as compiled code: same schedulers, limits, signals and errors.
 */
import type { AutoGraph } from './autograph/autograph.ts';
import { recording } from './autograph/recording.ts';
import { EXPLAIN, isObject } from './brand.ts';
import { badOption, notAFunction, notAGraph } from './errors.ts';
import type { XCSGraph } from './graph/graph.ts';
import type { Outcome } from './graph/compile-graph.ts';
import { linkGraph, outcomesOf } from './graph/link-graph.ts';
import type { GraphFacts } from './graph/node.ts';
import { sortOutcomes, withDefaults } from './graph/result.ts';
import { NodeCalls, type NodeTimes } from './node-calls.ts';
import { CodeCalls } from './node-report.ts';
import { checkExecutionOptions, overlay, type ExecutionOptions } from './options.ts';
import { run } from './run.ts';
import { scopes } from './scope.ts';
import { measured, settingsOf } from './settings.ts';
import { weigh } from './weigh.ts';

/** What else `executeDetailed` may be told. */
export interface DetailedOptions extends ExecutionOptions {
  /**
   * Go on when a node fails: what waits for it is skipped, everything else runs. Of an operator that `graphOf` shows, the
   * code itself says what follows from a failure; what it comes to no more is skipped. @default false
   */
  readonly continueOnError?: boolean;
  /** Call no operator, only list the nodes in the order in which they would start. @default false */
  readonly dryRun?: boolean;
  /** Milliseconds from anywhere, for `times`. @default performance.now */
  readonly clock?: () => number;
}

/** What became of every node. */
export interface ExecutionReport {
  /** What `execute` answers; `undefined` when a node that it comes from has failed, was skipped or not called. */
  readonly result: unknown;
  /** All nodes, each after those that it waits for. */
  readonly order: readonly string[];
  /**
   * By node: what it gave; of a node that stands for several calls of a run, in a loop or in one expression, the list of what
   * they gave, in the order of the code.
   */
  readonly outputs: ReadonlyMap<string, unknown>;
  /** By node: what it threw, untouched; the first of several calls. */
  readonly errors: ReadonlyMap<string, unknown>;
  /** By node, on the clock: when its call began, having waited for all that it must wait for, and when it ended. */
  readonly times: ReadonlyMap<string, NodeTimes>;
  /** Nodes that were not called, or not to their end, because a node that they wait for has failed. */
  readonly skipped: readonly string[];
  /** Nodes that were not called, because `when`, or the code, took another branch. */
  readonly unchosen: readonly string[];
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
export async function execute<I, O>(
  graph: AutoGraph<I, O>,
  input?: I,
  options?: ExecutionOptions,
): Promise<O>;
export async function execute(graph: XCSGraph, input?: unknown, options?: ExecutionOptions): Promise<unknown>;
export async function execute(
  graph: XCSGraph,
  input?: unknown,
  options: ExecutionOptions = {},
): Promise<unknown> {
  checkGraph('execute', graph);
  const checked = checkExecutionOptions('execute', options);
  graph.getAttribute('seal')?.();
  const runner = graph.getAttribute('runner');
  if (runner !== undefined) return recording.suspend(() => runner(input, checked));
  const { result } = await runGraph(graph, input, checked, false);
  return result;
}

/**
 * Runs a graph like `execute`, and answers what became of every node. Nothing is known of the nodes of an operator that runs
 * as written, because its compiled code is switched off or does not fit it.
 *
 * @example
 * const { errors, skipped } = await executeDetailed(graph, input, { continueOnError: true });
 * const { order } = await executeDetailed(graph, input, { dryRun: true });
 */
export async function executeDetailed(
  graph: XCSGraph,
  input?: unknown,
  given: DetailedOptions = {},
): Promise<ExecutionReport> {
  checkGraph('executeDetailed', graph);
  const { continueOnError = false, dryRun = false, clock = now, ...options } = given;
  for (const [name, value] of Object.entries({ continueOnError, dryRun }))
    if (typeof value !== 'boolean') throw badOption('executeDetailed', name, value, 'true or false');
  if (typeof clock !== 'function') throw notAFunction('executeDetailed', clock);
  const checked = checkExecutionOptions('executeDetailed', options, ['continueOnError', 'dryRun', 'clock']);
  graph.getAttribute('seal')?.();
  const nothing = {
    outputs: new Map<string, never>(),
    errors: new Map<string, never>(),
    times: new Map<string, never>(),
    skipped: [],
    unchosen: [],
  };
  if (dryRun) return { result: undefined, order: graph.topologicalOrder(), ...nothing };
  const runner = graph.getAttribute('runner');
  if (runner !== undefined)
    return runCode(graph, runner, continueOnError, { input, options: checked, clock });
  const calls = new NodeCalls(clock);
  return reportOf(await runGraph(graph, input, checked, continueOnError, calls), calls);
}

/** Code that is compiled or learns runs as a whole; what it does when a node fails, it says itself. */
async function runCode(
  graph: XCSGraph,
  runner: NonNullable<GraphFacts['runner']>,
  continueOnError: boolean,
  { input, options, clock }: { input: unknown; options: ExecutionOptions; clock: () => number },
): Promise<ExecutionReport> {
  const order = graph.topologicalOrder();
  const code = new CodeCalls(graph, clock);
  try {
    const result = await recording.suspend(() => runner(input, options, code.calls));
    return { result, order, ...code.report(undefined) };
  } catch (error) {
    if (!continueOnError || !code.isFailureOfNode(error)) throw error;
    return { result: undefined, order, ...code.report({ error }) };
  }
}

const now = (): number => performance.now();

/** Graphs are told by what they can tell, so that they need not be imported. */
function checkGraph(where: string, graph: unknown): void {
  if (!isObject(graph) || !(EXPLAIN in graph)) throw notAGraph(where, graph);
}

interface GraphRun {
  readonly order: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly result: unknown;
}

async function runGraph(
  graph: XCSGraph,
  input: unknown,
  options: ExecutionOptions,
  continueOnError: boolean,
  calls?: NodeCalls,
): Promise<GraphRun> {
  // Everything is read from the graph before the first call: it may be changed while the run is going.
  const { order, linked, resultOf } = linkGraph(graph, continueOnError);
  const given = withDefaults(graph, input);
  const inForce = settingsOf(linked, linked.decoration.options, overlay(scopes.current, options));
  const settings = measured(linked, inForce, calls);
  const gave = await recording.suspend(() => run(weigh(linked, settings), undefined, given, settings));
  const outcomes = outcomesOf(gave);
  return { order, outcomes, result: resultOf(outcomes, given) };
}

function reportOf({ order, outcomes, result }: GraphRun, calls: NodeCalls): ExecutionReport {
  const times = new Map(
    order.flatMap((id, node) => {
      const taken = calls.timesOf(node);
      return taken === undefined ? [] : [[id, taken] as const];
    }),
  );
  return { result, order, ...sortOutcomes(order, outcomes), times };
}
