/**
 * The one kind of graph: what `structuralJit`, `jit` and `autograph` produce, and what `execute` runs. A node is a step,
 * an edge says that the node after waits for the node before, and why. The engine does not see it: it runs plans.
 */
import { DirectedGraph } from 'graphology';
import type { GraphEvents } from 'graphology-types';
import { EXPLAIN } from '../brand.ts';
import { badGraph, duplicateNode, notAnOperator, unknownNode, conflictingFields } from '../errors.ts';
import { explainGraph } from './explain-graph.ts';
import {
  checkMappings,
  findConflicts,
  joinMappings,
  listMappings,
  type FieldMappings,
} from './field-mappings.ts';
import { Givers } from './givers.ts';
import { readGraph, readOptions, serializeGraph, type SerializedXCSGraph } from './json.ts';
import type {
  Binder,
  GraphEdge,
  GraphFacts,
  GraphNode,
  Guarding,
  Invocable,
  OperatorTree,
  Strategy,
} from './node.ts';
import { STRATEGIES } from './node.ts';
import { nameOf, findOperators, isInvocable } from './operator-tree.ts';
import { ancestorsOf, ordersOnePass, sortedNeighbors } from './nested.ts';
import { criticalPath, dependencyClosure, topologicalOrder, waves } from './order.ts';
import { toDot, toMermaid } from './text.ts';

type Events = GraphEvents<GraphNode, GraphEdge, GraphFacts>;

/** What a new graph is called and how it is to be run. */
export interface XCSGraphOptions {
  /** @default 'graph' */
  readonly name?: string;
  /** @default 'auto' */
  readonly strategy?: Strategy;
}

/**
 * A graph of operators, built by hand or taken from compiled code.
 *
 * @throws XCSError `XCS1104` for a strategy that does not exist.
 * @example
 * const graph = new XCSGraph()
 *   .addOperator('search', new Search())
 *   .addOperator('answer', new Answer())
 *   .connect('search', 'answer', { '*': 'docs' });
 * const answer = await execute(graph, { q: 'why?' });
 */
