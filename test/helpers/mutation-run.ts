/**
 * Tells whether a change of the compiler or of the rules is noticed: by a fixture, whose `expected.md` shows descriptor and
 * code, or by a program of the rules, the regressions or the generator, which breaks the law.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type * as Xcs from '../../runtime/index.ts';
import { moduleCompiler, type CompiledModule, type Transformer } from './compile.ts';
import { findFixtures, root, type Fixture } from './fixture-files.ts';
import { programsOf } from './fixture-program.ts';
import { Asked } from './mutation-asked.ts';
import { groupsOfCases, type Case } from './mutation-cases.ts';
import { findTypeError } from './mutation-types.ts';
import type { Mutant } from './mutants.ts';
import { MutatedSource, type Load } from './mutated-source.ts';
import { pairOf } from './prove.ts';
import { transpileModules, type WrittenModule } from './transpile.ts';
import { withinReason } from './within-reason.ts';

/** A fixture, with what shows it: text that depends on the compiler only. */
interface Sample {
  readonly fixture: Fixture;
  readonly program: ts.Program;
  readonly files: readonly ts.SourceFile[];
  readonly expected: string;
}

/** A case, both ways. */
interface Subject extends Case {
  readonly group: number;
  readonly file: string;
  readonly written: WrittenModule;
  readonly compiled: CompiledModule;
}

export interface Verdict {
  readonly mutant: Mutant;
  /** What notices it; absent if it survives. */
  readonly killer?: string;
  /** A survivor that leaves all code and all dependences of those programs as they were. */
  readonly isUnseen: boolean;
}

interface Compile {
  (group: number, file: string): CompiledModule;
  /** The code of what the programs import. */
  readonly imported: () => readonly string[];
}

const printer = ts.createPrinter();
const COMPILER = 'transformer/index.ts';
/** Who asks for what all programs import. */
const IMPORTED = 'what is imported';

export class MutationRun {
  readonly #asked = new Asked();
  readonly #source = new MutatedSource({ wrap: this.#asked.wrap });
  /** Those that have noticed something lately come first. */
  #samples: Sample[];
  #subjects: Subject[];
  readonly #compilers: readonly ReturnType<typeof moduleCompiler>[];
  readonly #imported: string;

