/** The engine alone: graphs whose nodes do nothing, in ratios to what a person would write by hand. */
import { align } from './align.ts';
import {
  byHand,
  byLayer,
  calls,
  compiledClass,
  countdown,
  graphByHand,
  steps,
  type Engine,
} from './engines.ts';
import { compare, type Comparison, type Effort, type Run } from './measure.ts';
import { loadPeers, type Group } from './peers/load-peers.ts';
import { record, serial, SHAPES, type Shape, type Visit } from './shapes.ts';
import { measureTimers, printTimers, type Timed } from './timer-table.ts';

/** Whether a node answers a value or, as calls of models do, a promise. */
type Work = 'value' | 'promise';

interface Measured extends Comparison {
  readonly engine: string;
  readonly shape: string;
  readonly work: Work;
}

/** An engine cannot express a shape, or gets it wrong. */
interface Unable {
  readonly engine: string;
  readonly shape: string;
  readonly work: Work;
  readonly reason: string;
}

interface EngineReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly measured: readonly Measured[];
  readonly unable: readonly Unable[];
  readonly timed: readonly Timed[];
}

const OWN: readonly Engine[] = [byLayer, countdown, steps, calls, graphByHand, compiledClass];
const EFFORT: Effort = { pairs: 31, milliseconds: 5 };
const NOTHING: Readonly<Record<Work, Visit>> = { value: (node) => node, promise: async (node) => node };
/** Whoever has not ended by then will not. */
const PATIENCE = 60_000;

export async function measureEngines(print: (text: string) => void): Promise<EngineReport> {
  const first = await measureGroup('libraries', [byHand, ...OWN], print);
  // What was measured of our own is not measured again among promises that have become dearer.
  const second = await measureGroup('frameworks', [], print);
  return {
    versions: { ...first.versions, ...second.versions },
    missing: [...first.missing, ...second.missing],
    measured: [...first.measured, ...second.measured],
    unable: [...first.unable, ...second.unable],
    timed: [...first.timed, ...second.timed],
  };
}

async function measureGroup(
  group: Group,
  own: readonly Engine[],
  print: (text: string) => void,
): Promise<EngineReport> {
  const { engines: peers, versions, missing } = await loadPeers(print, group);
  const engines = [...own.filter((engine) => engine !== byHand), ...peers];
  const measured: Measured[] = [];
  const unable: Unable[] = [];
  for (const work of ['value', 'promise'] as const) {
    const [rows, notes]: [Measured[], Unable[]] = [[], []];
    for (const shape of SHAPES) {
      print(`measuring ${shape.name}, nodes that answer a ${work} …`);
      // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
      const one = await measureShape(shape, work, engines);
      rows.push(...one.measured);
      notes.push(...one.unable);
    }
    print(printTable(work, rows, notes));
    measured.push(...rows);
    unable.push(...notes);
  }
  for (const line of missing) print(line);
  const timed = await measureTimers([...own, ...peers]);
  print(printTimers(timed));
  return { versions, missing, measured, unable, timed };
}

async function measureShape(
  shape: Shape,
  work: Work,
  engines: readonly Engine[],
): Promise<{ readonly measured: readonly Measured[]; readonly unable: readonly Unable[] }> {
  const measured: Measured[] = [];
  const unable: Unable[] = [];
  const baseline = await prepare(byHand, shape, work);
  for (const engine of engines) {
    const names = { engine: engine.name, shape: shape.name, work };
    try {
      const run = await prepare(engine, shape, work); // eslint-disable-line no-await-in-loop -- one measurement at a time
      measured.push({ ...names, ...(await compare(baseline, run, EFFORT)) }); // eslint-disable-line no-await-in-loop -- as above
    } catch (error) {
      if (OWN.includes(engine)) throw error;
      unable.push({ ...names, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { measured, unable };
}

/** Runs once what is to be timed, with nodes that compute something: an engine that gets it wrong is not timed. */
async function prepare(engine: Engine, shape: Shape, work: Work): Promise<Run> {
  const { visit, values } = record(shape, work === 'promise');
  let perform = visit;
  // To prepare takes some engines longer than all else, so it is done once.
  const run = engine.prepare(shape, (node, given) => perform(node, given), work === 'promise');
  await inTime(run());
  const expected = serial(shape);
  const wrong = expected.findIndex((value, node) => values[node] !== value);
  if (wrong >= 0)
    throw new Error(
      `${engine.name}, ${shape.name}: node ${wrong} is ${values[wrong]}, expected ${expected[wrong]}.`,
    );
  perform = NOTHING[work];
  return run;
}

async function inTime(running: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it has not ended after ${PATIENCE / 1000} s.`)), PATIENCE);
  });
  try {
    await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

function printTable(work: Work, rows: readonly Measured[], notes: readonly Unable[]): string {
  const shapes = SHAPES.map(({ name }) => name);
  const baseline = SHAPES.map(({ name, before }) => {
    const [one = 0] = rows.find((row) => row.shape === name)?.milliseconds ?? [];
    return `1.00 (${((one * 1000) / before.length).toFixed(2)} µs/node)`;
  });
  const names = [...new Set([...rows, ...notes].map(({ engine }) => engine))];
  const lines = names.map((engine) => [
    engine,
    ...shapes.map((shape) => {
      const isIn = (one: { readonly engine: string; readonly shape: string }): boolean =>
        one.engine === engine && one.shape === shape;
      return cell(rows.find(isIn), notes.findIndex(isIn));
    }),
  ]);
  const table = align([
    [`nodes that answer a ${work}`, ...shapes],
    ['---', ...shapes.map(() => '---')],
    [byHand.name, ...baseline],
    ...lines,
  ]);
  const reasons = notes.map(({ engine, shape, reason }, at) => `[${at + 1}] ${engine}, ${shape}: ${reason}`);
  return [table, ...reasons].join('\n');
}

function cell(measured: Measured | undefined, note: number): string {
  if (measured === undefined) return `– [${note + 1}]`;
  const digits = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
  const { ratio, quartiles } = measured;
  return `${digits(ratio)} (${digits(quartiles[0])}–${digits(quartiles[1])})`;
}
