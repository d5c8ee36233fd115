/** What has been judged, a line each, so that a run can be made in slices. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { root } from './fixture-files.ts';
import type { Verdict } from './mutation-run.ts';
import type { Mutant } from './mutants.ts';

interface Line {
  readonly key: string;
  readonly place: string;
  readonly what: string;
  readonly killer: string | null;
  readonly isUnseen: boolean;
}

export class MutationLog {
  readonly #path: string;
  readonly #lines = new Map<string, Line>();

  constructor(path = join(root, 'node_modules/.cache/mutation.jsonl')) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    for (const line of text.split('\n').filter((one) => one !== '')) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `add`
      const one = JSON.parse(line) as Line;
      this.#lines.set(one.key, one);
    }
  }

  /** What notices it, or nothing; `undefined` if it has not been judged since its file was last changed. */
  find(mutant: Mutant): { readonly killer: string | null } | undefined {
    return this.#lines.get(keyOf(mutant));
  }

  add({ mutant, killer, isUnseen }: Verdict): void {
    const { file, line, what } = mutant;
    const one = { key: keyOf(mutant), place: `${file}:${line}`, what, killer: killer ?? null, isUnseen };
    this.#lines.set(one.key, one);
    appendFileSync(this.#path, `${JSON.stringify(one)}\n`);
  }
}

/** The text of the changed file tells all. */
function keyOf({ file, text }: Mutant): string {
  return `${file} ${createHash('sha1').update(text).digest('base64')}`;
}
