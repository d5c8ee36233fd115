/** What a step costs in graphs and loops of growing size, and a run among many others: time, and memory that is in use. */
import type { Operator } from '../../runtime/index.ts';
import { buildPlan } from '../../runtime/plan.ts';
import type { Runnable } from '../../runtime/runnable.ts';
import { EMPTY_DESCRIPTOR, plainStep, settings } from '../helpers/descriptors.ts';
import { align } from './align.ts';
import { runtime } from './built-runtime.ts';
import { liveHeap } from './live-heap.ts';
import { loadCompiled, xcs } from './load-compiled.ts';
import { median, time } from './measure.ts';

interface Scaled {
  readonly what: string;
  readonly size: number;
  /** Of the processor, in microseconds; the median of several rounds. */
  readonly perStep: number;
  /** Bytes in use in the middle of the run, above those before it. */
  readonly heap: number;
}

interface ScaleReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly measured: readonly Scaled[];
  /** Bytes in use after 10 000 runs, and after 100 000. */
  readonly heapAfterRuns: readonly [number, number];
}

const GRAPHS = [1000, 10_000, 100_000, 1_000_000];
const LOOPS = [1000, 10_000, 100_000, 1_000_000];
const CONCURRENT = [1, 1000];
/** What growth is measured from, where there is one of that size. */
const BASE = 10_000;
const WIDTH = 100;
const ROUNDS = 5;
/** Each round goes through about as many steps as this. */
const STEPS_PER_ROUND = 100_000;

export async function measureScale(print: (text: string) => void): Promise<ScaleReport> {
  const measured: Scaled[] = [];
  const programs = compile();
  const measure = async (one: Promise<Scaled>): Promise<void> => {
    const { what, size, perStep } = await one;
    print(`${what}: ${size}, ${perStep.toFixed(2)} µs each`);
    measured.push(await one);
  };
  for (const size of GRAPHS) await measure(measureGraph(size)); // eslint-disable-line no-await-in-loop
  for (const size of LOOPS) await measure(measureLoop(programs.loop, size)); // eslint-disable-line no-await-in-loop
  for (const size of CONCURRENT) await measure(measureRuns(programs.twenty, size)); // eslint-disable-line no-await-in-loop
  const heapAfterRuns = await measureLeak(programs.twenty);
  print(printTable(measured));
  print(
    `Memory in use after 10 000 runs of one instance: ${megabytes(heapAfterRuns[0])}; after 100 000: ${megabytes(heapAfterRuns[1])}.`,
  );
  return { versions: {}, measured, heapAfterRuns };
}

async function measureRounds(size: number, run: () => Promise<unknown>): Promise<number> {
  const count = Math.max(1, Math.round(STEPS_PER_ROUND / size));
  const times: number[] = [];
  // Something as large as this warms itself up.
  const isLarge = size > STEPS_PER_ROUND;
  if (!isLarge) await time(run, count);
  for (let round = 0; round < (isLarge ? 1 : ROUNDS); round++) times.push(await time(run, count)); // eslint-disable-line no-await-in-loop
  return (median(times) * 1000) / size;
}

const UNLIMITED = settings({
  scheduler: new xcs.TopologicalSchedulerWithParallelDispatch(),
  maxConcurrency: Infinity,
});

async function measureGraph(size: number): Promise<Scaled> {
  let heap = 0;
  let before = 0;
  let steps = 0;
  const visit = (): void => {
    if (++steps === size / 2 && before > 0) heap = liveHeap() - before;
  };
  const runnable = layered(size, async () => visit());
  const run = async (): Promise<void> => {
    steps = 0;
    await runtime.run(runnable, undefined, undefined, UNLIMITED);
    if (steps !== size) throw new Error(`a graph of ${size} steps ran ${steps} of them.`);
  };
  const perStep = await measureRounds(size, run);
  before = liveHeap();
  await run();
  return { what: `graph of layers of ${WIDTH} steps`, size, perStep, heap };
}

/** Layers of steps, each of which waits for two of the layer before. */
function layered(size: number, code: () => Promise<void>): Runnable {
  const steps = Array.from({ length: size }, (_, id) => plainStep(id, 'await'));
  const dependences = steps.flatMap(({ id }) => {
    const above = id - WIDTH;
    if (above < 0) return [];
    const beside = above - (above % WIDTH) + ((above + 1) % WIDTH);
    return [above, beside].map((before) => ({ before, after: id, kind: 'effect', what: 'bench' }) as const);
  });
  const descriptor = { ...EMPTY_DESCRIPTOR, name: 'layers', slots: ['input', 'context'], steps, dependences };
  const compiled = { descriptor, steps: steps.map(() => code), callees: [], guards: [] };
  return { compiled, plan: buildPlan(steps, dependences) };
}

