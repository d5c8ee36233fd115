/** What the transformer adds to a build, what each pass takes and how that grows, and how much longer what it emits is. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { compileModules } from '../helpers/compile.ts';
import { align } from './align.ts';
import { buildProgram, timePasses } from './builds.ts';
import { longMethod, manyFiles } from './compile-programs.ts';
import { compare, type Comparison, median } from './measure.ts';
import { FILES } from './program-rounds.ts';

interface Build extends Comparison {
  readonly files: number;
  readonly classes: number;
}

interface Passes {
  readonly statements: number;
  /** Milliseconds by pass, medians; `total` is all of them. */
  readonly passes: Readonly<Record<string, number>>;
  readonly total: number;
}

interface Emitted {
  readonly program: string;
  /** Bytes as they are, and gzipped: without the plugin, and with it. */
  readonly written: readonly [number, number];
  readonly compiled: readonly [number, number];
}

interface CompileReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly builds: readonly Build[];
  readonly bodies: readonly Passes[];
  readonly emitted: readonly Emitted[];
}

const BUILDS: readonly (readonly [files: number, classes: number])[] = [
  [100, 20],
  [1000, 200],
];
const STATEMENTS = [100, 300, 1000, 3000, 10_000];
const ROUNDS = 3;

export async function measureCompiling(print: (text: string) => void): Promise<CompileReport> {
  const bodies = STATEMENTS.map(measureBody);
  print(printPasses(bodies));
  const emitted = measureEmitted();
  print(printEmitted(emitted));
  const builds: Build[] = [];
  for (const [files, classes] of BUILDS) {
    print(`building ${files} files, ${classes} classes …`);
    builds.push(await measureBuild(files, classes)); // eslint-disable-line no-await-in-loop
  }
  print(printBuilds(builds));
  return { versions: {}, builds, bodies, emitted };
}

async function measureBuild(files: number, classes: number): Promise<Build> {
  const sources = manyFiles(files, classes);
  const build = async (withPlugin: boolean): Promise<void> => {
    const errors = buildProgram(sources, withPlugin);
    if (errors > 0) throw new Error(`the program of ${files} files has ${errors} type errors.`);
  };
  const comparison = await compare(
    () => build(false),
    () => build(true),
    { pairs: 3, runs: 1 },
  );
  return { files, classes, ...comparison };
}

function measureBody(statements: number): Passes {
  const sources = longMethod(statements);
  const rounds = Array.from({ length: ROUNDS + 1 }, () => timePasses(sources)).slice(1);
  const names = [...(rounds[0]?.keys() ?? [])];
  const passes = names.map((name) => [name, median(rounds.map((round) => round.get(name) ?? 0))] as const);
  const total = passes.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
  return { statements, passes: Object.fromEntries(passes), total };
}

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

function measureEmitted(): readonly Emitted[] {
  const helpers = ['stub-operators.ts', 'world-link.ts', 'snapshot.ts'].map((name) => `test/helpers/${name}`);
  const names = [...FILES, ...helpers];
  const sources = Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
  const [written, compiled] = [compileModules(sources, { as: 'written' }), compileModules(sources)];
  const sizes = (text = ''): readonly [number, number] => [text.length, gzipSync(text, { level: 9 }).length];
  return FILES.map((name) => ({
    program: name.split('/').at(-1) ?? name,
    written: sizes(written.get(name)?.outputText),
    compiled: sizes(compiled.get(name)?.outputText),
  }));
}

function printBuilds(builds: readonly Build[]): string {
  const head = ['build', 'without the plugin', 'with it', 'ratio'];
  const rows = builds.map(({ files, classes, milliseconds, ratio, quartiles }) => [
    `${files} files, ${classes} marked classes`,
    ...milliseconds.map((one) => `${one.toFixed(0)} ms`),
    `${ratio.toFixed(2)} (${quartiles.map((one) => one.toFixed(2)).join('–')})`,
  ]);
  return align([head, head.map(() => '---'), ...rows]);
}

function printPasses(bodies: readonly Passes[]): string {
  const names = Object.keys(bodies[0]?.passes ?? {});
  const head = ['one method, statements', ...names, 'total', 'per statement'];
  const rows = bodies.map(({ statements, passes, total }) => [
    String(statements),
    ...names.map((name) => `${(passes[name] ?? 0).toFixed(1)} ms`),
    `${total.toFixed(1)} ms`,
    `${((total * 1000) / statements).toFixed(0)} µs`,
  ]);
  return align([head, head.map(() => '---'), ...rows]);
}

function printEmitted(emitted: readonly Emitted[]): string {
  const head = ['emitted', 'without the plugin', 'with it', 'gzipped', 'with it'];
  const rows = emitted.map(({ program, written, compiled }) => [
    program,
    ...[written[0], compiled[0], written[1], compiled[1]].map((bytes) => `${(bytes / 1000).toFixed(1)} KB`),
  ]);
  return align([head, head.map(() => '---'), ...rows]);
}
