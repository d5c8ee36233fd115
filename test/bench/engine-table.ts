/** The engine alone: graphs whose nodes do nothing, in ratios to what a person would write by hand. */
import { align } from './align.ts';
import { byHand, calls, compiledClass, countdown, steps, type Engine } from './engines.ts';
import { compare, type Comparison, type Effort } from './measure.ts';
import { loadPeers } from './peers/load-peers.ts';
import { record, serial, SHAPES, type Shape, type Visit } from './shapes.ts';

/** Whether a node answers a value or, as calls of models do, a promise. */
type Work = 'value' | 'promise';

export interface Measured extends Comparison {
  readonly engine: string;
  readonly shape: string;
  readonly work: Work;
}

export interface EngineReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly measured: readonly Measured[];
}

const OWN: readonly Engine[] = [countdown, steps, calls, compiledClass];
const EFFORT: Effort = { pairs: 31, milliseconds: 5 };
const NOTHING: Readonly<Record<Work, Visit>> = { value: (node) => node, promise: async (node) => node };

export async function measureEngines(print: (text: string) => void): Promise<EngineReport> {
  const { engines: peers, versions, missing } = await loadPeers(print);
  const measured: Measured[] = [];
  for (const line of missing) print(line);
  for (const work of ['value', 'promise'] as const) {
    for (const shape of SHAPES) {
      print(`measuring ${shape.name}, nodes that answer a ${work} …`);
      // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
      const able = await findAble(peers, shape, work === 'promise', print);
      // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
      measured.push(...(await measureShape(shape, work, [...OWN, ...able])));
    }
    print(printTable(work, measured));
  }
  return { versions, missing, measured };
}

/** Those that can express the shape; the others say why not. */
async function findAble(
  peers: readonly Engine[],
  shape: Shape,
  isAsync: boolean,
  print: (text: string) => void,
): Promise<readonly Engine[]> {
  const able: Engine[] = [];
  for (const peer of peers)
    try {
      await checkResult(peer, shape, isAsync); // eslint-disable-line no-await-in-loop
      able.push(peer);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      print(`${peer.name} is left out of ${shape.name}: ${reason}`);
    }
  return able;
}

async function measureShape(
  shape: Shape,
  work: Work,
  engines: readonly Engine[],
): Promise<readonly Measured[]> {
  const isAsync = work === 'promise';
  const measured: Measured[] = [];
  for (const engine of [byHand, ...engines]) await checkResult(engine, shape, isAsync); // eslint-disable-line no-await-in-loop
  const baseline = byHand.prepare(shape, NOTHING[work], isAsync);
  for (const engine of engines) {
    const run = engine.prepare(shape, NOTHING[work], isAsync);
    // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
    const comparison = await compare(baseline, run, EFFORT);
    measured.push({ engine: engine.name, shape: shape.name, work, ...comparison });
  }
  return measured;
}

/** An engine that gets it wrong is not timed. */
async function checkResult(engine: Engine, shape: Shape, isAsync: boolean): Promise<void> {
  const { visit, values } = record(shape, isAsync);
  await engine.prepare(shape, visit, isAsync)();
  const expected = serial(shape);
  const wrong = expected.findIndex((value, node) => values[node] !== value);
  if (wrong >= 0)
    throw new Error(
      `${engine.name}, ${shape.name}: node ${wrong} is ${values[wrong]}, expected ${expected[wrong]}.`,
    );
}

function printTable(work: Work, measured: readonly Measured[]): string {
  const rows = measured.filter((one) => one.work === work);
  const shapes = SHAPES.map(({ name }) => name);
  const baseline = shapes.map((shape) => {
    const nodes = SHAPES.find(({ name }) => name === shape)?.before.length ?? 1;
    const [one = 0] = rows.find((row) => row.shape === shape)?.milliseconds ?? [];
    return `1.00 (${((one * 1000) / nodes).toFixed(2)} µs/node)`;
  });
  const lines = [...new Set(rows.map(({ engine }) => engine))].map((engine) => [
    engine,
    ...shapes.map((shape) => cell(rows.find((row) => row.engine === engine && row.shape === shape))),
  ]);
  return align([
    [`nodes that answer a ${work}`, ...shapes],
    ['---', ...shapes.map(() => '---')],
    [byHand.name, ...baseline],
    ...lines,
  ]);
}

function cell(measured: Measured | undefined): string {
  if (measured === undefined) return '–';
  const digits = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
  const { ratio, quartiles } = measured;
  return `${digits(ratio)} (${digits(quartiles[0])}–${digits(quartiles[1])})`;
}
