/* oxlint-disable typescript/no-unsafe-type-assertion, unicorn/no-thenable, typescript/unbound-method -- step functions written by hand get what their types cannot say */
import { describe, expect, it } from 'vitest';
import { run } from '../runtime/run.ts';
import { call, gives, runnableOf, settings, start, type StepOf } from './helpers/descriptors.ts';
import { Gated, Instant, quiet, watch } from './helpers/gates.ts';

describe('a run', () => {
  it('starts independent calls together and gives their results in the order of the code', async () => {
    const gate = new Gated();
    const body = runnableOf([call(gate, ['input'], 'a'), call(gate, ['input'], 'b'), gives('a', 'b')]);
    const result = run(body, {}, 'q', settings());
    expect(gate.calls.map(({ input }) => input)).toEqual(['q', 'q']);
    gate.at(1).resolve('second');
    gate.at(0).resolve('first');
    await expect(result).resolves.toEqual(['first', 'second']);
  });

  it('hands each call what an earlier one gave', async () => {
    const gate = new Gated();
    const result = run(
      runnableOf([call(gate, ['input'], 'a'), call(gate, ['a'], 'b'), gives('b')]),
      {},
      1,
      settings(),
    );
    expect(gate.calls).toHaveLength(1);
    gate.at(0).resolve(2);
    await quiet();
    expect(gate.at(1).input).toBe(2);
    gate.at(1).resolve(3);
    await expect(result).resolves.toEqual([3]);
  });

  it('hands step functions the instance, and as many inputs as they list', async () => {
    const sources = ['a', 'b', 'c', 'd', 'e', 'f'];
    const parts: StepOf[] = sources.map((name, index) => ({
      kind: 'compute',
      code: () => index,
      outputs: [name],
    }));
    for (let count = 0; count <= 6; count++)
      parts.push({
        kind: 'compute',
        code: (self, _$, ...inputs) => [self, ...inputs],
        inputs: sources.slice(0, count),
        outputs: [`out${count}`],
      });
    parts.push(gives('out0', 'out1', 'out2', 'out3', 'out4', 'out5', 'out6'));
    await expect(run(runnableOf(parts), 'me', undefined, settings())).resolves.toEqual([
      ['me'],
      ['me', 0],
      ['me', 0, 1],
      ['me', 0, 1, 2],
      ['me', 0, 1, 2, 3],
      ['me', 0, 1, 2, 3, 4],
      ['me', 0, 1, 2, 3, 4, 5],
    ]);
  });

  it('spreads the value of a step with several outputs', async () => {
    const body = runnableOf([
      { kind: 'compute', code: () => ['x', 'y'], outputs: ['a', 'b'] },
      { kind: 'async', code: async () => ['z', 'w'], outputs: ['c', 'd'] },
      gives('b', 'a', 'd', 'c'),
    ]);
    await expect(run(body, {}, undefined, settings())).resolves.toEqual(['y', 'x', 'w', 'z']);
  });

  it('takes no tick for results that come without a promise', async () => {
    const order: string[] = [];
    const instant = new Instant((input) => `${String(input)}!`);
    const result = run(
      runnableOf([
        call(instant, ['input'], 'a'),
        call(instant, ['a'], 'b'),
        { kind: 'compute', code: () => order.push('computed'), after: [1] },
        gives('b'),
      ]),
      {},
      'q',
      settings(),
    );
    order.push('returned');
    await expect(result).resolves.toEqual(['q!!']);
    expect(order).toEqual(['computed', 'returned']);
    expect(instant.inputs).toEqual(['q', 'q!']);
  });

  it('calls the `then` of a lazy thenable once, in a microtask', async () => {
    const log: string[] = [];
    const lazy = {
      get then(): (done: (value: string) => void) => void {
        log.push('read');
        return (done) => {
          log.push('called');
          done('value');
        };
      },
    };
    const body = runnableOf([call({ invoke: () => lazy }, ['input'], 'a'), gives('a')]);
    const result = run(body, {}, undefined, settings());
    expect(log).toEqual(['read']);
    await expect(result).resolves.toEqual(['value']);
    expect(log).toEqual(['read', 'called']);
  });

  it('calls a foreign callee exactly as written', async () => {
    const seen: unknown[] = [];
    const foreign = {
      create(this: unknown, ...args: readonly unknown[]) {
        seen.push([this === foreign, ...args]);
        return 'made';
      },
    };
    const plain = (...args: readonly unknown[]): string => {
      seen.push(args);
      return 'plain';
    };
    const body = runnableOf([
      { ...call(foreign, ['input', 'input'], 'a'), method: 'create' },
      { kind: 'call', code: (_self, _$, input) => [plain, input], inputs: ['input'], outputs: ['b'] },
      gives('a', 'b'),
    ]);
    await expect(run(body, {}, 'q', settings())).resolves.toEqual(['made', 'plain']);
    expect(seen).toEqual([[true, 'q', 'q'], ['q']]);
  });

  it('awaits what it returns', async () => {
    const thenable = { then: (done: (value: number) => void) => done(7) };
    const body = runnableOf([{ kind: 'return', code: () => thenable }]);
    await expect(run(body, {}, undefined, settings())).resolves.toBe(7);
    const boom = new Error('boom');
    const failing = runnableOf([{ kind: 'return', code: () => Promise.reject(boom) }]);
    await expect(run(failing, {}, undefined, settings())).rejects.toBe(boom);
  });

  it('gives nothing when nothing is returned', async () => {
    await expect(run(runnableOf([]), {}, 1, settings())).resolves.toBeUndefined();
    await expect(
      run(runnableOf([{ kind: 'compute', code: () => 1 }]), {}, 1, settings()),
    ).resolves.toBeUndefined();
  });

  it('settles only when every step has ended', async () => {
    const gate = new Gated();
    const result = run(runnableOf([call(gate, ['input']), gives('input')]), {}, 'q', settings());
    const watched = watch(result);
    await quiet();
    expect(watched.state).toBe('pending');
    gate.at(0).resolve();
    await expect(result).resolves.toEqual(['q']);
  });

  it('runs 100 000 steps one after another without growing the stack', async () => {
    const count = 100_000;
    const parts: StepOf[] = [{ kind: 'compute', code: () => 0, outputs: ['n'] }];
    for (let step = 1; step < count; step++)
      parts.push({ kind: 'compute', code: (_self, _$, n: number) => n + 1, inputs: ['n'], outputs: ['n'] });
    parts.push(gives('n'));
    await expect(run(runnableOf(parts), {}, undefined, settings())).resolves.toEqual([count - 1]);
  });

  it('keeps no state in the plan: 1000 runs of it at once do not mix', async () => {
    const gate = new Gated();
    const body = runnableOf([call(gate, ['input'], 'a'), call(gate, ['a'], 'b'), gives('b')]);
    const results = Array.from({ length: 1000 }, (_, index) => run(body, {}, index, settings()));
    for (const { input, resolve } of gate.calls.splice(0).toReversed()) resolve(Number(input) + 0.5);
    await quiet();
    for (const { input, resolve } of gate.calls.splice(0)) resolve(Number(input) * 2);
    expect(await Promise.all(results)).toEqual(Array.from({ length: 1000 }, (_, index) => [index * 2 + 1]));
  });
});

