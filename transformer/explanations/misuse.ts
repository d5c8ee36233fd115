/** Codes of the compiler for its own set-up (001x), for wrong use (101x), and for its own failures (501x). */
import type { Code } from '../catalogue.ts';
import { composite, type Explanation, plugin, program, text } from './explanation.ts';

type MisuseCode = Extract<Code, 'XCS0011' | 'XCS0012' | `XCS101${number}` | 'XCS5011'>;

export const misuse: Readonly<Record<MisuseCode, Explanation>> = {
  XCS0011: {
    why: 'A misspelt option would silently leave its default in force.',
    example: plugin('{ "transform": "xcs/transformer", "strickt": true }'),
    fixed: plugin('{ "transform": "xcs/transformer", "strict": false }'),
  },
  XCS0012: {
    why: 'An option with a value that means nothing leaves its default in force, so the build says so.',
    example: plugin('{ "transform": "xcs/transformer", "undeclared": "pure" }'),
    fixed: plugin('{ "transform": "xcs/transformer", "undeclared": "unordered" }'),
  },
  XCS1011: {
    why: 'What is compiled is the body of `forward`: a marked class without one has nothing to compile.',
    example: program(['@structuralJit', 'export abstract class Answer extends Operator<string, string> {}']),
    fixed: composite(['return await this.model.invoke(q);']),
  },
  XCS1012: {
    why: 'Only classes with `forward` and functions have a body to compile.',
    example: program([
      '// @ts-expect-error: the types say so, too',
      "export const answer = structuralJit('text');",
    ]),
    fixed: program([
      'export const answer = structuralJit(async (q: string) => await new Model().invoke(q));',
    ]),
  },
  XCS1013: {
    why: 'Options that are literals are checked at build time; the rest is checked when the program starts.',
    example: program(['@structuralJit({ maxConcurrency: 0 })', ...markedClass()]),
    fixed: program(['@structuralJit({ maxConcurrency: 1 })', ...markedClass()]),
  },
  XCS1014: {
    why: 'The plugin option `strict` makes every piece that runs as written an error, so that a build proves that all overlaps that can be had are had.',
    example: plugin('{ "transform": "xcs/transformer", "strict": true }'),
    fixed: plugin('{ "transform": "xcs/transformer", "strict": false }'),
  },
  XCS5011: {
    why: 'Something in the compiler went wrong. The class is left as written, so that it still does what it says.',
    example: text('error XCS5011: the compiler failed here, so it runs as written: …'),
  },
};

function markedClass(): readonly string[] {
  return composite(['return await this.model.invoke(q);']).code.split('\n').slice(1);
}
