/** Effects and state: what must keep its order does, what need not overlaps. */
import { describe, expect, it } from 'vitest';
import { calm, prove, TIMEOUT, timesOf } from '../helpers/litmus.ts';

describe('effects', TIMEOUT, () => {
  it('L4: two writes of one key keep their order', async () => {
    const proof = await prove(
      {
        fields: `readonly x = new lab.WriteA('x', 'text'); readonly y = new lab.WriteA('y', 'text');`,
        body: `
          const x = await this.x.invoke({ site: 's1', q: input.q });
          const y = await this.y.invoke({ site: 's2', q: input.q });
          return { x, y };`,
      },
      { settlesAt: 20 },
    );
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L4: two writes of different keys keep their order too', async () => {
    const proof = await prove({
      fields: `readonly x = new lab.WriteA('x', 'text'); readonly y = new lab.CopyAToB('y', 'text');`,
      body: `
        const y = await this.y.invoke({ site: 's1', q: input.q });
        const x = await this.x.invoke({ site: 's2', q: input.q });
        return { x, y };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L4: writes that the code starts together overlap', async () => {
    const proof = await prove(
      {
        fields: `readonly x = new lab.WriteA('x', 'text'); readonly y = new lab.WriteA('y', 'text');`,
        body: `
          const [x, y] = await Promise.all([
            this.x.invoke({ site: 's1', q: input.q }), this.y.invoke({ site: 's2', q: input.q }),
          ]);
          return { x, y };`,
      },
      { settlesAt: 10 },
    );
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L4: a read of another key passes a pending write', async () => {
    const proof = await prove(
      {
        fields: `readonly write = new lab.WriteA('write', 'text'); readonly read = new lab.ReadB('read', 'text');`,
        body: `
          const write = await this.write.invoke({ site: 's1', q: input.q });
          const read = await this.read.invoke({ site: 's2', q: input.q });
          return { write, read };`,
      },
      { settlesAt: 10 },
    );
    expect(proof.verdict).toEqual(proof.expected);
    expect(timesOf(await calm(proof.pair), 'read')).toEqual([0, 10]);
  });

  it('L5: read, write, read', async () => {
    const proof = await prove(
      {
        fields: `readonly read = new lab.ReadA('read', 'text'); readonly write = new lab.WriteA('write', 'text');`,
        body: `
          const before = await this.read.invoke({ site: 's1', q: input.q });
          const write = await this.write.invoke({ site: 's2', q: input.q });
          const after = await this.read.invoke({ site: 's3', q: input.q });
          return { before, write, after };`,
      },
      { settlesAt: 30 },
    );
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L7: an operator with `this.count++`', async () => {
    const proof = await prove(
      {
        fields: `readonly counter = new lab.Counter('counter');`,
        body: `
          const a = await this.counter.invoke({ site: 's1', q: input.q });
          const b = await this.counter.invoke({ site: 's2', q: input.q });
          const c = await this.counter.invoke({ site: 's3', q: input.q });
          return [a, b, c, this.counter.count];`,
      },
      { settlesAt: 30 },
    );
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L8, once: a setter called on an operator between its calls', async () => {
    const proof = await prove({
      fields: `readonly tuned = new lab.Tuned('tuned');`,
      body: `
        this.tuned.instruction = 'one';
        const a = await this.tuned.invoke({ site: 's1', q: input.q });
        this.tuned.instruction = 'two';
        const b = await this.tuned.invoke({ site: 's2', q: input.q });
        this.tuned.tune('!');
        const c = await this.tuned.invoke({ site: 's3', q: input.q });
        return [a, b, c];`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L23: a getter with an effect in an argument', async () => {
    const proof = await prove({
      fields: `
        turns = 0;
        get next(): number { console.log('next', this.turns); return ++this.turns; }
        readonly a = new lab.Ask('a', 'text');`,
      body: `
        const x = await this.a.invoke({ site: 's1', q: this.next });
        const y = await this.a.invoke({ site: 's2', q: this.next });
        return [x, y, this.turns];`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('a write to an object that an operator was made with waits for calls in flight, and later calls for it', async () => {
    const proof = await prove({
      fields: `
        readonly board: lab.Board = { notes: [] };
        readonly watcher = new lab.Watcher('watcher', this.board);`,
      body: `
        const before = await this.watcher.invoke({ site: 's1', q: input.q });
        this.board.notes.push('more');
        const after = await this.watcher.invoke({ site: 's2', q: input.q });
        return [before, after];`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('a `throw` under a condition lets no later call pass', async () => {
    const proof = await prove({
      fields: `readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text');`,
      body: `
        const a = await this.a.invoke({ site: 's1', q: input.q });
        if (a.length % 2 === 0) throw new Error('stop');
        const b = await this.b.invoke({ site: 's2', q: input.q });
        return [a, b];`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L39: `await this.ready` and a sleep between independent calls', async () => {
    const proof = await prove({
      fields: `
        readonly ready = pause(15);
        readonly a = new lab.Ask('a', 'text');
        readonly b = new lab.Ask('b', 'text');
        readonly c = new lab.Ask('c', 'text');`,
      body: `
        const a = await this.a.invoke({ site: 's1', q: input.q });
        await this.ready;
        const b = await this.b.invoke({ site: 's2', q: input.q });
        await pause(7);
        const c = await this.c.invoke({ site: 's3', q: input.q });
        return [a, b, c];`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L40: an abstract-typed field that holds a stateful subclass', async () => {
    const proof = await prove({
      fields: `readonly held: Operator<Question, string> = new lab.Counter('counter'); readonly ask = new lab.Ask('ask', 'text');`,
      body: `
        const a = await this.held.invoke({ site: 's1', q: input.q });
        const free = await this.ask.invoke({ site: 's2', q: input.q });
        const b = await this.held.invoke({ site: 's3', q: input.q });
        return [a, free, b];`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L42: an inherited declaration over an overriding stateful `forward`', async () => {
    const proof = await prove({
      module: `
        class Base extends Operator<Question, string> {
          static override readonly effect = 'unordered' as const;
          protected readonly leaf = new lab.Ask('leaf', 'text');
          override async forward(input: Question): Promise<string> { return await this.leaf.invoke(input); }
        }
        class Numbered extends Base {
          #turn = 0;
          override async forward(input: Question): Promise<string> {
            const turn = ++this.#turn;
            return \`\${turn} \${await this.leaf.invoke({ site: input.site, q: turn })} \${this.#turn}\`;
          }
        }`,
      fields: `readonly numbered = new Numbered();`,
      body: `
        const a = await this.numbered.invoke({ site: 's1', q: input.q });
        const b = await this.numbered.invoke({ site: 's2', q: input.q });
        return [a, b];`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });
});