describe('a started call', () => {
  it('gives its promise at once, and the run does not wait for it', async () => {
    const gate = new Gated();
    const body = runnableOf([
      start(gate, ['input'], 'p'),
      { kind: 'return', code: (_self, _$, p) => ({ p }), inputs: ['p'] },
    ]);
    const result = run(body, {}, 'q', settings());
    const { p } = (await result) as { readonly p: Promise<unknown> };
    expect(p).toBeInstanceOf(Promise);
    gate.at(0).resolve('late');
    await expect(p).resolves.toBe('late');
  });

  it('is no unhandled rejection while a later step has still to await it', async () => {
    const gate = new Gated();
    const boom = new Error('boom');
    const body = runnableOf([
      start(gate, ['input'], 'p'),
      call(gate, ['input'], 'a'),
      { kind: 'await', code: (_self, _$, p) => p, inputs: ['p'], outputs: ['b'], after: [1] },
      gives('a', 'b'),
    ]);
    const result = run(body, {}, 'q', settings());
    gate.at(0).reject(boom);
    await quiet();
    gate.at(1).resolve('fine');
    await expect(result).rejects.toBe(boom);
  });

  it('fails its step when the callee throws before there is a promise', async () => {
    const boom = new Error('boom');
    const foreign = {
      invoke(): never {
        throw boom;
      },
    };
    const gate = new Gated();
    const body = runnableOf([start(foreign, ['input'], 'p'), call(gate, ['p'])]);
    await expect(run(body, {}, 'q', settings())).rejects.toBe(boom);
    expect(gate.calls).toHaveLength(0);
  });

  it('gives what a foreign callee answers without a promise as it is', async () => {
    const thenable = { then: (done: (value: number) => void) => done(1), extra: 2 };
    const body = runnableOf([
      start({ invoke: () => thenable }, [], 'p'),
      start({ invoke: () => 5 }, [], 'q'),
      gives('p', 'q'),
    ]);
    const given = (await run(body, {}, undefined, settings())) as readonly unknown[];
    expect(given[0]).toBe(thenable);
    expect(given[1]).toBe(5);
  });
});
