/** The ts-patch entry: `{ "transform": "xcs/transformer" }` in the `plugins` of tsconfig.json. */
import { dirname } from 'node:path';
import type { PluginConfig, TransformerExtras } from 'ts-patch';
import type ts from 'typescript';
import { ProgramReport } from './report.ts';
import { checkerOf } from './checker.ts';
import type { Context } from './context.ts';
import { pluginEntry, readOptions } from './options.ts';
import { transformFile } from './transform.ts';

export type { External, PluginOptions } from './options.ts';

const reports = new WeakMap<ts.Program, ProgramReport>();

/** Makes the transformer for `program`. ts-patch calls this, once per program or once per emitted file. */
export default function transformer(
  program: ts.Program,
  config: PluginConfig,
  extras: Pick<TransformerExtras, 'ts' | 'addDiagnostic'>,
): ts.TransformerFactory<ts.SourceFile> {
  // With `transformProgram` others stand in these places, and a whole program is wanted, which we do not make.
  if (!('ts' in extras) || !('addDiagnostic' in extras)) throw new Error(programWanted);
  const root = rootOf(program);
  // ts-patch keeps these to itself.
  const { after, afterDeclarations } = pluginEntry(program.getCompilerOptions(), root) ?? {};
  const { settings, problems, isLate } = readOptions({ ...config, after, afterDeclarations });
  const { ts } = extras;
  const context: Context = {
    ts,
    program,
    checker: checkerOf(ts, program),
    settings,
    root,
  };
  const known = reports.get(program);
  const report = known ?? new ProgramReport(context);
  reports.set(program, report);
  if (known === undefined)
    for (const { code, what } of problems) extras.addDiagnostic(report.optionError(code, what));
  if (isLate) return () => (file) => file;
  return (transformation) => (file) => {
    const add = (diagnostic: ts.Diagnostic): void => {
      extras.addDiagnostic(diagnostic);
    };
    const rewritten = transformFile(context, transformation, file, report.reporterFor(file, add));
    report.write(add);
    return rewritten;
  };
}

const programWanted =
  'XCS0012: plugin option `transformProgram` is true; expected it to be left out: ' +
  '`xcs/transformer` rewrites files one by one; correct it in the plugin entry of tsconfig.json';

/** The folder of the tsconfig, so that what is emitted does not depend on where the compiler was started. */
function rootOf(program: ts.Program): string {
  const { configFilePath } = program.getCompilerOptions();
  return typeof configFilePath === 'string' ? dirname(configFilePath) : program.getCurrentDirectory();
}
