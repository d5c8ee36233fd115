/** Compiles programs both ways, a batch at a time, and compares their runs under many schedules. */
import * as xcs from '../../runtime/index.ts';
import type { Compiled, Descriptor } from '../../runtime/descriptor.ts';
import { compileModules, type CompiledModule, type CompileOptions } from './compile.ts';
import {
  findAbortViolations,
  findExtraCalls,
  findStrayCalls,
  findViolations,
  printTrace,
  type Violation,
} from './law.ts';
import { runProgram, type Create, type RunOptions, type Trace } from './run-program.ts';
import { chance } from './snapshot.ts';
import { transpileModules, type WrittenModule } from './transpile.ts';
import { link } from './world-link.ts';
import * as worldLink from './world-link.ts';
import type { Schedule } from './world.ts';

/** One program, both ways. */
export interface Pair {
  readonly written: Create;
  readonly compiled: Create;
  /** What the transformer handed to `structuralJit`, class by class: none if it left everything as written. */
  readonly descriptors: readonly Descriptor[];
  readonly outputText: string;
  readonly diagnostics: readonly string[];
  /** To be loaded in other ways. */
  readonly modules: readonly WrittenModule[];
}

export interface Counterexample {
  readonly schedule: Schedule;
  readonly violations: readonly Violation[];
  readonly written: Trace;
  readonly compiled: Trace;
}

/** What a test shows of it. */
export function printCounterexample({ schedule, violations, written, compiled }: Counterexample): string {
  return [
    `seed ${schedule.seed}`,
    ...violations.map(({ clause, message }) => `${clause}: ${message}`),
    `As written:\n${printTrace(written)}`,
    `Compiled:\n${printTrace(compiled)}`,
  ].join('\n');
}

/** The console of programs under test. */
export const visibleConsole: Readonly<Record<'log' | 'warn', (...values: readonly unknown[]) => void>> = {
  log: (...values: readonly unknown[]): void => link.current?.log(...values),
  warn: (...values: readonly unknown[]): void => link.current?.log('warn', ...values),
};

/** `others`: files that the programs import, by name; `runtime`: what compiled programs run on. */
export function compilePairs(
  sources: readonly string[],
  options: CompileOptions = {},
  others: Readonly<Record<string, string>> = {},
  runtime: typeof xcs = xcs,
): readonly Pair[] {
  const programs = Object.fromEntries(sources.map((source, i) => [`p${i}.ts`, source]));
  const files = { ...programs, ...others };
  const written = transpileModules(files);
  const compiled = compileModules(files, { ...options, as: 'compiled' });
  return sources.map((_, i) => pairOf(at(written, `p${i}.ts`), at(compiled, `p${i}.ts`), runtime));
}

/** As written only. */
export function compileWritten(sources: readonly string[]): readonly Create[] {
  const files = Object.fromEntries(sources.map((source, i) => [`p${i}.ts`, source]));
  const modules = transpileModules(files);
  return sources.map((_, i) => loadWritten(at(modules, `p${i}.ts`)));
}

export function compilePair(source: string, options?: CompileOptions): Pair {
  const [pair] = compilePairs([source], options);
  if (pair === undefined) throw new Error('One source gives one pair.');
  return pair;
}

function at<M>(modules: ReadonlyMap<string, M>, name: string): M {
  const module = modules.get(name);
  if (module === undefined) throw new Error(`The batch has no ${name}.`);
  return module;
}

/** One program, from its modules. */
export function pairOf(written: WrittenModule, compiled: CompiledModule, runtime: typeof xcs): Pair {
  const descriptors: Descriptor[] = [];
  return {
    written: loadWritten(written),
    compiled: createOf(load(compiled, { ...runtime, structuralJit: watching(descriptors, runtime) })),
    descriptors,
    outputText: compiled.outputText,
    diagnostics: compiled.diagnostics,
    modules: [written, compiled],
  };
}

function loadWritten(module: WrittenModule): Create {
  return createOf(load(module, { ...xcs, structuralJit: leaveAsWritten }));
}

function createOf(exported: Readonly<Record<string, unknown>>): Create {
  const { create } = exported;
  if (typeof create !== 'function') throw new Error('A program exports `create`.');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what programs under test are written to be
  return create as Create;
}

function load(module: Pick<CompiledModule, 'load'>, runtime: unknown): Readonly<Record<string, unknown>> {
  return module.load({
    modules: { xcs: runtime, 'runtime/index': runtime, 'world-link': worldLink },
    console: visibleConsole,
  });
}

/** `structuralJit` that does nothing, in all its call forms. */
export function leaveAsWritten(subject: unknown, second?: unknown): unknown {
  const isClass = typeof subject === 'function' && /^class\b/.test(Function.prototype.toString.call(subject));
  if (isClass) return undefined;
  if (typeof subject === 'function') return subject;
  return second === undefined ? () => undefined : second;
}

