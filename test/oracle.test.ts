/** What the oracle says of small programs whose ideal is known. */
import { describe, expect, it } from 'vitest';
import { print } from './helpers/litmus.ts';
import { estimate } from './helpers/oracle.ts';

const fields = `
  readonly a = new lab.Ask('a', 'text');
  readonly b = new lab.Ask('b', 'text');
  readonly w = new lab.WriteA('w', 'text');
  readonly v = new lab.WriteA('v', 'text');
  readonly talk = new lab.Talk('talk');
  readonly deaf = new lab.Deaf('deaf', 'text');
  readonly fetch = new lab.Ask('fetch', 'doc');
  readonly score = new lab.Ask('score', 'number');
  readonly pair = new lab.Pair('pair');
  readonly read = new lab.ReadA('read', 'text');
  readonly count = new lab.Counter('count');
  *each(list: readonly string[]): Generator<string> { yield* list; }
  readonly board: lab.Board = { notes: [] };
  readonly scribe = new lab.Scribe('scribe', this.board);
  readonly seen: string[] = [];
  readonly shown: string[] = [];
  see(one: string): void { this.shown.push(one); }
  async ask(): Promise<string> {
    const x = await this.a.invoke({ site: 'own', q: 'x' });
    console.log(x);
    return x;
  }`;

const [a, b, w, v, fetch] = ['a', 'b', 'w', 'v', 'fetch'].map(
  (name) => `this.${name}.invoke({ site: '${name}', q: input.q })`,
);

