/** What `executeDetailed` tells of code that runs as a whole: what became of each node that stands for calls of it. */
import type { XCSGraph } from './graph/graph.ts';
import { NodeCalls, type NodeTimes } from './node-calls.ts';

/** By node: results, failures and times. */
export interface NodeResults {
  readonly outputs: ReadonlyMap<string, unknown>;
  readonly errors: ReadonlyMap<string, unknown>;
  readonly times: ReadonlyMap<string, NodeTimes>;
  readonly skipped: readonly string[];
  readonly unchosen: readonly string[];
}

/** The nodes of a graph of code, in the order of that. */
interface CodeNode {
  readonly id: string;
  readonly number: number;
  /** It may stand for several calls of one run. */
  readonly isMany: boolean;
}

/** Records the calls that the nodes of `graph` stand for, in the code that it describes. */
export class CodeCalls {
  readonly calls: NodeCalls;
  readonly #nodes: readonly CodeNode[];

  constructor(graph: XCSGraph, clock: () => number) {
    this.#nodes = nodesOf(graph);
    this.calls = new NodeCalls(clock, numbersOf(graph, this.#nodes));
  }

  /** Whether the code has ended by the failure of a node. */
  isFailureOfNode(error: unknown): boolean {
    return this.#failed(error) !== undefined;
  }

  /** `failure`: by what the code has ended. Nothing is known of code that ran as written. */
  report(failure: { readonly error: unknown } | undefined): NodeResults {
    const results = {
      outputs: new Map<string, unknown>(),
      errors: new Map<string, unknown>(),
      times: new Map<string, NodeTimes>(),
      skipped: [] as string[],
      unchosen: [] as string[],
    };
    if (!this.calls.isTold) return results;
    const failed = failure && this.#failed(failure.error);
    for (const node of this.#nodes) {
      const { id, number } = node;
      const isAfter = failed !== undefined && number > failed.number;
      const times = this.calls.timesOf(number);
      if (times !== undefined) results.times.set(id, times);
      else if (isAfter) results.skipped.push(id);
      else if (!this.calls.hasBegun(number)) results.unchosen.push(id);
      const outcomes = this.calls.outcomesOf(number);
      const values = outcomes.flatMap((outcome) => (outcome.failed ? [] : [outcome.value]));
      if (values.length > 0) results.outputs.set(id, node.isMany ? values : values[0]);
      const error = outcomes.find((outcome) => outcome.failed);
      if (error !== undefined) results.errors.set(id, error.value);
    }
    return results;
  }

  #failed(error: unknown): CodeNode | undefined {
    return this.#nodes.find(({ number }) =>
      this.calls.outcomesOf(number).some(({ failed, value }) => failed && Object.is(value, error)),
    );
  }
}

/** Regions are no calls. The nodes of code that learns are the calls of one way, each made once. */
function nodesOf(graph: XCSGraph): readonly CodeNode[] {
  const isInLoop = (id: string | undefined): boolean => {
    if (id === undefined) return false;
    const { kind, parent } = graph.getNodeAttributes(id);
    return kind === 'loop' || isInLoop(parent);
  };
  return graph.nodes().flatMap((id, position): readonly CodeNode[] => {
    const { kind, step, parent, isRegion } = graph.getNodeAttributes(id);
    if (isRegion === true) return [];
    const isOnce = (kind === 'call' || kind === 'start') && !isInLoop(parent);
    return [{ id, number: step ?? position, isMany: !isOnce }];
  });
}

/** By operator, the nodes of code that learns, which are in the order of its calls. */
function numbersOf(graph: XCSGraph, nodes: readonly CodeNode[]): ReadonlyMap<object, readonly number[]> {
  const numbers = new Map<object, number[]>();
  for (const { id, number } of nodes) {
    const { operator } = graph.getNodeAttributes(id);
    if (operator === undefined) continue;
    const known = numbers.get(operator);
    if (known === undefined) numbers.set(operator, [number]);
    else known.push(number);
  }
  return numbers;
}
