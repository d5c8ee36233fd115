/** How long calls take on the virtual clock. A call's latency follows from its label and its input alone. */
import { chance } from '../helpers/snapshot.ts';
import type { Schedule } from '../helpers/world.ts';

export type Latency = Exclude<Schedule['latency'], string | undefined>;

export interface LatencyModel {
  readonly name: string;
  /** One latency each for so many schedules. */
  readonly latencies: readonly Latency[];
}

/** Milliseconds of the virtual clock, on average. */
const MEAN = 20;
const SIGMA = 0.6;
const SEEDS = 10;

export const MODELS: readonly LatencyModel[] = [
  { name: `each call ${MEAN} ms`, latencies: [() => MEAN] },
  {
    name: `lognormal, mean ${MEAN} ms, σ ${SIGMA}, ${SEEDS} seeds`,
    latencies: Array.from({ length: SEEDS }, (_, seed): Latency => {
      return ({ label, atStart }) =>
        MEAN * Math.exp(SIGMA * normal(`${seed} ${label} ${atStart}`) - SIGMA ** 2 / 2);
    }),
  },
];

/** Box and Muller: a standard normal variable out of two uniform ones. */
function normal(path: string): number {
  const [first, second] = [1 - chance(`radius ${path}`), chance(`angle ${path}`)];
  return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
}
