/* oxlint-disable typescript/no-unsafe-type-assertion -- step functions written by hand get what their types cannot say */
import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallSite } from '../runtime/descriptor.ts';
import { run } from '../runtime/run.ts';
import { call, gives, nesting, runnableOf, settings, start } from './helpers/descriptors.ts';
import { Gated, Instant, quiet, watch } from './helpers/gates.ts';

afterEach(() => {
  vi.useRealTimers();
});

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('an abort', () => {
  it('before the run rejects with the reason and starts nothing', async () => {
    const gate = new Gated();
    const signal = AbortSignal.abort('stop');
    const result = run(runnableOf([call(gate, ['input']), gives('input')]), {}, 1, settings({ signal }));
    await expect(result).rejects.toBe('stop');
    expect(gate.calls).toHaveLength(0);
    expect(listeners(signal)).toBe(0);
  });

  it('rejects at once with the reason, heeded or not, and starts nothing more', async () => {
    const gate = new Gated();
    const controller = new AbortController();
    const body = runnableOf([
      call(gate, ['input'], 'a'),
      call(gate, ['input'], 'b'),
      call(gate, ['b']),
      gives('a'),
    ]);
    const result = run(body, {}, 1, settings({ signal: controller.signal }));
    expect(listeners(controller.signal)).toBe(1);
    const reason = new Error('stop');
    controller.abort(reason);
    expect(listeners(controller.signal)).toBe(0);
    await expect(result).rejects.toBe(reason);
    expect(gate.calls.map(({ context }) => context.signal.reason as unknown)).toEqual([reason, reason]);
    gate.at(1).resolve();
    await quiet();
    expect(gate.calls).toHaveLength(2);
  });

  it('from within a callee stops the run that called it', async () => {
    const controller = new AbortController();
    const gate = new Gated();
    const aborting = new Instant((_input, context) => {
      controller.abort('stop');
      return context.signal.aborted;
    });
    const body = runnableOf([call(aborting, ['input'], 'a'), call(gate, ['a'])]);
    await expect(run(body, {}, 1, settings({ signal: controller.signal }))).rejects.toBe('stop');
    expect(gate.calls).toHaveLength(0);
  });

  it('lets the piece of code that the run had got to catch it, but not go on calling', async () => {
    const controller = new AbortController();
    const gate = new Gated();
    const log: unknown[] = [];
    const code = async (_self: never, $: CallSite): Promise<void> => {
      try {
        await ($(gate) as Gated).invoke(1);
      } catch (error) {
        log.push(error);
        await ($(gate) as Gated).invoke(2).catch((again: unknown) => log.push(again));
      } finally {
        log.push('finally');
      }
    };
    const body = runnableOf([{ kind: 'async', code }, gives('input')]);
    const result = run(body, {}, 1, settings({ signal: controller.signal }));
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    await quiet();
    expect(log).toEqual(['stop', 'stop', 'finally']);
    expect(gate.calls).toHaveLength(1);
  });

  it('never reaches code that the run had not got to', async () => {
    const controller = new AbortController();
    const gate = new Gated();
    const other = new Gated();
    const log: unknown[] = [];
    const code = async (_self: never, $: CallSite): Promise<void> => {
      try {
        await ($(other) as Gated).invoke(1);
      } finally {
        log.push('finally');
      }
    };
    const body = runnableOf([call(gate, ['input']), { kind: 'async', code }, gives('input')]);
    const result = run(body, {}, 1, settings({ signal: controller.signal }));
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    expect(other.at(0).context.signal.reason).toBe('stop');
    await quiet();
    expect(log).toEqual([]);
  });

  it('rejects the promises of started calls, our own and foreign ones', async () => {
    const controller = new AbortController();
    const gate = new Gated();
    const seen: unknown[] = [];
    const foreign = { invoke: () => new Promise(() => {}) };
    const code = async (
      _self: never,
      _$: CallSite,
      p: Promise<unknown>,
      q: Promise<unknown>,
    ): Promise<void> => {
      for (const { status, ...rest } of await Promise.allSettled([p, q])) seen.push(status, rest);
    };
    const body = runnableOf([
      start(gate, ['input'], 'p'),
      start(foreign, ['input'], 'q'),
      { kind: 'async', code, inputs: ['p', 'q'] },
      gives('input'),
    ]);
    const result = run(body, {}, 1, settings({ signal: controller.signal }));
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    await quiet();
    expect(seen).toEqual(['rejected', { reason: 'stop' }, 'rejected', { reason: 'stop' }]);
  });

  it('stops nested runs, and their code hears of it where the outer run had got to', async () => {
    const controller = new AbortController();
    const [deep, inner, early] = [new Gated(), new Instant(), new Instant()];
    const log: string[] = [];
    const piece = (name: string) => async (_self: never, $: CallSite) => {
      try {
        await ($(deep) as Gated).invoke(name);
      } catch {
        log.push(name);
      }
    };
    const bodies = new Map([
      [inner, runnableOf([{ kind: 'async', code: piece('reached') }, call(deep, [])])],
      [early, runnableOf([{ kind: 'async', code: piece('early') }])],
    ]);
    const body = runnableOf([call(inner, ['input']), call(early, ['input']), gives('input')]);
    const result = run(body, {}, 1, settings({ signal: controller.signal, findNested: nesting(bodies) }));
    expect(deep.calls).toHaveLength(3);
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    await quiet();
    expect(log).toEqual(['reached']);
    expect(deep.calls.map(({ context }) => context.signal.reason as unknown)).toEqual([
      'stop',
      'stop',
      'stop',
    ]);
  });

  it('reaches calls that a nested run started and left behind', async () => {
    const controller = new AbortController();
    const [deep, inner, gate] = [new Gated(), new Instant(), new Gated()];
    const bodies = new Map([[inner, runnableOf([start(deep, ['input'], 'p'), gives('input')])]]);
    const body = runnableOf([call(inner, ['input']), call(gate, ['input']), gives('input')]);
    const result = run(body, {}, 1, settings({ signal: controller.signal, findNested: nesting(bodies) }));
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    expect(deep.at(0).context.signal.reason).toBe('stop');
  });

  it('reaches code that a nested run left behind: it calls nothing any more', async () => {
    const controller = new AbortController();
    const [deep, inner, gate] = [new Gated(), new Instant(), new Gated()];
    const seen: unknown[] = [];
    const leftBehind = async ($: CallSite): Promise<void> => {
      await quiet();
      await ($(deep) as Gated).invoke(1).catch((error: unknown) => seen.push(error));
    };
    const code = async (_self: never, $: CallSite): Promise<void> => {
      void leftBehind($);
    };
    const findNested = nesting(new Map([[inner, runnableOf([{ kind: 'async', code }, gives('input')])]]));
    const body = runnableOf([call(inner, ['input']), call(gate, ['input']), gives('input')]);
    const result = run(body, {}, 1, settings({ signal: controller.signal, findNested }));
    // The nested run is over after a few ticks; what it left behind wakes up later.
    await Promise.resolve().then(() => undefined);
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    await quiet();
    await quiet();
    expect(deep.calls).toHaveLength(0);
    expect(seen).toEqual(['stop']);
  });

  it('by a foreign callee rejects the very call that did it', async () => {
    const controller = new AbortController();
    const seen: unknown[] = [];
    const foreign = {
      async invoke(): Promise<never> {
        controller.abort('stop');
        throw new Error('ignored');
      },
    };
    const code = async (_self: never, $: CallSite): Promise<void> => {
      await ($(foreign) as typeof foreign).invoke().catch((error: unknown) => seen.push(error));
    };
    const result = run(runnableOf([{ kind: 'async', code }]), {}, 1, settings({ signal: controller.signal }));
    await expect(result).rejects.toBe('stop');
    await quiet();
    expect(seen).toEqual(['stop']);
  });

  it('shows in the signal that the body itself was given', async () => {
    const controller = new AbortController();
    const gate = new Gated();
    let given: AbortSignal | undefined;
    const body = runnableOf([
      {
        kind: 'compute',
        code: (_self, _$, context: { readonly signal: AbortSignal }) => {
          given = context.signal;
        },
        inputs: ['context'],
      },
      call(gate, ['input']),
    ]);
    const result = run(body, {}, 1, settings({ signal: controller.signal }));
    expect(given?.aborted).toBe(false);
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    expect(given?.reason).toBe('stop');
  });

  it('leaves no listener behind, however the run ends', async () => {
    const { signal } = new AbortController();
    const boom = new Error('boom');
    const thrower = (): never => {
      throw boom;
    };
    await run(runnableOf([gives('input')]), {}, 1, settings({ signal }));
    expect(listeners(signal)).toBe(0);
    const gate = new Gated();
    const failing = run(runnableOf([call(gate, ['input'])]), {}, 1, settings({ signal }));
    gate.at(0).reject(boom);
    await expect(failing).rejects.toBe(boom);
    expect(listeners(signal)).toBe(0);
    await expect(
      run(runnableOf([{ kind: 'compute', code: thrower }]), {}, 1, settings({ signal })),
    ).rejects.toBe(boom);
    expect(listeners(signal)).toBe(0);
  });
});

describe('a time limit', () => {
  it('stops the run like an abort, and names itself', async () => {
    vi.useFakeTimers();
    const gate = new Gated();
    const result = run(runnableOf([call(gate, ['input'])], 'Slow'), {}, 1, settings({ timeoutMs: 50 }));
    const watched = watch(result);
    await vi.advanceTimersByTimeAsync(49);
    expect(watched.state).toBe('pending');
    await vi.advanceTimersByTimeAsync(1);
    expect(watched.state).toBe('rejected');
    expect(watched.value).toMatchObject({ code: 'XCS9002' });
    expect(gate.at(0).context.signal.reason).toBe(watched.value);
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers();
    const gate = new Gated();
    const result = run(
      runnableOf([call(gate, ['input'], 'a'), gives('a')]),
      {},
      1,
      settings({ timeoutMs: 50 }),
    );
    expect(vi.getTimerCount()).toBe(1);
    gate.at(0).resolve(2);
    await expect(result).resolves.toEqual([2]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
