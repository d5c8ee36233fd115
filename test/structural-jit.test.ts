/* oxlint-disable typescript/no-unsafe-type-assertion -- emitted code and wrong use call what the types do not offer */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Compiled } from '../runtime/descriptor.ts';
import { failedStep, Operator, operator, structuralJit, type OperatorContext } from '../runtime/index.ts';
import { bailOut, both, field, Gate, settle, withoutPath } from './helpers/hand-compiled.ts';

// Emitted code, old decorators and wrong use: calls that the types do not offer.
const jit = structuralJit as (...given: readonly unknown[]) => unknown;

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
beforeEach(() => warn.mockClear());
afterEach(() => vi.useRealTimers());

class Leaf extends Operator<string, string> {
  static override readonly effect = 'unordered';
  readonly gate = new Gate();
  readonly started: string[] = [];
  async forward(text: string): Promise<string> {
    this.started.push(text);
    await this.gate.opened;
    return text;
  }
}

/** As written the two calls follow each other, compiled they overlap: that is how a test tells which of them runs. */
class Base extends Operator<string, string> {
  left = new Leaf();
  right = new Leaf();
  calls = 0;
  async forward(text: string): Promise<string> {
    this.calls++;
    const left = await this.left.invoke(text);
    const right = await this.right.invoke(text);
    return `${left}+${right}`;
  }
}

/** A class that owns its `forward`. */
function fresh(): typeof Base {
  class Both extends Base {
    override async forward(text: string): Promise<string> {
      return super.forward(text);
    }
  }
  return Both;
}

/** Whether one call of `instance` starts both calls at once. */
async function overlaps(instance: Base): Promise<boolean> {
  const call = instance.invoke('x');
  await settle();
  const overlapped = instance.right.started.length > 0;
  instance.left.gate.open();
  instance.right.gate.open();
  await expect(call).resolves.toBe('x+x');
  return overlapped;
}

