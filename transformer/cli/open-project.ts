/**
 * Loads a TypeScript project, through the copy of TypeScript that ts-morph holds.
 *
 * In:  a tsconfig, or a place to look for one.
 * Out: the program with everything that the passes of the transformer ask for, or a `CliError` that says what is wrong.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type * as tsMorph from 'ts-morph';
import type typescript from 'typescript';
import { checkerOf } from '../checker.ts';
import type { Context } from '../context.ts';
import { type OptionProblem, pluginEntry, readOptions } from '../options.ts';
import { CliError } from './cli-error.ts';

export interface Project {
  readonly tsconfig: string;
  readonly context: Context;
  /** What is wrong with the plugin entry. */
  readonly problems: readonly OptionProblem[];
  /** The tsconfig has an entry for the transformer. */
  readonly hasPlugin: boolean;
}

/** The nearest tsconfig.json, from `folder` upwards; or the one that was asked for. */
export function findTsconfig(folder: string, given: string | undefined, cwd: string): string {
  if (given !== undefined) return givenTsconfig(given, cwd);
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, 'tsconfig.json');
    if (existsSync(file)) return file;
    if (dirname(at) === at)
      throw new CliError(
        `there is no tsconfig.json in ${folder} or above it`,
        'name one: --project path/to/tsconfig.json',
      );
  }
}

function givenTsconfig(given: string, cwd: string): string {
  const path = resolve(cwd, given);
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'tsconfig.json') : path;
  if (!existsSync(file))
    throw new CliError(`there is no tsconfig \`${given}\``, `paths are relative to ${cwd}`);
  return file;
}

export async function openProject(tsconfig: string): Promise<Project> {
  const { Project: MorphProject, ts: bundled } = await loadTsMorph();
  const morph = opened(tsconfig, () => new MorphProject({ tsConfigFilePath: tsconfig }));
  // ts-morph bundles TypeScript 6 under its own names: the same compiler, which TypeScript cannot know.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  const ts = bundled as unknown as typeof typescript;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  const program = morph.getProgram().compilerObject as unknown as typescript.Program;
  refuseBrokenConfig(ts, program, tsconfig);
  const root = dirname(tsconfig);
  const entry = pluginEntry(program.getCompilerOptions(), root);
  const { settings, problems } = readOptions(entry ?? {});
  const context = { ts, program, checker: checkerOf(ts, program), settings, root };
  return { tsconfig, context, problems, hasPlugin: entry !== undefined };
}

async function loadTsMorph(): Promise<typeof tsMorph> {
  try {
    return await import('ts-morph');
  } catch (cause) {
    throw new CliError(
      'ts-morph, which loads the project, is not installed',
      'npm install --save-dev ts-morph@28',
      { cause },
    );
  }
}

function opened<T>(tsconfig: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(
      `${tsconfig} cannot be read: ${why}`,
      'correct it, or name another one with --project',
      {
        cause,
      },
    );
  }
}

function refuseBrokenConfig(ts: typeof typescript, program: typescript.Program, tsconfig: string): void {
  const { config, error } = ts.readConfigFile(tsconfig, (path) => ts.sys.readFile(path));
  const { raw, errors, fileNames } = ts.parseJsonConfigFileContent(config ?? {}, ts.sys, dirname(tsconfig));
  const isEmpty = fileNames.length === 0;
  const others = isEmpty ? referencesOf(raw) : [];
  if (others.length > 0)
    throw new CliError(
      `${tsconfig} has no files of its own, it only refers to other projects`,
      `name one of them with --project: ${others.join(', ')}`,
    );
  const all = [error, ...errors, ...program.getConfigFileParsingDiagnostics()].filter(
    (one) => one !== undefined,
  );
  if (all.length > 0) throw doesNotCompile(ts, all, dirname(tsconfig));
}

function referencesOf(raw: unknown): readonly string[] {
  // The tsconfig as it was written: it may hold anything.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every field is unknown
  const { references } = (raw ?? {}) as { readonly references?: unknown };
  if (!Array.isArray(references)) return [];
  return references.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'path' in one ? [String(one.path)] : [],
  );
}

/** What the types rest on must be right, or nothing that is said about them is. */
export function refuseTypeErrors(
  { context, tsconfig }: Project,
  files: readonly typescript.SourceFile[],
): void {
  const { ts, program } = context;
  const errors = [
    ...program.getOptionsDiagnostics(),
    ...files.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ].filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (errors.length > 0) throw doesNotCompile(ts, errors, dirname(tsconfig));
}

const SHOWN = 10;

function doesNotCompile(
  ts: typeof typescript,
  errors: readonly typescript.Diagnostic[],
  folder: string,
): CliError {
  const lines = ts
    .formatDiagnostics(errors.slice(0, SHOWN), {
      getCurrentDirectory: () => folder,
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    })
    .trimEnd();
  const more = errors.length > SHOWN ? `\n… and ${errors.length - SHOWN} more` : '';
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  return new CliError(
    `the project does not compile, expected no errors, got ${count}:\n${lines}${more}`,
    'correct them first: what can be said rests on the types',
  );
}

/** Files of the project itself: no declarations, no libraries. */
export function ownFiles({ context: { program } }: Project): readonly typescript.SourceFile[] {
  return program
    .getSourceFiles()
    .filter((file) => !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file));
}

/** A path as people read it, from where they are. */
export function shown(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}
