/** What is told about a code beyond its message: why it is so, and a minimal program that shows it, before and after. */

export interface Explanation {
  /** What it is about, where the message alone does not stand for it. */
  readonly title?: string;
  /** Why it is so, and what it means. */
  readonly why: string;
  readonly example: Example;
  /** The same, changed so that the code is not said any more; absent when there is nothing to change. */
  readonly fixed?: Example;
}

/**
 * - `program`: compiled behind `PREAMBLE`, says the code;
 * - `plugin`: an entry of `plugins`, with which any build says the code;
 * - `run`: run behind the imports of `xcs`, throws or warns with the code;
 * - `text`: cannot be shown by one program.
 */
export interface Example {
  readonly kind: 'program' | 'plugin' | 'run' | 'text';
  readonly code: string;
}

/** What stands before each program. */
export const PREAMBLE = `import { Operator, structuralJit } from 'xcs';

class Model extends Operator<string, string> {
  static override readonly effect: 'unordered' = 'unordered';
  async forward(text: string): Promise<string> { return text; }
}
`;

/** A marked class with this body. */
export function composite(body: readonly string[], members: readonly string[] = []): Example {
  const lines = [
    '@structuralJit',
    'export class Answer extends Operator<string, unknown> {',
    '  readonly model = new Model();',
    ...members.map((line) => `  ${line}`),
    '  async forward(q: string): Promise<unknown> {',
    ...body.map((line) => `    ${line}`),
    '  }',
    '}',
  ];
  return program(lines);
}

export function program(lines: readonly string[]): Example {
  return { kind: 'program', code: lines.join('\n') };
}

export function plugin(code: string): Example {
  return { kind: 'plugin', code };
}

export function run(...lines: readonly string[]): Example {
  return { kind: 'run', code: lines.join('\n') };
}

export function text(...lines: readonly string[]): Example {
  return { kind: 'text', code: lines.join('\n') };
}
