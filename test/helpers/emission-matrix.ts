/** Compiles the program of `emission-program.ts` for one set of compiler options, as written and through the transformer. */
import path from 'node:path';
import ts from 'typescript';
import transformer from '../../transformer/index.ts';
import { writeIn } from './emission-package.ts';

export interface Combination {
  readonly name: string;
  readonly options: ts.CompilerOptions;
  /** Files whose output Node can load: decorators that stay are no JavaScript yet. */
  readonly files: readonly string[];
  /** Whether Node can load the output without the plugin. */
  readonly isWrittenLoadable: boolean;
  /** How many calls the graph of a part has, where it is not what it is elsewhere. */
  readonly calls: Readonly<Record<string, number>>;
}

export interface Emitted {
  readonly diagnostics: readonly string[];
  /** Texts of the `.d.ts` files, by name. */
  readonly declarations: Readonly<Record<string, string>>;
  readonly folder: string;
}

const { ScriptTarget: targets } = ts;
const common: ts.CompilerOptions = {
  lib: ['lib.es2022.d.ts'],
  types: ['node'],
  strict: true,
  noImplicitOverride: true,
  skipLibCheck: true,
  declaration: true,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};
const esm: ts.CompilerOptions = { ...common, module: ts.ModuleKind.ESNext };
const cjs: ts.CompilerOptions = { ...common, module: ts.ModuleKind.CommonJS, esModuleInterop: true };

function combination(
  name: string,
  kind: 'standard' | 'legacy' | 'native',
  options: ts.CompilerOptions,
): Combination {
  const files = {
    standard: ['main', 'expressions', 'second'],
    // Class expressions cannot be decorated the old way.
    legacy: ['main', 'second'],
    native: ['main', 'expressions'],
  };
  return {
    name,
    files: files[kind],
    options: kind === 'legacy' ? { ...options, experimentalDecorators: true } : options,
    isWrittenLoadable: kind !== 'native',
    // Decorators of the old kind run after the static block, so they cannot keep it from compiling.
    calls: kind === 'standard' ? { OursInside: 0 } : { Patched: 2 },
  };
}

export const combinations: readonly Combination[] = [
  combination('ES2017 ESM, verbatimModuleSyntax, importHelpers', 'standard', {
    ...esm,
    target: targets.ES2017,
    verbatimModuleSyntax: true,
    importHelpers: true,
  }),
  combination('ES2017 CJS, importHelpers', 'standard', {
    ...cjs,
    target: targets.ES2017,
    importHelpers: true,
  }),
  combination('ES2021 ESM, isolatedModules', 'standard', {
    ...esm,
    target: targets.ES2021,
    isolatedModules: true,
  }),
  combination('ES2021 CJS, experimentalDecorators, importHelpers', 'legacy', {
    ...cjs,
    target: targets.ES2021,
    importHelpers: true,
  }),
  combination('ES2022 ESM, fields by assignment', 'standard', {
    ...esm,
    target: targets.ES2022,
    useDefineForClassFields: false,
  }),
  combination('ES2022 CJS, isolatedModules', 'standard', {
    ...cjs,
    target: targets.ES2022,
    isolatedModules: true,
  }),
  combination('ESNext ESM, experimentalDecorators, verbatimModuleSyntax', 'legacy', {
    ...esm,
    target: targets.ESNext,
    verbatimModuleSyntax: true,
  }),
  combination('ESNext CJS', 'native', { ...cjs, target: targets.ESNext }),
];

/** Emits the sources in `project` twice. */
export function emitBoth(
  project: string,
  { name, options, files }: Combination,
): { readonly written: Emitted; readonly compiled: Emitted } {
  const names = ['ops.ts', 'reexport.ts', ...files.map((file) => `${file}.ts`)].map((file) =>
    path.join(project, 'src', file),
  );
  const program = ts.createProgram({
    rootNames: names,
    options: { ...options, rootDir: path.join(project, 'src') },
    host: hostFor(options),
  });
  const checked = ts.getPreEmitDiagnostics(program);
  const emit = (as: 'written' | 'compiled'): Emitted => {
    const folder = path.join(project, 'out', name.replaceAll(/[ ,]+/g, '-'), as);
    const diagnostics: ts.Diagnostic[] = [...checked];
    const declarations: Record<string, string> = {};
    const extras = { ts, addDiagnostic: (one: ts.Diagnostic) => diagnostics.push(one) };
    const before = as === 'written' ? [] : [transformer(program, {}, extras)];
    const write = (file: string, text: string): void => {
      const relative = path.relative(path.join(project, 'src'), file);
      if (relative.endsWith('.d.ts')) declarations[relative] = text;
      else writeIn(folder, relative, text);
    };
    program.emit(undefined, write, undefined, false, { before });
    writeIn(
      folder,
      'package.json',
      JSON.stringify({ type: options.module === ts.ModuleKind.CommonJS ? 'commonjs' : 'module' }),
    );
    return {
      diagnostics: diagnostics.map(
        (one) => `${one.file?.fileName ?? ''} ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`,
      ),
      declarations,
      folder,
    };
  };
  return { written: emit('written'), compiled: emit('compiled') };
}

const libraries = new Map<string, ts.SourceFile | undefined>();

/** Parses the files of packages once for all combinations. */
function hostFor(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (file, version) => {
    if (!file.endsWith('.d.ts')) return parse(file, version);
    if (!libraries.has(file)) libraries.set(file, parse(file, version));
    return libraries.get(file);
  };
  return host;
}
