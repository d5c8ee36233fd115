/** A call of an operator that learns: what it goes by, from its own options and those in force around the call. */
import { followsAwait } from '../async-storage.ts';
import { compiledOf, isEnabled, learningOf } from '../registry.ts';
import { watch, type Learn } from '../tracing/watch.ts';
import { JitRun } from './jit-run.ts';
import { learntOf } from './learners.ts';
import { limitsOf } from './run-limits.ts';

/** What `watch` asks for each call of an operator. */
export const learn: Learn = (self, input, options, proceed) => {
  const { position } = watch;
  const own = learningOf(self) ?? position.learning;
  if (own === undefined || !followsAwait() || !isEnabled(self) || compiledOf(self) !== undefined)
    return undefined;
  const { recursive = false, cacheSize = 16 } = own;
  const learnt = learntOf(self);
  const begun = performance.now();
  const run = new JitRun(self, input, learnt, limitsOf(own, options));
  const inside = { observer: run, learning: recursive ? { ...own, sampleInput: undefined } : undefined };
  const end = (succeeded: boolean): void => {
    const ended = performance.now();
    run.end(succeeded, cacheSize);
    learnt.counters.add('runMs', ended - begun);
    learnt.counters.add('traceMs', performance.now() - ended);
  };
  run.begin();
  let outcome: unknown;
  try {
    outcome = watch.enter(inside, proceed);
  } catch (error) {
    end(false);
    throw error;
  }
  return { outcome: followed(outcome, end) };
};

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
