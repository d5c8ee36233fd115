/**
 * Loads the compiler and the runtime with one file changed: modules that reach that file are evaluated anew, all others are
 * shared, so that thousands of changes can be tried in one process.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { root } from './fixture-files.ts';

type Exports = Record<string, unknown>;
type Code = (module: { exports: Exports }, require: (name: string) => unknown, url: string) => void;

interface Source {
  readonly code: Code;
  readonly imports: readonly string[];
}

export type Load = (file: string) => Readonly<Record<string, unknown>>;

const outside = createRequire(import.meta.url);

/** Puts something in front of what a module exports. */
export type Wrap = (file: string, exports: Exports) => Exports;

export interface MutatedSourceOptions {
  readonly wrap?: Wrap;
  readonly externals?: Readonly<Record<string, unknown>>;
}

export class MutatedSource {
  readonly #wrap: Wrap;
  readonly #externals: Readonly<Record<string, unknown>>;
  readonly #sources = new Map<string, Source>();
  readonly #unchanged = new Map<string, { exports: Exports }>();

  /** `wrap`: asked about each module that is not changed; `externals`: what packages are to be. */
  constructor({ wrap = (_, exports) => exports, externals = {} }: MutatedSourceOptions = {}) {
    this.#wrap = wrap;
    this.#externals = externals;
  }

  /** Answers what loads a file, from the root of the repository; without a change, as it is. */
  with(changed?: { readonly file: string; readonly text: string }): Load {
    if (changed === undefined) return (file) => this.#load(file, this.#unchanged, (one) => this.#source(one));
    const source = transpile(changed.text);
    const loaded = new Map(this.#unchanged);
    const sourceOf = (file: string): Source => (file === changed.file ? source : this.#source(file));
    for (const file of this.#unchanged.keys()) if (this.#reaches(file, changed.file)) loaded.delete(file);
    return (file) => this.#load(file, loaded, sourceOf);
  }

  #load(
    file: string,
    loaded: Map<string, { exports: Exports }>,
    sourceOf: (file: string) => Source,
  ): Exports {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const require = (name: string): unknown =>
      name.startsWith('.')
        ? this.#load(beside(file, name), loaded, sourceOf)
        : (this.#externals[name] ?? outside(name));
    sourceOf(file).code(module, require, pathToFileURL(join(root, file)).href);
    if (loaded === this.#unchanged) module.exports = this.#wrap(file, module.exports);
    return module.exports;
  }

  #source(file: string): Source {
    const known = this.#sources.get(file) ?? transpile(readFileSync(join(root, file), 'utf8'));
    this.#sources.set(file, known);
    return known;
  }

  #reaches(file: string, goal: string, seen = new Set<string>()): boolean {
    if (file === goal) return true;
    if (seen.has(file)) return false;
    seen.add(file);
    return this.#source(file).imports.some((name) => this.#reaches(beside(file, name), goal, seen));
  }
}

function beside(file: string, name: string): string {
  return relative(root, resolve(root, dirname(file), name));
}

function transpile(text: string): Source {
  const { code } = transformSync(text, {
    loader: 'ts',
    format: 'cjs',
    target: 'es2022',
    define: { 'import.meta.url': 'importMetaUrl' },
  });
  return {
    // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion -- our own source, changed
    code: new Function('module', 'require', 'importMetaUrl', code) as Code,
    imports: [...code.matchAll(/require\("(\.[^"]+)"\)/g)].map(([, name = '']) => name),
  };
}
