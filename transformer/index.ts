/** The ts-patch entry: `{ "transform": "xcs/transformer" }` in the `plugins` of tsconfig.json. */
import type { PluginConfig, TransformerExtras } from 'ts-patch';
import type ts from 'typescript';
import { ProgramReport } from './report.ts';
import type { Context } from './context.ts';
import { readOptions } from './options.ts';
import { transformFile } from './transform.ts';

export type { External, PluginOptions } from './options.ts';

const reports = new WeakMap<ts.Program, ProgramReport>();

/** Makes the transformer for `program`. ts-patch calls this, once per program or once per emitted file. */
export default function transformer(
  program: ts.Program,
  config: PluginConfig,
  extras: Pick<TransformerExtras, 'ts' | 'addDiagnostic'>,
): ts.TransformerFactory<ts.SourceFile> {
  const { settings, problems } = readOptions(config);
  const { ts } = extras;
  const context: Context = {
    ts,
    program,
    checker: program.getTypeChecker(),
    settings,
    root: program.getCurrentDirectory(),
  };
  const known = reports.get(program);
  const report = known ?? new ProgramReport(context);
  reports.set(program, report);
  if (known === undefined)
    for (const { code, what } of problems) extras.addDiagnostic(report.optionError(code, what));
  return (transformation) => (file) => {
    const reporter = report.reporterFor(file, (diagnostic) => {
      extras.addDiagnostic(diagnostic);
    });
    const rewritten = transformFile(context, transformation, file, reporter);
    report.write();
    return rewritten;
  };
}
