/** What compiled programs are compared with, beside the code as written: a limiter around code by hand, and waves. */
import type { RunOptions, Trace } from '../helpers/run-program.ts';
import { link, type WorldLink } from '../helpers/world-link.ts';

/** Runs code by hand as an expert would under a limit: each call waits for a place, first come, first served. */
export function limitedByHand(limit: number): RunOptions {
  return {
    around: (invoke) => {
      if (link.current !== undefined) link.current = throttle(link.current, limit);
      return invoke();
    },
  };
}

function throttle(world: WorldLink, limit: number): WorldLink {
  const waiting: (() => void)[] = [];
  let free = limit;
  const perform = async (...given: Parameters<WorldLink['perform']>): Promise<unknown> => {
    if (free === 0) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    } else free -= 1;
    try {
      const answer: unknown = world.perform(...given);
      return await answer;
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the world has it: each operator class says what it gives
    perform: (...given) => perform(...given) as never,
    pause: (duration) => world.pause(duration),
    log: (...values) => {
      world.log(...values);
    },
    fail: (error) => world.fail(error),
    any: (members) => world.any(members),
  };
}

/**
 * How long a scheduler takes that runs level by level: each begins when the slowest of the one before has ended. Levels are
 * the rounds in which `rounds`, the version by hand, starts calls that all take equally long.
 */
export function runInWaves(rounds: Trace, latencyOf: (path: string) => number, limit: number): number {
  const levels = new Map<number, number[]>();
  for (const call of rounds.calls) {
    const level = levels.get(call.startedAt) ?? [];
    level.push(latencyOf(pathOf(call)));
    levels.set(call.startedAt, level);
  }
  let end = 0;
  for (const latencies of levels.values()) end += runTogether(latencies, limit);
  return end;
}

/** First come, first served. */
function runTogether(latencies: readonly number[], limit: number): number {
  const places = Array.from({ length: Math.min(limit, latencies.length) }, () => 0);
  for (const latency of latencies) {
    const earliest = Math.min(...places);
    places[places.indexOf(earliest)] = earliest + latency;
  }
  return Math.max(...places);
}

export function pathOf({ label, atStart }: { readonly label: string; readonly atStart: string }): string {
  return `${label} ${atStart}`;
}
