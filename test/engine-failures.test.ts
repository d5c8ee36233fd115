/* oxlint-disable typescript/no-unsafe-type-assertion, unicorn/no-thenable -- step functions written by hand get what their types cannot say */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallSite } from '../runtime/descriptor.ts';
import { XCSError } from '../runtime/errors.ts';
import { failedStep } from '../runtime/failed-step.ts';
import { run } from '../runtime/run.ts';
import { call, gives, nesting, runnableOf, settings, start, type StepOf } from './helpers/descriptors.ts';
import { Gated, Instant, quiet, watch } from './helpers/gates.ts';

const unhandled: unknown[] = [];
const note = (error: unknown): void => {
  unhandled.push(error);
};

beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', note);
});

afterEach(async () => {
  await quiet();
  process.off('unhandledRejection', note);
});

const three = (gate: Gated): readonly StepOf[] => [
  call(gate, ['input'], 'a'),
  call(gate, ['input'], 'b'),
  call(gate, ['input'], 'c'),
  gives('a', 'b', 'c'),
];

describe('failures', () => {
  it('count in program order: a later one waits for what is before it, and an earlier one wins', async () => {
    const gate = new Gated();
    const [early, late] = [new Error('early'), new Error('late')];
    const result = run(runnableOf(three(gate)), {}, 'q', settings());
    const watched = watch(result);
    gate.at(2).reject(late);
    await quiet();
    expect(watched.state).toBe('pending');
    gate.at(1).reject(early);
    await quiet();
    expect(watched.state).toBe('pending');
    gate.at(0).resolve();
    await expect(result).rejects.toBe(early);
    expect(unhandled).toEqual([]);
  });

  it('rejects with the last one standing once all before it have succeeded', async () => {
    const gate = new Gated();
    const boom = new Error('boom');
    const result = run(runnableOf(three(gate)), {}, 'q', settings());
    gate.at(1).reject(boom);
    await quiet();
    gate.at(0).resolve();
    await expect(result).rejects.toBe(boom);
    expect(failedStep(boom)?.step.id).toBe(1);
  });

  it('can throw `undefined`', async () => {
    const gate = new Gated();
    const result = run(runnableOf(three(gate)), {}, 'q', settings());
    gate.at(0).reject(undefined);
    await expect(result).rejects.toBeUndefined();
  });

  it('abort later calls with the failure as the cause, and ignore what becomes of them', async () => {
    const gate = new Gated();
    const boom = new Error('boom');
    const result = run(runnableOf(three(gate)), {}, 'q', settings());
    const { signal } = gate.at(2).context;
    gate.at(1).reject(boom);
    await quiet();
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBeInstanceOf(XCSError);
    expect(signal.reason).toMatchObject({ code: 'XCS9001', cause: boom });
    expect(gate.at(2).context.signal).toBe(signal);
    expect(gate.at(0).context.signal.aborted).toBe(false);
    gate.at(2).reject(new Error('ignored'));
    gate.at(0).resolve();
    await expect(result).rejects.toBe(boom);
    await quiet();
    expect(unhandled).toEqual([]);
  });

  it('abort the signal of a cancelled call even if it is asked for only later', async () => {
    const gate = new Gated();
    const boom = new Error('boom');
    const result = run(runnableOf(three(gate)), {}, 'q', settings());
    gate.at(0).reject(boom);
    await expect(result).rejects.toBe(boom);
    expect(gate.at(2).context.signal.aborted).toBe(true);
    expect(gate.at(0).context.signal.aborted).toBe(false);
  });

  it('are not held up by later calls that ignore their signal', async () => {
    const gate = new Gated();
    const boom = new Error('boom');
    const result = run(runnableOf(three(gate)), {}, 'q', settings());
    gate.at(0).reject(boom);
    await expect(result).rejects.toBe(boom);
  });

  it('keep later steps from starting, and let earlier ones go on', async () => {
    const gate = new Gated();
    const log: string[] = [];
    const boom = new Error('boom');
    const body = runnableOf([
      call(gate, ['input'], 'a'),
      { kind: 'compute', code: () => log.push('earlier'), inputs: ['a'] },
      call(gate, ['input'], 'b'),
      { kind: 'compute', code: () => log.push('later'), inputs: ['a'] },
      gives('a'),
    ]);
    const result = run(body, {}, 'q', settings());
    gate.at(1).reject(boom);
    await quiet();
    gate.at(0).resolve();
    await expect(result).rejects.toBe(boom);
    expect(log).toEqual(['earlier']);
  });

  it('include what a step function throws, and what a callee throws before there is a promise', async () => {
    const boom = new Error('boom');
    const thrower = (): never => {
      throw boom;
    };
    const bodies: readonly (readonly StepOf[])[] = [
      [{ kind: 'compute', code: thrower }],
      [{ kind: 'async', code: thrower }],
      [{ kind: 'await', code: thrower }],
      [{ kind: 'return', code: thrower }],
      [{ kind: 'call', code: thrower, method: 'invoke' }],
      [{ kind: 'start', code: thrower, method: 'invoke' }],
      [call(new Instant(thrower), [])],
      [call({ invoke: thrower }, [])],
      [{ kind: 'call', code: () => [thrower] }],
      [
        {
          kind: 'await',
          code: () => ({
            get then() {
              return thrower();
            },
          }),
        },
      ],
    ];
    for (const body of bodies) {
      // oxlint-disable-next-line no-await-in-loop
      await expect(run(runnableOf(body), {}, 'q', settings())).rejects.toBe(boom);
    }
  });

  it('in a started call fail where it is awaited', async () => {
    const gate = new Gated();
    const [first, second] = [new Error('first'), new Error('second')];
    const body = runnableOf([
      start(gate, ['input'], 'p'),
      call(gate, ['input'], 'a'),
      { kind: 'await', code: (_self, _$, p) => p, inputs: ['p'], outputs: ['b'] },
      gives('a', 'b'),
    ]);
    const result = run(body, {}, 'q', settings());
    gate.at(0).reject(second);
    await quiet();
    gate.at(1).reject(first);
    await expect(result).rejects.toBe(first);
    expect(unhandled).toEqual([]);
  });

  it('of a started call that nobody looks at are as unhandled as in the code as written', async () => {
    const gate = new Gated();
    const boom = new Error('nobody looks');
    await run(runnableOf([start(gate, ['input']), gives('input')]), {}, 'q', settings());
    process.off('unhandledRejection', note);
    const seen = new Promise((resolve) => {
      process.once('unhandledRejection', resolve);
    });
    gate.at(0).reject(boom);
    await expect(seen).resolves.toBe(boom);
  });

  it('leave the `catch` of a cancelled piece of code alone: it never hears of its calls again', async () => {
    const gate = new Gated();
    const other = new Gated();
    const boom = new Error('boom');
    const log: string[] = [];
    const code = async (_self: never, $: CallSite): Promise<void> => {
      try {
        await ($(other) as Gated).invoke('first');
        log.push('went on');
      } catch {
        log.push('caught');
      } finally {
        log.push('finally');
      }
    };
    const body = runnableOf([call(gate, ['input'], 'a'), { kind: 'async', code }, gives('a')]);
    const result = run(body, {}, 'q', settings());
    gate.at(0).reject(boom);
    await expect(result).rejects.toBe(boom);
    expect(other.at(0).context.signal.aborted).toBe(true);
    other.at(0).reject(new Error('aborted'));
    await quiet();
    expect(log).toEqual([]);
    expect(unhandled).toEqual([]);
  });

  it('keep a cancelled piece of code from calling anything more', async () => {
    const gate = new Gated();
    const other = new Gated();
    const pause = deferred();
    const code = async (_self: never, $: CallSite): Promise<void> => {
      await pause.promise;
      await ($(other) as Gated).invoke('too late');
    };
    const body = runnableOf([call(gate, ['input'], 'a'), { kind: 'async', code }, gives('a')]);
    const result = run(body, {}, 'q', settings());
    const boom = new Error('boom');
    gate.at(0).reject(boom);
    await expect(result).rejects.toBe(boom);
    pause.resolve();
    await quiet();
    expect(other.calls).toHaveLength(0);
  });

  it('let the other calls of the piece of code that failed go on, as written', async () => {
    const gate = new Gated();
    const boom = new Error('boom');
    const code = async (_self: never, $: CallSite): Promise<unknown> =>
      Promise.all([($(gate) as Gated).invoke(1), ($(gate) as Gated).invoke(2)]);
    const result = run(runnableOf([{ kind: 'async', code }, gives('input')]), {}, 'q', settings());
    gate.at(0).reject(boom);
    await expect(result).rejects.toBe(boom);
    expect(gate.at(1).context.signal.aborted).toBe(false);
  });

  it('cross nested runs, and are told from the inside out', async () => {
    const gate = new Gated();
    const boom = new Error('boom');
    const inner = new Instant();
    const findNested = nesting(
      new Map([[inner, runnableOf([call(gate, ['input'], 'a'), gives('a')], 'Inner')]]),
    );
    const body = runnableOf(
      [call(gate, ['input'], 'x'), call(inner, ['input'], 'y'), gives('x', 'y')],
      'Outer',
    );
    const result = run(body, {}, 'q', settings({ findNested }));
    gate.at(1).reject(boom);
    await quiet();
    gate.at(0).resolve();
    await expect(result).rejects.toBe(boom);
    expect(failedStep(boom)).toMatchObject({ operator: 'Inner', step: { id: 0 } });
    expect(failedStep(boom)?.within).toMatchObject({ operator: 'Outer', step: { id: 1 } });
  });

  it('cancel nested runs as a whole', async () => {
    const gate = new Gated();
    const inner = new Instant();
    const deep = new Gated();
    const bodies = new Map([
      [inner, runnableOf([call(deep, ['input'], 'a'), call(deep, ['a'], 'b'), gives('b')], 'Inner')],
    ]);
    const body = runnableOf([call(gate, ['input'], 'x'), call(inner, ['input'], 'y'), gives('x', 'y')]);
    const result = run(body, {}, 'q', settings({ findNested: nesting(bodies) }));
    const boom = new Error('boom');
    gate.at(0).reject(boom);
    await expect(result).rejects.toBe(boom);
    expect(deep.at(0).context.signal.reason).toMatchObject({ code: 'XCS9001', cause: boom });
    deep.at(0).resolve();
    await quiet();
    expect(deep.calls).toHaveLength(1);
  });
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
