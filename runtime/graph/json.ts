/**
 * A graph as plain data, in the format that graphology's own tools read. Edges have no keys of their own: graphology
 * makes random ones, and two graphs that are equal shall give equal text.
 */
import type { SerializedEdge, SerializedNode } from 'graphology-types';
import { badGraph } from '../errors.ts';
import { checkMappings } from './field-mappings.ts';
import type { DependenceKind } from '../descriptor.ts';
import type { XCSGraph, XCSGraphOptions } from './graph.ts';
import { ancestorsOf, isRegion, listEdges, ordersOnePass } from './nested.ts';
import type {
  Cause,
  GraphEdge,
  GraphFacts,
  GraphNode,
  Invocable,
  NodeKind,
  OperatorEntry,
  OperatorTree,
} from './node.ts';
import { STRATEGIES } from './node.ts';

const NODE_KINDS: readonly NodeKind[] = [
  'call',
  'start',
  'await',
  'async',
  'compute',
  'next',
  'loop',
  'try',
  'exit',
  'return',
  'catch',
  'finally',
];
const DEPENDENCE_KINDS: readonly DependenceKind[] = [
  'flow',
  'anti',
  'output',
  'effect',
  'failure',
  'control',
];

/** What `XCSGraph.toJSON` gives. */
export interface SerializedXCSGraph {
  attributes: GraphFacts & { readonly tree: readonly OperatorEntry[] };
  options: { type: 'directed'; multi: false; allowSelfLoops: true };
  nodes: SerializedNode<GraphNode>[];
  edges: SerializedEdge<GraphEdge>[];
}

export function serializeGraph(graph: XCSGraph): SerializedXCSGraph {
  const {
    resultOf: _,
    runner: __,
    operators: ___,
    seal: ____,
    defaults: _____,
    ...facts
  } = graph.getAttributes();
  const tree = [...graph.operators.values()].map(({ operator: ______, ...entry }) => entry);
  return {
    attributes: { ...facts, tree },
    options: { type: 'directed', multi: false, allowSelfLoops: true },
    nodes: graph.mapNodes((key, { operator: ______, input: _______, guard: ________, ...attributes }) => ({
      key,
      attributes,
    })),
    edges: listEdges(graph).map(({ before, after, edge }) => ({
      source: before,
      target: after,
      attributes: edge,
    })),
  };
}

/** Fills an empty graph. Everything is checked that the graph's own methods rely on; other attributes stay as they are. */
export function readGraph(
  graph: XCSGraph,
  data: unknown,
  operators: Readonly<Record<string, Invocable>>,
): XCSGraph {
  const { attributes, nodes, edges } = asRecord(data, 'the graph');
  const { tree, ...facts } = asRecord(attributes, '`attributes`');
  if (typeof facts['result'] === 'string') graph.setAttribute('result', facts['result']);
  if (facts['boundResult'] === true) graph.setAttribute('boundResult', true);
  if (Array.isArray(tree)) graph.setAttribute('operators', readTree(tree));
  for (const item of asList(nodes, '`nodes`')) readNode(graph, item, operators);
  checkNesting(graph);
  for (const item of asList(edges, '`edges`')) readEdge(graph, item);
  return graph;
}

/** The name and strategy of a graph that `toJSON` gave. */
export function readOptions(data: unknown): XCSGraphOptions {
  const { name, strategy } = asRecord(asRecord(data, 'the graph')['attributes'], '`attributes`');
  if (typeof name !== 'string') throw badGraph('`attributes` needs a `name`');
  if (!isOneOf(STRATEGIES, strategy)) throw badGraph(`\`strategy\` must be one of ${STRATEGIES.join(', ')}`);
  return { name, strategy };
}

function readNode(graph: XCSGraph, item: unknown, operators: Readonly<Record<string, Invocable>>): void {
  const { key, attributes } = asRecord(item, 'a node');
  if (typeof key !== 'string') throw badGraph('a node needs a `key`');
  // Live parts are never read from data: they would be called.
  const {
    label = key,
    kind = 'call',
    operator: _,
    input: __,
    guard: ___,
    ...rest
  } = asRecord(attributes ?? {}, `node \`${key}\``);
  if (typeof label !== 'string' || !isOneOf(NODE_KINDS, kind))
    throw badGraph(
      `node \`${key}\` needs a \`label\`, and a \`kind\` that is one of ${NODE_KINDS.join(', ')}`,
    );
  const operator = Object.hasOwn(operators, key) ? operators[key] : undefined;
  graph.addNode(key, { ...rest, label, kind, ...(operator === undefined ? {} : { operator }) });
}

/** Orders and drawings walk from the inside out. */
function checkNesting(graph: XCSGraph): void {
  const parentOf = (id: string): unknown => graph.getNodeAttribute(id, 'parent');
  for (const id of graph.nodes()) {
    const around = new Set<string>();
    for (let at = parentOf(id); at !== undefined;) {
      if (typeof at !== 'string' || !graph.hasNode(at) || !isRegion(graph, at))
        throw badGraph(`node \`${id}\` is in ${JSON.stringify(at)}, which is no region of the graph`);
      if (around.has(at)) throw badGraph(`node \`${at}\` is within itself`);
      around.add(at);
      at = parentOf(at);
    }
  }
}

function readEdge(graph: XCSGraph, item: unknown): void {
  const { source, target, attributes } = asRecord(item, 'an edge');
  if (!graph.hasNode(source) || !graph.hasNode(target))
    throw badGraph(`an edge joins \`${String(source)}\` and \`${String(target)}\`, which are not both nodes`);
  const { causes = [], fieldMappings } = asRecord(attributes ?? {}, 'an edge');
  if (fieldMappings !== undefined) checkMappings(fieldMappings);
  const mappings = fieldMappings === undefined ? {} : { fieldMappings };
  const edge = { causes: asList(causes, '`causes`').map(readCause), ...mappings };
  const [before, after] = [String(source), String(target)];
  const joinsInside =
    ancestorsOf(graph, after).includes(before) || ancestorsOf(graph, before).includes(after);
  if (joinsInside && ordersOnePass(edge))
    throw badGraph(`an edge joins \`${before}\` and \`${after}\`, one of which is within the other`);
  graph.addDirectedEdge(before, after, edge);
}

function readCause(item: unknown): Cause {
  const { kind, what, via, carried } = asRecord(item, 'a cause');
  if (!isOneOf(DEPENDENCE_KINDS, kind) || typeof what !== 'string')
    throw badGraph(`a cause needs \`what\`, and a \`kind\` that is one of ${DEPENDENCE_KINDS.join(', ')}`);
  return {
    kind,
    what,
    ...(typeof via === 'string' ? { via } : {}),
    ...(typeof carried === 'string' ? { carried } : {}),
  };
}

function readTree(tree: readonly unknown[]): OperatorTree {
  return new Map(
    tree.map((item) => {
      const { path, parent, name } = asRecord(item, 'an entry of `tree`');
      if (typeof path !== 'string' || typeof name !== 'string')
        throw badGraph('an entry of `tree` needs a `path` and a `name`');
      return [path, { path, ...(typeof parent === 'string' ? { parent } : {}), name }];
    }),
  );
}

function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw badGraph(`${what} must be an object`);
  return value;
}

function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badGraph(`${what} must be an array`);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOneOf<T>(allowed: readonly T[], value: unknown): value is T {
  const list: readonly unknown[] = allowed;
  return list.includes(value);
}
