/** Objects that one iteration makes and later ones find: in lists, in variables, behind functions and promises. */
import { call, type Regression } from '../helpers/regression.ts';

interface Loop {
  readonly before?: string;
  readonly each: string;
  readonly after?: string;
}

/** Iterations over four words, each with an object `o` of its own. */
const loop = (claim: string, { before = '', each, after = '' }: Loop): Regression => ({
  claim,
  body: `const out: unknown[] = []; ${before} for (const x of ['p', 'q', 'r', 's']) { ${each} } ${after} return out;`,
});

const made = `const o = { n: x.length, text: x, tags: [x] };`;
const slow = call('a', 'x', 'x');

export const iterations: readonly Regression[] = [
  loop('a list of all objects so far is read while each is changed', {
    before: 'const all: { n: number }[] = [];',
    each: `${made} all.push(o); const h = await ${slow}; o.n += h.length; out.push(await ${call('b', 'x', 'all.map(({ n }) => n).join()')});`,
  }),
  {
    claim: 'what the iterations do with their objects has ended when the last of them changes',
    body: `const out: string[] = []; let first: Doc | undefined; for (const x of ['p', 'q']) { const o = { text: 't', tags: [], n: 1 }; first ??= o; out.push(await this.judge.invoke(o)); } if (first) first.text += 'z'; return out;`,
  },
  {
    claim: 'what the iterations write into their objects is there when the last of them is read',
    body: `let last = { n: 5 }; for (const x of ['p', 'q']) { const o = { n: 0 }; last = o; o.n = (await ${call('b', 'x', 'x')}).length; } return await ${call('c', 'y', 'String(last.n)')};`,
  },
  loop('the first object is read in every later iteration', {
    before: 'const all: { n: number }[] = [];',
    each: `${made} all.push(o); out.push(await ${call('b', 'x', 'String(all[0]?.n)')}); const h = await ${slow}; o.n += h.length;`,
  }),
  loop('the object before the last is read, and nothing orders the changes', {
    before: 'const all: { n: number }[] = [];',
    each: `${made} const h = await ${slow}; o.n += h.length; all.push(o); out.push(all.at(-3)?.n ?? 0, h);`,
  }),
  loop('an operator changes the object that is kept', {
    before: `const all: { text: string; tags: string[] }[] = [];`,
    each: `${made} all.push(o); out.push(await this.edit.invoke(o)); out.push(await ${call('b', 'x', 'all.map(({ text }) => text).join() + all[0]?.tags.length')});`,
  }),
  loop('a call holds an older object while code changes it', {
    before: `const all: { text: string; tags: string[] }[] = [];`,
    each: `${made} all.push(o); out.push(await this.judge.invoke(all[0] ?? o)); o.tags.push(await ${slow}); const old = all.at(-2); if (old) old.text += 'z'; out.push(await this.judge.invoke(o));`,
  }),
  loop('a variable holds the object of the iteration before', {
    before: 'let last = { n: 0 };',
    each: `${made} const h = await ${slow}; o.n += h.length; out.push(await ${call('b', 'x', 'String(last.n)')}); last.n += 1; last = o;`,
  }),
  loop('a variable holds it under a condition', {
    before: 'let kept: { n: number } | undefined;',
    each: `${made} const h = await ${slow}; o.n += h.length; if (h.slice(-1) < '5') kept = o; if (kept) kept.n += 1; out.push(await ${call('b', 'x', 'String(kept?.n) + o.n')});`,
    after: 'out.push(kept);',
  }),
  loop('the object of the first iteration is read by calls that do not wait for each other', {
    before: 'let kept: { n: number } | undefined;',
    each: `${made} if (x === 'p') kept = o; out.push(await ${call('b', 'x', 'String(kept?.n)')}); const h = await ${slow}; o.n += h.length;`,
  }),
  loop('the object of the first iteration is read behind what changes that of this one', {
    before: 'let kept: { n: number } | undefined;',
    each: `${made} if (x === 'p') kept = o; const h = await ${slow}; o.n += h.length; out.push(await ${call('b', 'x', 'String(kept?.n)')});`,
  }),
  loop('an inner object of the first iteration is read behind what changes that of this one', {
    before: 'let kept: { inner: { n: number } } | undefined;',
    each: `const inner = { n: x.length }; const o = { inner }; if (x === 'p') kept = o; const h = await ${slow}; inner.n += h.length; out.push(await ${call('b', 'x', 'String(kept?.inner.n)')});`,
  }),
  loop('an object is put into one that is kept already', {
    before: 'let kept: { inner?: { n: number } } | undefined;',
    each: `const o: { inner?: { n: number } } = {}; if (x === 'p') kept = o; const inner = { n: x.length }; o.inner = inner; const h = await ${slow}; inner.n += h.length; out.push(await ${call('b', 'x', 'String(kept?.inner?.n)')});`,
  }),
  loop('an inner object of the first iteration is read by calls that do not wait for each other', {
    before: 'let kept: { inner: { n: number } } | undefined;',
    each: `const inner = { n: x.length }; const o = { inner }; if (x === 'p') kept = o; out.push(await ${call('b', 'x', 'String(kept?.inner.n)')}); const h = await ${slow}; inner.n += h.length;`,
  }),
  loop('what follows the loop reads a variable of the first iteration', {
    before: 'let kept = { n: 0 };',
    each: `${made} if (x === 'p') kept = o; const h = await ${slow}; o.n += h.length; await ${call('c', 'x', 'h')};`,
    after: `out.push(await ${call('b', 'y', 'String(kept.n)')});`,
  }),
  loop('a handler around the loop sees an object that a variable holds', {
    before: 'let kept = { n: 0 }; try {',
    each: `${made} if (x === 'p') kept = o; await ${slow}; o.n += 1; await ${call('b', 'x', 'x')}; o.n += 1;`,
    after: `} catch { out.push(kept.n); }`,
  }),
  loop('a function that is kept reads the object', {
    before: 'const looks: (() => number)[] = [];',
    each: `${made} looks.push(() => o.n); const h = await ${slow}; o.n += h.length; out.push(await ${call('b', 'x', 'looks.map((look) => look()).join()')});`,
  }),
  loop('a variable holds a function that changes the object', {
    before: 'let grow = () => 0;',
    each: `${made} const h = await ${slow}; out.push(grow()); o.n += h.length; grow = () => (o.n += 1); out.push(await ${call('b', 'x', 'String(o.n)')});`,
  }),
  loop('a function of the iteration keeps what it is given', {
    before: 'const all: { n: number }[] = [];',
    each: `const keep = (one: { n: number }) => { all.push(one); return one; }; const o = keep({ n: x.length }); const h = await ${slow}; o.n += h.length; out.push(await ${call('b', 'x', 'String(all[0]?.n)')});`,
  }),
  loop('an object is reached through another of the same iteration', {
    before: 'const all: { inner: { n: number } }[] = [];',
    each: `const inner = { n: x.length }; const outer = { inner }; all.push(outer); const h = await ${slow}; inner.n += h.length; out.push(await ${call('b', 'x', 'all.map((one) => one.inner.n).join()')}); outer.inner.n += 1;`,
  }),
  loop('an object of an earlier iteration is put into one of this', {
    before: 'let last: { n: number; before?: { n: number } } = { n: 0 };',
    each: `const o: { n: number; before?: { n: number } } = { n: x.length, before: last }; const h = await ${slow}; o.n += h.length; if (o.before) o.before.n += 1; last = o; out.push(await ${call('b', 'x', 'String(o.before?.n)')});`,
  }),
  loop('a promise of a call that changes the object is kept', {
    before: `const all: { text: string; tags: string[] }[] = []; const going: Promise<string>[] = [];`,
    each: `${made} all.push(o); going.push(this.edit.invoke(o)); out.push(await ${call('b', 'x', 'all[0]?.text ?? ""')});`,
    after: 'out.push(await Promise.all(going));',
  }),
  loop('a handler around the loop sees the objects', {
    before: 'const all: { n: number }[] = []; try {',
    each: `${made} all.push(o); const h = await ${slow}; o.n += h.length; await ${call('b', 'x', 'h')};`,
    after: '} catch { out.push(all.map(({ n }) => n).join()); }',
  }),
  loop('a handler in the loop sees them', {
    before: 'const all: { n: number }[] = [];',
    each: `${made} all.push(o); try { const h = await ${slow}; o.n += h.length; await ${call('b', 'x', 'h')}; } catch { out.push(all.map(({ n }) => n).join()); }`,
  }),
  loop('what follows the loop reads the first and the last', {
    before: 'const all: { n: number }[] = [];',
    each: `${made} all.push(o); const h = await ${slow}; o.n += h.length; await ${call('c', 'x', 'h')};`,
    after: `out.push(await ${call('b', 'y', 'String(all[0]?.n) + all.at(-1)?.n')});`,
  }),
  loop('a loop in the loop reads the objects of both', {
    before: 'const all: { n: number }[] = [];',
    each: `const outer = { n: 0 }; all.push(outer); for (const y of [x, 't']) { const inner = { n: y.length }; all.push(inner); const h = await ${call('a', 'x', 'x + y')}; inner.n += h.length; outer.n += 1; out.push(await ${call('b', 'x', 'all.map(({ n }) => n).join()')}); }`,
  }),
  loop('the objects of an inner loop outlive it, not the outer iteration', {
    each: `const all: { n: number }[] = []; for (const y of [x, 't']) { const inner = { n: y.length }; all.push(inner); const h = await ${call('a', 'x', 'x + y')}; inner.n += h.length; } out.push(await ${call('b', 'x', 'all.map(({ n }) => n).join()')});`,
  }),
  loop('two variables take turns', {
    before: 'let one = { n: 0 }; let two = { n: 0 };',
    each: `const h = await ${slow}; one = two; two = { n: h.length }; one.n += 1; out.push(await ${call('b', 'x', 'String(one.n) + two.n')});`,
  }),
  loop('an own method keeps the object', {
    before: 'const all = new Map<string, { n: number }>();',
    each: `${made} all.set(x, o); const h = await ${slow}; o.n += h.length; out.push(await ${call('b', 'x', "String(all.get('p')?.n)")});`,
  }),
  {
    claim: 'the head of a loop holds an object that each iteration replaces',
    body: `const out: unknown[] = []; for (let o = { n: 0 }; o.n < 4; o = { n: o.n + 1 }) { const h = await ${call('a', 'x', 'String(o.n)')}; o.n += h.length > 99 ? 5 : 0; out.push(o, h); } return out;`,
  },
  {
    claim: 'a loop that is labelled goes on while its objects are kept',
    body: `const out: unknown[] = []; const all: { n: number }[] = []; outer: for (const x of ['p', 'q', 'r']) { const o = { n: 0 }; all.push(o); for (const y of [x, 't']) { const h = await ${call('a', 'x', 'x + y')}; o.n += h.length; if (h.slice(-1) < '3') continue outer; if (h.slice(-1) > '8') break outer; out.push(await ${call('b', 'x', 'String(all[0]?.n)')}); } } out.push(all); return out;`,
  },
  {
    claim: 'an object is kept while the loop decides by it whether to go on',
    body: `const out: unknown[] = []; const all = [{ n: 0 }]; while ((all.at(-1)?.n ?? 9) < 12 && all.length < 5) { const o = { n: all.length }; all.push(o); const h = await ${call('a', 'x', 'String(all.length)')}; o.n += h.length; out.push(await ${call('b', 'x', 'String(all[1]?.n)')}); } return out;`,
  },
];

