/**
 * Compiles programs in memory, as written or through the transformer, many at a time, and loads them beside the live
 * runtime. Library files are parsed once per process, and each program reuses the one before.
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import transformer from '../../transformer/index.ts';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, 'virtual');
const runtimeIndex = resolve(here, '../../runtime/index.ts');

export interface CompileOptions {
  /** `compiled` goes through the transformer, `written` does not. @default 'compiled' */
  readonly as?: 'compiled' | 'written';
  /** Options of the plugin. */
  readonly plugin?: Readonly<Record<string, unknown>>;
  readonly compilerOptions?: ts.CompilerOptions;
  /** Also ask for syntactic and semantic errors: slow. @default false */
  readonly check?: boolean;
  /** @default our transformer */
  readonly transformer?: Transformer;
}

export type Transformer = (
  program: ts.Program,
  config: Readonly<Record<string, unknown>>,
  extras: object,
) => ts.TransformerFactory<ts.SourceFile>;

/** What a loaded module sees from outside: modules by the end of their specifier, and the console. */
export interface Surroundings {
  readonly modules: Readonly<Record<string, unknown>>;
  readonly console?: unknown;
}

export interface CompiledModule {
  readonly outputText: string;
  readonly diagnostics: readonly string[];
  /** Evaluates the module and what it imports, afresh each time. */
  load(surroundings: Surroundings): Readonly<Record<string, unknown>>;
}

/** The modules by name, as `sources` names them. */
export function compileModules(
  sources: Readonly<Record<string, string>>,
  options: CompileOptions = {},
): ReadonlyMap<string, CompiledModule> {
  const names = Object.keys(sources);
  const program = programFor(sources, options);
  const diagnostics: ts.Diagnostic[] = [];
  if (options.check === true) {
    for (const name of names) {
      const source = program.getSourceFile(join(folder, name));
      diagnostics.push(...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source));
    }
  }
  const emitter = emitterOf(program, options, diagnostics);
  const outputs = new Map(ownFilesOf(program).map((file) => [stem(file.fileName), emitter(file)]));
  const code = new Map([...outputs].map(([file, text]) => [file, functionOf(text, file)]));
  const modules = new Map<string, CompiledModule>();
  for (const name of names) {
    const file = stem(join(folder, name));
    modules.set(name, {
      outputText: outputs.get(file) ?? '',
      diagnostics: messagesFor(file, diagnostics),
      load: (surroundings) => evaluate(file, (one) => code.get(one), surroundings),
    });
  }
  return modules;
}

export interface ModuleCompiler {
  /** One of the sources, with what it imports. */
  module(name: string): CompiledModule;
  /** The code of whatever else belongs to the program. */
  imported(): readonly string[];
}

/** Compiles `sources` one by one, when they are asked for: to do so again and again by other transformers. */
export function moduleCompiler(
  sources: Readonly<Record<string, string>>,
): (transformer: Transformer) => ModuleCompiler {
  const program = programFor(sources, {});
  const files = new Map(ownFilesOf(program).map((file) => [stem(file.fileName), file]));
  return (own) => {
    const diagnostics: ts.Diagnostic[] = [];
    const emitter = emitterOf(program, { transformer: own }, diagnostics);
    const texts = new Map<string, string>();
    const textOf = (name: string): string | undefined => {
      const file = files.get(name);
      if (file !== undefined && !texts.has(name)) texts.set(name, emitter(file));
      return texts.get(name);
    };
    const code = new Map<string, Code>();
    const codeOf = (name: string): Code | undefined => {
      const text = textOf(name);
      if (text !== undefined && !code.has(name)) code.set(name, functionOf(text, name));
      return code.get(name);
    };
    const module = (name: string): CompiledModule => {
      const file = stem(join(folder, name));
      const outputText = textOf(file) ?? '';
      return {
        outputText,
        diagnostics: messagesFor(file, diagnostics),
        load: (surroundings) => evaluate(file, codeOf, surroundings),
      };
    };
    const others = [...files.keys()].filter((file) => !file.startsWith(folder));
    return { module, imported: () => others.map((file) => textOf(file) ?? '') };
  };
}

function programFor(sources: Readonly<Record<string, string>>, options: CompileOptions): ts.Program {
  return programOf(sources, { ...BASE, noCheck: options.check !== true, ...options.compilerOptions });
}

function messagesFor(file: string, diagnostics: readonly ts.Diagnostic[]): readonly string[] {
  return diagnostics
    .filter((one) => one.file === undefined || stem(one.file.fileName) === file)
    .map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'));
}

/** One module. */
export function compileModule(
  source: string | Readonly<Record<string, string>>,
  options?: CompileOptions,
): CompiledModule {
  const sources = typeof source === 'string' ? { 'main.ts': source } : source;
  const [first] = compileModules(sources, options).values();
  if (first === undefined) throw new Error('compileModule needs at least one file.');
  return first;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- plugin options and extras are what ts-patch would hand over
const ours = transformer as unknown as Transformer;

const BASE: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  noImplicitOverride: true,
  skipLibCheck: true,
  rewriteRelativeImportExtensions: true,
  paths: { xcs: [runtimeIndex] },
};

