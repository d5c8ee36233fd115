/** A graph as lines of text: each call within its loops and `try` statements, and what it waits for. */
import type { XCSGraph } from 'xcs';

export function drawGraph(graph: XCSGraph): string[] {
  const idWidth = Math.max(0, ...graph.nodes().map((id) => id.length));
  const nodes = graph.mapNodes((id, { label, iterations }) => {
    const indent = '  '.repeat(graph.regionsAround(id).length);
    const text = `${id.padStart(idWidth)}  ${indent}${label}`;
    return { id, text: iterations === undefined ? text : `${text}: iterations ${iterations}` };
  });
  const width = Math.max(0, ...nodes.map(({ text }) => text.length));
  return nodes.map(({ id, text }) => {
    const befores = nearest(graph, id).map((before) => describeBefore(graph, before, id));
    return befores.length === 0 ? text : `${text.padEnd(width)}  after ${befores.join(', ')}`;
  });
}

/** What a node waits for directly, without what follows from the rest. */
function nearest(graph: XCSGraph, id: string): readonly string[] {
  const befores = graph.dependencies().get(id) ?? [];
  const isImplied = (before: string): boolean =>
    befores.some((other) => other !== before && graph.dependencyClosure(other).has(before));
  return befores.filter((before) => !isImplied(before));
}

/** The call before; with the reason, unless it is that its result is needed. */
function describeBefore(graph: XCSGraph, before: string, after: string): string {
  const { causes } = graph.getEdgeAttributes(before, after);
  const isData = causes.some(({ kind, carried }) => kind === 'flow' && carried === undefined);
  const others = causes.flatMap(({ kind, what }) => (kind === 'flow' ? [] : [what]));
  return isData || others.length === 0 ? before : `${before} (${[...new Set(others)].join(', ')})`;
}