const codeOf = (fn: () => unknown): unknown => {
  try {
    fn();
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
  return undefined;
};

describe('a compiled class', () => {
  it.each<[string, (owner: typeof Base, compiled: Compiled) => void]>([
    ['handed over with the class', (owner, compiled) => void jit(owner, compiled)],
    ['handed over after options', (owner, compiled) => void (jit({}) as typeof jit)(owner, compiled)],
  ])('runs its compiled code, %s, from the first call on and without a notice', async (_, decorate) => {
    const Both = fresh();
    decorate(Both, both());
    const instance = new Both();
    expect(await overlaps(instance)).toBe(true);
    expect(instance.calls).toBe(0);
    expect(warn).not.toHaveBeenCalled();
  });

  it('goes by its options', async () => {
    const Both = fresh();
    (jit({ executionStrategy: 'sequential' }) as typeof jit)(Both, both());
    const instance = new Both();
    expect(await overlaps(instance)).toBe(false);
    expect(instance.calls).toBe(0);
  });

  it('runs for a subclass that does not override forward', async () => {
    const Both = fresh();
    jit(Both, both());
    class Sub extends Both {}
    expect(await overlaps(new Sub())).toBe(true);
  });

  it('runs as written for a subclass that overrides forward', async () => {
    const Both = fresh();
    jit(Both, both());
    class Sub extends Both {
      override async forward(text: string): Promise<string> {
        return super.forward(text);
      }
    }
    const instance = new Sub();
    expect(await overlaps(instance)).toBe(false);
    expect(instance.calls).toBe(1);
  });

  it('runs for a decorated subclass that inherits forward, with the options of the subclass', async () => {
    const Both = fresh();
    jit(Both, both());
    class Sub extends Both {}
    jit(Sub, { kind: 'class' });
    expect(await overlaps(new Sub())).toBe(true);
    class Serial extends Both {}
    (jit({ executionStrategy: 'sequential' }) as typeof jit)(Serial);
    expect(await overlaps(new Serial())).toBe(false);
    expect(warn).not.toHaveBeenCalled();
  });

  it('runs as written, once and from the start, when a guard fails', async () => {
    const Both = fresh();
    jit(Both, both());
    const instance = new Both();
    Object.defineProperty(instance, 'left', { get: () => leaf });
    const leaf = new Leaf();
    const call = instance.invoke('x');
    leaf.gate.open();
    instance.right.gate.open();
    await expect(call).resolves.toBe('x+x');
    expect(instance.calls).toBe(1);
    expect(leaf.started).toEqual(['x']);
  });

  it('uses the operators that are there at each call', async () => {
    const Both = fresh();
    jit(Both, both());
    const instance = new Both();
    expect(await overlaps(instance)).toBe(true);
    instance.left = new Leaf();
    instance.right = new Leaf();
    expect(await overlaps(instance)).toBe(true);
    expect(instance.left.started).toEqual(['x']);
  });

  it('is switched off and on again for one instance', async () => {
    const Both = fresh();
    jit(Both, both());
    const renew = (instance: Base): Base => Object.assign(instance, { left: new Leaf(), right: new Leaf() });
    const instance = new Both();
    expect(instance.jitEnabled).toBe(true);
    instance.disableJit();
    expect(instance.jitEnabled).toBe(false);
    expect(await overlaps(instance)).toBe(false);
    expect(await overlaps(new Both())).toBe(true);
    instance.enableJit();
    expect(instance.jitEnabled).toBe(true);
    expect(await overlaps(renew(instance))).toBe(true);
  });

  it('throws the error of its operator untouched, and remembers the step', async () => {
    const Both = fresh();
    jit(Both, both());
    const instance = new Both();
    const error = Object.freeze(new Error('no'));
    instance.right = Object.assign(new Leaf(), { forward: () => Promise.reject(error) });
    instance.left.gate.open();
    await expect(instance.invoke('x')).rejects.toBe(error);
    expect(failedStep(error)).toMatchObject({
      operator: 'Both',
      step: { id: 1, label: 'this.right.invoke(q)' },
    });
  });

  it('was compiled for this ABI', () => {
    expect(codeOf(() => jit(fresh(), both({ abi: 99 })))).toBe('XCS0002');
  });

  it('may have been left as written by the transformer, which is no cause for a notice', async () => {
    const Both = fresh();
    jit(Both, { ...both({ asWritten: bailOut }), steps: [] });
    const instance = new Both();
    expect(await overlaps(instance)).toBe(false);
    expect(instance.calls).toBe(1);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('a class that was not compiled', () => {
  it.each<[string, (owner: typeof Base) => void]>([
    ['a decorator', (owner) => void jit(owner, { kind: 'class', name: 'Both' })],
    ['an old decorator', (owner) => void jit(owner)],
    [
      'a decorator with options',
      (owner) => void (jit({}) as typeof jit)(owner, { kind: 'class', name: 'Both' }),
    ],
    ['an old decorator with options', (owner) => void (jit({}) as typeof jit)(owner)],
  ])('runs as written under %s, with one notice that names cause and fix', async (_, decorate) => {
    const Both = fresh();
    decorate(Both);
    expect(await overlaps(new Both())).toBe(false);
    await overlaps(new Both());
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^XCS0001: `Both` was not compiled by the xcs transformer.*tspc/u)],
    ]);
  });

  it('keeps the class that it decorates', () => {
    expect(jit(fresh())).toBeUndefined();
  });

  it('is told that an invoke of its own cannot be compiled', () => {
    class Own extends Base {
      override async forward(text: string): Promise<string> {
        return text;
      }
      override invoke(): never {
        return Promise.resolve('own') as never;
      }
    }
    jit(Own, both());
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^XCS0003: `Own`/u)]]);
  });
});

