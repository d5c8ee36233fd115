/** `npm run fuzz -- --count N --seed S`: the law on generated programs, at length. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { printCounts } from './helpers/fuzz-counts.ts';
import { printLosses } from './helpers/fuzz-losses.ts';
import { fuzzInParallel } from './helpers/fuzz-parallel.ts';
import { fuzz, type FuzzOptions } from './helpers/fuzzing.ts';
import { AVOIDABLE } from './helpers/program-writer.ts';

const USAGE = `npm run fuzz -- [options]
  --count N       programs to generate (default 1000)
  --seed S        seed of the generator (default: drawn, and printed)
  --schedules K   interleavings per program (default 4)
  --at I          only the program with this number
  --jobs J        processes at once (default: as many as there are processors)
  --failures N    stop after N failing programs (default 1)
  --straight      straight-line bodies only
  --avoid LIST    leave out: "background composite", "background effect", "race", "memory in background", "ties"
  --losses N      print the N causes by which programs are slower than the oracle says, the worst first (default 0)
  --report FILE   write failing programs there, too
  --only LIST     only statements of these kinds: "call", "own field", … as the report names them
  --no-gains      do not run the oracle
  --no-aborts     abort no runs
  --no-learning   do not run it as one that learns`;

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError(`--${name}: expected a whole number from 0 up, got "${text}".\n${USAGE}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      schedules: { type: 'string', default: '4' },
      at: { type: 'string' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      failures: { type: 'string', default: '1' },
      straight: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      avoid: { type: 'string', default: '' },
      'no-gains': { type: 'boolean', default: false },
      'no-aborts': { type: 'boolean', default: false },
      'no-learning': { type: 'boolean', default: false },
      losses: { type: 'string', default: '0' },
      report: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  if (values.help) return print(USAGE);
  const count = wholeNumber('count', values.count);
  const seed = wholeNumber('seed', values.seed);
  print(`${count} programs, seed ${seed}`);
  const options: FuzzOptions = {
    count,
    seed,
    schedules: wholeNumber('schedules', values.schedules),
    maxFailures: wholeNumber('failures', values.failures),
    blocks: !values.straight,
    avoid: AVOIDABLE.filter((one) => values.avoid.split(',').includes(one)),
    only: values.only.split(',').filter((name) => name !== ''),
    gains: !values['no-gains'],
    aborts: !values['no-aborts'],
    learning: !values['no-learning'],
  };
  const progress = (done: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count} `);
  };
  const report =
    values.at === undefined
      ? await fuzzInParallel(options, Math.max(1, wholeNumber('jobs', values.jobs)), progress)
      : await fuzz({ ...options, at: wholeNumber('at', values.at) });
  const failures = report.failures.map(({ text }) => text).join('\n\n');
  if (values.report !== undefined) writeFileSync(values.report, failures);
  print(printCounts(report.constructs));
  const losses = printLosses(report.losses, wholeNumber('losses', values.losses));
  if (losses !== '') print(losses);
  print(failures === '' ? `No violation in ${report.programs} programs.` : failures);
  process.exitCode = report.failures.length > 0 ? 1 : 0;
}

await main();
