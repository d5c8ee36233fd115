/** Memory: objects in flight, aliases, accumulators. */
import { describe, expect, it } from 'vitest';
import { calm, prove, TIMEOUT } from '../helpers/litmus.ts';

describe('memory', TIMEOUT, () => {
  it('L6: an array pushed to while a call that received it is in flight', async () => {
    const proof = await prove({
      fields: `readonly x = new lab.Talk('x'); readonly y = new lab.Talk('y'); readonly z = new lab.Ask('z', 'text');`,
      body: `
        const messages = [input.q];
        const a = await this.x.invoke(messages);
        messages.push('more');
        const b = await this.y.invoke(messages);
        const c = await this.z.invoke({ site: 's1', q: input.q });
        messages.push(c);
        return { a, b, messages };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L15, in one region: push, keyed write, concat, float sum and string +=', async () => {
    const proof = await prove(
      {
        fields: `
          readonly a = new lab.Ask('a', 'text');
          readonly b = new lab.Ask('b', 'text');
          readonly n = new lab.Ask('n', 'number');
          readonly m = new lab.Ask('m', 'number');`,
        body: `
          const list: string[] = [];
          const byKey: Record<string, string> = {};
          let all: readonly string[] = [];
          let sum = 0.1;
          let text = '';
          const a = await this.a.invoke({ site: 's1', q: input.q });
          list.push(a); byKey[a] = 'a'; all = all.concat(a); text += a;
          sum += await this.n.invoke({ site: 's2', q: input.q });
          const b = await this.b.invoke({ site: 's3', q: input.q });
          list.push(b); byKey[b] = 'b'; all = all.concat([b]); text += b;
          sum += await this.m.invoke({ site: 's4', q: input.q });
          return { list, byKey, all, sum, text };`,
      },
      { settlesAt: 10 },
    );
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L19: identical prompts are not merged', async () => {
    const proof = await prove(
      {
        fields: `readonly a = new lab.Ask('a', 'text'); readonly p = new lab.Pure('p', 'doc');`,
        body: `
          const question = { site: 'same', q: 'same' } as const;
          const one = await this.a.invoke(question);
          const two = await this.a.invoke(question);
          const three = await this.p.invoke({ site: 'p', q: 'p' });
          const four = await this.p.invoke({ site: 'p', q: 'p' });
          return { one, two, three, four };`,
      },
      { settlesAt: 10 },
    );
    expect(proof.verdict).toEqual(proof.expected);
    expect((await calm(proof.pair)).calls.map((call) => call.label)).toEqual(['a', 'a', 'p', 'p']);
  });

  it('L24: an operator that mutates its argument', async () => {
    const proof = await prove({
      fields: `
        readonly edit = new lab.Edit('edit0');
        readonly tag = new lab.Tag('tag0');
        readonly judge = new lab.Judge('judge');
        readonly ask = new lab.Ask('ask', 'text');`,
      body: `
        const doc = { text: input.q, tags: ['first'], n: 0 };
        const before = await this.judge.invoke(doc);
        const edited = await this.edit.invoke(doc);
        const between = await this.judge.invoke(doc);
        const tagged = await this.tag.invoke(doc);
        const after = await this.judge.invoke(doc);
        const apart = await this.ask.invoke({ site: 's1', q: input.q });
        return { doc, before, edited, between, tagged, after, apart };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L24: an operator that mutates the input of the whole', async () => {
    const proof = await prove({
      fields: `readonly edit = new lab.Edit('edit0'); readonly ask = new lab.Ask('ask', 'text');`,
      body: `
        const first = await this.ask.invoke({ site: 's1', q: input.q });
        const edited = await this.edit.invoke(input.doc);
        const second = await this.ask.invoke({ site: 's2', q: input.doc.tags.length });
        return { first, edited, second };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L41: an operator that returns its input', async () => {
    const proof = await prove({
      fields: `
        readonly echo = new lab.Echo('echo');
        readonly judge = new lab.Judge('judge');
        readonly late = new lab.Judge('late');`,
      body: `
        const doc = { text: input.q, tags: ['first'], n: 0 };
        const same = await this.echo.invoke(doc);
        const a = await this.judge.invoke(doc);
        same.tags.push('second');
        const b = await this.late.invoke(doc);
        same.n += 1;
        return { doc, same, a, b };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L36: a lazy thenable: `then` is called once, when the code as written calls it', async () => {
    const proof = await prove({
      module: `
        class Query implements PromiseLike<string[]> {
          readonly table: string;
          constructor(table: string) { this.table = table; }
          then<A = string[], B = never>(
            resolve?: ((rows: string[]) => A | PromiseLike<A>) | null,
            reject?: ((error: unknown) => B | PromiseLike<B>) | null,
          ): PromiseLike<A | B> {
            console.log('then', this.table);
            return pause(5).then(() => [this.table]).then(resolve, reject);
          }
        }`,
      fields: `readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text');`,
      body: `
        const a = await this.a.invoke({ site: 's1', q: input.q });
        const query = new Query('rows');
        console.log('made');
        const rows = await query;
        const b = await this.b.invoke({ site: 's2', q: input.q });
        return { a, rows, b };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });
});
