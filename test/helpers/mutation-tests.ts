/** Asks test files about a change: those that look at what no program shows, such as when `auto` leaves program order. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './fixture-files.ts';
import type { Mutant } from './mutants.ts';

/** By file, which tests are about it. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'runtime/overlap.ts': ['overlap', 'explain-calls', 'explain', 'profile'],
};

export async function findFailingTest(mutant: Mutant): Promise<string | undefined> {
  const tests = TESTS[mutant.file];
  if (tests === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'xcs-'));
  try {
    const change = join(folder, 'change.json');
    writeFileSync(change, JSON.stringify({ file: join(root, mutant.file), text: mutant.text }));
    const args = ['run', '--config', 'test/helpers/mutation-config.ts', '--bail', '1'];
    const child = spawn('npx', ['vitest', ...args, ...tests.map((name) => `test/${name}.test.ts`)], {
      cwd: root,
      env: { ...process.env, XCS_CHANGE: change },
      stdio: 'ignore',
    });
    const [code]: unknown[] = await once(child, 'exit');
    return code === 0 ? undefined : `a test of ${tests.join(', ')}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
