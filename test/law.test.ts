/** The law on generated programs; that what fails is shrunk well is shown, too. */
import { availableParallelism } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileModules } from './helpers/compile.ts';
import { fuzzInParallel } from './helpers/fuzz-parallel.ts';
import { anyProgram } from './helpers/program-generator.ts';
import type { Statement } from './helpers/program-kinds.ts';
import { smaller } from './helpers/program-shrinking.ts';

describe('shrinking', () => {
  it.each<readonly [claim: string, kind: string]>([
    ['a statement from a list', 'log'],
    ['a statement from inside blocks', 'memo'],
    ['a block', 'try'],
  ])('singles out %s', (_, kind) => {
    const contains = (all: readonly Statement[]): boolean =>
      all.some((one) => one.kind === kind || one.bodies.some(contains));
    const found = fc.sample(anyProgram(), { seed: 5, numRuns: 200 }).find((one) => contains(one.statements));
    let smallest = found?.statements ?? [];
    const next = (): readonly Statement[] | undefined => [...smaller(smallest)].find(contains);
    for (let one = next(); one !== undefined; one = next()) smallest = one;
    expect(smallest.map((one) => [one.kind, one.bodies.flat(), one.picks.join('')])).toEqual([
      [kind, [], '0'.repeat(12)],
    ]);
  });
});

describe('the law', () => {
  it('holds for generated programs under generated interleavings', { timeout: 1_800_000 }, async () => {
    const options = { count: 3000, seed: 20_261_122, gains: false, maxFailures: 10 };
    const begun = performance.now();
    const report = await fuzzInParallel(options, availableParallelism());
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stdout.write(`${report.programs} generated programs in ${seconds} s.\n`);
    expect(report.failures.map(({ text }) => text)).toEqual([]);
    expect(report.programs).toBe(options.count);
  });

  it('is asked about programs that type-check', () => {
    const programs = fc.sample(anyProgram(), { seed: 7, numRuns: 40 });
    const files = Object.fromEntries(programs.map(({ source }, i) => [`p${i}.ts`, source]));
    const modules = compileModules(files, { as: 'written', check: true });
    expect([...modules.values()].flatMap((module) => module.diagnostics)).toEqual([]);
  });
});
