/** Why the lowering of a body is given up, to be begun again in another way. */
import type ts from 'typescript';
import type { Note } from '../runtime/descriptor.ts';
import { type Code, note } from './catalogue.ts';
import { type Context, spanOf } from './context.ts';

/** From this statement on the body must run as written. */
export class Uncuttable extends Error {
  readonly note: Note;

  constructor(context: Context, code: Code, node: ts.Node, what: string) {
    super(code);
    this.note = note(code, spanOf(context, node), what);
  }
}

/** The body can be cut only if these variables are cells. */
export class NeedsCells extends Error {
  readonly variables: readonly ts.Symbol[];

  constructor(variables: readonly ts.Symbol[]) {
    super(variables.map(({ name }) => name).join());
    this.variables = variables;
  }
}
