/** A build that watches keeps the files that have not changed, with their nodes, for the next program. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { checkerOf } from '../transformer/checker.ts';
import { readOptions } from '../transformer/options.ts';
import { transformFile } from '../transformer/transform.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'virtual');
const main = join(folder, 'main.ts');

const MAIN = `import { Operator, structuralJit } from 'xcs';
export class Ask extends Operator<string, string> {
  static override readonly effect = 'unordered';
  override async forward(q: string): Promise<string> { return q; }
}
@structuralJit
export class Answer extends Operator<string, string> {
  readonly ask = new Ask();
  log: string[] = [];
  override async forward(q: string): Promise<string> {
    this.log.push(q);
    const first = await this.ask.invoke(q);
    this.log.push(first);
    return await this.ask.invoke(q);
  }
}
`;
/** From now on \`log\` is not only touched by the body. */
const READER = `import { Answer } from './main.ts';
export const logOf = (answer: Answer): string[] => answer.log;
`;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  paths: { xcs: [resolve(folder, '../../runtime/index.ts')] },
};

type Parsed = Map<string, ts.SourceFile | undefined>;

function compile(texts: ReadonlyMap<string, string>, parsed: Parsed): string {
  const disk = ts.createCompilerHost(OPTIONS);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => texts.has(name) || disk.fileExists(name),
    directoryExists: (name) => name === folder || disk.directoryExists?.(name) !== false,
    getSourceFile: (name, target) => {
      const text = texts.get(name);
      if (!parsed.has(name))
        parsed.set(
          name,
          text === undefined
            ? disk.getSourceFile(name, target)
            : ts.createSourceFile(name, text, target, true),
        );
      return parsed.get(name);
    },
  };
  const program = ts.createProgram({ rootNames: [...texts.keys()], options: OPTIONS, host });
  const { settings } = readOptions({});
  const context = { ts, program, checker: checkerOf(ts, program), settings, root: folder };
  const fail = (_: unknown, error: unknown): never => {
    throw new Error(String(error));
  };
  const reporter = { error: fail, internal: fail, describe: () => undefined };
  const file = program.getSourceFile(main);
  if (file === undefined) throw new Error('There is no main file.');
  const { transformed } = ts.transform(
    file,
    [(transformation) => (source) => transformFile(context, transformation, source, reporter)],
    OPTIONS,
  );
  return transformed.map((one) => ts.createPrinter().printFile(one)).join('');
}

it('forgets what another program has shown of a file', () => {
  const alone = new Map([[main, MAIN]]);
  const both = new Map([...alone, [join(folder, 'reader.ts'), READER]]);
  const kept: Parsed = new Map();
  const before = compile(alone, kept);
  const after = compile(both, kept);
  expect(after).toBe(compile(both, new Map()));
  expect(after).not.toBe(before);
});
