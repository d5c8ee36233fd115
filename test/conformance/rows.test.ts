/** That no row of the conformance list is lost: each id stands in the name of some test. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const STRUCTURAL_JIT = `SJ1 SJ2 SJ3 SJ4 SJ5 SJ6 SJ7 SJ8 SJ10 SJ11 SJ12 SJ13 SJ14 SJ15 SJ16 SJ17 SJ18 SJ19 SJ20 SJ21 SJ22
  SJ23 SJ24 SJ25 SJ27 SJ28 SJ29 SJ31 SJ32 SJ33`;
const JIT = `SJ30 J1 J2 J3 J4 J5 J7 J8 J9 J10 J11 J12 J13 J14 J15 J16 J17 J18 J19 J20 J21 J25 J27 T1 T2 T3 T4 T5`;
const RECORDED = 'A1 A2 A3 A4 A6';
const METRICS = 'M1 M2 M3 M4 M5 M6';
const GRAPH = 'G1 G2 G3 G4 G5 G6 G7 G8 G9 G11';
const SCHEDULERS = 'S1 S2 S3 S4 S5 S6 S7 S8 S10';
const OPTIONS = 'O2 O3 O4';
const ENGINE = 'E1 E2 E3 E4 E5 E6 E7';
const TRAPS = [
  'trap 1',
  'trap 2',
  'trap 3',
  'trap 4',
  'trap 5',
  'trap 6',
  'trap 7',
  'trap 8',
  'trap 9',
  'trap 10',
];
const LITMUS = Array.from({ length: 42 }, (_, index) => `L${index + 1}`).join(' ');

const folder = join(dirname(fileURLToPath(import.meta.url)), '..');
const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(test|conformance)\.ts$/u.test(name) && !name.includes('node_modules'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

/** The strings that are first arguments of `it`, `it.each(…)` and `describe`. */
const names = texts.flatMap((text) =>
  [...text.matchAll(/\(\s*(['"`])((?:\\.|(?!\1).)+)\1\s*,/gsu)].map(([, , name = '']) => name),
);

const isNamed = (id: string): boolean => names.some((name) => new RegExp(`^${id}\\b`, 'u').test(name));

const rows = [STRUCTURAL_JIT, JIT, RECORDED, METRICS, GRAPH, SCHEDULERS, OPTIONS, ENGINE, LITMUS].flatMap(
  (ids) => ids.split(/\s+/u),
);

describe('each row of the conformance list', () => {
  it('has a test that is named by it', () => {
    expect([...rows, ...TRAPS].filter((id) => !isNamed(id))).toEqual([]);
  });

  it('is looked for in names only', () => {
    expect([isNamed('SJ9'), isNamed('S9'), isNamed('L3')]).toEqual([false, false, true]);
  });
});