const parsed = new Map<string, ts.SourceFile | undefined>();
const programs = new WeakMap<object, { readonly key: string; readonly program: ts.Program }>();
let before: ts.Program | undefined;

/** The same sources, compiled both ways, share one program. */
function programOf(sources: Readonly<Record<string, string>>, options: ts.CompilerOptions): ts.Program {
  const key = JSON.stringify(options);
  const known = programs.get(sources);
  if (known?.key === key) return known.program;
  const files = new Map(Object.entries(sources).map(([name, text]) => [join(folder, name), text]));
  const host = hostOf(files, options);
  const program = ts.createProgram({
    rootNames: [...files.keys()],
    options,
    host,
    ...(before === undefined ? {} : { oldProgram: before }),
  });
  before = program;
  programs.set(sources, { key, program });
  return program;
}

function hostOf(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const fromDisk = host.getSourceFile.bind(host);
  const exists = host.fileExists.bind(host);
  const folderExists = host.directoryExists?.bind(host);
  const parse = (
    name: string,
    ...rest: [ts.ScriptTarget | ts.CreateSourceFileOptions]
  ): ts.SourceFile | undefined => {
    const text = files.get(name);
    if (text !== undefined) return ts.createSourceFile(name, text, ...rest, true);
    const key = `${options.target} ${options.module} ${name}`;
    if (!parsed.has(key)) parsed.set(key, fromDisk(name, ...rest));
    return parsed.get(key);
  };
  host.getSourceFile = (name, languageVersion) => parse(name, languageVersion);
  host.fileExists = (name) => files.has(name) || exists(name);
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  host.directoryExists = (name) => folders.has(name) || (folderExists?.(name) ?? false);
  host.getCurrentDirectory = () => here;
  return host;
}

/** The virtual folders that a file lies in. */
function foldersOf(file: string): string[] {
  const found = dirname(file);
  return found.length > folder.length ? [found, ...foldersOf(found)] : [found];
}

/** Every file of ours that is not a declaration and not part of the runtime. */
function ownFilesOf(program: ts.Program): readonly ts.SourceFile[] {
  return program
    .getSourceFiles()
    .filter((file) => file.fileName.startsWith(here) && !file.isDeclarationFile)
    .filter((file) => !program.isSourceFileFromExternalLibrary(file));
}

function emitterOf(
  program: ts.Program,
  options: CompileOptions,
  diagnostics: ts.Diagnostic[],
): (file: ts.SourceFile) => string {
  const extras = {
    ts,
    library: 'typescript',
    addDiagnostic: (one: ts.Diagnostic) => diagnostics.push(one),
    removeDiagnostic: (index: number) => diagnostics.splice(index, 1),
    diagnostics,
  };
  const transform = options.transformer ?? ours;
  const factories = options.as === 'written' ? [] : [transform(program, options.plugin ?? {}, extras)];
  return (file) => {
    const known = emittedOf(file, options);
    let text = known?.get(keyOf(options));
    if (text !== undefined) return text;
    const keep = (name: string, output: string): void => {
      if (/\.[cm]?js$/.test(name)) text = output;
    };
    program.emit(file, keep, undefined, false, { before: factories });
    known?.set(keyOf(options), text ?? '');
    return text ?? '';
  };
}

const emitted = new WeakMap<ts.SourceFile, Map<string, string>>();

/** What became of a file from the disk under which options: all batches import the same ones. */
function emittedOf(
  file: ts.SourceFile,
  { transformer: other }: CompileOptions,
): Map<string, string> | undefined {
  if (file.fileName.startsWith(folder) || other !== undefined) return undefined;
  const known = emitted.get(file) ?? new Map<string, string>();
  emitted.set(file, known);
  return known;
}

function keyOf({ as, plugin, compilerOptions }: CompileOptions): string {
  return JSON.stringify([as, plugin, compilerOptions]);
}

type Code = (exports: Record<string, unknown>, require: (name: string) => unknown, console: unknown) => void;

function functionOf(text: string, file: string): Code {
  // Evaluating what we have just compiled is this file's purpose; its parameters are the three of `Code`.
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion
  return new Function('exports', 'require', 'console', `${text}\n//# sourceURL=${file}.js`) as Code;
}

function evaluate(
  entry: string,
  codeOf: (file: string) => Code | undefined,
  { modules, console: visible }: Surroundings,
): Readonly<Record<string, unknown>> {
  const loaded = new Map<string, Record<string, unknown>>();
  const load = (file: string): Record<string, unknown> => {
    const known = loaded.get(file);
    if (known !== undefined) return known;
    const run = codeOf(file);
    if (run === undefined) throw new Error(`No module ${file}.`);
    const exported: Record<string, unknown> = {};
    loaded.set(file, exported);
    run(exported, (name) => outside(name) ?? load(stem(resolve(dirname(file), name))), visible);
    return exported;
  };
  const outside = (name: string): unknown =>
    Object.entries(modules).find(([end]) => stem(name) === end || stem(name).endsWith(`/${end}`))?.[1];
  return load(entry);
}

/** The name without its extension: a source and what is emitted for it share one. */
function stem(file: string): string {
  return file.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
}
