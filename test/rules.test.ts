/**
 * Every rule that orders steps is needed: without it, a small program breaks the law. A rule is switched off by deleting it
 * from the source, for compiler and linker alike.
 */
import { describe, expect, it, vi } from 'vitest';
import type * as Dependences from '../runtime/dependences.ts';
import { compilePairs } from './helpers/prove.ts';
import { sourceOfRules, withoutRule, type FindDependences } from './helpers/without-rule.ts';
import { implied, rules } from './rules/programs.ts';
import { printRule, violationOf } from './rules/verdict.ts';

/** Which one decides, by the number of the program being compiled or linked; none: the real one. */
const switched = vi.hoisted(() => ({ by: new Map<string, FindDependences>(), off: false }));

vi.mock('../runtime/dependences.ts', async (original) => {
  const real = await original<typeof Dependences>();
  const findDependences: FindDependences = (...given) => {
    const file = /p\d+\.ts$/.exec(given[0].steps[0]?.span.file ?? '')?.[0];
    const without = switched.off && file !== undefined ? switched.by.get(file) : undefined;
    return without === undefined ? real.findDependences(...given) : without(...given);
  };
  return { ...real, findDependences };
});

const sources = rules.map(printRule);
for (const [i, rule] of rules.entries()) switched.by.set(`p${i}.ts`, withoutRule(rule.without));
const pairs = compilePairs(sources);
switched.off = true;
const pairsWithout = compilePairs(sources);

it('each rule stands in the source once', () => {
  const texts = rules.flatMap((rule) => Object.keys(rule.without));
  expect(texts.filter((text) => sourceOfRules.split(text).length !== 2)).toEqual([]);
});

it('whatever orders steps belongs to a rule', () => {
  const texts = [...rules.flatMap((rule) => Object.keys(rule.without)), ...Object.keys(implied)];
  const covered = texts.map((text) => [sourceOfRules.indexOf(text), text.length] as const);
  const sites = sourceOfRules.matchAll(
    /(?:sweep\.order|(?<!function )(?:keepInPlace|keepRange)|inPlace\.add)\(.*/g,
  );
  const without = [...sites].filter(
    ({ index }) => !covered.some(([start, length]) => start >= 0 && start <= index && index < start + length),
  );
  expect(without.map(([text]) => text)).toEqual([]);
});

describe('a program keeps the law, and does not without the rule', () => {
  it.each(rules.map((rule, i) => [rule.name, rule, i] as const))('%s', async (_, rule, i) => {
    switched.off = false;
    expect(await violationOf(rule, pairs[i])).toBe('');
    switched.off = true;
    expect(await violationOf(rule, pairsWithout[i])).not.toBe('');
  });
});
