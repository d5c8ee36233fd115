/**
 * What will happen when a graph is executed, and why, as text: its nodes, and what each waits for.
 */
import type { Cause } from './node.ts';
import type { XCSGraph } from './graph.ts';
import { sortedNeighbors } from './nested.ts';

/** The whole text; throws `XCS1103` for a cycle. */
export function explainGraph(graph: XCSGraph): string {
  const order = graph.topologicalOrder();
  const waves = graph.waves();
  const calls = waves.flat().length;
  const isNested = calls < order.length;
  const befores = new Map(sortedNeighbors(graph, (id) => graph.inNeighbors(id)));
  return [
    `${graph.name}  a graph`,
    `  strategy: ${graph.strategy}`,
    isNested
      ? `  calls: ${calls} call sites, ${waves.length} on the critical path of one pass`
      : `  calls: ${calls} one after another, ${waves.length} on the critical path`,
    '',
    'nodes',
    ...order.flatMap((id) => explainNode(graph, id, befores.get(id) ?? [])),
    '',
  ].join('\n');
}

function explainNode(graph: XCSGraph, id: string, befores: readonly string[]): readonly string[] {
  const { label, iterations, condition } = graph.getNodeAttributes(id);
  const indent = '  '.repeat(graph.regionsAround(id).length + 1);
  const overlap = iterations === undefined ? '' : `, iterations ${iterations}`;
  const when = condition === undefined ? '' : `, if ${condition}`;
  return [`${indent}${id}  ${label}${when}${overlap}`, ...explainEdges(graph, id, befores)];
}

function explainEdges(graph: XCSGraph, id: string, befores: readonly string[]): readonly string[] {
  if (befores.length === 0) return ['       waits for nothing'];
  return befores.map((before) => {
    const causes = graph.getEdgeAttribute(before, id, 'causes');
    const why = causes.length === 0 ? 'it is connected' : [...new Set(causes.map(explainCause))].join('; ');
    return `       waits for ${before}: ${why}`;
  });
}

function explainCause({ kind, what, carried }: Cause): string {
  const why = explainKind(kind, what);
  return carried === undefined ? why : `${why}, in the iteration before`;
}

function explainKind(kind: Cause['kind'], what: string): string {
  switch (kind) {
    case 'flow':
      return `needs \`${what}\``;
    case 'anti':
    case 'output':
      return `both touch \`${what}\``;
    case 'effect':
      return `effects keep their order (${what})`;
    case 'failure':
      return `must not start if the other fails (${what})`;
    case 'control':
      return `must not start before that is decided (${what})`;
  }
}
