/** Errors: start out of order, retire in program order. */
import { describe, expect, it } from 'vitest';
import { calm, prove, TIMEOUT, timesOf } from '../helpers/litmus.ts';

const two = `
  readonly a = new lab.Ask('a', 'text');
  readonly b = new lab.Ask('b', 'text');`;

describe('errors', TIMEOUT, () => {
  it('L1: the earlier call fails after the later one failed, and its error wins', async () => {
    const proof = await prove(
      {
        fields: two,
        body: `
          const a = await this.a.invoke({ site: 's1', q: input.q });
          const b = await this.b.invoke({ site: 's2', q: input.q });
          return { a, b };`,
      },
      { settlesAt: 10 },
    );
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L2: a later rejection while the earlier call is pending is never unhandled', async () => {
    const proof = await prove(
      {
        fields: `${two} readonly c = new lab.Deaf('c', 'text'); readonly d = new lab.Hasty('d', 'doc');`,
        body: `
          const a = await this.a.invoke({ site: 's1', q: input.q });
          const b = await this.b.invoke({ site: 's2', q: input.q });
          const c = await this.c.invoke({ site: 's3', q: input.q });
          const d = await this.d.invoke({ site: 's4', q: input.n });
          return [a, b, c, d];`,
      },
      { settlesAt: 10 },
    );
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L3: a write after a read that throws is not issued', async () => {
    const proof = await prove(
      {
        fields: `
          readonly read = new lab.ReadB('read', 'text');
          readonly write = new lab.WriteA('write', 'text');
          readonly after = new lab.Ask('after', 'text');`,
        body: `
          const read = await this.read.invoke({ site: 's1', q: input.q });
          const write = await this.write.invoke({ site: 's2', q: 'constant' });
          const after = await this.after.invoke({ site: 's3', q: 'constant' });
          return { read, write, after };`,
      },
      { settlesAt: 20 },
    );
    expect(proof.verdict).toEqual(proof.expected);
    const trace = await calm(proof.pair);
    expect(timesOf(trace, 'write')).toEqual([10, 20]);
    expect(timesOf(trace, 'after')).toEqual([0, 10]);
  });

  it('L37: an operator that throws synchronously, and one that returns a non-promise', async () => {
    const proof = await prove({
      fields: `
        readonly hasty = new lab.Hasty('hasty', 'text');
        readonly instant = new lab.Instant('instant', 'text');
        readonly ask = new lab.Ask('ask', 'text');`,
      body: `
        const first = await this.ask.invoke({ site: 's1', q: input.q });
        const instant = await this.instant.invoke({ site: 's2', q: input.q });
        const hasty = await this.hasty.invoke({ site: 's3', q: instant });
        const last = await this.instant.invoke({ site: 's4', q: hasty });
        return { first, instant, hasty, last };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L27: a promise made and not awaited', async () => {
    const proof = await prove({
      fields: two,
      body: `
        const forgotten = this.a.invoke({ site: 's1', q: input.q });
        const b = await this.b.invoke({ site: 's2', q: input.q });
        const later = this.a.invoke({ site: 's3', q: input.q });
        const c = await this.b.invoke({ site: 's4', q: 'c' });
        const late = await later;
        return { b, c, late, isPromise: forgotten instanceof Promise };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });
});
