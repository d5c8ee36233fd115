/**
 * A graph from a descriptor. Its nodes are the steps that call operators, one per call site; the code between the calls
 * becomes edges: a call waits for another if the code that prepares it does.
 */
import type { Dependence, Descriptor, Step } from '../descriptor.ts';
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

/** Causes by the call that they lead back to. */
type Sources = ReadonlyMap<number, readonly Cause[]>;

/**
 * A graph whose nodes are the call sites of compiled code. Node ids are the ids of the steps.
 *
 * @example
 * graphFromDescriptor(compiled.descriptor).toMermaid();
 */
export function graphFromDescriptor(descriptor: Descriptor, described: DescribedBy = {}): XCSGraph {
  const { strategy = 'auto', operators, runner, dependences = descriptor.dependences } = described;
  const graph = new XCSGraph({ name: descriptor.name, strategy });
  const sources = new Map<number, Sources>();
  const incoming = new Map<number, Dependence[]>(descriptor.steps.map(({ id }) => [id, []]));
  for (const dependence of dependences) incoming.get(dependence.after)?.push(dependence);
  for (const step of descriptor.steps) {
    const found = new Map<number, Cause[]>();
    for (const { before, kind, what } of incoming.get(step.id) ?? []) {
      const earlier = descriptor.steps[before];
      if (earlier === undefined) continue;
      const origins = callsOperators(earlier) ? [before] : (sources.get(before)?.keys() ?? []);
      const via = callsOperators(earlier) ? {} : { via: earlier.label };
      for (const origin of origins) append(found, origin, { kind, what, ...via });
    }
    if (!callsOperators(step)) {
      sources.set(step.id, found);
      continue;
    }
    graph.addNode(String(step.id), describeStep(descriptor, step));
    for (const [origin, causes] of [...found].toSorted(([one], [other]) => one - other))
      graph.addDirectedEdge(String(origin), String(step.id), { causes });
  }
  graph.setAttribute('operators', operators ?? operatorsOf(descriptor));
  if (runner !== undefined) graph.setAttribute('runner', runner);
  return graph;
}

function callsOperators({ kind, operators }: Step): boolean {
  return kind === 'call' || kind === 'start' || operators.length > 0;
}

function describeStep({ slots, operators }: Descriptor, step: Step): GraphNode {
  const outputs = step.outputs.map((slot) => slots[slot] ?? `slot ${slot}`).join(', ');
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

function append(lists: Map<number, Cause[]>, origin: number, cause: Cause): void {
  const list = lists.get(origin);
  if (list === undefined) lists.set(origin, [cause]);
  else if (
    !list.some(({ kind, what, via }) => kind === cause.kind && what === cause.what && via === cause.via)
  )
    list.push(cause);
}
