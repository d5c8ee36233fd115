/* oxlint-disable typescript/no-unsafe-type-assertion, unicorn/no-thenable, typescript/unbound-method -- step functions written by hand get what their types cannot say */
import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import type { CallSite } from '../runtime/descriptor.ts';
import { run } from '../runtime/run.ts';
import type { Runnable } from '../runtime/runnable.ts';
import * as xcs from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';
import { call, fan, gives, nesting, runnableOf, settings, start } from './helpers/descriptors.ts';
import { Gated, Instant, quiet, watch } from './helpers/gates.ts';

const inputsOf = (gate: Gated): readonly unknown[] => gate.calls.map(({ input }) => input);

describe('an explicit limit', () => {
  const limited = (maxConcurrency: number) => settings({ maxConcurrency, explicitLimit: true });

  it('is never exceeded, and is used to the full', async () => {
    const gate = new Gated();
    const result = run(runnableOf([...fan(gate, 6), gives('input')]), {}, 'q', limited(2));
    for (let ended = 0; ended < 6; ended++) {
      expect(gate.calls).toHaveLength(Math.min(ended + 2, 6));
      gate.at(ended).resolve();
      // oxlint-disable-next-line no-await-in-loop
      await quiet();
    }
    await expect(result).resolves.toEqual(['q']);
  });

  it('lets the longest remaining path go first, then program order', async () => {
    const gate = new Gated();
    const body = runnableOf([
      ...fan(gate, 2),
      { kind: 'call', code: () => [gate, 'short'], method: 'invoke' },
      { kind: 'call', code: () => [gate, 'short too'], method: 'invoke' },
      { kind: 'call', code: () => [gate, 'long'], method: 'invoke', outputs: ['a'] },
      { kind: 'call', code: () => [gate, 'long end'], method: 'invoke', inputs: ['a'] },
      gives('input'),
    ]);
    const result = run(body, {}, 'q', limited(2));
    for (let ended = 0; ended < 6; ended++) {
      gate.at(ended).resolve();
      // oxlint-disable-next-line no-await-in-loop
      await quiet();
    }
    await result;
    expect(inputsOf(gate)).toEqual([0, 1, 'long', 'short', 'short too', 'long end']);
  });

  it('counts the path that remains after a nested run, too', async () => {
    const [gate, inner] = [new Gated(), new Instant()];
    const deep = runnableOf([{ kind: 'call', code: () => [gate, 'deep'], method: 'invoke' }, gives('input')]);
    const body = runnableOf([
      ...fan(gate, 2),
      { kind: 'call', code: () => [gate, 'short'], method: 'invoke' },
      call(inner, ['input'], 'a'),
      { kind: 'call', code: () => [gate, 'after'], method: 'invoke', inputs: ['a'] },
      gives('input'),
    ]);
    const findNested = nesting(new Map([[inner, deep]]));
    const result = run(body, {}, 'q', { ...limited(2), findNested });
    for (let ended = 0; ended < 5; ended++) {
      gate.at(ended).resolve();
      // oxlint-disable-next-line no-await-in-loop
      await quiet();
    }
    await result;
    expect(inputsOf(gate)).toEqual([0, 1, 'deep', 'short', 'after']);
  });

  it('counts calls made through `$`, and gives their slots back', async () => {
    const gate = new Gated();
    const code = async (_self: never, $: CallSite): Promise<unknown> =>
      Promise.all([1, 2, 3].map((input) => ($(gate) as Gated).invoke(input)));
    const result = run(
      runnableOf([{ kind: 'async', code, outputs: ['a'] }, gives('a')]),
      {},
      'q',
      limited(2),
    );
    expect(inputsOf(gate)).toEqual([1, 2]);
    gate.at(0).resolve('a');
    await quiet();
    expect(inputsOf(gate)).toEqual([1, 2, 3]);
    gate.at(1).resolve('b');
    gate.at(2).resolve('c');
    await expect(result).resolves.toEqual([['a', 'b', 'c']]);
  });

  it('counts foreign calls that are started, until their promise settles', async () => {
    let settle = (): void => {};
    const foreign = {
      invoke: () =>
        new Promise<void>((resolve) => {
          settle = resolve;
        }),
    };
    const gate = new Gated();
    const body = runnableOf([start(foreign, []), ...fan(gate, 2), gives('input')]);
    const result = run(body, {}, 'q', limited(2));
    expect(inputsOf(gate)).toEqual([0]);
    settle();
    await quiet();
    expect(inputsOf(gate)).toEqual([0, 1]);
    gate.at(0).resolve();
    gate.at(1).resolve();
    await expect(result).resolves.toEqual(['q']);
  });

  it('cannot deadlock nested runs: a call whose callee is compiled holds no slot', async () => {
    const gate = new Gated();
    const operators = Array.from({ length: 20 }, () => new Instant());
    const bodies = new Map<unknown, Runnable>();
    for (const [depth, operator] of operators.entries()) {
      const callee = operators[depth + 1] ?? gate;
      bodies.set(
        operator,
        runnableOf([call(callee, ['input'], 'a'), call(callee, ['a'], 'b'), gives('a', 'b')]),
      );
      if (callee !== gate) bodies.set(operator, runnableOf([call(callee, ['input'], 'a'), gives('a')]));
    }
    const [outer] = operators;
    const body = runnableOf([
      call(outer, ['input'], 'a'),
      call(outer, ['input'], 'b'),
      call(outer, ['input'], 'c'),
      gives('a'),
    ]);
    const result = run(body, {}, 'q', { ...limited(2), findNested: nesting(bodies) });
    const watched = watch(result);
    for (let ended = 0; ended < 6; ended++) {
      expect(gate.calls.length - ended).toBeLessThanOrEqual(2);
      gate.at(ended).resolve('r');
      // oxlint-disable-next-line no-await-in-loop
      await quiet();
    }
    expect(watched.state).toBe('fulfilled');
    expect(gate.calls).toHaveLength(6);
  });

  it('lets a cancelled call that waits never start, and gives up the slots of cancelled calls', async () => {
    const [first, rest] = [new Gated(), new Gated()];
    const boom = new Error('boom');
    const body = runnableOf([
      call(first, ['input']),
      call(first, ['input']),
      ...fan(rest, 3),
      gives('input'),
    ]);
    const result = run(body, {}, 'q', limited(2));
    first.at(1).reject(boom);
    await quiet();
    expect(rest.calls).toHaveLength(0);
    first.at(0).resolve();
    await expect(result).rejects.toBe(boom);
    await quiet();
    expect(rest.calls).toHaveLength(0);
  });

  it('starts a waiting call in the async context that it was made in', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const [gate, noting] = [new Gated(), new Instant(() => seen.push(storage.getStore()))];
    const body = runnableOf([
      ...fan(gate, 2),
      call(noting, ['input']),
      {
        kind: 'async',
        code: (_self, $) => storage.run('inner', async () => ($(noting) as Instant).invoke(1)),
      },
      gives('input'),
    ]);
    const result = storage.run('outer', () => run(body, {}, 'q', limited(2)));
    expect(seen).toEqual([]);
    storage.run('elsewhere', () => gate.at(0).resolve());
    await quiet();
    expect(seen).toEqual(['outer', 'inner']);
    gate.at(1).resolve();
    await result;
  });
});

