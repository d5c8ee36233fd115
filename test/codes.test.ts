/** Every code is said by its example and not by what fixes it, and the page of codes is what the catalogue says. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import * as xcs from '../runtime/index.ts';
import { isCode } from '../transformer/catalogue.ts';
import { explanations, isKnownCode, knownCodes, printCode, printCodesPage } from '../transformer/codes.ts';
import { type Example, PREAMBLE } from '../transformer/explanations/explanation.ts';
import { compileModule, compileModules } from './helpers/compile.ts';
import { repository } from './helpers/emission-package.ts';

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
afterEach(() => {
  warn.mockClear();
  xcs.resetExecutionOptions();
});

interface Shown {
  readonly name: string;
  readonly code: string;
  readonly example: Example;
  readonly isSaid: boolean;
}

const shown: readonly Shown[] = knownCodes.filter(isKnownCode).flatMap((code) => {
  const { example, fixed } = explanations[code];
  const before = { name: `${code.toLowerCase()}-example.ts`, code, example, isSaid: true };
  return fixed === undefined
    ? [before]
    : [before, { name: `${code.toLowerCase()}-fixed.ts`, code, example: fixed, isSaid: false }];
});
const ofKind = (kind: Example['kind']): readonly Shown[] =>
  shown.filter(({ example }) => example.kind === kind);

describe('a program that shows a code', () => {
  const programs = ofKind('program');
  const sources = programs.map(({ name, example }) => [name, `${PREAMBLE}\n${example.code}\n`] as const);
  const compiled = compileModules(Object.fromEntries(sources), { check: true });

  test.each(programs)('$name', ({ name, code, isSaid }) => {
    const { outputText = '', diagnostics = [] } = compiled.get(name) ?? {};
    expect(diagnostics.filter((one) => !one.startsWith('XCS'))).toEqual([]);
    const said = `${diagnostics.join('\n')}\n${outputText}`;
    expect(said.includes(code)).toBe(isSaid);
  });
});

const LOOP = `${PREAMBLE}
@structuralJit
export class Answer extends Operator<string, string> {
  readonly model = new Model();
  async forward(q: string): Promise<string> {
    let key: string;
    for (key in { a: 1 }) q = await this.model.invoke(q + key);
    return q;
  }
}
`;

test.each(ofKind('plugin'))('the plugin entry of $name', ({ code, example, isSaid }) => {
  // The entry of a tsconfig: any JSON object.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const plugin = JSON.parse(example.code) as Readonly<Record<string, unknown>>;
  const { diagnostics } = compileModule(LOOP, { plugin });
  expect(diagnostics.some((one) => one.startsWith(code))).toBe(isSaid);
});

test.each(ofKind('run'))('the run of $name', async ({ code, example, isSaid }) => {
  const said = await sayings(example.code);
  expect(said.includes(code)).toBe(isSaid);
});

/** The codes of what is thrown or warned of. */
async function sayings(example: string): Promise<readonly string[]> {
  const { outputText } = ts.transpileModule(example, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const names = Object.keys(xcs);
  const thrown: unknown[] = [];
  // Evaluating what the page shows is this test's purpose.
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion
  const run = new Function(...names, `return (async () => {${outputText}})();`) as (
    ...values: readonly unknown[]
  ) => Promise<unknown>;
  await run(...Object.values(xcs)).catch((error: unknown) => thrown.push(error));
  const warned = warn.mock.calls.flatMap((call) => call.map(String));
  return [...thrown.map(String), ...warned].flatMap((text) => text.match(/XCS\d{4}/) ?? [text]);
}

const tests = readdirSync(join(repository, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && name !== 'codes.test.ts')
  .map((name) => readFileSync(join(repository, 'test', name), 'utf8'))
  .join('\n');

// Compile codes that no program shows have a folder among the fixtures, which another test demands.
test.each(ofKind('text').filter(({ code, isSaid }) => isSaid && !isCode(code)))(
  '$code, which one program cannot show, is shown by a test',
  ({ code }) => {
    expect(tests.includes(code)).toBe(true);
  },
);

it('no code is said by the compiler and by the runtime', () => {
  const runtime = readFileSync(join(repository, 'runtime/errors.ts'), 'utf8');
  const codes = [...new Set(runtime.match(/XCS\d{4}/g))];
  expect(codes.filter(isCode)).toEqual([]);
  expect(codes.filter((code) => !isKnownCode(code))).toEqual([]);
});

it('an entry tells what a code means, why, how to show it and how to be rid of it', () => {
  expect(printCode('XCS0012')).toBe(`\
XCS0012  set-up
  plugin option …
  An option with a value that means nothing leaves its default in force, so the build says so.
  to change that: correct it in the plugin entry of tsconfig.json

example
  { "transform": "xcs/transformer", "undeclared": "pure" }

fixed
  { "transform": "xcs/transformer", "undeclared": "unordered" }
`);
});

it('codes.md is what the catalogue says', () => {
  const file = join(repository, 'transformer/codes.md');
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, printCodesPage());
  expect(readFileSync(file, 'utf8')).toBe(printCodesPage());
});
