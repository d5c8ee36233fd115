/**
 * Orders of a graph's nodes. All are stable: where the edges leave a choice, the node that was added first goes first,
 * which for a graph of compiled code is program order.
 */
import { graphCycle } from '../errors.ts';
import type { XCSGraph } from './graph.ts';

/** Every node after all that it waits for. Throws `XCS1103`, naming the nodes of a cycle. */
export function topologicalOrder(graph: XCSGraph): readonly string[] {
  const nodes = graph.nodes();
  const position = new Map(nodes.map((id, index) => [id, index]));
  const waitsFor = new Map(nodes.map((id) => [id, graph.inDegree(id)]));
  // Positions of the ready nodes, highest first, so that the next one is popped off the end.
  const ready = [...nodes.keys()].filter((index) => waitsFor.get(nodes[index] ?? '') === 0).toReversed();
  const order: string[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    const id = nodes[next] ?? '';
    order.push(id);
    for (const after of graph.outNeighbors(id)) {
      const left = (waitsFor.get(after) ?? 0) - 1;
      waitsFor.set(after, left);
      if (left === 0) insertDescending(ready, position.get(after) ?? 0);
    }
  }
  if (order.length < nodes.length) throw graphCycle(findCycle(graph, new Set(order)));
  return order;
}

/** The nodes by how many nodes at most must end before them, each wave in topological order. Throws `XCS1103`. */
export function waves(graph: XCSGraph): readonly (readonly string[])[] {
  const waveOf = new Map<string, number>();
  const all: string[][] = [];
  for (const id of topologicalOrder(graph)) {
    let wave = 0;
    for (const before of graph.inNeighbors(id)) wave = Math.max(wave, (waveOf.get(before) ?? 0) + 1);
    waveOf.set(id, wave);
    const members = all[wave];
    if (members === undefined) all.push([id]);
    else members.push(id);
  }
  return all;
}

/** The longest chain of nodes that wait for one another; the first one found, where there are several. */
export function criticalPath(graph: XCSGraph): readonly string[] {
  const chains = new Map<string, { readonly length: number; readonly before: string | undefined }>();
  let last: string | undefined;
  for (const id of topologicalOrder(graph)) {
    let longest: { readonly length: number; readonly before: string | undefined } = {
      length: 1,
      before: undefined,
    };
    for (const before of graph.inNeighbors(id)) {
      const length = (chains.get(before)?.length ?? 0) + 1;
      if (length > longest.length) longest = { length, before };
    }
    chains.set(id, longest);
    if (last === undefined || longest.length > (chains.get(last)?.length ?? 0)) last = id;
  }
  const path: string[] = [];
  for (let id = last; id !== undefined; id = chains.get(id)?.before) path.push(id);
  return path.toReversed();
}

/** All nodes that must end before `id` may start, in topological order, without `id` itself. */
export function dependencyClosure(graph: XCSGraph, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const left = [...graph.inNeighbors(id)];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    left.push(...graph.inNeighbors(next));
  }
  return new Set(topologicalOrder(graph).filter((node) => found.has(node)));
}

/** Among nodes that can never start each waits for another such node, so walking back must come round. */
function findCycle(graph: XCSGraph, startable: ReadonlySet<string>): readonly string[] {
  const seen = new Map<string, number>();
  const path: string[] = [];
  let id = graph.nodes().find((node) => !startable.has(node));
  while (id !== undefined && !seen.has(id)) {
    seen.set(id, path.length);
    path.push(id);
    id = graph.inNeighbors(id).find((before) => !startable.has(before));
  }
  const cycle = path.slice(id === undefined ? 0 : seen.get(id)).toReversed();
  // Begin with the node that was added first, so that the message does not depend on where the walk began.
  const first = graph.nodes().find((node) => cycle.includes(node));
  const start = first === undefined ? 0 : cycle.indexOf(first);
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}

function insertDescending(sorted: number[], value: number): void {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) > value) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, value);
}
