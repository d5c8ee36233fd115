/* oxlint-disable typescript/no-unsafe-type-assertion -- emitted code and wrong use call what the types do not offer */
import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { executionOptions, Operator, operator, XCSError, type OperatorContext } from '../runtime/index.ts';
import { Gate, settle } from './helpers/hand-compiled.ts';

class Shout extends Operator<string, string> {
  async forward(text: string): Promise<string> {
    return `${text}!`;
  }
}

/** Waits for its gate, and keeps what it was given. */
class Gated extends Operator<string, string> {
  readonly gate = new Gate();
  context: OperatorContext | undefined;
  async forward(text: string, context: OperatorContext): Promise<string> {
    this.context = context;
    await this.gate.opened;
    return text;
  }
}

afterEach(() => {
  vi.useRealTimers();
});

describe('an operator that runs as written', () => {
  it('answers what forward answers', async () => {
    await expect(new Shout().invoke('hey')).resolves.toBe('hey!');
  });

  it('hands on the promise of forward itself', () => {
    const promise = Promise.resolve(1);
    class Plain extends Operator<void, number> {
      forward(): Promise<number> {
        return promise;
      }
    }
    expect(new Plain().invoke()).toBe(promise);
  });

  it('answers a promise for a forward that answers a value', async () => {
    class Instant extends Operator<number, number> {
      forward(n: number): number {
        return n + 1;
      }
    }
    const answer = new Instant().invoke(1);
    expect(answer).toBeInstanceOf(Promise);
    await expect(answer).resolves.toBe(2);
  });

  it('rejects with the very thing that forward throws, also before there is a promise', async () => {
    class Thrower extends Operator<unknown, never> {
      forward(thrown: unknown): never {
        throw thrown;
      }
    }
    const error = new Error('no');
    await expect(new Thrower().invoke(error)).rejects.toBe(error);
    await expect(new Thrower().invoke(undefined)).rejects.toBe(undefined);
  });

  it('calls the then of a lazy thenable once', async () => {
    let calls = 0;
    const query = {
      // oxlint-disable-next-line unicorn/no-thenable -- a query builder is just that
      then(resolve: (value: string) => void): void {
        calls++;
        resolve('rows');
      },
    };
    class Query extends Operator<void, string> {
      forward(): PromiseLike<string> {
        return query as unknown as PromiseLike<string>;
      }
    }
    await expect(new Query().invoke()).resolves.toBe('rows');
    expect(calls).toBe(1);
  });

  it('gives each call a signal of its own, which never aborts by itself', async () => {
    const signals: AbortSignal[] = [];
    class Seen extends Operator<void, void> {
      forward(_: void, { signal }: OperatorContext): void {
        signals.push(signal);
      }
    }
    const seen = new Seen();
    await seen.invoke();
    await seen.invoke();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    expect(signals[0]).not.toBe(signals[1]);
  });
});

