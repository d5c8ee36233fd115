/** Builds of programs in memory, as `tspc` does them with the plugin and without, and what the passes of one take. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Stages } from '../../transformer/compile.ts';
import { built } from './built-transformer.ts';

export type Sources = ReadonlyMap<string, string>;

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, 'virtual');

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  rewriteRelativeImportExtensions: true,
  paths: { xcs: [resolve(here, '../../runtime/index.ts')] },
};

/** What does not change between builds is parsed once, for both kinds alike. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function programOf(sources: Sources): ts.Program {
  const disk = ts.createCompilerHost(OPTIONS);
  const texts = new Map([...sources].map(([name, text]) => [join(folder, name), text]));
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => texts.has(name) || disk.fileExists(name),
    directoryExists: (name) => name === folder || disk.directoryExists?.(name) !== false,
    writeFile: () => {},
    getSourceFile: (name, target) => {
      const text = texts.get(name);
      if (text !== undefined) return ts.createSourceFile(name, text, target, true);
      if (!parsed.has(name)) parsed.set(name, disk.getSourceFile(name, target));
      return parsed.get(name);
    },
  };
  return ts.createProgram({ rootNames: [...texts.keys()], options: OPTIONS, host });
}

/** Checks and emits the program; answers how many errors there are. */
export function buildProgram(sources: Sources, withPlugin: boolean): number {
  const program = programOf(sources);
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder));
  const errors = own.flatMap((file) => program.getSemanticDiagnostics(file)).length;
  const before = withPlugin ? [factoryOf(program, () => {})] : [];
  for (const file of own) program.emit(file, undefined, undefined, false, { before });
  return errors;
}

type Stage = keyof Stages | 'emit';

/** Milliseconds of the processor by pass, of a program that is checked already. */
export function timePasses(sources: Sources): ReadonlyMap<Stage, number> {
  const program = programOf(sources);
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(folder));
  for (const file of own) program.getSemanticDiagnostics(file);
  const times = new Map<Stage, number>();
  let last = process.cpuUsage();
  const add = (stage: Stage): void => {
    const { user, system } = process.cpuUsage(last);
    times.set(stage, (times.get(stage) ?? 0) + (user + system) / 1000);
    last = process.cpuUsage();
  };
  const factory = factoryOf(program, add);
  for (const file of own) {
    last = process.cpuUsage();
    ts.transform(file, [factory], OPTIONS);
    add('emit');
  }
  return times;
}

function factoryOf(
  program: ts.Program,
  onStage: (stage: keyof Stages) => void,
): ts.TransformerFactory<ts.SourceFile> {
  const { settings } = built.readOptions({});
  const context = { ts, program, checker: built.checkerOf(ts, program), settings, root: folder };
  const fail = (_node: ts.Node, error: unknown): never => {
    throw error instanceof Error ? error : new Error(String(error));
  };
  const reporter = { error: fail, internal: fail, describe: () => {} };
  return (transformation) => (file) =>
    built.transformFile(context, transformation, file, reporter, (stage) => onStage(stage));
}
