/** What the compiler says: errors as TypeScript diagnostics, everything else into the report file. */
import type ts from 'typescript';
import type { Descriptor } from '../runtime/descriptor.ts';
import { catalogue, type Code, isCode } from './catalogue.ts';
import type { Context } from './context.ts';
import type { Reporter } from './transform.ts';

export class ProgramReport {
  readonly #context: Context;
  readonly #descriptors = new Map<string, Descriptor[]>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** A diagnostic about the plugin entry, which stands in no source file. */
  optionError(code: Code, what: string): ts.Diagnostic {
    return this.#diagnostic(undefined, undefined, code, what);
  }

  reporterFor(file: ts.SourceFile, add: (diagnostic: ts.Diagnostic) => void): Reporter {
    this.#descriptors.delete(file.fileName);
    return {
      error: (node, code, what) => add(this.#diagnostic(file, node, code, what)),
      internal: (node, error) =>
        add(
          this.#diagnostic(
            file,
            node,
            'XCS5001',
            error instanceof Error ? (error.stack ?? error.message) : String(error),
          ),
        ),
      describe: (_, descriptor) => {
        this.#descriptors.set(file.fileName, [...(this.#descriptors.get(file.fileName) ?? []), descriptor]);
        if (this.#context.settings.strict) this.#reportStrictly(file, descriptor, add);
      },
    };
  }

  /** Under `strict` whatever runs as written is an error. */
  #reportStrictly(
    file: ts.SourceFile,
    descriptor: Descriptor,
    add: (diagnostic: ts.Diagnostic) => void,
  ): void {
    const notes = descriptor.asWritten ? [descriptor.asWritten] : descriptor.notes;
    for (const { code, span, message } of notes) {
      if (!isCode(code) || catalogue[code].severity !== 'written') continue;
      const start = file.getPositionOfLineAndCharacter(span.line - 1, span.column - 1);
      const end = file.getPositionOfLineAndCharacter(span.endLine - 1, span.endColumn - 1);
      add({
        ...this.#diagnostic(file, undefined, 'XCS1004', `${code} ${message}`),
        start,
        length: end - start,
      });
    }
  }

  #diagnostic(
    file: ts.SourceFile | undefined,
    node: ts.Node | undefined,
    code: Code,
    what: string,
  ): ts.Diagnostic {
    const { ts } = this.#context;
    const { message, hint } = catalogue[code];
    return {
      category: ts.DiagnosticCategory.Error,
      code: 990_000 + Number(code.slice(3)),
      file,
      start: node?.getStart(file),
      length: node && node.getEnd() - node.getStart(file),
      messageText: {
        messageText: `${code}: ${message.replace('%', () => what)}`,
        category: ts.DiagnosticCategory.Error,
        code: 990_000 + Number(code.slice(3)),
        next: [{ messageText: hint, category: ts.DiagnosticCategory.Message, code: 990_000 }],
      },
    };
  }

  /** Writes the report as far as it is known: files are transformed one by one, and some not at all. */
  write(): void {
    const { ts, root, settings } = this.#context;
    if (settings.report === false) return;
    const descriptors = [...this.#descriptors]
      .toSorted(([first], [second]) => (first < second ? -1 : 1))
      .flatMap(([, found]) => found);
    const content = {
      options: settings,
      classes: descriptors.map(({ name, span, steps, criticalPath, notes, asWritten }) => ({
        name,
        span,
        steps: steps.length,
        criticalPath,
        notes: asWritten ? [asWritten] : notes,
      })),
    };
    ts.sys.writeFile(
      ts.sys.resolvePath(`${root}/${settings.report}`),
      `${JSON.stringify(content, undefined, 2)}\n`,
    );
  }
}
