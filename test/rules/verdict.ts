/** How a program of a rule is compiled, and how it breaks the law without that rule. */
import { print } from '../helpers/litmus.ts';
import { refute, schedules, type Pair } from '../helpers/prove.ts';
import { runProgram } from '../helpers/run-program.ts';
import type { Rule } from './rule.ts';

const SEEDS = 60;

const FIELDS = `
  readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text'); readonly c = new lab.Ask('c', 'text');
  readonly w = new lab.WriteA('w', 'text'); readonly v = new lab.WriteA('v', 'text'); readonly r = new lab.ReadA('r', 'text');
  readonly s = new lab.Sequential('s', 'text'); readonly talk = new lab.Talk('talk'); readonly edit = new lab.Edit('edit');`;

export function printRule({ certain, fields = '', ...program }: Rule): string {
  const early = certain === true ? `, startEarly: 'certain'` : '';
  const decorator = `@structuralJit({ executionStrategy: 'parallel'${early} })`;
  return print({ ...program, decorator, fields: FIELDS + fields });
}

/** What is wrong with it; nothing if the program keeps the law. */
export async function violationOf(
  rule: Rule,
  pair: Pair | undefined,
  seeds: number = SEEDS,
): Promise<string> {
  if (pair === undefined || pair.diagnostics.length > 0)
    throw new Error(`No program: ${pair?.diagnostics.join()}`);
  return rule.certain === true || rule.eager === true ? eagerCalls(pair, seeds) : violations(pair, seeds);
}

async function violations(pair: Pair, seeds: number): Promise<string> {
  const found = await refute(pair, schedules(seeds, 0, false));
  return (found?.violations ?? []).map(({ clause, message }) => `${clause}: ${message}`).join('\n');
}

/** Calls that the code as written does not make, for an earlier step has failed. */
async function eagerCalls(pair: Pair, seeds: number): Promise<string> {
  for (const schedule of schedules(seeds, 0, false)) {
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    const written = await runProgram(pair.written, schedule);
    // oxlint-disable-next-line no-await-in-loop
    const compiled = await runProgram(pair.compiled, schedule);
    if (compiled.calls.length > written.calls.length) return `seed ${schedule.seed} makes more calls`;
  }
  return '';
}
