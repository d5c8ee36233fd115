/** What is wrong with what graphs and tracers are given is said where it is given. */
import { describe, expect, it } from 'vitest';
import {
  AutoGraphBuilder,
  execute,
  executeDetailed,
  jit,
  operator,
  TracerContext,
  XCSError,
  XCSGraph,
} from '../runtime/index.ts';

const now = operator(async () => 1, { name: 'now', effect: 'unordered' });
const graph = new XCSGraph().addOperator('now', now);

/** More than the types let through. */
const wrong = (value: unknown): never => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what is tested
  return value as never;
};

async function complaint(use: () => unknown): Promise<string> {
  try {
    await use();
  } catch (error) {
    if (error instanceof XCSError) return error.message;
    throw error;
  }
  throw new Error('Nobody complained.');
}

describe('wrong use says what was expected, and what was given', () => {
  it.each([
    [
      () => execute(wrong(null)),
      'XCS1006: `execute` takes a graph, got null (object); make one with `graphOf`',
    ],
    [() => execute(wrong(now)), 'XCS1006: `execute` takes a graph, got the function `now`'],
    [() => executeDetailed(wrong({})), 'XCS1006: `executeDetailed` takes a graph, got an object'],
    [
      () => executeDetailed(graph, 1, { continueOnError: wrong('yes') }),
      'XCS1001: option `continueOnError` of `executeDetailed` must be true or false, got "yes"',
    ],
    [
      () => executeDetailed(graph, 1, { dryRun: wrong(1) }),
      'XCS1001: option `dryRun` of `executeDetailed` must be true or false, got 1 (number)',
    ],
    [
      () => executeDetailed(graph, 1, wrong({ dry: true })),
      'XCS1002: `executeDetailed` has no option `dry`; it has `continueOnError`, `dryRun`, `clock`, `scheduler`',
    ],
    [
      () => new TracerContext(wrong({ clocks: () => 1 })),
      'XCS1002: `TracerContext` has no option `clocks`; it has `clock`',
    ],
    [
      () => new TracerContext(wrong(5)),
      'XCS1001: option `options` of `TracerContext` must be an object, got 5',
    ],
    [
      () => new AutoGraphBuilder(wrong({ names: 'x' })),
      'XCS1002: `AutoGraphBuilder` has no option `names`; it has `name`',
    ],
    [
      () => new AutoGraphBuilder().build(wrong(5)),
      'XCS1104: this is not a graph that `XCSGraph` can read: the records must be an array, as `TracerContext` gives them',
    ],
    [() => now.batch(wrong(5)), 'XCS1301: `now.batch` takes an array, got a value of type number'],
    [() => jit(wrong({ forward: () => 1, invoke: () => 1 })), '`jit` cannot change how it runs'],
  ])('%s', async (use, message) => {
    expect(await complaint(use)).toContain(message);
  });

  it('and what a list of inputs cannot be mended by is not advised', async () => {
    expect(await complaint(() => now.batch(wrong(5)))).not.toContain('inAxes');
  });
});
