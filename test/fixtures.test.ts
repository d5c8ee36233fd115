/**
 * Fixtures: small programs, what every stage of the compiler makes of them, and how they run. The name of a folder is what
 * its program shows. `UPDATE_FIXTURES=1 npx vitest run test/fixtures.test.ts` writes `expected.md` anew.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { findProblems } from '../runtime/check.ts';
import { must } from '../runtime/errors.ts';
import { catalogue } from '../transformer/catalogue.ts';
import { compileFixtures, type CompiledFixture } from './helpers/fixture-compile.ts';
import { findFixtures, readExpected, writeExpected } from './helpers/fixture-files.ts';
import { findDifferences, type Runs } from './helpers/fixture-law.ts';
import { printLink } from './helpers/fixture-link.ts';
import { runFixture } from './helpers/fixture-run.ts';
import { codesIn, printFixture } from './helpers/fixture-text.ts';

const fixtures = findFixtures();
const updates = process.env['UPDATE_FIXTURES'] === '1';
let found: ReadonlyMap<string, CompiledFixture> = new Map();

beforeAll(() => {
  found = new Map(compileFixtures(fixtures).map((one) => [one.fixture.name, one]));
}, 120_000);

describe.each([...new Set(fixtures.map(({ area }) => area))])('%s', (area) => {
  test.each(fixtures.filter((fixture) => fixture.area === area))('$claim', async (fixture) => {
    const compiled = must(found.get(fixture.name), `${fixture.name} was not compiled`);
    expect(compiled.typeErrors).toEqual([]);
    const runs = await runBothWays(compiled);
    const text = printFixture(compiled, runs, runs === undefined ? '' : printLink(compiled));
    if (updates) writeExpected(fixture, text);
    expect(text).toBe(readExpected(fixture));
    const problems = compiled.bodies.flatMap(({ descriptor }) => findProblems(descriptor));
    const wrong = [...problems, ...(runs === undefined ? [] : findDifferences(runs))];
    const { knownGap } = fixture.settings;
    // A gap that is known counts for all that is wrong, and must be there.
    const shown = knownGap === undefined || wrong.length === 0 ? wrong : [knownGap];
    expect(shown).toEqual(knownGap === undefined ? [] : [knownGap]);
  });
});

/** Programs with errors have nothing to run. */
async function runBothWays(fixture: CompiledFixture): Promise<Runs | undefined> {
  if (!/^export const run\b/m.test(fixture.text)) return undefined;
  const written = await runFixture(fixture, 'as written');
  const compiled = await runFixture(fixture, 'compiled');
  return { written, compiled, interpreted: await runFixture(fixture, 'interpreted') };
}

test.each(Object.keys(catalogue))('%s has a fixture that shows it', (code) => {
  const shown = fixtures.filter(
    ({ area, claim }) => area === 'diagnostics' && claim.startsWith(code.toLowerCase()),
  );
  const codes = shown.map(({ name }) => [...codesIn(must(found.get(name), `${name} was not compiled`))]);
  expect(codes.flat()).toContain(code);
});