export class XCSGraph extends DirectedGraph<GraphNode, GraphEdge, GraphFacts> {
  #version = 0;
  readonly #givers = new Givers((after) =>
    this.mapInEdges(after, (_, { fieldMappings }, before) => ({ before, mappings: fieldMappings })),
  );

  constructor({ name = 'graph', strategy = 'auto' }: XCSGraphOptions = {}) {
    super();
    if (!STRATEGIES.includes(strategy))
      throw badGraph(`its strategy must be one of ${STRATEGIES.join(', ')}, got ${strategy}`);
    this.replaceAttributes({ name, strategy });
  }

  /** Changes whenever anything in the graph does, so that what was made of it can be kept. @internal */
  get version(): number {
    return this.#version;
  }

  /** Whatever changes the graph ends here, listened to or not. @internal */
  override emit<Event extends keyof Events>(event: Event, ...payload: Parameters<Events[Event]>): boolean {
    this.#version++;
    return super.emit(event, ...payload);
  }

  /** The name of the class or function that the graph describes. */
  get name(): string {
    return this.getAttribute('name');
  }

  /** How the graph is to be run. */
  get strategy(): Strategy {
    return this.getAttribute('strategy');
  }

  /** The tree of operators by path: `root`, `root.judge`, `root.drafts[0]`; by node id for a graph built by hand. */
  get operators(): OperatorTree {
    const known = this.getAttribute('operators');
    if (known !== undefined) return known;
    return findOperators(
      this.nodes().flatMap((path) => {
        const operator = this.getNodeAttribute(path, 'operator');
        return operator === undefined ? [] : [{ path, operator }];
      }),
    );
  }

  /**
   * Adds a node that calls `operator`. `input` computes what it is called with, instead of field mappings, from the
   * outputs of nodes that are connected to it; where `guard` says so, it is not called.
   *
   * @throws XCSError `XCS1101` when the id is taken, `XCS1006` when `operator` cannot be called.
   */
  addOperator(
    id: string,
    operator: Invocable,
    { input, guard }: { readonly input?: Binder; readonly guard?: Guarding } = {},
  ): this {
    if (this.hasNode(id)) throw duplicateNode(id);
    if (!isInvocable(operator)) throw notAnOperator('addOperator', operator);
    const bound = input === undefined ? {} : ({ bound: true, input } as const);
    const guarded = guard === undefined ? {} : ({ bound: true, guard } as const);
    this.addNode(id, { label: nameOf(operator), kind: 'call', operator, ...bound, ...guarded });
    return this.#changed();
  }

  /**
   * Makes `after` wait for `before`, and says which fields of its output become which fields of the next input. Without
   * field mappings the whole output is passed on; with `{}` nothing is, the edge only orders.
   *
   * @throws XCSError `XCS1102` for an unknown node, `XCS1105` when a field of the input comes from two places.
   */
  connect(before: string, after: string, fieldMappings?: FieldMappings): this {
    for (const id of [before, after]) if (!this.hasNode(id)) throw unknownNode(id, this.nodes());
    if (fieldMappings !== undefined) checkMappings(fieldMappings);
    const known = this.hasEdge(before, after) ? this.getEdgeAttributes(before, after) : undefined;
    const joined =
      known?.fieldMappings === undefined ? fieldMappings : joinMappings(known.fieldMappings, fieldMappings);
    // Only if it may be in conflict is it worth a look at all other edges.
    const version = this.#version;
    if (joined !== undefined && !this.#givers.add(after, before, joined, version))
      this.#checkConflicts(before, after, joined);
    const mappings = joined === undefined ? {} : { fieldMappings: joined };
    this.mergeDirectedEdge(before, after, { causes: known?.causes ?? [], ...mappings });
    // Who listens may have changed more.
    if (this.#version === version + 1) this.#givers.keep(this.#version);
    return this.#changed();
  }

  /** Says what `execute` answers: the output of a node, or what a function computes from the outputs of all. */
  returns(result: string | Binder): this {
    for (const name of ['result', 'resultOf', 'boundResult'] as const) this.removeAttribute(name);
    if (typeof result === 'function')
      return this.setAttribute('resultOf', result).setAttribute('boundResult', true);
    if (!this.hasNode(result)) throw unknownNode(result, this.nodes());
    return this.setAttribute('result', result);
  }

  /**
   * Adds the nodes and edges of `other`, their ids prefixed with `namespace` and `_`; nodes of this graph keep theirs.
   *
   * @throws XCSError `XCS1101` when a prefixed id is taken; then nothing has been added.
   * @example
   * base.merge(other, 'Draft'); // node `search` of `other` is now `Draft_search`
   */
  merge(other: XCSGraph, namespace: string): this {
    const rename = (id: string): string => `${namespace}_${id}`;
    // Read before anything is added: `other` may be this graph.
    const nodes = other.mapNodes((id, facts) => ({ id: rename(id), facts }));
    const edges = other.mapEdges((_, facts, before, after) => ({
      before: rename(before),
      after: rename(after),
      facts,
    }));
    for (const { id } of nodes) if (this.hasNode(id)) throw duplicateNode(id);
    for (const { id, facts } of nodes) {
      const { input, guard, parent } = facts;
      const renamed =
        <T>(binder: (outputOf: (of: string) => unknown, whole: unknown) => T): typeof binder =>
        (outputOf, whole) =>
          binder((of) => outputOf(rename(of)), whole);
      const binders = {
        ...(input === undefined ? {} : { input: renamed(input) }),
        ...(guard === undefined ? {} : { guard: renamed(guard) }),
      };
      const around = parent === undefined ? {} : { parent: rename(parent) };
      this.addNode(id, { ...facts, ...binders, ...around });
    }
    for (const { before, after, facts } of edges) {
      const causes = facts.causes.map((cause) =>
        cause.carried === undefined ? cause : { ...cause, carried: rename(cause.carried) },
      );
      this.addDirectedEdge(before, after, { ...facts, causes });
    }
    return this.#changed();
  }

  /**
   * Every node after all that it waits for, and a region before what is in it, in the order of adding where there is a
   * choice. Throws `XCS1103`.
   */
  topologicalOrder(): readonly string[] {
    return topologicalOrder(this);
  }

  /** The calls by how many calls at most must end before them, in one pass of each loop. Throws `XCS1103` for a cycle. */
  waves(): readonly (readonly string[])[] {
    return waves(this);
  }

  /**
   * The longest chain of calls that wait for one another, in one pass of each loop: regions are not in it, what is in
   * them is. Throws `XCS1103` for a cycle.
   */
  criticalPath(): readonly string[] {
    return criticalPath(this);
  }

  /** All nodes that must end before `id` may start. Throws `XCS1102` for an unknown node. */
  dependencyClosure(id: string): ReadonlySet<string> {
    if (!this.hasNode(id)) throw unknownNode(id, this.nodes());
    return dependencyClosure(this, id);
  }

  /** The nodes that each node waits for directly within one pass, in the order of adding. */
  dependencies(): ReadonlyMap<string, readonly string[]> {
    const waitsFor = (id: string): readonly string[] =>
      this.inNeighbors(id).filter((before) => ordersOnePass(this.getEdgeAttributes(before, id)));
    return new Map(sortedNeighbors(this, waitsFor));
  }

  /** The nodes that wait for each node directly within one pass, in the order of adding. */
  dependents(): ReadonlyMap<string, readonly string[]> {
    const waiting = (id: string): readonly string[] =>
      this.outNeighbors(id).filter((after) => ordersOnePass(this.getEdgeAttributes(id, after)));
    return new Map(sortedNeighbors(this, waiting));
  }

  /** The nodes right in a region, or without `region` those that are in none, in the order of adding. */
  contents(region?: string): readonly string[] {
    if (region !== undefined && !this.hasNode(region)) throw unknownNode(region, this.nodes());
    return this.filterNodes((_, { parent }) => parent === region);
  }

  /** The regions around a node, from the outside in. Throws `XCS1102` for an unknown node. */
  regionsAround(id: string): readonly string[] {
    if (!this.hasNode(id)) throw unknownNode(id, this.nodes());
    return ancestorsOf(this, id).toReversed();
  }

  /** The graph as a Mermaid flow chart. */
  toMermaid(): string {
    return toMermaid(this);
  }

  /** The graph in the DOT language of Graphviz. */
  toDot(): string {
    return toDot(this);
  }

  /** What `explain` shows. @internal */
  [EXPLAIN](): string {
    return explainGraph(this);
  }

  /** The graph as plain data, in graphology's format. Operators and functions are not in it. */
  override toJSON(): SerializedXCSGraph {
    return serializeGraph(this);
  }

  /**
   * A graph from what `toJSON` gave; `operators` gives nodes their operators back, so that it can be executed.
   *
   * @throws XCSError `XCS1104` for anything else.
   */
  static fromJSON(data: unknown, operators: Readonly<Record<string, Invocable>> = {}): XCSGraph {
    return readGraph(new XCSGraph(readOptions(data)), data, operators);
  }

  /** A graph that was changed no longer describes the code that it was taken from. */
  #changed(): this {
    if (this.hasAttribute('runner')) this.removeAttribute('runner');
    if (this.hasAttribute('operators')) this.removeAttribute('operators');
    return this;
  }

  #checkConflicts(before: string, after: string, mappings: FieldMappings): void {
    const others = this.inNeighbors(after).filter((id) => id !== before);
    const incoming = [
      ...others.map((id) => ({
        before: id,
        mappings: listMappings(this.getEdgeAttribute(id, after, 'fieldMappings')),
      })),
      { before, mappings: listMappings(mappings) },
    ];
    const [conflict] = findConflicts(incoming);
    if (conflict !== undefined) throw conflictingFields(after, conflict.field, conflict.givers);
  }
}
