/** When a difference between means counts, and when it may be chance. */
import { describe, expect, it } from 'vitest';
import { clearMeans, Durations, isDifferent } from '../runtime/durations.ts';
import { chance } from './helpers/snapshot.ts';

function of(...milliseconds: readonly number[]): Durations {
  const durations = new Durations();
  for (const one of milliseconds) durations.add(one);
  return durations;
}

describe('durations', () => {
  it('are kept as a mean and a variance', () => {
    expect(of(2, 4, 4, 4, 5, 5, 7, 9)).toEqual(expect.objectContaining({ count: 8, mean: 5, variance: 4 }));
  });

  it('forget what is long gone', () => {
    const durations = of(...Array.from({ length: 1000 }, () => 10), ...Array.from({ length: 200 }, () => 90));
    expect(durations.mean).toBeGreaterThan(89);
  });
});

describe('two means', () => {
  // The first pair is an example that statisticians go by (Wikipedia, "Welch's t-test", example 1).
  it.each([
    ['t = 2.46, df = 24.99, p = 0.021', [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4], [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4], true], // prettier-ignore
    ['nearly the same mean', [10, 14, 19, 31], [11, 13, 20, 29], false],
    ['two calls each, far apart, but no more than each differs from itself', [1, 30], [40, 70], false],
  ] as const)('differ, or may not: %s', (_, one, other, expected) => {
    expect(isDifferent(of(...one), of(...other))).toBe(expected);
    expect(isDifferent(of(...other), of(...one))).toBe(expected);
  });

  it('differ for sure if no call differs from its like, and cannot be told apart by one call', () => {
    expect(isDifferent(of(10, 10), of(50, 50))).toBe(true);
    expect(isDifferent(of(10, 10), of(50))).toBe(false);
    expect(isDifferent(of(10, 10), of(10, 10, 10))).toBe(false);
  });

  it('of calls that take equally long on average differ in about one of twenty cases', () => {
    const cases = Array.from({ length: 2000 }, (_, index) => {
      const draw = (side: string): Durations =>
        of(...Array.from({ length: 6 }, (__, call) => chance(`${index} ${side} ${call}`)));
      return isDifferent(draw('one'), draw('other'));
    });
    const share = cases.filter(Boolean).length / cases.length;
    expect(share).toBeGreaterThan(0.03);
    expect(share).toBeLessThan(0.07);
  });
});

it('means that are not clearly apart count as one', () => {
  const [quick, quickToo, slow] = [of(9, 10, 11, 12), of(10, 11, 12, 13), of(79, 80, 81, 82)];
  const means = clearMeans([slow, quickToo, quick]);
  expect([quick, quickToo, slow].map((one) => means.get(one))).toEqual([11, 11, 80.5]);
});