/** What is under another key in another iteration of another loop is passed. */
export const nestedKeys: readonly Regression[] = [
  {
    claim: 'a memo that an inner loop fills for all iterations of the outer one',
    body: `const out: unknown[] = []; const memo = new Map<string, string>(); for (const x of ['p', 'q', 'r']) { for (const y of ['t', x, 't']) { const id = y === 't' ? y : x + y; let h = memo.get(id); if (h === undefined) { h = await ${call('a', 'x', 'id')}; memo.set(id, h); } out.push(h); } out.push(await ${call('b', 'x')}); } return out;`,
  },
  {
    claim: 'a memo under keys that calls give',
    body: `const out: unknown[] = []; const memo = new Map<string, string>(); for (const x of ['p', 'q']) { for (const y of ['t', 'u', 't']) { const id = (await ${call('c', 'k', 'y')}).slice(0, 5); let h = memo.get(id); if (h === undefined) { h = await ${call('a', 'x', 'id + x')}; memo.set(id, h); } out.push(h); } } return out;`,
  },
  {
    claim: 'what follows a loop reads one entry of what it fills',
    body: `const out: unknown[] = []; const memo = new Map<string, string>(); for (const y of ['t', 'u', 't']) { const h = await ${call('a', 'x', 'y')}; memo.set(y, h); out.push(await ${call('c', 'z', 'h')}); } const k = 't'; const got = memo.get(k); out.push(await ${call('b', 'y', 'String(got)')}); return out;`,
  },
  {
    claim: 'a loop that is skipped, or left, fills nothing',
    body: `const out: unknown[] = []; const memo = new Map<string, string>(); for (const x of ['p', 'q', 'r']) { if (x !== 'q') for (const y of [x, 't']) { const got = memo.get(y); if (got !== undefined && got.slice(-1) > '5') break; const h = await ${call('a', 'x', 'x + y')}; memo.set(y, h + got); } const k = x === 'r' ? 't' : x; const seen = memo.get(k); out.push(await ${call('b', 'x', 'String(seen)')}); } return out;`,
  },
];
