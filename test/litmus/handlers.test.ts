/** Handlers, exits and short circuits: what a failure or a condition leaves undone. */
import { describe, expect, it } from 'vitest';
import { compilePair, refuteAbort, schedules } from '../helpers/prove.ts';
import { print, prove, TIMEOUT } from '../helpers/litmus.ts';

const asks = `
  readonly a = new lab.Ask('a', 'text');
  readonly b = new lab.Ask('b', 'text');
  readonly c = new lab.Ask('c', 'text');
  readonly d = new lab.Ask('d', 'text');
  readonly write = new lab.WriteA('write', 'text');`;

describe('handlers and exits', TIMEOUT, () => {
  it('L9: four independent fallbacks', async () => {
    const fallback = (name: string, i: number): string => `
      let ${name}: string;
      try { ${name} = await this.${name}.invoke({ site: 's${i}', q: input.q }); }
      catch { console.log('no ${name}'); ${name} = 'none'; }`;
    const proof = await prove({
      fields: asks,
      body: `${['a', 'b', 'c', 'd'].map(fallback).join('\n')}\n return { a, b, c, d };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('a body that may catch starts nothing after an abort, awaited or not', async () => {
    const pair = compilePair(
      print({
        fields: asks,
        body: `await this.a.invoke({ site: 's1', q: input.q }); await pause(50);
          void this.b.invoke({ site: 's2', q: input.q });
          try { await this.c.invoke({ site: 's3', q: input.q }); } catch (error) { console.log(String(error)); }
          return 1;`,
      }),
    );
    expect(await refuteAbort(pair, schedules(100))).toBeUndefined();
  });

  it('L10: a catch that uses a variable assigned in the try', async () => {
    const proof = await prove({
      fields: asks,
      body: `
        let stage = 'none';
        const notes: string[] = [];
        try {
          stage = 'first';
          const a = await this.a.invoke({ site: 's1', q: input.q });
          notes.push(a);
          stage = await this.b.invoke({ site: 's2', q: a });
          notes.push(await this.c.invoke({ site: 's3', q: input.n }));
          stage = 'done';
        } catch (error) {
          notes.push(String(error), stage, await this.d.invoke({ site: 's4', q: stage }));
        }
        return { stage, notes };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L11: `finally` with an effect', async () => {
    const proof = await prove({
      fields: asks,
      body: `
        const notes: string[] = [];
        try {
          notes.push(await this.a.invoke({ site: 's1', q: input.q }));
          notes.push(await this.b.invoke({ site: 's2', q: input.q }));
        } finally {
          console.log('finally', notes.length);
          notes.push(await this.write.invoke({ site: 's3', q: notes.length }));
          input.tags.push('finally');
        }
        return { notes, c: await this.c.invoke({ site: 's4', q: input.q }) };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L11: a `finally` that leaves by itself overrides what came before', async () => {
    const proof = await prove({
      fields: asks,
      body: `
        for (const tag of input.tags) {
          try {
            const a = await this.a.invoke({ site: 's1', q: tag });
            if (a.slice(-1) < 'i') return a;
          } finally {
            const b = await this.b.invoke({ site: 's2', q: tag });
            if (b.slice(-1) < 'c') break;
          }
        }
        return await this.c.invoke({ site: 's3', q: input.q });`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L12: early returns between awaits', async () => {
    const proof = await prove({
      fields: asks,
      body: `
        const a = await this.a.invoke({ site: 's1', q: input.q });
        if (a.slice(-1) < '9') return { blocked: a };
        const b = await this.b.invoke({ site: 's2', q: input.q });
        if (b.slice(-1) < '9') return await this.d.invoke({ site: 's3', q: b });
        const c = await this.c.invoke({ site: 's4', q: input.q });
        const write = await this.write.invoke({ site: 's5', q: input.q });
        return { a, b, c, write };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L32: awaits that are short-circuited', async () => {
    const proof = await prove({
      fields: `readonly maybe: lab.Ask<'text'> | undefined = this.make(); ${asks}
        make(): lab.Ask<'text'> | undefined { return new lab.Ask('maybe', 'text'); }`,
      body: `
        const a = await this.a.invoke({ site: 's1', q: input.q });
        const even = a.slice(-1) < 'i';
        const b = even ? await this.b.invoke({ site: 's2', q: input.q }) : await this.c.invoke({ site: 's3', q: input.q });
        const and = even && (await this.c.invoke({ site: 's4', q: input.q }));
        const or = (even ? '' : b) || (await this.d.invoke({ site: 's5', q: input.q }));
        const coalesced = (even ? b : undefined) ?? (await this.d.invoke({ site: 's6', q: input.q }));
        const chained = await (even ? this.maybe : undefined)?.invoke({ site: 's7', q: input.q });
        return { b, and, or, coalesced, chained };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it.each(['return p;', 'return await p;'])('L35: `%s` inside `try`', async (exit) => {
    const proof = await prove({
      fields: asks,
      body: `
        try {
          const p = this.a.invoke({ site: 's1', q: input.q });
          console.log('asked');
          ${exit}
        } catch (error) {
          console.log('caught', String(error));
          return await this.b.invoke({ site: 's2', q: input.q });
        } finally {
          await this.write.invoke({ site: 's3', q: input.q });
        }`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L38: a failed `Promise.all` whose sibling still runs when `catch` mutates its input', async () => {
    const proof = await prove({
      fields: `readonly talk = new lab.Talk('talk'); ${asks}`,
      body: `
        const messages = [input.q];
        try {
          const [a, talk] = await Promise.all([
            this.a.invoke({ site: 's1', q: input.q }),
            this.talk.invoke(messages),
          ]);
          return { a, talk };
        } catch (error) {
          messages.push(String(error));
          const b = await this.talk.invoke(messages);
          return { b, messages };
        }`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });
});
