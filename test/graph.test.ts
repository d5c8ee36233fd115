import { describe, expect, it, vi } from 'vitest';
import { XCSGraph } from '../runtime/graph/graph.ts';
import { graphFromDescriptor } from '../runtime/graph/from-descriptor.ts';
import { sample, asWrittenSample } from './helpers/sample-descriptor.ts';

/** An operator that only stands there. */
class Leaf {
  readonly inner: unknown;
  constructor(inner?: unknown) {
    this.inner = inner;
  }
  invoke(): never {
    return expect.unreachable();
  }
}

/** A graph from edges written as `A B`. */
function graphFrom(nodes: string, ...edges: readonly string[]): XCSGraph {
  const graph = new XCSGraph();
  for (const id of nodes.split(' ')) graph.addOperator(id, new Leaf());
  for (const edge of edges) {
    const [before = '', after = ''] = edge.split(' ');
    graph.connect(before, after);
  }
  return graph;
}

const diamond = (): XCSGraph => graphFrom('A B C D', 'A B', 'A C', 'B D', 'C D');

const codeOf = (fn: () => unknown): unknown => {
  try {
    fn();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return 'nothing was thrown';
};

describe('nodes and edges', () => {
  it('G1 two nodes and an edge are there, and listed on both sides', () => {
    const graph = graphFrom('one two', 'one two');
    expect([graph.order, graph.size]).toEqual([2, 1]);
    expect(graph.outNeighbors('one')).toEqual(['two']);
    expect(graph.inNeighbors('two')).toEqual(['one']);
    expect(graph.dependencies()).toEqual(
      new Map([
        ['one', []],
        ['two', ['one']],
      ]),
    );
    expect(graph.dependents()).toEqual(
      new Map([
        ['one', ['two']],
        ['two', []],
      ]),
    );
  });

  it('G2 a duplicate id is an error that names it', () => {
    const graph = graphFrom('one');
    expect(() => graph.addOperator('one', new Leaf())).toThrow('`one`');
    expect(codeOf(() => graph.addOperator('one', new Leaf()))).toBe('XCS1101');
    expect(graph.order).toBe(1);
  });

  it('connecting an unknown node is an error that names it and what there is', () => {
    const graph = graphFrom('one two');
    expect(codeOf(() => graph.connect('one', 'three'))).toBe('XCS1102');
    expect(() => graph.connect('three', 'one')).toThrow(/`three`.*`one`.*`two`/u);
  });

  it('adding something that cannot be called is an error', () => {
    expect(codeOf(() => new XCSGraph().addOperator('one', JSON.parse('{}')))).toBe('XCS1006');
  });

  it('a strategy that does not exist is an error that names the ones that do', () => {
    expect(() => new XCSGraph(JSON.parse('{ "strategy": "fast" }'))).toThrow(
      /auto, parallel, sequential.*fast/u,
    );
    expect(new XCSGraph({ strategy: 'parallel' }).strategy).toBe('parallel');
    expect(new XCSGraph().strategy).toBe('auto');
  });
});

describe('field mappings', () => {
  it('G7 stand on the edge', () => {
    const graph = graphFrom('split left right');
    graph.connect('split', 'left', { value1: 'value' }).connect('split', 'right', { value2: 'value' });
    expect(graph.getEdgeAttribute('split', 'left', 'fieldMappings')).toEqual({ value1: 'value' });
    expect(graph.getEdgeAttribute('split', 'right', 'fieldMappings')).toEqual({ value2: 'value' });
  });

  it('add up when the same nodes are connected again', () => {
    const graph = graphFrom('a b')
      .connect('a', 'b', { text: 'draft' })
      .connect('a', 'b', { text: 'subject', n: 'n' });
    expect(graph.size).toBe(1);
    expect(graph.getEdgeAttribute('a', 'b', 'fieldMappings')).toEqual({ text: ['draft', 'subject'], n: 'n' });
  });

  it('may not give one field of an input twice', () => {
    const graph = graphFrom('a b c').connect('a', 'c', { text: 'value' });
    expect(codeOf(() => graph.connect('b', 'c', { result: 'value' }))).toBe('XCS1105');
    expect(() => graph.connect('b', 'c', { result: 'value' })).toThrow(
      /`c`.*`value`.*`a.text` and `b.result`/u,
    );
    expect(() => graph.connect('b', 'c', { '*': '*' })).toThrow(/`c`.*`a.text` and `b`/u);
    expect(graph.hasEdge('b', 'c')).toBe(false);
  });

  it('are checked against what has changed since', () => {
    const graph = graphFrom('a b c').connect('a', 'c', { text: 'value' });
    graph.dropEdge('a', 'c');
    graph.connect('b', 'c', { result: 'value' });
    expect(codeOf(() => graph.connect('a', 'c', { text: 'value' }))).toBe('XCS1105');
    graph.setEdgeAttribute('b', 'c', 'fieldMappings', { result: 'other' });
    expect(codeOf(() => graph.connect('a', 'c', { text: 'other' }))).toBe('XCS1105');
    expect(codeOf(() => graph.connect('a', 'c', { text: 'value', n: 'value' }))).toBe('XCS1105');
    graph.connect('a', 'c', { text: 'value' });
    expect(codeOf(() => graph.connect('b', 'c', { result: 'value' }))).toBe('XCS1105');
  });

  it('are checked without a look at all others, however many nodes give fields to one', () => {
    const count = 200;
    const ids = Array.from({ length: count }, (_, index) => `n${index}`);
    const graph = graphFrom(`${ids.join(' ')} end`);
    const looks = [vi.spyOn(graph, 'inNeighbors'), vi.spyOn(graph, 'getEdgeAttribute')];
    const mapped = vi.spyOn(graph, 'mapInEdges');
    for (const id of ids) graph.connect(id, 'end', { text: id }).connect(id, 'end', { more: `${id} more` });
    expect(graph.inDegree('end')).toBe(count);
    expect(looks.reduce((calls, { mock }) => calls + mock.calls.length, 0)).toBeLessThan(4 * count);
    expect(mapped).toHaveBeenCalledTimes(1);
  });

  it.each([[null], ['result'], [['result']], [{ result: 1 }], [{ result: ['a', 2] }]])(
    'are an error when they are %j',
    (mappings) => {
      expect(codeOf(() => graphFrom('a b').connect('a', 'b', JSON.parse(JSON.stringify(mappings))))).toBe(
        'XCS1104',
      );
    },
  );
});

describe('order', () => {
  it('G3 sorts a chain, and a diamond with its sides between its ends in the order of adding', () => {
    expect(graphFrom('A B C', 'A B', 'B C').topologicalOrder()).toEqual(['A', 'B', 'C']);
    expect(diamond().topologicalOrder()).toEqual(['A', 'B', 'C', 'D']);
  });

  it('goes by the order of adding among nodes that are ready, whatever the order of connecting', () => {
    expect(graphFrom('10 9 8 7', '7 10', '8 9').topologicalOrder()).toEqual(['8', '9', '7', '10']);
  });

  it.each([
    ['a loop of three', graphFrom('x a b c', 'x a', 'a b', 'b c', 'c a'), 'a → b → c → a'],
    ['a node that waits for itself', graphFrom('a b', 'a b', 'b b'), 'b → b'],
    ['a loop with a tail', graphFrom('t b a', 'b a', 'a b', 'b t'), 'b → a → b'],
  ])('G4 names the nodes of %s', (_, graph, cycle) => {
    expect(codeOf(() => graph.topologicalOrder())).toBe('XCS1103');
    for (const order of [() => graph.topologicalOrder(), () => graph.waves(), () => graph.criticalPath()])
      expect(order).toThrow(new RegExp(`: ${cycle}$`, 'u'));
  });

  it('G9 the closure of a chain is all that comes before', () => {
    const graph = graphFrom('1 2 3', '1 2', '2 3');
    expect(graph.dependencyClosure('1')).toEqual(new Set());
    expect(graph.dependencyClosure('2')).toEqual(new Set(['1']));
    expect([...graph.dependencyClosure('3')]).toEqual(['1', '2']);
    expect(codeOf(() => graph.dependencyClosure('4'))).toBe('XCS1102');
  });

  it('G11 makes waves of two chains that meet, and of a diamond, with their direct dependences', () => {
    const meeting = graphFrom('A1 B1 A2 B2 C1', 'A1 B1', 'A2 B2', 'B1 C1', 'B2 C1');
    expect(meeting.waves()).toEqual([['A1', 'A2'], ['B1', 'B2'], ['C1']]);
    expect(Object.fromEntries(meeting.dependencies())).toEqual({
      A1: [],
      B1: ['A1'],
      A2: [],
      B2: ['A2'],
      C1: ['B1', 'B2'],
    });
    expect(diamond().waves()).toEqual([['A'], ['B', 'C'], ['D']]);
    expect(Object.fromEntries(diamond().dependents())).toEqual({ A: ['B', 'C'], B: ['D'], C: ['D'], D: [] });
  });

  it('S1 a chain is one wave for each node', () => {
    expect(graphFrom('A B C', 'A B', 'B C').waves()).toEqual([['A'], ['B'], ['C']]);
  });

  it('S2 source, three branches, two merges and sink are four waves', () => {
    const graph = graphFrom(
      's b1 b2 b3 m1 m2 t',
      's b1',
      's b2',
      's b3',
      'b1 m1',
      'b2 m1',
      'b2 m2',
      'b3 m2',
      'm1 t',
      'm2 t',
    );
    expect(graph.waves()).toEqual([['s'], ['b1', 'b2', 'b3'], ['m1', 'm2'], ['t']]);
  });

  it('finds the longest chain, and the first of equals', () => {
    expect(graphFrom('a b c d e', 'a d', 'b c', 'c d', 'd e').criticalPath()).toEqual(['b', 'c', 'd', 'e']);
    expect(diamond().criticalPath()).toEqual(['A', 'B', 'D']);
    expect(new XCSGraph().criticalPath()).toEqual([]);
    expect(new XCSGraph().waves()).toEqual([]);
  });

  it('orders 20 000 nodes in a row without recursion', () => {
    const graph = new XCSGraph();
    const ids = Array.from({ length: 20_000 }, (_, index) => `n${index}`);
    for (const id of ids) graph.addOperator(id, new Leaf());
    for (const [index, id] of ids.slice(1).entries()) graph.connect(`n${index}`, id);
    expect(graph.topologicalOrder()).toEqual(ids);
    expect(graph.criticalPath()).toHaveLength(20_000);
  });
});

describe('merge', () => {
  it('G5 keeps base ids and prefixes additional ones', () => {
    const base = graphFrom('a b', 'a b');
    const added = graphFrom('c d').connect('c', 'd', { text: 'value' });
    const merged = base.merge(added, 'Ns');
    expect(merged.nodes()).toEqual(['a', 'b', 'Ns_c', 'Ns_d']);
    expect(merged.getEdgeAttribute('Ns_c', 'Ns_d', 'fieldMappings')).toEqual({ text: 'value' });
    expect(added.nodes()).toEqual(['c', 'd']);
  });

  it('G6 with the same id in both, base keeps it and the additional one is prefixed', () => {
    const one = new Leaf();
    const other = new Leaf();
    const merged = new XCSGraph().addOperator('x', one).merge(new XCSGraph().addOperator('x', other), 'Ns');
    expect(merged.getNodeAttribute('x', 'operator')).toBe(one);
    expect(merged.getNodeAttribute('Ns_x', 'operator')).toBe(other);
  });

  it('adds nothing when a prefixed id is taken', () => {
    const base = graphFrom('Ns_d');
    expect(() => base.merge(graphFrom('c d'), 'Ns')).toThrow('`Ns_d`');
    expect(base.nodes()).toEqual(['Ns_d']);
  });

  it('merges a graph with itself', () => {
    const graph = graphFrom('a b', 'a b');
    expect(graph.merge(graph, 'again').waves()).toEqual([
      ['a', 'again_a'],
      ['b', 'again_b'],
    ]);
  });
});

describe('text', () => {
  const graph = graphFrom('a b "c"', 'b "c"').connect('a', 'b', { text: 'draft', n: 'n' });

  it('draws Mermaid, with field mappings on the edges', () => {
    expect(graph.toMermaid()).toBe(
      `
flowchart TD
  n0["a: Leaf"]
  n1["b: Leaf"]
  n2["#quot;c#quot;: Leaf"]
  n0 -->|"text → draft, n"| n1
  n1 --> n2`.trim(),
    );
  });

  it('draws DOT', () => {
    expect(graph.toDot()).toBe(
      `
digraph "graph" {
  "a" [label="a: Leaf"];
  "b" [label="b: Leaf"];
  "\\"c\\"" [label="\\"c\\": Leaf"];
  "a" -> "b" [label="text → draft, n"];
  "b" -> "\\"c\\"";
}`.trim(),
    );
  });
});

describe('JSON', () => {
  const original = (): XCSGraph =>
    new XCSGraph({ name: 'Answer', strategy: 'parallel' })
      .addOperator('10', new Leaf([new Leaf()]))
      .addOperator('9', new Leaf(), { input: () => 1 })
      .connect('10', '9', { text: 'value' })
      .returns('9');

  it('goes round without its operators', () => {
    const data: unknown = JSON.parse(JSON.stringify(original()));
    const copy = XCSGraph.fromJSON(data);
    expect(JSON.parse(JSON.stringify(copy))).toEqual(data);
    expect([copy.name, copy.strategy, copy.nodes()]).toEqual(['Answer', 'parallel', ['10', '9']]);
    expect(copy.getEdgeAttributes('10', '9')).toEqual({ causes: [], fieldMappings: { text: 'value' } });
    expect(copy.getNodeAttributes('9')).toEqual({ label: 'Leaf', kind: 'call', bound: true });
    expect([...copy.operators.keys()]).toEqual(['10', '10.inner[0]', '9']);
    expect(copy.toMermaid()).toBe(original().toMermaid());
  });

  it('takes operators back', () => {
    const leaf = new Leaf();
    const copy = XCSGraph.fromJSON(original().toJSON(), { 10: leaf });
    expect(copy.getNodeAttribute('10', 'operator')).toBe(leaf);
    expect(copy.getNodeAttribute('9', 'operator')).toBeUndefined();
  });

  it('keeps the causes of a compiled graph', () => {
    const graph = graphFromDescriptor(sample);
    const copy = XCSGraph.fromJSON(JSON.parse(JSON.stringify(graph)));
    expect(copy.getEdgeAttributes('0', '4')).toEqual(graph.getEdgeAttributes('0', '4'));
    expect(copy.toDot()).toBe(graph.toDot());
  });

  const attributes = { name: 'g', strategy: 'auto' };
  it.each<[string, unknown]>([
    ['the graph must be an object', null],
    ['`attributes` must be an object', { nodes: [], edges: [] }],
    ['`strategy` must be one of', { attributes: { name: 'g', strategy: 'x' }, nodes: [], edges: [] }],
    ['`nodes` must be an array', { attributes, edges: [] }],
    ['a node needs a `key`', { attributes, nodes: [{}], edges: [] }],
    ['node `a` needs', { attributes, nodes: [{ key: 'a', attributes: { kind: 'jump' } }], edges: [] }],
    ['`edges` must be an array', { attributes, nodes: [] }],
    [
      'an edge joins `a` and `b`',
      { attributes, nodes: [{ key: 'a' }], edges: [{ source: 'a', target: 'b' }] },
    ],
  ])('says that %s', (message, data) => {
    expect(codeOf(() => XCSGraph.fromJSON(data))).toBe('XCS1104');
    expect(() => XCSGraph.fromJSON(data)).toThrow(message);
  });
});

describe('a graph from a descriptor', () => {
  const graph = graphFromDescriptor(sample, { strategy: 'parallel' });

  it('has a node for each call site, none for the composite and none for code between calls', () => {
    expect(graph.nodes()).toEqual(['0', '1', '4']);
    expect(graph.mapNodes((_, { label, kind }) => `${kind} ${label}`)).toEqual([
      'call docs = this.#search',
      'start early = this.draft.begin',
      'async text, count = this.draft',
    ]);
    expect([graph.name, graph.strategy]).toEqual(['Answer', 'parallel']);
  });

  it('carries causes on its edges, with the code between two calls', () => {
    expect(graph.mapEdges((_, { causes }, before, after) => ({ before, after, causes }))).toEqual([
      { before: '0', after: '4', causes: [{ kind: 'flow', what: 'msgs', via: 'msgs.push(docs)' }] },
      {
        before: '1',
        after: '4',
        causes: [{ kind: 'control', what: 'may leave the body before this', via: 'await early' }],
      },
    ]);
    expect(graph.waves()).toEqual([['0', '1'], ['4']]);
  });

  it('lists the operators that the compiler saw', () => {
    expect([...graph.operators.values()]).toEqual([
      { path: 'root', name: 'Answer' },
      { path: 'root.#search', parent: 'root', name: 'Search' },
      { path: 'root.draft', parent: 'root', name: 'Draft' },
    ]);
  });

  it('has no steps when the body runs as written', () => {
    expect(graphFromDescriptor(asWrittenSample).order).toBe(0);
  });
});
