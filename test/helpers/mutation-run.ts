/**
 * Tells whether a change of the compiler or of the rules is noticed: by a fixture, whose `expected.md` shows descriptor and
 * code, or by a program of the rules or of the regressions, which breaks the law.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type * as Xcs from '../../runtime/index.ts';
import { otherFiles } from '../regressions/fields.ts';
import { callThemes, memoryThemes } from '../regressions/programs.ts';
import { rules } from '../rules/programs.ts';
import { printRule, violationOf } from '../rules/verdict.ts';
import type { Transformer } from './compile.ts';
import { findFixtures, root, type Fixture } from './fixture-files.ts';
import { programsOf } from './fixture-program.ts';
import type { Mutant } from './mutants.ts';
import { MutatedSource, type Load } from './mutated-source.ts';
import { compilePairs, type Pair } from './prove.ts';
import { differencesOf, printRegression } from './regression.ts';

/** A fixture, with what shows it: text that depends on the compiler only. */
interface Sample {
  readonly fixture: Fixture;
  readonly program: ts.Program;
  readonly files: readonly ts.SourceFile[];
  readonly expected: string;
}

/** A program that keeps the law unless something is wrong. */
interface Case {
  readonly name: string;
  readonly source: string;
  /** What is wrong; nothing if it keeps the law. */
  readonly judge: (pair: Pair) => Promise<string>;
}

const CASES: readonly Case[] = [
  ...rules.map((rule) => ({
    name: `rule "${rule.name}"`,
    source: printRule(rule),
    judge: (pair: Pair) => violationOf(rule, pair),
  })),
  ...Object.values({ ...callThemes, ...memoryThemes })
    .flat()
    .filter(({ knownGap }) => knownGap === undefined)
    .map((one) => ({
      name: `regression "${one.claim}"`,
      source: printRegression(one),
      judge: (pair: Pair) => differencesOf(pair, one.ties ?? true),
    })),
];

export interface Verdict {
  readonly mutant: Mutant;
  /** What notices it; absent if it survives. */
  readonly killer?: string;
  /** A survivor that also compiles those programs to the same code. */
  readonly isUnseen: boolean;
}

const printer = ts.createPrinter();

export class MutationRun {
  readonly #source = new MutatedSource();
  /** Those that have noticed something lately come first. */
  #samples: Sample[];
  readonly #texts = CASES.map(({ source }) => source);
  #order = CASES.map((_, i) => i);
  readonly #compiled: readonly string[];

  constructor() {
    const load = this.#source.with();
    const unread = programsOf(findFixtures()).flatMap(({ program, fixtures }) =>
      fixtures
        .filter(({ settings }) => settings.failAt === undefined)
        .map((fixture) => ({ fixture, program })),
    );
    // Everything that a change may reach has to be known before.
    load('runtime/index.ts');
    this.#samples = unread.map(({ fixture, program }) => {
      const files = program
        .getSourceFiles()
        .filter(({ fileName }) => fileName.startsWith(`${fixture.folder}/`));
      const sample = { fixture, program, files, expected: '' };
      return { ...sample, expected: show(sample, load) };
    });
    this.#compiled = compilePairs(this.#texts, { transformer: transformerOf(load) }, otherFiles).map(
      (one) => one.outputText,
    );
  }

  async judge(mutant: Mutant): Promise<Verdict> {
    const load = this.#source.with(mutant);
    try {
      const noticed = this.#samples.find((sample) => show(sample, load) !== sample.expected);
      if (noticed !== undefined) {
        this.#samples = [noticed, ...this.#samples.filter((one) => one !== noticed)];
        return { mutant, killer: `fixture ${noticed.fixture.name}`, isUnseen: false };
      }
      return await this.#judgeByLaw(mutant, load);
    } catch (error) {
      return { mutant, killer: `it throws: ${String(error).slice(0, 80)}`, isUnseen: false };
    }
  }

  async #judgeByLaw(mutant: Mutant, load: Load): Promise<Verdict> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is the same module but for the change
    const runtime = load('runtime/index.ts') as unknown as typeof Xcs;
    const pairs = compilePairs(this.#texts, { transformer: transformerOf(load) }, otherFiles, runtime);
    const isUnseen = pairs.every(({ outputText }, i) => outputText === this.#compiled[i]);
    if (isUnseen && mutant.file.startsWith('transformer/')) return { mutant, isUnseen };
    const isRuntime = mutant.file.startsWith('runtime/');
    for (const i of this.#order) {
      const [one, pair] = [CASES[i], pairs[i]];
      // The same code on the same runtime runs the same.
      if (one === undefined || pair === undefined || (!isRuntime && pair.outputText === this.#compiled[i]))
        continue;
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      if ((await one.judge(pair)) === '') continue;
      this.#order = [i, ...this.#order.filter((other) => other !== i)];
      return { mutant, killer: one.name, isUnseen: false };
    }
    return { mutant, isUnseen };
  }
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
  return load('transformer/index.ts')['default'] as Transformer;
}

export function readSource(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
