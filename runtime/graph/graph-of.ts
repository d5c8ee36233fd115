/**
 * The graph of something that a user has: an operator, an operator class, or a function given to `structuralJit`.
 */
import { hasStockInvoke, isOperator } from '../brand.ts';
import { notAnOperator } from '../errors.ts';
import { invokeTimed } from '../invoke.ts';
import { addLearnt } from '../jit/learnt-graph.ts';
import { tryLink } from '../link.ts';
import type { NodeCalls } from '../node-calls.ts';
import { decorationOf, type Decoration } from '../registry.ts';
import { graphFromDescriptor } from './from-descriptor.ts';
import { XCSGraph } from './graph.ts';
import type { OperatorTree } from './node.ts';
import { findOperators, nameOf } from './operator-tree.ts';

/**
 * The graph of a class or an operator: a node for each call site of its `forward`, and the tree of its operators. What was
 * not compiled has no steps, only the tree; but what learns has those of its latest call. A graph is its own.
 *
 * @throws XCSError `XCS1006` for anything else.
 * @example
 * graphOf(Answer).waves(); // [['0'], ['1', '2'], ['3']]
 * [...graphOf(new Answer(judge)).operators.keys()]; // ['root', 'root.judge', 'root.#search']
 */
export function graphOf(target: unknown): XCSGraph {
  if (target instanceof XCSGraph) return target;
  if (isOperator(target)) return graphOfOperator(target);
  const prototype = typeof target === 'function' ? prototypeOf(target) : undefined;
  if (typeof target !== 'function' || prototype === undefined) throw notAnOperator('graphOf', target);
  const decoration = decorationOf(prototype);
  const strategy = strategyOf(decoration);
  const descriptor = decoration?.compiled?.descriptor;
  if (descriptor !== undefined)
    return graphFromDescriptor({ ...descriptor, name: target.name }, { strategy });
  const graph = new XCSGraph({ name: target.name, strategy });
  const tree: OperatorTree = new Map([['root', { path: 'root', name: target.name }]]);
  return graph.setAttribute('operators', tree);
}

function graphOfOperator(
  operator: object & { invoke(input: unknown, options?: unknown): Promise<unknown> },
): XCSGraph {
  const decoration = decorationOf(operator);
  const strategy = strategyOf(decoration);
  const operators = findOperators([{ path: 'root', operator }]);
  const runner = (input: unknown, options?: object, calls?: NodeCalls): Promise<unknown> =>
    calls === undefined || !hasStockInvoke(operator)
      ? operator.invoke(input, options)
      : invokeTimed(operator, input, options, calls);
  const compiled = decoration?.compiled;
  if (compiled === undefined || compiled.descriptor.asWritten !== undefined) {
    const graph = addLearnt(new XCSGraph({ name: nameOf(operator), strategy }), operator);
    return graph.setAttribute('operators', operators).setAttribute('runner', runner);
  }
  const link = tryLink(operator, decoration?.options.startEarly === 'certain');
  // After a failed guard the code runs as written; its graph is still what the compiler saw.
  const dependences =
    link !== undefined && 'linked' in link ? link.linked.dependences : compiled.descriptor.dependences;
  return graphFromDescriptor(compiled.descriptor, { strategy, operators, runner, dependences });
}

function strategyOf(decoration: Decoration | undefined): 'auto' | 'parallel' | 'sequential' {
  return decoration?.options.executionStrategy ?? 'auto';
}

/** The prototype of an operator class. */
function prototypeOf(target: object): object | undefined {
  const prototype = Object.getOwnPropertyDescriptor(target, 'prototype')?.value as unknown;
  return isOperator(prototype) ? prototype : undefined;
}
