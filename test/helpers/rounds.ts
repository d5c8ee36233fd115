/* oxlint-disable no-await-in-loop -- one round after another */
/** Runs programs in rounds: all calls that are open end at once, and what has started then is the next round. */
import { Operator, type Effect } from '../../runtime/index.ts';
import { quiet } from './gates.ts';

/** Its calls end when the test says so. They are noted outside of it, for what it holds may not change. */
export class Leaf extends Operator {
  static override readonly effect: Effect = 'unordered';
  readonly label: string;
  constructor(label: string) {
    super();
    this.label = label;
  }
  override forward(input: unknown, { signal }: { readonly signal: AbortSignal }): Promise<unknown> {
    return new Promise((resolve, reject) => {
      calls.open.push({ text: `${this.label} ${JSON.stringify(input)}`, input, signal, resolve, reject });
    });
  }
}
export class Reader extends Leaf {
  static override readonly effect = { reads: 'index' };
}
export class Writer extends Leaf {
  static override readonly effect = { writes: 'index' };
}

export interface OpenCall {
  readonly text: string;
  readonly input: unknown;
  readonly signal: AbortSignal;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}
/** The calls of the round that runs now. */
export const calls: { open: OpenCall[] } = { open: [] };

export interface Round {
  readonly rounds: readonly (readonly string[])[];
  readonly result: unknown;
}

/** Ends all that runs at once, round after round; `answer` says with what. Gives what started in each round. */
export async function run(
  call: () => Promise<unknown>,
  answer: (text: string, input: unknown) => unknown = echo,
): Promise<Round> {
  calls.open = [];
  const rounds: string[][] = [];
  const seen = { settled: false };
  const outcome = call().then(
    (result) => ({ result }),
    (error: unknown) => ({ result: error }),
  );
  void outcome.then(() => (seen.settled = true));
  await quiet();
  while (!seen.settled) {
    const now = calls.open;
    calls.open = [];
    if (now.length === 0) throw new Error(`It hangs after ${JSON.stringify(rounds)}`);
    rounds.push(now.map(({ text }) => text));
    for (const one of now) one.resolve(answer(one.text, one.input));
    await quiet();
  }
  return { rounds, ...(await outcome) };
}

export const echo = (text: string): unknown => ({ text: `<${text}>` });

/** How many calls start in each round. */
export async function widths(call: () => Promise<unknown>): Promise<readonly number[]> {
  return (await run(call)).rounds.map(({ length }) => length);
}
