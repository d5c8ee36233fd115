/** A process that judges changes, one after the other: a change may make it run for ever, and then it is ended from outside. */
import { Asked } from './mutation-asked.ts';
import { READY } from './mutation-judge.ts';
import { MutationRun, type Verdict } from './mutation-run.ts';
import type { Mutant } from './mutants.ts';

const run = new MutationRun();
const say = (message: typeof READY | Verdict): void => {
  process.send?.(message);
};

process.on('message', (message) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what mutation-judge.ts sends
  void run.judge(message as Mutant).then(say);
});
if (process.argv.slice(2).some((file) => Asked.covers(file))) await run.prepare();
say(READY);
