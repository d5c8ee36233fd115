/**
 * Every rule that orders steps is needed: without it, a small program breaks the law. A rule is switched off by deleting it
 * from the source, for compiler and linker alike.
 */
import { describe, expect, it, vi } from 'vitest';
import type * as Dependences from '../runtime/dependences.ts';
import { print } from './helpers/litmus.ts';
import { compilePairs, refute, schedules, type Pair } from './helpers/prove.ts';
import { runProgram } from './helpers/run-program.ts';
import { sourceOfRules, withoutRule, type FindDependences } from './helpers/without-rule.ts';
import { implied, rules } from './rules/programs.ts';
import type { Rule } from './rules/rule.ts';

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

const SEEDS = 60;

const FIELDS = `
  readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text'); readonly c = new lab.Ask('c', 'text');
  readonly w = new lab.WriteA('w', 'text'); readonly v = new lab.WriteA('v', 'text'); readonly r = new lab.ReadA('r', 'text');
  readonly s = new lab.Sequential('s', 'text'); readonly talk = new lab.Talk('talk'); readonly edit = new lab.Edit('edit');`;

function sourceOf({ certain, fields = '', ...program }: Rule): string {
  const early = certain === true ? `, startEarly: 'certain'` : '';
  const decorator = `@structuralJit({ executionStrategy: 'parallel'${early} })`;
  return print({ ...program, decorator, fields: FIELDS + fields });
}

const sources = rules.map(sourceOf);
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
    /(?:this\.#order|this\.#keepInPlace|(?<!function )keepRange|inPlace\.add)\(.*/g,
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

async function violationOf(rule: Rule, pair: Pair | undefined): Promise<string> {
  if (pair === undefined || pair.diagnostics.length > 0)
    throw new Error(`No program: ${pair?.diagnostics.join()}`);
  return rule.certain === true || rule.eager === true ? eagerCalls(pair) : violations(pair);
}

async function violations(pair: Pair): Promise<string> {
  const found = await refute(pair, schedules(SEEDS, 0, false));
  return (found?.violations ?? []).map(({ clause, message }) => `${clause}: ${message}`).join('\n');
}

/** Calls that the code as written does not make, for an earlier step has failed. */
async function eagerCalls(pair: Pair): Promise<string> {
  for (const schedule of schedules(SEEDS, 0, false)) {
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    const written = await runProgram(pair.written, schedule);
    // oxlint-disable-next-line no-await-in-loop
    const compiled = await runProgram(pair.compiled, schedule);
    if (compiled.calls.length > written.calls.length) return `seed ${schedule.seed} makes more calls`;
  }
  return '';
}
