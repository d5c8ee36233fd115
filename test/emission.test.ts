/** What the transformer emits compiles, loads in Node and runs compiled, for every target and module format. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { combinations, emitBoth, type Emitted } from './helpers/emission-matrix.ts';
import { makeProject } from './helpers/emission-package.ts';
import { runner, sources } from './helpers/emission-program.ts';

interface Outcome {
  readonly result: unknown;
  readonly calls: number;
  readonly name?: string;
}

/** What each part gives, how many calls its graph has, and what its class is called. */
const expected: Readonly<Record<string, Outcome>> = {
  Private: { result: '#HI-<w(hi)>.slow', calls: 2, name: 'Private' },
  WithOptions: { result: ['fast:f(hi)', 'fast:HI', 'fast:hi!'], calls: 3, name: 'WithOptions' },
  Renamed: { result: 'HIl(hi)2', calls: 2, name: 'Namespaced' },
  ReExported: { result: 'HI#HI-<w(hi)>.slow2', calls: 2, name: 'ReExported' },
  answer: { result: { a: 'HI', b: 'x!', longest: 'x!' }, calls: 2 },
  tuned: { result: 'HIhi!', calls: 2 },
  default: { result: 'HId(hi)', calls: 2, name: 'default' },
  Nested: { result: 'in:HIHI', calls: 2, name: 'Nested' },
  Expression: { result: 'HIe(hi)', calls: 2, name: 'Expression' },
  entry: { result: '#HIt(hi)', calls: 2, name: 'entry' },
  Own: { result: 'HIo(hi)Inside', calls: 2, name: 'Inside' },
  OursOutside: { result: 'HIs(hi)OursOutside', calls: 2, name: 'OursOutside' },
  OursInside: { result: 'HIi(hi)', calls: 2, name: 'OursInside' },
  Replaced: { result: 'replaced HI', calls: 0, name: 'Replacement' },
  Patched: { result: 'patched HIp(hi)', calls: 0, name: 'Patched' },
};

let project = '';
const emitted = new Map<string, { readonly written: Emitted; readonly compiled: Emitted }>();
let outcomes: Readonly<Record<string, Readonly<Record<string, Outcome>>>> = {};

beforeAll(() => {
  const files = Object.entries(sources).map(([name, text]) => [`src/${name}`, text] as const);
  project = makeProject({ ...Object.fromEntries(files), 'run.mjs': runner });
  const runs = combinations.flatMap((combination) => {
    const both = emitBoth(project, combination);
    emitted.set(combination.name, both);
    const { name, files: parts, isWrittenLoadable } = combination;
    const written = { key: `${name} as written`, folder: both.written.folder, files: parts };
    return [
      { key: name, folder: both.compiled.folder, files: parts },
      ...(isWrittenLoadable ? [written] : []),
    ];
  });
  const args = ['--no-warnings', path.join(project, 'run.mjs'), JSON.stringify(runs)];
  // What the runner prints is what it was told to.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  outcomes = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as typeof outcomes;
}, 120_000);

afterAll(() => fs.rmSync(project, { recursive: true, force: true }));

describe.each(combinations)('emission for $name', ({ name, isWrittenLoadable, calls }) => {
  it('gives no diagnostics', () => {
    expect(emitted.get(name)?.compiled.diagnostics).toStrictEqual([]);
  });

  it('leaves the declarations as they are without the plugin', () => {
    const both = emitted.get(name);
    expect(Object.keys(both?.written.declarations ?? {})).toContain('main.d.ts');
    expect(both?.compiled.declarations).toStrictEqual(both?.written.declarations);
  });

  it('loads and runs compiled, with the results of the code as written', () => {
    const found = outcomes[name] ?? {};
    expect(Object.keys(found).length).toBeGreaterThan(7);
    for (const [part, outcome] of Object.entries(found)) {
      const known = { ...expected[part], ...(part in calls ? { calls: calls[part] } : {}) };
      expect({ part, ...outcome }).toStrictEqual({ part, ...known });
    }
  });

  it.runIf(isWrittenLoadable)('gives the results that the code without the plugin gives', () => {
    for (const [part, { result }] of Object.entries(outcomes[`${name} as written`] ?? {}))
      expect({ part, result }).toStrictEqual({ part, result: expected[part]?.result });
  });
});
