/** What is marked is found however it is put in writing. */
import { expect, it } from 'vitest';
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
