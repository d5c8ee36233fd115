/**
 * Compiles whole programs from the repository, as written and by the transformer, under the paths that they have there. A
 * file of subjects exports `subjects`: programs by name, each with the version that an expert would write by hand, if any.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as xcs from '../../runtime/index.ts';
import type { Descriptor } from '../../runtime/descriptor.ts';
import { compileModules, type CompiledModule } from './compile.ts';
import { leaveAsWritten, visibleConsole, watching } from './prove.ts';
import type { Create } from './run-program.ts';
import { transpileModules } from './transpile.ts';
import * as worldLink from './world-link.ts';

/** What a file of subjects exports by name. */
export interface Subjects {
  readonly create: Create;
  /** With `Promise.all` and the like, not compiled. */
  readonly byHand?: Create;
}

export interface WholeProgram {
  readonly name: string;
  readonly written: Create;
  readonly compiled: Create;
  readonly byHand: Create | undefined;
}

export interface WholePrograms {
  readonly programs: ReadonlyMap<string, WholeProgram>;
  readonly descriptors: readonly Descriptor[];
}

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const STUBS = ['stub-operators.ts', 'world-link.ts', 'snapshot.ts'].map((name) => `test/helpers/${name}`);

/** `files` are paths from the root of the repository; those in `entries` export `subjects`. */
export function loadWholePrograms(entries: readonly string[], files: readonly string[] = []): WholePrograms {
  const names = [...entries, ...files, ...STUBS];
  const sources = Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
  const writtenModules = transpileModules(sources);
  const compiledModules = compileModules(sources);
  const descriptors: Descriptor[] = [];
  const programs = new Map<string, WholeProgram>();
  for (const entry of entries) {
    const written = subjectsOf(writtenModules.get(entry), { ...xcs, structuralJit: leaveAsWritten });
    const compiled = subjectsOf(compiledModules.get(entry), {
      ...xcs,
      structuralJit: watching(descriptors),
    });
    for (const [name, { create, byHand }] of Object.entries(written)) {
      const other = compiled[name];
      if (other === undefined) throw new Error(`Compiled, ${entry} has no ${name}.`);
      programs.set(name, { name, written: create, compiled: other.create, byHand });
    }
  }
  return { programs, descriptors };
}

/** The same programs, compiled for the effects that this shows of their classes, but that what is marked learns. */
export function loadLearning(entries: readonly string[]): ReadonlyMap<string, Create> {
  const names = [...entries, ...STUBS];
  const sources = Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
  const modules = compileModules(sources);
  return new Map(
    entries.flatMap((entry) => {
      const subjects = subjectsOf(modules.get(entry), { ...xcs, structuralJit: learnInstead });
      return Object.entries(subjects).map(([name, { create }]) => [name, create] as const);
    }),
  );
}

/** `structuralJit` in all its call forms, but that what it is given learns. */
function learnInstead(subject: unknown): unknown {
  return typeof subject === 'function' ? Reflect.apply(xcs.jit, undefined, [subject]) : learnInstead;
}

function subjectsOf(
  module: Pick<CompiledModule, 'load'> | undefined,
  runtime: unknown,
): Readonly<Record<string, Subjects>> {
  const { subjects } =
    module?.load({
      modules: { xcs: runtime, 'runtime/index': runtime, 'world-link': worldLink },
      console: visibleConsole,
    }) ?? {};
  if (typeof subjects !== 'object' || subjects === null) throw new Error('A file of subjects exports them.');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what such files are written to export
  return subjects as Readonly<Record<string, Subjects>>;
}
