/**
 * What plain code cannot say about a value that is not known yet: compute with it, decide by it, go through it.
 */
import type { Forwarding } from '../brand.ts';
import type { CallEffect } from '../effect.ts';
import { notAFunction } from '../errors.ts';
import { graphOperator } from '../graph/graph-operator.ts';
import { XCSGraph } from '../graph/graph.ts';
import { manyCalls } from '../many-calls.ts';
import { badList, badRecording } from './autograph-errors.ts';
import { mayOverlap } from './effect-order.ts';
import type { Expression } from './expression.ts';
import { isPromise, makeHandle } from './handle.ts';
import { lift } from './lift.ts';
import { Recorder } from './recorder.ts';
import { recording } from './recording.ts';
import type { Resolved, Symbolic } from './symbolic.ts';

/**
 * A handle for what `fn` computes of a value when it is known. It is a node of the graph, and is called once in a run.
 *
 * @example
 * const graph = autograph((q: Symbolic<string>) => select(search.invoke(q), (docs) => docs.length));
 * await execute(graph, 'why?'); // 1
 */
export function select<T, R>(value: T, fn: (value: Resolved<T>) => R): Symbolic<Awaited<R>> {
  if (typeof fn !== 'function') throw notAFunction('select', fn);
  return symbolic(recorderOf('select').record(fn, value, { label: 'select' }));
}

/**
 * A handle for a value that is known already.
 *
 * @example
 * const graph = autograph(() => search.invoke(constant('why?')));
 * await execute(graph); // ['why?']
 */
export function constant<T>(value: T): Symbolic<Resolved<T>> {
  const recorder = recorderOf('constant');
  return symbolic(recorder.handle(lift(value, recorder.scope)));
}

/**
 * A text with handles in it: a tag for template literals.
 *
 * @example
 * const graph = autograph((q: Symbolic<string>) => search.invoke(template`facts about ${q}`));
 * await execute(graph, 'graphs'); // ['facts about graphs']
 */
export function template(texts: TemplateStringsArray, ...values: readonly unknown[]): Symbolic<string> {
  const recorder = recorderOf('template');
  const holes = values.map((value) => lift(value, recorder.scope));
  return symbolic(recorder.handle({ kind: 'template', texts: texts.map(String), holes }));
}

/**
 * A handle for what one of two branches gives: the calls of the other are not made. `condition` decides as `if` does.
 *
 * @example
 * const graph = autograph((q: Symbolic<string>) => when(q, () => search.invoke(q), () => []));
 * await execute(graph, ''); // []
 */
export function when<T, U = undefined>(
  condition: unknown,
  then: () => T,
  otherwise?: () => U,
): Symbolic<Resolved<T> | Resolved<U>> {
  if (typeof then !== 'function') throw notAFunction('when', then);
  if (otherwise !== undefined && typeof otherwise !== 'function') throw notAFunction('when', otherwise);
  const recorder = recorderOf('when');
  const decides = lift(condition, recorder.scope);
  const branch = (wanted: boolean, fn: () => unknown): Expression =>
    recorder.branch({ condition: decides, wanted }, () => notAPromise('when', fn()));
  return symbolic(
    recorder.handle({
      kind: 'choose',
      condition: decides,
      chosen: branch(true, then),
      otherwise: branch(false, () => otherwise?.()),
    }),
  );
}

/**
 * A handle for the list of what `fn` gives for each item of a list. `fn` is recorded once; when the graph runs, the calls of
 * different items overlap unless they are known to have effects that must keep their order.
 *
 * @example
 * const graph = autograph((all: Symbolic<string[]>) => map(all, (q) => search.invoke(q)));
 * await execute(graph, ['a', 'b']); // [['a'], ['b']]
 */
export function map<T, R>(
  list: Symbolic<readonly T[]>,
  fn: (item: Symbolic<T>, index: Symbolic<number>) => R,
): Symbolic<Resolved<R>[]> {
  if (typeof fn !== 'function') throw notAFunction('map', fn);
  const around = recorderOf('map');
  const body = new Recorder(new XCSGraph({ name: 'map' }), around.scope);
  const part = (key: string): object => makeHandle({ kind: 'path', of: { kind: 'input' }, key }, body.scope);
  recording.during(body, () => {
    body.returns(notAPromise('map', fn(symbolic(part('item')), symbolic(part('index')))));
  });
  body.end();
  const effect = body.effect ?? NOTHING;
  const operator = mapOperator(body, mayOverlap(effect));
  const outer = body.captured.map(({ expression, scope }) => makeHandle(expression, scope));
  const input = { list, outer };
  return symbolic(around.record(operator, input, { label: 'map', effect }));
}

/** Takes a list and what the body takes from around it; calls the body for each item. */
function mapOperator({ graph }: Recorder, overlap: boolean): Forwarding {
  const callee = graphOperator(graph);
  return manyCalls({
    name: 'map',
    callsFor: (input) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the node that calls it makes just that
      const { list, outer } = input as MapInput;
      if (!Array.isArray(list)) throw badList(list);
      return { callee, inputs: list.map((item: unknown, index) => ({ item, index, outer })), overlap };
    },
    operators: [...graph.operators.values()].flatMap(({ operator }) => operator ?? []),
  });
}

interface MapInput {
  readonly list: unknown;
  readonly outer: readonly unknown[];
}

const NOTHING: CallEffect = {
  ordered: false,
  reads: new Set(),
  writes: new Set(),
  mutates: false,
  state: false,
  instance: undefined,
  enters: new Set(),
  known: 'declared',
};

function recorderOf(what: string): Recorder {
  const { current } = recording;
  if (current instanceof Recorder) return current;
  throw badRecording(
    `\`${what}\` is called while no graph is recorded`,
    'call it in a function that is given to `autograph`',
  );
}

/** What an async function invokes after an `await` would be recorded elsewhere. */
function notAPromise(what: string, value: unknown): unknown {
  if (!isPromise(value)) return value;
  value.catch(() => {});
  throw badRecording(
    `a function that is given to \`${what}\` returned a promise`,
    'give it a function that is not async: handles need not be awaited',
  );
}

function symbolic<T>(handle: object): Symbolic<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a handle stands for is known to types only
  return handle as Symbolic<T>;
}
