/**
 * Programs that the compiler once got wrong, each under a name that says the behaviour. They run compiled, with everything
 * started as early as it may, against the code as written.
 */
import { describe, expect, it } from 'vitest';
import { print, type LitmusProgram } from './litmus.ts';
import { compilePairs, printCounterexample, refute, schedules, type Pair } from './prove.ts';

export interface Regression extends Partial<LitmusProgram> {
  readonly claim: string;
  /** The whole file, instead of the parts of a class. */
  readonly source?: string;
  /** Nothing is compiled: the code runs as written. @default false */
  readonly asWritten?: boolean;
  /** Also when calls end at the same time. @default true */
  readonly ties?: boolean;
  /** Why it still differs. The case then insists that it does. */
  readonly knownGap?: string;
}

interface Case extends Regression {
  readonly pair: Pair;
}

const SEEDS = 40;

/** The call of one of the operators below. Sites tell calls of one operator apart. */
export function call(operator: string, site: string, q = 'input.q'): string {
  return `this.${operator}.invoke({ site: '${site}', q: ${q} })`;
}

const FIELDS = `
  readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text'); readonly c = new lab.Ask('c', 'text');
  readonly doc = new lab.Ask('doc', 'doc'); readonly list = new lab.Ask('list', 'list');
  readonly sequential = new lab.Sequential('sequential', 'text');
  readonly talk = new lab.Talk('talk'); readonly judge = new lab.Judge('judge');
  readonly echo = new lab.Echo('echo'); readonly edit = new lab.Edit('edit');`;

/** One `describe` for each theme; all programs are compiled together. `others`: files that programs import, by name. */
export function describeRegressions(
  themes: Readonly<Record<string, readonly Regression[]>>,
  others: Readonly<Record<string, string>> = {},
): void {
  const all = Object.entries(themes).flatMap(([theme, programs]) =>
    programs.map((program) => ({ ...program, theme })),
  );
  const pairs = compilePairs(all.map(sourceOf), {}, others);
  const cases = all.flatMap((program, i) => {
    const pair = pairs[i];
    return pair === undefined ? [] : [{ ...program, pair }];
  });
  describe.each(Object.keys(themes))('regressions: %s', (theme) => {
    const named = cases.filter((one) => one.theme === theme).map((one) => [one.claim, one] as const);
    it.each(named.filter(([, { knownGap }]) => knownGap === undefined))('%s', holds);
    it.fails.each(named.filter(([, { knownGap }]) => knownGap !== undefined))('%s (known gap)', holds);
  });
}

async function holds(_: string, { pair, ties = true, asWritten = false }: Case): Promise<void> {
  expect(await verdictOf(pair, ties)).toEqual({ diagnostics: [], differences: '', asWritten });
}

function sourceOf({ source, body = '', fields = '', ...program }: Regression): string {
  const decorator = `@structuralJit({ executionStrategy: 'parallel' })`;
  return source ?? print({ decorator, ...program, body, fields: FIELDS + fields });
}

async function verdictOf(pair: Pair, ties: boolean): Promise<object> {
  return {
    diagnostics: pair.diagnostics,
    differences: await differencesOf(pair, ties),
    asWritten: pair.descriptors.every((descriptor) => descriptor.asWritten !== undefined),
  };
}

async function differencesOf(pair: Pair, ties: boolean): Promise<string> {
  const found = await refute(pair, schedules(SEEDS, 0, ties));
  return found === undefined
    ? ''
    : `${printCounterexample(found)}
${pair.outputText}`;
}
