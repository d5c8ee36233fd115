/** Every `@example` and the TypeScript of README.md run as they stand, and give what their comments say. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import ts from 'typescript';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkDescriptor } from '../runtime/check.ts';
import { explainDescriptor } from '../runtime/explain-descriptor.ts';
import { graphFromDescriptor } from '../runtime/graph/from-descriptor.ts';
import * as xcs from '../runtime/index.ts';
import type { Operator } from '../runtime/operator.ts';
import { printDescriptor } from '../runtime/print.ts';
import { compileModule } from './helpers/compile.ts';
import { sample } from './helpers/sample-descriptor.ts';

/** Where it is, and its code. */
type Example = readonly [place: string, code: string];
type Classes = Readonly<Record<'Answer' | 'Judge' | 'Search', new (...args: unknown[]) => xcs.Operator>>;
type Names = Readonly<Record<string, unknown>>;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const sources = readdirSync(join(root, 'runtime'), { recursive: true, encoding: 'utf8' })
  .flatMap((file) => (file.endsWith('.ts') ? `runtime/${file}` : []))
  .toSorted();
const examples = sources.flatMap(examplesOf);
const readme = [...read('README.md').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);
const [tenLines = '', loopExample = '', graphExample = '', recordedExample = '', jitExample = ''] = readme;
const classes = compileModule(`
import { Operator, structuralJit } from 'xcs';
export class Search extends Operator<{ q: string }, string[]> {
  static override readonly effect = 'unordered';
  async forward({ q }: { q: string }) { return q === '' ? Promise.reject(new Error('No question.')) : [q]; }
}
export class Judge extends Operator<object, string> {
  static override readonly effect = 'unordered';
  async forward() { return 'fine'; }
}
@structuralJit
export class Answer extends Operator<{ q: string }, string> {
  readonly judge: Judge;
  readonly #search = new Search();
  constructor(judge = new Judge()) { super(); this.judge = judge; }
  async forward(input: { q: string }) {
    const docs = await this.#search.invoke(input);
    const left = await this.judge.invoke({ docs, side: 'left' });
    const right = await this.judge.invoke({ docs, side: 'right' });
    return await this.judge.invoke({ left, right });
  }
}`);

// Not public, but they have examples too.
const internals = { checkDescriptor, explainDescriptor, graphFromDescriptor, printDescriptor };
const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
afterEach(() => {
  xcs.resetExecutionOptions();
  warn.mockClear();
});

