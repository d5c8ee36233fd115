/**
 * What will happen when a graph is executed, and why, as text: its nodes, and what each waits for.
 */
import type { Cause } from './node.ts';
import type { XCSGraph } from './graph.ts';

/** The whole text; throws `XCS1103` for a cycle. */
export function explainGraph(graph: XCSGraph): string {
  const order = graph.topologicalOrder();
  const waves = graph.waves();
  const dependencies = graph.dependencies();
  return [
    `${graph.name}  a graph`,
    `  strategy: ${graph.strategy}`,
    `  calls: ${order.length} one after another, ${waves.length} on the critical path`,
    '',
    'nodes',
    ...order.flatMap((id) => [
      `  ${id}  ${graph.getNodeAttribute(id, 'label')}`,
      ...explainEdges(graph, id, dependencies.get(id) ?? []),
    ]),
    '',
  ].join('\n');
}

function explainEdges(graph: XCSGraph, id: string, befores: readonly string[]): readonly string[] {
  if (befores.length === 0) return ['       waits for nothing'];
  return befores.map((before) => {
    const causes = graph.getEdgeAttribute(before, id, 'causes');
    const why = causes.length === 0 ? 'it is connected' : [...new Set(causes.map(explainCause))].join('; ');
    return `       waits for ${before}: ${why}`;
  });
}

function explainCause({ kind, what }: Cause): string {
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
