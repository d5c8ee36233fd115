/** Whole programs that learn, in rounds: at the first, second, third and fifth call, beside compiled ones and as written. */
import { isDeepStrictEqual } from 'node:util';
import { explain, getJitMetrics, resetJitMetrics, type Operator } from '../../runtime/index.ts';
import { linkOf } from '../../runtime/link.ts';
import type { Create, Subject, Trace } from '../helpers/run-program.ts';
import { loadLearning, loadWholePrograms, type WholeProgram } from '../helpers/whole-programs.ts';
import { roundsOf, runInRounds } from '../helpers/whole-runs.ts';
import { align } from './align.ts';
import { FILES, ROUNDS } from './program-rounds.ts';

const CALLS = [1, 2, 3, 5] as const;
const ALTERNATIONS = 40;

interface Measured {
  readonly program: string;
  readonly calls: number;
  readonly asWritten: number;
  readonly compiled: number;
  /** Rounds of each of `CALLS`, all with one input. */
  readonly same: readonly number[];
  /** The same with another input in each call, and so with other results. */
  readonly fresh: readonly number[];
  /** Time of calls that take turns between two inputs, of what the code as written takes. */
  readonly alternating: number;
  /** All of them give what the code as written gives. */
  readonly isEqual: boolean;
  /** Of all calls that were started. */
  readonly waste: number;
  readonly stoppedBy: readonly string[];
}

interface JitReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly measured: readonly Measured[];
  readonly links: readonly Links[];
}

/** What it takes to link the first instances of a compiled class, in microseconds of this machine. */
interface Links {
  readonly program: string;
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

export async function measureLearning(print: (text: string) => void): Promise<JitReport> {
  const { programs } = loadWholePrograms(FILES);
  const learning = loadLearning(FILES);
  const measured: Measured[] = [];
  for (const name of Object.keys(ROUNDS)) {
    const [program, create] = [programs.get(name), learning.get(name)];
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    if (program !== undefined && create !== undefined) measured.push(await measureProgram(program, create));
  }
  print(printTable(measured));
  const links = [...programs.values()].map(measureLinks);
  print(printLinks(links));
  return { versions: {}, measured, links };
}

async function measureProgram(program: WholeProgram, create: Create): Promise<Measured> {
  const written = await runInRounds(program.written);
  const compiled = await runInRounds(program.compiled);
  const most = Math.max(...CALLS);
  const same = await runCalls(
    keeping(create),
    Array.from({ length: most }, () => 0),
  );
  const learner = keeping(create);
  const fresh = await runCalls(
    learner,
    Array.from({ length: most }, (_, call) => call),
  );
  const stoppedBy = reasonsOf(learner().operator);
  return {
    program: program.name,
    calls: written.calls.length,
    asWritten: roundsOf(written),
    compiled: roundsOf(compiled),
    same: roundsAt(same),
    fresh: roundsAt(fresh),
    ...(await measureAlternation(program, create)),
    stoppedBy,
  };
}

function roundsAt(traces: readonly Trace[]): readonly number[] {
  return CALLS.flatMap((call) => traces[call - 1] ?? []).map(roundsOf);
}

/** Calls take turns between two inputs. */
async function measureAlternation(
  program: WholeProgram,
  create: Create,
): Promise<Pick<Measured, 'alternating' | 'isEqual' | 'waste'>> {
  const inputs = Array.from({ length: ALTERNATIONS }, (_, call) => call % 2);
  const written = await runCalls(keeping(program.written), inputs);
  resetJitMetrics();
  const learnt = await runCalls(keeping(create), inputs);
  const isEqual = learnt.every(({ outcome }, call) => isDeepStrictEqual(outcome, written[call]?.outcome));
  return {
    alternating: sum(learnt.map(roundsOf)) / sum(written.map(roundsOf)),
    isEqual,
    waste: getJitMetrics().waste,
  };
}

/** Calls with these variants of the input. */
async function runCalls(create: Create, variants: readonly number[]): Promise<readonly Trace[]> {
  const traces: Trace[] = [];
  for (const variant of variants) {
    const varied = (): Subject => {
      const subject = create();
      return { ...subject, input: vary(subject.input, variant) };
    };
    // oxlint-disable-next-line no-await-in-loop -- one call after another
    traces.push(await runInRounds(varied));
  }
  return traces;
}

/** The same structure with other texts in it. */
function vary(input: unknown, variant: number): unknown {
  if (typeof input === 'string') return variant === 0 ? input : `${input} (${variant})`;
  if (Array.isArray(input)) return input.map((one: unknown) => vary(one, variant));
  if (typeof input !== 'object' || input === null || Object.getPrototypeOf(input) !== Object.prototype)
    return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, value]: [string, unknown]) => [key, vary(value, variant)]),
  );
}

/** The same operator each time, with an input of its own. */
function keeping(create: Create): () => Subject & { readonly operator: Operator } {
  let kept: Subject['operator'] | undefined;
  return () => {
    const fresh = create();
    kept ??= fresh.operator;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the programs of the benchmark are operators
    return { ...fresh, operator: kept as Operator };
  };
}

/** What keeps steps of the latest way from being started early, the most frequent first. */
function reasonsOf(operator: Operator): readonly string[] {
  const counts = new Map<string, number>();
  const [, latest = ''] = explain(operator).split(/^way for.*$/mu);
  for (const [, reason = ''] of latest.matchAll(/not started early: (.*)$/gmu))
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .toSorted(([, one], [, other]) => other - one)
    .map(([reason, count]) => `${count}× ${reason}`);
}

function measureLinks({ name, compiled }: WholeProgram): Links {
  const link = (): number => {
    const { operator } = compiled();
    const start = performance.now();
    linkOf(operator, false);
    return 1000 * (performance.now() - start);
  };
  return { program: name, first: link(), second: link(), third: link() };
}

function printLinks(links: readonly Links[]): string {
  const heads = ['µs to link', 'first instance', 'second', 'third'];
  const rows = links.map(({ program, first, second, third }) => [
    program,
    ...[first, second, third].map((one) => one.toFixed(0)),
  ]);
  return `${align([heads, heads.map(() => '---'), ...rows])}\n`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

function printTable(measured: readonly Measured[]): string {
  const heads = [
    'rounds',
    'calls',
    'as written',
    'structuralJit',
    ...CALLS.map((call) => `jit, call ${call}`),
    ...CALLS.map((call) => `new input, call ${call}`),
    'alternating, of as written',
    'waste',
    'results',
    'what stops it',
  ];
  const rows = measured.map((one) => [
    one.program,
    String(one.calls),
    String(one.asWritten),
    String(one.compiled),
    ...one.same.map(String),
    ...one.fresh.map(String),
    `${(100 * one.alternating).toFixed(0)} %`,
    `${(100 * one.waste).toFixed(1)} %`,
    one.isEqual ? 'equal' : 'different',
    one.stoppedBy.join('; '),
  ]);
  return `${align([heads, heads.map(() => '---'), ...rows])}\n`;
}
