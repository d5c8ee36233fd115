/**
 * Programs as written: TypeScript without its types and nothing else, by esbuild, which knows nothing of our compiler.
 * Where generated code may throw by itself it asks the world first, so that a run without that failure can be had.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform, transformSync, type TransformOptions } from 'esbuild';
import type { Surroundings } from './compile.ts';
import { withOwnThrows } from './own-throws.ts';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, 'virtual');

type Exports = Readonly<Record<string, unknown>>;
type Code = (module: { exports: Exports }, require: (name: string) => unknown, console: unknown) => void;

export interface WrittenModule {
  /** Evaluates the module and what it imports, afresh each time. */
  load(surroundings: Surroundings): Exports;
}

/** The modules by name, as `sources` names them; what they import from elsewhere is read from the disk. */
export function transpileModules(
  sources: Readonly<Record<string, string>>,
): ReadonlyMap<string, WrittenModule> {
  const texts = new Map(Object.entries(sources).map(([name, text]) => [join(folder, name), text]));
  const code = new Map<string, Code>();
  const codeOf = (file: string): Code => {
    const text = texts.get(file);
    if (text === undefined) return fromDisk(file);
    const known = code.get(file) ?? functionOf(text, file);
    code.set(file, known);
    return known;
  };
  return new Map(
    Object.keys(sources).map((name) => [
      name,
      { load: (surroundings) => evaluate(join(folder, name), codeOf, surroundings) },
    ]),
  );
}

const onDisk = new Map<string, Code>();

function fromDisk(file: string): Code {
  const known = onDisk.get(file) ?? functionOf(readFileSync(file, 'utf8'), file);
  onDisk.set(file, known);
  return known;
}

const WORLD = 'require("../world-link.ts").link.current';
const FAIL = `${WORLD}.fail`;

/**
 * `throw` in a function that is called; `throw` in a `catch`, which generated programs call "fault" or whose error is another's; and
 * a property of what an array does not have; `Promise.any` of nothing. `throw` elsewhere is an exit, not a failure.
 */
function observed(text: string): string {
  return withOwnThrows(text, FAIL)
    .replaceAll(/\bthrow (error\d+|new Error\("(?:fault|other)[^;\n]*\));/g, `void ${FAIL}($1);`)
    .replaceAll('Promise.any(', `${WORLD}.any(`)
    .replaceAll(
      ']!.length',
      `]?.length ?? ${FAIL}(new TypeError("Cannot read properties of undefined (reading 'length')"))`,
    );
}

const OPTIONS: TransformOptions = {
  loader: 'ts',
  format: 'cjs',
  target: 'es2022',
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
};

let ahead: ReadonlyMap<string, string> = new Map();

/** Transpiles texts that modules are to be made of soon, all at once: one after another they take much longer. */
export async function transpileAhead(texts: readonly string[]): Promise<void> {
  const all = texts.map(async (text) => {
    const { code } = await transform(observed(text), OPTIONS);
    return [text, code] as const;
  });
  ahead = new Map(await Promise.all(all));
}

function functionOf(text: string, file: string): Code {
  const code = ahead.get(text) ?? transformSync(observed(text), OPTIONS).code;
  // Evaluating what we have just transpiled is this file's purpose; its parameters are the three of `Code`.
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion
  return new Function('module', 'require', 'console', `${code}\n//# sourceURL=${file}.js`) as Code;
}

function evaluate(
  entry: string,
  codeOf: (file: string) => Code,
  { modules, console: visible }: Surroundings,
): Exports {
  const loaded = new Map<string, { exports: Exports }>();
  const load = (file: string): Exports => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    codeOf(file)(module, (name) => outside(name) ?? load(resolve(dirname(file), name)), visible);
    return module.exports;
  };
  const outside = (name: string): unknown =>
    Object.entries(modules).find(([end]) => {
      const stem = name.replace(/\.ts$/, '');
      return stem === end || stem.endsWith(`/${end}`);
    })?.[1];
  return load(entry);
}
