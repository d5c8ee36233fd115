/** Compiles fixtures, as written and through the transformer, and keeps what each stage makes. */
import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import { checkerOf } from '../../transformer/checker.ts';
import type { Context } from '../../transformer/context.ts';
import type { OnStage } from '../../transformer/compile.ts';
import { readOptions } from '../../transformer/options.ts';
import type { Lowered } from '../../transformer/piece.ts';
import { ProgramReport } from '../../transformer/report.ts';
import { transformFile } from '../../transformer/transform.ts';
import type { Descriptor } from '../../runtime/descriptor.ts';
import { fixturesFolder, root, type Fixture } from './fixture-files.ts';
import { programsOf } from './fixture-program.ts';

/** One body: its pieces, unless it runs as written, and its descriptor. */
export interface Body {
  readonly lowered: Lowered | undefined;
  readonly descriptor: Descriptor;
}

export interface CompiledFixture {
  readonly fixture: Fixture;
  /** The source of `input.ts`. */
  readonly text: string;
  readonly bodies: readonly Body[];
  readonly diagnostics: readonly string[];
  /** What TypeScript has to say about the program. */
  readonly typeErrors: readonly string[];
  /** The JavaScript of all its files. */
  readonly outputText: string;
  /** Evaluates the program afresh. */
  load(
    as: 'written' | 'compiled',
    modules: Readonly<Record<string, unknown>>,
    console: unknown,
  ): Readonly<Record<string, unknown>>;
}

export function compileFixtures(fixtures: readonly Fixture[]): readonly CompiledFixture[] {
  return programsOf(fixtures).flatMap(({ program, fixtures: members }) => {
    const shared = program.getSourceFiles().filter((file) => isShared(file.fileName));
    const both = {
      written: new Map(shared.map((file) => [stem(file.fileName), emit(program, file, [])])),
      compiled: new Map(
        shared.map((file) => [stem(file.fileName), emit(program, file, [factoryOf(program, {}, quiet)])]),
      ),
    };
    return members.map((fixture) => compileFixture(program, fixture, both));
  });
}

interface Outputs {
  readonly written: ReadonlyMap<string, string>;
  readonly compiled: ReadonlyMap<string, string>;
}

function compileFixture(program: ts.Program, fixture: Fixture, shared: Outputs): CompiledFixture {
  const files = program.getSourceFiles().filter((file) => file.fileName.startsWith(`${fixture.folder}/`));
  const heard: Heard = { bodies: [], diagnostics: [] };
  const factory = factoryOf(program, fixture.settings, heard);
  const outputs = {
    written: new Map([
      ...shared.written,
      ...files.map((file) => [stem(file.fileName), emit(program, file, [])] as const),
    ]),
    compiled: new Map([
      ...shared.compiled,
      ...files.map((file) => [stem(file.fileName), emit(program, file, [factory])] as const),
    ]),
  };
  const errors = files.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]);
  return {
    fixture,
    text: program.getSourceFile(fixture.input)?.text ?? '',
    ...heard,
    typeErrors: program.getCompilerOptions().noLib === true ? [] : errors.map(textOf),
    outputText: files.map((file) => outputs.compiled.get(stem(file.fileName)) ?? '').join('\n'),
    load: (as, modules, visible) => evaluate(stem(fixture.input), outputs[as], modules, visible),
  };
}

interface Heard {
  readonly bodies: Body[];
  readonly diagnostics: string[];
}

const quiet: Heard = { bodies: [], diagnostics: [] };

/** What the plugin's entry does, with its stages offered to the test. */
function factoryOf(
  program: ts.Program,
  { plugin = {}, failAt }: Fixture['settings'],
  heard: Heard,
): ts.TransformerFactory<ts.SourceFile> {
  const { settings, problems } = readOptions(plugin);
  const context: Context = { ts, program, checker: checkerOf(ts, program), settings, root };
  const report = new ProgramReport(context);
  const add = (diagnostic: ts.Diagnostic): void => void heard.diagnostics.push(textOf(diagnostic));
  for (const { code, what } of problems) add(report.optionError(code, what));
  let lowered: Lowered | undefined;
  const onStage: OnStage = (name, value) => {
    if (name === failAt) throw new Error(`The test fails ${name}.`);
    if ('pieces' in value) lowered = value;
  };
  return (transformation) => (file) => {
    const reporter = report.reporterFor(file, add);
    const describe: typeof reporter.describe = (source, descriptor) => {
      heard.bodies.push({ lowered, descriptor });
      lowered = undefined;
      reporter.describe(source, descriptor);
    };
    return transformFile(context, transformation, file, { ...reporter, describe }, onStage);
  };
}

function textOf({ messageText, file, start }: ts.Diagnostic): string {
  const at =
    file === undefined || start === undefined ? undefined : file.getLineAndCharacterOfPosition(start);
  const place = at === undefined ? '' : `${at.line + 1}:${at.character + 1}  `;
  // Stacks tell where in the compiler, which is not what a fixture is about.
  return `error  ${place}${ts.flattenDiagnosticMessageText(messageText, '\n')}`.replaceAll(
    /\n {4}at .*/g,
    '',
  );
}

function isShared(name: string): boolean {
  return dirname(name) === fixturesFolder && !name.endsWith('.d.ts');
}

function emit(
  program: ts.Program,
  file: ts.SourceFile,
  before: ts.TransformerFactory<ts.SourceFile>[],
): string {
  let output = '';
  program.emit(file, (name, text) => void (output = name.endsWith('.js') ? text : output), undefined, false, {
    before,
  });
  return output;
}

type Code = (exports: Record<string, unknown>, require: (name: string) => unknown, console: unknown) => void;

function evaluate(
  entry: string,
  outputs: ReadonlyMap<string, string>,
  modules: Readonly<Record<string, unknown>>,
  visible: unknown,
): Readonly<Record<string, unknown>> {
  const loaded = new Map<string, Record<string, unknown>>();
  const load = (file: string): Record<string, unknown> => {
    const known = loaded.get(file);
    if (known !== undefined) return known;
    const text = outputs.get(file);
    if (text === undefined) throw new Error(`No module ${file}: have ${[...outputs.keys()].join(', ')}.`);
    const exported: Record<string, unknown> = {};
    loaded.set(file, exported);
    // Evaluating what we have just compiled is this file's purpose; its parameters are the three of `Code`.
    // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion
    const run = new Function('exports', 'require', 'console', `${text}\n//# sourceURL=${file}.js`) as Code;
    run(
      exported,
      (name) => (Object.hasOwn(modules, name) ? modules[name] : load(stem(resolve(dirname(file), name)))),
      visible,
    );
    return exported;
  };
  return load(entry);
}

function stem(file: string): string {
  return file.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
}
