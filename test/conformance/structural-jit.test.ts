/* oxlint-disable no-await-in-loop -- one call after another is what is looked at */
/** Rows SJ10–SJ33 on programs that have gone through the transformer. The trees of SJ1–SJ8 are in test/graph-of.test.ts. */
import { describe, expect, it } from 'vitest';
import { explain, graphOf } from '../../runtime/index.ts';
import * as xcs from '../../runtime/index.ts';
import { compileModules } from '../helpers/compile.ts';
import { programs, type ProgramName } from './structural-jit-programs.ts';
import { compileTwins, noting, observe, overlap, type Observed, type Program } from './twins.ts';

const twin = compileTwins(programs);

/** What the compiled program gives, after a look at that the code as written gives the same and calls the same. */
async function alike(name: ProgramName, inputs: readonly unknown[]): Promise<readonly unknown[]> {
  const observed = await observe(twin(name).compiled(), inputs);
  expect(observed).toEqual(await observe(twin(name).written(), inputs));
  return observed.map(({ result }: Observed) => result);
}

/** Calls a function that a program has put on its operator. */
function call(operator: Record<string, unknown>, name: string): void {
  const fn = operator[name];
  if (typeof fn !== 'function') throw new Error(`The program has no ${name}.`);
  Reflect.apply(fn, undefined, []);
}

function sides(name: ProgramName): readonly (readonly [string, Program])[] {
  return [
    ['written', twin(name).written()],
    ['compiled', twin(name).compiled()],
  ];
}

const DIAMOND = 'end_left_start_x+right_start_x';

describe('results', () => {
  it('SJ10 a decorated leaf answers what it answers undecorated', async () => {
    expect(await alike('leaf', ['input'])).toEqual(['test_input']);
  });

  it('SJ11 a chain has its graph before the first call, and the first call runs it', async () => {
    const operator = twin('chain').compiled().create();
    const graph = graphOf(operator);
    expect([graph.order, graph.size]).toEqual([2, 1]);
    const { scheduler, begun } = noting();
    expect(await operator.invoke('input', { scheduler })).toBe('nested_leaf2_nested_leaf1_input');
    expect(begun).toHaveLength(1);
    expect(await alike('chain', ['input'])).toEqual(['nested_leaf2_nested_leaf1_input']);
  });

  it('SJ12 a diamond under `parallel` has the contributions of all four, and its sides overlap', async () => {
    expect(await alike('diamond', ['x'])).toEqual([DIAMOND]);
    expect(await overlap(twin('diamond').compiled(), 'x')).toBe(2);
    expect(await overlap(twin('diamond').written(), 'x')).toBe(1);
  });

  it('SJ13 deep nesting under `parallel` has the outputs of all leaves', async () => {
    expect(await alike('deep', ['x'])).toEqual(['final_one_x&two_x|one_ox&two_ox']);
    expect(await overlap(twin('deep').compiled(), 'x')).toBe(4);
  });

  it('SJ14 a leaf that is called three times gives its results in the order of the code', async () => {
    expect(await alike('repeated', ['x'])).toEqual([['leaf_x1', 'leaf_x2', 'leaf_x3']]);
    expect(await overlap(twin('repeated').compiled(), 'x')).toBe(3);
  });

  it('SJ7 a nest ten levels deep shows the whole chain', async () => {
    expect(await alike('levels', ['x', 'y'])).toEqual([
      '10(9(8(7(6(5(4(3(2(1(leaf_x))))))))))',
      '10(9(8(7(6(5(4(3(2(1(leaf_y))))))))))',
    ]);
    expect(graphOf(twin('levels').compiled().create()).operators.size).toBe(11);
  });

  it('SJ8 an operator that holds itself can call itself', async () => {
    expect(await alike('recursive', [2, 0])).toEqual(['leaf_2 leaf_1 leaf_0 end', 'leaf_0 end']);
    expect([...graphOf(twin('recursive').compiled().create()).operators.keys()]).toEqual([
      'root',
      'root.leaf',
    ]);
  });

  it('SJ31 operators selected by the input are those of each call', async () => {
    const inputs = ['a', 'b', 'a'].map((kind) => ({ kind, text: 'x' }));
    const a = { small: 'a_x', large: 'A_x' };
    expect(await alike('selected', inputs)).toEqual([a, { small: 'b_x', large: 'B_x' }, a]);
  });

  it('SJ32 a nest of chain, diamonds and ensembles has the results of all of them', async () => {
    const [result] = await alike('nest', ['x']);
    expect(result).toEqual({
      linear: 'c2_c1_c0_x',
      diamond: DIAMOND,
      ensemble: ['e0_x', 'e1_x', 'e2_x', 'e3_x', 'e4_x'],
      nested_diamond: DIAMOND,
      nested_ensemble: ['n0_x', 'n1_x', 'n2_x'],
    });
    // The root, 3 of the chain, 5 of each diamond, 5 and 3 of the ensembles.
    expect(graphOf(twin('nest').compiled().create()).operators.size).toBe(22);
  });

  const plain: readonly ProgramName[] = ['leaf', 'chain', 'diamond', 'deep', 'repeated', 'nest', 'fragile'];

  it.each([...plain, 'counter' as const, 'replaced' as const])(
    'SJ33 on every call %s gives the value and makes the calls of the code as written',
    async (name) => {
      await alike(name, ['x', 'y', 'x']);
      const [descriptor, ...others] = twin(name).descriptors();
      expect([descriptor, ...others].filter((one) => one?.asWritten !== undefined)).toEqual([]);
      expect(descriptor?.steps.length).toBeGreaterThan(0);
    },
  );
});

