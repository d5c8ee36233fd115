/** One test for each program that the compiler once got wrong: compiled, it keeps the law. */
import { describe, expect, it } from 'vitest';
import { compilePairs, type Pair } from './prove.ts';
import { differencesOf, printRegression, type Regression } from './regression.ts';

interface Case extends Regression {
  readonly pair: Pair;
}

/** One `describe` for each theme; all programs are compiled together. `others`: files that programs import, by name. */
export function describeRegressions(
  themes: Readonly<Record<string, readonly Regression[]>>,
  others: Readonly<Record<string, string>> = {},
): void {
  const all = Object.entries(themes).flatMap(([theme, programs]) =>
    programs.map((program) => ({ ...program, theme })),
  );
  const pairs = compilePairs(all.map(printRegression), {}, others);
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

async function verdictOf(pair: Pair, ties: boolean): Promise<object> {
  return {
    diagnostics: pair.diagnostics,
    differences: await differencesOf(pair, ties),
    asWritten: pair.descriptors.every((descriptor) => descriptor.asWritten !== undefined),
  };
}
