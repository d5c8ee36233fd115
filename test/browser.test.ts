/** The runtime works where there is no Node: bundled for the browser, run without `process`, `require` and `Buffer`. */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import transformer from '../transformer/index.ts';
import { repository } from './helpers/emission-package.ts';

const source = `import { executionOptions, Operator, structuralJit } from 'xcs';

class Search extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(input: string, { signal }: { readonly signal: AbortSignal }): Promise<string> {
    started.push(input);
    await Promise.resolve(signal);
    return '<' + input + '>';
  }
}

export const started: string[] = [];

@structuralJit({ maxConcurrency: 4 })
export class Answer extends Operator<string, string> {
  readonly #search = new Search();
  async forward(input: string): Promise<string> {
    const a = await this.#search.invoke(input);
    const b = await this.#search.invoke('b');
    started.push('joined');
    return a + b;
  }
}

export async function run(): Promise<string> {
  const free = await new Answer().invoke('a');
  return free + (await executionOptions({ scheduler: 'sequential' }, () => new Answer().invoke('c')));
}
`;

/** The program compiled by the transformer, as an ES module. */
function compile(): string {
  const file = path.join(repository, 'test/virtual-browser.ts');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts'],
    types: ['node'],
    noCheck: true,
    paths: { xcs: [path.join(repository, 'runtime/index.ts')] },
    allowImportingTsExtensions: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, source, version, true) : read(name, version);
  const program = ts.createProgram({ rootNames: [file], options, host });
  const diagnostics: ts.Diagnostic[] = [];
  const extras = { ts, addDiagnostic: (one: ts.Diagnostic) => diagnostics.push(one) };
  let output = '';
  const write = (_name: string, text: string): void => {
    output = text;
  };
  program.emit(program.getSourceFile(file), write, undefined, false, {
    before: [transformer(program, {}, extras)],
  });
  expect(diagnostics).toStrictEqual([]);
  return output;
}

async function bundle(
  contents: string,
  minify: boolean,
): Promise<{ readonly text: string; readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: path.join(repository, 'test'), loader: 'js' },
    alias: { xcs: path.join(repository, 'runtime/index.ts') },
    bundle: true,
    format: 'iife',
    globalName: 'program',
    platform: 'browser',
    target: 'es2022',
    metafile: true,
    minify,
    write: false,
    logLevel: 'silent',
  });
  // What nothing uses is read, and then left out.
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([name]) => name);
  return { text: outputFiles[0]?.text ?? '', inputs: used };
}

/** Runs a bundle where there is nothing but the language and what is listed here. */
function runInBrowser(text: string): unknown {
  const context = vm.createContext({
    console,
    setTimeout,
    clearTimeout,
    AbortController,
    AbortSignal,
    queueMicrotask,
    performance,
  });
  return vm.runInContext(
    `${text}\nprogram.run().then((result) => JSON.stringify([result, program.started]))`,
    context,
  );
}

const compiled = compile();

describe('a compiled class in the browser', () => {
  it('was compiled', () => {
    expect(compiled).toContain('static {');
    expect(compiled).not.toContain('asWritten');
  });

  it('runs without anything of Node, its calls overlapping, or in order when told to', async () => {
    const { text } = await bundle(compiled, false);
    const parallel = ['a', 'b', 'joined'];
    expect(await runInBrowser(text)).toBe(
      JSON.stringify(['<a><b><c><b>', [...parallel, 'c', 'b', 'joined']]),
    );
  });

  it('does not bring the graph with it', async () => {
    const { text, inputs } = await bundle(compiled, true);
    expect(inputs.some((input) => input.includes('runtime/structural-jit.ts'))).toBe(true);
    expect(inputs.filter((input) => /graphology|runtime\/graph\//.test(input))).toStrictEqual([]);
    const runtime = await bundle(`export { Operator, structuralJit } from 'xcs'`, true);
    const sizes = [text, runtime.text].map((one) => gzipSync(one, { level: 9 }).length);
    // oxlint-disable-next-line eslint/no-console -- a number to watch, which no test should fail on
    console.log(
      `minified and gzipped: the program ${sizes[0]} bytes, Operator and structuralJit alone ${sizes[1]} bytes`,
    );
  });

  it('can bring the graph too', async () => {
    const { text, inputs } = await bundle(`${compiled}\nexport { graphOf } from 'xcs';`, false);
    expect(inputs.some((input) => input.includes('graphology'))).toBe(true);
    expect(await runInBrowser(text)).toContain('<a><b><c><b>');
  });
});

describe('the sources of the runtime', () => {
  const files = fs
    .readdirSync(path.join(repository, 'runtime'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'));

  it.each(files)('import neither Node, nor the compiler, nor the transformer: %s', (name) => {
    const text = fs.readFileSync(path.join(repository, 'runtime', name), 'utf8');
    const { importedFiles } = ts.preProcessFile(text, true, true);
    const forbidden = importedFiles.filter(({ fileName }) =>
      /^node:|^typescript$|transformer\//.test(fileName),
    );
    expect(forbidden.map(({ fileName }) => fileName)).toStrictEqual([]);
  });
});
