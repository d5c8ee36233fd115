/** Has changes judged in another process, which is given up when it does not answer: the change has made it run for ever. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './mutation-run.ts';
import type { Mutant } from './mutants.ts';

/** What the process says before it judges. */
export const READY = 'ready';

const worker = fileURLToPath(new URL('mutation-worker.ts', import.meta.url));

export class MutationJudge {
  #child: ChildProcess | undefined;
  readonly #patience: number;
  readonly #files: readonly string[];

  /** `patience`: how many milliseconds a change may take; `files`: those that changes are made to. */
  constructor(patience: number, files: readonly string[]) {
    this.#patience = patience;
    this.#files = files;
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    const child = (this.#child ??= await begin(this.#files));
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), this.#patience);
    try {
      child.send(mutant);
      const [verdict]: unknown[] = await Promise.race([
        once(child, 'message', { signal: patience.signal }),
        once(child, 'exit', { signal: patience.signal }).then(([code]) => [ended(mutant, String(code))]),
      ]);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what mutation-worker.ts sends
      return verdict as Verdict;
    } catch (error) {
      if (!patience.signal.aborted) throw error;
      this.end();
      return { mutant, killer: 'it runs for ever', isUnseen: false };
    } finally {
      clearTimeout(timer);
      patience.abort();
      if (child.exitCode !== null) this.#child = undefined;
    }
  }

  end(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function ended(mutant: Mutant, code: string): Verdict {
  return { mutant, killer: `it ends the process: ${code}`, isUnseen: false };
}

async function begin(files: readonly string[]): Promise<ChildProcess> {
  const child = fork(worker, files, { execArgv: ['--import', 'tsx'] });
  const ready = once(child, 'message');
  const [message]: unknown[] = await Promise.race([ready, once(child, 'exit')]);
  if (message !== READY) throw new Error(`The process that judges ended: ${String(message)}.`);
  return child;
}
