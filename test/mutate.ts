/** `npm run mutate`: changes what decides order, one piece at a time, and lists the changes that no test would notice. */
import { parseArgs } from 'node:util';
import { mutantsOf, type Mutant } from './helpers/mutants.ts';
import { MutationJudge } from './helpers/mutation-judge.ts';
import { findFailingTest } from './helpers/mutation-tests.ts';
import { findFailingUnit } from './helpers/mutation-units.ts';
import { MutationLog } from './helpers/mutation-log.ts';
import { readSource } from './helpers/mutation-run.ts';

const FILES = [
  'runtime/conflicts.ts',
  'runtime/dependences.ts',
  'runtime/value-dependences.ts',
  'runtime/control-dependences.ts',
  'runtime/effect-dependences.ts',
  'runtime/memory-dependences.ts',
  'runtime/lingering-calls.ts',
  'runtime/walk-regions.ts',
  'runtime/sweep.ts',
  'runtime/accesses.ts',
  'runtime/iteration-objects.ts',
  'runtime/in-place.ts',
  'runtime/nesting.ts',
  'runtime/seen.ts',
  'runtime/placed-dependences.ts',
  'runtime/keyed-calls.ts',
  'runtime/loop-parts.ts',
  'runtime/waits.ts',
  'runtime/overlap.ts',
  'runtime/effect.ts',
  'transformer/effects.ts',
  'transformer/cuts.ts',
  'transformer/capture.ts',
  'transformer/access.ts',
  'transformer/region-tree.ts',
  'transformer/place-regions.ts',
  'transformer/given.ts',
  'transformer/own-fields.ts',
  'transformer/memory.ts',
  'transformer/inline.ts',
  'transformer/lower-inline.ts',
];

/** One that survives is tried by every program; the machine may be busy. */
const PATIENCE = 300_000;

const USAGE = `npm run mutate -- [options]
  --file LIST   only these files (default: ${FILES.join(', ')})
  --from N      leave out the first N changes (default 0)
  --count N     only so many
  --workers N   processes that judge (default 1)
  --again       judge those anew that are known to survive
  --list        judge none, list what is known to survive
What has been judged is kept in node_modules/.cache/mutation.jsonl, and is judged again only when its file has changed.`;

interface Line {
  readonly number: number;
  readonly mutant: Mutant;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      file: { type: 'string', default: FILES.join(',') },
      from: { type: 'string', default: '0' },
      count: { type: 'string', default: 'Infinity' },
      workers: { type: 'string', default: '1' },
      again: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(USAGE);
  const files = values.file.split(',');
  const first = Number(values.from);
  const all: readonly Line[] = files
    .flatMap((file) => mutantsOf(file, readSource(file)))
    .map((mutant, number) => ({ number, mutant }))
    .slice(first, first + Number(values.count));
  const log = new MutationLog();
  const isOpen = ({ mutant }: Line): boolean => {
    const known = log.find(mutant);
    return known === undefined || (values.again && known.killer === null);
  };
  const open = values.list ? [] : all.filter(isOpen);
  print(`${all.length} changes, of which ${open.length} are to be judged`);
  await judgeAll(open, log, files, Number(values.workers));
  const known = all.map((one) => ({ ...one, known: log.find(one.mutant) }));
  for (const { number, mutant } of known.filter((one) => one.known?.killer === null))
    print(`${number}  ${mutant.file}:${mutant.line}  ${mutant.what}`);
  const judged = known.filter((one) => one.known !== undefined);
  const noticed = judged.filter((one) => one.known?.killer !== null);
  print(`${noticed.length} of ${judged.length} changes are noticed`);
}

/** Each process takes the next one that is open. */
async function judgeAll(
  open: readonly Line[],
  log: MutationLog,
  files: readonly string[],
  workers: number,
): Promise<void> {
  const rest = open.values();
  const work = async (): Promise<void> => {
    const judge = new MutationJudge(PATIENCE, files);
    for (const { number, mutant } of rest) {
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const failing = await findFailingUnit(mutant);
      // oxlint-disable-next-line no-await-in-loop
      const verdict = failing === undefined ? await judge.judge(mutant) : { mutant, isUnseen: false };
      // oxlint-disable-next-line no-await-in-loop
      const killer = failing ?? verdict.killer ?? (await findFailingTest(mutant));
      log.add(killer === undefined ? verdict : { ...verdict, killer });
      if (killer === undefined) print(`survives: ${number}  ${mutant.file}:${mutant.line}  ${mutant.what}`);
    }
    judge.end();
  };
  await Promise.all(Array.from({ length: Math.min(workers, open.length) }, work));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
