/**
 * `xcs check`: everything that a build would say, also where a build says nothing (`noEmit`), and whether anything has
 * become more sequential than a baseline records.
 */
import { resolve } from 'node:path';
import type ts from 'typescript';
import type { Descriptor, Note } from '../../runtime/descriptor.ts';
import { findOverlappingLoops } from '../../runtime/overlap.ts';
import { analyse } from './analyse.ts';
import { findGone, findRegressions, readBaseline, record, writeBaseline } from './baseline.ts';
import {
  findTsconfig,
  openProject,
  ownFiles,
  type Project,
  refuseTypeErrors,
  shown,
} from './open-project.ts';
import { coloursOf, paint, type Surroundings } from './output.ts';

export interface CheckOptions {
  readonly project: string | undefined;
  /** Compare with this file. */
  readonly baseline: string | undefined;
  /** Write this file. */
  readonly writeBaseline: string | undefined;
}

/** Answers 1 if there is an error, or if something is more sequential than the baseline says. */
export async function checkCommand(options: CheckOptions, surroundings: Surroundings): Promise<number> {
  const { cwd, env, out, err } = surroundings;
  const project = await openProject(findTsconfig(cwd, options.project, cwd));
  const files = ownFiles(project);
  refuseTypeErrors(project, files);
  const before =
    options.baseline === undefined ? {} : readBaseline(resolve(cwd, options.baseline), options.baseline);
  const { descriptors, diagnostics } = analyse(project, files);
  const now = record(descriptors);
  const regressions = findRegressions(before, now);
  if (!project.hasPlugin) err.write(`warning: ${NO_PLUGIN(shown(project.tsconfig, cwd))}\n`);
  const lines = [
    ...descriptors.flatMap(describe),
    ...diagnostics.map((one) => `error  ${textOf(project, one)}`),
    ...regressions.map((one) => `more sequential  ${one}`),
    ...findGone(before, now).map((name) => `not there any more  ${name}`),
    summary(descriptors, diagnostics.length, regressions.length),
  ];
  out.write(paint(`${lines.join('\n')}\n`, coloursOf(out, env)));
  if (options.writeBaseline !== undefined)
    writeBaseline(resolve(cwd, options.writeBaseline), options.writeBaseline, now);
  return diagnostics.length + regressions.length > 0 ? 1 : 0;
}

const NO_PLUGIN = (tsconfig: string): string =>
  `${tsconfig} has no entry { "transform": "xcs/transformer" } in "plugins", so a build with it compiles nothing; ` +
  'the default options are assumed';

function describe(descriptor: Descriptor): readonly string[] {
  const { name, span, asWritten, notes } = descriptor;
  const what = asWritten === undefined ? describeGain(descriptor) : 'runs as written';
  const said = asWritten === undefined ? notes : [asWritten, ...notes.filter((one) => one !== asWritten)];
  return [`${span.file}:${span.line}:${span.column}  ${name}  ${what}`, ...said.flatMap(describeNote)];
}

function describeGain({ steps, regions = [], dependences, criticalPath }: Descriptor): string {
  const calls = steps.filter(({ kind }) => kind === 'call' || kind === 'start' || kind === 'async').length;
  const loops = steps.filter(({ kind }) => kind === 'loop').length;
  const overlapping = findOverlappingLoops(steps, dependences, regions).length;
  const gain = `calls: ${calls}, ${criticalPath} on the critical path`;
  return loops === 0 ? gain : `${gain}; the iterations of ${overlapping} of ${loops} loops overlap`;
}

function describeNote({ code, span, message, hint }: Note): readonly string[] {
  const line = `  ${code}  ${span.file}:${span.line}:${span.column}  ${message}`;
  return hint === '' ? [line] : [line, `       to change that: ${hint}`];
}

function textOf({ context: { ts, root } }: Project, { file, start = 0, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n       ');
  if (file === undefined) return text;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  return `${shown(file.fileName, root)}:${line + 1}:${character + 1}  ${text}`;
}

function summary(descriptors: readonly Descriptor[], errors: number, regressions: number): string {
  const asWritten = descriptors.filter((one) => one.asWritten !== undefined).length;
  const notes = descriptors.reduce((sum, one) => sum + one.notes.length, 0);
  return [
    `${counted(descriptors.length, 'marked', 'marked')}: ${descriptors.length - asWritten} compiled, ${asWritten} as written`,
    counted(errors, 'error', 'errors'),
    counted(notes, 'note', 'notes'),
    ...(regressions === 0 ? [] : [`${regressions} more sequential than recorded`]),
  ].join('; ');
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
