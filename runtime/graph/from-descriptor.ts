/**
 * A graph from a descriptor. Its nodes are the steps that call operators, one per call site, in the loops and `try`
 * statements around them; the code between the calls becomes edges: a call waits for another if the code that prepares it
 * does.
 */
import { callsOperators, findCallEdges, findCalling, type CallEdge } from '../call-edges.ts';
import type { Descriptor, Region, Step } from '../descriptor.ts';
import { nameOfStep } from '../explain-cause.ts';
import { findOverlappingLoops } from '../overlap.ts';
import { XCSGraph } from './graph.ts';
import type { Cause, GraphFacts, GraphNode, OperatorTree, Strategy } from './node.ts';

/** What a descriptor does not say about the code that it describes. */
export interface DescribedBy {
  /** @default 'auto' */
  readonly strategy?: Strategy;
  /** @default the fields that the compiler saw */
  readonly operators?: OperatorTree;
  /** Runs the described code, for `execute`. */
  readonly runner?: GraphFacts['runner'];
  /** The dependences under the effects of the actual operators. @default those in the descriptor */
  readonly dependences?: Descriptor['dependences'];
}

/**
 * A graph whose nodes are the call sites of compiled code. Node ids are the ids of the steps; the parts of a `try` step 4
 * are `4.catch` and `4.finally`, within `4`.
 *
 * @example
 * graphFromDescriptor(compiled.descriptor).toMermaid();
 */
export function graphFromDescriptor(descriptor: Descriptor, described: DescribedBy = {}): XCSGraph {
  const { strategy = 'auto', operators, runner, dependences = descriptor.dependences } = described;
  const graph = new XCSGraph({ name: descriptor.name, strategy });
  const calling = findCalling(descriptor);
  const { steps, regions = [] } = descriptor;
  const overlapping = new Set(findOverlappingLoops(steps, dependences, regions));
  for (const step of steps) {
    if (!calling.has(step.id)) continue;
    const parent = addParts(graph, descriptor, step);
    const facts = callsOperators(step)
      ? describeStep(descriptor, step)
      : describeRegion(step, overlapping.has(step.id));
    const condition = conditionOf(descriptor, step);
    graph.addNode(String(step.id), {
      ...facts,
      ...(parent === undefined ? {} : { parent }),
      ...(condition === undefined ? {} : { condition }),
    });
  }
  addEdges(graph, descriptor, findCallEdges(descriptor, dependences, calling));
  graph.setAttribute('operators', operators ?? operatorsOf(descriptor));
  if (runner !== undefined) graph.setAttribute('runner', runner);
  return graph;
}

/** The node of the region that a step is in; made here for the parts of a `try`, which wait for what comes before them. */
function addParts(graph: XCSGraph, { steps, regions = [] }: Descriptor, step: Step): string | undefined {
  const region = step.region === undefined ? undefined : regions[step.region];
  if (region === undefined) return undefined;
  const owner = String(region.owner);
  const { role } = region;
  if (role !== 'catch' && role !== 'finally') return owner;
  const id = `${owner}.${role}`;
  if (graph.hasNode(id)) return id;
  const earlier = graph.filterNodes((_, { parent }) => parent === owner);
  const span = steps[region.owner]?.span;
  graph.addNode(id, {
    label: role,
    kind: role,
    isRegion: true,
    parent: owner,
    ...(span === undefined ? {} : { span }),
  });
  const what = role === 'catch' ? 'runs only if the other fails' : 'runs when the other has ended';
  for (const before of earlier) graph.addDirectedEdge(before, id, { causes: [{ kind: 'control', what }] });
  return id;
}

function addEdges(graph: XCSGraph, { steps }: Descriptor, edges: readonly CallEdge[]): void {
  for (const { before, after, chain, carried } of edges) {
    // What joins two iterations says more than what follows from it within one.
    const reason = chain.find((link) => link.carried !== undefined && link.carried === carried) ?? chain[0];
    if (reason === undefined) continue;
    const via = reason.before === before ? undefined : steps[reason.before]?.label;
    const cause: Cause = {
      kind: reason.kind,
      what: reason.what,
      ...(via === undefined ? {} : { via }),
      ...(carried === undefined ? {} : { carried: String(carried) }),
    };
    const ends = [String(before), String(after)] as const;
    const known = graph.hasEdge(...ends) ? graph.getEdgeAttribute(...ends, 'causes') : [];
    if (!known.some((one) => isSame(one, cause)))
      graph.mergeDirectedEdge(...ends, { causes: [...known, cause] });
  }
}

function isSame(one: Cause, other: Cause): boolean {
  return (
    one.kind === other.kind &&
    one.what === other.what &&
    one.via === other.via &&
    one.carried === other.carried
  );
}

function describeStep({ slots, operators }: Descriptor, step: Step): GraphNode {
  const names = step.outputs.map((slot) => slots[slot] ?? `slot ${slot}`);
  // What the compiler numbers has no name in the code.
  const outputs = names.filter((name) => !/^\$\d+$/u.test(name)).join(', ');
  const called = step.operators.flatMap((id) => operators[id] ?? []);
  const labels = called.map(({ label }) => label).join(', ');
  const method = step.method === undefined || step.method === 'invoke' ? '' : `.${step.method}`;
  return {
    label: `${outputs === '' ? '' : `${outputs} = `}${labels}${method}`,
    kind: step.kind,
    step: step.id,
    effect: [...new Set(called.map(({ effect }) => effect.kind))].join(', '),
    span: step.span,
  };
}

function describeRegion(step: Step, overlaps: boolean): GraphNode {
  const { id, kind, span } = step;
  const facts = { label: nameOfStep(step), kind, step: id, isRegion: true, span } as const;
  return kind === 'loop' ? { ...facts, iterations: overlaps ? 'overlap' : 'in order' } : facts;
}

/** What decides whether a step runs, unless that is whether its loop goes on. */
function conditionOf({ steps, slots, regions = [] }: Descriptor, { guard }: Step): string | undefined {
  if (guard === undefined) return undefined;
  const decider = steps.find(({ outputs }) => outputs.includes(guard));
  const goesOn = ({ again }: Region): boolean => again === guard;
  return decider?.kind === 'next' || regions.some(goesOn) ? undefined : slots[guard];
}

/** What is known about the tree without an instance: the fields of the class, and what the body calls. */
function operatorsOf({ name, fields, operators }: Descriptor): OperatorTree {
  const root = { path: 'root', name };
  const called = operators.flatMap(({ label, type, found }) =>
    found === 'field' && label.startsWith('this.')
      ? [[`root${label.slice('this'.length)}`, type] as const]
      : [],
  );
  const types = new Map<string, string>(called);
  const paths = new Set([...fields.map((field) => `root.${field}`), ...types.keys()]);
  const entries = [...paths].map((path) => ({ path, parent: 'root', name: types.get(path) ?? 'operator' }));
  return new Map([root, ...entries].map((entry) => [entry.path, entry]));
}
