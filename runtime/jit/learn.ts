/** A call of an operator that learns: what it goes by, from its own options and those in force around the call. */
import { followsAwait } from '../async-storage.ts';
import { isObject } from '../brand.ts';
import type { ExecutionOptions } from '../options.ts';
import { compiledOf, isEnabled, learningOf } from '../registry.ts';
import { scopes } from '../scope.ts';
import { watch, type Learn } from '../tracing/watch.ts';
import { JitRun } from './jit-run.ts';
import { learntOf } from './learners.ts';
import type { JitOptions } from './jit-options.ts';
import { limitsOf, type RunLimits } from './run-limits.ts';

/** What `watch` asks for each call of an operator. */
export const learn: Learn = (self, input, options, proceed, within) => {
  const { position } = watch;
  const own = learningOf(self) ?? position.learning;
  if (own === undefined || !followsAwait() || !isEnabled(self) || compiledOf(self) !== undefined)
    return undefined;
  const limits = limitsOf(own, options, within);
  const run = (): unknown =>
    runLearning(self, input, { own, limits, proceed, signal: within?.context.signal });
  // What this call was told holds for those that it makes, too.
  const ambient = orderOf(isObject(options) ? options : within?.ambient);
  return { outcome: ambient === undefined ? run() : scopes.enter(ambient, run) };
};

interface LearningCall {
  readonly own: JitOptions;
  readonly limits: RunLimits;
  readonly proceed: () => unknown;
  readonly signal: AbortSignal | undefined;
}

function runLearning(self: object, input: unknown, { own, limits, proceed, signal }: LearningCall): unknown {
  const { recursive = false, cacheSize = 16 } = own;
  const learnt = learntOf(self);
  const begun = performance.now();
  const learning = recursive ? { ...own, sampleInput: undefined } : undefined;
  const run = new JitRun(self, input, learnt, limits, watch.position.witness, learning);
  const inside = { observer: run, learning, witness: undefined };
  const end = (succeeded: boolean): void => {
    const ended = performance.now();
    signal?.removeEventListener('abort', stop);
    run.end(succeeded, cacheSize);
    learnt.counters.add('runMs', ended - begun);
    learnt.counters.add('traceMs', performance.now() - ended);
  };
  // What `invoke` stops says so itself; a call of a run would go on.
  const stop = (): void => run.refuse(signal?.reason);
  signal?.addEventListener('abort', stop);
  run.begin();
  let outcome: unknown;
  try {
    outcome = watch.enter(inside, proceed);
  } catch (error) {
    end(false);
    throw error;
  }
  return followed(outcome, end);
}

/** Of options, those that say how many calls may be in flight, and which. */
function orderOf(options: ExecutionOptions | undefined): ExecutionOptions | undefined {
  if (options === undefined) return undefined;
  const { scheduler, maxConcurrency, startEarly } = options;
  const given = Object.entries({ scheduler, maxConcurrency, startEarly }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function followed(outcome: unknown, end: (succeeded: boolean) => void): unknown {
  if (!(outcome instanceof Promise)) {
    end(true);
    return outcome;
  }
  return outcome.then(
    (value: unknown) => {
      end(true);
      return value;
    },
    (error: unknown) => {
      end(false);
      throw error;
    },
  );
}
