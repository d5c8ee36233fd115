/**
 * What users may set, and where it is checked: options of `structuralJit`, and options of a call or a scope. A wrong one
 * throws at once, naming the option, what is allowed and what it got.
 */
import { isObject } from './brand.ts';
import { badOption, unknownOption } from './errors.ts';
import type { Scheduler } from './schedulers/scheduler.ts';
import { watch } from './tracing/watch.ts';

/** How the steps of a run are ordered, where their dependences leave a choice. */
export type ExecutionStrategy = 'auto' | 'parallel' | 'sequential';

/** Which calls may start before the code as written is sure to reach them. */
export type StartEarly = 'past-failures' | 'certain';

/** Options that a class or function is compiled with. */
export interface StructuralJitOptions {
  /**
   * `parallel` starts what may start, `sequential` runs one step after another as written, `auto` goes parallel when at
   * least `parallelThreshold` calls may overlap. @default 'auto'
   */
  readonly executionStrategy?: ExecutionStrategy;
  /** How many calls must be able to overlap before `auto` goes parallel. @default 2 */
  readonly parallelThreshold?: number;
  /**
   * The most calls in flight per outermost run. The default delays only calls that start earlier than the code as written
   * would start them; a limit given here holds for all, and can hang calls that wait for each other. @default 32
   */
  readonly maxConcurrency?: number;
  /** Keep what was found out about an instance for its next run. @default true */
  readonly cacheGraph?: boolean;
  /**
   * `past-failures` starts a call although an earlier one may still fail; `certain` starts nothing that the code as
   * written might not reach, so that no call is paid for in vain. @default 'past-failures'
   */
  readonly startEarly?: StartEarly;
  /**
   * What to do where nothing was compiled: run as written, or learn from calls as `jit` does, without a notice. Where a
   * bundler drops what is not imported, give `jit` itself. @default 'as-written'
   */
  readonly fallback?: Fallback;
}

/** How code runs that was not compiled. The function is `jit`. */
export type Fallback = 'as-written' | 'jit' | ((...args: never[]) => unknown);

/** Options of a call, of a scope, or of the whole program. */
export interface ExecutionOptions {
  /** A strategy by name, or a scheduler of your own. @default the class's `executionStrategy` */
  readonly scheduler?: ExecutionStrategy | Scheduler;
  /** See {@link StructuralJitOptions.parallelThreshold}. @default 2 */
  readonly parallelThreshold?: number;
  /** See {@link StructuralJitOptions.maxConcurrency}. @default 32 */
  readonly maxConcurrency?: number;
  /** See {@link StructuralJitOptions.startEarly}. @default 'past-failures' */
  readonly startEarly?: StartEarly;
  /** How long an outermost call may take, in milliseconds. @default Infinity */
  readonly timeoutMs?: number;
  /** Aborts everything that runs under these options. Signals of outer scopes stay in force. @default none */
  readonly signal?: AbortSignal;
  /**
   * Run everything as written, and report operators whose behaviour contradicts the effect that they declare; for tests. A
   * call that its caller does not await at once may be blamed for what the caller does meanwhile. Private fields and
   * variables cannot be seen; name other state in `state`. Calls of `pure` operators are made again. @default false
   */
  readonly verifyEffects?: boolean | VerifyEffectsOptions;
}

/** What `verifyEffects` watches besides inputs and operators, and whom it tells. */
export interface VerifyEffectsOptions {
  /** State that operators share, by the names that reports give it. @default {} */
  readonly state?: Readonly<Record<string, object>>;
  /** Gets what contradicts a declaration. @default a warning on the console */
  readonly report?: (violation: EffectViolation) => void;
}

/** What `verifyEffects` asks for, when it asks for anything. */
export type VerifyEffects = Exclude<NonNullable<ExecutionOptions['verifyEffects']>, false>;

/** Something that an operator did and does not declare. */
export interface EffectViolation {
  /** Name of the operator's class, or of the function. */
  readonly operator: string;
  /** What was changed (`input.tags[0]`, `this.count`, `state.cache`), or `result`. */
  readonly place: string;
  readonly message: string;
}

interface Rule {
  readonly allowed: string;
  readonly accepts: (value: unknown) => boolean;
}

const STRATEGIES: ReadonlySet<unknown> = new Set(['auto', 'parallel', 'sequential']);
/** A longer delay makes timers fire at once. */
const LONGEST_DELAY = 2_147_483_647;

const count: Rule = {
  allowed: 'an integer from 1 up, or Infinity',
  accepts: (value) => value === Infinity || (Number.isSafeInteger(value) && Number(value) >= 1),
};

const startEarly: Rule = {
  allowed: '"past-failures" or "certain"',
  accepts: (value) => value === 'past-failures' || value === 'certain',
};

