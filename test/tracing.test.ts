/** Tracing: what is recorded of calls that run as written and of compiled ones, and for whom. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import * as xcs from '../runtime/index.ts';
import { operator, Operator, TracerContext, type TraceRecord } from '../runtime/index.ts';
import { compileModule } from './helpers/compile.ts';
import { Gated, quiet } from './helpers/gates.ts';

const source = `
import { Operator, structuralJit } from 'xcs';
export class Leaf extends Operator<string, string> {
  static override readonly effect = 'unordered';
  constructor(readonly name: string) { super(); }
  override async forward(text: string) {
    if (text === 'bad') throw new Error(this.name + ' fails');
    return this.name + '_' + text;
  }
}
DECORATOR
export class Inner extends Operator<string, string> {
  static override readonly effect = 'unordered';
  readonly one = new Leaf('one');
  readonly two = new Leaf('two');
  override async forward(text: string) {
    const one = await this.one.invoke(text);
    return await this.two.invoke(one);
  }
}
DECORATOR
export class Outer extends Operator<string, string> {
  readonly inner = new Inner();
  readonly leaf = new Leaf('leaf');
  override async forward(text: string) {
    const inner = await this.inner.invoke(text);
    const again = await this.leaf.invoke(text);
    const last = await this.leaf.invoke(inner);
    return again + last;
  }
}`;
/** Its second call is made through `$`, within a tracer of its own. */
const withTracer = `
import { operator, Operator, structuralJit, TracerContext } from 'xcs';
DECORATOR
export class Outer extends Operator<string, string> {
  readonly leaf = operator(async (text: string) => text, { name: 'leaf', effect: 'unordered' });
  override async forward(text: string) {
    const inner = new TracerContext();
    await this.leaf.invoke(text);
    await inner.run(() => this.leaf.invoke(text + '!'));
    return inner.records.map(({ inputs, iterations }) => inputs + ' ' + iterations.join('.')).join();
  }
}`;
type Loaded = Readonly<Record<'Outer', new () => Operator<string, string>>>;
const load = (decorator: string, text: string = source): Loaded =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it exports just that
  compileModule(text.replaceAll('DECORATOR', decorator)).load({ modules: { xcs } }) as unknown as Loaded;

/** Each call as `caller > name(inputs)`, in an order that does not depend on what overlaps. */
function calls(records: readonly TraceRecord[]): readonly string[] {
  const nameOf = (id: number | undefined): string => records.find((one) => one.id === id)?.name ?? '';
  return records
    .map((one) => `${nameOf(one.parent)} > ${one.name}(${String(one.inputs)}) ${one.iterations.join('.')}`)
    .toSorted();
}

const expected = [
  ' > Outer(x) 0',
  'Inner > one(x) 0.0.0',
  'Inner > two(one_x) 0.0.0',
  'Outer > Inner(x) 0.0',
  'Outer > leaf(two_one_x) 0.1',
  'Outer > leaf(x) 0.0',
];

describe('a trace', () => {
  it.each(['', '@structuralJit'])(
    'has every call with its caller, of classes decorated with "%s"',
    async (decorator) => {
      const { Outer } = load(decorator);
      const tracer = new TracerContext();
      const result = await tracer.run(() => new Outer().invoke('x'));
      expect(result).toBe('leaf_xleaf_two_one_x');
      expect(calls(tracer.records)).toEqual(expected);
      expect(tracer.records.every(({ end }) => end !== undefined)).toBe(true);
      expect(tracer.records[0]?.outputs).toBe(result);
    },
  );

  it.each(['', '@structuralJit'])(
    'T5: has the error that a member fails with, which propagates ("%s")',
    async (decorator) => {
      const { Outer } = load(decorator);
      const tracer = new TracerContext();
      const error: unknown = await tracer
        .run(() => new Outer().invoke('bad'))
        .catch((reason: unknown) => reason);
      expect(error).toEqual(new Error('one fails'));
      const failed = tracer.records.filter((record) => record.error?.error === error).map(({ name }) => name);
      expect(failed).toEqual(['Outer', 'Inner', 'one']);
    },
  );

  it('T3: has the name of the class, and of an operator with a name of its own that one', async () => {
    class Ensemble extends Operator<string, string> {
      readonly member = operator(async (text: string) => text, { name: 'member 1' });
      async forward(text: string): Promise<string> {
        return this.member.invoke(text);
      }
    }
    const tracer = new TracerContext();
    await tracer.run(() => new Ensemble().invoke('x'));
    expect(tracer.records.map(({ name }) => name)).toEqual(['Ensemble', 'member 1']);
  });

  it('T4: has the hundred members of an ensemble, whose answers stay in order', async () => {
    const members = Array.from({ length: 100 }, (_, index) => operator((text: string) => `${text}${index}`));
    const ensemble = operator((text: string) => Promise.all(members.map((member) => member.invoke(text))));
    const judge = operator(async (text: string) => (await ensemble.invoke(text)).at(-1));
    const tracer = new TracerContext();
    expect(await tracer.run(() => ensemble.invoke('a'))).toEqual(members.map((_, index) => `a${index}`));
    expect(tracer.records).toHaveLength(101);
    expect(await judge.invoke('b')).toBe('b99');
    expect(tracer.records).toHaveLength(101);
  });

  it('T2: leaves operators as they were', async () => {
    const leaf = operator(async (text: string) => text);
    const before = Object.getOwnPropertyDescriptors(leaf);
    await new TracerContext().run(() => leaf.invoke('x'));
    expect(Object.getOwnPropertyDescriptors(leaf)).toEqual(before);
  });

  it('reads the clock that it was given', async () => {
    let now = 0;
    const tracer = new TracerContext({ clock: () => now });
    const gated = new Gated();
    const call = tracer.run(() => gated.invoke('x'));
    now = 7;
    gated.at(0).resolve();
    await call;
    expect(tracer.records.map(({ start, end }) => [start, end])).toEqual([[0, 7]]);
  });
});

