/* oxlint-disable no-await-in-loop -- what one call has taught counts in the next */
/** The rows of the conformance list about `jit`, uncompiled: each operator beside the same one undecorated. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import {
  executionOptions,
  explain,
  jit,
  Operator,
  TracerContext,
  type ExecutionStrategy,
} from '../../runtime/index.ts';

class Add extends Operator<number, number> {
  static override readonly effect = 'unordered';
  readonly addend: number;
  constructor(addend: number) {
    super();
    this.addend = addend;
  }
  async forward(value: number): Promise<number> {
    await Promise.resolve();
    return value + this.addend;
  }
}

class Counting extends Operator<string, number> {
  calls = 0;
  async forward(): Promise<number> {
    return ++this.calls;
  }
}

class Ensemble extends Operator<number, number[]> {
  readonly members: readonly Add[];
  constructor(size: number) {
    super();
    this.members = Array.from({ length: size }, (_, index) => new Add(index));
  }
  async forward(value: number): Promise<number[]> {
    const results: number[] = [];
    for (const member of this.members) results.push(await member.invoke(value));
    return results;
  }
}

class Branching extends Operator<number, { path: string; result: number }> {
  readonly double = new Add(0);
  readonly high = new Add(100);
  readonly low = new Add(10);
  async forward(value: number): Promise<{ path: string; result: number }> {
    const doubled = await this.double.invoke(value * 2);
    if (value > 10) return { path: 'high', result: await this.high.invoke(doubled) };
    return { path: 'low', result: await this.low.invoke(doubled) };
  }
}

class Loop extends Operator<{ count: number }, number[]> {
  readonly step = new Add(0);
  async forward({ count }: { count: number }): Promise<number[]> {
    const results: number[] = [];
    for (let index = 0; index < count; index++) results.push(await this.step.invoke(count * 20));
    return results;
  }
}

class Staged extends Operator<number, number> {
  readonly stages = Array.from({ length: 5 }, () => new Add(2));
  async forward(value: number): Promise<number> {
    let at = value;
    for (const stage of this.stages) at = await stage.invoke(at);
    return at;
  }
}

class Mixed extends Operator<
  number,
  { initial: number; parallel: number; final: number; results: number[] }
> {
  readonly first = Array.from({ length: 3 }, () => new Add(2));
  readonly branches = Array.from({ length: 6 }, () => new Add(0));
  readonly last = [new Add(10), new Add(11)];
  async forward(value: number) {
    let initial = value;
    for (const step of this.first) initial = await step.invoke(initial);
    const results: number[] = [];
    for (const step of this.branches) results.push(await step.invoke(initial));
    const parallel = results.reduce((sum, one) => sum + one, 0);
    let final = parallel;
    for (const step of this.last) final = await step.invoke(final);
    return { initial, parallel, final, results };
  }
}

type Made = Readonly<Record<string, new (...args: number[]) => Operator<number>>>;

/** The class of a piece of code, its decorators turned into calls by the stock compiler. */
function decorated<N extends string>(
  code: string,
  name: N,
  legacy: boolean,
): Readonly<Record<N, Made[string]>> {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, experimentalDecorators: legacy };
  const { outputText } = ts.transpileModule(`${code}\n`, { compilerOptions });
  const body = `${outputText.replace(/^export .*$/mu, '')}\nreturn { ${name} };`;
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call, typescript/no-unsafe-return -- the code above
  return new Function('jit', 'Add', 'Staged', body)(jit, Add, Staged);
}

/** What the same code answers to each input, one call after another. */
async function answers<I>(operator: Operator<I>, inputs: readonly I[]): Promise<readonly unknown[]> {
  const results: unknown[] = [];
  for (const input of inputs) results.push(await operator.invoke(input));
  return results;
}

const strategies: readonly ExecutionStrategy[] = ['auto', 'parallel', 'sequential'];

