/**
 * What a graph answers, and what its nodes get for an input: read from the graph before the first call of a run.
 */
import { isObject } from '../brand.ts';
import { notExecutable, unknownNode } from '../errors.ts';
import type { Outcome } from './compile-graph.ts';
import type { XCSGraph } from './graph.ts';

/** What became of the nodes of a run. */
export interface Outcomes {
  /** By node: what it gave. */
  readonly outputs: ReadonlyMap<string, unknown>;
  /** By node: what it threw, untouched. */
  readonly errors: ReadonlyMap<string, unknown>;
  readonly skipped: readonly string[];
  readonly unchosen: readonly string[];
}

/** Makes the result of the outcomes of all nodes, in topological order. */
export type ResultOf = (outcomes: readonly Outcome[], input: unknown) => unknown;

/** The outcomes by node. */
export function sortOutcomes(order: readonly string[], outcomes: readonly Outcome[]): Outcomes {
  const outputs = new Map<string, unknown>();
  const errors = new Map<string, unknown>();
  const skipped: string[] = [];
  const unchosen: string[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const id = order[index] ?? '';
    switch (outcome.kind) {
      case 'done':
        outputs.set(id, outcome.value);
        break;
      case 'failed':
        errors.set(id, outcome.error);
        break;
      case 'skipped':
        skipped.push(id);
        break;
      case 'unchosen':
        unchosen.push(id);
        break;
    }
  }
  return { outputs, errors, skipped, unchosen };
}

/** `order` is that of the outcomes. */
export function bindResult(graph: XCSGraph, order: readonly string[]): ResultOf {
  const { result, resultOf, boundResult } = graph.getAttributes();
  const nodes = graph.nodes();
  const placeOf = new Map(order.map((id, place) => [id, place]));
  const outcomeOf = (id: string, outcomes: readonly Outcome[]): Outcome | undefined =>
    outcomes[placeOf.get(id) ?? -1];
  if (resultOf !== undefined) {
    return (outcomes, input) => {
      // What a function makes of outputs that are not there is nothing.
      if (outcomes.some(({ kind }) => kind === 'failed' || kind === 'skipped')) return undefined;
      return resultOf((id) => {
        const outcome = outcomeOf(id, outcomes);
        if (outcome?.kind !== 'done') throw unknownNode(id, nodes);
        return outcome.value;
      }, input);
    };
  }
  if (boundResult === true)
    throw notExecutable(
      'result',
      'it is computed by code that the graph does not hold, for JSON carries none; call `returns`',
    );
  const ends = result === undefined ? nodes.filter((id) => graph.outDegree(id) === 0) : [result];
  const [only] = ends;
  if (only !== undefined && ends.length === 1)
    return (outcomes) => {
      const outcome = outcomeOf(only, outcomes);
      return outcome?.kind === 'done' ? outcome.value : undefined;
    };
  return (outcomes) =>
    Object.fromEntries(
      ends.flatMap((id) => {
        const outcome = outcomeOf(id, outcomes);
        return outcome?.kind === 'done' ? [[id, outcome.value] as const] : [];
      }),
    );
}

/** The input with the graph's defaults for what is absent, as a parameter that is taken apart has them. */
export function withDefaults(graph: XCSGraph, input: unknown): unknown {
  const defaults = graph.getAttribute('defaults');
  if (defaults === undefined || (input !== undefined && !isObject(input))) return input;
  const given = Object.entries<unknown>({ ...input }).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}
