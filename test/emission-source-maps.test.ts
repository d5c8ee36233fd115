/** What is thrown in a step has a stack that points to where the code was written, and comments are not doubled. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeBuild, node, tsconfig, tspc } from './helpers/emission-tspc.ts';

const source = `import { Operator, structuralJit } from 'xcs';

function boom(where: string): string {
  throw new Error(where);
}

class Upper extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(input: string): Promise<string> {
    return input.toUpperCase();
  }
}

/** About the class. */
@structuralJit // about the mark
export class Failing extends Operator<string, string> {
  readonly #upper = new Upper(); // about the field
  async forward(input: string): Promise<string> {
    // about the first call
    const a = await this.#upper.invoke(input === 'argument' ? boom(input) : input);
    const b = input === 'compute' ? boom(a) : a; /* about the step */
    const c = [b].map((one) => /* about the callback */ (input === 'callback' ? boom(one) : one));
    const { length = input === 'default' ? boom(b).length : 1 } = {} as { length?: number };
    return input === 'return' ? boom(c.join()) : c.join() + length;
  }
}

export const fn = structuralJit(async (input: string) => {
  const a = await new Upper().invoke(input);
  return boom(a);
});
`;

const runner = `import { graphOf } from 'xcs';
const { Failing, fn } = await import(process.argv[2]);
const stacks = { calls: graphOf(Failing).order + graphOf(fn).order };
for (const where of ['argument', 'compute', 'callback', 'default', 'return'])
  stacks[where] = await new Failing().invoke(where).then(() => 'no error', (error) => error.stack);
stacks.function = await fn.invoke('function').catch((error) => error.stack);
console.log(JSON.stringify(stacks));
`;

/** Line and column, from one, of what begins with `text`. */
function positionOf(text: string): string {
  const before = source.slice(0, source.indexOf(text)).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

const folder = makeBuild(tsconfig({}, { sourceMap: true }), { 'src/failing.ts': source, 'run.mjs': runner });
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe.each(['ES2017', 'ES2022'])('source maps for %s', (target) => {
  const built = tspc(folder, '--target', target, '--outDir', target);
  const run = node(folder, '--enable-source-maps', 'run.mjs', `./${target}/failing.js`);
  // Printed by the runner above.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const stacks = JSON.parse(run.output) as Readonly<Record<string, unknown>>;

  it('come from a build without errors, of code that runs compiled', () => {
    expect(built).toStrictEqual({ exitCode: 0, output: '' });
    expect(stacks['calls']).toBe(2);
  });

  it.each([
    ['argument', 'boom(input) : input)'],
    ['compute', 'boom(a) : a;'],
    ['callback', 'boom(one)'],
    ['default', 'boom(b).length'],
    ['return', 'boom(c.join())'],
    ['function', 'boom(a);\n'],
  ])('lead what is thrown in a step to its line and column: %s', (where, text) => {
    const [, thrown, caller] = String(stacks[where]).split('\n');
    expect(thrown).toMatch(/\bboom\b.*src\/failing\.ts:4:9\)$/);
    expect(caller).toMatch(new RegExp(`src/failing\\.ts:${positionOf(text)}\\)?$`));
  });
});

describe('comments', () => {
  it('stand in the output once each, but for that of the mark, which goes with it', () => {
    const comments = (text: string): readonly string[] => {
      // Labels in the descriptor are text of the program, with its comments.
      const code = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
      return [...code.matchAll(/\/\/ about[^\n]*|\/\*.*?\*\//g)]
        .map(([comment]) => comment.trim())
        .toSorted();
    };
    const emitted = fs.readFileSync(path.join(folder, 'ES2022/failing.js'), 'utf8');
    expect(comments(emitted)).toStrictEqual(
      comments(source).filter((comment) => comment !== '// about the mark'),
    );
  });
});
