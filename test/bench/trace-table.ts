/**
 * What tracing costs, on and off, and what an `AsyncLocalStorage` costs the code as written once somebody enters one. That is for
 * good, so everything that comes before is measured in a process in which nobody has.
 */
import type { Operator } from '../../runtime/index.ts';
import { align } from './align.ts';
import { loadCompiled, xcs } from './load-compiled.ts';
import { median, time } from './measure.ts';

const CALLS = 20;
const WARM_UP = 15;
const ROUNDS = 31;
const RUNS = 200;

interface Measured {
  readonly what: string;
  readonly when: string;
  /** Of the processor, in microseconds. */
  readonly perCall: number;
}

interface TraceReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly measured: readonly Measured[];
  readonly addedByTracing: number;
}

export async function measureTracing(print: (text: string) => void): Promise<TraceReport> {
  const { written, compiled } = compile();
  const [expected, got] = [await written.invoke(1), await compiled.invoke(1)];
  if (got !== expected) throw new Error(`the compiled chain gives ${got}, expected ${expected}.`);
  const untraced = {
    'as written': () => written.invoke(1),
    compiled: () => compiled.invoke(1),
  };
  const measured: Measured[] = [];
  measured.push(...(await measureAll('before the first scope or trace', untraced)));
  await xcs.executionOptions({}, () => written.invoke(1));
  measured.push(...(await measureAll('after a scope was entered', untraced)));
  let records = 0;
  const traced = async (operator: Chain): Promise<void> => {
    const tracer = new xcs.TracerContext();
    await tracer.run(() => operator.invoke(1));
    records = tracer.records.length;
    if (records !== CALLS + 1) throw new Error(`${records} calls are recorded, expected ${CALLS + 1}.`);
  };
  await traced(compiled);
  const off = await measureAll('a tracer was used, none listens', untraced);
  const on = await measureAll('a tracer records', {
    'as written': () => traced(written),
    compiled: () => traced(compiled),
  });
  measured.push(...off, ...on);
  const of = (those: readonly Measured[]): number =>
    those.find(({ what }) => what === 'compiled')?.perCall ?? 0;
  const addedByTracing = of(on) - of(off);
  print(printTable(measured));
  print(`A tracer that records adds ${addedByTracing.toFixed(2)} µs to a call.`);
  return { versions: {}, measured, addedByTracing };
}

type Chain = Operator<number, number>;

/** All of them, in turn. */
async function measureAll(
  when: string,
  runs: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<readonly Measured[]> {
  const times = new Map(Object.keys(runs).map((what) => [what, [] as number[]]));
  for (let round = -WARM_UP; round < ROUNDS; round++)
    for (const [what, run] of Object.entries(runs)) {
      // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
      const each = await time(run, RUNS);
      if (round >= 0) times.get(what)?.push(each);
    }
  return [...times].map(([what, all]) => ({ what, when, perCall: (median(all) * 1000) / CALLS }));
}

function printTable(measured: readonly Measured[]): string {
  const head = [`a chain of ${CALLS} calls without work`, 'when', 'per call'];
  const rows = measured.map(({ what, when, perCall }) => [what, when, `${perCall.toFixed(2)} µs`]);
  return align([head, head.map(() => '---'), ...rows]);
}

function compile(): { readonly written: Chain; readonly compiled: Chain } {
  const lines = Array.from({ length: CALLS }, (_, call) => {
    const given = call === 0 ? 'n' : `v${call - 1}`;
    return `const v${call} = await this.link.invoke(${given});`;
  });
  const body = `extends Operator<number, number> {
  readonly link = new Link();
  override async forward(n: number): Promise<number> {
    ${lines.join('\n    ')}
    return v${CALLS - 1};
  }
}`;
  const module = loadCompiled(`
import { Operator, structuralJit } from 'xcs';
class Link extends Operator<number, number> {
  static override readonly effect = 'unordered';
  override async forward(n: number): Promise<number> { return (n * 31 + 7) % 1_000_003; }
}
class Written ${body}
@structuralJit
class Compiled ${body}
export const written = new Written();
export const compiled = new Compiled();
`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source above exports them
  return module as { readonly written: Chain; readonly compiled: Chain };
}
