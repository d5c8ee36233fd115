/** The plugin option `presets`: what it turns on, and what it refuses. What presets do is shown by `fixtures/presets`. */
import { describe, expect, it } from 'vitest';
import { readOptions } from '../transformer/options.ts';
import { presetEffect, presets } from '../transformer/presets.ts';

const every = ['ai', 'openai', '@anthropic-ai/sdk', '@langchain/core', 'fetch'];

describe('the plugin option `presets`', () => {
  it.each([
    ['is on by default', undefined, every],
    ['turns all of them on', true, every],
    ['turns all of them off', false, []],
    ['turns on those that it lists', ['fetch', 'ai'], ['fetch', 'ai']],
  ])('%s', (_claim, given, expected) => {
    const { settings, problems } = readOptions({ presets: given });
    expect(settings.presets).toStrictEqual(expected);
    expect(problems).toStrictEqual([]);
  });

  it.each([['all'], [['ai', 'nobody']], [1]])('refuses %j, and names what is allowed', (given) => {
    const { problems } = readOptions({ presets: given });
    const allowed = every.map((name) => `"${name}"`).join(', ');
    expect(problems.map(({ what }) => what)).toStrictEqual([
      `\`presets\` is ${JSON.stringify(given)}; expected true, false or a list of ${allowed}`,
    ]);
  });

  it('is part of what a descriptor was compiled under', () => {
    expect(readOptions({ presets: false }).settings.hash).not.toBe(readOptions({}).settings.hash);
  });
});

describe('a preset', () => {
  it('that may run code of the program has the effect that `undeclared` gives', () => {
    const runnable = presets.filter(({ name }) => name === 'Runnable.invoke');
    expect(runnable.map((preset) => presetEffect(preset, 'sequential'))).toMatchObject([
      { kind: 'sequential', state: true, known: 'undeclared' },
    ]);
    expect(runnable.map((preset) => presetEffect(preset, 'unordered'))).toMatchObject([
      { kind: 'unordered', state: false, known: 'undeclared' },
    ]);
  });

  it('covers each call once', () => {
    const names = presets.map(({ from, name }) => `${from} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
