/** `npm run fuzz -- --count N --seed S`: the law on generated programs, at length. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fuzz, printFailure, printLoss, printReport } from './helpers/fuzzing.ts';
import { AVOIDABLE } from './helpers/program-writer.ts';

const USAGE = `npm run fuzz -- [options]
  --count N       programs to generate (default 1000)
  --seed S        seed of the generator (default: drawn, and printed)
  --schedules K   interleavings per program (default 12)
  --failures N    stop after N failing programs (default 1)
  --straight      straight-line bodies only
  --avoid LIST    leave out: "background composite", "background effect", "race", "memory in background", "ties"
  --losses N      print the N shortest programs that are slower than the oracle says (default 0)
  --only LIST     only statements of these kinds: "call", "own field", … as the report names them
  --no-gains      do not run the oracle`;

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
      schedules: { type: 'string', default: '12' },
      failures: { type: 'string', default: '1' },
      straight: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      avoid: { type: 'string', default: '' },
      'no-gains': { type: 'boolean', default: false },
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
  const report = await fuzz({
    count,
    seed,
    schedules: wholeNumber('schedules', values.schedules),
    maxFailures: wholeNumber('failures', values.failures),
    blocks: !values.straight,
    avoid: AVOIDABLE.filter((one) => values.avoid.split(',').includes(one)),
    only: values.only.split(',').filter((name) => name !== ''),
    gains: !values['no-gains'],
    onProgress: (done) => process.stderr.isTTY && process.stderr.write(`\r${done} of ${count} `),
  });
  const failures = report.failures.map(printFailure).join('\n\n');
  if (values.report !== undefined) writeFileSync(values.report, failures);
  print(printReport(report));
  for (const loss of report.losses.slice(0, wholeNumber('losses', values.losses))) print(printLoss(loss));
  print(failures === '' ? `No violation in ${report.programs} programs.` : failures);
  process.exitCode = report.failures.length > 0 ? 1 : 0;
}

await main();