describe('jit', () => {
  it('J1: never repeats a result, forward runs for each call', async () => {
    expect(await answers(jit(new Counting()), ['A', 'B', 'A'])).toEqual([1, 2, 3]);
  });

  it('J2: runs each call under `forceTrace` too', async () => {
    expect(await answers(jit(new Counting(), { forceTrace: true }), ['A', 'A', 'A'])).toEqual([1, 2, 3]);
  });

  it.each([false, true])(
    'J3: answers other inputs than its `sampleInput` (legacy decorators: %s)',
    async (legacy) => {
      const { Sampled } = decorated(
        `@jit({ sampleInput: 3 }) class Sampled extends Staged {}`,
        'Sampled',
        legacy,
      );
      const operator = new Sampled();
      expect(operator).toBeInstanceOf(Staged);
      expect(await answers(operator, [1, 2, 1])).toEqual([11, 12, 11]);
    },
  );

  it.each([false, true])(
    'J4: is called in every way that there is (legacy decorators: %s)',
    async (legacy) => {
      const forms = ['@jit', '@jit()', '@jit({ cacheSize: 2 })'];
      for (const form of forms) {
        const { Plus } = decorated(`${form} class Plus extends Add {}`, 'Plus', legacy);
        const operator = new Plus(1);
        expect([operator.jitEnabled, await operator.invoke(2)]).toEqual([true, 3]);
      }
      expect(await jit(new Add(1)).invoke(2)).toBe(3);
      expect(await jit(async (value: number) => value + 1).invoke(2)).toBe(3);
    },
  );

  it.each([
    [{ cacheSize: 0 }, /`cacheSize`.*got 0/u],
    [{ maxWaste: 2 }, /`maxWaste`.*got 2/u],
    [{ forceTrace: 'yes' }, /`forceTrace`.*"yes"/u],
    [{ recursive: 1 }, /`recursive`.*got 1/u],
    [{ speed: 1 }, /no option `speed`/u],
  ])('J5: says at decoration that %o is wrong', (options, message) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- wrong on purpose
    expect(() => jit(options as never)).toThrow(message);
  });

  it('J5: says so of options of functions and instances, too', () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- wrong on purpose
    for (const options of [null, [], { cacheSize: 0 }] as never[]) {
      expect(() => jit(async () => 1, options)).toThrow(/XCS1001/u);
      expect(() => jit(new Add(1), options)).toThrow(/XCS1001/u);
    }
  });

  it('J7: answers what the function does', async () => {
    const times = jit(async (value: number) => value * 5);
    expect([await times(2), await times.invoke(3)]).toEqual([10, 15]);
  });

  it('J8: takes an operator, a composite and a class', async () => {
    class Decorated extends Staged {}
    jit(Decorated);
    const values = [jit(new Add(10)).invoke(42), jit(new Staged()).invoke(5), new Decorated().invoke(40)];
    expect(await Promise.all(values)).toEqual([52, 15, 50]);
  });

  it.each(strategies)('J9: gives what the undecorated operator gives, under %s', async (scheduler) => {
    const makers = [() => new Add(1), () => new Staged(), () => new Ensemble(5), () => new Branching()];
    for (const make of makers) {
      const inputs = [5, 10, 0, -5, 15, 5, 15, 10, 5, 15];
      const [written, learnt] = [make(), jit(make())];
      const expected = await answers<number>(written, inputs);
      expect(await executionOptions({ scheduler }, () => answers<number>(learnt, inputs))).toEqual(expected);
    }
  });

  it('J10: combines two that do not depend on each other', async () => {
    const [five, ten] = [new Add(5), new Add(10)];
    const sum = jit(async (value: number) => (await five.invoke(value)) + (await ten.invoke(value)));
    expect([await sum(7), await sum(7), await sum(8), await sum(9)]).toEqual([29, 29, 31, 33]);
  });

  it('J11: takes the branch of each call', async () => {
    expect(await answers(jit(new Branching()), [20, 5, 20, 5, 30, 6])).toEqual([
      { path: 'high', result: 140 },
      { path: 'low', result: 20 },
      { path: 'high', result: 140 },
      { path: 'low', result: 20 },
      { path: 'high', result: 160 },
      { path: 'low', result: 22 },
    ]);
  });

  it('J12: takes as many turns as each call needs', async () => {
    const results = await answers(
      jit(new Loop()),
      [1, 3, 5, 1, 3, 5, 2].map((count) => ({ count })),
    );
    expect(results).toEqual(
      [1, 3, 5, 1, 3, 5, 2].map((count) => Array.from({ length: count }, () => count * 20)),
    );
  });

  it('J13: composes stages, a branch and a loop whose length depends on data', async () => {
    const [branch, loop] = [new Branching(), new Loop()];
    const code = async (value: number) => {
      const { path } = await branch.invoke(value);
      const loopCount = (value % 3) + 1;
      return { path, loopCount, loopResults: await loop.invoke({ count: loopCount }) };
    };
    const learnt = jit(code);
    for (const value of [20, 21, 20, 22, 23]) {
      const result = await learnt.invoke(value);
      expect(result.loopResults).toHaveLength(result.loopCount);
      expect(result.path).toBe('high');
      expect(result).toEqual(await code(value));
    }
  });

  it.each(strategies)('J14: passes five stages, under %s', async (scheduler) => {
    const operator = jit(new Staged());
    expect(await executionOptions({ scheduler }, () => answers(operator, [0, 7, 7, 8]))).toEqual([
      10, 17, 17, 18,
    ]);
  });

  it.each(strategies)('J15: gives the results of eight branches in order, under %s', async (scheduler) => {
    const operator = jit(new Ensemble(8));
    const expected = [1, 1, 2, 3].map((value) => Array.from({ length: 8 }, (_, index) => value + index));
    expect(await executionOptions({ scheduler }, () => answers(operator, [1, 1, 2, 3]))).toEqual(expected);
  });

  it('J16: mixes stages and branches under a limit of four', async () => {
    const expected = { initial: 11, parallel: 66, final: 87, results: [11, 11, 11, 11, 11, 11] };
    const operator = jit(new Mixed());
    const results = await executionOptions({ maxConcurrency: 4 }, () => answers(operator, [5, 5, 6, 5]));
    expect([results[0], results[1], results[3]]).toEqual([expected, expected, expected]);
  });

  it('J18: gives the same without a scope and in a serial one', async () => {
    const operator = jit(new Mixed());
    const free = await answers(operator, [5, 6, 7]);
    expect(await executionOptions({ scheduler: 'sequential' }, () => answers(operator, [5, 6, 7]))).toEqual(
      free,
    );
  });

  it('J19: can be switched off and on, and is right in every state', async () => {
    const operator = jit(new Staged());
    const states = [operator.jitEnabled, await operator.invoke(1)];
    operator.disableJit();
    states.push(operator.jitEnabled, await operator.invoke(2));
    operator.enableJit();
    states.push(operator.jitEnabled, await operator.invoke(3));
    expect(states).toEqual([true, 11, false, 12, true, 13]);
    // oxlint-disable-next-line typescript/unbound-method -- only compared
    expect(operator.forward).toBe(Staged.prototype.forward);
  });

  it.each([{ forceTrace: true }, { recursive: true }, { forceTrace: true, recursive: true }])(
    'J20: gives the same with %o',
    async (options) => {
      const outer = (): Operator<number, number[]> => {
        const parts = [new Staged(), new Staged()];
        return new (class extends Operator<number, number[]> {
          async forward(value: number): Promise<number[]> {
            const results: number[] = [];
            for (const part of parts) results.push(await part.invoke(value));
            return results;
          }
        })();
      };
      const inputs = [1, 1, 2, 3, 4];
      expect(await answers(jit(outer(), options), inputs)).toEqual(await answers(outer(), inputs));
    },
  );

  it('J25: passes on what operators throw, and repeats no effect', async () => {
    const effects: string[] = [];
    class Fails extends Operator<string, string> {
      async forward(text: string): Promise<string> {
        effects.push(text);
        if (text === 'bad') throw new Error('it is bad');
        return text;
      }
    }
    const fails = new Fails();
    const operator = jit(
      async (text: string) => `${await fails.invoke('start')} ${await fails.invoke(text)}`,
    );
    expect([await operator('a'), await operator('b')]).toEqual(['start a', 'start b']);
    await expect(operator('bad')).rejects.toThrow('it is bad');
    expect(effects).toEqual(['start', 'a', 'start', 'b', 'start', 'bad']);
  });

  it('J27: composes with itself', async () => {
    const inner = jit(async (text: string) => `${text}_inner`);
    const outer = jit(async (text: string) => `${await inner.invoke(text)}_outer`);
    expect([await outer('test'), await outer('test'), await outer('test')]).toEqual(
      Array(3).fill('test_inner_outer'),
    );
  });

  it('T1: leaves a record in a tracer whose outputs are those of the call', async () => {
    const operator = jit(new Staged());
    for (const value of [1, 2, 3]) {
      const tracer = new TracerContext();
      const result = await tracer.run(() => operator.invoke(value));
      expect(tracer.records[0]).toMatchObject({ name: 'Staged', inputs: value, outputs: result });
      expect(tracer.records).toHaveLength(6);
    }
  });

  it('J21: is told by explain, with the reason', () => {
    expect(explain(jit(new Staged()))).toMatch(/jit/u);
  });
});