  constructor() {
    const load = this.#source.with();
    // Everything that a change may reach has to be known before.
    load('runtime/index.ts');
    const unread = programsOf(findFixtures()).flatMap(({ program, fixtures }) =>
      fixtures
        .filter(({ settings }) => settings.failAt === undefined)
        .map((fixture) => ({ fixture, program })),
    );
    this.#samples = unread.map(({ fixture, program }) => {
      const files = program
        .getSourceFiles()
        .filter(({ fileName }) => fileName.startsWith(`${fixture.folder}/`));
      const sample = { fixture, program, files, expected: '' };
      return { ...sample, expected: this.#asked.during(fixture.name, () => show(sample, load)) };
    });
    const groups = groupsOfCases().map(({ cases, others }) => {
      const files = { ...Object.fromEntries(cases.map(({ source }, i) => [`p${i}.ts`, source])), ...others };
      return { cases, compiler: moduleCompiler(files), written: transpileModules(files) };
    });
    this.#compilers = groups.map(({ compiler }) => compiler);
    const compile = this.#compile(load);
    this.#imported = this.#asked.during(IMPORTED, () => compile.imported().join('\n'));
    this.#subjects = groups.flatMap(({ cases, written }, group) =>
      cases.map((one, i) => {
        const file = `p${i}.ts`;
        const module = written.get(file);
        if (module === undefined) throw new Error(`The batch has no ${file}.`);
        const compiled = this.#asked.during(compiling(one), () => compile(group, file));
        return { ...one, group, file, written: module, compiled };
      }),
    );
  }

  /** Runs all that a change of the runtime may change, so that it is known what `findDependences` is asked, and by which. */
  async prepare(): Promise<void> {
    const load = this.#source.with();
    for (const subject of this.#subjects) {
      this.#asked.by = subject.name;
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const wrong = await this.#judgeCase(subject, subject.compiled, load);
      if (wrong !== '') throw new Error(`${subject.name} breaks the law as it is: ${wrong}`);
    }
    this.#asked.by = undefined;
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    try {
      const load = this.#source.with(mutant);
      return await this.#judge(mutant, load);
    } catch (error) {
      return { mutant, killer: `it throws: ${String(error).slice(0, 80)}`, isUnseen: false };
    }
  }

  async #judge(mutant: Mutant, load: Load): Promise<Verdict> {
    // Of what finds dependences alone, the answers say all.
    const askers = Asked.covers(mutant.file)
      ? this.#asked.askersOfOtherAnswers(mutant.file, load)
      : undefined;
    if (askers !== undefined && askers.size === 0) return this.#survivor(mutant, true);
    const isSameCompiler = load(COMPILER) === this.#source.with()(COMPILER);
    const isShownAlike = ({ fixture }: Sample): boolean =>
      isSameCompiler || askers?.has(fixture.name) === false;
    const samples = this.#samples.filter((sample) => !isShownAlike(sample));
    const noticed = samples.find((sample) => withinReason(() => show(sample, load)) !== sample.expected);
    if (noticed !== undefined) {
      this.#samples = [noticed, ...this.#samples.filter((one) => one !== noticed)];
      return { mutant, killer: `fixture ${noticed.fixture.name}`, isUnseen: false };
    }
    const compile = this.#compile(load);
    const isOfCompiler = mutant.file.startsWith('transformer/');
    const isSameWorld = isOfCompiler && compile.imported().join('\n') === this.#imported;
    let isUnseen = true;
    for (const subject of this.#subjects) {
      const { name, group, file, compiled } = subject;
      const isCompiledAlike =
        isSameCompiler || (askers?.has(compiling(subject)) === false && !askers.has(IMPORTED));
      if (isCompiledAlike && askers?.has(name) === false) continue;
      const module = isCompiledAlike ? compiled : withinReason(() => compile(group, file));
      const isSame = module.outputText === compiled.outputText;
      if (!isSame) isUnseen = false;
      // The same code on the same runtime runs the same.
      if (isSame && isSameWorld) continue;
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const wrong = await this.#judgeCase(subject, module, load);
      if (wrong === '') continue;
      this.#subjects = [subject, ...this.#subjects.filter((one) => one !== subject)];
      return { mutant, killer: name, isUnseen: false };
    }
    return this.#survivor(mutant, isUnseen && askers === undefined);
  }

  #survivor(mutant: Mutant, isUnseen: boolean): Verdict {
    const error = findTypeError(mutant);
    return error === undefined
      ? { mutant, isUnseen }
      : { mutant, killer: `types: ${error}`, isUnseen: false };
  }

  async #judgeCase(subject: Subject, module: CompiledModule, load: Load): Promise<string> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the same module but for the change
    const runtime = load('runtime/index.ts') as unknown as typeof Xcs;
    return subject.judge(pairOf(subject.written, module, runtime));
  }

  #compile(load: Load): Compile {
    const compilers = this.#compilers.map((compiler) => compiler(transformerOf(load)));
    const compile = (group: number, file: string): CompiledModule => {
      const compiler = compilers[group];
      if (compiler === undefined) throw new Error(`There is no group ${group}.`);
      return compiler.module(file);
    };
    return Object.assign(compile, { imported: () => compilers.flatMap((compiler) => compiler.imported()) });
  }
}

/** Who asks while a case is compiled. */
function compiling({ name }: Case): string {
  return `compiling ${name}`;
}

function show({ fixture, program, files }: Sample, load: Load): string {
  const transformer = transformerOf(load);
  const said: string[] = [];
  const extras = {
    ts,
    addDiagnostic: ({ messageText }: ts.Diagnostic) =>
      said.push(ts.flattenDiagnosticMessageText(messageText, ' ')),
  };
  const factory = transformer(program, fixture.settings.plugin ?? {}, extras);
  const texts = files
    .filter((file) => !file.isDeclarationFile)
    .map((file) => {
      const { transformed } = ts.transform(file, [factory], program.getCompilerOptions());
      return transformed.map((one) => printer.printFile(one)).join('\n');
    });
  return [...texts, ...said].join('\n');
}

function transformerOf(load: Load): Transformer {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the default export of the compiler
  return load(COMPILER)['default'] as Transformer;
}

export function readSource(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
