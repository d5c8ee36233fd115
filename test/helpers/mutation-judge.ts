/** Has changes judged in another process, which is given up when it does not answer: the change has made it run for ever. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './mutation-run.ts';
import type { MutationMessage } from './mutation-worker.ts';
import type { Mutant } from './mutants.ts';

const worker = fileURLToPath(new URL('mutation-worker.ts', import.meta.url));

export class MutationJudge {
  #child: ChildProcess | undefined;
  readonly #patience: number;

  /** `patience`: how many milliseconds a change may take. */
  constructor(patience: number) {
    this.#patience = patience;
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    const child = (this.#child ??= await begin());
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.end();
        resolve({ mutant, killer: 'it runs for ever', isUnseen: false });
      }, this.#patience);
      child.once('message', (message) => {
        clearTimeout(giveUp);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what mutation-worker.ts sends
        resolve(message as Verdict);
      });
      child.once('error', reject);
      child.send(mutant);
    });
  }

  end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function begin(): Promise<ChildProcess> {
  const child = fork(worker, { execArgv: ['--import', 'tsx'] });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what mutation-worker.ts sends
      if ((message as MutationMessage) === 'ready') resolve(child);
    });
    child.once('exit', (code) => reject(new Error(`The process that judges ended: ${code}.`)));
  });
}
