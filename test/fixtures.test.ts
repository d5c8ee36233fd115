/**
 * Fixtures: small programs, what every stage of the compiler makes of them, and how they run. The name of a folder is what
 * its program shows. `UPDATE_FIXTURES=1 npx vitest run test/fixtures.test.ts` writes `expected.md` anew.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { checkDescriptor } from '../runtime/check.ts';
import { must } from '../runtime/errors.ts';
import { catalogue } from '../transformer/catalogue.ts';
import { compileFixtures, type CompiledFixture } from './helpers/fixture-compile.ts';
import { findFixtures, readExpected, writeExpected } from './helpers/fixture-files.ts';
import { findDifferences } from './helpers/fixture-law.ts';
import { runFixture } from './helpers/fixture-run.ts';
import { codesIn, printFixture } from './helpers/fixture-text.ts';

const fixtures = findFixtures();
const updates = process.env['UPDATE_FIXTURES'] === '1';
let compiled: ReadonlyMap<string, CompiledFixture> = new Map();

beforeAll(() => {
  compiled = new Map(compileFixtures(fixtures).map((one) => [one.fixture.name, one]));
}, 60_000);

describe.each([...new Set(fixtures.map(({ area }) => area))])('%s', (area) => {
  test.each(fixtures.filter((fixture) => fixture.area === area))('$claim', async (fixture) => {
    const found = must(compiled.get(fixture.name), `${fixture.name} was not compiled`);
    expect(found.typeErrors).toEqual([]);
    for (const { descriptor } of found.bodies) checkDescriptor(descriptor);
    const runs = {
      written: await runFixture(found, 'as written'),
      compiled: await runFixture(found, 'compiled'),
      interpreted: await runFixture(found, 'interpreted'),
    };
    const text = printFixture(found, runs);
    if (updates) writeExpected(fixture, text);
    expect(text).toBe(readExpected(fixture));
    expect(findDifferences(runs.written, runs.compiled, runs.interpreted)).toEqual([]);
  });
});

test.each(Object.keys(catalogue))('%s has a fixture that shows it', (code) => {
  const shown = fixtures.filter(({ area, claim }) => area === 'diagnostics' && claim.startsWith(code.toLowerCase()));
  const codes = shown.map(({ name }) => [...codesIn(must(compiled.get(name), `${name} was not compiled`))]);
  expect(codes.flat()).toContain(code);
});
