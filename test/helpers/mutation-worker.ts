/** A process that judges changes, one after the other: a change may make it run for ever, and then it is ended from outside. */
import { MutationRun, type Verdict } from './mutation-run.ts';
import type { Mutant } from './mutants.ts';

/** What it says to its parent: that it is ready, and then a verdict for each change. */
export type MutationMessage = 'ready' | Verdict;

const run = new MutationRun();
const say = (message: MutationMessage): void => {
  process.send?.(message);
};

process.on('message', (message) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what mutation-judge.ts sends
  void run.judge(message as Mutant).then(say);
});
say('ready');