describe('state', () => {
  const counted = (count: number): unknown => ({
    count,
    first: `first_x${count}`,
    second: `second_x${count}`,
  });

  it('SJ24 a counter counts 1, 2, 3, and each call saw its own count', async () => {
    expect(await alike('counter', ['x', 'x', 'x'])).toEqual([counted(1), counted(2), counted(3)]);
    expect(await overlap(twin('counter').compiled(), 'x')).toBe(2);
  });

  it('SJ25 what has replaced an operator, or an element of an array of operators, is called next', async () => {
    for (const [, { create }] of sides('replaced')) {
      const operator = create();
      const before = { inner: 'inner_x', list: ['l0_x', 'l1_x'] };
      expect(await operator.invoke('x')).toEqual(before);
      call(operator, 'replace');
      expect(await operator.invoke('x')).toEqual({ ...before, inner: 'other_x' });
      call(operator, 'change');
      const list = ['new_x', 'l1_x', 'l2_x'];
      expect(await operator.invoke('x')).toEqual({ inner: 'other_x', list });
    }
  });

  it('SJ27 a counter counts on while it is switched off and on', async () => {
    const { create, probe } = twin('counter').compiled();
    const operator = create();
    const most: number[] = [];
    const results: unknown[] = [];
    for (const turn of ['enableJit', 'disableJit', 'enableJit'] as const) {
      operator[turn]();
      probe.most = 0;
      results.push(await operator.invoke('x'));
      most.push(probe.most);
    }
    expect(results).toEqual([counted(1), counted(2), counted(3)]);
    expect(most).toEqual([2, 1, 2]);
  });
});

