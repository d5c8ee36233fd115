/**
 * What a run goes by, from the options in force: argument of `invoke`, scopes, the class's own, the program's, defaults.
 */
import type { CallTimer } from './call-timer.ts';
import { formFor, hasInOrder } from './in-order.ts';
import { linkOf, profileOf, type Linked } from './link.ts';
import { joinSignals, type ExecutionOptions, type StructuralJitOptions } from './options.ts';
import { decorationOf } from './registry.ts';
import type { FindNested, Scheduled } from './runnable.ts';
import { AutoScheduler, CHOSEN_SERIAL } from './schedulers/auto.ts';
import { TopologicalSchedulerWithParallelDispatch } from './schedulers/parallel.ts';
import type { Scheduler } from './schedulers/scheduler.ts';
import { TopologicalScheduler } from './schedulers/serial.ts';
import { scopes } from './scope.ts';
import { watch } from './tracing/watch.ts';
import { weigh } from './weigh.ts';

export interface RunSettings {
  readonly scheduler: Scheduler;
  /** The most calls in flight; `Infinity` when the run is serial and nobody asked for a limit. */
  readonly maxConcurrency: number;
  /** Somebody asked for this limit, so it holds for all calls. */
  readonly explicitLimit: boolean;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  /** Asked for operators that the run calls: they go by the options of the run and their own. */
  readonly findNested: FindNested;
  /** The same for operators that are not compiled. */
  readonly ambient?: ExecutionOptions | undefined;
  /** Absent when nobody measures. */
  readonly timer?: CallTimer | undefined;
  /** Told that the run has ended. */
  readonly ended?: (() => void) | undefined;
}

/** A call that runs compiled code. */
export interface PreparedRun {
  readonly linked: Linked;
  readonly settings: RunSettings;
}

const DEFAULT_LIMIT = 32;
const DEFAULT_THRESHOLD = 2;
const SERIAL: Scheduler = new TopologicalScheduler();
const PARALLEL: Scheduler = new TopologicalSchedulerWithParallelDispatch();
const AUTO: AutoScheduler = new AutoScheduler(DEFAULT_THRESHOLD);

/**
 * Links `self` and settles what its run goes by; nothing when its `forward` runs as written. `given` are the options of the
 * call over those of the scopes around it. On the path of every call.
 */
export function prepareRun(self: object, given: ExecutionOptions | undefined): PreparedRun | undefined {
  const own = decorationOf(self)?.options;
  if (own === undefined || watch.here?.isWrittenOnly === true) return undefined;
  const startEarly = given?.startEarly ?? own.startEarly ?? scopes.program?.startEarly;
  const linked = linkOf(self, startEarly === 'certain');
  if (linked === undefined) return undefined;
  const settings = settingsOf(linked, own, given);
  return { linked: formFor(weigh(linked, settings), settings.scheduler), settings };
}

/** The same, measured by `timer` or, when it is the turn of this run, for the profile of the instance. */
export function measured(
  { profile }: Linked,
  settings: RunSettings,
  timer: CallTimer | undefined = profile.sample(profileOf),
): RunSettings {
  if (timer !== undefined) return { ...settings, timer };
  const ended = settings.scheduler === CHOSEN_SERIAL ? profile.watchSerial() : undefined;
  return ended === undefined ? settings : { ...settings, ended };
}

/** When a call must stop: for those that run as written, too. */
export function stopOf(given: ExecutionOptions | undefined): Pick<RunSettings, 'signal' | 'timeoutMs'> {
  const { program } = scopes;
  if (program === undefined) return { signal: given?.signal, timeoutMs: given?.timeoutMs };
  return {
    signal: joinSignals(program.signal, given?.signal),
    timeoutMs: given?.timeoutMs ?? program.timeoutMs,
  };
}

export function settingsOf(
  linked: Linked,
  own: StructuralJitOptions,
  given: ExecutionOptions | undefined,
): RunSettings {
  const { program } = scopes;
  const limit = given?.maxConcurrency ?? own.maxConcurrency ?? program?.maxConcurrency;
  const scheduler = limit === 1 ? SERIAL : schedulerOf(linked, own, given);
  const { signal, timeoutMs } = stopOf(given);
  if (scheduler instanceof TopologicalScheduler) {
    // A limit of one that only this class asks for must hold for what it calls, too.
    const ambient = limit === 1 ? { ...given, maxConcurrency: 1 } : given;
    // What it calls may overlap its own calls, which count for the limit that somebody asked for.
    const explicitLimit = scheduler === CHOSEN_SERIAL && limit !== undefined;
    const serial = { scheduler, maxConcurrency: explicitLimit ? limit : Infinity, explicitLimit };
    return { ...serial, signal, timeoutMs, findNested: nestedUnder(ambient), ambient };
  }
  const maxConcurrency = limit ?? scheduler.maxConcurrency ?? DEFAULT_LIMIT;
  const explicitLimit = limit !== undefined || scheduler.maxConcurrency !== undefined;
  const stop = { signal, timeoutMs };
  const ambient = explicitLimit ? { ...given, maxConcurrency } : given;
  return { scheduler, maxConcurrency, explicitLimit, ...stop, findNested: nestedUnder(given), ambient };
}

const nestedPlainly: FindNested = (operator) => prepareNested(operator, undefined);

function nestedUnder(ambient: ExecutionOptions | undefined): FindNested {
  return ambient === undefined ? nestedPlainly : (operator) => prepareNested(operator, ambient);
}

function prepareNested(operator: object, ambient: ExecutionOptions | undefined): Scheduled | undefined {
  const prepared = prepareRun(operator, ambient);
  if (prepared === undefined) return undefined;
  const { linked, settings } = prepared;
  return { compiled: linked.compiled, plan: linked.plan, scheduler: settings.scheduler };
}

function schedulerOf(
  linked: Linked,
  own: StructuralJitOptions,
  given: ExecutionOptions | undefined,
): Scheduler {
  const { program } = scopes;
  const choice = given?.scheduler ?? own.executionStrategy ?? program?.scheduler ?? 'auto';
  switch (choice) {
    case 'sequential':
      return SERIAL;
    case 'parallel':
      return PARALLEL;
    case 'auto': {
      // The plan does not show what overlaps within a step.
      if (hasInOrder(linked.compiled)) return PARALLEL;
      if (linked.profile.prefersSerial) return CHOSEN_SERIAL;
      const threshold = given?.parallelThreshold ?? own.parallelThreshold ?? program?.parallelThreshold;
      const auto = threshold === undefined ? AUTO : new AutoScheduler(threshold);
      return auto.choose(linked.plan);
    }
    default:
      return choice;
  }
}
