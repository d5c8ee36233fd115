/** A graph as lines of text: each call, indented by how many calls it waits for in turn, and what it waits for. */
import type { XCSGraph } from 'xcs';

export function drawGraph(graph: XCSGraph): string[] {
  const dependencies = graph.dependencies();
  const depths = depthsOf(graph.waves());
  const idWidth = Math.max(0, ...graph.nodes().map((id) => id.length));
  const calls = graph.mapNodes((id, { label }) => {
    return { id, call: `${id.padStart(idWidth)}  ${'  '.repeat(depths.get(id) ?? 0)}${label}` };
  });
  const callWidth = Math.max(0, ...calls.map(({ call }) => call.length));
  return calls.map(({ id, call }) => {
    const befores = (dependencies.get(id) ?? []).map((before) => describeBefore(graph, before, id));
    return befores.length === 0 ? call : `${call.padEnd(callWidth)}  after ${befores.join(', ')}`;
  });
}

function depthsOf(waves: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(waves.flatMap((wave, depth) => wave.map((id) => [id, depth] as const)));
}

/** The call before; with the reason, unless it is that its result is needed. */
function describeBefore(graph: XCSGraph, before: string, after: string): string {
  const { causes } = graph.getEdgeAttributes(before, after);
  const others = causes.filter(({ kind }) => kind !== 'flow').map(({ what }) => what);
  return others.length === 0 ? before : `${before} (${others.join(', ')})`;
}
