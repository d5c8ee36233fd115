/* oxlint-disable no-await-in-loop -- one call after another */
/** What `executeDetailed` tells of each node of an operator: of compiled code, of code that learns, and of neither. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as xcs from '../runtime/index.ts';
import {
  executeDetailed,
  graphOf,
  withoutJit,
  type ExecutionReport,
  type Operator,
} from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';
import { Gated, quiet, watch } from './helpers/gates.ts';

/** Its calls are noted outside of it, for what it holds may not change while one is started early. */
class Free extends xcs.Operator {
  static override readonly effect = 'unordered';
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
    gated.set(this, new Gated());
  }
  override forward(input: unknown, context: xcs.OperatorContext): Promise<unknown> {
    return gateOf(this).forward(input, context);
  }
}
const gated = new WeakMap<Free, Gated>();

function gateOf(operator: Free): Gated {
  const gate = gated.get(operator);
  if (gate === undefined) throw new Error('each has one');
  return gate;
}

interface Made {
  readonly operator: Operator & { disableJit(): void; enableJit(): void };
  readonly gates: Readonly<Record<'a' | 'b' | 'c', Gated>>;
}

const source = (decorator: string, body: string): string => `
  import { ${decorator}, Operator } from 'xcs';
  @${decorator}
  export class Whole extends Operator<string, unknown> {
    constructor(readonly a: Operator<unknown, string>, readonly b: Operator<unknown, string>, readonly c: Operator<unknown, string>) { super(); }
    override async forward(q: string): Promise<unknown> { ${body} }
  }`;

/** Two calls that overlap, and one that waits for both. */
const JOIN = `
  const a = await this.a.invoke(q);
  const b = await this.b.invoke(q);
  return await this.c.invoke({ a, b });`;

function make(decorator: string, body: string): Made {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just this
  const { Whole } = compileModule(source(decorator, body)).load({ modules: { xcs } }) as unknown as {
    readonly Whole: new (...gates: readonly Free[]) => Made['operator'];
  };
  const [a, b, c] = [new Free('a'), new Free('b'), new Free('c')];
  return { operator: new Whole(a, b, c), gates: { a: gateOf(a), b: gateOf(b), c: gateOf(c) } };
}

