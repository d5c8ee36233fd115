/** The graph of what an operator has learnt: the way that its latest call took. */
import type { XCSGraph } from '../graph/graph.ts';
import { graphOfSteps } from './auto-graph-builder.ts';
import { findLearnt } from './learners.ts';
import { explainTraces } from './provenance.ts';

/** Adds a node for each call of that way to `graph`; none for an operator that has not been called yet. */
export function addLearnt(graph: XCSGraph, operator: object): XCSGraph {
  const shape = findLearnt(operator)?.shapes.at(-1);
  if (shape === undefined) return graph;
  // What was guessed from one call is good for the same input only.
  const proven = shape.isProven ? undefined : explainTraces(shape.last, undefined, 'proof');
  const steps = shape.steps.map((step, index) => ({
    operator: step.operator,
    template: proven?.[index] ?? step.template,
  }));
  return graphOfSteps(graph, steps);
}
