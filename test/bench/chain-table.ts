/** Twenty calls, each with the result of the one before: nothing can overlap, so whatever is added is what the engine costs. */
import type { Operator } from '../../runtime/index.ts';
import { align } from './align.ts';
import { loadCompiled } from './load-compiled.ts';
import { compare, type Comparison, type Effort } from './measure.ts';

const CALLS = 20;

/** How many milliseconds each call takes, and how often it is worth measuring that. */
const LATENCIES: readonly { readonly milliseconds: number; readonly effort: Effort }[] = [
  { milliseconds: 0, effort: { pairs: 31, milliseconds: 10 } },
  { milliseconds: 1, effort: { pairs: 11, runs: 8 } },
  { milliseconds: 20, effort: { pairs: 5, runs: 1 } },
];

/** By what a run goes. Scopes are not used: to enter one makes every later `await` dearer. */
const WAYS: Readonly<Record<string, string>> = {
  'compiled, as it comes': '@structuralJit',
  'compiled, `parallel`': "@structuralJit({ executionStrategy: 'parallel' })",
  'compiled, `sequential`': "@structuralJit({ executionStrategy: 'sequential' })",
  'compiled, `maxConcurrency: 1`': '@structuralJit({ maxConcurrency: 1 })',
};

interface Measured extends Comparison {
  readonly way: string;
  readonly latency: number;
  /** Of the processor, in microseconds: the code as written, and what is added to it. */
  readonly written: number;
  readonly addedPerCall: number;
}

interface ChainReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly calls: number;
  readonly measured: readonly Measured[];
}

export async function measureChains(print: (text: string) => void): Promise<ChainReport> {
  const create = compile();
  const measured: Measured[] = [];
  for (const { milliseconds: latency, effort } of LATENCIES) {
    const written = create('', latency);
    for (const way of Object.keys(WAYS)) {
      const compiled = create(way, latency);
      // oxlint-disable-next-line no-await-in-loop -- one measurement at a time
      measured.push(await measureWay(way, latency, written, compiled, effort));
    }
  }
  print(printTable(measured));
  return { versions: {}, calls: CALLS, measured };
}

type Chain = Operator<number, number>;

async function measureWay(
  way: string,
  latency: number,
  written: Chain,
  compiled: Chain,
  effort: Effort,
): Promise<Measured> {
  const [expected, got] = [await written.invoke(1), await compiled.invoke(1)];
  if (got !== expected) throw new Error(`${way}: the chain gives ${got}, expected ${expected}.`);
  const comparison = await compare(
    () => written.invoke(1),
    () => compiled.invoke(1),
    effort,
  );
  const perCall = (milliseconds: number): number => (milliseconds * 1000) / CALLS;
  const addedPerCall = perCall(comparison.added);
  return { way, latency, written: perCall(comparison.milliseconds[0]), addedPerCall, ...comparison };
}

function printTable(measured: readonly Measured[]): string {
  const rows = measured.map(({ way, latency, written, addedPerCall, addedQuartiles }) => [
    way,
    `${latency} ms`,
    `${written.toFixed(2)} µs`,
    `${addedPerCall.toFixed(2)} µs (${addedQuartiles.map((one) => ((one * 1000) / CALLS).toFixed(2)).join('–')})`,
  ]);
  const head = [`a chain of ${CALLS} calls`, 'each takes', 'as written, per call', 'added per call'];
  return align([head, head.map(() => '---'), ...rows]);
}

type Create = (way: string, latency: number) => Chain;

/** A class for each way, and for no way at all. */
function compile(): Create {
  const lines = Array.from({ length: CALLS }, (_, call) => {
    const given = call === 0 ? 'n' : `v${call - 1}`;
    return `const v${call} = await this.link.invoke(${given});`;
  });
  const ways = Object.entries({ ...WAYS, '': '' });
  const classes = ways.map(
    ([, mark], index) => `
${mark}
class Chain${index} extends Operator<number, number> {
  readonly link: Link;
  constructor(latency: number) { super(); this.link = new Link(latency); }
  override async forward(n: number): Promise<number> {
    ${lines.join('\n    ')}
    return v${CALLS - 1};
  }
}`,
  );
  const names = ways.map(([way], index) => `${JSON.stringify(way)}: Chain${index}`);
  const module = loadCompiled(`
import { Operator, structuralJit } from 'xcs';
class Link extends Operator<number, number> {
  static override readonly effect = 'unordered';
  constructor(readonly latency: number) { super(); }
  override async forward(n: number): Promise<number> {
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
    return (n * 31 + 7) % 1_000_003;
  }
}
${classes.join('\n')}
const classes: Readonly<Record<string, new (latency: number) => Operator<number, number>>> = { ${names.join(', ')} };
export const create = (way: string, latency: number) => new classes[way]!(latency);
`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source above exports it
  return module['create'] as Create;
}
