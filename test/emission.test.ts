/** The transformer's output compiles, loads and runs compiled, for every target and module format. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeProject, writeIn } from './helpers/emission-package.ts';
import { combinations, emitBoth, type Emitted } from './helpers/emission-matrix.ts';
import { runner, sources } from './helpers/emission-program.ts';

const expected = {
  main: {
    Private: { result: '#HI-<w(hi)>.slow', steps: 4, name: 'Private' },
  },
};

const emitted = new Map<string, { readonly written: Emitted; readonly compiled: Emitted }>();
let outcomes: any = {};

beforeAll(() => {
  const project = makeProject(Object.fromEntries(Object.entries(sources).map(([name, text]) => [`src/${name}`, text])));
  writeIn(project, 'run.mjs', runner);
  const runs = [];
  for (const combination of combinations) {
    const both = emitBoth(project, combination);
    emitted.set(combination.name, both);
    for (const as of ['written', 'compiled'] as const) if (as === 'compiled' || combination.name !== 'ESNext CJS') runs.push({ key: `${combination.name} ${as}`, folder: both[as].folder, files: combination.files });
  }
  outcomes = JSON.parse(execFileSync(process.execPath, ['--no-warnings', path.join(project, 'run.mjs'), JSON.stringify(runs)], { encoding: 'utf8' }));
}, 120_000);
it('x', () => {
  for (const [k, v] of emitted) console.log(k, v.compiled.folder, v.compiled.diagnostics, JSON.stringify(v.written.declarations) === JSON.stringify(v.compiled.declarations));
  console.log(JSON.stringify(outcomes, undefined, 1));
});
