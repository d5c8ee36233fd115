/** What users get to load: the runtime that a compiled class pulls into a bundle, the time of an import, the installed size. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { align } from './align.ts';
import { loadPeers } from './peers/load-peers.ts';

interface Bundle {
  readonly what: string;
  readonly minified: number;
  readonly gzipped: number;
  /** By file of ours, bytes of it that are in the bundle. */
  readonly files: Readonly<Record<string, number>>;
}

interface Import {
  readonly what: string;
  /** Milliseconds, medians: on the wall, and of the processor. */
  readonly wall: number;
  readonly processor: number;
}

interface SizeReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly bundles: readonly Bundle[];
  readonly imports: readonly Import[];
  /** Bytes of the package, packed and unpacked. */
  readonly packed: number;
  readonly installed: number;
}

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const peers = join(here, 'peers');
const ROUNDS = 15;

export async function measureSize(print: (text: string) => void): Promise<SizeReport> {
  const peersOf = [await loadPeers(print, 'libraries'), await loadPeers(print, 'frameworks')];
  const versions = Object.fromEntries(peersOf.flatMap((one) => Object.entries(one.versions)));
  for (const line of peersOf.flatMap(({ missing }) => missing)) print(line);
  const bundles: Bundle[] = [
    await bundle('a compiled class', `export { Operator, structuralJit } from './runtime/index.ts';`, root),
    await bundle(
      'the same with `XCSGraph`',
      `export { Operator, structuralJit, XCSGraph } from './runtime/index.ts';`,
      root,
    ),
    await bundle('everything', `export * from './runtime/index.ts';`, root),
  ];
  const ofPeers = Object.keys(versions).map((peer) => bundle(peer, `export * from '${peer}';`, peers));
  bundles.push(...(await Promise.all(ofPeers)));
  const head = ['pulled in', 'minified', 'and gzipped'];
  print(
    align([
      head,
      head.map(() => '---'),
      ...bundles.map((one) => [one.what, kilobytes(one.minified), kilobytes(one.gzipped)]),
    ]),
  );
  const [first] = bundles;
  const largest = Object.entries(first?.files ?? {})
    .slice(0, 8)
    .map(([file, bytes]) => `${file} ${kilobytes(bytes)}`);
  print(`The largest parts of a compiled class: ${largest.join(', ')}.`);
  if (!existsSync(join(root, 'dist/xcs.js')))
    execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'ignore' });
  const imports = measureImports(Object.keys(versions));
  const titles = ['import', 'wall', 'processor'];
  print(
    align([
      titles,
      titles.map(() => '---'),
      ...imports.map((one) => [one.what, `${one.wall.toFixed(1)} ms`, `${one.processor.toFixed(1)} ms`]),
    ]),
  );
  const { packed, installed } = packageSize();
  print(`The package is ${kilobytes(packed)} packed, ${kilobytes(installed)} installed.`);
  return { versions, bundles, imports, packed, installed };
}

async function bundle(what: string, contents: string, resolveDir: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    logLevel: 'error',
    absWorkingDir: root,
  });
  const [output] = outputFiles;
  const [made] = Object.values(metafile.outputs);
  const files = Object.entries(made?.inputs ?? {})
    .map(([file, { bytesInOutput }]) => [file, bytesInOutput] as const)
    .toSorted(([, one], [, other]) => other - one);
  const code = output?.contents ?? new Uint8Array();
  return {
    what,
    minified: code.length,
    gzipped: gzipSync(code, { level: 9 }).length,
    files: Object.fromEntries(files),
  };
}

/** Each in a process of its own, in turn. */
function measureImports(names: readonly string[]): readonly Import[] {
  const targets: readonly (readonly [what: string, specifier: string | undefined])[] = [
    ['nothing', undefined],
    ['xcs, everything', pathToFileURL(join(root, 'dist/xcs.js')).href],
    ...names.map((name) => [name, name] as const),
  ];
  const times = new Map(targets.map(([what]) => [what, { wall: [] as number[], processor: [] as number[] }]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [what, specifier] of targets) {
      const [wall = 0, processor = 0] = timeImport(specifier);
      times.get(what)?.wall.push(wall);
      times.get(what)?.processor.push(processor);
    }
  return [...times].map(([what, { wall, processor }]) => ({
    what,
    wall: middle(wall),
    processor: middle(processor),
  }));
}

function timeImport(specifier: string | undefined): readonly number[] {
  const work = specifier === undefined ? '' : `await import(${JSON.stringify(specifier)});`;
  const code = `const c = process.cpuUsage(); const b = performance.now(); ${work}
const w = performance.now() - b; const { user, system } = process.cpuUsage(c); console.log(JSON.stringify([w, (user + system) / 1000]));`;
  const answer: unknown = JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: peers, encoding: 'utf8' }),
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the code above prints
  return answer as readonly number[];
}

function packageSize(): { readonly packed: number; readonly installed: number } {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what npm prints
  const [{ size, unpackedSize }] = JSON.parse(text) as readonly [
    { readonly size: number; readonly unpackedSize: number },
  ];
  return { packed: size, installed: unpackedSize };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
