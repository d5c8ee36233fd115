/** Loops and `try` statements in the graphs of compiled code: what is in what, and what that means for order and drawings. */
import { describe, expect, it } from 'vitest';
import * as xcs from '../runtime/index.ts';
import { explain, graphOf, XCSGraph } from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';

const source = `
  import { Operator, structuralJit } from 'xcs';
  class Model extends Operator<string, string> {
    static override readonly effect = 'unordered';
    async forward(text: string) { return text; }
  }
  class Plan extends Operator<string, string[]> {
    static override readonly effect = 'unordered';
    async forward(text: string) { return text.split(' '); }
  }
  @structuralJit
  export class Answer extends Operator<string, string> {
    readonly plan = new Plan();
    readonly search = new Model();
    readonly spare = new Model();
    readonly count = new Model();
    readonly side = new Model();
    readonly judge = new Model();
    async forward(question: string) {
      const parts = await this.plan.invoke(question);
      const found: string[] = [];
      for (const part of parts) {
        let text = '';
        try {
          text = await this.search.invoke(part);
        } catch {
          text = await this.spare.invoke(part);
        } finally {
          await this.count.invoke('one more');
        }
        found.push(text);
      }
      const side = await this.side.invoke(question);
      return await this.judge.invoke(found.join() + side);
    }
  }
  @structuralJit
  export class Refine extends Operator<string, string> {
    readonly draft = new Model();
    readonly again = new Model();
    async forward(question: string) {
      let text = question;
      for (let round = 0; round < 3; round++) {
        text = await this.draft.invoke(text);
        if (text.length > 9) text = await this.again.invoke(text);
      }
      return text;
    }
  }`;

const exported = compileModule(source).load({ modules: { xcs } });

/** Its graph, its nodes named after whom they call, or what they are. */
function graphOfClass(name: 'Answer' | 'Refine'): {
  readonly graph: XCSGraph;
  readonly named: (id: string) => string;
  readonly idOf: (named: string) => string;
} {
  const graph = graphOf(exported[name]);
  const named = (id: string): string => {
    const { label, isRegion } = graph.getNodeAttributes(id);
    return isRegion ? label : (label.split('this.')[1] ?? label);
  };
  const idOf = (wanted: string): string => graph.nodes().find((id) => named(id) === wanted) ?? 'none';
  return { graph, named, idOf };
}

const LOOP = 'for (const part of parts)';

describe('a loop with a `try` in it', () => {
  const { graph, named, idOf } = graphOfClass('Answer');

  it('is a region that contains its steps, to any depth', () => {
    const contents = (region?: string): unknown =>
      graph
        .contents(region)
        .map((id) => (graph.getNodeAttribute(id, 'isRegion') ? { [named(id)]: contents(id) } : named(id)));
    expect(contents()).toEqual([
      'plan',
      { [LOOP]: [{ try: ['search', { catch: ['spare'] }, { finally: ['count'] }] }] },
      'side',
      'judge',
    ]);
    expect(graph.regionsAround(idOf('spare')).map(named)).toEqual([LOOP, 'try', 'catch']);
    expect(graph.getNodeAttribute(idOf(LOOP), 'iterations')).toBe('overlap');
    expect(() => graph.contents('none')).toThrow(expect.objectContaining({ code: 'XCS1102' }));
    expect(() => graph.regionsAround('none')).toThrow(expect.objectContaining({ code: 'XCS1102' }));
  });

  it('is waited for as a whole, and what is in it waits for what it waits for', () => {
    expect(graph.inNeighbors(idOf('judge')).map(named).toSorted()).toEqual([LOOP, 'side']);
    expect([...graph.dependencyClosure(idOf('search'))].map(named)).toEqual(['plan']);
    expect([...graph.dependencyClosure(idOf('judge'))].map(named)).toEqual([
      'plan',
      LOOP,
      'try',
      'search',
      'catch',
      'spare',
      'finally',
      'count',
      'side',
    ]);
  });

  it('is ordered before what is in it, and all of that before what waits for it', () => {
    const order = ['plan', LOOP, 'try', 'search', 'catch', 'spare', 'finally', 'count', 'side', 'judge'];
    expect(graph.topologicalOrder().map(named)).toEqual(order);
  });

  it('has calls in waves of one pass, a handler after what may fail, regions in none', () => {
    expect(graph.waves().map((wave) => wave.map(named).toSorted())).toEqual([
      ['plan', 'side'],
      ['search'],
      ['spare'],
      ['count'],
      ['judge'],
    ]);
    expect(graph.criticalPath().map(named)).toEqual(['plan', 'search', 'spare', 'count', 'judge']);
  });

  it('goes through JSON with its nesting', () => {
    const data: unknown = JSON.parse(JSON.stringify(graph));
    const copy = XCSGraph.fromJSON(data);
    expect(JSON.parse(JSON.stringify(copy))).toEqual(data);
    expect(copy.toMermaid()).toBe(graph.toMermaid());
    expect(copy.toDot()).toBe(graph.toDot());
    expect(copy.waves()).toEqual(graph.waves());
    expect(copy.contents(idOf(LOOP))).toEqual([idOf('try')]);
  });

  it('keeps its nesting when it is merged into another graph', () => {
    const merged = new XCSGraph().merge(graph, 'Ns');
    expect(merged.regionsAround(`Ns_${idOf('spare')}`)).toEqual(
      ['try', LOOP]
        .map((region) => `Ns_${idOf(region)}`)
        .toReversed()
        .concat(`Ns_${idOf('catch')}`),
    );
    expect(merged.criticalPath()).toEqual(graph.criticalPath().map((id) => `Ns_${id}`));
  });

  it('is drawn as subgraphs in Mermaid and as clusters in DOT', () => {
    const drawing = (text: string): readonly string[] => text.split('\n').map((line) => line.trim());
    const [search, spare] = [idOf('search'), idOf('spare')];
    expect(drawing(graph.toMermaid()).slice(2, 12)).toEqual([
      `subgraph n1["${idOf(LOOP)}: for (const part of parts), iterations overlap"]`,
      `subgraph n2["${idOf('try')}: try"]`,
      `n3["${search}: text = this.search"]`,
      `subgraph n4["${idOf('catch')}: catch"]`,
      `n5["${spare}: text = this.spare"]`,
      'end',
      `subgraph n6["${idOf('finally')}: finally"]`,
      `n7["${idOf('count')}: this.count"]`,
      'end',
      'end',
    ]);
    const dot = drawing(graph.toDot());
    expect(dot).toContain('compound=true;');
    expect(dot).toContain(
      `subgraph "cluster_${idOf(LOOP)}" { label="${idOf(LOOP)}: for (const part of parts), iterations overlap";`,
    );
    expect(dot).toContain(
      `"${idOf('count')}" -> "${idOf('judge')}" [label="[]", ltail="cluster_${idOf(LOOP)}"];`,
    );
  });
});

