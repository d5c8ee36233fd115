/**
 * A hand-built graph in the form in which it runs, made when it is first executed and again after it was changed.
 */
import type { Compiled } from '../descriptor.ts';
import { countGraph, profileOf, type Linked } from '../link.ts';
import { buildPlan } from '../plan.ts';
import { compileGraph, type Outcome } from './compile-graph.ts';
import type { XCSGraph } from './graph.ts';
import { bindResult, type ResultOf } from './result.ts';

/** What all runs of a graph share. */
export interface LinkedGraph {
  readonly order: readonly string[];
  /** A run of it gives the outcomes of all nodes, in this order. */
  readonly linked: Linked;
  readonly resultOf: ResultOf;
}

interface Kept {
  readonly version: number;
  readonly graph: LinkedGraph;
}

const stopping = new WeakMap<XCSGraph, Kept>();
const goingOn = new WeakMap<XCSGraph, Kept>();

/** `continueOnError`: a node that fails stops only what waits for it. Throws as `compileGraph` does. */
export function linkGraph(graph: XCSGraph, continueOnError: boolean): LinkedGraph {
  const all = continueOnError ? goingOn : stopping;
  const { version } = graph;
  const kept = all.get(graph);
  if (kept?.version === version) {
    countGraph(graph);
    return kept.graph;
  }
  const begun = performance.now();
  const finish = (_: never, outcomes: readonly Outcome[]): unknown => outcomes;
  const { order, compiled } = compileGraph(graph, { continueOnError, finish });
  const made = { order, linked: link(graph, compiled), resultOf: bindResult(graph, order) };
  all.set(graph, { version, graph: made });
  countGraph(graph, performance.now() - begun);
  return made;
}

/** What a run of it gave. */
export function outcomesOf(result: unknown): readonly Outcome[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see `finish`
  return result as readonly Outcome[];
}

function link(graph: XCSGraph, compiled: Compiled): Linked {
  const { strategy, name } = graph;
  // A strategy that nobody chose leaves the choice to the options of the program.
  const options = strategy === 'auto' ? {} : { executionStrategy: strategy };
  const { steps, dependences } = compiled.descriptor;
  return {
    decoration: { name, forward: undefined, compiled, options },
    compiled,
    operators: [],
    dependences,
    plan: buildPlan(steps, dependences),
    paced: [],
    profile: profileOf(graph),
  };
}
