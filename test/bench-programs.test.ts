/** The programs of the benchmark: equal to the code as written when calls fail, and as fast as they are said to be. */
import { describe, expect, it } from 'vitest';
import { FILES, ROUNDS } from './bench/program-rounds.ts';
import { loadWholePrograms } from './helpers/whole-programs.ts';
import { findDifference, measureRounds, roundsOf, runInRounds } from './helpers/whole-runs.ts';

const { programs } = loadWholePrograms(FILES);

it('are all held to something', () => {
  expect([...programs.keys()].toSorted()).toEqual(Object.keys(ROUNDS).toSorted());
});

describe.each([...programs.values()])('$name', (program) => {
  const rounds = ROUNDS[program.name];
  const calls = rounds?.calls ?? 1;
  const hasPlainComposites = program.name.startsWith('B5');

  it('is what the code as written is, whatever fails', async () => {
    expect(await findDifference(program, { seeds: 60, calls, hasPlainComposites })).toBe('');
  });

  it('is that under a limit too', async () => {
    expect(await findDifference(program, { seeds: 20, calls, limit: 3, hasPlainComposites })).toBe('');
  });

  it('takes the rounds that it is said to take', async () => {
    expect(await measureRounds(program, rounds?.target ?? 0)).toEqual(rounds);
  });

  it.runIf(program.byHand)('takes its target, with the same result, when written by hand', async () => {
    const written = await runInRounds(program.written);
    const byHand = await runInRounds(program.byHand ?? program.written);
    expect(roundsOf(byHand)).toBe(rounds?.target);
    expect(byHand.outcome).toEqual(written.outcome);
  });
});
