/** The program of the demo, compiled in memory by the transformer and loaded beside the live runtime. */
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import path from 'node:path';
import MiniSearch from 'minisearch';
import * as xcs from '../../runtime/index.ts';
import { compileModules } from '../helpers/compile.ts';
import type { Surroundings } from './demo.ts';

const folder = new URL('../../fixtures/real/package-questions/', import.meta.url);

export function loadProgram(): Pick<Surroundings, 'program' | 'xcs'> {
  const names = ['answer-question.ts', 'operators.ts', 'library.ts'];
  const sources = Object.fromEntries(
    names.map((name) => [name, fs.readFileSync(new URL(name, folder), 'utf8')]),
  );
  const modules = compileModules(sources);
  const outside = {
    modules: {
      xcs,
      minisearch: { default: MiniSearch, __esModule: true },
      'node:fs/promises': fsPromises,
      'node:path': path,
    },
  };
  const program = {
    ...modules.get('answer-question.ts')?.load(outside),
    ...modules.get('library.ts')?.load(outside),
  };
  // The modules were evaluated from text: what they export is known from their sources.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { program: program as unknown as Surroundings['program'], xcs };
}
