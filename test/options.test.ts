/* oxlint-disable typescript/no-unsafe-type-assertion -- emitted code and wrong use call what the types do not offer */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  executionOptions,
  getExecutionOptions,
  Operator,
  resetExecutionOptions,
  setExecutionOptions,
  structuralJit,
  TopologicalScheduler,
  TopologicalSchedulerWithParallelDispatch,
  XCSError,
  type ExecutionOptions,
  type Scheduler,
  type StructuralJitOptions,
} from '../runtime/index.ts';
import { prepareRun, type RunSettings } from '../runtime/settings.ts';
import { both, Gate } from './helpers/hand-compiled.ts';

afterEach(resetExecutionOptions);

class Leaf extends Operator<string, string> {
  static override readonly effect = 'unordered';
  async forward(text: string): Promise<string> {
    return text;
  }
}

function makeBoth(options: StructuralJitOptions): Operator<string, string> {
  class Both extends Operator<string, string> {
    readonly left = new Leaf();
    readonly right = new Leaf();
    async forward(text: string): Promise<string> {
      return `${await this.left.invoke(text)}+${await this.right.invoke(text)}`;
    }
  }
  // As emitted code calls it.
  (structuralJit(options) as (...given: readonly unknown[]) => void)(Both, both());
  return new Both();
}

/** What a run of `makeBoth(own)` under `given` goes by. */
function settings(own: StructuralJitOptions, given?: ExecutionOptions): RunSettings {
  const prepared = prepareRun(makeBoth(own), given);
  if (prepared === undefined) throw new Error('It was compiled.');
  return prepared.settings;
}

