/**
 * A graph as text for drawing: Mermaid and DOT. Nodes are numbered in the order of adding, so the text is stable.
 */
import { listMappings } from './field-mappings.ts';
import type { XCSGraph } from './graph.ts';
import type { GraphEdge, GraphNode } from './node.ts';

export function toMermaid(graph: XCSGraph): string {
  const names = new Map(graph.nodes().map((id, index) => [id, `n${index}`]));
  // Mermaid knows the entities of HTML, and reads a label as Markdown unless it is quoted.
  const quote = (text: string): string =>
    `"${text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('\n', ' ')}"`;
  const nodes = graph.mapNodes((id, node) => `  ${names.get(id)}[${quote(describeNode(id, node))}]`);
  const edges = listEdges(graph).map(({ before, after, edge }) => {
    const label = describeEdge(edge);
    const arrow = label === '' ? '-->' : `-->|${quote(label)}|`;
    return `  ${names.get(before)} ${arrow} ${names.get(after)}`;
  });
  return ['flowchart TD', ...nodes, ...edges].join('\n');
}

export function toDot(graph: XCSGraph): string {
  const quote = (text: string): string =>
    `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
  const nodes = graph.mapNodes((id, node) => `  ${quote(id)} [label=${quote(describeNode(id, node))}];`);
  const edges = listEdges(graph).map(({ before, after, edge }) => {
    const label = describeEdge(edge);
    return `  ${quote(before)} -> ${quote(after)}${label === '' ? '' : ` [label=${quote(label)}]`};`;
  });
  return [`digraph ${quote(graph.name)} {`, ...nodes, ...edges, '}'].join('\n');
}

/** What a node is called in a drawing. */
function describeNode(id: string, { label }: GraphNode): string {
  return label === id ? id : `${id}: ${label}`;
}

/** The fields that an edge carries, or else why it is there. */
function describeEdge({ fieldMappings, causes }: GraphEdge): string {
  const mapped = listMappings(fieldMappings).map(({ field, becomes }) =>
    field === becomes ? field : `${field} → ${becomes}`,
  );
  if (mapped.length > 0) return mapped.join(', ');
  return [...new Set(causes.map(({ kind, what }) => `${kind} ${what}`))].join(', ');
}

function listEdges(
  graph: XCSGraph,
): readonly { readonly before: string; readonly after: string; readonly edge: GraphEdge }[] {
  return [...graph.dependencies()].flatMap(([after, befores]) =>
    befores.map((before) => ({ before, after, edge: graph.getEdgeAttributes(before, after) })),
  );
}
