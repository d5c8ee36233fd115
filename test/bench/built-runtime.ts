/**
 * The runtime as users run it: built, not the source that tsx loads. For tsx keeps the names of functions by a call for each
 * function that is made, which makes ours several times slower and leaves alone those of others.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type * as index from '../../runtime/index.ts';
import type { run } from '../../runtime/run.ts';

export interface BuiltRuntime {
  readonly xcs: typeof index;
  readonly run: typeof run;
}

const here = dirname(fileURLToPath(import.meta.url));

async function load(): Promise<BuiltRuntime> {
  const outfile = join(here, 'results/runtime.mjs');
  await build({
    stdin: {
      contents: `export * as xcs from '../../runtime/index.ts'; export { run } from '../../runtime/run.ts';`,
      resolveDir: here,
    },
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  });
  const module: unknown = await import(pathToFileURL(outfile).href);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `contents` exports
  return module as BuiltRuntime;
}

export const runtime: BuiltRuntime = await load();
