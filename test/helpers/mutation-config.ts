/** Vitest with one file of ours changed, as it is handed to the tests. */
import { readFileSync } from 'node:fs';
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what mutation-tests.ts writes
const change = JSON.parse(readFileSync(process.env['XCS_CHANGE'] ?? '', 'utf8')) as {
  readonly file: string;
  readonly text: string;
};

export default mergeConfig(base, {
  plugins: [{ name: 'change', load: (id: string) => (id === change.file ? change.text : undefined) }],
  test: { maxWorkers: 1 },
});