describe('a loop whose iterations need each other', () => {
  const { graph, named, idOf } = graphOfClass('Refine');

  it('has edges between iterations, which order nothing within one', () => {
    const between = graph.getEdgeAttribute(idOf('again'), idOf('draft'), 'causes');
    expect(between).toContainEqual({ kind: 'flow', what: 'text', carried: graph.contents()[0] });
    expect(between.filter(({ carried }) => carried === undefined)).toEqual([]);
    expect(graph.dependencies().get(idOf('draft'))).toEqual([]);
    expect(graph.waves().map((wave) => wave.map(named))).toEqual([['draft'], ['again']]);
    expect(graph.toMermaid()).toMatch(/^ {2}n2 -\.->\|"text \(iteration before\).*"\| n1$/m);
    expect(graph.toDot()).toMatch(/\(iteration before\)", style=dotted\];$/m);
    expect(graph.getNodeAttribute(graph.contents()[0] ?? '', 'iterations')).toBe('in order');
  });

  it('is explained with its iterations', () => {
    const text = explain(XCSGraph.fromJSON(graph.toJSON()));
    expect(text).toContain('  calls: 2 call sites, 2 on the critical path of one pass\n');
    expect(text).toMatch(/^ {2}\d+ {2}for \(let round = 0; round < 3; round\+\+\), iterations in order\n/m);
    expect(text).toMatch(/^ {4}\d+ {2}text = this\.again, if text\.length > 9\n/m);
    expect(text).toMatch(/needs `text`, in the iteration before/);
  });

  it('says under which condition a call is made', () => {
    expect(graph.getNodeAttribute(idOf('again'), 'condition')).toBe('text.length > 9');
    expect(graph.getNodeAttribute(idOf('draft'), 'condition')).toBeUndefined();
  });
});

describe('JSON of a nested graph', () => {
  const attributes = { name: 'g', strategy: 'auto' };
  const region = { label: 'for', kind: 'loop', isRegion: true };
  const within = (parent: string): unknown => ({ label: 'call', kind: 'call', parent });
  it.each<[string, unknown, unknown]>([
    ['node `a` is in "none", which is no region', [{ key: 'a', attributes: within('none') }], []],
    [
      'node `a` is in "b", which is no region',
      [
        { key: 'a', attributes: within('b') },
        { key: 'b', attributes: {} },
      ],
      [],
    ],
    ['node `a` is within itself', [{ key: 'a', attributes: { ...region, parent: 'a' } }], []],
    [
      'an edge joins `a` and `b`, one of which is within the other',
      [
        { key: 'a', attributes: region },
        { key: 'b', attributes: within('a') },
      ],
      [{ source: 'a', target: 'b' }],
    ],
  ])('says that %s', (message, nodes, edges) => {
    expect(() => XCSGraph.fromJSON({ attributes, nodes, edges })).toThrow(message);
  });

  it('orders what is written in any order', () => {
    const nodes = [
      { key: 'last', attributes: {} },
      { key: 'inner', attributes: within('loop') },
      { key: 'loop', attributes: region },
      { key: 'first', attributes: {} },
    ];
    const edges = [
      { source: 'loop', target: 'last' },
      { source: 'first', target: 'loop' },
    ];
    const graph = XCSGraph.fromJSON({ attributes, nodes, edges });
    expect(graph.topologicalOrder()).toEqual(['first', 'loop', 'inner', 'last']);
    expect(graph.waves()).toEqual([['first'], ['inner'], ['last']]);
    expect([...graph.dependencyClosure('inner')]).toEqual(['first']);
  });
});
