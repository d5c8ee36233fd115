/** `npm run bench -- [PART…]`: measures, prints, and writes what it measured beside this file. Asserts nothing. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureChains } from './chain-table.ts';
import { measureCompiling } from './compile-table.ts';
import { measureEngines } from './engine-table.ts';
import { measureLearning } from './jit-table.ts';
import { measurePrograms } from './program-table.ts';
import { measureScale } from './scale-table.ts';
import { measureSize } from './size-table.ts';
import { measureTracing } from './trace-table.ts';

/** Goes into the file of results as it is. */
interface Report {
  readonly versions: Readonly<Record<string, string>>;
}

interface Part {
  readonly about: string;
  readonly measure: (print: (text: string) => void) => Promise<Report>;
  /** How the numbers are to be read. */
  readonly note: string;
}

const PARTS: Readonly<Record<string, Part>> = {
  engine: {
    about: 'the engine alone, beside those of others: graphs of nodes without work',
    measure: measureEngines,
    note: 'Ratios of processor time: medians of pairs that take turns, with their quartiles.',
  },
  chain: {
    about: 'a chain of calls, which nothing can speed up: what the engine adds to each',
    measure: measureChains,
    note: 'Time of the processor: medians of pairs that take turns, with their quartiles.',
  },
  scale: {
    about: 'graphs and loops of a thousand to a million steps, and many runs at once',
    measure: measureScale,
    note: 'Time of the processor: medians of five rounds. Memory: what is in use after a collection.',
  },
  trace: {
    about: 'what tracing costs, on and off',
    measure: measureTracing,
    note: 'Time of the processor: medians of rounds that take turns.',
  },
  size: {
    about: 'what users load: bundles, imports, the package',
    measure: measureSize,
    note: 'KB are thousands of bytes. Imports: medians of new processes that take turns.',
  },
  compile: {
    about: 'builds with the plugin and without, its passes, and the size of what it emits',
    measure: measureCompiling,
    note: 'Time of the processor. `lower` begins with the first look at the file, `emit` ends with the last.',
  },
  programs: {
    about: 'whole programs on a virtual clock, beside versions by hand and a scheduler of waves',
    measure: measurePrograms,
    note: 'Virtual time: no speed of this machine is in it.',
  },
  jit: {
    about: 'whole programs that learn: rounds at call 1, 2, 3 and 5, beside compiled ones and as written',
    measure: measureLearning,
    note: 'Rounds are of calls that all take equally long; no speed of this machine is in them.',
  },
};

const here = dirname(fileURLToPath(import.meta.url));

const USAGE = `npm run bench -- [PART...]
All parts, or those that are named:
${Object.entries(PARTS)
  .map(([name, { about }]) => `  ${name.padEnd(10)}${about}`)
  .join('\n')}`;

interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  readonly load: number;
  readonly node: string;
  readonly xcs: string;
}

function machine(): Machine {
  const [first] = cpus();
  const text = readFileSync(join(here, '../../package.json'), 'utf8');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own package.json
  const { version } = JSON.parse(text) as { readonly version: string };
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: loadavg()[0] ?? Number.NaN,
    node: process.versions.node,
    xcs: version,
  };
}

async function main(args: readonly string[]): Promise<number> {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  if (args.includes('--help')) return (print(USAGE), 0);
  const unknown = args.find((arg) => !Object.hasOwn(PARTS, arg));
  if (unknown !== undefined) {
    process.stderr.write(`There is no part \`${unknown}\`.\n${USAGE}\n`);
    return 2;
  }
  const before = machine();
  const { processor, cores, memory, load, node, xcs } = before;
  print(`${processor}, ${cores} cores, ${memory}, load ${load.toFixed(1)}; Node ${node}, xcs ${xcs}`);
  for (const [name, { measure, note }] of Object.entries(PARTS)) {
    if (args.length > 0 && !args.includes(name)) continue;
    // oxlint-disable-next-line no-await-in-loop -- parts would disturb each other
    const report = await measure(print);
    const versions = Object.entries(report.versions).map(([peer, version]) => `${peer} ${version}`);
    const file = join(here, 'results', `${name}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      `${JSON.stringify({ machine: before, loadAfter: loadavg()[0], ...report }, null, 2)}\n`,
    );
    print(`${note} ${versions.join(', ')}`.trimEnd());
    print(`Written to test/bench/results/${name}.json; load now ${(loadavg()[0] ?? 0).toFixed(1)}`);
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