describe('tracer contexts', () => {
  it('trap 10: nest, the inner one hands its records on', async () => {
    const [outer, inner] = [new TracerContext(), new TracerContext()];
    const leaf = operator(async (text: string) => text);
    await outer.run(async () => {
      await leaf.invoke('a');
      await inner.run(() => leaf.invoke('b'));
      expect(TracerContext.getCurrent()).toBe(outer);
    });
    expect(outer.records.map(({ inputs }) => inputs)).toEqual(['a', 'b']);
    expect(inner.records.map(({ inputs }) => inputs)).toEqual(['b']);
    expect(TracerContext.getCurrent()).toBe(undefined);
  });

  it('are one for each async context', async () => {
    const leaf = operator(async (text: string) => text);
    const tracers = [new TracerContext(), new TracerContext()];
    await Promise.all(
      tracers.map((tracer, index) =>
        tracer.run(async () => {
          await quiet();
          await leaf.invoke(`${index}`);
          expect(TracerContext.getCurrent()).toBe(tracer);
        }),
      ),
    );
    expect(tracers.map(({ records }) => records.map(({ inputs }) => inputs))).toEqual([['0'], ['1']]);
  });

  it.each(['', '@structuralJit'])(
    'record what a body calls within them, in a class decorated with "%s"',
    async (decorator) => {
      const { Outer } = load(decorator, withTracer);
      const tracer = new TracerContext();
      expect(await tracer.run(() => new Outer().invoke('x'))).toBe('x! 0.1');
      const made = [' > Outer(x) 0', 'Outer > leaf(x!) 0.1', 'Outer > leaf(x) 0.0'];
      expect(calls(tracer.records)).toEqual(made);
    },
  );

  it('leave the storage of the program alone, in compiled code too', async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const { Outer } = load('@structuralJit');
    const tracer = new TracerContext({ clock: () => seen.push(storage.getStore()) });
    await storage.run('mine', () => tracer.run(() => new Outer().invoke('x')));
    expect(new Set(seen)).toEqual(new Set(['mine']));
  });
});

describe('an export', () => {
  it('gives calls that overlap lanes of their own', async () => {
    let now = 0;
    const tracer = new TracerContext({ clock: () => now });
    const gated = new Gated();
    const both = operator(() => Promise.all([gated.invoke('a'), gated.invoke('b')]), { name: 'both' });
    const call = tracer.run(() => both.invoke());
    now = 2;
    gated.at(0).resolve();
    await quiet();
    now = 3;
    gated.at(1).reject(new Error('no'));
    await expect(call).rejects.toThrow('no');
    const { traceEvents } = tracer.toChromeTrace();
    expect(
      traceEvents.map(({ name, ph, ts, dur, tid, args }) => [name, ph, ts, dur, tid, args.error]),
    ).toEqual([
      ['both', 'X', 0, 3000, 1, 'Error: no'],
      ['Gated', 'X', 0, 2000, 1, undefined],
      ['Gated', 'X', 0, 3000, 2, 'Error: no'],
    ]);
    expect(JSON.parse(JSON.stringify(tracer.toChromeTrace()))).toEqual(tracer.toChromeTrace());
  });

  it('tells subscribers of diagnostics channels of each start and end', async () => {
    const seen: string[] = [];
    const note = (record: unknown, name: string | symbol): void => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what the channel carries
      const { inputs, outputs } = record as TraceRecord;
      seen.push(`${String(name)} ${String(inputs)} ${String(outputs)}`);
    };
    const channels = [channel('xcs.call.start'), channel('xcs.call.end')];
    for (const one of channels) one.subscribe(note);
    await operator(async (text: string) => `${text}!`).invoke('x');
    for (const one of channels) one.unsubscribe(note);
    await operator(async (text: string) => `${text}!`).invoke('y');
    expect(seen).toEqual(['xcs.call.start x undefined', 'xcs.call.end x x!']);
  });
});
