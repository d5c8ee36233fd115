/* oxlint-disable typescript/no-unsafe-type-assertion -- step functions written by hand get what their types cannot say */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallSite } from '../runtime/descriptor.ts';
import { interpret } from '../runtime/interpret.ts';
import { run } from '../runtime/run.ts';
import { AutoScheduler } from '../runtime/schedulers/auto.ts';
import { TopologicalScheduler } from '../runtime/schedulers/serial.ts';
import {
  call,
  compiledOf,
  gives,
  parallel,
  runnableOf,
  settings,
  start,
  type StepOf,
} from './helpers/descriptors.ts';
import { Gated, Instant, quiet } from './helpers/gates.ts';

const context = { signal: new AbortController().signal };

describe('the interpreter', () => {
  it('runs one step after another, each when the one before has ended', async () => {
    const gate = new Gated();
    const log: string[] = [];
    const compiled = compiledOf('Hand', [
      call(gate, ['input'], 'a'),
      { kind: 'compute', code: (_self, _$, a) => log.push(`computed with ${String(a)}`), inputs: ['a'] },
      call(gate, ['input'], 'b'),
      gives('a', 'b'),
    ]);
    const result = interpret(compiled, {}, 'q', context);
    expect(gate.calls).toHaveLength(1);
    gate.at(0).resolve(1);
    await quiet();
    expect(log).toEqual(['computed with 1']);
    gate.at(1).resolve(2);
    await expect(result).resolves.toEqual([1, 2]);
  });

  it('gives steps of every kind what they mean', async () => {
    const echo = new Instant((input) => `echo ${String(input)}`);
    const plain = (input: unknown): string => `plain ${String(input)}`;
    const compiled = compiledOf('Hand', [
      { kind: 'compute', code: (self) => [self, 'y'], outputs: ['x', 'y'] },
      start(echo, ['y'], 'p'),
      {
        kind: 'compute',
        code: (_self, _$, p) => (p as unknown) instanceof Promise,
        inputs: ['p'],
        outputs: ['early'],
      },
      { kind: 'await', code: (_self, _$, p) => p, inputs: ['p'], outputs: ['late'] },
      { kind: 'call', code: () => [plain, 'z'], outputs: ['z'] },
      {
        kind: 'async',
        code: async (_self, $: CallSite) => [
          await ($(echo) as Instant).invoke(1),
          ($(plain) as typeof plain)(2),
          ($(echo, 'forward') as (input: unknown) => unknown)(3),
        ],
        outputs: ['u', 'v', 'w'],
      },
      gives('x', 'early', 'late', 'z', 'u', 'v', 'w'),
    ]);
    await expect(interpret(compiled, 'me', 'q', context)).resolves.toEqual([
      'me',
      true,
      'echo y',
      'plain z',
      'echo 1',
      'plain 2',
      'echo 3',
    ]);
  });

  it('gives the failure of the step that fails first, and nothing without a return', async () => {
    const boom = new Error('boom');
    const failing = compiledOf('Hand', [{ kind: 'await', code: () => Promise.reject(boom) }, gives('input')]);
    await expect(interpret(failing, {}, 'q', context)).rejects.toBe(boom);
    await expect(interpret(compiledOf('Hand', []), {}, 'q', context)).resolves.toBeUndefined();
  });
});

/** What one generated step does: which earlier slots it takes, how it answers, and whether it fails. */
interface Made {
  readonly kind: 'call' | 'foreign' | 'async' | 'compute' | 'started';
  readonly takes: readonly number[];
  readonly instant: boolean;
  readonly fails: boolean;
}

const anyStep: fc.Arbitrary<Made> = fc.record({
  kind: fc.constantFrom('call', 'foreign', 'async', 'compute', 'started'),
  takes: fc.array(fc.nat(9), { maxLength: 6 }),
  instant: fc.boolean(),
  fails: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
});

function bodyOf(
  made: readonly Made[],
  later: (name: string) => Promise<unknown>,
  errors: readonly Error[],
): StepOf[] {
  const parts: StepOf[] = [];
  const slots = ['input'];
  for (const [index, { kind, takes, instant, fails }] of made.entries()) {
    const inputs = takes.map((take) => slots[take % slots.length] ?? 'input');
    const work = (values: unknown): unknown => {
      const finish = (): unknown => {
        if (fails) throw errors[index];
        return `${index}(${String(values)})`;
      };
      return instant ? finish() : later(`step ${index}`).then(finish);
    };
    const output = `s${index}`;
    if (kind === 'async') {
      const code = async (_self: never, $: CallSite, ...values: never[]): Promise<unknown> =>
        ($(new Instant(work)) as Instant).invoke(values);
      parts.push({ kind, code, inputs, outputs: [output] });
    } else if (kind === 'compute') {
      const code = (_self: never, _$: CallSite, ...values: never[]): string => `${index}[${String(values)}]`;
      parts.push({ kind, code, inputs, outputs: [output] });
    } else {
      const target = kind === 'foreign' ? { invoke: work } : new Instant(work);
      const code = (_self: never, _$: CallSite, ...values: never[]): unknown[] => [target, values];
      if (kind === 'started') {
        parts.push({ kind: 'start', code, inputs, outputs: [`p${index}`], method: 'invoke' });
        parts.push({ kind: 'await', code: (_self, _$, p) => p, inputs: [`p${index}`], outputs: [output] });
      } else parts.push({ kind: 'call', code, inputs, outputs: [output], method: 'invoke' });
    }
    slots.push(output);
  }
  return [...parts, gives(...slots)];
}

interface Outcome {
  readonly value?: unknown;
  readonly error?: unknown;
}

const outcomeOf = (result: Promise<unknown>): Promise<Outcome> =>
  result.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

describe('the engine', () => {
  for (const scheduler of [parallel, new TopologicalScheduler(), new AutoScheduler()])
    for (const maxConcurrency of [2, 32, Infinity])
      it(`gives what the interpreter gives: ${scheduler.name}, limit ${maxConcurrency}`, async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(anyStep, { minLength: 1, maxLength: 9 }),
            fc.scheduler(),
            async (made, order) => {
              const errors = made.map((_, index) => new Error(`step ${index}`));
              const atOnce = bodyOf(made, () => Promise.resolve(), errors);
              const expected = await outcomeOf(interpret(compiledOf('Hand', atOnce), {}, 'q', context));
              const later = bodyOf(made, (name) => order.schedule(Promise.resolve(), name), errors);
              const explicitLimit = maxConcurrency === 2;
              const result = run(
                runnableOf(later),
                {},
                'q',
                settings({ scheduler, maxConcurrency, explicitLimit }),
              );
              const actual = await order.waitFor(outcomeOf(result));
              expect(actual).toEqual(expected);
              expect(actual.error).toBe(expected.error);
            },
          ),
          { numRuns: 100 },
        );
      });
});