type Create = (visit: (n: number) => void) => Operator<number, number>;

async function measureLoop(create: Create, size: number): Promise<Scaled> {
  let heap = 0;
  let before = 0;
  const loop = create((n) => {
    if (n === size / 2 && before > 0) heap = liveHeap() - before;
  });
  const run = async (): Promise<void> => {
    const sum = await loop.invoke(size);
    const expected = (size * (size - 1)) / 2;
    if (sum !== expected) throw new Error(`a loop of ${size} gives ${sum}, expected ${expected}.`);
  };
  const perStep = await measureRounds(size, run);
  before = liveHeap();
  await run();
  return { what: 'loop, iterations', size, perStep, heap };
}

async function measureRuns(create: Create, size: number): Promise<Scaled> {
  let heap = 0;
  let before = 0;
  let calls = 0;
  const twenty = create(() => {
    if (++calls === size * 10 && before > 0) heap = liveHeap() - before;
  });
  const run = async (): Promise<void> => {
    calls = 0;
    const results = await Promise.all(Array.from({ length: size }, (_, n) => twenty.invoke(n)));
    const wrong = results.findIndex((result, n) => result !== n + 20);
    if (wrong >= 0)
      throw new Error(`run ${wrong} of ${size} gives ${results[wrong]}, expected ${wrong + 20}.`);
  };
  const perStep = await measureRounds(size * 20, run);
  before = liveHeap();
  await run();
  return { what: 'runs of 20 calls at once, calls', size: size * 20, perStep, heap };
}

async function measureLeak(create: Create): Promise<readonly [number, number]> {
  const twenty = create(() => {});
  await time(() => twenty.invoke(1), 10_000);
  const early = liveHeap();
  await time(() => twenty.invoke(1), 90_000);
  return [early, liveHeap()];
}

function printTable(measured: readonly Scaled[]): string {
  const rows = measured.map(({ what, size, perStep, heap }) => {
    const alike = measured.filter((one) => one.what === what);
    const base = alike.find((one) => one.size === BASE) ?? alike[0];
    const growth = perStep / (base?.perStep ?? perStep);
    // A run that uses less than the noise of the measurement may seem to free some.
    return [
      what,
      String(size),
      `${perStep.toFixed(2)} µs`,
      `${growth.toFixed(2)}×`,
      megabytes(Math.max(0, heap)),
    ];
  });
  const head = ['what', 'size', 'each', 'growth', 'in use half-way'];
  return align([head, head.map(() => '---'), ...rows]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function compile(): { readonly loop: Create; readonly twenty: Create } {
  const lines = Array.from(
    { length: 20 },
    (_, call) =>
      `const v${call} = await this.node.invoke(${call % 2 === 0 ? (call < 2 ? 'n' : `v${call - 2}`) : 'n'});`,
  );
  const evens = 'v18';
  const module = loadCompiled(`
import { Operator, structuralJit } from 'xcs';
type Visit = (n: number) => void;
class Node extends Operator<number, number> {
  static override readonly effect = 'unordered';
  constructor(readonly visit: Visit) { super(); }
  override async forward(n: number): Promise<number> { this.visit(n); return n; }
}
@structuralJit({ executionStrategy: 'parallel' })
class Loop extends Operator<number, number> {
  readonly node: Node;
  constructor(visit: Visit) { super(); this.node = new Node(visit); }
  override async forward(count: number): Promise<number> {
    let sum = 0;
    for (let at = 0; at < count; at++) {
      const value = await this.node.invoke(at);
      sum += value;
    }
    return sum;
  }
}
@structuralJit({ executionStrategy: 'parallel' })
class Twenty extends Operator<number, number> {
  readonly node: Node;
  constructor(visit: Visit) { super(); this.node = new Node(visit); }
  override async forward(n: number): Promise<number> {
    ${lines.join('\n    ')}
    return ${evens} + 20;
  }
}
export const loop = (visit: Visit) => new Loop(visit);
export const twenty = (visit: Visit) => new Twenty(visit);
`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source above exports them
  return module as { readonly loop: Create; readonly twenty: Create };
}
