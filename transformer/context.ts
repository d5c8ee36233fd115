/** What every pass may ask: the compiler that runs us, the program, its types, our settings. One per program. */
import type ts from 'typescript';
import type { Span } from '../runtime/descriptor.ts';
import type { Settings } from './options.ts';

export interface Context {
  /** The TypeScript that runs the transformer; importing another would mix two instances. */
  readonly ts: typeof ts;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly settings: Settings;
  /** File names in descriptors are relative to this folder. */
  readonly root: string;
}

/** Where `node` stands. */
export function spanOf(context: Context, node: ts.Node): Span {
  const source = context.ts.getOriginalNode(node).getSourceFile();
  const start = source.getLineAndCharacterOfPosition(node.getStart(source));
  const end = source.getLineAndCharacterOfPosition(node.getEnd());
  return {
    file: relative(context.root, source.fileName),
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** The text of `node` on one line, shortened. */
export function labelOf(node: ts.Node, length = 72): string {
  const text = node.getText().replace(/\s+/g, ' ').replace(/;$/, '');
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function relative(root: string, file: string): string {
  return file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file.slice(file.lastIndexOf('/') + 1);
}
