/**
 * Builds a graph out of the calls that a function makes: one node for each, an edge for each handle that it is given, and
 * edges that keep known effects in order.
 */
import { joinEffects, type CallEffect } from '../effect.ts';
import type { XCSGraph } from '../graph/graph.ts';
import type { Cause, Guarding, Invocable } from '../graph/node.ts';
import { nameOf } from '../graph/operator-tree.ts';
import { badRecording } from './autograph-errors.ts';
import { EffectOrder, knownEffectOf } from './effect-order.ts';
import { describe, evaluate, listUses, type Expression } from './expression.ts';
import { makeHandle, type HandleFacts } from './handle.ts';
import { lift } from './lift.ts';
import type { CallRecorder } from './recording.ts';
import { guardsAt, type Captures, type Guard, type Scope } from './scope-of-handles.ts';

/** What a node is besides its operator and its input. */
export interface NodeFacts {
  readonly label?: string;
  /** @default what is known of the operator */
  readonly effect?: CallEffect;
}

interface Edge {
  readonly mappings: Map<string, string[]>;
  readonly causes: Cause[];
}

export class Recorder implements CallRecorder, Captures {
  readonly graph: XCSGraph;
  readonly input: object;
  /** What bodies of `map` take from around them, in the order of the list that they get it in. */
  readonly captured: HandleFacts[] = [];
  #scope: Scope;
  #effect: CallEffect | undefined;
  readonly #order = new EffectOrder();
  readonly #names = new Map<string, number>();
  #ended = false;

  constructor(graph: XCSGraph, around?: Scope) {
    this.graph = graph;
    this.#scope = { graph: this, parent: around };
    this.input = makeHandle({ kind: 'input' }, this.#scope);
  }

  get scope(): Scope {
    return this.#scope;
  }

  /** What all its calls do, taken together. */
  get effect(): CallEffect | undefined {
    return this.#effect;
  }

  /** No call is recorded any more. */
  end(): void {
    this.#ended = true;
  }

  get ended(): boolean {
    return this.#ended;
  }

  record(operator: Invocable & object, input: unknown, { label, effect }: NodeFacts = {}): object {
    const name = label ?? nameOf(operator);
    if (this.#ended)
      throw badRecording(
        `\`${name}\` is invoked after the graph \`${this.graph.name}\` was recorded`,
        'await everything that the function starts before it returns',
      );
    const expression = lift(input, this.#scope);
    const id = this.#newId(name);
    const guards = guardsAt(this.#scope);
    this.graph.addOperator(id, operator, {
      input: (outputOf, given) => evaluate(expression, outputOf, given, id),
      ...(guards.length === 0 ? {} : { guard: guardOf(guards, id) }),
    });
    this.graph.setNodeAttribute(id, 'label', name);
    this.#connect(id, expression, guards, effect ?? knownEffectOf(operator));
    return this.handle({ kind: 'output', id });
  }

  /** A handle that has a value here and further in. */
  handle(expression: Expression): object {
    return makeHandle(expression, this.#scope);
  }

  /** Records what `fn` invokes as calls that are made only if `guard` holds; answers what it returned. */
  branch(guard: Guard, fn: () => unknown): Expression {
    const around = this.#scope;
    this.#scope = { graph: this, parent: around, guard };
    try {
      return lift(fn(), this.#scope);
    } finally {
      this.#scope = around;
    }
  }

  /** The graph answers this structure. */
  returns(value: unknown): void {
    const expression = lift(value, this.#scope);
    this.graph.returns((outputOf, input) => evaluate(expression, outputOf, input, 'result'));
  }

  capture(handle: HandleFacts): Expression {
    let place = this.captured.findIndex(({ expression }) => expression === handle.expression);
    if (place < 0) place = this.captured.push(handle) - 1;
    const outer: Expression = { kind: 'path', of: { kind: 'input' }, key: 'outer' };
    return { kind: 'path', of: outer, key: String(place) };
  }

  #newId(name: string): string {
    let count = this.#names.get(name) ?? 0;
    let id: string;
    do {
      count++;
      id = count === 1 ? name : `${name}_${count}`;
    } while (this.graph.hasNode(id));
    this.#names.set(name, count);
    return id;
  }

  #connect(id: string, expression: Expression, guards: readonly Guard[], effect: CallEffect): void {
    const edges = new Map<string, Edge>();
    const edge = (before: string): Edge => {
      const known = edges.get(before) ?? { mappings: new Map<string, string[]>(), causes: [] };
      edges.set(before, known);
      return known;
    };
    for (const { id: before, field, becomes } of listUses(expression)) {
      const { mappings, causes } = edge(before);
      const places = mappings.get(field) ?? [];
      if (!places.includes(becomes)) mappings.set(field, [...places, becomes]);
      if (causes.length === 0) causes.push({ kind: 'flow', what: before });
    }
    for (const { condition } of guards)
      for (const { id: before } of listUses(condition))
        edge(before).causes.push({ kind: 'control', what: describe(condition) });
    for (const { id: before, what } of this.#order.add(id, effect))
      edge(before).causes.push({ kind: 'effect', what });
    for (const [before, { mappings, causes }] of edges) {
      const fieldMappings = Object.fromEntries(
        [...mappings].map(([field, places]) => [field, places.length === 1 ? (places[0] ?? '*') : places]),
      );
      this.graph.mergeDirectedEdge(before, id, { fieldMappings, causes });
    }
    this.#effect = this.#effect === undefined ? effect : joinEffects(this.#effect, effect);
  }
}

function guardOf(guards: readonly Guard[], node: string): Guarding {
  return (outputOf: (id: string) => unknown, input: unknown): boolean =>
    // From the outside in: what an inner one asks for may be there only if the outer ones hold.
    guards.every(({ condition, wanted }) => Boolean(evaluate(condition, outputOf, input, node)) === wanted);
}
