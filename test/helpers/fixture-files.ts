/** The folders of fixtures: what is in them, and writing what they are expected to show. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';

export const root: string = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const fixturesFolder: string = join(root, 'fixtures');

/** `fixture.json` of a fixture that needs more than the default. */
export interface FixtureSettings {
  /** The plugin entry of tsconfig.json. */
  readonly plugin?: Readonly<Record<string, unknown>>;
  readonly compilerOptions?: ts.CompilerOptions;
  /** The stage of the compiler that the test makes fail. */
  readonly failAt?: string;
  /** What is wrong today, and shown by `expected.md`. To be removed with the fix: the test insists on it. */
  readonly knownGap?: string;
}

export interface Fixture {
  /** `<area>/<claim>` */
  readonly name: string;
  readonly area: string;
  readonly claim: string;
  readonly folder: string;
  readonly input: string;
  readonly settings: FixtureSettings;
}

/** All fixtures, by name. `real/` holds whole programs, which the demo runs. */
export function findFixtures(): readonly Fixture[] {
  const areas = foldersIn(fixturesFolder).filter((area) => area !== 'real');
  return areas.flatMap((area) =>
    foldersIn(join(fixturesFolder, area)).map((claim) => {
      const folder = join(fixturesFolder, area, claim);
      const settings = join(folder, 'fixture.json');
      return {
        name: `${area}/${claim}`,
        area,
        claim,
        folder,
        input: join(folder, 'input.ts'),
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written beside the fixture, for this
        settings: (existsSync(settings) ? JSON.parse(readFileSync(settings, 'utf8')) : {}) as FixtureSettings,
      };
    }),
  );
}

function foldersIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** What the fixture is expected to show; nothing when it is new. */
export function readExpected({ folder }: Fixture): string | undefined {
  const file = join(folder, 'expected.md');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

export function writeExpected({ folder }: Fixture, text: string): void {
  writeFileSync(join(folder, 'expected.md'), text);
}
