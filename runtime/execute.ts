/**
 * Runs a graph on the same engine as compiled code: same schedulers, limits, signals and errors.
 */
import type { AutoGraph } from './autograph/autograph.ts';
import { recording } from './autograph/recording.ts';
import type { CallTimer, TimedCall } from './call-timer.ts';
import type { Compiled } from './descriptor.ts';
import { notAFunction } from './errors.ts';
import type { Frame } from './frame.ts';
import { compileGraph, type Outcome } from './graph/compile-graph.ts';
import type { XCSGraph } from './graph/graph.ts';
import { bindResult, sortOutcomes, withDefaults } from './graph/result.ts';
import { countGraph, profileOf, type Linked } from './link.ts';
import { checkExecutionOptions, overlay, type ExecutionOptions } from './options.ts';
import { buildPlan } from './plan.ts';
import { run } from './run.ts';
import { scopes } from './scope.ts';
import { settingsOf } from './settings.ts';
import { weigh } from './weigh.ts';

/** What else `executeDetailed` may be told. */
export interface DetailedOptions extends ExecutionOptions {
  /** Go on when a node fails: what waits for it is skipped, everything else runs. @default false */
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
  /** By node: what it gave. */
  readonly outputs: ReadonlyMap<string, unknown>;
  /** By node: what it threw, untouched. */
  readonly errors: ReadonlyMap<string, unknown>;
  /** By node: when its call began, having waited for all that it must wait for, and when it ended. */
  readonly times: ReadonlyMap<string, NodeTimes>;
  /** Nodes that were not called, because a node that they wait for has failed. */
  readonly skipped: readonly string[];
  /** Nodes that were not called, because `when` took the other branch. */
  readonly unchosen: readonly string[];
}

/** On the clock of the run. */
export interface NodeTimes {
  readonly start: number;
  readonly end: number;
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
  const checked = checkExecutionOptions('execute', options);
  graph.getAttribute('seal')?.();
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
  { continueOnError = false, dryRun = false, clock = now, ...options }: DetailedOptions = {},
): Promise<ExecutionReport> {
  if (typeof clock !== 'function') throw notAFunction('executeDetailed', clock);
  const checked = checkExecutionOptions('executeDetailed', options);
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
  // Compiled code runs as a whole: what its calls gave is its own.
  if (runner !== undefined)
    return { result: await runner(input, checked), order: graph.topologicalOrder(), ...nothing };
  return runGraph(graph, input, checked, continueOnError, new NodeTimer(clock));
}

const now = (): number => performance.now();

/** Of the calls of the graph itself; what these call is their business. A node that calls several times has one time. */
class NodeTimer implements CallTimer {
  readonly #clock: () => number;
  readonly #open = new Map<TimedCall, number>();
  readonly #times = new Map<number, { start: number; end: number }>();

  readonly seesAll: boolean = true;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  runEnded(): void {}

  begin(call: TimedCall, { owner, parent }: Frame, step: number): void {
    if (owner !== undefined || parent !== undefined) return;
    this.#open.set(call, step);
    const time = this.#clock();
    this.#times.set(step, { start: this.#times.get(step)?.start ?? time, end: time });
  }

  end(call: TimedCall): void {
    const step = this.#open.get(call);
    const times = step === undefined ? undefined : this.#times.get(step);
    if (times !== undefined) times.end = this.#clock();
  }

  timesOf(order: readonly string[]): ReadonlyMap<string, NodeTimes> {
    return new Map(
      order.flatMap((id, step) => {
        const times = this.#times.get(step);
        return times === undefined ? [] : [[id, times] as const];
      }),
    );
  }
}

async function runGraph(
  graph: XCSGraph,
  input: unknown,
  options: ExecutionOptions,
  continueOnError: boolean,
  timer?: NodeTimer,
): Promise<ExecutionReport> {
  const begun = now();
  // Everything is read from the graph before the first call: it may be changed while the run is going.
  const resultOf = bindResult(graph);
  const given = withDefaults(graph, input);
  let outcomes: readonly Outcome[] = [];
  const { order, compiled } = compileGraph(graph, {
    continueOnError,
    finish: (_, all) => {
      outcomes = all;
    },
  });
  const linked = link(graph, compiled);
  countGraph(graph, now() - begun);
  const settings = {
    ...settingsOf(linked, linked.decoration.options, overlay(scopes.current, options)),
    timer: timer ?? linked.profile.sample(profileOf),
  };
  await recording.suspend(() => run(weigh(linked, settings), undefined, given, settings));
  const sorted = sortOutcomes(order, outcomes);
  const times = timer?.timesOf(order) ?? new Map<string, never>();
  return { result: resultOf(sorted, given), order, ...sorted, times };
}

function link(graph: XCSGraph, compiled: Compiled): Linked {
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
    paced: [],
    profile: profileOf(graph),
  };
}
