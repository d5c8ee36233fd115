/** `FILE` and `FILE#Class`: finds the file in its project, and what is marked in it. */
import { statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { Descriptor } from '../../runtime/descriptor.ts';
import { analyse } from './analyse.ts';
import { CliError } from './cli-error.ts';
import { findTsconfig, openProject, refuseTypeErrors, shown } from './open-project.ts';

export interface Target {
  /** What is marked, or the one that was asked for. Never empty. */
  readonly descriptors: readonly Descriptor[];
}

export async function findTarget(text: string, project: string | undefined, cwd: string): Promise<Target> {
  const { path, name } = parseTarget(text);
  const file = existingFile(path, cwd);
  const tsconfig = findTsconfig(dirname(file), project, cwd);
  const opened = await openProject(tsconfig);
  const source = opened.context.program.getSourceFile(file);
  if (source === undefined)
    throw new CliError(
      `\`${path}\` is not part of the project ${shown(tsconfig, cwd)}`,
      'include it there, or name its project with --project',
    );
  refuseTypeErrors(opened, [source]);
  const { descriptors, diagnostics } = analyse(opened, [source]);
  const broken = diagnostics.map((one) =>
    opened.context.ts.flattenDiagnosticMessageText(one.messageText, '\n  '),
  );
  if (descriptors.length === 0 && broken.length > 0)
    throw new CliError(broken.join('\n'), 'correct that first');
  return { descriptors: choose(descriptors, path, name) };
}

function parseTarget(text: string): { readonly path: string; readonly name: string | undefined } {
  const at = text.lastIndexOf('#');
  return at === -1 ? { path: text, name: undefined } : { path: text.slice(0, at), name: text.slice(at + 1) };
}

function existingFile(path: string, cwd: string): string {
  const file = resolve(cwd, path);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new CliError(`there is no file \`${path}\``, `paths are relative to ${cwd}`);
  if (!found.isFile())
    throw new CliError(
      `\`${path}\` is a folder, expected a file`,
      'name a source file: src/answer.ts#Answer',
    );
  if (!/^\.[cm]?[jt]sx?$/.test(extname(file)))
    throw new CliError(
      `\`${path}\` is no TypeScript, expected a .ts file`,
      'name a source file: src/answer.ts#Answer',
    );
  return file;
}

function choose(all: readonly Descriptor[], path: string, name: string | undefined): readonly Descriptor[] {
  if (all.length === 0)
    throw new CliError(
      `nothing in \`${path}\` is marked with structuralJit`,
      'put `@structuralJit` on a class that extends Operator, or give an async function to `structuralJit`',
    );
  const chosen = name === undefined ? all : all.filter((one) => one.name === name);
  if (chosen.length > 0) return chosen;
  const names = all.map((one) => `${path}#${one.name}`).join(', ');
  throw new CliError(`\`${path}\` has nothing marked called \`${name}\``, `it has ${names}`);
}