describe('the signal of a caller', () => {
  it('rejects at once with the reason and starts nothing when it is aborted already', async () => {
    const forward = vi.fn<() => Promise<string>>(async () => 'never');
    const reason = { why: 'too late' };
    const call = operator(forward).invoke(undefined, { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect(forward).not.toHaveBeenCalled();
  });

  it('rejects at once with the reason, tells forward, and leaves no listener', async () => {
    const gated = new Gated();
    const controller = new AbortController();
    const call = gated.invoke('x', { signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    const reason = new Error('stop');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(gated.context?.signal.reason).toBe(reason);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('is not listened to any more once the call has settled', async () => {
    const { signal } = new AbortController();
    await new Shout().invoke('a', { signal });
    await operator(() => Promise.reject(new Error('no')))
      .invoke(undefined, { signal })
      .catch(() => {});
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('swallows what comes after the abort', async () => {
    const gate = new Gate();
    const late = operator(async () => {
      await gate.opened;
      throw new Error('late');
    });
    const controller = new AbortController();
    const call = late.invoke(undefined, { signal: controller.signal });
    controller.abort('stop');
    await expect(call).rejects.toBe('stop');
    gate.open();
    await settle();
  });

  it('holds together with the signal of a scope', async () => {
    const scope = new AbortController();
    const own = new AbortController();
    const gated = new Gated();
    const call = executionOptions({ signal: scope.signal }, () => gated.invoke('x', { signal: own.signal }));
    scope.abort('scope');
    await expect(call).rejects.toBe('scope');
  });
});

describe('timeoutMs', () => {
  it('rejects with XCS9002 when the time is over, and aborts the call', async () => {
    vi.useFakeTimers();
    const gated = new Gated();
    const call = gated.invoke('x', { timeoutMs: 50 });
    const outcome = call.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(50);
    expect(await outcome).toMatchObject({ code: 'XCS9002' });
    expect(gated.context?.signal.aborted).toBe(true);
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers();
    await new Shout().invoke('a', { timeoutMs: 50 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('rejects options that are not allowed', async () => {
  const call = new Shout().invoke('a', { timeoutMs: -1 });
  await expect(call).rejects.toThrow(XCSError);
  await expect(call).rejects.toMatchObject({ code: 'XCS1001' });
});

describe('a function operator', () => {
  it('is called as the function that it was made of, with its receiver and all arguments', () => {
    const add = operator(function (this: { readonly base: number }, a: number, b: number): number {
      return this.base + a + b;
    });
    expect(add.call({ base: 100 }, 20, 3)).toBe(123);
  });

  it('has invoke, which answers a promise', async () => {
    const double = operator((n: number) => n * 2);
    await expect(double.invoke(21)).resolves.toBe(42);
  });

  it('gets the context of the call from invoke', async () => {
    const controller = new AbortController();
    const wait = operator(
      (_: string, { signal }: OperatorContext) =>
        new Promise<string>((resolve) => {
          signal.addEventListener('abort', () => resolve('heard'), { once: true });
        }),
    );
    const call = wait.invoke('x', { signal: controller.signal });
    controller.abort('stop');
    await expect(call).rejects.toBe('stop');
  });

  it('keeps the name of the function unless it is given another', () => {
    function search(): void {}
    expect(operator(search).name).toBe('search');
    expect(operator(search, { name: 'find' }).name).toBe('find');
  });

  it('shows the effect that it declares', () => {
    expect(operator(() => 1, { effect: 'pure' }).effect).toBe('pure');
  });

  it.each([
    [{ effect: 'fast' }, 'XCS1005'],
    [{ effect: { reads: [1] } }, 'XCS1005'],
    [{ name: 7 }, 'XCS1001'],
    [{ nme: 'x' }, 'XCS1002'],
    [null, 'XCS1001'],
  ])('refuses the options %j with %s', (options, code) => {
    // Options that the types forbid.
    expect(() => operator(() => 1, options as never)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses what is no function', () => {
    expect(() => operator('search' as never)).toThrow(expect.objectContaining({ code: 'XCS1007' }));
  });
});

describe('the types', () => {
  it('take the input of a function and answer what it gives', () => {
    const search = operator(async (q: string) => [q]);
    expectTypeOf(search.invoke).toBeCallableWith('q');
    expectTypeOf(search.invoke('q')).resolves.toEqualTypeOf<string[]>();
    expectTypeOf(search).toBeCallableWith('q');
    const now = operator(() => 1);
    expectTypeOf(now.invoke()).resolves.toEqualTypeOf<number>();
  });
});

describe('static maxConcurrency', () => {
  class Limited extends Operator<Gate, string> {
    static override readonly maxConcurrency = 2;
    static readonly started: Gate[] = [];
    async forward(gate: Gate): Promise<string> {
      Limited.started.push(gate);
      await gate.opened;
      return 'done';
    }
  }

  it('bounds calls to all instances of the class, also outside any run, in the order in which they were made', async () => {
    Limited.started.length = 0;
    const gates = [new Gate(), new Gate(), new Gate(), new Gate()];
    const calls = gates.map((gate) => new Limited().invoke(gate));
    expect(Limited.started).toEqual(gates.slice(0, 2));
    gates[1]?.open();
    await calls[1];
    await settle();
    expect(Limited.started).toEqual(gates.slice(0, 3));
    for (const gate of gates) gate.open();
    await expect(Promise.all(calls)).resolves.toEqual(['done', 'done', 'done', 'done']);
  });

  it('gives the slot of an aborted call to the next, and forgets calls that are aborted while they wait', async () => {
    Limited.started.length = 0;
    const gates = [new Gate(), new Gate(), new Gate(), new Gate()];
    const controllers = gates.map(() => new AbortController());
    const calls = gates.map((gate, i) => {
      const signal = controllers[i]?.signal ?? AbortSignal.abort('no controller');
      return new Limited().invoke(gate, { signal }).catch((error: unknown) => error);
    });
    controllers[2]?.abort('not wanted');
    controllers[0]?.abort('stop');
    await settle();
    expect(Limited.started).toEqual([gates[0], gates[1], gates[3]]);
    gates[1]?.open();
    gates[3]?.open();
    await expect(Promise.all(calls)).resolves.toEqual(['stop', 'done', 'not wanted', 'done']);
  });
});
