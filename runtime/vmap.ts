/**
 * `vmap`: an operator over elements as an operator over lists of them.
 */
import { isObject } from './brand.ts';
import { badAxes, unequalLengths } from './batch-errors.ts';
import { batchOf, mayElementsOverlap } from './batch.ts';
import { badOption, notAnOperator, unknownOption } from './errors.ts';
import type { Invocable } from './graph/node.ts';
import { isInvocable, nameOf } from './graph/operator-tree.ts';
import { manyCalls } from './many-calls.ts';
import type { OperatorLike, SymbolicInvoke } from './operator.ts';

/** What an operator takes. */
export type OperatorInput<T> = T extends { forward(input: infer I, context: never): unknown }
  ? I
  : T extends (input: infer I, ...rest: never[]) => unknown
    ? I
    : T extends OperatorLike<infer I>
      ? I
      : never;

/** What an operator gives. */
export type OperatorOutput<T> = T extends { forward(input: never, context: never): infer O }
  ? Awaited<O>
  : T extends (...args: never[]) => infer O
    ? Awaited<O>
    : T extends OperatorLike<never, infer O>
      ? O
      : never;

/** By field: `0` where each element has its own, `null` where all have the same. */
export type Axes<I> = { readonly [K in keyof I]?: 0 | null };

/** An `I` whose fields on axis 0 are lists. */
export type Batched<I, A> = {
  readonly [K in keyof I]: K extends keyof A ? (A[K] extends 0 ? readonly I[K][] : I[K]) : I[K];
};

/** An operator that takes lists. */
export type BatchOperator<I, O> = OperatorLike<I, O> & SymbolicInvoke<I, O>;

/** Which parts of the input are lists. */
export interface VmapOptions<A> {
  /** `0`: the input is a list of inputs. An object: fields with `0` are lists, all others are given to each. @default 0 */
  readonly inAxes?: A;
}

/**
 * Makes an operator that calls `operator` once for each element of its input, and gives the results in order. Elements
 * overlap unless the operator writes something or is `sequential`, which it is too as long as it declares nothing. An
 * operator with `forwardBatch` gets all elements at once, if nothing else is given to it.
 *
 * @throws XCSError `XCS1302` when lists are of unequal lengths. What the operator throws is thrown untouched;
 * `failedElement(error)` is the index of its element.
 * @example
 * const all = vmap(search);
 * await all.invoke(['a', 'b']); // [['a'], ['b']]
 */
export function vmap<T extends Invocable>(
  operator: T,
  options?: VmapOptions<0>,
): BatchOperator<readonly OperatorInput<T>[], OperatorOutput<T>[]>;
export function vmap<T extends Invocable, const A extends Axes<OperatorInput<T>>>(
  operator: T,
  options: VmapOptions<A>,
): BatchOperator<Batched<OperatorInput<T>, A>, OperatorOutput<T>[]>;
export function vmap(operator: Invocable, options: VmapOptions<unknown> = {}): unknown {
  if (!isInvocable(operator)) throw notAnOperator('vmap', operator);
  const { inAxes = 0 } = checkOptions(options);
  const name = `vmap(${nameOf(operator)})`;
  if (inAxes === 0) return batchOf(operator, name);
  const mapped = Object.keys(inAxes).filter((field) => Reflect.get(inAxes, field) === 0);
  return manyCalls({
    name,
    callsFor: (input) => ({
      callee: operator,
      inputs: elementsOf(name, mapped, input),
      overlap: mayElementsOverlap(operator),
    }),
    operators: [operator],
  });
}

function elementsOf(name: string, mapped: readonly string[], input: unknown): readonly unknown[] {
  if (!isObject(input)) throw badAxes(name, 'an object', input);
  const lists = mapped.map((field): [string, readonly unknown[]] => {
    const list: unknown = Reflect.get(input, field);
    if (!Array.isArray(list)) throw badAxes(name, `an array in \`${field}\``, list);
    return [field, list];
  });
  const [[, first] = ['', []]] = lists;
  for (const [, list] of lists)
    if (list.length !== first.length)
      throw unequalLengths(
        name,
        lists.map(([field, { length }]) => `\`${field}\`: ${length}`),
      );
  return Array.from(first, (_, index) => ({
    ...input,
    ...Object.fromEntries(lists.map(([field, list]) => [field, list[index]])),
  }));
}

function checkOptions(options: unknown): { readonly inAxes?: object | 0 } {
  if (!isObject(options)) throw badOption('vmap', 'options', options, 'an object');
  for (const key of Object.keys(options)) if (key !== 'inAxes') throw unknownOption('vmap', key, ['inAxes']);
  const inAxes: unknown = Reflect.get(options, 'inAxes');
  if (inAxes === undefined || inAxes === 0) return {};
  const axes: readonly unknown[] = isObject(inAxes) ? Object.values(inAxes) : [];
  const right = axes.includes(0) && axes.every((axis) => axis === 0 || axis === null);
  if (!isObject(inAxes) || !right)
    throw badOption('vmap', 'inAxes', inAxes, '0, or an object of 0 and null by field with at least one 0');
  return { inAxes };
}
