/** Litmus programs: small bodies written by hand, each run under a thousand random latency and failure seeds. */
import { refuteLearning } from './prove-jit.ts';
import { compilePair, printCounterexample, refute, schedules, type Pair } from './prove.ts';
import { runProgram, type RunOptions, type Trace } from './run-program.ts';

export const SEEDS = 1000;
/** Operators that learn, each from eight calls. */
const LEARNERS = 2;

/** A thousand runs of two programs take about a second on an idle machine; a busy one may need many. */
export const TIMEOUT: { readonly timeout: number } = { timeout: 120_000 };

export interface LitmusProgram {
  /** The statements of `forward`; `input` is `{ q, n, tags, doc }`. */
  readonly body: string;
  /** Members of the class. */
  readonly fields?: string;
  readonly module?: string;
  /** Statements of `create`, after `const operator = new Program()`. */
  readonly create?: string;
  /** The decorator. @default '@structuralJit' */
  readonly decorator?: string;
}

export function print(program: LitmusProgram): string {
  return `
import { Operator, operator, structuralJit, executionOptions } from 'xcs';
import * as lab from '../lab.ts';
import { lookup, pause, type CallContext, type Doc, type Question } from '../lab.ts';
export { lookup, pause, operator, executionOptions, type CallContext, type Question };
interface Input { readonly q: string; readonly n: number; readonly tags: string[]; readonly doc: Doc }
${program.module ?? ''}
${program.decorator ?? '@structuralJit'}
export class Program extends Operator<Input, unknown> {
  ${program.fields ?? ''}
  override async forward(input: Input): Promise<unknown> {
    ${program.body}
  }
}
export const create = () => {
  const operator = new Program();
  ${program.create ?? ''}
  return { operator, input: { q: 'why', n: 3, tags: ['b', 'a'], doc: { text: 'd', tags: ['e'], n: 1 } } };
};
`;
}

export interface Expected {
  /** The body is compiled, not run as written. @default true */
  readonly compiled?: boolean;
  /** With latencies of 10 each and no failure, the compiled run settles then. @default not said */
  readonly settlesAt?: number;
  readonly options?: RunOptions;
}

interface Verdict {
  readonly diagnostics: readonly string[];
  /** Where compiled and written differ, with both traces; empty if they never do. */
  readonly violation: string;
  /** The same where the program is called again and again, and learns from that. */
  readonly learning: string;
  readonly compiled: boolean;
  readonly settlesAt: number | undefined;
}

export interface Proof {
  readonly pair: Pair;
  readonly verdict: Verdict;
  readonly expected: Verdict;
}

/** Runs it both ways under every seed, and as one that learns under some. */
export async function prove(program: LitmusProgram, expected: Expected = {}): Promise<Proof> {
  const { compiled = true, settlesAt, options = {} } = expected;
  const pair = compilePair(print(program), { check: true });
  const found = await refute(pair, schedules(SEEDS), options);
  const descriptor = pair.descriptors.find((one) => one.name === 'Program');
  const verdict = {
    diagnostics: pair.diagnostics,
    violation: found === undefined ? '' : `${printCounterexample(found)}\n${pair.outputText}`,
    learning: await refuteLearning(pair, LEARNERS),
    compiled: descriptor !== undefined && descriptor.asWritten === undefined,
    settlesAt: settlesAt === undefined ? undefined : (await calm(pair)).settledAt,
  };
  return { pair, verdict, expected: { diagnostics: [], violation: '', learning: '', compiled, settlesAt } };
}

/** The compiled program with latencies of 10 each and no failure. */
export function calm(pair: Pick<Pair, 'compiled'>): Promise<Trace> {
  return runProgram(pair.compiled, { seed: 1, failureRate: 0, latency: 'equal' });
}

/** When the call of this operator started, and when it ended. */
export function timesOf(trace: Trace, label: string): readonly [start: number, end: number] {
  const call = trace.calls.find((one) => one.label === label);
  return [call?.startedAt ?? Number.NaN, call?.endedAt ?? Number.NaN];
}