describe('the default limit', () => {
  it('delays only calls that start earlier than the code as written would start them', async () => {
    const gate = new Gated();
    const result = run(
      runnableOf([...fan(gate, 5), gives('input')]),
      {},
      'q',
      settings({ maxConcurrency: 2 }),
    );
    expect(inputsOf(gate)).toEqual([0, 1]);
    gate.at(1).resolve();
    await quiet();
    expect(inputsOf(gate)).toEqual([0, 1, 2]);
    for (const index of [0, 2]) gate.at(index).resolve();
    await quiet();
    expect(inputsOf(gate)).toEqual([0, 1, 2, 3, 4]);
    for (const index of [3, 4]) gate.at(index).resolve();
    await expect(result).resolves.toEqual(['q']);
  });

  it('lets a waiting call in as soon as the code as written would start it', async () => {
    const [gate, late] = [new Gated(), new Gated()];
    const body = runnableOf([
      call(gate, ['input'], 'a'),
      call(gate, ['input'], 'b'),
      // Waits for the first, so two later calls are already in flight when it is ready.
      call(late, ['a']),
      call(gate, ['input']),
      call(gate, ['input']),
      gives('input'),
    ]);
    const result = run(body, {}, 'q', settings({ maxConcurrency: 3 }));
    expect(gate.calls).toHaveLength(3);
    gate.at(0).resolve();
    await quiet();
    // The slot went to one of the two that waited; the second call of the code is still in flight.
    expect(gate.calls.length + late.calls.length).toBe(4);
    gate.at(1).resolve();
    await quiet();
    expect(late.calls).toHaveLength(1);
    expect(gate.calls).toHaveLength(4);
    late.at(0).resolve();
    for (const index of [2, 3]) gate.at(index).resolve();
    await expect(result).resolves.toEqual(['q']);
  });

  it('never delays the members of a combinator that the user wrote', async () => {
    const gate = new Gated();
    const code = async (_self: never, $: CallSite): Promise<unknown> =>
      Promise.all([1, 2, 3].map((input) => ($(gate) as Gated).invoke(input)));
    const result = run(
      runnableOf([{ kind: 'async', code }, gives('input')]),
      {},
      'q',
      settings({ maxConcurrency: 2 }),
    );
    expect(inputsOf(gate)).toEqual([1, 2, 3]);
    for (const { resolve } of gate.calls) resolve();
    await result;
  });

  it('lets calls of a nested run in when the call of that run becomes due', async () => {
    const [gate, deep, inner] = [new Gated(), new Gated(), new Instant()];
    const bodies = new Map([
      [inner, runnableOf([start(deep, ['input'], 'p'), call(deep, ['input']), gives('input')])],
    ]);
    const body = runnableOf([
      call(gate, ['input']),
      call(inner, ['input']),
      call(gate, ['input']),
      gives('input'),
    ]);
    const result = run(body, {}, 'q', settings({ maxConcurrency: 1, findNested: nesting(bodies) }));
    expect(gate.calls).toHaveLength(1);
    expect(deep.calls).toHaveLength(0);
    gate.at(0).resolve();
    await quiet();
    expect(deep.calls).toHaveLength(2);
    expect(gate.calls).toHaveLength(1);
    deep.at(0).resolve();
    deep.at(1).resolve();
    await quiet();
    gate.at(1).resolve();
    await expect(result).resolves.toEqual(['q']);
  });
});

describe('a loop under a limit', () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just this
  const { Each } = compileModule(`
    import { Operator, structuralJit } from 'xcs';
    @structuralJit
    export class Each extends Operator<readonly number[], unknown> {
      constructor(readonly one: Operator) { super(); }
      override async forward(numbers: readonly number[]) {
        const all: unknown[] = [];
        for (const number of numbers) all.push(await this.one.invoke(number));
        return all;
      }
    }`).load({ modules: { xcs } }) as unknown as { Each: new (one: xcs.Operator) => xcs.Operator };

  class Free extends Gated {
    static override readonly effect = 'unordered';
  }

  it('leaves no slot free while an early iteration takes long', async () => {
    const gate = new Free();
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    const result = new Each(gate).invoke(numbers, { maxConcurrency: 2 });
    await quiet();
    for (let ended = 1; ended < 20; ended++) {
      expect(gate.calls).toHaveLength(ended + 1);
      gate.at(ended).resolve(ended);
      await quiet(); // eslint-disable-line no-await-in-loop
    }
    gate.at(0).resolve(0);
    await expect(result).resolves.toEqual(numbers);
  });
});
