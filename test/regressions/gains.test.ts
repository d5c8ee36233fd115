/** Programs that were once slower than the law makes them: compiled, each ends when the oracle says that it could. */
import { describe, expect, it } from 'vitest';
import { estimate } from '../helpers/oracle.ts';
import { compilePairs } from '../helpers/prove.ts';
import { printRegression } from '../helpers/regression.ts';
import { describeRegressions } from '../helpers/regressions.ts';
import { runProgram } from '../helpers/run-program.ts';
import { gains, kept } from './gains.ts';

const SEEDS = [1, 2, 3, 4, 5];

describeRegressions({ ...gains, kept });

describe.each(Object.entries(gains))('as fast as may be: %s', (_, programs) => {
  const sources = programs.map(printRegression);
  const pairs = compilePairs(sources);
  it.each(programs.map(({ claim }, i) => [claim, sources[i] ?? '', pairs[i]] as const))(
    '%s',
    async (_claim, source, pair) => {
      for (const seed of SEEDS) {
        const schedule = { seed, failureRate: 0, latency: 'distinct' } as const;
        // oxlint-disable-next-line no-await-in-loop -- one world at a time
        const found = await estimate(source, schedule);
        // oxlint-disable-next-line no-await-in-loop
        const trace = pair && (await runProgram(pair.compiled, schedule));
        expect(trace?.settledAt).toBeCloseTo(found?.ideal ?? Number.NaN, 6);
      }
    },
  );
});
