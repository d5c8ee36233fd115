/**
 * Runs a fixture three ways, each in a world of its own: as written, compiled, and by the reference interpreter.
 */
import * as xcs from '../../runtime/index.ts';
import type { Compiled } from '../../runtime/descriptor.ts';
import { interpret } from '../../runtime/interpret.ts';
import type { CompiledFixture } from './fixture-compile.ts';
import { fetchOf, packagesOf } from './fixture-packages.ts';
import { FixtureWorld, show, type Seen } from './fixture-world.ts';
import { leaveAsWritten } from './prove.ts';
import { catchUnhandled } from './unhandled.ts';

export interface FixtureRun {
  /** The result or the error, as text. */
  readonly outcome: string;
  readonly isError: boolean;
  readonly settledAt: number;
  readonly seen: readonly Seen[];
  /** Rejections that nobody handled in time. */
  readonly unhandled: readonly string[];
}

export type Way = 'as written' | 'compiled' | 'interpreted';

export async function runFixture(fixture: CompiledFixture, way: Way): Promise<FixtureRun> {
  const world = new FixtureWorld();
  const unhandled: unknown[] = [];
  const restore = catchUnhandled(unhandled);
  const { fetch } = globalThis;
  globalThis.fetch = fetchOf(world);
  try {
    let outcome = { text: 'nothing: it hangs', isError: true, at: Number.POSITIVE_INFINITY };
    const settle = async (): Promise<void> => {
      try {
        const result = await call(load(fixture, way, world));
        outcome = { text: show(result), isError: false, at: world.clock.now };
      } catch (error) {
        outcome = { text: textOf(error), isError: true, at: world.clock.now };
      }
    };
    void settle();
    await world.clock.runUntilIdle();
    return {
      outcome: outcome.text,
      isError: outcome.isError,
      settledAt: outcome.at,
      seen: world.seen,
      unhandled: unhandled.map(textOf),
    };
  } finally {
    globalThis.fetch = fetch;
    restore();
  }
}

function load(fixture: CompiledFixture, way: Way, world: FixtureWorld): Readonly<Record<string, unknown>> {
  const marks = { 'as written': asWritten, compiled: xcs.structuralJit, interpreted: interpretMarked };
  const modules = { xcs: { ...xcs, structuralJit: marks[way] }, world: world.module, ...packagesOf(world) };
  // Notices of the runtime go to the console of the process, those of the program to the world.
  const console = globalThis.console;
  globalThis.console = { ...console, ...world.console };
  try {
    return fixture.load(way === 'as written' ? 'written' : 'compiled', modules, world.console);
  } finally {
    globalThis.console = console;
  }
}

/** A fixture exports `run`, an operator or a function, and `input`, what it is given. */
function call({ run, input }: Readonly<Record<string, unknown>>): unknown {
  if (isInvokable(run)) return run.invoke(input);
  if (typeof run === 'function') return Reflect.apply(run, undefined, [input]);
  throw new Error('A fixture exports `run`.');
}

function isInvokable(value: unknown): value is { invoke(input: unknown): unknown } {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && 'invoke' in value && typeof value.invoke === 'function';
}

/** `structuralJit` that compiles nothing; what it is given may still be invoked. */
function asWritten(subject: unknown, second?: unknown): unknown {
  const answer = leaveAsWritten(subject, second);
  return answer === subject && isFunction(answer) ? xcs.operator(answer) : answer;
}

/** `structuralJit` that puts the reference interpreter in the place of `forward`. */
function interpretMarked(...given: readonly unknown[]): unknown {
  const [target] = given;
  const compiled = given.find(isCompiled);
  if (typeof target !== 'function') return (...more: readonly unknown[]): unknown => interpretMarked(...more);
  const isWritten = compiled === undefined || compiled.descriptor.asWritten !== undefined;
  if (isWritten) return asWritten(target);
  const forward = function (this: unknown, input: unknown, context: unknown): Promise<unknown> {
    return interpret(compiled, this, input, context);
  };
  if (/^class\b/.test(Function.prototype.toString.call(target))) {
    Object.defineProperty(target.prototype, 'forward', { value: forward });
    return undefined;
  }
  return xcs.operator(forward);
}

function isFunction(value: unknown): value is xcs.AnyFunction {
  return typeof value === 'function';
}

function isCompiled(value: unknown): value is Compiled {
  return typeof value === 'object' && value !== null && 'descriptor' in value && 'steps' in value;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : show(error);
}
