/**
 * Operators that call another one once for each element of a list: `vmap`, `batch`, and `map` of `autograph`.
 *
 * What such a call means is a loop that awaits one element after another. Elements overlap where the callee's effects let
 * them; results are in order, and of several failures the first in that order is the one that is thrown.
 */
import { ABI_VERSION } from './abi.ts';
import { hasStockInvoke, type Forwarding, type OperatorContext } from './brand.ts';
import type { CallSite, Compiled, InferredEffect, Span, StepFunction } from './descriptor.ts';
import { broken, cancelled } from './errors.ts';
import { recordFailedElement } from './failed-step.ts';
import { brandFunction } from './brand-function.ts';
import { setInOrder } from './in-order.ts';
import type { Invocable } from './graph/node.ts';
import { joinSignals } from './options.ts';
import { decorate } from './registry.ts';

/** The calls that one call of the whole comes down to. */
export interface Calls {
  /** What is called for each element. */
  readonly callee: Invocable;
  readonly inputs: readonly unknown[];
  /** Whether elements may overlap. */
  readonly overlap: boolean;
}

export interface ManyCalls {
  readonly name: string;
  /** Asked when a call begins, with what it is called with. */
  readonly callsFor: (input: unknown) => Calls;
  /** What the results of the calls are put together to. @default the list of them */
  readonly finish?: (results: readonly unknown[]) => unknown;
  /** The operators that a call comes down to, for the effect of the whole. */
  readonly operators: readonly object[];
}

/** Calls the callee with one input; aborts it by `signal`. */
type CallOne = (input: unknown, signal: AbortSignal | undefined) => unknown;

export function manyCalls(traits: ManyCalls): Forwarding {
  const { name, callsFor, finish = (results) => results, operators } = traits;
  const directly = async (input: unknown, { signal: outer }: OperatorContext): Promise<unknown> => {
    const calls = callsFor(input);
    const call: CallOne = (one, signal) =>
      callWith(calls.callee, (...args) => invokeIt(calls.callee, args), one, joinSignals(outer, signal));
    return finish(await callEach(calls, name, call));
  };
  const inferred: InferredEffect = {
    forward: directly,
    reads: [],
    writes: [],
    mutates: false,
    ordered: false,
    calls: operators.map((operator) => () => operator),
    undeclared: 'sequential',
  };
  const call = (input: unknown): Promise<unknown> => operator.invoke(input);
  const operator = brandFunction(call, directly, { name, inferred });
  decorate(operator, { name, forward: directly, options: {}, compiled: compile(name, callsFor, finish) });
  return operator;
}

function compile(
  name: string,
  callsFor: ManyCalls['callsFor'],
  finish: (results: readonly unknown[]) => unknown,
): Compiled {
  const each = (inOrder: boolean): StepFunction => {
    return (_self: unknown, $: CallSite, input: unknown) => {
      const calls = callsFor(input);
      const call = $(calls.callee, methodOf(calls.callee));
      if (typeof call !== 'function') throw broken('`$` gave nothing that can be called');
      const through = (...args: readonly unknown[]): unknown => Reflect.apply(call, undefined, args);
      return callEach(inOrder ? { ...calls, overlap: false } : calls, name, (one, signal) =>
        callWith(calls.callee, through, one, signal),
      );
    };
  };
  const answer: StepFunction = (_self: unknown, _$: unknown, results: readonly unknown[]) => finish(results);
  const compiled = assemble(name, [each(false), answer]);
  setInOrder(compiled, { ...compiled, steps: [each(true), answer] });
  return compiled;
}

/** Each call once, results in order. */
async function callEach({ inputs, overlap }: Calls, name: string, call: CallOne): Promise<unknown[]> {
  const results: unknown[] = [];
  // One for each: a signal that many listen to is taken for a leak.
  const controllers = inputs.map(() => new AbortController());
  const start = async (input: unknown, index: number): Promise<unknown> =>
    await call(input, controllers[index]?.signal);
  const started = overlap ? inputs.map(start) : [];
  // Whoever is awaited first tells of its failure; those after it must not fail unheard.
  for (const promise of started) promise.catch(() => {});
  for (const [index, input] of inputs.entries()) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- in order, for that is what the call means
      results.push(await (overlap ? started[index] : start(input, index)));
    } catch (error) {
      recordFailedElement(error, index);
      const reason = cancelled(name, error);
      for (const controller of controllers) controller.abort(reason);
      throw error;
    }
  }
  return results;
}

/** Operators of others get what they are written for: the input alone. */
function callWith(
  callee: Invocable,
  call: (...args: readonly unknown[]) => unknown,
  input: unknown,
  signal: AbortSignal | undefined,
): unknown {
  return hasStockInvoke(callee) ? call(input, { signal }) : call(input);
}

function invokeIt(callee: Invocable, args: readonly unknown[]): unknown {
  const fn: unknown = methodOf(callee) === undefined ? callee : Reflect.get(callee, 'invoke');
  if (typeof fn !== 'function') throw broken('an operator has lost its `invoke`');
  return Reflect.apply(fn, callee, args);
}

function methodOf(callee: Invocable): 'invoke' | undefined {
  return 'invoke' in callee ? 'invoke' : undefined;
}

const NOWHERE: Span = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };

function assemble(name: string, steps: readonly StepFunction[]): Compiled {
  const facts = { span: NOWHERE, operators: [], reads: [], writes: [], gate: false, lingers: false } as const;
  const each = { id: 0, kind: 'async', label: 'each', inputs: [0], outputs: [2], mayFail: true } as const;
  const answer = {
    id: 1,
    kind: 'return',
    label: 'results',
    inputs: [2],
    outputs: [],
    mayFail: false,
  } as const;
  return {
    descriptor: {
      abi: ABI_VERSION,
      name,
      span: NOWHERE,
      options: '',
      undeclared: 'unordered',
      slots: ['input', 'context', 'results'],
      places: [],
      operators: [],
      steps: [
        { ...facts, ...each, order: 'free' },
        { ...facts, ...answer, order: 'free' },
      ],
      dependences: [{ before: 0, after: 1, kind: 'flow', what: 'results' }],
      criticalPath: 1,
      guards: [],
      fields: [],
      notes: [],
    },
    steps,
    callees: [],
    guards: [],
  };
}
