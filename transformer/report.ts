/** What the compiler says: errors as TypeScript diagnostics, everything else into the report file. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type ts from 'typescript';
import type { Descriptor, Note, Span } from '../runtime/descriptor.ts';
import { catalogue, type Code, isCode } from './catalogue.ts';
import { type Context, spanOf } from './context.ts';
import { presets } from './presets.ts';
import type { Reporter } from './transform.ts';

/** What the report says about a class or function. */
interface Entry {
  readonly name: string;
  readonly span: Span;
  readonly steps: number;
  readonly criticalPath: number;
  readonly notes: readonly Note[];
}

export class ProgramReport {
  readonly #context: Context;
  /** Names of the files seen, as spans have them. */
  readonly #seen = new Set<string>();
  readonly #entriesOf = new Map<string, Entry[]>();
  #earlier: readonly Entry[] | undefined;
  #isChanged = true;
  #isUnwritable = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** A diagnostic about the plugin entry, which stands in no source file. */
  optionError(code: Code, what: string): ts.Diagnostic {
    return this.#diagnostic(undefined, undefined, code, what);
  }

  reporterFor(file: ts.SourceFile, add: (diagnostic: ts.Diagnostic) => void): Reporter {
    const name = spanOf(this.#context, file).file;
    const entries: Entry[] = [];
    this.#isChanged ||= this.#earlier?.some((entry) => entry.span.file === name) === true;
    this.#seen.add(name);
    this.#entriesOf.set(file.fileName, entries);
    return {
      error: (node, code, what) => add(this.#diagnostic(file, node, code, what)),
      internal: (node, error) =>
        add(
          this.#diagnostic(
            file,
            node,
            'XCS5011',
            error instanceof Error ? (error.stack ?? error.message) : String(error),
          ),
        ),
      describe: (_, descriptor) => {
        entries.push(entryOf(descriptor));
        this.#isChanged = true;
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
        ...this.#diagnostic(file, undefined, 'XCS1014', `${code} ${message}`),
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

  /**
   * Writes the report as far as it is known: files are transformed one by one, and those that have not changed not at
   * all. What an earlier build has said about those still holds.
   */
  write(add: (diagnostic: ts.Diagnostic) => void): void {
    const { root, settings } = this.#context;
    if (settings.report === false || !this.#isChanged) return;
    const file = resolve(root, settings.report);
    this.#earlier ??= readEntries(file).filter((entry) => this.#isOfProgram(entry));
    const inUse = presets.filter(({ from }) => settings.presets.includes(from));
    const content = { options: settings, presets: inUse, classes: this.#entries(this.#earlier) };
    this.#isChanged = false;
    try {
      makeFolder(dirname(file));
      writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!this.#isUnwritable) add(this.optionError('XCS0012', `\`report\` cannot be written: ${why}`));
      this.#isUnwritable = true;
    }
  }

  #entries(earlier: readonly Entry[]): readonly Entry[] {
    const kept = earlier.filter(({ span }) => !this.#seen.has(span.file));
    const all = [...kept, ...[...this.#entriesOf.values()].flat()];
    return all.toSorted((first, second) => compare(first.span.file, second.span.file));
  }

  #isOfProgram({ span }: Entry): boolean {
    return this.#context.program.getSourceFile(resolve(this.#context.root, span.file)) !== undefined;
  }
}

function entryOf({ name, span, steps, criticalPath, notes, asWritten }: Descriptor): Entry {
  return { name, span, steps: steps.length, criticalPath, notes: asWritten ? [asWritten] : notes };
}

function compare(first: string, second: string): number {
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

/** Folder by folder: where a file system refuses new ones with ENOENT, as `/proc` does, Node's `recursive` never ends. */
function makeFolder(folder: string): void {
  if (existsSync(folder) || dirname(folder) === folder) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another build may have been faster.
    if (!existsSync(folder)) throw error;
  }
}

/** The classes of an earlier report, if there is one. */
function readEntries(file: string): readonly Entry[] {
  try {
    // Our own file; whatever else stands there is left out.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const content = JSON.parse(readFileSync(file, 'utf8')) as { readonly classes?: readonly Entry[] };
    return (content.classes ?? []).filter((entry) => typeof entry.span.file === 'string');
  } catch {
    return [];
  }
}