const STRUCTURAL_JIT: Readonly<Record<keyof StructuralJitOptions, Rule>> = {
  executionStrategy: {
    allowed: '"auto", "parallel" or "sequential"',
    accepts: (value) => STRATEGIES.has(value),
  },
  parallelThreshold: count,
  maxConcurrency: count,
  cacheGraph: { allowed: 'true or false', accepts: (value) => typeof value === 'boolean' },
  startEarly,
  fallback: {
    allowed: '"as-written", "jit" or `jit`',
    accepts: (value) => value === 'as-written' || value === 'jit' || watch.isLearner(value),
  },
};

const EXECUTION: Readonly<Record<keyof ExecutionOptions, Rule>> = {
  scheduler: {
    allowed: '"auto", "parallel", "sequential" or a scheduler (an object with `begin`)',
    accepts: (value) => STRATEGIES.has(value) || isScheduler(value),
  },
  parallelThreshold: count,
  maxConcurrency: count,
  startEarly,
  timeoutMs: {
    allowed: `a number of milliseconds above 0 and up to ${LONGEST_DELAY}, or Infinity`,
    accepts: (value) =>
      typeof value === 'number' && value > 0 && (value <= LONGEST_DELAY || value === Infinity),
  },
  signal: { allowed: 'an AbortSignal', accepts: isSignal },
  verifyEffects: {
    allowed: 'true, false or { state, report }',
    accepts: (value) => typeof value === 'boolean' || isVerifyEffects(value),
  },
};

/** Throws an `XCSError` for an option of `structuralJit` that is unknown or has a value that is not allowed. */
export function checkStructuralJitOptions(options: unknown): StructuralJitOptions {
  check<StructuralJitOptions>('structuralJit', STRUCTURAL_JIT, options);
  return withoutUndefined(options);
}

/** Throws an `XCSError`, naming `where` they were given, for execution options that are not allowed. `others`: what else there is. */
export function checkExecutionOptions(
  where: string,
  options: unknown,
  others?: readonly string[],
): ExecutionOptions {
  if (others !== undefined) checkNames(where, options, [...others, ...Object.keys(EXECUTION)]);
  check<ExecutionOptions>(where, EXECUTION, options);
  return withLimitOfScheduler(withoutUndefined(options));
}

/** Throws an `XCSError` for what is no object, and for one with an option of another name than those that are known. */
export function checkNames(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw badOption(where, 'options', options, 'an object');
  for (const name of Object.keys(options)) if (!known.includes(name)) throw unknownOption(where, name, known);
}

/** Several signals as one. Nothing is listened to until somebody listens to the result. */
export function joinSignals(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): AbortSignal | undefined {
  if (one === undefined || one === other) return other;
  return other === undefined ? one : AbortSignal.any([one, other]);
}

/** Options of an inner scope over those of an outer one: the inner ones win, signals of both hold. */
export function overlay(outer: ExecutionOptions | undefined, inner: ExecutionOptions): ExecutionOptions {
  if (outer === undefined) return inner;
  const signal = joinSignals(outer.signal, inner.signal);
  const merged = { ...outer, ...inner };
  return signal === undefined ? merged : { ...merged, signal };
}

function check<T extends object>(
  where: string,
  rules: Readonly<Record<keyof T & string, Rule>>,
  options: unknown,
): asserts options is T {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw badOption(where, 'options', options, 'an object');
  const known: Readonly<Record<string, Rule>> = rules;
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(known, name) ? known[name] : undefined;
    if (rule === undefined) throw unknownOption(where, name, Object.keys(known));
    if (value !== undefined && !rule.accepts(value)) throw badOption(where, name, value, rule.allowed);
  }
}

/** So that `{ ...outer, ...inner }` lets nothing win that was not given. */
function withoutUndefined<T extends object>(options: T): Partial<T> {
  const all = Object.entries(options);
  const given = all.filter(([, value]) => value !== undefined);
  if (given.length === all.length) return { ...options };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entries of `options`, but for absent ones
  return Object.fromEntries(given) as Partial<T>;
}

/** A scheduler that was made with a limit sets the limit of the options that it is given in. */
function withLimitOfScheduler(options: ExecutionOptions): ExecutionOptions {
  const own = isObject(options.scheduler) ? options.scheduler.maxConcurrency : undefined;
  if (own === undefined) return options;
  return { ...options, maxConcurrency: Math.min(own, options.maxConcurrency ?? Infinity) };
}

function isScheduler(value: unknown): value is Scheduler {
  return isObject(value) && 'begin' in value && typeof value.begin === 'function';
}

function isVerifyEffects(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).some((key) => key !== 'state' && key !== 'report')) return false;
  const { state, report }: { readonly state?: unknown; readonly report?: unknown } = value;
  return (state === undefined || isObject(state)) && (report === undefined || typeof report === 'function');
}

/** By shape, for a signal may come from another realm. */
function isSignal(value: unknown): boolean {
  return isObject(value) && 'aborted' in value && 'addEventListener' in value;
}
