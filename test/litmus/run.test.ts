/** The run around a body: context, abort, limits, guards. */
import { describe, expect, it } from 'vitest';
import { calm, prove, print, SEEDS, TIMEOUT, timesOf, type LitmusProgram } from '../helpers/litmus.ts';
import { ABORTED, runProgram } from '../helpers/run-program.ts';
import { compilePair, schedules } from '../helpers/prove.ts';

const three: LitmusProgram = {
  fields: `
    readonly a = new lab.Ask('a', 'text');
    readonly b = new lab.Deaf('b', 'text');
    readonly pair = new lab.Pair('pair');
    readonly write = new lab.WriteA('write', 'text');`,
  body: `
    const a = await this.a.invoke({ site: 's1', q: input.q });
    const b = await this.b.invoke({ site: 's2', q: input.q });
    const pair = await this.pair.invoke({ site: 's3', q: a });
    console.log('between', pair);
    const write = await this.write.invoke({ site: 's4', q: b });
    return { a, b, pair, write };`,
};

/** Without a composite: that has a strategy of its own. */
const flat: LitmusProgram = {
  fields: three.fields ?? '',
  body: three.body.replace('this.pair.', 'this.a.'),
};

/** Two calls that overlap. */
const two = {
  fields: `readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text');`,
  body: `
        const a = await this.a.invoke({ site: 's1', q: input.q });
        const b = await this.b.invoke({ site: 's2', q: input.q });
        return [a, b];`,
};

describe('the run', TIMEOUT, () => {
  it('L25: `forward` overridden in a subclass', async () => {
    const proof = await prove({
      module: `
        class Loud extends lab.Ask<'text'> {
          override async forward(input: Question, context: CallContext): Promise<string> {
            console.log('loud', input.site);
            return (await super.forward(input, context)) + '!';
          }
        }`,
      fields: `
        readonly a: lab.Ask<'text'> = new Loud('a', 'text');
        readonly b = new lab.Ask('b', 'text');
        readonly c: lab.Ask<'text'> = new Loud('c', 'text');`,
      body: `
        const a = await this.a.invoke({ site: 's1', q: input.q });
        const b = await this.b.invoke({ site: 's2', q: input.q });
        const c = await this.c.invoke({ site: 's3', q: input.q });
        return [a, b, c];`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L25: an instance whose `forward` was patched', async () => {
    const proof = await prove({
      ...two,
      create: `
        const original = operator.b.forward.bind(operator.b);
        operator.b.forward = (question, context) => { console.log('patched'); return original(question, context); };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L25: a program whose own `forward` is overridden', async () => {
    const proof = await prove({
      ...two,
      create: `
        const original = operator.forward.bind(operator);
        operator.forward = async (given) => { console.log('mine'); return await original(given); };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L28: each call finds the `AsyncLocalStorage` value of the run', async () => {
    const proof = await prove(three, { options: { context: true } });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it("L29: the caller's `AbortSignal` stops everything", async () => {
    const pair = compilePair(print(three));
    for (const schedule of schedules(SEEDS)) {
      const abortAt = 0.5 + ((schedule.seed * 7) % 150);
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const whole = await runProgram(pair.compiled, { ...schedule, failureRate: 0 });
      // oxlint-disable-next-line no-await-in-loop
      const trace = await runProgram(pair.compiled, { ...schedule, failureRate: 0, abortAt });
      const expected = whole.settledAt <= abortAt ? whole.outcome : { kind: 'error', error: ABORTED };
      expect(trace.outcome).toEqual(expected);
      expect(trace.settledAt).toBe(Math.min(whole.settledAt, abortAt));
      expect(trace.calls.filter((call) => call.afterSettling || call.startedAt > abortAt)).toEqual([]);
      expect(trace.unhandled).toEqual([]);
      expect(trace.listeners).toBe(0);
    }
  });

  it.each([
    ['maxConcurrency: 1', '@structuralJit({ maxConcurrency: 1 })'],
    ['the strategy "sequential"', "@structuralJit({ executionStrategy: 'sequential' })"],
  ])('L30: %s equals the code as written exactly', async (_, decorator) => {
    const proof = await prove({ ...flat, decorator });
    expect(proof.verdict).toEqual(proof.expected);
    for (const schedule of schedules(100)) {
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const written = await runProgram(proof.pair.written, schedule);
      // oxlint-disable-next-line no-await-in-loop
      const compiled = await runProgram(proof.pair.compiled, schedule);
      const times = (trace: typeof written): unknown =>
        trace.calls.map((call) => [call.label, call.startedAt, call.endedAt]);
      expect(times(compiled)).toEqual(times(written));
    }
  });

  it('L31: a guard that fails runs the original, from the start, once', async () => {
    const proof = await prove({
      ...three,
      create: `
        const hidden = operator.b;
        Object.defineProperty(operator, 'b', { get() { console.log('reached'); return hidden; } });`,
    });
    expect(proof.verdict).toEqual(proof.expected);
    const trace = await calm(proof.pair);
    expect(timesOf(trace, 'b')).toEqual([10, 20]);
    expect(trace.calls.map((call) => call.label)).toEqual(['a', 'b', 'pair.left', 'pair.right', 'write']);
  });
});
