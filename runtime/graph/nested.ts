/**
 * Regions in a graph: a loop or a `try` is a node that others name as their parent. It calls nothing by itself; it stands
 * for all that is in it.
 */
import type { XCSGraph } from './graph.ts';
import type { GraphEdge } from './node.ts';

/** Whether a node stands for what is in it. */
export function isRegion(graph: XCSGraph, id: string): boolean {
  return graph.getNodeAttribute(id, 'isRegion') === true;
}

/** Whether an edge holds within one pass, not only between an iteration and the one before. */
export function ordersOnePass({ causes }: GraphEdge): boolean {
  return causes.length === 0 || causes.some(({ carried }) => carried === undefined);
}

/** What is right in each region, and under `undefined` what is in none, in the order of adding. */
export function childrenOf(graph: XCSGraph): ReadonlyMap<string | undefined, readonly string[]> {
  const children = new Map<string | undefined, string[]>();
  graph.forEachNode((id, { parent }) => {
    const list = children.get(parent);
    if (list === undefined) children.set(parent, [id]);
    else list.push(id);
  });
  return children;
}

/** The regions around a node, from the inside out. */
export function ancestorsOf(graph: XCSGraph, id: string): readonly string[] {
  const around: string[] = [];
  for (let at = parentOf(graph, id); at !== undefined; at = parentOf(graph, at)) around.push(at);
  return around;
}

function parentOf(graph: XCSGraph, id: string): string | undefined {
  return graph.getNodeAttribute(id, 'parent');
}

/** All edges, by the nodes that wait and then by those that are waited for, each in the order of adding. */
export function listEdges(
  graph: XCSGraph,
): readonly { readonly before: string; readonly after: string; readonly edge: GraphEdge }[] {
  return sortedNeighbors(graph, (id) => graph.inNeighbors(id)).flatMap(([after, befores]) =>
    befores.map((before) => ({ before, after, edge: graph.getEdgeAttributes(before, after) })),
  );
}

/** graphology lists neighbors as keys of an object, where numbers go first whenever they were added. */
export function sortedNeighbors(
  graph: XCSGraph,
  of: (id: string) => readonly string[],
): readonly (readonly [string, readonly string[]])[] {
  const position = new Map(graph.nodes().map((id, index) => [id, index]));
  const place = (id: string): number => position.get(id) ?? 0;
  return graph.nodes().map((id) => [id, of(id).toSorted((one, other) => place(one) - place(other))] as const);
}
