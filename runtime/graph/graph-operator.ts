/**
 * A graph as an operator: called in a run, its nodes share that run's limit, signal and scheduler.
 */
import type { Forwarding } from '../brand.ts';
import { broken } from '../errors.ts';
import { brandFunction } from '../brand-function.ts';
import { decorate } from '../registry.ts';
import { compileGraph } from './compile-graph.ts';
import type { XCSGraph } from './graph.ts';
import { bindResult } from './result.ts';

/** It is what the graph is now: later changes of the graph are not seen. */
export function graphOperator(graph: XCSGraph): Forwarding {
  const { order, compiled } = compileGraph(graph, {
    continueOnError: false,
    finish: (_, outcomes, input) => resultOf(outcomes, input),
  });
  const resultOf = bindResult(graph, order);
  const { name, strategy } = graph;
  const forward = (): never => {
    throw broken(`the graph \`${name}\` runs as compiled only`);
  };
  const operator = brandFunction(() => {}, forward, { name });
  // A strategy that nobody chose leaves the choice to the run.
  const options = strategy === 'auto' ? {} : { executionStrategy: strategy };
  decorate(operator, { name, forward, options, compiled });
  return operator;
}