const errorOf = (fn: () => unknown): unknown => {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('a wrong option', () => {
  it.each([
    [
      { executionStrategy: 'paralel' },
      ['executionStrategy', '"auto", "parallel" or "sequential"', '"paralel"'],
    ],
    [{ parallelThreshold: 0 }, ['parallelThreshold', 'integer from 1', '0 (number)']],
    [{ maxConcurrency: 1.5 }, ['maxConcurrency', 'integer from 1', '1.5']],
    [{ maxConcurrency: Number.NaN }, ['maxConcurrency', 'NaN']],
    [{ maxConcurrency: '4' }, ['maxConcurrency', '"4"']],
    [{ cacheGraph: 1 }, ['cacheGraph', 'true or false', '1 (number)']],
    [{ startEarly: 'never' }, ['startEarly', '"past-failures" or "certain"', '"never"']],
  ])('of structuralJit is named with what is allowed: %j', (options, parts) => {
    // Options that the types forbid.
    const error = errorOf(() => structuralJit(options as never));
    expect(error).toBeInstanceOf(XCSError);
    expect(error).toMatchObject({ code: 'XCS1001' });
    for (const part of parts) expect(String(error)).toContain(part);
  });

  it.each([
    [{ scheduler: 'fast' }, ['scheduler', 'a scheduler (an object with `begin`)', '"fast"']],
    [{ scheduler: {} }, ['scheduler', 'an object']],
    [{ timeoutMs: 0 }, ['timeoutMs', 'above 0', '0']],
    [{ timeoutMs: 2 ** 31 }, ['timeoutMs', '2147483648']],
    [{ signal: {} }, ['signal', 'an AbortSignal']],
    [{ maxConcurrency: -1 }, ['maxConcurrency', '-1']],
  ])('of a scope is named with what is allowed: %j', (options, parts) => {
    const fn = vi.fn<() => void>();
    const error = errorOf(() => executionOptions(options as never, fn));
    expect(error).toMatchObject({ code: 'XCS1001' });
    for (const part of parts) expect(String(error)).toContain(part);
    expect(fn).not.toHaveBeenCalled();
  });

  it.each([{ given: null }, { given: [] }, { given: 'auto' }, { given: () => 1 }])(
    'is what is no options at all: $given',
    ({ given }) => {
      const fn = vi.fn<() => Promise<void>>();
      const wrong = given as never;
      const shown = given === null ? 'null' : '';
      for (const [where, use] of [
        ['structuralJit', () => structuralJit(fn, wrong)],
        ['executionOptions', () => executionOptions(wrong, fn)],
        ['setExecutionOptions', () => setExecutionOptions(wrong)],
      ] as const) {
        const error = errorOf(use);
        expect(error).toMatchObject({ code: 'XCS1001' });
        expect(String(error)).toContain(`option \`options\` of \`${where}\` must be an object, got ${shown}`);
      }
      expect(fn).not.toHaveBeenCalled();
    },
  );

  it('that does not exist is named, with those that do', () => {
    const error = errorOf(() => setExecutionOptions({ maxConcurency: 4 } as never));
    expect(error).toMatchObject({ code: 'XCS1002' });
    expect(String(error)).toContain('`setExecutionOptions` has no option `maxConcurency`');
    expect(String(error)).toContain('`maxConcurrency`');
  });

  it('is one of Object.prototype, too', () => {
    expect(errorOf(() => structuralJit({ toString: 1 } as never))).toMatchObject({ code: 'XCS1002' });
  });

  it('sets nothing', () => {
    errorOf(() => setExecutionOptions({ maxConcurrency: 4, timeoutMs: -1 }));
    expect(getExecutionOptions()).toEqual({});
  });

  it('is not one that is undefined', () => {
    setExecutionOptions({ maxConcurrency: undefined } as never);
    expect(getExecutionOptions()).toEqual({});
  });
});

describe('a scope', () => {
  it('answers what its function answers', () => {
    expect(executionOptions({ maxConcurrency: 2 }, () => 'answer')).toBe('answer');
  });

  it('lets inner options win over outer ones, and keeps the others', () => {
    const seen = executionOptions({ maxConcurrency: 2, timeoutMs: 10 }, () =>
      executionOptions({ maxConcurrency: 3 }, getExecutionOptions),
    );
    expect(seen).toEqual({ maxConcurrency: 3, timeoutMs: 10 });
  });

  it('is over when its function has returned, also by an error', () => {
    executionOptions({ maxConcurrency: 2 }, () => undefined);
    expect(getExecutionOptions()).toEqual({});
    const thrown = new Error('no');
    const error = errorOf(() =>
      executionOptions({ maxConcurrency: 2 }, () => {
        throw thrown;
      }),
    );
    expect(error).toBe(thrown);
    expect(getExecutionOptions()).toEqual({});
  });

  it('holds after an await in its function, and nowhere else meanwhile', async () => {
    const gate = new Gate();
    const inner = executionOptions({ maxConcurrency: 2 }, async () => {
      await gate.opened;
      return getExecutionOptions();
    });
    const other = executionOptions({ maxConcurrency: 5 }, async () => {
      await gate.opened;
      return getExecutionOptions();
    });
    expect(getExecutionOptions()).toEqual({});
    gate.open();
    expect(await Promise.all([inner, other])).toEqual([{ maxConcurrency: 2 }, { maxConcurrency: 5 }]);
  });

  it('wins over the options of the program', () => {
    setExecutionOptions({ maxConcurrency: 2, timeoutMs: 10 });
    expect(executionOptions({ maxConcurrency: 3 }, getExecutionOptions)).toEqual({
      maxConcurrency: 3,
      timeoutMs: 10,
    });
  });

  it('joins its signal with those around it', () => {
    const [outer, inner] = [new AbortController(), new AbortController()];
    const { signal } = executionOptions({ signal: outer.signal }, () =>
      executionOptions({ signal: inner.signal }, getExecutionOptions),
    );
    expect(signal?.aborted).toBe(false);
    outer.abort('outer');
    expect(signal?.reason).toBe('outer');
  });
});

describe('options of the program', () => {
  it('are set on top of those set before, and forgotten by a reset', () => {
    setExecutionOptions({ maxConcurrency: 2 });
    setExecutionOptions({ timeoutMs: 10 });
    expect(getExecutionOptions()).toEqual({ maxConcurrency: 2, timeoutMs: 10 });
    resetExecutionOptions();
    expect(getExecutionOptions()).toEqual({});
  });

  it('cannot be changed through what getExecutionOptions answers', () => {
    setExecutionOptions({ maxConcurrency: 2 });
    Object.assign(getExecutionOptions(), { maxConcurrency: 9 });
    expect(getExecutionOptions()).toEqual({ maxConcurrency: 2 });
  });
});

describe('the storage of scopes', () => {
  const made: unknown[] = [];
  beforeEach(() => {
    made.length = 0;
    vi.resetModules();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  class CountedStorage {
    constructor() {
      made.push(this);
    }
    getStore(): undefined {
      return undefined;
    }
    run<T>(_: unknown, fn: () => T): T {
      return fn();
    }
  }

  it('is not made before the first scope', async () => {
    vi.stubGlobal('process', { getBuiltinModule: () => ({ AsyncLocalStorage: CountedStorage }) });
    const fresh = await import('../runtime/index.ts');
    await fresh.operator(async () => 1).invoke();
    fresh.setExecutionOptions({ maxConcurrency: 2 });
    fresh.getExecutionOptions();
    expect(made).toHaveLength(0);
    fresh.executionOptions({}, () => undefined);
    expect(made).toHaveLength(1);
  });

  it('is done without where there is no process: a scope holds while its function has not returned', async () => {
    vi.stubGlobal('process', undefined);
    const fresh = await import('../runtime/index.ts');
    const seen = fresh.executionOptions({ maxConcurrency: 2, timeoutMs: 9 }, () =>
      fresh.executionOptions({ maxConcurrency: 3 }, fresh.getExecutionOptions),
    );
    expect(seen).toEqual({ maxConcurrency: 3, timeoutMs: 9 });
    expect(fresh.getExecutionOptions()).toEqual({});
    await expect(fresh.operator(async () => 1).invoke()).resolves.toBe(1);
  });
});

describe('a run', () => {
  const mine: Scheduler = { name: 'mine', begin: () => () => undefined };

  it('is parallel by default when two calls can overlap, with a limit of 32 that nobody asked for', () => {
    expect(settings({})).toMatchObject({
      scheduler: { name: 'parallel' },
      maxConcurrency: 32,
      explicitLimit: false,
      signal: undefined,
      timeoutMs: undefined,
    });
  });

  it.each([
    ['parallel', { executionStrategy: 'parallel' }],
    ['sequential', { executionStrategy: 'sequential' }],
    ['sequential', { parallelThreshold: 3 }],
    ['parallel', { parallelThreshold: 2 }],
    ['parallel', { executionStrategy: 'parallel', parallelThreshold: 3 }],
  ] as const)('is %s under the class options %j', (name, own) => {
    expect(settings(own).scheduler.name).toBe(name);
  });

  it('goes by the call, then the class, then the program', () => {
    setExecutionOptions({ scheduler: 'sequential', maxConcurrency: 5 });
    expect(settings({})).toMatchObject({ scheduler: { name: 'sequential' } });
    expect(settings({ executionStrategy: 'parallel' })).toMatchObject({
      scheduler: { name: 'parallel' },
      maxConcurrency: 5,
      explicitLimit: true,
    });
    expect(settings({ executionStrategy: 'parallel', maxConcurrency: 6 })).toMatchObject({
      maxConcurrency: 6,
    });
    const given = { scheduler: mine, maxConcurrency: 7 };
    const decided = settings({ executionStrategy: 'sequential', maxConcurrency: 6 }, given);
    expect(decided.scheduler).toBe(mine);
    expect(decided.maxConcurrency).toBe(7);
  });

  it('with a limit of one is serial and unlimited, and so is all that it calls', () => {
    const decided = settings({ executionStrategy: 'parallel', maxConcurrency: 1 });
    expect(decided).toMatchObject({
      scheduler: { name: 'sequential' },
      maxConcurrency: Infinity,
      explicitLimit: false,
    });
    const nested = decided.findNested(makeBoth({ executionStrategy: 'parallel' }));
    expect(nested?.scheduler.name).toBe('sequential');
  });

  it('hands the options of the call on to what it calls, but not those of its class', () => {
    const nestedIn = (decided: RunSettings): string | undefined =>
      decided.findNested(makeBoth({ executionStrategy: 'parallel' }))?.scheduler.name;
    expect(nestedIn(settings({}, { scheduler: 'sequential' }))).toBe('sequential');
    expect(nestedIn(settings({ executionStrategy: 'sequential' }))).toBe('parallel');
  });

  it('finds nothing to nest in an operator that runs as written', () => {
    expect(settings({}).findNested(new Leaf())).toBeUndefined();
  });

  it('takes the limit that its scheduler was made with', () => {
    const scheduler = new TopologicalSchedulerWithParallelDispatch({ maxConcurrency: 4 });
    setExecutionOptions({ scheduler });
    expect(settings({})).toMatchObject({ maxConcurrency: 4, explicitLimit: true });
  });

  it('is unlimited under a serial scheduler of the user', () => {
    const scheduler = new TopologicalScheduler();
    expect(settings({}, { scheduler, maxConcurrency: 4 })).toMatchObject({ maxConcurrency: Infinity });
  });
});
