/* oxlint-disable typescript/no-unsafe-type-assertion, unicorn/no-thenable -- step functions written by hand get what their types cannot say */
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { run } from '../runtime/run.ts';
import { TopologicalScheduler } from '../runtime/schedulers/serial.ts';
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
