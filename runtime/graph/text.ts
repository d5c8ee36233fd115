/**
 * A graph as text for drawing: Mermaid and DOT. Nodes are numbered in the order of adding, so the text is stable. Regions
 * are subgraphs and clusters, and edges between iterations are dotted.
 */
import { listMappings } from './field-mappings.ts';
import type { XCSGraph } from './graph.ts';
import { ancestorsOf, childrenOf, isRegion, listEdges, ordersOnePass } from './nested.ts';
import type { Cause, GraphEdge, GraphNode } from './node.ts';

export function toMermaid(graph: XCSGraph): string {
  const names = new Map(graph.nodes().map((id, index) => [id, `n${index}`]));
  // Mermaid knows the entities of HTML, and reads a label as Markdown unless it is quoted.
  const quote = (text: string): string =>
    `"${text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('\n', ' ')}"`;
  const nodes = nest(graph, {
    node: (id, label) => `${names.get(id)}[${quote(label)}]`,
    open: (id, label) => `subgraph ${names.get(id)}[${quote(label)}]`,
    close: 'end',
  });
  const edges = edgesToDraw(graph).map(({ before, after, edge }) => {
    const label = describeEdge(edge);
    const line = ordersOnePass(edge) ? '-->' : '-.->';
    const arrow = label === '' ? line : `${line}|${quote(label)}|`;
    return `  ${names.get(before)} ${arrow} ${names.get(after)}`;
  });
  return ['flowchart TD', ...nodes, ...edges].join('\n');
}

export function toDot(graph: XCSGraph): string {
  const quote = (text: string): string =>
    `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
  const cluster = (id: string): string => quote(`cluster_${id}`);
  const nodes = nest(graph, {
    node: (id, label) => `${quote(id)} [label=${quote(label)}];`,
    open: (id, label) => `subgraph ${cluster(id)} { label=${quote(label)};`,
    close: '}',
  });
  const children = childrenOf(graph);
  // DOT joins nodes only: an edge of a cluster is one of a node in it, cut off at its border.
  const inside = (id: string, at: 0 | -1): string => {
    const member = children.get(id)?.at(at);
    return isRegion(graph, id) && member !== undefined ? inside(member, at) : id;
  };
  const edges = edgesToDraw(graph).map(({ before, after, edge }) => {
    const label = describeEdge(edge);
    const facts = [
      ...(label === '' ? [] : [`label=${quote(label)}`]),
      ...(ordersOnePass(edge) ? [] : ['style=dotted']),
      ...(isRegion(graph, before) ? [`ltail=${cluster(before)}`] : []),
      ...(isRegion(graph, after) ? [`lhead=${cluster(after)}`] : []),
    ];
    const ends = `${quote(inside(before, -1))} -> ${quote(inside(after, 0))}`;
    return `  ${ends}${facts.length === 0 ? '' : ` [${facts.join(', ')}]`};`;
  });
  const compound = graph.someNode((id) => isRegion(graph, id)) ? ['  compound=true;'] : [];
  return [`digraph ${quote(graph.name)} {`, ...compound, ...nodes, ...edges, '}'].join('\n');
}

interface Syntax {
  readonly node: (id: string, label: string) => string;
  readonly open: (id: string, label: string) => string;
  readonly close: string;
}

/** A line for each node, regions around what is in them. */
function nest(graph: XCSGraph, { node, open, close }: Syntax): readonly string[] {
  const children = childrenOf(graph);
  const draw = (id: string, indent: string): readonly string[] => {
    const label = describeNode(id, graph.getNodeAttributes(id));
    if (!isRegion(graph, id)) return [`${indent}${node(id, label)}`];
    const inner = (children.get(id) ?? []).flatMap((child) => draw(child, `${indent}  `));
    return [`${indent}${open(id, label)}`, ...inner, `${indent}${close}`];
  };
  return (children.get(undefined) ?? []).flatMap((id) => draw(id, '  '));
}

/** What a node is called in a drawing. */
function describeNode(id: string, { label, condition, iterations }: GraphNode): string {
  const called = label === id ? id : `${id}: ${label}`;
  const when = condition === undefined ? '' : ` if ${condition}`;
  return `${called}${when}${iterations === undefined ? '' : `, iterations ${iterations}`}`;
}

/** The fields that an edge carries, or else why it is there. */
function describeEdge({ fieldMappings, causes }: GraphEdge): string {
  const mapped = listMappings(fieldMappings).map(({ field, becomes }) =>
    field === becomes ? field : `${field} → ${becomes}`,
  );
  if (mapped.length > 0) return mapped.join(', ');
  const now = namesOf(causes.filter(({ carried }) => carried === undefined));
  const before = namesOf(causes).filter((name) => !now.includes(name));
  return [...now, ...(before.length === 0 ? [] : [`${before.join(', ')} (iteration before)`])].join(', ');
}

/** The data that both touch says more than that what may fail comes first, or that effects keep their order. */
function namesOf(causes: readonly Cause[]): readonly string[] {
  const isData = ({ kind }: Cause): boolean => kind === 'flow' || kind === 'anti' || kind === 'output';
  const told = causes.some(isData) ? causes.filter(isData) : causes;
  // What the compiler numbers has no name in the code.
  return [...new Set(told.map(({ what }) => (/^\$\d+$/u.test(what) ? 'its result' : what)))];
}

/**
 * That iterations wait for each other is said by the label of their loop; no drawing joins a region to itself, or to what is
 * in it.
 */
function edgesToDraw(graph: XCSGraph): ReturnType<typeof listEdges> {
  return listEdges(graph).filter(({ before, after }) => {
    const isAround = before === after ? isRegion(graph, after) : ancestorsOf(graph, after).includes(before);
    return !isAround;
  });
}
