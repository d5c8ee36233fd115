/* oxlint-disable no-await-in-loop -- what one call has taught counts in the next */
/** `jit` needs no build step of ours: it learns the same from code that tsc, esbuild and tsx have made. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as xcs from '../runtime/index.ts';
import { getJitMetrics, type Operator } from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';

const program = (from: string): string => `
import { jit, Operator } from '${from}';
class Ask extends Operator<string, string> {
  static override readonly effect = 'unordered' as const;
  readonly #mark: string;
  constructor(mark: string) { super(); this.#mark = mark; }
  override async forward(q: string): Promise<string> { return this.#mark + q; }
}
const code = {
  async forward(this: { one: Ask; other: Ask }, q: string): Promise<string[]> {
    return [await this.one.invoke(q), await this.other.invoke(\`not \${q}\`)];
  },
};
@jit
class Bare extends Operator<string, string[]> {
  readonly one = new Ask('a '); readonly other = new Ask('b ');
  override forward(q: string): Promise<string[]> { return code.forward.call(this, q); }
}
@jit()
class Called extends Operator<string, string[]> {
  readonly one = new Ask('a '); readonly other = new Ask('b ');
  override forward(q: string): Promise<string[]> { return code.forward.call(this, q); }
}
@jit({ cacheSize: 4 })
class WithOptions extends Operator<string, string[]> {
  readonly one = new Ask('a '); readonly other = new Ask('b ');
  override forward(q: string): Promise<string[]> { return code.forward.call(this, q); }
}
class Plain extends Operator<string, string[]> {
  readonly one = new Ask('a '); readonly other = new Ask('b ');
  override forward(q: string): Promise<string[]> { return code.forward.call(this, q); }
}
const one = new Ask('a ');
const other = new Ask('b ');
export const all: readonly object[] = [
  new Bare(), new Called(), new WithOptions(), jit(new Plain()),
  jit(async (q: string) => [await one.invoke(q), await other.invoke(\`not \${q}\`)]),
];
`;

type Code = (module: { exports: object }, require: (name: string) => unknown) => void;

function evaluate(text: string): readonly Operator<string, string[]>[] {
  const module = { exports: {} };
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion -- that is how a test loads it
  const run = new Function('module', 'require', `const exports = module.exports;\n${text}`) as Code;
  run(module, () => xcs);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the program exports just this
  return (module.exports as { readonly all: readonly Operator<string, string[]>[] }).all;
}

function byEsbuild(target: string, experimentalDecorators: boolean): string {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators, useDefineForClassFields: true } };
  return transformSync(program('xcs'), { loader: 'ts', format: 'cjs', target, tsconfigRaw }).code;
}

function byTypeScript(target: ts.ScriptTarget, experimentalDecorators: boolean): string {
  const compilerOptions = { target, module: ts.ModuleKind.CommonJS, experimentalDecorators };
  return ts.transpileModule(program('xcs'), { compilerOptions }).outputText;
}

const { ES2017, ES2022 } = ts.ScriptTarget;
const builds: Readonly<Record<string, () => string>> = {
  esbuild: () => byEsbuild('es2022', false),
  'esbuild for ES2017': () => byEsbuild('es2017', false),
  'esbuild with the old decorators': () => byEsbuild('es2022', true),
  tsc: () => byTypeScript(ES2022, false),
  'tsc for ES2017': () => byTypeScript(ES2017, false),
  'tsc with the old decorators': () => byTypeScript(ES2022, true),
  'our transformer': () => compileModule(program('xcs')).outputText,
};

describe.each(Object.entries(builds))('built by %s', (_, build) => {
  it('each form of jit starts both calls early from the third call on', async () => {
    const early: number[] = [];
    for (const operator of evaluate(build())) {
      for (const q of ['x', 'y', 'z']) expect(await operator.invoke(q)).toEqual([`a ${q}`, `b not ${q}`]);
      early.push(getJitMetrics(operator).prefetchHits);
    }
    expect(early).toEqual([2, 2, 2, 2, 2]);
  });
});

it('run by tsx, each form of jit does so, too', { timeout: 60_000 }, async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folder = await mkdtemp(`${root}node_modules/.jit-`);
  try {
    const runtime = new URL('../runtime/index.ts', import.meta.url).href;
    const ask = `
      import { getJitMetrics } from '${runtime}';
      const seen: unknown[] = [];
      for (const operator of all as readonly { invoke(q: string): Promise<unknown> }[]) {
        for (const q of ['x', 'y', 'z']) seen.push(await operator.invoke(q));
        seen.push(getJitMetrics(operator).prefetchHits);
      }
      console.log(JSON.stringify(seen));`;
    const file = `${folder}/program.mts`;
    await writeFile(file, `${program(runtime)}\n${ask}`);
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file], { cwd: root });
    const one = [...['x', 'y', 'z'].map((q) => [`a ${q}`, `b not ${q}`]), 2];
    expect(JSON.parse(stdout)).toEqual(Array.from({ length: 5 }, () => one).flat());
  } finally {
    await rm(folder, { recursive: true });
  }
});
