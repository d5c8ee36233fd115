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

describe('the signal that a call is given', () => {
  const body = (gate: Gated, other: Gated) =>
    runnableOf([
      call(gate, ['input']),
      call(other, ['input', 'context'], 'a'),
      call(gate, ['input']),
      gives('a'),
    ]);

  it('aborts that call, which fails with the reason in its place', async () => {
    const [gate, other] = [new Gated(), new Gated()];
    const controller = new AbortController();
    const withSignal = runnableOf([
      call(gate, ['input']),
      { kind: 'call', code: () => [other, 1, { signal: controller.signal }], method: 'invoke' },
      call(gate, ['input']),
      gives('input'),
    ]);
    const result = run(withSignal, {}, 1, settings());
    const watched = watch(result);
    expect(listeners(controller.signal)).toBe(1);
    controller.abort('enough');
    expect(other.at(0).context.signal.reason).toBe('enough');
    await quiet();
    expect(watched.state).toBe('pending');
    expect(gate.at(1).context.signal.aborted).toBe(true);
    gate.at(0).resolve();
    await expect(result).rejects.toBe('enough');
    expect(listeners(controller.signal)).toBe(0);
  });

  it('is no longer listened to when the call has ended', async () => {
    const [gate, other] = [new Gated(), new Gated()];
    const { signal } = new AbortController();
    const withSignal = runnableOf([
      { kind: 'call', code: () => [other, 1, { signal }], method: 'invoke', outputs: ['a'] },
      call(gate, ['input']),
      gives('a'),
    ]);
    const result = run(withSignal, {}, 1, settings());
    other.at(0).resolve('done');
    await quiet();
    expect(listeners(signal)).toBe(0);
    gate.at(0).resolve();
    await expect(result).resolves.toEqual(['done']);
  });

  it('keeps the callee from starting when it has aborted before', async () => {
    const other = new Gated();
    const withSignal = runnableOf([
      { kind: 'call', code: () => [other, 1, { signal: AbortSignal.abort('before') }], method: 'invoke' },
    ]);
    await expect(run(withSignal, {}, 1, settings())).rejects.toBe('before');
    expect(other.calls).toHaveLength(0);
  });

  it('stops the nested run of a compiled callee', async () => {
    const [deep, inner] = [new Gated(), new Instant()];
    const controller = new AbortController();
    const findNested = nesting(
      new Map([[inner, runnableOf([call(deep, ['input']), call(deep, ['input'])])]]),
    );
    const withSignal = runnableOf([
      { kind: 'call', code: () => [inner, 1, { signal: controller.signal }], method: 'invoke' },
    ]);
    const result = run(withSignal, {}, 1, settings({ findNested }));
    controller.abort('enough');
    await expect(result).rejects.toBe('enough');
    expect(deep.calls.map(({ context }) => context.signal.reason as unknown)).toEqual(['enough', 'enough']);
  });

  it('may be the one that the body was given', async () => {
    const [gate, other] = [new Gated(), new Gated()];
    const controller = new AbortController();
    const result = run(body(gate, other), {}, 1, settings({ signal: controller.signal }));
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    expect(other.at(0).context.signal.reason).toBe('stop');
  });

  it('comes with other options: then the callee is invoked with them, and still aborts with the run', async () => {
    const seen: unknown[] = [];
    class Noting extends Gated {
      override forward(input: unknown, context: { readonly signal: AbortSignal }): Promise<unknown> {
        seen.push(input);
        return super.forward(input, context);
      }
    }
    const other = new Noting();
    const controller = new AbortController();
    const withOptions = runnableOf([
      { kind: 'call', code: () => [other, 1, { timeoutMs: 5000 }], method: 'invoke' },
    ]);
    const result = run(withOptions, {}, 1, settings({ signal: controller.signal }));
    expect(seen).toEqual([1]);
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    expect(other.at(0).context.signal.reason).toBe('stop');
    const wrong = runnableOf([{ kind: 'call', code: () => [other, 1, { nonsense: 1 }], method: 'invoke' }]);
    await expect(run(wrong, {}, 1, settings())).rejects.toMatchObject({ code: 'XCS1002' });
  });
});
