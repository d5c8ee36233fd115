/** Every code that the compiler can say: what it means, and what would unlock it. One source for messages and docs. */
import type { Note, Span } from '../runtime/descriptor.ts';

export interface Entry {
  /** Whose move it is: `invalid` (an error), `written` (runs as written), `kept` (keeps its place), `hint`, `internal`. */
  readonly severity: 'invalid' | 'written' | 'kept' | 'hint' | 'internal';
  /** The message; `%` stands for what it is about. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

export type Code =
  | 'XCS0011'
  | 'XCS0012'
  | 'XCS1011'
  | 'XCS1012'
  | 'XCS1013'
  | 'XCS1014'
  | 'XCS2001'
  | 'XCS2002'
  | 'XCS2003'
  | 'XCS2004'
  | 'XCS2005'
  | 'XCS2006'
  | 'XCS2007'
  | 'XCS2008'
  | 'XCS2009'
  | 'XCS2010'
  | 'XCS3001'
  | 'XCS3002'
  | 'XCS3003'
  | 'XCS3004'
  | 'XCS3005'
  | 'XCS3006'
  | 'XCS3007'
  | 'XCS4001'
  | 'XCS4002'
  | 'XCS5011';

export const catalogue: Readonly<Record<Code, Entry>> = {
  XCS0011: {
    severity: 'invalid',
    message: 'unknown plugin option `%`',
    hint: 'allowed: strict, externals, presets, undeclared, report',
  },
  XCS0012: {
    severity: 'invalid',
    message: 'plugin option %',
    hint: 'correct it in the plugin entry of tsconfig.json',
  },
  XCS1011: {
    severity: 'invalid',
    message: '`%` is marked with structuralJit but has no `forward`',
    hint: 'write `async forward(input) { … }`, or remove the mark',
  },
  XCS1012: {
    severity: 'invalid',
    message: 'structuralJit marks `%`, which is neither a class nor a function',
    hint: 'mark a class that extends Operator, or wrap an async function',
  },
  XCS1013: {
    severity: 'invalid',
    message: 'structuralJit option %',
    hint: 'see the options of structuralJit in the README',
  },
  XCS1014: {
    severity: 'invalid',
    message: 'strict: %',
    hint: 'change the code as the note says, or turn `strict` off',
  },
  XCS2001: {
    severity: 'written',
    message: 'the whole body runs as written: it uses `%`',
    hint: 'move that into a method of the class and call the method',
  },
  XCS2002: {
    severity: 'written',
    message: 'the whole body runs as written: `forward` is %',
    hint: 'make it an `async` method with a body and at most two parameters (input, context)',
  },
  XCS2003: {
    severity: 'written',
    message: '`%` inherits `forward`, whose class is not compiled',
    hint: 'mark the class that declares `forward`',
  },
  XCS2004: {
    severity: 'written',
    message: 'the whole body runs as written: %',
    hint: 'build with `tspc` or another build that has type information, not file by file',
  },
  XCS2005: {
    severity: 'written',
    message: 'from here on the body runs as written: % leaves the body early',
    hint: 'move the check before the calls that should overlap, or into a method of its own',
  },
  XCS2006: {
    severity: 'written',
    message: 'from here on the body runs as written: a function that is kept captures `%`, which changes',
    hint: 'capture a `const` or `let` copy of it',
  },
  XCS2007: {
    severity: 'written',
    message: 'runs as written, as one step: %',
    hint: 'calls inside it keep their order; move independent calls out of it',
  },
  XCS2008: {
    severity: 'written',
    message: 'the whole class runs as written: another decorator, `%`, is applied after structuralJit',
    hint: 'put structuralJit first (outermost)',
  },
  XCS2009: {
    severity: 'written',
    message: 'from here on the body runs as written: %',
    hint: 'use `const` and `let` at the top level of the body',
  },
  XCS2010: {
    severity: 'written',
    message: 'runs as written: what `%` is, `structuralJit` does not see',
    hint: 'give it the function itself, or a function of this module by its name; mark a class with `@structuralJit`',
  },
  XCS3001: {
    severity: 'kept',
    message: 'everything waits for `%`, of which nothing is known',
    hint: 'declare it: `operator(fn, { effect })`, the plugin option `externals`, or write it in this file',
  },
  XCS3002: {
    severity: 'kept',
    message: 'everything waits for the promise `%`, which no known call made',
    hint: 'make it an operator call, or declare the function that makes it in `externals`',
  },
  XCS3003: {
    severity: 'kept',
    message: 'changes `%`, which others may share, so it keeps its place',
    hint: 'change a copy instead: `toSorted()`, `[...list]`, `{ ...object }`',
  },
  XCS3004: {
    severity: 'kept',
    message: '`%` can be seen from outside, so it keeps its place',
    hint: 'nothing to do; calls that write nothing still pass it',
  },
  XCS3005: {
    severity: 'kept',
    message: 'converting `%` to a primitive may run code that is not known',
    hint: 'give it a primitive type, or convert it explicitly',
  },
  XCS3006: {
    severity: 'kept',
    message: 'the accessor `%` may run code that is not known',
    hint: 'make it a data property, or read it once before the calls',
  },
  XCS3007: {
    severity: 'kept',
    message: 'iterating `%` may run code that is not known',
    hint: 'iterate an array, Map, Set or string',
  },
  XCS4001: {
    severity: 'hint',
    message: 'an operator that declares no effect counts as sequential: %',
    hint:
      "declare `static readonly effect = 'unordered'` on it (or 'pure', or { reads, writes }), " +
      'or what it calls: `operator(fn, { effect })`, the plugin option `externals`',
  },
  XCS4002: {
    severity: 'hint',
    message: 'what a function calls keeps its order within it: %',
    hint: 'await the function where it is called, and write what it does there, if its calls are to overlap',
  },
  XCS5011: {
    severity: 'internal',
    message: 'the compiler failed here, so it runs as written: %',
    hint: 'please report this with the code around it',
  },
};

/** Whether `code` is one of the compiler's. */
export function isCode(code: string): code is Code {
  return Object.hasOwn(catalogue, code);
}

/** The note `code` about `what` at `span`. */
export function note(code: Code, span: Span, what: string): Note {
  const { message, hint } = catalogue[code];
  return { code, span, message: message.replace('%', () => what), hint };
}
