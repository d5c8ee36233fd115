/** Runs test files of single modules on changed ones, in this process: as much of Vitest as these need. */
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';
import { MutatedSource } from './mutated-source.ts';
import type { Mutant } from './mutants.ts';

/** By file, the tests that are about it alone. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'runtime/effect.ts': ['test/effect.test.ts'],
};

type Run = (...given: readonly unknown[]) => unknown;

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export async function findFailingUnit(mutant: Mutant): Promise<string | undefined> {
  for (const file of TESTS[mutant.file] ?? []) {
    const tests: { readonly name: string; readonly run: () => unknown }[] = [];
    const vitest = { expect: chai.expect, it: collector(tests), test: collector(tests), describe };
    try {
      new MutatedSource({ externals: { vitest } }).with(mutant)(file);
    } catch (error) {
      return `it throws: ${String(error).slice(0, 80)}`;
    }
    for (const { name, run } of tests) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one test at a time
        await run();
      } catch {
        return `${file} "${name}"`;
      }
    }
  }
  return undefined;
}

function describe(_: string, define: () => void): void {
  define();
}

function collector(tests: { readonly name: string; readonly run: () => unknown }[]): Run {
  const add = (name: string, run: Run): void => void tests.push({ name, run });
  const each =
    (rows: readonly unknown[]) =>
    (name: string, run: Run): void => {
      for (const row of rows) add(name, () => run(...(Array.isArray(row) ? row : [row])));
    };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- called as tests call `it`
  return Object.assign(add, { each }) as Run;
}
