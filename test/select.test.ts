/** What is marked is found however it is put in writing. */
import { expect, it } from 'vitest';
import { compileModule } from './helpers/compile.ts';
import { compilePair } from './helpers/prove.ts';

const body = `{
  const a = await this.a.invoke({ site: '1', q: input.q });
  const b = await this.a.invoke({ site: '2', q: input.q });
  return [a, b];
}`;
const source = (mark: string, name: string): string => `
import { Operator, structuralJit } from 'xcs';
import * as lab from '../lab.ts';
${mark} class Program extends Operator<{ q: string }, unknown> {
  readonly a = new lab.Ask('a', 'text');
  override async ${name}(input: { q: string }): Promise<unknown> ${body}
}
export const create = () => ({ operator: new Program(), input: { q: 'why' } });`;

it.each([
  ['a mark in parentheses', '@(structuralJit)', 'forward'],
  ['a mark with options in parentheses', '@(structuralJit({ maxConcurrency: 2 }))', 'forward'],
  ['a `forward` whose name is a string', '@structuralJit', `'forward'`],
  ['a `forward` whose name is a computed string', '@structuralJit', `['forward']`],
])('%s is compiled', (_, mark, name) => {
  const { descriptors, diagnostics } = compilePair(source(mark, name));
  expect(diagnostics).toEqual([]);
  expect(descriptors.map(({ asWritten, steps }) => [asWritten, steps.length])).toEqual([[undefined, 3]]);
});

it('a function behind a type assertion is compiled', () => {
  const { descriptors } = compilePair(`
import { structuralJit } from 'xcs';
import * as lab from '../lab.ts';
const ask = new lab.Ask('a', 'text');
export const both = structuralJit((async (input: { q: string }) => {
  const a = await ask.invoke({ site: '1', q: input.q });
  return [a, await ask.invoke({ site: '2', q: input.q })];
}) as (input: { q: string }) => Promise<unknown>);
export const create = () => ({ operator: both, input: { q: 'why' } });`);
  expect(descriptors.map(({ asWritten }) => asWritten)).toEqual([undefined]);
});

it.each([
  ['a constant that holds the mark', 'const mark = structuralJit;', '@mark'],
  [
    'a constant of a constant',
    'const first = xcs.structuralJit; const mark = (first as typeof first);',
    '@mark({})',
  ],
  [
    'a mark with options that a constant holds',
    'const fast = structuralJit({ maxConcurrency: 2 });',
    '@fast',
  ],
  ['a member taken from the namespace', 'const { structuralJit: mark } = xcs;', '@mark'],
  ['a member by a constant key', '', `@(xcs['structuralJit'])`],
])('%s marks a class', (_, before, mark) => {
  const text = source(mark, 'forward').replace(mark, `import * as xcs from 'xcs';\n${before}\n${mark}`);
  const { descriptors, diagnostics } = compilePair(text);
  expect(diagnostics).toEqual([]);
  expect(descriptors.map(({ asWritten, steps }) => [asWritten, steps.length])).toEqual([[undefined, 3]]);
});

const both = `(input: { q: string }): Promise<unknown> => {
  const a = await ask.invoke({ site: '1', q: input.q });
  return [a, await ask.invoke({ site: '2', q: input.q })];
}`;
const named = (text: string): string => `
import { structuralJit } from 'xcs';
import * as lab from '../lab.ts';
const ask = new lab.Ask('a', 'text');
${text}
export const create = () => ({ operator: answer, input: { q: 'why' } });`;

it.each([
  ['an arrow function', `const both = async ${both};\nexport const answer = structuralJit(both);`],
  [
    'a function that is declared below',
    `export const answer = structuralJit(both);\nasync function both${both.replace('=>', '')}`,
  ],
])('%s that is given by its name is compiled', (_, text) => {
  const { descriptors } = compilePair(named(text));
  expect(descriptors.map(({ asWritten, name, steps }) => [asWritten, name, steps.length])).toEqual([
    [undefined, 'both', 4],
  ]);
});

it.each([
  [
    'a function that is assigned',
    `async function both${both.replace('=>', '')}\nboth = async (input) => [input];`,
  ],
  ['a function of an object', `const all = { both: async ${both} };\nconst both = all.both;`],
  ['a function of a block', `let both = async ${both};`],
])('%s runs as written, and the report says so', (_, text) => {
  const { descriptors } = compilePair(
    named(`// @ts-nocheck\n${text}\nexport const answer = structuralJit(both);`),
  );
  expect(descriptors.map(({ asWritten }) => asWritten?.code)).toEqual(['XCS2010']);
});

it('a name that means something else where it is given is not followed', () => {
  const { descriptors } = compilePair(
    named(`const both = async ${both};
const make = (ask: { invoke(input: unknown): Promise<unknown> }) => [ask, structuralJit(both)] as const;
export const answer = make({ invoke: async () => 'other' })[1];`),
  );
  expect(descriptors.map(({ asWritten }) => asWritten?.code)).toEqual(['XCS2010']);
});

it('a class that is marked by a call runs as written, and the report says so', () => {
  const { descriptors } = compilePair(
    source('', 'forward').replace('export const create', 'structuralJit(Program);\nexport const create'),
  );
  expect(descriptors.map(({ asWritten }) => asWritten?.code)).toEqual(['XCS2010']);
});

it('options of a mark that a constant holds are checked once, where they are given', () => {
  const text = `import { structuralJit } from 'xcs';
const fast = structuralJit({ maxConcurrency: -1 });
export { fast };`;
  const { diagnostics } = compileModule(text);
  expect(diagnostics).toEqual([expect.stringContaining('maxConcurrency')]);
});
