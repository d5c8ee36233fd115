/**
 * Compiles a hand-built graph: a step for each node in topological order, its edges as the only dependences, for whoever
 * builds a graph has said what must wait for what.
 *
 * A node with a guard is a step that decides whether to call.
 *
 *     slots   0 input, 1 context, 2… the output of each node, then the outputs in chunks
 *     steps   one for each node, one for each chunk, return
 */
import { ABI_VERSION } from '../abi.ts';
import { longestCallChain } from '../check.ts';
import type {
  CallSite,
  Compiled,
  Dependence,
  Descriptor,
  OperatorRef,
  Span,
  Step,
  StepFunction,
} from '../descriptor.ts';
import { broken, must, notExecutable } from '../errors.ts';
import type { XCSGraph } from './graph.ts';
import { bindInput, bindWith, type NodeInput } from './node-input.ts';
import type { Invocable } from './node.ts';

/** What became of one node. */
export type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** A node that it waits for has failed or was skipped. */
  | { readonly kind: 'skipped' }
  /** Its guard did not hold. */
  | { readonly kind: 'unchosen' };

/** What a run gives: made of the outcomes of the nodes, in the order of `order`. */
export type Finish = (self: never, outcomes: readonly Outcome[], input: unknown) => unknown;

/** The outcome of a node that was not called, where the output of any other stands. */
const UNCHOSEN: unique symbol = Symbol('unchosen');

export interface CompiledGraph {
  readonly order: readonly string[];
  readonly compiled: Compiled;
}

/** Where a step of a graph without source stands. */
const NOWHERE: Span = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };
const FIRST_OUTPUT = 2;
/** Outputs are handed over as arguments, and a function takes only so many. */
const CHUNK = 1000;

/** Throws `XCS1103` for a cycle, and `XCS1108` for a node that cannot be called. */
export function compileGraph(
  graph: XCSGraph,
  { continueOnError, finish }: { readonly continueOnError: boolean; readonly finish: Finish },
): CompiledGraph {
  const order = graph.topologicalOrder();
  const dependencies = graph.dependencies();
  const slotOf = new Map(order.map((id, index) => [id, index + FIRST_OUTPUT]));
  const steps: Step[] = [];
  const code: StepFunction[] = [];
  for (const [index, id] of order.entries()) {
    const befores = dependencies.get(id) ?? [];
    const operator = operatorOf(graph, id);
    const node = bindInput(graph, id, befores);
    const binder = graph.getNodeAttribute(id, 'guard');
    const guard = binder && bindWith(binder, befores);
    // Who is to be skipped with what it waits for must look at all of it, not only at what it takes its input from.
    const needed = continueOnError || guard !== undefined ? befores : node.befores;
    const inputs = [0, ...needed.map((before) => must(slotOf.get(before), `node \`${before}\` has no slot`))];
    const call = { inputs, outputs: [index + FIRST_OUTPUT], operators: [index], mayFail: true };
    const method = methodOf(operator);
    if (continueOnError || guard !== undefined) {
      steps.push(step(index, 'async', id, call));
      code.push((continueOnError ? attempt : callIfHolds)(operator, node, guard, befores));
    } else {
      steps.push(step(index, 'call', id, { ...call, ...(method === undefined ? {} : { method }) }));
      code.push(callOf(operator, node));
    }
  }
  gather(order.length, continueOnError, steps, code, finish);
  return { order, compiled: assemble(graph, dependencies, order, steps, code) };
}

function callOf(operator: Invocable, { make }: NodeInput): StepFunction {
  return (_self: unknown, _$: unknown, input: unknown, ...outputs: readonly unknown[]) => [
    operator,
    make(input, outputs),
  ];
}

function methodOf(operator: Invocable): 'invoke' | undefined {
  return typeof operator === 'function' && !('invoke' in operator) ? undefined : 'invoke';
}

/** Calls a node if its guard holds; the outputs are those of all that it waits for. */
function callIfHolds(
  operator: Invocable,
  node: NodeInput,
  guard: NodeInput<boolean> | undefined,
  befores: readonly string[],
): StepFunction {
  const take = takerOf(node, befores);
  return async (
    _self: unknown,
    $: CallSite,
    input: unknown,
    ...outputs: readonly unknown[]
  ): Promise<unknown> => {
    if (guard !== undefined && !guard.make(input, outputs)) return UNCHOSEN;
    return await callThrough($, operator, node.make(input, take(outputs)));
  };
}

/**
 * Calls a node unless something that it waits for has no output, and keeps what it throws as its outcome. A guard that can
 * be decided without what has failed is decided: a node that is not called has lost nothing.
 */
function attempt(
  operator: Invocable,
  node: NodeInput,
  guard: NodeInput<boolean> | undefined,
  befores: readonly string[],
): StepFunction {
  const take = takerOf(node, befores);
  return async (
    _self: unknown,
    $: CallSite,
    input: unknown,
    ...outcomes: readonly Outcome[]
  ): Promise<Outcome> => {
    const lost = outcomes.some(({ kind }) => kind === 'failed' || kind === 'skipped');
    try {
      const outputs = outputsOf(outcomes);
      if (guard !== undefined && !guard.make(input, outputs)) return { kind: 'unchosen' };
      if (lost) return { kind: 'skipped' };
      return { kind: 'done', value: await callThrough($, operator, node.make(input, take(outputs))) };
    } catch (error) {
      return lost ? { kind: 'skipped' } : { kind: 'failed', error };
    }
  };
}

