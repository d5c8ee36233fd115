/**
 * Runs the transformer over files without emitting them, and keeps what it finds. The passes are those of a build: there is
 * no second analysis.
 */
import type ts from 'typescript';
import type { Descriptor } from '../../runtime/descriptor.ts';
import { ProgramReport } from '../report.ts';
import { transformFile } from '../transform.ts';
import type { Project } from './open-project.ts';

export interface Analysis {
  /** What is marked, file by file, in the order of the source. */
  readonly descriptors: readonly Descriptor[];
  /** What a build would report as errors. */
  readonly diagnostics: readonly ts.Diagnostic[];
}

export function analyse({ context, problems }: Project, files: readonly ts.SourceFile[]): Analysis {
  const report = new ProgramReport(context);
  const diagnostics: ts.Diagnostic[] = problems.map(({ code, what }) => report.optionError(code, what));
  const descriptors = files.flatMap((file) => {
    const found: Descriptor[] = [];
    const reporter = report.reporterFor(file, (one) => void diagnostics.push(one));
    const keep: typeof reporter.describe = (source, descriptor) => {
      found.push(descriptor);
      reporter.describe(source, descriptor);
    };
    const factory: ts.TransformerFactory<ts.SourceFile> = (transformation) => (source) =>
      transformFile(context, transformation, source, { ...reporter, describe: keep });
    context.ts.transform(file, [factory], context.program.getCompilerOptions()).dispose();
    return found.toSorted(bySource);
  });
  return { descriptors, diagnostics };
}

function bySource({ span: one }: Descriptor, { span: other }: Descriptor): number {
  return one.line - other.line || one.column - other.column;
}
