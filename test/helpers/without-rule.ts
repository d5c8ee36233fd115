/** `findDependences` as it would be if part of its source were deleted. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import type { findDependences } from '../../runtime/dependences.ts';
import * as effect from '../../runtime/effect.ts';
import * as errors from '../../runtime/errors.ts';
import * as seen from '../../runtime/seen.ts';
import * as shapes from '../../runtime/shapes.ts';

export type FindDependences = typeof findDependences;

/** Text that stands in these files once, and what is put there instead. */
export type Edits = Readonly<Record<string, string>>;

const FILES = [
  'accesses.ts',
  'conflicts.ts',
  'control-dependences.ts',
  'dependences.ts',
  'effect-dependences.ts',
  'in-place.ts',
  'iteration-objects.ts',
  'lingering-calls.ts',
  'memory-dependences.ts',
  'nesting.ts',
  'sweep.ts',
  'together.ts',
  'value-dependences.ts',
  'walk-regions.ts',
] as const;

const sources: ReadonlyMap<string, string> = new Map(
  FILES.map((file) => [`./${file}`, readFileSync(new URL(`../../runtime/${file}`, import.meta.url), 'utf8')]),
);

/** Everything in the files that hold the rules. */
export const sourceOfRules: string = [...sources.values()].join('\n');

export function withoutRule(edits: Edits): FindDependences {
  const loaded = new Map<string, Record<string, unknown>>([
    ['./effect.ts', { ...effect }],
    ['./errors.ts', { ...errors }],
    ['./seen.ts', { ...seen }],
    ['./shapes.ts', { ...shapes }],
  ]);
  const load = (file: string): Record<string, unknown> => {
    const known = loaded.get(file);
    if (known !== undefined) return known;
    const exported: Record<string, unknown> = {};
    loaded.set(file, exported);
    const text = Object.entries(edits).reduce(edit, sources.get(file) ?? '');
    // oxlint-disable-next-line typescript/no-implied-eval -- this is our own source, changed
    const run: unknown = new Function('exports', 'require', transpile(text));
    if (typeof run === 'function') run(exported, (name: string) => load(name));
    return exported;
  };
  const { findDependences: found } = load('./dependences.ts');
  if (typeof found !== 'function')
    throw new Error('runtime/dependences.ts exports `findDependences` no more.');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the same function but for the edits
  return found as FindDependences;
}

function edit(text: string, [from, to]: readonly [string, string]): string {
  return text.replace(from, () => to);
}

function transpile(text: string): string {
  const compilerOptions: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}
