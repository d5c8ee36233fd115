/** A graph on which it pays not to wait for the slowest of each layer, with nodes that take real time. */
import { align } from './align.ts';
import type { Engine } from './engines.ts';
import { median } from './measure.ts';
import { N_GRAPH } from './shapes.ts';

export interface Timed {
  readonly engine: string;
  /** On the wall, the median of a few runs; an engine that cannot run it says why. */
  readonly milliseconds?: number;
  readonly reason?: string;
}

/** By node: `a` and `c`, as `b` and `d`, take 60 one after the other; layer by layer it is 40, 50 and nothing. */
const LATENCIES: readonly number[] = [10, 40, 50, 20, 0];
const CRITICAL_PATH = 60;
const LAYERS = 90;
const ROUNDS = 5;

export async function measureTimers(engines: readonly Engine[]): Promise<readonly Timed[]> {
  const timed: Timed[] = [];
  for (const engine of engines) timed.push(await measureEngine(engine)); // eslint-disable-line no-await-in-loop -- one at a time
  return timed;
}

async function measureEngine(engine: Engine): Promise<Timed> {
  const visit = (node: number): Promise<number> =>
    new Promise((resolve) => {
      setTimeout(resolve, LATENCIES[node] ?? 0, node);
    });
  try {
    const run = engine.prepare(N_GRAPH, visit, true);
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const begin = performance.now();
      await run(); // eslint-disable-line no-await-in-loop -- one after another
      times.push(performance.now() - begin);
    }
    return { engine: engine.name, milliseconds: median(times.slice(1)) };
  } catch (error) {
    return { engine: engine.name, reason: error instanceof Error ? error.message : String(error) };
  }
}

export function printTimers(timed: readonly Timed[]): string {
  const head = [`N-graph of timers, critical path ${CRITICAL_PATH} ms, layers ${LAYERS} ms`, 'on the wall'];
  const rows = timed.map(({ engine, milliseconds, reason = '' }) => [
    engine,
    milliseconds === undefined ? reason : `${milliseconds.toFixed(0)} ms`,
  ]);
  return align([head, head.map(() => '---'), ...rows]);
}
