/**
 * Builds a graph out of recorded calls. An edge is there because a value is handed on, told by identity, or because two
 * effects must keep their order; that two values are equal says nothing.
 */
import type { CallEffect } from '../effect.ts';
import { badGraph, badOption, missingField, notExecutable } from '../errors.ts';
import { checkNames } from '../options.ts';
import { XCSGraph } from '../graph/graph.ts';
import { EffectOrder, knownEffectOf, type Before } from '../autograph/effect-order.ts';
import type { Binder, Cause, GraphEdge, GraphNode } from '../graph/node.ts';
import { isInvocable } from '../graph/operator-tree.ts';
import { follow, INPUT, isExplained, make, type Lookup, type Template, type Trace } from './template.ts';
import { nameOfOperator, type TraceRecord } from '../tracing/trace-record.ts';
import { explainResult, explainTraces } from './provenance.ts';
import { listUses } from './template-text.ts';
import { align, isSameCalls } from './trace-order.ts';

/** What a graph that is built from records is called. */
export interface AutoGraphBuilderOptions {
  /** Its name in messages and pictures. @default the name of the operator whose calls were recorded, or `'graph'` */
  readonly name?: string;
}

/** A call of a graph that is to be built. */
export interface RecordedStep {
  readonly operator: object;
  readonly template: Template;
}

/**
 * Builds an `XCSGraph` out of the records of a `TracerContext`. When they are of one call and of those that it made, its
 * input is that of the graph and its output the result; else the input of the first call is that of the graph.
 *
 * Records of a second run of the same calls tell which numbers, strings and booleans are handed on, too: those that
 * differ between the runs and are the same in both places. An input that code has computed from such values is opaque:
 * it is not explained, and a graph with such a node cannot be executed by itself.
 *
 * @example
 * const tracer = new TracerContext();
 * await tracer.run(() => answer.invoke({ q: 'why?' }));
 * const graph = new AutoGraphBuilder().build(tracer.records);
 * graph.nodes(); // ['Search', 'Judge', 'Judge_2', 'Judge_3']
 */
export class AutoGraphBuilder {
  readonly #name: string | undefined;

  /** Throws an `XCSError` for an option that is unknown, or a name that is no string. */
  constructor(options: AutoGraphBuilderOptions = {}) {
    checkNames('AutoGraphBuilder', options, ['name']);
    const { name } = options;
    if (name !== undefined && typeof name !== 'string')
      throw badOption('AutoGraphBuilder', 'name', name, 'a string');
    this.#name = name;
  }

  /** Throws an `XCSError` with code `XCS1104` when the second run made other calls than the first. */
  build(records: readonly TraceRecord[], secondRun?: readonly TraceRecord[]): XCSGraph {
    const first = readRecords(records);
    const second = secondRun && readRecords(secondRun);
    if (second !== undefined && !isSameCalls(first.trace, second.trace))
      throw badGraph('the second run made other calls than the first');
    const aligned = second && { ...second, trace: align(second.trace, first.trace) };
    const templates = explainTraces(first.trace, aligned?.trace, 'proof');
    const name = this.#name ?? (first.root === undefined ? 'graph' : nameOfOperator(first.root.operator));
    const steps = first.trace.records.map(({ operator }, index): RecordedStep => {
      const isInput = index === 0 && first.root === undefined;
      const whole: Template = { kind: 'path', step: INPUT, path: [] };
      return { operator, template: isInput ? whole : (templates[index] ?? { kind: 'opaque' }) };
    });
    const ids: string[] = [];
    const graph = graphOfSteps(new XCSGraph({ name }), steps, ids);
    if (first.root !== undefined)
      giveResult(graph, ids, explainResult(first.trace, first.root, aligned?.trace, aligned?.root));
    return graph;
  }
}

interface Read {
  readonly trace: Trace;
  /** The one call that made all others. */
  readonly root: TraceRecord | undefined;
}