const clock = { now: 0 };
const options = { clock: () => clock.now } as const;
beforeEach(() => {
  clock.now = 0;
  // A failure of a call that was started early waits for the time that the call took.
  vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Ends a call at a time. */
async function end(at: number, gate: Gated, value: unknown, call = gate.calls.length - 1): Promise<void> {
  clock.now = at;
  if (value instanceof Error) gate.at(call).reject(value);
  else gate.at(call).resolve(value);
  await quiet();
}

/** By the label of the operator that a node calls, for nodes have other ids where code is compiled than where it learns. */
function named(graph: xcs.XCSGraph, report: ExecutionReport): Readonly<Record<string, unknown>> {
  const nameOf = (id: string): string =>
    /\b[abc]\b(?=$|\.invoke)/u.exec(graph.getNodeAttribute(id, 'label'))?.[0] ?? id;
  const byName = (map: ReadonlyMap<string, unknown>): unknown =>
    Object.fromEntries([...map].map(([id, value]) => [nameOf(id), value]));
  return {
    result: report.result,
    order: report.order.map(nameOf),
    outputs: byName(report.outputs),
    errors: byName(report.errors),
    times: byName(report.times),
    skipped: report.skipped.map(nameOf),
    unchosen: report.unchosen.map(nameOf),
  };
}

describe.each(['structuralJit', 'jit'])('of an operator under %s', (decorator) => {
  /** It has learnt all that there is to learn. */
  async function warm(body: string): Promise<Made> {
    const made = make(decorator, body);
    for (const q of ['x', 'y']) {
      const run = watch(made.operator.invoke(q));
      for (const [label, gate] of Object.entries(made.gates)) {
        await quiet();
        gate.at(gate.calls.length - 1).resolve(`${label} of ${q}`);
      }
      await quiet();
      expect(run.state).toBe('fulfilled');
    }
    return made;
  }

  it('each node has what it gave, when it began and when it ended', async () => {
    const { operator, gates } = await warm(JOIN);
    clock.now = 10;
    const graph = graphOf(operator);
    const run = executeDetailed(graph, 'q', options);
    await quiet();
    expect([gates.a.calls.length, gates.b.calls.length]).toEqual([3, 3]);
    await end(20, gates.b, 'from b');
    await end(50, gates.a, 'from a');
    await end(60, gates.c, 'from c');
    expect(gates.c.at(2).input).toEqual({ a: 'from a', b: 'from b' });
    expect(named(graph, await run)).toEqual({
      result: 'from c',
      order: ['a', 'b', 'c'],
      outputs: { a: 'from a', b: 'from b', c: 'from c' },
      errors: {},
      times: { a: { start: 10, end: 50 }, b: { start: 10, end: 20 }, c: { start: 50, end: 60 } },
      skipped: [],
      unchosen: [],
    });
  });

  it('a node that fails has what it threw, and what comes after it is skipped, if that is asked for', async () => {
    const { operator, gates } = await warm(JOIN);
    const error = new Error('a fails');
    const graph = graphOf(operator);
    const run = executeDetailed(graph, 'q', { ...options, continueOnError: true });
    await quiet();
    await end(5, gates.a, error);
    expect(named(graph, await run)).toEqual({
      result: undefined,
      order: ['a', 'b', 'c'],
      outputs: {},
      errors: { a: error },
      times: { a: { start: 0, end: 5 } },
      skipped: ['b', 'c'],
      unchosen: [],
    });
    expect(gates.b.at(2).context.signal.aborted).toBe(true);
  });

  it('a failure is thrown, untouched, where that is not asked for', async () => {
    const { operator, gates } = await warm(JOIN);
    const error = new Error('a fails');
    const run = watch(executeDetailed(graphOf(operator), 'q', options));
    await quiet();
    await end(5, gates.a, error);
    expect(run).toEqual({ state: 'rejected', value: error });
  });

  it('an abort is thrown, for it is no failure of a node', async () => {
    const { operator } = await warm(JOIN);
    const controller = new AbortController();
    const given = { ...options, continueOnError: true, signal: controller.signal };
    const run = watch(executeDetailed(graphOf(operator), 'q', given));
    await quiet();
    controller.abort('enough');
    await quiet();
    expect(run).toEqual({ state: 'rejected', value: 'enough' });
  });

  it('so is what the code itself throws', async () => {
    const { operator, gates } = await warm(
      `const all = [await this.a.invoke(q), await this.b.invoke(q), await this.c.invoke(q)];
       if (q === 'q') throw new TypeError('mine');
       return all;`,
    );
    const run = watch(executeDetailed(graphOf(operator), 'q', { ...options, continueOnError: true }));
    await quiet();
    for (const gate of [gates.a, gates.b, gates.c]) await end(1, gate, 'fine');
    expect(run).toMatchObject({ state: 'rejected', value: { message: 'mine' } });
  });

  it('a failure that the code catches is told, beside the result', async () => {
    const { operator, gates } = await warm(
      `let a = 'none';
       try { a = await this.a.invoke(q); } catch {}
       return [a, await this.b.invoke(q), await this.c.invoke(q)];`,
    );
    const error = new Error('a fails');
    const graph = graphOf(operator);
    const run = executeDetailed(graph, 'q', options);
    await quiet();
    await end(3, gates.a, error);
    await end(4, gates.b, 'from b');
    await end(5, gates.c, 'from c');
    const report = named(graph, await run);
    expect(report).toMatchObject({
      result: ['none', 'from b', 'from c'],
      outputs: { b: 'from b', c: 'from c' },
      errors: { a: error },
      skipped: [],
      unchosen: [],
    });
  });

  it('a node that the code does not come to, though nothing failed, is not chosen', async () => {
    const { operator, gates } = await warm(
      `const a = await this.a.invoke(q);
       const b = a === 'no' ? '' : await this.b.invoke(a);
       return [b, await this.c.invoke(q)];`,
    );
    const graph = graphOf(operator);
    const run = executeDetailed(graph, 'q', options);
    await quiet();
    await end(1, gates.a, 'no');
    await end(2, gates.c, 'from c');
    expect(named(graph, await run)).toMatchObject({
      result: ['', 'from c'],
      outputs: { a: 'no', c: 'from c' },
      unchosen: ['b'],
    });
  });

  it('nothing is told of code that runs as written', async () => {
    const { operator, gates } = await warm(JOIN);
    const graph = graphOf(operator);
    operator.disableJit();
    const detailed = (): Promise<ExecutionReport> => executeDetailed(graph, 'q', options);
    for (const start of [detailed, () => withoutJit(detailed)]) {
      const run = start();
      for (const gate of Object.values(gates)) {
        await quiet();
        await end(0, gate, 'fine');
      }
      const report = await run;
      expect(report).toMatchObject({ result: 'fine', skipped: [], unchosen: [] });
      expect([report.outputs.size, report.times.size, report.errors.size]).toEqual([0, 0, 0]);
      operator.enableJit();
    }
  });
});

describe('of a loop', () => {
  it('a node has the list of what its calls gave, in the order of the code, and of all its time', async () => {
    const { operator, gates } = make(
      'structuralJit',
      `const all = []; for (const n of [0, 1, 2]) all.push(await this.a.invoke(n)); return all;`,
    );
    const run = executeDetailed(graphOf(operator), 'q', options);
    await quiet();
    for (const call of [2, 0, 1]) await end(10 + call, gates.a, `no ${call}`, call);
    const { result, outputs, times } = await run;
    expect(result).toEqual(['no 0', 'no 1', 'no 2']);
    expect([...outputs.values()]).toEqual([result]);
    expect([...times.values()]).toEqual([{ start: 0, end: 12 }]);
  });

  it('what the first of its failures was is told, and what its other calls gave', async () => {
    const { operator, gates } = make(
      'structuralJit',
      `const all = [];
       for (const n of [0, 1, 2]) { try { all.push(await this.a.invoke(n)); } catch { all.push('none'); } }
       return all;`,
    );
    const [first, second] = [new Error('first'), new Error('second')];
    const run = executeDetailed(graphOf(operator), 'q', options);
    await quiet();
    await end(1, gates.a, second, 2);
    await end(2, gates.a, first, 1);
    await end(3, gates.a, 'fine', 0);
    const { result, outputs, errors } = await run;
    expect(result).toEqual(['fine', 'none', 'none']);
    expect([...outputs.values()]).toEqual([['fine']]);
    expect([...errors.values()]).toEqual([first]);
  });
});

it('calls of what is nested are told of the call that they are part of only', async () => {
  const inner = make('structuralJit', JOIN);
  const outer = make('structuralJit', 'return [await this.a.invoke(q)];');
  Object.assign(outer.operator, { a: inner.operator });
  const run = executeDetailed(graphOf(outer.operator), 'q', options);
  await quiet();
  await end(1, inner.gates.a, 'from a');
  await end(2, inner.gates.b, 'from b');
  await end(3, inner.gates.c, 'from c');
  const { outputs, times } = await run;
  expect([...outputs.values()]).toEqual(['from c']);
  expect([...times.values()]).toEqual([{ start: 0, end: 3 }]);
});

it('one expression that makes several calls has the list of what they gave', async () => {
  const { operator, gates } = make(
    'structuralJit',
    'return await Promise.all([0, 1].map(async (n) => await this.a.invoke(n)));',
  );
  const run = executeDetailed(graphOf(operator), 'q', options);
  await quiet();
  await end(2, gates.a, 'second', 1);
  await end(3, gates.a, 'first', 0);
  const { result, outputs } = await run;
  expect([...outputs.values()]).toEqual([result]);
  expect(result).toEqual(['first', 'second']);
});
