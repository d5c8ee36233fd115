/** The transformer as users run it: built, for the reason that built-runtime.ts gives. */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { checkerOf } from '../../transformer/checker.ts';
import type { readOptions } from '../../transformer/options.ts';
import type { transformFile } from '../../transformer/transform.ts';

export interface BuiltTransformer {
  readonly checkerOf: typeof checkerOf;
  readonly readOptions: typeof readOptions;
  readonly transformFile: typeof transformFile;
}

const here = dirname(fileURLToPath(import.meta.url));

async function load(): Promise<BuiltTransformer> {
  const outfile = join(here, 'results/transformer.mjs');
  await build({
    stdin: {
      contents: `export { checkerOf } from '../../transformer/checker.ts';
export { readOptions } from '../../transformer/options.ts';
export { transformFile } from '../../transformer/transform.ts';`,
      resolveDir: here,
    },
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    // It knows what is ours by where it stands itself.
    define: {
      'import.meta.url': JSON.stringify(new URL('../../transformer/index.ts', import.meta.url).href),
    },
  });
  const module: unknown = await import(pathToFileURL(outfile).href);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `contents` exports
  return module as BuiltTransformer;
}

export const built: BuiltTransformer = await load();