describe('the oracle', () => {
  it.each<readonly [claim: string, body: string, written: number, ideal: number]>([
    ['independent calls', `const x = await ${a}; const y = await ${b}; return [x, y]`, 20, 10],
    ['a chain', `const x = await ${a}; return await this.b.invoke({ site: 'b', q: x })`, 20, 20],
    ['two writers', `await ${w}; await ${v}`, 20, 20],
    ['a writer behind what may fail', `await ${a}; await ${b}; await ${w}`, 30, 20],
    [
      'an array that is changed between two calls that hold it',
      `const l = ['x']; await this.talk.invoke(l); await ${a}; l.push('y'); await this.talk.invoke(l)`,
      30,
      20,
    ],
    ['calls that the code starts together', `await Promise.all([${a}, ${b}]); await ${w}`, 20, 20],
    [
      'a branch on a result',
      `const x = await ${a}; if (x.length > 99) await ${b}; return await this.fetch.invoke({ site: 'f', q: 1 })`,
      20,
      10,
    ],
    [
      'a branch that a result decides',
      `const x = await ${a}; let y = ''; if (x.slice(-1) < 'i') y = await ${b}; else y = await ${a}; return y`,
      20,
      20,
    ],
    [
      'a loop over a generator, which advances only when it does as written (§2, loops)',
      `for (const q of this.each(['x', 'y'])) { await this.a.invoke({ site: 'a' + q, q }); await this.b.invoke({ site: 'b' + q, q }); }`,
      40,
      20,
    ],
    // "Writers and fences wait until every earlier step that may fail has succeeded", also where they happen all the same.
    ['a writer in any case, which happens all the same', `try { await ${a} } finally { await ${w} }`, 20, 20],
    [
      'a writer behind a handler',
      `let x = ''; try { x = await ${a}; } catch {} await ${w}; return x`,
      20,
      20,
    ],
    ['a log behind a handler', `try { await ${a} } catch {} console.log('x'); await ${w}`, 20, 20],
    ['a question in any case', `try { await ${a} } finally { await ${b} }`, 20, 10],
    ['a question behind a handler', `try { await ${a} } catch {} return await ${b}`, 20, 10],
    // "The same calls with the same inputs": what is given may be what a handler has made of a failure.
    [
      'a question that a handler changes',
      `let q = 'x'; try { await ${a}; } catch { q = 'y'; } return await this.b.invoke({ site: 'b', q })`,
      20,
      20,
    ],
    [
      'a question that a handler does not change',
      `let q = 'x'; let n = 0; try { await ${a}; } catch { n = 1; } return [n, await this.b.invoke({ site: 'b', q })]`,
      20,
      10,
    ],
    [
      'a question behind one of several iterations that may fail',
      `let n = 0; for (const q of ['x', 'y']) { try { await this.a.invoke({ site: 'a' + q, q }); await this.b.invoke({ site: 'b', q }); } catch { n = 1; } } return n`,
      40,
      10,
    ],
    // "Never past an undecided branch", whatever is known of the text that the operator makes.
    [
      'a branch that a counted result decides, which always ends in a digit',
      `const x = await this.count.invoke({ site: 'n', q: 'x' }); let y = ''; if (x.slice(-1) < 'i') y = await ${b}; return y`,
      20,
      20,
    ],
    [
      'a loop without a carried value',
      `const l = []; for (const q of ['x', 'y', 'z']) l.push(await this.a.invoke({ site: 'a' + q, q })); return l`,
      30,
      10,
    ],
    [
      'a call that needs what all iterations decide together',
      `let best = 'none', most = -1; for (const q of ['x', 'y']) { const n = await this.score.invoke({ site: 's ' + q, q }); if (n > most) { most = n; best = 'found'; } } return await this.a.invoke({ site: 'a', q: best })`,
      30,
      20,
    ],
    // "The same calls with the same inputs": whatever the other call gives, which may be the key.
    [
      'a call that is given the entry under what another call gives',
      `const m = new Map<string, string>(); m.set('k', 'v'); const x = await ${a}; return await this.b.invoke({ site: 'b', q: m.get(x) ?? 'none' })`,
      20,
      20,
    ],
    [
      'a call that is given the entry under a constant key, beside one that is put under another',
      `const m = new Map<string, string>(); m.set('k', 'v'); const x = await ${a}; m.set('j', x); return await this.b.invoke({ site: 'b', q: m.get('k') ?? 'none' })`,
      20,
      10,
    ],
    ['a log, which calls pass', `await ${a}; console.log('x'); await ${b}`, 20, 10],
    ['a writer behind a log', `await ${a}; console.log('x'); await ${w}`, 20, 20],
    ['unknown code, which stops everything', `await ${a}; await lab.pause(5); await ${b}`, 25, 25],
    [
      'a list that nobody else holds, changed behind what may fail',
      `const l = ['x']; await ${a}; l.push('y'); return await this.talk.invoke(l)`,
      20,
      10,
    ],
    [
      'the input, changed behind what may fail, and who may hold it',
      `await ${a}; input.tags.push('x'); await ${b}`,
      20,
      20,
    ],
    ['a write without a change', `await ${a}; input.doc.n = input.doc.n; await ${b}`, 20, 20],
    ['a result that is changed', `const d = await ${fetch}; d.text = 'x'; await ${b}`, 20, 20],
    ['a field of the class that a public method writes', `await ${a}; this.see('x'); await ${b}`, 20, 20],
    ['a field that only the body touches', `await ${a}; this.seen.push('x'); await ${b}`, 20, 10],
    ['a race, which may fail', `await Promise.race([${a}, ${b}]); await ${w}`, 20, 20],
    [
      'calls whose failures are told, not thrown',
      `await Promise.allSettled([${a}, ${b}]); await ${w}`,
      20,
      10,
    ],
    ['a promise that is kept', `const p = ${a}; await ${b}; const x = await p; await ${w}; return x`, 20, 20],
    ['a call that nobody awaits', `await ${b}; void this.talk.invoke(['x']); return await ${fetch}`, 20, 10],
    ['a pair of calls in a composite', `return await this.pair.invoke({ site: 'p', q: 'x' })`, 20, 10],
    // "The same error object, for every latency and every failure": with another pace another member might fail first.
    [
      'a pair of calls beside another that may fail before it',
      `return await Promise.all([this.pair.invoke({ site: 'p', q: 'x' }), ${a}])`,
      20,
      20,
    ],
    [
      'a pair of calls beside another, whose failures are told',
      `return await Promise.allSettled([this.pair.invoke({ site: 'p', q: 'x' }), ${a}])`,
      20,
      10,
    ],
    // "A combinator is one step", and a promise that was kept for it is a member like any other.
    [
      'a call that needs what was kept for a combinator, which gives it when the last member has ended',
      `const p = ${a}; const [x] = await Promise.all([p, this.pair.invoke({ site: 'p', q: 'x' })]); return await this.b.invoke({ site: 'b', q: x })`,
      30,
      30,
    ],
    // "Every call reads what was given to its constructor: a mutating method in the composite conflicts with later calls."
    [
      'a field that only the body names, and that an operator was made with',
      `await ${a}; this.board.notes.push('x'); await ${b}`,
      20,
      20,
    ],
    // "Unknown aliases conflict": the caller may have put the operator's own list into the input.
    [
      'code that reads a list from outside, which may be the one that an operator writes',
      `await this.scribe.invoke({ site: 's', q: 'x' }); return await this.a.invoke({ site: 'a', q: input.tags.join('+') })`,
      20,
      20,
    ],
    [
      'code that reads a text from outside, which no operator writes',
      `await this.scribe.invoke({ site: 's', q: 'x' }); return await this.a.invoke({ site: 'a', q: input.q })`,
      20,
      10,
    ],
    // "Mutations keep one program order": also with the end, at which the caller looks.
    [
      'a call that nobody awaits and that changes a field of its own',
      `void this.count.invoke({ site: 'n', q: 'x' }); await ${a}; return await ${b}`,
      20,
      20,
    ],
    // "For every latency": whichever is left behind may still read what the writer writes.
    [
      'a writer behind a race that a reader has won',
      `await Promise.race([this.pair.invoke({ site: 'p', q: 'x' }), this.read.invoke({ site: 'r', q: 1 })]); await ${b}; await ${w}`,
      30,
      30,
    ],
    // "For every failure": if the other member fails, the reader goes on beside all that follows the handler.
    [
      'a writer behind a combinator whose failure is handled, which may leave a reader behind',
      `try { await Promise.all([this.read.invoke({ site: 'r', q: 1 }), ${a}]); } catch {} await ${b}; await ${w}`,
      30,
      30,
    ],
    [
      'a writer behind a combinator whose failure is handled, which leaves a reader behind if what was kept for it fails',
      `try { const p = ${a}; await Promise.all([p, this.read.invoke({ site: 'r', q: 1 })]); } catch {} await ${b}; await ${w}`,
      30,
      30,
    ],
    [
      'a writer behind a combinator whose failure is handled, which may leave nothing behind that it touches',
      `try { await Promise.all([${fetch}, ${a}]); } catch {} await ${b}; await ${w}`,
      30,
      20,
    ],
    [
      'a writer behind a combinator that tells failures to the caller',
      `await Promise.all([this.read.invoke({ site: 'r', q: 1 }), ${a}]); await ${b}; await ${w}`,
      30,
      20,
    ],
    [
      'a call that nobody awaits and that writes a resource',
      `void ${w}; await ${a}; return await ${b}`,
      20,
      10,
    ],
    [
      'a method of its own that awaits and logs',
      `await ${a}; const x = await this.ask(); return [x, await ${b}]`,
      30,
      10,
    ],
    [
      'a write to what comes out of a call that a later one reads',
      `const d = await ${fetch}; await ${a}; d.n = 1; return await this.b.invoke({ site: 'b', q: d.n })`,
      30,
      20,
    ],
    [
      'a loop that carries a result',
      `let q = 'x'; for (let i = 0; i < 3; i++) q = await this.a.invoke({ site: 'a' + i, q }); return q`,
      30,
      30,
    ],
  ])('finds how fast %s can be', async (_, body, asWritten, ideal) => {
    const source = print({ fields, body: `${body};`, decorator: '' });
    const found = await estimate(source, { seed: 1, failureRate: 0, latency: 'equal' });
    expect(found).toMatchObject({ written: asWritten, ideal });
  });
});
