/**
 * Programs that the compiler once got wrong, each under a name that says the behaviour. They run compiled, with everything
 * started as early as it may, against the code as written.
 */
import { printTrace } from './law.ts';
import { print, type LitmusProgram } from './litmus.ts';
import { refute, schedules, type Pair } from './prove.ts';

export interface Regression extends Partial<LitmusProgram> {
  readonly claim: string;
  /** The whole file, instead of the parts of a class. */
  readonly source?: string;
  /** Nothing is compiled: the code runs as written. @default false */
  readonly asWritten?: boolean;
  /** Also when calls end at the same time. @default true */
  readonly ties?: boolean;
  /** Why it still differs. The case then insists that it does. */
  readonly knownGap?: string;
}

const SEEDS = 40;

/** The call of one of the operators below. Sites tell calls of one operator apart. */
export function call(operator: string, site: string, q = 'input.q'): string {
  return `this.${operator}.invoke({ site: '${site}', q: ${q} })`;
}

const FIELDS = `
  readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text'); readonly c = new lab.Ask('c', 'text');
  readonly doc = new lab.Ask('doc', 'doc'); readonly list = new lab.Ask('list', 'list');
  readonly sequential = new lab.Sequential('sequential', 'text');
  readonly talk = new lab.Talk('talk'); readonly judge = new lab.Judge('judge');
  readonly echo = new lab.Echo('echo'); readonly edit = new lab.Edit('edit');`;

/** The whole file. */
export function printRegression({ source, body = '', fields = '', ...program }: Regression): string {
  const decorator = `@structuralJit({ executionStrategy: 'parallel' })`;
  return source ?? print({ decorator, ...program, body, fields: FIELDS + fields });
}

/** Where compiled and written differ; nothing if they never do. */
export async function differencesOf(pair: Pair, ties: boolean, seeds: number = SEEDS): Promise<string> {
  const found = await refute(pair, schedules(seeds, 0, ties));
  if (found === undefined) return '';
  const { schedule, violations, written, compiled } = found;
  return [
    `seed ${schedule.seed}`,
    ...violations.map(({ clause, message }) => `${clause}: ${message}`),
    `As written:\n${printTrace(written)}`,
    `Compiled:\n${printTrace(compiled)}`,
    pair.outputText,
  ].join('\n');
}
