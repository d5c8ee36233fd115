/**
 * `jit` in all the ways it is called: as a decorator of either kind, with options or without, on a function and on an
 * instance. Wrong use fails here, not when something runs.
 */
import { withBatch } from '../batch.ts';
import { hasStockInvoke, isObject, type Forwarding } from '../brand.ts';
import { foreignInvoke, noForward, notDecoratable } from '../errors.ts';
import { brandFunction, type AnyFunction } from '../brand-function.ts';
import type { FunctionOperator } from '../function-operator.ts';
import { callFunction } from '../invoke.ts';
import { isEnabled, setEnabled, setLearning } from '../registry.ts';
import { watch } from '../tracing/watch.ts';
import { readData } from '../witnesses.ts';
import { checkJitOptions, type JitOptions } from './jit-options.ts';
import { learn } from './learn.ts';

/** A class with a `forward` of its own or an inherited one. */
type LearningClass = abstract new (...args: never[]) => { forward(input: never, context: never): unknown };

/** Any class, as far as it is only to be constructed. */
type Class = new (...args: readonly unknown[]) => object;

/** A class decorator, for standard decorators and for `experimentalDecorators`. */
export type JitDecorator = <C extends LearningClass>(
  target: C,
  context?: ClassDecoratorContext<C>,
) => C | void;

/** What `jit` makes of a function: an operator that can be told to run as written. */
export type JitFunction<F extends AnyFunction> = FunctionOperator<F> & {
  enableJit(): void;
  disableJit(): void;
  readonly jitEnabled: boolean;
};

/**
 * Makes an operator learn from its calls which calls it makes of others, and start those early that it can foresee. Needs no
 * compiler. `forward` runs for real each time; a call that was started early is used only where nobody can tell.
 * Throws an `XCSError` for options that are not allowed, and for what is no operator class, operator or function.
 *
 * @example
 * const both = jit(async (q: string) => {
 *   const left = await search.invoke(q);
 *   const right = await search.invoke(`not ${q}`);
 *   return [left, right];
 * });
 * await both.invoke('graphs'); // [['graphs'], ['not graphs']]
 */
export function jit(): JitDecorator;
export function jit<C extends LearningClass>(target: C, context?: ClassDecoratorContext<C>): C | void;
export function jit<O extends Forwarding>(instance: O, options?: JitOptions): O;
export function jit<F extends AnyFunction>(fn: F, options?: JitOptions): JitFunction<F>;
export function jit(options: JitOptions): JitDecorator;
export function jit(target: unknown = {}, second?: unknown): unknown {
  watch.learn();
  if (isClass(target)) return decorateClass(target, {});
  if (hasStockInvoke(target)) return learning(target, checkJitOptions(second));
  if (isFunction(target)) return wrapFunction(target, checkJitOptions(second));
  if (!isObject(target) || Array.isArray(target)) throw notDecoratable(target, 'jit');
  if ('forward' in target && 'invoke' in target) throw foreignInvoke('the operator', 'jit');
  const options = checkJitOptions(target);
  return (owner: unknown): unknown => {
    if (!isClass(owner)) throw notDecoratable(owner, 'jit');
    return decorateClass(owner, options);
  };
}

// For `fallback: "jit"`, which must not import this file.
watch.offerLearning(jit, learn);

/** Answers a class to take its place if something is to be done with each instance. */
function decorateClass(owner: Class, options: JitOptions): Class | undefined {
  const prototype = readData(owner, 'prototype')?.value;
  const name = readData(owner, 'name')?.value;
  if (!isObject(prototype) || typeof readData(prototype, 'forward')?.value !== 'function')
    throw noForward(typeof name === 'string' && name !== '' ? name : 'anonymous class');
  setLearning(prototype, options);
  if (options.sampleInput === undefined) return undefined;
  return new Proxy(owner, {
    construct(target, args, derived: Class): object {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has `forward`, and `invoke` is asked for below
      const made = Reflect.construct(target, args, derived) as Forwarding;
      // Not before the fields of subclasses are there.
      queueMicrotask(() => sample(made, options));
      return made;
    },
  });
}

function learning(operator: Forwarding, options: JitOptions): Forwarding {
  setLearning(operator, options);
  sample(operator, options);
  return operator;
}

/** What comes of it is nobody's, its calls are what matters. */
function sample(operator: Forwarding, { sampleInput }: JitOptions): void {
  if (sampleInput !== undefined && hasStockInvoke(operator)) operator.invoke(sampleInput).catch(() => {});
}

function wrapFunction(fn: AnyFunction, options: JitOptions): unknown {
  const call = function (this: unknown, ...args: never[]): unknown {
    return args.length > 1 ? Reflect.apply(fn, this, args) : callFunction(wrapper, fn, this, args);
  };
  const wrapper = withBatch(brandFunction(call, fn, { name: fn.name }));
  Object.defineProperties(wrapper, {
    enableJit: { value: () => setEnabled(wrapper, true) },
    disableJit: { value: () => setEnabled(wrapper, false) },
    jitEnabled: { get: () => isEnabled(wrapper) },
  });
  return learning(wrapper, options);
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

/** Classes are the only functions whose `prototype` cannot be replaced. */
function isClass(value: unknown): value is Class {
  return (
    typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
  );
}
