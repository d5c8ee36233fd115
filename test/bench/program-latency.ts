/** How long calls take on the virtual clock. A call's latency follows from its label and its input alone. */
import { chance } from '../helpers/snapshot.ts';
import type { Schedule } from '../helpers/world.ts';

export type Latency = Exclude<Schedule['latency'], string | undefined>;

export interface LatencyModel {
  readonly name: string;
  /** One latency each for so many schedules. */
  readonly latencies: readonly Latency[];
  /** What a call of an operator of this label takes on average. */
  readonly expected: (label: string) => number;
}

/** Milliseconds of the virtual clock, on average. */
const MEAN = 20;
const SIGMA = 0.6;
const SEEDS = 10;

export const MODELS: readonly LatencyModel[] = [
  { name: `each call ${MEAN} ms`, latencies: [() => MEAN], expected: () => MEAN },
  {
    name: `lognormal, mean ${MEAN} ms, σ ${SIGMA}, ${SEEDS} seeds`,
    latencies: lognormal(() => MEAN),
    expected: () => MEAN,
  },
];

/** Some operators take sixteen times as long as others, which an engine can learn. */
const meanOf = (label: string): number => 5 * 16 ** chance(`mean ${label}`);

export const UNEVEN: LatencyModel = {
  name: `lognormal, mean 5 to 80 ms by operator, σ ${SIGMA}, ${SEEDS} seeds`,
  latencies: lognormal(meanOf),
  expected: meanOf,
};

function lognormal(mean: (label: string) => number): readonly Latency[] {
  return Array.from({ length: SEEDS }, (_, seed): Latency => {
    return ({ label, atStart }) =>
      mean(label) * Math.exp(SIGMA * normal(`${seed} ${label} ${atStart}`) - SIGMA ** 2 / 2);
  });
}

/** Box and Muller: a standard normal variable out of two uniform ones. */
function normal(path: string): number {
  const [first, second] = [1 - chance(`radius ${path}`), chance(`angle ${path}`)];
  return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
}
