/* oxlint-disable typescript/no-unsafe-type-assertion -- step functions written by hand get what their types cannot say */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { CallSite } from '../runtime/descriptor.ts';
import { run } from '../runtime/run.ts';
import type { Runnable } from '../runtime/runnable.ts';
import { call, gives, nesting, runnableOf, settings } from './helpers/descriptors.ts';
import { Gated, Instant, quiet, watch } from './helpers/gates.ts';

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('the signal that a call is given', () => {
  const body = (gate: Gated, other: Gated): Runnable =>
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

  it('is not heard of by code of the callee that the code as written had not got to', async () => {
    const [gate, deep, inner] = [new Gated(), new Gated(), new Instant()];
    const controller = new AbortController();
    const seen: unknown[] = [];
    const code = async (_self: never, $: CallSite): Promise<void> => {
      await ($(deep) as Gated).invoke(1).catch((error: unknown) => seen.push(error));
    };
    const findNested = nesting(new Map([[inner, runnableOf([{ kind: 'async', code }])]]));
    const withSignal = runnableOf([
      call(gate, ['input']),
      { kind: 'call', code: () => [inner, 1, { signal: controller.signal }], method: 'invoke' },
    ]);
    const result = run(withSignal, {}, 1, settings({ findNested }));
    controller.abort('enough');
    const boom = new Error('boom');
    gate.at(0).reject(boom);
    await expect(result).rejects.toBe(boom);
    await quiet();
    expect(seen).toEqual([]);
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
