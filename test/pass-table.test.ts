/** The tables of `transformer/README.md` are what a newcomer reads first, so they name every file, and none that is gone. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../transformer/', import.meta.url));
const tables = readFileSync(join(folder, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .join('\n');
const named = [...tables.matchAll(/`(?<file>[\w./*-]+\.ts)`/gu)].flatMap(
  ({ groups }) => groups?.['file'] ?? [],
);
const patterns = named.map((name) => new RegExp(`^${name.replaceAll('.', '\\.').replace('*', '.*')}$`, 'u'));

it('the tables name every file of the compiler', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  expect(files.filter((file) => !patterns.some((pattern) => pattern.test(file)))).toEqual([]);
});

it('the tables name no file that is not there', () => {
  const plain = named.filter((name) => !name.includes('*'));
  expect(plain.filter((name) => !existsSync(join(folder, name)))).toEqual([]);
});
