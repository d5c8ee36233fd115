/**
 * Which classes and functions are compiled, and what is known about each instance.
 *
 * A decoration stands on the prototype of its class, so that subclasses inherit it and a class without any costs one look;
 * on a function operator it stands on the function. The switch and the link of an instance are kept beside it, weakly.
 */
import type { Compiled } from './descriptor.ts';
import type { JitOptions } from './jit/jit-options.ts';
import type { StructuralJitOptions } from './options.ts';

/** What `structuralJit` was told about a class or function. */
export interface Decoration {
  readonly name: string;
  /** The `forward` that was decorated. Whoever has another one runs it as written. */
  readonly forward: unknown;
  /** Absent when nothing was compiled: then `forward` runs as written. */
  readonly compiled?: Compiled;
  readonly options: StructuralJitOptions;
}

const DECORATION: unique symbol = Symbol('xcs.decoration');

interface Decorated {
  readonly [DECORATION]?: Decoration;
}

/** Instances whose compiled code is switched off. */
const disabled = new WeakSet<object>();

export function decorate(prototype: object, decoration: Decoration): void {
  Object.defineProperty(prototype, DECORATION, { value: decoration, configurable: true });
}

/** The decoration of the nearest class, or of the function. */
export function decorationOf(operator: object): Decoration | undefined {
  // A view: the key is ours alone.
  return (operator as Decorated)[DECORATION];
}

/** The code to run for `operator`, if it was compiled, is switched on, and `forward` is still what was compiled. */
export function compiledOf(operator: object): Compiled | undefined {
  const compiled = decorationOf(operator)?.compiled;
  if (compiled === undefined || compiled.descriptor.asWritten !== undefined) return undefined;
  return disabled.has(operator) ? undefined : compiled;
}

const LEARNING: unique symbol = Symbol('xcs.learning');

interface Learning {
  readonly [LEARNING]?: JitOptions;
}

/** On a prototype it holds for instances and subclasses, on an operator for that one. */
export function setLearning(holder: object, options: JitOptions): void {
  Object.defineProperty(holder, LEARNING, { value: options, configurable: true });
}

/** How the operator learns from its calls, if it does. */
export function learningOf(operator: object): JitOptions | undefined {
  // A view: the key is ours alone.
  return (operator as Learning)[LEARNING];
}

export function isEnabled(operator: object): boolean {
  return !disabled.has(operator);
}

export function setEnabled(operator: object, enabled: boolean): void {
  if (enabled) disabled.delete(operator);
  else disabled.add(operator);
}