/** The live `structuralJit`, noting the descriptors of the program (not of the lab) that pass through it. */
export function watching(descriptors: Descriptor[], runtime: typeof xcs = xcs): unknown {
  const note = (given: readonly unknown[]): void => {
    const compiled = given.find(isCompiled);
    if (compiled !== undefined && !compiled.descriptor.span.file.endsWith('lab.ts')) {
      descriptors.push(compiled.descriptor);
    }
  };
  return (...given: readonly unknown[]): unknown => {
    note(given);
    const answer: unknown = Reflect.apply(runtime.structuralJit, undefined, given);
    if (typeof given[0] === 'function' || typeof answer !== 'function') return answer;
    return (...more: readonly unknown[]): unknown => {
      note(more);
      return Reflect.apply(answer, undefined, more);
    };
  };
}

function isCompiled(value: unknown): value is Compiled {
  return typeof value === 'object' && value !== null && 'descriptor' in value && 'steps' in value;
}

/** Half of the schedules have no failures, the others few or many; with ties, calls may end at the same time. */
export function scheduleOf(seed: number, ties = true): Schedule {
  const failureRate = [0, 0.1, 0, 0.35][seed % 4] ?? 0;
  if (!ties) return { seed, failureRate, latency: 'distinct' };
  return { seed, failureRate, latency: seed % 7 === 6 ? 'equal' : 'varied' };
}

/** The first schedule, in order, under which the two differ. */
export async function refute(
  pair: Refutable,
  interleavings: Iterable<Schedule>,
  options?: RunOptions,
  isKnown: (violation: Violation) => boolean = () => false,
): Promise<Counterexample | undefined> {
  for (const schedule of interleavings) {
    // One world at a time: they share the clock's macrotasks and the handler of unhandled rejections.
    // oxlint-disable-next-line no-await-in-loop
    const written = await runProgram(pair.written, schedule, options);
    // oxlint-disable-next-line no-await-in-loop
    const compiled = await runProgram(pair.compiled, schedule, options);
    // oxlint-disable-next-line no-await-in-loop
    const strays = await strayCalls(pair, { schedule, options, written, compiled });
    const all = [...findViolations(written, compiled), ...strays];
    const violations = all.filter((violation) => !isKnown(violation));
    if (violations.length > 0) return { schedule, violations, written, compiled };
  }
  return undefined;
}

/** Two programs to compare. */
export type Refutable = Pick<Pair, 'written' | 'compiled'>;

interface Runs {
  readonly schedule: Schedule;
  readonly options: RunOptions | undefined;
  readonly written: Trace;
  readonly compiled: Trace;
}

/**
 * What starts early is what the code as written would start if some failures did not happen: all from one on, or those before
 * one that comes early itself. So such runs are made, and a call that none of them makes was started past a branch or an exit
 * that was not decided.
 */
async function strayCalls(
  { written: create }: Refutable,
  { schedule, options, written, compiled }: Runs,
): Promise<readonly Violation[]> {
  const extra = findExtraCalls(written, compiled);
  const possible: Trace[] = [];
  let strays = findStrayCalls(extra, possible);
  for (const failures of someFailures(written.failures)) {
    if (strays.length === 0) break;
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    possible.push(await runProgram(create, { ...schedule, ...failures }, options));
    strays = findStrayCalls(extra, possible);
  }
  return strays;
}

/** Of this many failures any may happen; without one the code goes on to others that it had not come to. */
const MORE_FAILURES = 9;
const MOST_FAILURES = 11;

/** Which failures happen, in time, where so many do. */
function* someFailures(count: number): Iterable<Pick<Schedule, 'spared' | 'mostFailures'>> {
  for (let mostFailures = 0; mostFailures < count; mostFailures++) yield { mostFailures };
  const mostFailures = Math.min(count + MORE_FAILURES, MOST_FAILURES);
  const all = Array.from({ length: mostFailures }, (_, index) => index);
  for (let choice = 1; choice < 2 ** mostFailures; choice++)
    yield { spared: new Set(all.filter((index) => choice & (1 << index))), mostFailures };
}

/** The first schedule under which the compiled program does not stop when it is aborted halfway. */
export async function refuteAbort(
  pair: Pick<Pair, 'compiled'>,
  interleavings: Iterable<Schedule>,
): Promise<Counterexample | undefined> {
  for (const schedule of interleavings) {
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    const written = await runProgram(pair.compiled, schedule);
    const abortAt = written.settledAt * chance(`abort ${schedule.seed}`);
    // oxlint-disable-next-line no-await-in-loop
    const compiled = await runProgram(pair.compiled, { ...schedule, abortAt });
    const violations = findAbortViolations(written, compiled, abortAt);
    if (violations.length > 0) return { schedule: { ...schedule, abortAt }, violations, written, compiled };
  }
  return undefined;
}

export function schedules(count: number, first = 0, ties = true): readonly Schedule[] {
  return Array.from({ length: count }, (_, i) => scheduleOf(first + i, ties));
}
