/**
 * `structuralJit` in all the ways it is called: as a decorator of either kind, with options or without, on a function, and
 * by emitted code with what was compiled. Wrong use fails here, not when something runs.
 */
import { ABI_VERSION } from './abi.ts';
import { recording } from './autograph/recording.ts';
import { withBatch } from './batch.ts';
import { brandFunction, type AnyFunction } from './brand-function.ts';
import { hasStockInvoke, isObject } from './brand.ts';
import type { Compiled, InferredEffect } from './descriptor.ts';
import {
  abiMismatch,
  foreignInvoke,
  noForward,
  notCompiled,
  notDecoratable,
  strayArgument,
} from './errors.ts';
import type { FunctionOperator } from './function-operator.ts';
import { callFunction, invokeOperator } from './invoke.ts';
import { checkStructuralJitOptions, type StructuralJitOptions } from './options.ts';
import {
  compiledOf,
  decorate,
  decorationOf,
  isEnabled,
  learningOf,
  setEnabled,
  setLearning,
} from './registry.ts';
import { watch } from './tracing/watch.ts';
import { readData } from './witnesses.ts';

/** A class with a `forward` of its own or an inherited one. */
export type OperatorClass = abstract new (...args: never[]) => {
  forward(input: never, context: never): unknown;
};

/** A class decorator, for standard decorators and for `experimentalDecorators`. */
export type StructuralJitDecorator = <C extends OperatorClass>(
  target: C,
  context?: ClassDecoratorContext<C>,
) => void;

/** What `structuralJit` makes of a function: an operator whose compiled code can be switched off. */
export type StructuralFunction<F extends AnyFunction> = FunctionOperator<F> & {
  enableJit(): void;
  disableJit(): void;
  readonly jitEnabled: boolean;
};

/**
 * Runs a class's `forward`, or a function, as fast as its data dependences allow, if the transformer has compiled it; if not,
 * as written, with a notice. Throws an `XCSError` for options that are not allowed, for a class without `forward`, and
 * for what is neither class nor function.
 *
 * @example
 * const both = structuralJit(async (q: string) => {
 *   const left = await search.invoke(q);
 *   const right = await search.invoke(`not ${q}`);
 *   return [left, right];
 * });
 * await both.invoke('graphs');
 */
export function structuralJit<C extends OperatorClass>(target: C, context?: ClassDecoratorContext<C>): void;
export function structuralJit<F extends AnyFunction>(
  fn: F,
  options?: StructuralJitOptions,
): StructuralFunction<F>;
export function structuralJit(options: StructuralJitOptions): StructuralJitDecorator;
/** @internal emitted code only */
export function structuralJit(
  target: unknown,
  second: unknown,
  compiled?: Compiled,
  inferred?: InferredEffect,
): unknown;
export function structuralJit(
  target: unknown,
  second?: unknown,
  compiled?: Compiled,
  inferred?: InferredEffect,
): unknown {
  if (!isFunction(target)) return decoratorWith(target);
  if (isClass(target)) return decorateClass(target, {}, compiledBeside(target, second));
  return wrapFunction(
    target,
    checkStructuralJitOptions(second === undefined ? {} : second),
    compiled,
    inferred,
  );
}

function decoratorWith(given: unknown): StructuralJitDecorator {
  if (!isObject(given) || Array.isArray(given)) throw notDecoratable(given);
  const options = checkStructuralJitOptions(given);
  return (target: unknown, second?: unknown): void => {
    if (!isClass(target)) throw notDecoratable(target);
    decorateClass(target, options, compiledBeside(target, second));
  };
}

function decorateClass(owner: object, options: StructuralJitOptions, given: Compiled | undefined): void {
  const name = nameOf(owner);
  const prototype = readData(owner, 'prototype')?.value;
  const forward = isObject(prototype) ? readData(prototype, 'forward')?.value : undefined;
  if (!isObject(prototype) || typeof forward !== 'function') throw noForward(name);
  const compiled = checkAbi(name, given) ?? inheritedCode(prototype, forward);
  if (!hasStockInvoke(prototype)) notify(foreignInvoke(name).message);
  else if (!fallBack(prototype, options, compiled) && compiled === undefined)
    notify(notCompiled(name).message);
  decorate(prototype, { name, forward, options, ...(compiled === undefined ? {} : { compiled }) });
}

function wrapFunction(
  fn: AnyFunction,
  options: StructuralJitOptions,
  given: Compiled | undefined,
  inferred: InferredEffect | undefined,
): unknown {
  const name = given?.descriptor.name ?? fn.name;
  const compiled = checkAbi(name, given);
  const call = function (this: unknown, ...args: never[]): unknown {
    // More than an input cannot have been compiled, and neither can a receiver.
    const records = recording.current !== undefined;
    const isLinked = compiledOf(wrapper) !== undefined;
    if (!records && (args.length > 1 || (!isLinked && learningOf(wrapper) === undefined)))
      return Reflect.apply(fn, this, args);
    return isLinked ? invokeOperator(wrapper, args[0]) : callFunction(wrapper, fn, this, args);
  };
  const wrapper = withBatch(brandFunction(call, fn, { name, inferred }));
  Object.defineProperties(wrapper, {
    enableJit: { value: () => setEnabled(wrapper, true) },
    disableJit: { value: () => setEnabled(wrapper, false) },
    jitEnabled: { get: () => isEnabled(wrapper) },
  });
  decorate(wrapper, { name, forward: fn, options, ...(compiled === undefined ? {} : { compiled }) });
  if (!fallBack(wrapper, options, compiled) && compiled === undefined)
    notify(notCompiled(name === '' ? 'an anonymous function' : name).message);
  return wrapper;
}

/** Makes what runs as written learn from its calls, if that is wanted. */
function fallBack(
  holder: object,
  { fallback = 'as-written' }: StructuralJitOptions,
  compiled: Compiled | undefined,
): boolean {
  const runsAsWritten = compiled === undefined || compiled.descriptor.asWritten !== undefined;
  if (fallback === 'as-written' || !runsAsWritten || !watch.learn()) return false;
  setLearning(holder, {});
  return true;
}

/** A class that inherits `forward` runs what was compiled for the class that owns it. */
function inheritedCode(prototype: object, forward: unknown): Compiled | undefined {
  const inherited = decorationOf(prototype);
  return inherited?.forward === forward ? inherited?.compiled : undefined;
}

function checkAbi(name: string, compiled: Compiled | undefined): Compiled | undefined {
  if (compiled !== undefined && compiled.descriptor.abi !== ABI_VERSION)
    throw abiMismatch(name, ABI_VERSION, compiled.descriptor.abi);
  return compiled;
}

/** Once for each class or function, for each is decorated once. */
function notify(message: string): void {
  // eslint-disable-next-line no-console -- meant for whoever builds the program; nothing else reaches them
  console.warn(message);
}

/** Classes are told apart from functions by `isClass`. */
function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

/** Classes are the only functions whose `prototype` cannot be replaced. */
function isClass(value: unknown): value is object {
  return (
    typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
  );
}

/** Decorators get a context or nothing in this place, emitted code hands over what was compiled. */
function compiledBeside(target: object, second: unknown): Compiled | undefined {
  if (isObject(second) && 'kind' in second && second['kind'] === 'class') return undefined;
  if (second === undefined || isCompiled(second)) return second;
  throw strayArgument(nameOf(target), second);
}

function isCompiled(value: unknown): value is Compiled {
  return isObject(value) && 'descriptor' in value;
}

function nameOf(owner: object): string {
  const name = readData(owner, 'name')?.value;
  return typeof name === 'string' && name !== '' ? name : 'anonymous class';
}
