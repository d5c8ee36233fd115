/** Loops: what one iteration leaves for the next, and how a loop is left. */
import { describe, expect, it } from 'vitest';
import { prove, TIMEOUT } from '../helpers/litmus.ts';

const asks = `
  readonly a = new lab.Ask('a', 'text');
  readonly b = new lab.Ask('b', 'text');
  readonly n = new lab.Ask('n', 'number');
  readonly write = new lab.WriteA('write', 'text');`;

describe('loops', TIMEOUT, () => {
  it('L8: a setter called on an operator in each iteration', async () => {
    const proof = await prove({
      fields: `readonly tuned = new lab.Tuned('tuned'); ${asks}`,
      body: `
        const answers: string[] = [];
        for (const tag of [...input.tags, 'c']) {
          this.tuned.instruction = tag;
          answers.push(await this.tuned.invoke({ site: 's1', q: input.q }));
          this.tuned.tune(await this.a.invoke({ site: 's2', q: tag }));
          answers.push(await this.tuned.invoke({ site: 's3', q: input.q }));
        }
        return { answers, instruction: this.tuned.settings.instruction };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it.each([1, 2, 3])('L13: `break` in iteration %i', async (k) => {
    const proof = await prove({
      fields: asks,
      body: `
        const seen: string[] = [];
        let turns = 0;
        for (const tag of ['x', 'y', 'z', 'w']) {
          turns++;
          const answer = await this.a.invoke({ site: 's1', q: tag });
          seen.push(answer);
          if (turns === ${k} || answer.endsWith('1')) break;
          seen.push(await this.write.invoke({ site: 's2', q: tag }));
        }
        return { seen, turns, last: await this.b.invoke({ site: 's3', q: turns }) };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it("L14: a throw in a loop's tail", async () => {
    const proof = await prove({
      fields: asks,
      body: `
        const kept: string[] = [];
        for (const tag of ['x', 'y', 'z']) {
          const answer = await this.a.invoke({ site: 's1', q: tag });
          kept.push(answer);
          input.tags.push(answer);
          if (answer.slice(-1) < '6') throw new Error('stop ' + kept.length);
          console.log('kept', answer);
        }
        return kept;`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L15: push, keyed write, concat, float sum and string += come out as written', async () => {
    const proof = await prove({
      fields: asks,
      body: `
        const list: string[] = [];
        const byKey: Record<string, number> = {};
        let all: readonly string[] = [];
        let sum = 0.1;
        let text = '';
        for (const [i, tag] of [...input.tags, 'c'].entries()) {
          const answer = await this.a.invoke({ site: 's1', q: tag });
          list.push(answer, tag);
          byKey[answer] = i;
          all = all.concat(answer, list);
          sum += await this.n.invoke({ site: 's2', q: tag });
          text += answer + sum;
        }
        return { list, byKey, all, sum, text };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L16: a visited set that the head of each iteration uses', async () => {
    const proof = await prove({
      fields: asks,
      body: `
        const visited = new Set<string>();
        const found: string[] = [];
        for (const tag of ['x', 'y', 'x', 'z', 'y']) {
          if (visited.has(tag)) continue;
          visited.add(tag);
          found.push(await this.a.invoke({ site: 's1', q: tag }));
        }
        return { found, visited };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L17: a visited set that is passed down a recursion', async () => {
    const proof = await prove({
      fields: `
        ${asks}
        async walk(node: string, depth: number, visited: Set<string>): Promise<string[]> {
          if (depth === 0 || visited.has(node)) return [];
          visited.add(node);
          const answer = await this.a.invoke({ site: 'walk', q: node });
          const found = [answer];
          for (const next of [answer.slice(-1) < 'i' ? 'even' : 'odd', node + 'x']) {
            found.push(...(await this.walk(next, depth - 1, visited)));
          }
          return found;
        }`,
      body: `
        const visited = new Set<string>();
        const one = await this.walk('root', 3, visited);
        const two = await this.walk('rootx', 2, visited);
        return { one, two, visited };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L18: nested loops with a labelled `continue`', async () => {
    const proof = await prove({
      fields: asks,
      body: `
        const pairs: string[] = [];
        outer: for (const x of ['p', 'q', 'r']) {
          for (const y of input.tags) {
            const answer = await this.a.invoke({ site: x, q: y });
            if (answer.slice(-1) < 'c') continue outer;
            pairs.push(x + y + answer);
          }
          pairs.push(await this.b.invoke({ site: 's2', q: x }));
        }
        return pairs;`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L20: a memo `Map`, hit and missed', async () => {
    const proof = await prove({
      fields: `readonly memo = new Map<string, string>(); ${asks}`,
      body: `
        const own = new Map<string, string>();
        const answers: string[] = [];
        for (const tag of ['x', 'y', 'x', 'z', 'y']) {
          let hit = own.get(tag);
          if (hit === undefined) {
            hit = await this.a.invoke({ site: 's1', q: tag });
            own.set(tag, hit);
          }
          const shared = this.memo.get(tag) ?? (await this.b.invoke({ site: 's2', q: hit }));
          this.memo.set(tag, shared);
          answers.push(hit, shared);
        }
        return { answers, own };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L21: progress and logs keep their order', async () => {
    const proof = await prove({
      module: `type Progress = (done: number, text: string) => void;`,
      fields: `
        ${asks}
        readonly progress: Progress = (done, text) => console.log('progress', done, text);`,
      body: `
        console.log('start');
        let done = 0;
        for (const tag of ['x', 'y', 'z']) {
          console.log('ask', tag);
          const answer = await this.a.invoke({ site: 's1', q: tag });
          console.log('answer', answer);
          await this.write.invoke({ site: 's2', q: tag });
          this.progress(++done, answer);
        }
        console.log('end');
        return done;`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L22: seeded random numbers are drawn in program order', async () => {
    const proof = await prove({
      module: `
        class Seeded {
          #state = 7;
          next(): number { this.#state = (this.#state * 16807) % 2147483647; return this.#state; }
        }`,
      fields: `readonly random = new Seeded(); ${asks}`,
      body: `
        const drawn: (string | number)[] = [];
        for (const tag of ['x', 'y', 'z']) {
          const answer = await this.a.invoke({ site: 's1', q: this.random.next() });
          if (answer.slice(-1) < 'i') drawn.push(this.random.next());
          drawn.push(answer, await this.b.invoke({ site: tag, q: this.random.next() }));
        }
        return { drawn, last: this.random.next() };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it("L26: the user's own `Promise.all` inside a loop", async () => {
    const proof = await prove({
      fields: asks,
      body: `
        const rounds: string[][] = [];
        for (const round of [1, 2, 3]) {
          const answers = await Promise.all(
            ['x', 'y'].map(async (one) => {
              const first = await this.a.invoke({ site: one, q: round });
              console.log('first', one, round);
              return await this.b.invoke({ site: one, q: first });
            }),
          );
          rounds.push(answers);
          await this.write.invoke({ site: 's3', q: answers.join() });
        }
        return rounds;`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L33: a tail closure that reads a carried `let`', async () => {
    const proof = await prove({
      fields: asks,
      body: `
        let total = 0;
        const readers: (() => string)[] = [];
        for (let i = 0; i < 3; i++) {
          const answer = await this.a.invoke({ site: 's1', q: i });
          total += answer.length + i;
          readers.push(() => answer + i + ':' + total);
          if (i === 1) readers.push(((now: string) => () => now)(readers.map((one) => one()).join()));
        }
        const before = readers.map((one) => one());
        total += 100;
        return { before, after: readers.map((one) => one()) };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });

  it('L34: `continue` before the increment', async () => {
    const proof = await prove({
      fields: asks,
      body: `
        let used = 0;
        const kept: string[] = [];
        for (const tag of ['x', 'y', 'z', 'w']) {
          const answer = await this.a.invoke({ site: 's1', q: tag });
          if (answer.slice(-1) < 'i') continue;
          used++;
          kept.push(await this.b.invoke({ site: 's2', q: used }));
        }
        if (used === 0) kept.push(await this.b.invoke({ site: 's3', q: 'fallback' }));
        return { used, kept };`,
    });
    expect(proof.verdict).toEqual(proof.expected);
  });
});
