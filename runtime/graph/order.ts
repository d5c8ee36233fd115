/**
 * Orders of a graph's nodes. All are stable: where the edges leave a choice, the node that was added first goes first,
 * which for a graph of compiled code is program order. A region begins before all that is in it and ends after it, so
 * waiting for a region is waiting for all of that; what holds between iterations alone orders nothing within one pass.
 */
import { graphCycle } from '../errors.ts';
import { pop, push } from '../heap.ts';
import type { XCSGraph } from './graph.ts';
import { ancestorsOf, childrenOf, isRegion, ordersOnePass } from './nested.ts';

/** The beginning of a node, or the end of a region. */
interface Moment {
  readonly id: string;
  readonly isEnd: boolean;
  readonly afters: Moment[];
  /** How many moments come right before it. */
  waitsFor: number;
}

/** Every node after all that it waits for. Throws `XCS1103`, naming the nodes of a cycle. */
export function topologicalOrder(graph: XCSGraph): readonly string[] {
  return orderMoments(graph).flatMap(({ id, isEnd }) => (isEnd ? [] : [id]));
}

/** The calls by how many calls at most must end before them, each wave in topological order. Throws `XCS1103`. */
export function waves(graph: XCSGraph): readonly (readonly string[])[] {
  const waveOf = new Map<Moment, number>();
  const all: string[][] = [];
  for (const moment of orderMoments(graph)) {
    const wave = waveOf.get(moment) ?? 0;
    const isCall = !isRegion(graph, moment.id);
    for (const after of moment.afters)
      waveOf.set(after, Math.max(waveOf.get(after) ?? 0, wave + (isCall ? 1 : 0)));
    if (!isCall) continue;
    const members = all[wave];
    if (members === undefined) all[wave] = [moment.id];
    else members.push(moment.id);
  }
  return all;
}

/** The longest chain of calls that wait for one another; the first one found, where there are several. */
export function criticalPath(graph: XCSGraph): readonly string[] {
  interface Chain {
    readonly length: number;
    readonly last: string;
    readonly before: Chain | undefined;
  }
  const chains = new Map<Moment, Chain>();
  let longest: Chain | undefined;
  for (const moment of orderMoments(graph)) {
    const before = chains.get(moment);
    const chain = isRegion(graph, moment.id)
      ? before
      : { length: (before?.length ?? 0) + 1, last: moment.id, before };
    if (chain === undefined) continue;
    if (chain.length > (longest?.length ?? 0)) longest = chain;
    for (const after of moment.afters)
      if (chain.length > (chains.get(after)?.length ?? 0)) chains.set(after, chain);
  }
  const path: string[] = [];
  for (let chain = longest; chain !== undefined; chain = chain.before) path.push(chain.last);
  return path.toReversed();
}

/** All nodes that must end before `id` may start, in topological order, without `id` itself. */
export function dependencyClosure(graph: XCSGraph, id: string): ReadonlySet<string> {
  const children = childrenOf(graph);
  const waitsFor = (node: string): readonly string[] =>
    [node, ...ancestorsOf(graph, node)].flatMap((one) => befores(graph, one));
  const found = new Set<string>();
  const left = [...waitsFor(id)];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    left.push(...waitsFor(next), ...(children.get(next) ?? []));
  }
  return new Set(topologicalOrder(graph).filter((node) => found.has(node)));
}

function befores(graph: XCSGraph, id: string): readonly string[] {
  return graph.inNeighbors(id).filter((before) => ordersOnePass(graph.getEdgeAttributes(before, id)));
}

function orderMoments(graph: XCSGraph): readonly Moment[] {
  const begins = listMoments(graph);
  const position = new Map([...begins.keys()].map((id, index) => [id, index]));
  const place = ({ id, isEnd }: Moment): number => (isEnd ? -1 : (position.get(id) ?? 0));
  const goesBefore = (one: Moment, other: Moment): boolean => place(one) < place(other);
  // In the order of adding, which is that of a heap.
  const ready = [...begins.values()].filter(({ waitsFor }) => waitsFor === 0);
  const order: Moment[] = [];
  for (let next = pop(ready, goesBefore); next !== undefined; next = pop(ready, goesBefore)) {
    order.push(next);
    for (const after of next.afters) {
      after.waitsFor--;
      if (after.waitsFor === 0) push(ready, after, goesBefore);
    }
  }
  const ordered = new Set(order.flatMap(({ id, isEnd }) => (isEnd ? [] : [id])));
  if (ordered.size < graph.order) throw graphCycle(findCycle(graph, ordered));
  return order;
}

/** Where each node begins, joined to all that comes right after. */
function listMoments(graph: XCSGraph): ReadonlyMap<string, Moment> {
  const begins = new Map<string, Moment>();
  const ends = new Map<string, Moment>();
  for (const id of graph.nodes()) {
    const begin: Moment = { id, isEnd: false, afters: [], waitsFor: 0 };
    begins.set(id, begin);
    ends.set(id, isRegion(graph, id) ? { id, isEnd: true, afters: [], waitsFor: 0 } : begin);
  }
  const join = (before: Moment | undefined, after: Moment | undefined): void => {
    if (before === undefined || after === undefined) return;
    before.afters.push(after);
    after.waitsFor++;
  };
  graph.forEachNode((id, { parent }) => {
    if (isRegion(graph, id)) join(begins.get(id), ends.get(id));
    if (parent === undefined) return;
    join(begins.get(parent), begins.get(id));
    join(ends.get(id), ends.get(parent));
  });
  graph.forEachEdge((_, edge, before, after) => {
    if (ordersOnePass(edge)) join(ends.get(before), begins.get(after));
  });
  return begins;
}

/** Among nodes that can never start each waits for another such node, so walking back must come round. */
function findCycle(graph: XCSGraph, startable: ReadonlySet<string>): readonly string[] {
  const seen = new Map<string, number>();
  const path: string[] = [];
  let id = graph.nodes().find((node) => !startable.has(node));
  while (id !== undefined && !seen.has(id)) {
    seen.set(id, path.length);
    path.push(id);
    id = befores(graph, id).find((before) => !startable.has(before));
  }
  const cycle = path.slice(id === undefined ? 0 : seen.get(id)).toReversed();
  // Begin with the node that was added first, so that the message does not depend on where the walk began.
  const first = graph.nodes().find((node) => cycle.includes(node));
  const start = first === undefined ? 0 : cycle.indexOf(first);
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}
