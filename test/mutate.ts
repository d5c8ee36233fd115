/** `npm run mutate`: changes what decides order, one piece at a time, and lists the changes that no test would notice. */
import { parseArgs } from 'node:util';
import { mutantsOf } from './helpers/mutants.ts';
import { MutationJudge } from './helpers/mutation-judge.ts';
import { readSource, type Verdict } from './helpers/mutation-run.ts';

const FILES = [
  'runtime/dependences.ts',
  'runtime/in-place.ts',
  'runtime/placed-dependences.ts',
  'runtime/keyed-calls.ts',
  'runtime/loop-parts.ts',
  'runtime/overlap.ts',
  'runtime/nesting.ts',
  'runtime/seen.ts',
  'transformer/effects.ts',
  'transformer/cuts.ts',
  'transformer/capture.ts',
  'transformer/place-regions.ts',
  'transformer/given.ts',
  'transformer/own-fields.ts',
  'transformer/memory.ts',
];

/** Ten minutes: what survives is tried by every program. */
const PATIENCE = 600_000;

const USAGE = `npm run mutate -- [options]
  --file LIST   only these files (default: ${FILES.join(', ')})
  --every N     only every so manieth change (default 1)
  --skip K      leave out the first K of those (default 0)`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      file: { type: 'string', default: FILES.join(',') },
      every: { type: 'string', default: '1' },
      skip: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  if (values.help) return print(USAGE);
  const [every, skip] = [Number(values.every), Number(values.skip)];
  const mutants = values.file
    .split(',')
    .flatMap((file) => mutantsOf(file, readSource(file)))
    .filter((_, i) => i % every === skip % every && i >= skip);
  print(`${mutants.length} changes`);
  const judge = new MutationJudge(PATIENCE);
  const survivors: Verdict[] = [];
  for (const mutant of mutants) {
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    const verdict = await judge.judge(mutant);
    if (verdict.killer !== undefined) continue;
    survivors.push(verdict);
    print(
      `survives  ${mutant.file}:${mutant.line}  ${mutant.what}${verdict.isUnseen ? '  (same code)' : ''}`,
    );
  }
  judge.end();
  print(`${mutants.length - survivors.length} of ${mutants.length} changes are noticed`);
}

await main();
