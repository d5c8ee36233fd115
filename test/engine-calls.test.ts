/* oxlint-disable typescript/no-unsafe-type-assertion, unicorn/no-thenable -- step functions written by hand get what their types cannot say */
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import type { CallSite } from '../runtime/descriptor.ts';
import { run } from '../runtime/run.ts';
import { TopologicalScheduler } from '../runtime/schedulers/serial.ts';
import { executionOptions } from '../runtime/scope.ts';
import { call, fan, gives, nesting, runnableOf, settings } from './helpers/descriptors.ts';
import { Gated, Instant, quiet } from './helpers/gates.ts';

describe('the limit of an operator class', () => {
  class Scarce extends Gated {
    static override readonly maxConcurrency = 2;
  }
  class Rare extends Scarce {}

  it('holds over all its instances and all runs', async () => {
    const [one, other] = [new Scarce(), new Rare()];
    const bodies = [
      runnableOf([...fan(one, 2), gives('input')]),
      runnableOf([...fan(other, 2), gives('input')]),
    ];
    const results = bodies.map((body) => run(body, {}, 'q', settings()));
    expect(one.calls).toHaveLength(2);
    expect(other.calls).toHaveLength(0);
    one.at(0).resolve();
    await quiet();
    expect(other.calls).toHaveLength(1);
    one.at(1).resolve();
    await quiet();
    expect(other.calls).toHaveLength(2);
    other.at(0).resolve();
    other.at(1).resolve();
    await expect(Promise.all(results)).resolves.toEqual([['q'], ['q']]);
  });

  it('forgets a waiting call that is cancelled', async () => {
    const [gate, scarce] = [new Gated(), new Scarce()];
    const body = runnableOf([
      call(gate, ['input']),
      call(gate, ['input'], 'a'),
      // Waits for its slot, which the two after it hold.
      call(scarce, ['a']),
      ...fan(scarce, 2),
      gives('input'),
    ]);
    const failing = run(body, {}, 'q', settings());
    gate.at(1).resolve();
    await quiet();
    const boom = new Error('boom');
    gate.at(0).reject(boom);
    await expect(failing).rejects.toBe(boom);
    expect(scarce.calls).toHaveLength(2);
    const result = run(runnableOf([...fan(scarce, 1), gives('input')]), {}, 'q', settings());
    expect(scarce.calls).toHaveLength(3);
    scarce.at(2).resolve();
    await expect(result).resolves.toEqual(['q']);
  });

  it('holds nothing for calls that are cancelled or aborted', async () => {
    const scarce = new Scarce();
    const controller = new AbortController();
    const aborted = run(runnableOf(fan(scarce, 3)), {}, 'q', settings({ signal: controller.signal }));
    controller.abort('stop');
    await expect(aborted).rejects.toBe('stop');
    expect(scarce.calls).toHaveLength(2);
    const result = run(runnableOf([...fan(scarce, 2), gives('input')]), {}, 'q', settings());
    expect(scarce.calls).toHaveLength(4);
    scarce.at(2).resolve();
    scarce.at(3).resolve();
    await expect(result).resolves.toEqual(['q']);
  });
});

describe('each call', () => {
  it('that ends at the same moment as others races against them as in the code as written', async () => {
    const prompt = new Instant((input) => Promise.resolve(input));
    const [instant, inner] = [new Instant(), new Instant()];
    const thrower = new Instant((input) => {
      throw input;
    });
    const findNested = nesting(new Map([[inner, runnableOf([{ kind: 'return', code: () => 'nested' }])]]));
    const rivals: readonly (readonly [Instant, string])[] = [
      [prompt, 'prompt'],
      [instant, 'instant'],
      [inner, 'nested'],
      [thrower, 'thrown'],
    ];
    for (const [first, wins] of rivals)
      for (const [second] of rivals) {
        const code = async (_self: never, $: CallSite): Promise<unknown> =>
          Promise.race([
            ($(first) as Instant).invoke(wins),
            ($(second) as Instant).invoke('other').catch(() => 'other'),
          ]).catch((error: unknown) => error);
        const body = runnableOf([{ kind: 'async', code, outputs: ['a'] }, gives('a')]);
        // oxlint-disable-next-line no-await-in-loop
        await expect(run(body, {}, 'q', settings({ findNested }))).resolves.toEqual([wins]);
      }
  });

  it('made in a scope of options of its own goes by those: it is no part of the run any more', async () => {
    const [inner, deep] = [new Instant(() => 'as written'), new Gated()];
    const findNested = nesting(new Map([[inner, runnableOf([call(deep, ['input'], 'a'), gives('a')])]]));
    const code = async (_self: never, $: CallSite): Promise<unknown> =>
      executionOptions({ scheduler: 'sequential' }, () => ($(inner) as Instant).invoke(1));
    const body = runnableOf([{ kind: 'async', code, outputs: ['a'] }, gives('a')]);
    await expect(run(body, {}, 'q', settings({ findNested }))).resolves.toEqual(['as written']);
    expect(deep.calls).toHaveLength(0);
  });

  it('runs in the async context that the code as written gives it', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const gate = new Gated();
    const noting = new Instant(() => seen.push(storage.getStore()));
    const inner = new Instant();
    const bodies = new Map([[inner, runnableOf([call(gate, ['input'], 'a'), call(noting, ['a'])])]]);
    const lazy = {
      then: (done: (value: string) => void) =>
        gate.at(2).context.signal.addEventListener('abort', () => done('x')),
    };
    const body = runnableOf([
      call(gate, ['input'], 'a'),
      call(noting, ['a']),
      call(inner, ['input']),
      call(gate, ['a'], 'b'),
      { kind: 'await', code: () => lazy, inputs: ['b'], outputs: ['c'], after: [0] },
      gives('input'),
    ]);
    const findNested = nesting(bodies);
    const result = storage.run('outer', () => run(body, {}, 'q', settings({ findNested })));
    void result.catch(() => {});
    storage.run('elsewhere', () => gate.at(0).resolve());
    await quiet();
    expect(seen).toEqual(['outer']);
    storage.run('elsewhere', () => gate.at(1).resolve());
    await quiet();
    expect(seen).toEqual(['outer', 'outer']);
  });
});

describe('the serial scheduler', () => {
  it('starts each step after the one before has ended', async () => {
    const gate = new Gated();
    const scheduler = new TopologicalScheduler();
    const unlimited = settings({ scheduler, maxConcurrency: Infinity });
    const result = run(runnableOf([...fan(gate, 3), gives('input')]), {}, 'q', unlimited);
    for (let index = 0; index < 3; index++) {
      expect(gate.calls).toHaveLength(index + 1);
      gate.at(index).resolve();
      // oxlint-disable-next-line no-await-in-loop
      await quiet();
    }
    await expect(result).resolves.toEqual(['q']);
  });
});