/** The calls of the outermost code; what these call is their business. */
function readRecords(records: readonly TraceRecord[]): Read {
  if (!Array.isArray(records)) throw badGraph('the records must be an array, as `TracerContext` gives them');
  const known = new Set(records.map(({ id }) => id));
  const outermost = records.filter(({ parent }) => parent === undefined || !known.has(parent));
  const [first] = outermost;
  const made = outermost.length === 1 ? records.filter(({ parent }) => parent === first?.id) : [];
  if (made.length > 0) return { trace: { input: first?.inputs, records: made }, root: first };
  return { trace: { input: first?.inputs, records: outermost }, root: undefined };
}

/** Adds a node for each step, in the order of the steps, and puts its id at the end of `ids`. */
export function graphOfSteps(graph: XCSGraph, steps: readonly RecordedStep[], ids: string[] = []): XCSGraph {
  const order = new EffectOrder();
  const effects = new Map<object, CallEffect>();
  const counts = new Map<string, number>();
  for (const step of steps) {
    const { operator } = step;
    const effect = effects.get(operator) ?? knownEffectOf(operator);
    effects.set(operator, effect);
    const id = freshId(graph, counts, nameOfOperator(operator));
    graph.addNode(id, describeNode(id, step, ids));
    for (const [before, edge] of edgesTo(step, order.add(id, effect), ids))
      graph.addDirectedEdge(before, id, edge);
    ids.push(id);
  }
  return graph;
}

function describeNode(id: string, { operator, template }: RecordedStep, ids: readonly string[]): GraphNode {
  if (!isInvocable(operator)) throw badGraph(`a record has an operator that cannot be called: \`${id}\``);
  const input: Binder = (outputOf, given) => makeFor(id, template, lookupIn(ids, outputOf, given), ids);
  const live = { operator, bound: true, input } as const;
  const label = nameOfOperator(operator);
  return { label, kind: 'call', ...live, ...(isExplained(template) ? {} : { opaque: true }) };
}

function edgesTo(
  { template }: RecordedStep,
  follows: readonly Before[],
  ids: readonly string[],
): ReadonlyMap<string, GraphEdge> {
  const edges = new Map<string, { fieldMappings: Record<string, string | string[]>; causes: Cause[] }>();
  const edge = (before: string, cause: Cause): Record<string, string | string[]> => {
    const known = edges.get(before) ?? { fieldMappings: {}, causes: [] };
    edges.set(before, known);
    if (!known.causes.some(({ kind, what }) => kind === cause.kind && what === cause.what))
      known.causes.push(cause);
    return known.fieldMappings;
  };
  for (const { step, field, becomes } of listUses(template)) {
    const before = ids[step];
    if (before === undefined) continue;
    const mappings = edge(before, { kind: 'flow', what: field });
    const places = [...new Set([...[mappings[field] ?? []].flat(), becomes])];
    mappings[field] = places.length === 1 ? becomes : places;
  }
  for (const { id: before, what } of follows) edge(before, { kind: 'effect', what });
  return edges;
}

/** A result that nothing explains leaves the graph without one; then it cannot be executed by itself. */
function giveResult(graph: XCSGraph, ids: readonly string[], template: Template): void {
  graph.returns((outputOf, given) => makeFor('result', template, lookupIn(ids, outputOf, given), ids));
  if (!isExplained(template)) graph.removeAttribute('resultOf');
}

/** Throws `XCS1106` when a field that it is made of is not there. */
function makeFor(id: string, template: Template, lookup: Lookup, ids: readonly string[]): unknown {
  for (const { step, path, field } of listUses(template))
    if (follow(path, lookup) === undefined)
      throw missingField(id, step === INPUT ? 'input' : (ids[step] ?? ''), field, lookup(step)?.value);
  const made = make(template, lookup);
  if (made === undefined) throw notExecutable(id, 'a part of a text in its input is no string');
  return made.value;
}

function lookupIn(ids: readonly string[], outputOf: (id: string) => unknown, given: unknown): Lookup {
  return (step) => {
    if (step === INPUT) return { value: given };
    const id = ids[step];
    return id === undefined ? undefined : { value: outputOf(id) };
  };
}

function freshId(graph: XCSGraph, counts: Map<string, number>, name: string): string {
  let count = counts.get(name) ?? 0;
  let id: string;
  do {
    count++;
    id = count === 1 ? name : `${name}_${count}`;
  } while (graph.hasNode(id));
  counts.set(name, count);
  return id;
}