describe('controls', () => {
  it('SJ15 disabled it runs the original, enabled the graph, and the flag reads back', async () => {
    const { create, probe } = twin('diamond').compiled();
    const operator = create();
    const seen: unknown[] = [];
    const look = async (): Promise<void> => {
      probe.most = 0;
      const result = await operator.invoke('x');
      seen.push([operator.jitEnabled, probe.most, result]);
    };
    await look();
    operator.disableJit();
    await look();
    operator.enableJit();
    await look();
    expect(seen).toEqual([
      [true, 2, DIAMOND],
      [false, 1, DIAMOND],
      [true, 2, DIAMOND],
    ]);
  });

  it.each(['sequential', 'parallel', 'auto'] as const)(
    'SJ16 `%s` gives what the code as written gives, on the first and on every later call',
    async (scheduler) => {
      const names: readonly ProgramName[] = ['diamond', 'deep', 'repeated', 'counter', 'nest'];
      for (const name of names) {
        const compiled = await observe(twin(name).compiled(), ['x', 'y', 'x'], { scheduler });
        expect(compiled).toEqual(await observe(twin(name).written(), ['x', 'y', 'x']));
      }
    },
  );

  it('SJ17 the instance reports the strategy that its decorator gives', () => {
    const strategies = (['diamond', 'serial', 'automatic'] as const).map(
      (name) => graphOf(twin(name).compiled().create()).strategy,
    );
    expect(strategies).toEqual(['parallel', 'sequential', 'auto']);
  });

  it('SJ18 `sequential` runs one call at a time, `parallel` those that can overlap', async () => {
    expect(await overlap(twin('serial').compiled(), 'x')).toBe(1);
    expect(await overlap(twin('diamond').compiled(), 'x')).toBe(2);
    expect(await overlap(twin('diamond').compiled(), 'x', { scheduler: 'sequential' })).toBe(1);
    expect(await overlap(twin('serial').compiled(), 'x', { scheduler: 'parallel' })).toBe(2);
  });

  it.each<[ProgramName, number, string]>([
    ['chain', 1, 'sequential: no calls can overlap'],
    ['automatic', 2, 'parallel: 2 calls can overlap'],
    ['threshold', 1, 'sequential: 2 calls can overlap'],
  ])('SJ29 `auto` goes by what can overlap and by its threshold: %s', async (name, most, why) => {
    expect(await overlap(twin(name).compiled(), 'x')).toBe(most);
    expect(explain(twin(name).compiled().create())).toContain(why);
  });
});

describe('errors', () => {
  it('SJ21 are the very object that the operator throws', async () => {
    for (const [, { create, failure }] of sides('fragile')) {
      await expect(create().invoke('bad')).rejects.toBe(failure);
    }
  });

  it('SJ22 come from compiled code too, after a call that succeeded', async () => {
    const { create, failure, probe } = twin('fragile').compiled();
    const operator = create();
    expect(await operator.invoke('good')).toBe('sound_good+fragile_good');
    expect(probe.most).toBe(2);
    await expect(operator.invoke('bad')).rejects.toBe(failure);
    expect(await operator.invoke('good')).toBe('sound_good+fragile_good');
  });

  it('SJ23 of a nested operator propagate after one that succeeded', async () => {
    for (const [, { create, probe }] of sides('fragile')) {
      await expect(create().invoke('bad')).rejects.toThrow('this leaf fails');
      expect(probe.calls).toEqual(['sound(bad)', 'fragile fails']);
    }
  });
});

describe('wrong use', () => {
  const head = `import { Operator, structuralJit } from 'xcs';\n`;
  // Types refuse these; they are compiled without a check, as by a bundler.
  const wrong = {
    'strategy.ts': `${head}
@structuralJit({ executionStrategy: 'fast' })
export class Wrong extends Operator<string, string> { override async forward(text: string) { return text; } }`,
    'forward.ts': `${head}@structuralJit export class Wrong { }`,
    'subject.ts': `${head}export const wrong = structuralJit('Wrong');`,
  } as const;
  const compiled = compileModules(wrong);
  const written = compileModules(wrong, { as: 'written' });
  const diagnostics = (name: keyof typeof wrong): unknown => compiled.get(name)?.diagnostics;
  const load = (name: keyof typeof wrong) => (): unknown => written.get(name)?.load({ modules: { xcs } });

  it('SJ19 an invalid strategy is named with those that are allowed, by the compiler and at decoration', () => {
    const names = [/`executionStrategy`/u, /"auto", "parallel" or "sequential"/u, /['"]fast['"]/u];
    for (const name of names) {
      expect(diagnostics('strategy.ts')).toEqual([expect.stringMatching(name)]);
      expect(load('strategy.ts')).toThrow(name);
    }
  });

  it('SJ20 a class without `forward` is an error, and so is what is neither class nor function', () => {
    expect(diagnostics('forward.ts')).toEqual([expect.stringMatching(/^XCS1011: `Wrong`.*no `forward`/u)]);
    expect(diagnostics('subject.ts')).toEqual([
      expect.stringMatching(/^XCS1012.*neither a class nor a function/u),
    ]);
    expect(load('forward.ts')).toThrow(expect.objectContaining({ code: 'XCS1004' }));
    expect(load('subject.ts')).toThrow(expect.objectContaining({ code: 'XCS1003' }));
  });
});