function callThrough($: CallSite, operator: Invocable, input: unknown): unknown {
  const call = $(operator, methodOf(operator));
  if (typeof call !== 'function') throw broken('`$` gave nothing that can be called');
  return Reflect.apply(call, undefined, [input]);
}

/** Of the outputs of all nodes before, those that the input is made of. */
function takerOf(
  { befores: needed }: NodeInput,
  befores: readonly string[],
): (outputs: readonly unknown[]) => readonly unknown[] {
  const places = needed.map((before) => befores.indexOf(before));
  return (outputs) => places.map((place) => outputs[place]);
}

/** Reading the output of a node that has none throws. */
function outputsOf(outcomes: readonly Outcome[]): readonly unknown[] {
  const outputs: unknown[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const get = (): unknown => {
      if (outcome.kind === 'done') return outcome.value;
      if (outcome.kind === 'unchosen') return undefined;
      throw broken('a node has no output');
    };
    Object.defineProperty(outputs, index, { get, enumerable: true, configurable: true });
  }
  return outputs;
}

const done = (value: unknown): Outcome =>
  value === UNCHOSEN ? { kind: 'unchosen' } : { kind: 'done', value };

/** Collects the outcomes of all nodes in chunks, and hands them to whoever runs the graph. */
function gather(
  nodes: number,
  continueOnError: boolean,
  steps: Step[],
  code: StepFunction[],
  finish: Finish,
): void {
  const chunks: number[] = [];
  const keep: StepFunction = (_self: unknown, _$: unknown, ...outcomes: readonly Outcome[]) => outcomes;
  const wrap: StepFunction = (_self: unknown, _$: unknown, ...outputs: readonly unknown[]) =>
    outputs.map(done);
  for (let first = 0; first < nodes; first += CHUNK) {
    const size = Math.min(CHUNK, nodes - first);
    const slot = FIRST_OUTPUT + nodes + chunks.length;
    const inputs = Array.from({ length: size }, (_, index) => FIRST_OUTPUT + first + index);
    steps.push(step(steps.length, 'compute', 'outputs', { inputs, outputs: [slot] }));
    code.push(continueOnError ? keep : wrap);
    chunks.push(slot);
  }
  steps.push(step(steps.length, 'return', 'result', { inputs: [0, ...chunks], mayFail: true }));
  code.push((self: never, _$: unknown, input: unknown, ...all: readonly (readonly Outcome[])[]) =>
    finish(self, all.length === 1 && all[0] !== undefined ? all[0] : all.flat(), input),
  );
}

function assemble(
  graph: XCSGraph,
  dependencies: ReadonlyMap<string, readonly string[]>,
  order: readonly string[],
  steps: readonly Step[],
  code: readonly StepFunction[],
): Compiled {
  const idOf = new Map(order.map((id, index) => [id, index]));
  const edges = order.flatMap((id, after) =>
    (dependencies.get(id) ?? []).map((before) =>
      flow(must(idOf.get(before), `no step for \`${before}\``), after, before),
    ),
  );
  const ends = steps
    .slice(order.length)
    .flatMap(({ id, inputs }) =>
      inputs.flatMap((slot) => (slot < FIRST_OUTPUT ? [] : [flow(slot - FIRST_OUTPUT, id, 'output')])),
    );
  const dependences = [...edges, ...ends];
  const chunks = steps.length - order.length - 1;
  const descriptor: Descriptor = {
    abi: ABI_VERSION,
    name: graph.name,
    span: NOWHERE,
    options: '',
    undeclared: 'unordered',
    slots: [
      'input',
      'context',
      ...order,
      ...Array.from({ length: chunks }, (_, index) => `outputs ${index}`),
    ],
    places: [],
    operators: order.map((id, index) => refer(index, id, graph.getNodeAttribute(id, 'label'))),
    steps,
    dependences,
    criticalPath: longestCallChain(steps, dependences),
    guards: [],
    fields: [],
    notes: [],
  };
  return { descriptor, steps: code, callees: order.map(() => undefined), guards: [] };
}

function step(id: number, kind: Step['kind'], label: string, facts: Partial<Step>): Step {
  const idle = { inputs: [], outputs: [], operators: [], reads: [], writes: [], gate: false, lingers: false };
  return { id, kind, label, span: NOWHERE, ...idle, mayFail: false, order: 'free', ...facts };
}

function flow(before: number, after: number, what: string): Dependence {
  return { before, after, kind: 'flow', what };
}

/** `external` with this effect: no order but that of the edges. */
function refer(id: number, label: string, type: string): OperatorRef {
  const none = { reads: [], writes: [], mutates: false, state: false };
  return { id, label, type, found: 'external', effect: { kind: 'unordered', ...none, known: 'declared' } };
}

function operatorOf(graph: XCSGraph, id: string): Invocable {
  const { operator, bound, opaque, input, guard, step: described } = graph.getNodeAttributes(id);
  if (operator === undefined) {
    const why = 'it has no operator; give it one: XCSGraph.fromJSON(data, { [id]: operator })';
    throw notExecutable(
      id,
      described === undefined ? why : 'it describes a step of compiled code; invoke the operator',
    );
  }
  if (opaque === true)
    throw notExecutable(id, 'its input is computed by code that has left no trace; invoke that code');
  if (bound === true && input === undefined && guard === undefined)
    throw notExecutable(
      id,
      'its input is computed by a function, which JSON does not carry; add the node again',
    );
  return operator;
}
