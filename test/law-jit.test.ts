/* oxlint-disable no-await-in-loop -- one world at a time */
/** The law for `jit`: litmus programs and generated ones, each called several times by an operator that learns. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { print, TIMEOUT, type LitmusProgram } from './helpers/litmus.ts';
import { anyProgram } from './helpers/program-generator.ts';
import { refuteLearning } from './helpers/prove-jit.ts';
import { compilePairs, refute, schedules } from './helpers/prove.ts';

const asks = `
  readonly a = new lab.Ask('a', 'text');
  readonly b = new lab.Ask('b', 'text');
  readonly c = new lab.Ask('c', 'text');`;
const ask = (label: string, rest = 'q: input.q'): string =>
  `await this.${label}.invoke({ site: '${label}', ${rest} })`;

const litmus: Readonly<Record<string, LitmusProgram>> = {
  'L1: the earlier call fails after the later one failed': {
    fields: asks,
    body: `const a = ${ask('a')}; const b = ${ask('b')}; return [a, b, ${ask('c')}];`,
  },
  'L3: a write after a read that throws is not issued': {
    fields: `readonly r = new lab.ReadA('r', 'text'); readonly w = new lab.WriteA('w', 'text');`,
    body: `const r = ${ask('r')}; return [r, ${ask('w')}];`,
  },
  'L5: read, write, read': {
    fields: `readonly r = new lab.ReadA('r', 'text'); readonly w = new lab.WriteA('w', 'text'); readonly s = new lab.ReadA('s', 'text');`,
    body: `const r = ${ask('r')}; const w = ${ask('w')}; return [r, w, ${ask('s')}];`,
  },
  'L6: an array pushed to between two calls that receive it': {
    fields: `readonly x = new lab.Talk('x'); readonly y = new lab.Talk('y');`,
    body: `const list = [input.q]; const a = await this.x.invoke(list); list.push('more'); return [a, await this.y.invoke(list), list];`,
  },
  'L7: an operator with a counter': {
    fields: `${asks} count = 0;`,
    body: `const a = ${ask('a')}; this.count++; return [a, this.count, ${ask('b', 'q: this.count')}];`,
  },
  'L8: a setter called on an operator in each iteration': {
    fields: `readonly t = new lab.Tuned('t');`,
    body: `const all = []; for (const tag of ['x', 'y', 'z']) { this.t.instruction = tag; all.push(await this.t.invoke({ site: tag, q: input.q })); } return all;`,
  },
  'L9: independent fallbacks': {
    fields: asks,
    body: `let a = '', b = ''; try { a = ${ask('a')}; } catch { a = 'no a'; } try { b = ${ask('b')}; } catch { b = 'no b'; } return [a, b];`,
  },
  'L11: finally with an effect': {
    fields: `${asks} readonly w = new lab.WriteA('w', 'text');`,
    body: `try { const a = ${ask('a')}; return [a, ${ask('b')}]; } finally { ${ask('w')}; }`,
  },
  'L12: an early return between awaits': {
    fields: asks,
    body: `const a = ${ask('a')}; if (a.length % 2 === 0) return a; return [a, ${ask('b')}];`,
  },
  'L13: a break in the third iteration': {
    fields: asks,
    body: `const all = []; for (let i = 0; i < 5; i++) { if (i === input.n) break; all.push(${ask('a', 'q: i')}); } return all;`,
  },
  'L19: identical prompts are not merged': {
    fields: asks,
    body: `return [${ask('a')}, ${ask('a')}, ${ask('a')}];`,
  },
  'L21: logs keep their order': {
    fields: asks,
    body: `console.log('one'); const a = ${ask('a')}; console.log(a); const b = ${ask('b')}; console.log(b); return b;`,
  },
  'L24: an operator that mutates its argument': {
    fields: `readonly e = new lab.Edit('e'); readonly j = new lab.Judge('j');`,
    body: `const before = await this.j.invoke(input.doc); const e = await this.e.invoke(input.doc); return [before, e, await this.j.invoke(input.doc), input.doc];`,
  },
  'L26: a Promise.all of the user’s own inside a loop': {
    fields: asks,
    body: `const all = []; for (const i of [1, 2]) all.push(await Promise.all([this.a.invoke({ site: 'a', q: i }), this.b.invoke({ site: 'b', q: i })])); return all;`,
  },
  'L27: a promise made and awaited later': {
    fields: asks,
    body: `const p = this.a.invoke({ site: 'a', q: input.q }); p.catch(() => {}); const b = ${ask('b')}; return [await p, b];`,
  },
  'L32: awaits behind ?: and &&': {
    fields: asks,
    body: `const a = ${ask('a')}; const b = a.length > 7 ? ${ask('b')} : 'none'; return [a, b, input.n > 2 && ${ask('c')}];`,
  },
  'L37: an operator that throws at once, and one that answers without a promise': {
    fields: `readonly h = new lab.Hasty('h', 'text'); readonly i = new lab.Instant('i', 'text'); ${asks}`,
    body: `const a = ${ask('a')}; const h = ${ask('h')}; return [a, h, ${ask('i')}];`,
  },
  'L41: an operator that returns its input': {
    fields: `readonly e = new lab.Echo('e'); readonly j = new lab.Judge('j'); ${asks}`,
    body: `const a = ${ask('a')}; const mine = { text: a, tags: ['t'], n: 1 }; const same = await this.e.invoke(mine); mine.tags.push('u'); return [same === mine, same, await this.j.invoke(same)];`,
  },
};

describe('jit', TIMEOUT, () => {
  const names = Object.keys(litmus);
  const pairs = compilePairs(Object.values(litmus).map(print));

  it.each(names.map((name, index) => [name, pairs[index]] as const))('%s', async (_, pair) => {
    if (pair === undefined) throw new Error('Each program gives one pair.');
    expect(await refuteLearning(pair, 20)).toBe('');
  });
});

describe('generated programs', TIMEOUT, () => {
  const programs = fc.sample(anyProgram(), { numRuns: 40, seed: 11 });
  const pairs = compilePairs(programs.map(({ source }) => source));

  it('keep the law as written, compiled, and learning from eight calls in a row', async () => {
    for (const [index, pair] of pairs.entries()) {
      const compiled = await refute(pair, schedules(4, index));
      expect([compiled?.violations, programs[index]?.source]).toEqual([undefined, programs[index]?.source]);
      const learning = await refuteLearning(pair, 1);
      expect(learning === '' ? '' : `${learning}\n${programs[index]?.source}`).toBe('');
    }
  });
});
