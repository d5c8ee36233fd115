/** Codes of what runs as written: 2xxx. */
import type { Code } from '../catalogue.ts';
import { composite, type Explanation, program, text } from './explanation.ts';

const FIRST = 'const first = await this.model.invoke(q);';
const SECOND = 'const second = await this.model.invoke(`not ${q}`);';
const BOTH = 'return [first, second];';

export const asWritten: Readonly<Record<Extract<Code, `XCS2${string}`>, Explanation>> = {
  XCS2001: {
    why: 'Some code means something only where it stands: `super`, `arguments`, `eval`. Its body cannot be taken apart.',
    example: composite([FIRST, SECOND, 'return [first, second, arguments.length];']),
    fixed: composite([FIRST, SECOND, BOTH]),
  },
  XCS2002: {
    why: 'Steps are cut at `await`. A body without `async` has none, and a generator decides itself when it goes on.',
    example: program(
      composite(['return this.model.invoke(q);']).code.replace('async forward', 'forward').split('\n'),
    ),
    fixed: composite(['return await this.model.invoke(q);']),
  },
  XCS2003: {
    why: 'A body is compiled for the class that it stands in. Marking only a subclass leaves the inherited body alone.',
    example: program([
      ...composite([FIRST, SECOND, BOTH]).code.replace('Answer', 'Base').split('\n').slice(1),
      '@structuralJit',
      'export class Answer extends Base {}',
    ]),
    fixed: program([
      ...composite([FIRST, SECOND, BOTH]).code.replace('Answer', 'Base').split('\n'),
      '@structuralJit',
      'export class Answer extends Base {}',
    ]),
  },
  XCS2004: {
    why: 'Which calls are operators is known by their types. Builds that look at one file at a time have none.',
    example: text('ts.transpileModule(source, …), isolated watch modes, bundlers without a program'),
    fixed: text('tspc -p tsconfig.json'),
  },
  XCS2005: {
    why: 'Code that may leave the body early decides whether what follows runs at all.',
    example: composite([
      FIRST,
      'for await (const word of [first]) if (word === q) return word;',
      SECOND,
      BOTH,
    ]),
    fixed: composite([FIRST, SECOND, BOTH]),
  },
  XCS2006: {
    why: 'A function that is kept sees its variables as they are when it is called. A `let` moves into memory for that; a parameter, or a variable that a class in the body names, cannot, so it must stay with the function.',
    example: composite([
      'const about = (text: string): string => `${q}: ${text}`;',
      "const first = await this.model.invoke(about('one'));",
      'q = q.trim();',
      "const second = await this.model.invoke(about('two'));",
      BOTH,
    ]),
    fixed: composite([
      'let topic = q;',
      'const about = (text: string): string => `${topic}: ${text}`;',
      "const first = await this.model.invoke(about('one'));",
      'topic = q.trim();',
      "const second = await this.model.invoke(about('two'));",
      BOTH,
    ]),
  },
  XCS2007: {
    why: 'A piece whose order is decided while it runs is one step: it overlaps with others, not within itself.',
    example: composite([
      'let answer = q;',
      'let key: string;',
      'for (key in { a: 1 }) answer = await this.model.invoke(answer + key);',
      SECOND,
      'return [answer, second];',
    ]),
    fixed: composite([FIRST, SECOND, BOTH]),
  },
  XCS2008: {
    why: 'A decorator outside of ours may replace the class, and then what is compiled would stand on another one.',
    example: program([
      'function mark(_target: unknown, _context: ClassDecoratorContext): void {}',
      '@mark',
      ...composite([FIRST, SECOND, BOTH]).code.split('\n'),
    ]),
    fixed: text('@structuralJit', '@mark', 'class Answer extends Operator<string, unknown> { … }'),
  },
  XCS2009: {
    why: '`var` in a block and `using` belong to a whole scope, so what follows them stays together.',
    example: composite([
      FIRST,
      'if (q) {',
      '  var found: number | undefined = first.length;',
      '}',
      SECOND,
      'return [first, second, found];',
    ]),
    fixed: composite([
      FIRST,
      'const found = q ? first.length : undefined;',
      SECOND,
      'return [first, second, found];',
    ]),
  },
  XCS2010: {
    why: 'Code is compiled where it stands: a function that comes out of an object or a call, or from another module, is not seen, and neither is the inside of a class that is marked by a call.',
    example: program([
      'const answers = { short: async (q: string): Promise<string> => q };',
      'export const answer = structuralJit(answers.short);',
    ]),
    fixed: program(['export const answer = structuralJit(async (q: string): Promise<string> => q);']),
  },
};