describe('a function', () => {
  const left = new Leaf();
  const right = new Leaf();
  const asWritten = async (text: string): Promise<string> =>
    `${await left.invoke(text)}+${await right.invoke(text)}`;
  const compiled: Compiled = {
    ...both({ operators: [withoutPath(field(0, 'left')), withoutPath(field(1, 'right'))] }),
    callees: [() => left, () => right],
    steps: [
      (_self, _site, q: string) => [left, q],
      (_self, _site, q: string) => [right, q],
      (_self, _site, a: string, b: string) => `${a}+${b}`,
    ],
  };
  left.gate.open();
  right.gate.open();

  it('runs its compiled code when called and when invoked', async () => {
    const answer = jit(asWritten, undefined, compiled) as typeof asWritten & Leaf;
    await expect(answer('x')).resolves.toBe('x+x');
    await expect(answer.invoke('y')).resolves.toBe('y+y');
    expect(answer.name).toBe('Both');
    expect(answer.jitEnabled).toBe(true);
    expect(warn).not.toHaveBeenCalled();
  });

  it('runs as written when it is called with more than an input, or switched off', async () => {
    const fn = vi.fn<(...texts: readonly string[]) => Promise<string>>(async (...texts: readonly string[]) =>
      texts.join(),
    );
    const answer = jit(fn, { maxConcurrency: 2 }, compiled) as typeof fn &
      Leaf &
      ((...texts: readonly string[]) => Promise<string>);
    await expect(answer('x', 'y')).resolves.toBe('x,y');
    answer.disableJit();
    await expect(answer('z')).resolves.toBe('z');
  });

  it('runs as written when it was not compiled, with a notice', async () => {
    const answer = structuralJit(async (text: string) => `${text}!`);
    await expect(answer('x')).resolves.toBe('x!');
    await expect(answer.invoke('y')).resolves.toBe('y!');
    expect(warn.mock.calls).toEqual([[expect.stringContaining('XCS0001')]]);
  });

  it('is an operator of others', async () => {
    const Both = fresh();
    jit(Both, both());
    const instance = new Both();
    Object.assign(instance, { left: jit(asWritten, undefined, compiled), right: operator((q: string) => q) });
    await expect(instance.invoke('x')).resolves.toBe('x+x+x');
  });

  it('gets the context of the call when it runs as written', async () => {
    const seen = structuralJit(async (_: string, context: OperatorContext) => context.signal.aborted);
    await expect(seen.invoke('x')).resolves.toBe(false);
  });
});

describe('wrong use', () => {
  class Empty extends (Operator as unknown as new () => object) {}
  class Full extends Operator<string, string> {
    override async forward(input: string): Promise<string> {
      return input;
    }
  }

  it.each<[string, () => unknown, string]>([
    ['a class without forward', () => jit(Empty), 'XCS1004'],
    ['a class without forward, with options', () => (jit({}) as typeof jit)(Empty), 'XCS1004'],
    ['neither class nor function', () => jit('Answer'), 'XCS1003'],
    ['nothing', () => jit(), 'XCS1003'],
    ['a list', () => jit([]), 'XCS1003'],
    ['a method', () => (jit({}) as typeof jit)({}, 'method'), 'XCS1003'],
    ['options beside a class', () => jit(Full, { maxConcurrency: 2 }), 'XCS1003'],
    ['null beside a class', () => (jit({}) as typeof jit)(Full, null), 'XCS1003'],
    ['wrong options', () => jit({ executionStrategy: 'fast' }), 'XCS1001'],
    ['wrong options of a function', () => jit(async () => 1, { maxConcurrency: 0 }), 'XCS1001'],
    ['an option of a later version', () => jit({ later: 1 }), 'XCS1002'],
  ])('fails at once: %s', (_, use, code) => {
    expect(codeOf(use)).toBe(code);
  });
});

it('a caller can abort a compiled run', async () => {
  const Both = fresh();
  jit(Both, both());
  const controller = new AbortController();
  const call = new Both().invoke('x', { signal: controller.signal });
  controller.abort('stop');
  await expect(call).rejects.toBe('stop');
});
