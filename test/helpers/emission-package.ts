/**
 * The package as it is installed: compiled into a temporary folder, so that real builds can use it without `dist`.
 * Compiled once for each state of the sources; test files that run at the same time share it.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import ts from 'typescript';

export const repository: string = fileURLToPath(new URL('../../', import.meta.url));

/** A new folder with `files` in it, whose `node_modules` has this package and everything that it needs. */
export function makeProject(files: Readonly<Record<string, string>>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'xcs-project-')));
  const modules = path.join(folder, 'node_modules');
  fs.mkdirSync(modules);
  for (const name of fs.readdirSync(path.join(repository, 'node_modules'))) {
    if (name === 'xcs' || name.startsWith('.')) continue;
    fs.symlinkSync(path.join(repository, 'node_modules', name), path.join(modules, name));
  }
  fs.symlinkSync(builtPackage(), path.join(modules, 'xcs'));
  for (const [name, text] of Object.entries(files)) writeIn(folder, name, text);
  return folder;
}

export function writeIn(folder: string, name: string, text: string): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

let built: string | undefined;

/** The folder of the compiled package: `…/node_modules/xcs`, beside what it depends on. */
export function builtPackage(): string {
  built ??= build();
  return built;
}

/** What the package needs, and what its command line asks for. */
const DEPENDENCIES =
  'graphology graphology-types events dequal typescript ts-patch cac picocolors ts-morph'.split(' ');

function build(): string {
  const sources = ['runtime', 'transformer'].flatMap((folder) => sourcesIn(folder));
  const hash = createHash('sha256').update(ts.version).update(DEPENDENCIES.join());
  for (const name of [...sources, 'package.json'])
    hash.update(name).update(fs.readFileSync(path.join(repository, name)));
  const target = path.join(os.tmpdir(), `xcs-package-${hash.digest('hex').slice(0, 16)}`);
  const finished = path.join(target, 'node_modules', 'xcs');
  if (fs.existsSync(finished)) return fs.realpathSync(finished);
  const making = fs.mkdtempSync(path.join(os.tmpdir(), 'xcs-making-'));
  const folder = path.join(making, 'node_modules', 'xcs');
  compile(sources, folder);
  bundleRuntime(folder);
  fs.copyFileSync(path.join(repository, 'package.json'), path.join(folder, 'package.json'));
  for (const name of DEPENDENCIES)
    fs.symlinkSync(path.join(repository, 'node_modules', name), path.join(making, 'node_modules', name));
  try {
    fs.renameSync(making, target);
  } catch {
    // Another test file was faster.
    fs.rmSync(making, { recursive: true });
  }
  return fs.realpathSync(finished);
}

/** What Node imports, as the script `build` makes it. */
function bundleRuntime(folder: string): void {
  buildSync({
    entryPoints: [path.join(repository, 'runtime/index.ts')],
    outfile: path.join(folder, 'dist/xcs.js'),
    bundle: true,
    packages: 'external',
    platform: 'neutral',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
  });
}

function sourcesIn(folder: string): readonly string[] {
  return fs
    .readdirSync(path.join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name))
    .toSorted();
}

/** File by file, as `isolatedDeclarations` allows: nothing is resolved or checked. */
function compile(sources: readonly string[], folder: string): void {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    rootDir: repository,
    outDir: path.join(folder, 'dist'),
    types: [],
    declaration: true,
    isolatedDeclarations: true,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
    stripInternal: true,
    noCheck: true,
    noLib: true,
    noResolve: true,
  };
  ts.createProgram(
    sources.map((name) => path.join(repository, name)),
    options,
  ).emit();
}
