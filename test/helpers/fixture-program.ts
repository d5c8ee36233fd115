/**
 * One `ts.Program` for all fixtures that share compiler options. `xcs` is seen as its users see it, as declarations: the
 * compiler looks into the sources of a program, and ours are none of a user's.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { fixturesFolder, root, type Fixture } from './fixture-files.ts';

const installed = '/installed/node_modules/xcs/dist/runtime';

const BASE: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  types: ['node'],
  strict: true,
  noImplicitOverride: true,
  skipLibCheck: true,
  rewriteRelativeImportExtensions: true,
  paths: { xcs: [`${installed}/index.d.ts`] },
};

export interface FixtureProgram {
  readonly program: ts.Program;
  readonly fixtures: readonly Fixture[];
}

/** The programs that hold `fixtures`: one, and one more for each set of compiler options that some of them ask for. */
export function programsOf(fixtures: readonly Fixture[]): readonly FixtureProgram[] {
  const keyOf = ({ settings }: Fixture): string => JSON.stringify(settings.compilerOptions ?? {});
  return [...new Set(fixtures.map(keyOf))].map((key) => {
    const members = fixtures.filter((fixture) => keyOf(fixture) === key);
    const compilerOptions = { ...BASE, ...members[0]?.settings.compilerOptions };
    const inputs = members.map(({ input }) => input);
    // As `transpileModule` makes them, a program without resolution is one file.
    const rootNames =
      compilerOptions.noResolve === true
        ? inputs
        : [...['world.d.ts', 'packages.d.ts'].map((name) => join(fixturesFolder, name)), ...inputs];
    return {
      program: ts.createProgram({ rootNames, options: compilerOptions, host: hostOf(compilerOptions) }),
      fixtures: members,
    };
  });
}

/** The names of the runtime's files in an installed package, and where they come from. */
const sources: ReadonlyMap<string, string> = new Map(
  readdirSync(join(root, 'runtime'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [`${installed}/${name.replace(/\.ts$/, '.d.ts')}`, join(root, 'runtime', name)]),
);

function declarationOf(source: string): string {
  const { outputText } = ts.transpileDeclaration(readFileSync(source, 'utf8'), {
    fileName: source,
    compilerOptions: { ...BASE, declaration: true, stripInternal: true },
  });
  return outputText;
}

const parsed = new Map<string, ts.SourceFile | undefined>();

function hostOf(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const fromDisk = host.getSourceFile.bind(host);
  const exists = host.fileExists.bind(host);
  const folderExists = host.directoryExists?.bind(host);
  host.getSourceFile = (name, target) => {
    const source = sources.get(name);
    const parse = (): ts.SourceFile | undefined =>
      source === undefined
        ? fromDisk(name, target)
        : ts.createSourceFile(name, declarationOf(source), target, true);
    if (!parsed.has(name)) parsed.set(name, parse());
    return parsed.get(name);
  };
  host.fileExists = (name) => sources.has(name) || exists(name);
  host.directoryExists = (name) => name.startsWith('/installed') || (folderExists?.(name) ?? false);
  host.getCurrentDirectory = () => root;
  return host;
}