describe('examples', () => {
  it('are all found', () => {
    const written = sources.map((file) => read(file).match(/^\s*(\/\*)?\* @example\b/gm)?.length ?? 0);
    expect(examples).toHaveLength(written.reduce((sum, one) => sum + one, 0));
    expect(readme).toHaveLength(5);
  });

  it.each([
    ...examples,
    ['README.md, a graph by hand', graphExample] as const,
    ['README.md, a recorded graph', recordedExample] as const,
    ['README.md, jit', jitExample] as const,
  ])('%s', async (_, code) => {
    await expect(run(code)).resolves.toBeUndefined();
  });

  it('README.md, ten lines: compiled, the first two calls overlap', async () => {
    const events: string[] = [];
    const callTheModel = async (prompt: string): Promise<string> => {
      events.push(`> ${prompt}`);
      await Promise.resolve();
      events.push(`< ${prompt}`);
      return prompt.toUpperCase();
    };
    await run(tenLines, { callTheModel });
    expect(events.slice(0, 2)).toEqual(['> facts about graphs', '> doubts about graphs']);
    expect(events.at(-1)).toBe('< graphs\nFACTS ABOUT GRAPHS\nDOUBTS ABOUT GRAPHS');
    expect(warn).not.toHaveBeenCalled();
  });

  it('README.md, code as you write it: all sources are asked at once, and one falls back', async () => {
    const { Ask } = compileModule(`
    import { Operator, structuralJit } from 'xcs';
    type Page = string;
    class Source extends Operator<string, Page> {
      static override readonly effect = 'unordered';
      constructor(readonly name: string, readonly ask: (name: string) => Promise<Page>) { super(); }
      async forward() { return await this.ask(this.name); }
    }
    @structuralJit
    export class Ask extends Operator<string, unknown> {
      readonly sources: readonly Source[];
      readonly archive: Source;
      constructor(ask: (name: string) => Promise<Page>) {
        super();
        this.sources = ['a', 'b', 'c'].map((name) => new Source(name, ask));
        this.archive = new Source('archive', ask);
      }
      async forward(question: string) { ${loopExample} return pages; }
    }`).load({ modules: { xcs } });
    const events: string[] = [];
    const ask = async (name: string): Promise<string> => {
      events.push(`> ${name}`);
      await Promise.resolve();
      events.push(`< ${name}`);
      if (name === 'b') throw new Error('not there');
      return name;
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source above exports just this
    const answer = new (Ask as new (ask: unknown) => Operator<string>)(ask);
    expect(await answer.invoke('graphs')).toEqual(['a', 'archive', 'c']);
    expect(events.slice(0, 3)).toEqual(['> a', '> b', '> c']);
  });
});

function examplesOf(file: string): readonly Example[] {
  const text = read(file);
  return [...text.matchAll(/\/\*\*.*?\*\//gs)].flatMap(({ 0: comment, index }) => {
    const plain = comment.replace(/\s*\*\/$/, '\n').replace(/^\s*(\/\*)?\* ?/gm, '');
    // A decorator of ours begins a line as a tag does.
    return [...plain.matchAll(/^@example\n(.*?)(?=^@(?!structuralJit)|$(?!.))/gms)].map((found) => {
      const before = text.slice(0, index) + plain.slice(0, found.index);
      return [`${file}:${before.split('\n').length}`, found[1] ?? ''] as const;
    });
  });
}

/** Runs it, and checks that each comment that is a value was reached and is right. */
async function run(example: string, more: Names = {}): Promise<void> {
  const { code, comments } = mark(example);
  const seen: string[] = [];
  const check = (actual: unknown): number => seen.push(inspect(actual, { depth: null }));
  const given = { ...standIns(), ...more, check };
  await (/^@/m.test(code) ? runCompiled(code, given) : runWritten(code, { ...xcs, ...given }));
  expect(seen).toEqual(comments.map((comment) => inspect(valueOf(comment), { depth: null })));
}

/** Puts each expression whose line ends with a value into a `check`; what has backticks is prose. */
function mark(code: string): { readonly code: string; readonly comments: readonly string[] } {
  const source = parse(code);
  const edits: { readonly node: ts.Expression; readonly comment: string }[] = [];
  const visit = (node: ts.Node): void => {
    const [range] = ts.getTrailingCommentRanges(source.text, node.end) ?? [];
    const comment = range && source.text.slice(range.pos + 2, range.end).trim();
    if (ts.isExpressionStatement(node) && comment !== undefined && !comment.includes('`')) {
      const { expression } = node;
      const logs = ts.isCallExpression(expression) && expression.expression.getText() === 'console.log';
      edits.push({ node: (logs ? expression.arguments[0] : undefined) ?? expression, comment });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const wrap = (text: string, { node }: { readonly node: ts.Expression }): string =>
    `${text.slice(0, node.getStart())}check(${node.getText()})${text.slice(node.end)}`;
  return { code: edits.reduceRight(wrap, code), comments: edits.map(({ comment }) => comment) };
}

/** As a module, where `await` is a word of the language. */
function parse(code: string): ts.SourceFile {
  return ts.createSourceFile('example.ts', `${code}\nexport {};`, ts.ScriptTarget.ES2022, true);
}

/** A comment without quotes may be a string as it is printed. */
function valueOf(comment: string): unknown {
  try {
    return evaluate(`return (${comment});`, {});
  } catch {
    return comment;
  }
}

function evaluate(body: string, names: Names): unknown {
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call -- what this file is for
  return new Function(...Object.keys(names), body)(...Object.values(names));
}

async function runWritten(code: string, names: Names): Promise<void> {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  // In a function of its own, for it may declare what is given.
  const { outputText } = ts.transpileModule(`const main = async () => {\n${code}\n};`, { compilerOptions });
  await evaluate(`${outputText}\nreturn main();`, names);
}

/** Classes stay where they are, for the transformer; what is awaited after them goes into a function. */
async function runCompiled(code: string, given: Names): Promise<void> {
  const statements = parse(code).statements.slice(0, -1);
  const isTop = (one: ts.Statement): boolean => ts.isImportDeclaration(one) || ts.isClassDeclaration(one);
  const text = (wanted: boolean): string =>
    statements.flatMap((one) => (isTop(one) === wanted ? one.getFullText() : [])).join('');
  const isUsed = (name: string): boolean =>
    new RegExp(`\\b${name}\\b`).test(code) && !new RegExp(`(class|const|import .*) ${name}\\b`).test(code);
  const used = (names: Names): string => Object.keys(names).filter(isUsed).join(', ');
  const compiled = compileModule(`
    import { ${used(xcs)} } from 'xcs';
    import { ${used(given)} } from './given';
    ${text(true)}
    export async function main() { ${text(false)}\n}`);
  expect(compiled.diagnostics).toEqual([]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it exports just that
  const { main } = compiled.load({ modules: { xcs, given } }) as { readonly main: () => Promise<void> };
  await main();
}

/** What examples use as given, besides the public exports: made anew for each. */
function standIns(): Names {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just these
  const operators = classes.load({ modules: { xcs } }) as unknown as Classes;
  const judge = new operators.Judge();
  const node = xcs.operator(async () => ({ half: 1, text: 'text' }));
  const graphOfAll = (): xcs.XCSGraph =>
    ['search', 'split', 'left', 'draft', 'judge', 'answer'].reduce(
      (graph, id) => graph.addOperator(id, node),
      new xcs.XCSGraph(),
    );
  return {
    ...operators,
    judge,
    answer: new operators.Answer(judge),
    search: xcs.operator(async (q: string) => [q], { effect: 'unordered' }),
    input: { q: 'why?' },
    q: '', // nothing to search for: `failedStep` has something to tell
    double: xcs.operator(async ({ value }: { value: number }) => ({ result: value * 2 })),
    square: xcs.operator(async ({ value }: { value: number }) => value ** 2),
    ...Object.fromEntries(['graph', 'base', 'other'].map((name) => [name, graphOfAll()])),
    compiled: { descriptor: sample },
    text: JSON.stringify(sample),
    ...internals,
    console: { log: () => {}, error: () => {} },
  };
}
