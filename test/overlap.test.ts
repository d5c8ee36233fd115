/** How many calls can be in flight at once, as `auto` counts them, and how many are when all calls take equally long. */
import { describe, expect, it } from 'vitest';
import { countOverlap, findOverlappingLoops } from '../runtime/overlap.ts';
import { calm } from './helpers/litmus.ts';
import { compilePairs, type Pair } from './helpers/prove.ts';
import { mostInFlight, overlapCases, printOverlap } from './helpers/overlap-programs.ts';

const pairs = compilePairs(overlapCases.map(printOverlap));

describe('calls that can be in flight at once', () => {
  it.each(overlapCases.map((one, i) => [one.claim, one, pairs[i]] as const))('%s', async (_, one, pair) => {
    if (pair === undefined) throw new Error('Every program is compiled.');
    const trace = await calm(pair);
    const { steps, dependences, regions = [] } = descriptorOf(pair);
    const { calls, loops = 0, inFlight = calls } = one;
    expect({
      calls: countOverlap(steps, dependences, regions),
      loops: findOverlappingLoops(steps, dependences, regions).length,
      inFlight: mostInFlight(trace),
    }).toEqual({ calls, loops, inFlight });
  });
});

function descriptorOf({ descriptors }: Pair): Pair['descriptors'][number] {
  const found = descriptors.find(({ name }) => name === 'Program');
  if (found === undefined) throw new Error('The program was not compiled.');
  return found;
}
