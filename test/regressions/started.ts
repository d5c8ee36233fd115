/** Calls that are not awaited where they begin: when they have ended, what they race with, and who handles their failure. */
import { call, type Regression } from '../helpers/regression.ts';

const STORE = `let store: string = 'empty';
class Put extends Operator<Question, string> { static override readonly effect = { writes: 'db' } as const; readonly leaf = new lab.Ask('put', 'text');
  override async forward(i: Question) { const t = await this.leaf.invoke(i); store = t; return t; } }
class Get extends Operator<Question, string> { static override readonly effect = { reads: 'db' } as const;
  override async forward(i: Question) { return store + i.q; } }
class Late extends Operator<Question, string> { static override readonly effect = { reads: 'db' } as const; readonly leaf = new lab.Ask('late', 'text');
  override async forward(i: Question) { const t = await this.leaf.invoke(i); return t + store; } }`;
const stored = (body: string): Omit<Regression, 'claim'> => ({
  module: STORE,
  fields: 'readonly put = new Put(); readonly get = new Get(); readonly late = new Late();',
  create: `store = 'empty';`,
  body,
});
const put = call('put', '1');
const get = `const r = await ${call('get', '2')};`;

export const awaitedLater: readonly Regression[] = [
  {
    claim: 'the loser of a race is heeded although the code has written the same object since',
    body: `const r = await Promise.race([${call('a', '1')}, this.edit.invoke(input.doc)]); input.doc.n += 5;
      const z = await ${call('b', '2')}; const e = await this.echo.invoke(input.doc); return [r, z, e.tags.length];`,
  },
  {
    claim: 'a writer has ended when the list that holds its promise is awaited',
    ...stored(`const ps = [${put}]; await Promise.all(ps); ${get} return r;`),
  },
  {
    claim: 'a writer has ended when its promise is awaited under another name',
    ...stored(`const p = ${put}; const q = p; await q; ${get} return r;`),
  },
  {
    claim: 'a writer has ended when a chain on it is awaited',
    ...stored(`const p = ${put}; const t = await p.then((x) => x); ${get} return [r, t];`),
  },
  {
    claim: 'a writer has ended when a chain on it that has a name is awaited',
    ...stored(`const p = ${put}; const q = p.then((x) => x + '!'); const t = await q; ${get} return [r, t];`),
  },
  {
    claim: 'a writer has ended when a list of its promise and values is awaited',
    ...stored(`const p = ${put}; const t = await Promise.all([p, 'x']); ${get} return [r, t];`),
  },
  {
    claim: 'writers have ended when the list that a `map` made is awaited',
    ...stored(
      `const ps = input.tags.map((t) => this.put.invoke({ site: t, q: t })); await Promise.all(ps); ${get} return r;`,
    ),
  },
  {
    claim: 'a writer has ended when its promise is awaited out of an object',
    ...stored(`const o = { p: ${put} }; await o.p; ${get} return r;`),
  },
  {
    claim: 'a writer has ended when its promise is awaited in a branch',
    ...stored(`const p = ${put}; let t = ''; if (input.n > 1) { t = await p; } ${get} return [r, t];`),
  },
  {
    claim: 'a writer has ended when an asynchronous function around it is awaited',
    ...stored(`const p = (async () => await ${put})(); await p; ${get} return r;`),
  },
  {
    claim: 'a reader in flight sees what a writer beside it writes',
    ...stored(
      `const y = await ${call('c', '9')}; const p = ${call('late', '1')}; const w = await ${call('put', '2')}; return [y, w, await p];`,
    ),
  },
  {
    claim: 'a writer in flight is seen by a reader beside it',
    ...stored(
      `const y = await ${call('c', '9')}; const p = ${put}; const w = await ${call('late', '2')}; return [y, w, await p];`,
    ),
  },
];

const z = `const z = await ${call('c', '0')};`;
const p = `const p = ${call('a', '1')};`;

export const races: readonly Regression[] = [
  {
    claim: 'a race is won as written',
    body: `${z} ${p} const q = ${call('b', '2', 'z')}; return await Promise.race([p, q]);`,
  },
  {
    claim: 'the first of any is first as written',
    body: `${z} ${p} const q = ${call('b', '2', 'z')}; const r = await Promise.any([p, q]); return r;`,
  },
  {
    claim: 'the first failure of all is first as written',
    body: `${z} ${p} const q = ${call('b', '2', 'z')}; return await Promise.all([p, q]);`,
  },
  {
    claim: 'a race with a call that began before another await is won as written',
    body: `const y = await ${call('c', '9')}; ${p} const z = await ${call('c', '0', 'y')}; return await Promise.race([p, ${call('b', '2', 'z')}]);`,
  },
  {
    claim: 'a race in a branch is won as written',
    body: `const y = await ${call('c', '9')}; ${p} let out = ''; if (input.n > 1) { out = await Promise.race([p, ${call('b', '2', 'y')}]); } return out;`,
  },
  {
    claim: 'a race of promises in an object is won as written',
    body: `${z} const o = { p: ${call('a', '1')}, q: ${call('b', '2', 'z')} }; const r = await Promise.race([o.p, o.q]); return r;`,
  },
  {
    claim: 'a race of a composite with a call is won as written',
    fields: `readonly pair = new lab.Pair('pair');`,
    body: `return await Promise.race([${call('pair', '1')}, ${call('b', '2')}]);`,
  },
  {
    claim: 'the first failure of a composite and a call is first as written',
    fields: `readonly pair = new lab.Pair('pair');`,
    body: `return await Promise.all([${call('pair', '1')}, ${call('b', '2')}]);`,
  },
  {
    claim: 'the loser of a race sees what is changed while it goes on',
    body: `const doc = { text: 'x', tags: ['a'], n: 0 }; const r = await Promise.race([this.judge.invoke(doc), ${call('a', '1')}]);
      const z = await ${call('c', '3')}; doc.tags.push('late'); const b = await this.judge.invoke(doc); return [r, b, z];`,
  },
  {
    claim: 'a call in flight sees what is changed while it goes on',
    body: `void this.judge.invoke(input.doc); const a = await ${call('a', '1')}; const b = await ${call('b', '2')};
      await this.edit.invoke(input.doc); return [a, b];`,
  },
];

export const started: readonly Regression[] = [
  {
    claim:
      'a composite that a helper leaves behind takes each of its steps in the tick in which it is taken as written',
    knownGap:
      'what a call gives is handed on one tick later, so that an abort can reject it at once; a helper ends in its own tick',
    module: `@structuralJit class Note extends Operator<Question, string> { readonly first = new lab.Instant('first', 'text'); readonly write = new lab.WriteA('noted', 'text');
      override async forward(i: Question) { const t = await this.first.invoke(i); return await this.write.invoke({ site: i.site, q: t }); } }`,
    fields: `readonly note = new Note(); readonly w = new lab.WriteA('w', 'text');
      async helper(q: string): Promise<string> { const p = this.note.invoke({ site: 'n', q }); if (q.length > 1) return q; await p; return q; }`,
    body: `const q = await this.helper(input.q); return [q, await ${call('w', '1', 'q')}];`,
  },
  {
    claim: 'an asynchronous function that nobody awaits goes on after its step',
    body: `const out: string[] = []; const b = await ${call('b', '0')}; void (async () => { await 0; out.push('late'); })();
      const c = await this.c.invoke({ site: String(out.length), q: b }); return [c, out];`,
  },
  {
    claim: 'a chain that nobody awaits sets a flag when its call ends',
    ties: false,
    body: `const s = { done: false }; ${z} ${p} void p.then(() => { s.done = true; }); const x = await ${call('b', '2')}; const f = s.done; await p; return [x, z, f];`,
  },
  {
    claim: 'a chain logs when its call ends',
    ties: false,
    body: `${z} ${p} const q = p.then((x) => { console.log('a done'); return x; }); const x = await ${call('b', '2')}; console.log('b done'); return [x, z, await q];`,
  },
  {
    claim: 'a chain logs before what awaits a later call that ends in the same tick',
    body: `${z} ${p} const q = p.then((x) => { console.log('a done'); return x; }); const x = await ${call('b', '2')}; console.log('b done'); return [x, z, await q];`,
  },
  {
    claim: 'asynchronous callbacks log when their calls end',
    body: `${z} const ps = input.tags.map(async (t) => { const r = await this.a.invoke({ site: t, q: t }); console.log(r); return r; });
      const b = await ${call('b', '2')}; console.log('b'); return [z, b, await Promise.all(ps)];`,
  },
  {
    claim: 'calls that a `map` begins are aborted when an earlier call fails',
    body: `${z} const ps = input.tags.map((t) => this.a.invoke({ site: t, q: t })); const rs = await Promise.all(ps); return [z, rs];`,
  },
  {
    claim: 'calls that a `map` over a result begins are aborted when an earlier call fails',
    body: `${z} const ps = (await ${call('list', 'x')}).map((t) => this.a.invoke({ site: t, q: t })); const rs = await Promise.all(ps); return [z, rs];`,
  },
  {
    claim: 'promises in a `try` fail unhandled only if they do as written',
    body: `${z} let r = ''; try { const p = ${call('a', '1')}; const q = ${call('b', '2')}; r = (await p) + (await q); } catch (e) { r = 'c'; } return [z, r];`,
  },
  {
    claim: 'a promise of a class of its own is asked for its result once',
    module: `import type { OperatorLike } from 'xcs';
      class Lazy extends Promise<string> { asked = 0; static get [Symbol.species]() { return Promise; }
        override then(a: any, b?: any): any { const asked = ++this.asked; return super.then((x) => a(x + asked), b); } }
      class Foreign { static readonly effect = 'unordered'; readonly leaf = new lab.Ask('foreign', 'text');
        invoke(i: Question): Promise<string> { return new Lazy((res, rej) => { this.leaf.invoke(i).then(res, rej); }); } }`,
    fields: 'readonly f: OperatorLike<Question, string> = new Foreign();',
    body: `${z} const p = ${call('f', '1')}; const b = await ${call('b', '2')}; console.log('b'); const r = await p; return [z, b, r];`,
  },
];

const chosen = `const p = input.n > 1 ? ${call('a', '1')} : ${call('b', '2')};`;

export const promises: readonly Regression[] = [
  {
    claim: 'a promise of either branch is a promise',
    body: `${chosen} const q = p.then((s) => s + '!'); return await q;`,
  },
  {
    claim: 'a promise of either branch is awaited later',
    body: `${chosen} const c = await ${call('c', '3')}; return [c, await p];`,
  },
  {
    claim: 'a promise of either branch races',
    body: `${chosen} const c = await Promise.race([p, ${call('c', '3')}]); return [c, p instanceof Promise];`,
  },
  {
    claim: 'a promise that either branch assigns is a promise',
    body: `let p: Promise<string>; if (input.n > 1) p = ${call('a', '1')}; else p = ${call('b', '2')};
      const c = await ${call('c', '3')}; const q = p.then((x) => x + '!'); return [c, await q];`,
  },
  {
    claim: 'a promise that is kept in a field stays one',
    fields: 'cache: Promise<string> | undefined;',
    body: `const p = this.cache || ${call('a', '1')}; this.cache = p; const b = await ${call('b', '2')}; return [b, await p, this.cache === p];`,
  },
  {
    claim: 'a promise that is kept in a Map stays one',
    fields: 'cache = new Map<string, Promise<string>>();',
    body: `let p = this.cache.get(input.q); if (!p) { p = ${call('a', '1')}; this.cache.set(input.q, p); } const b = await ${call('b', '2')}; return [b, await p];`,
  },
];

const asked = (operator: string, site: string, q: string): string =>
  `this.${operator}.invoke({ site: ${site}, q: ${q} })`;
const each = (inner: string, rest = 'return out;'): string =>
  `const out: unknown[] = []; for (const t of [...input.tags, 'stop', input.q]) { ${inner} } ${rest}`;

/** From the call to the last wait for its promise: one step, where a branch, loop or `try` is around. */
export const startedInside: readonly Regression[] = [
  {
    claim: 'a call that an iteration starts is awaited in it together with another',
    body: each(
      `const p = ${asked('a', 't', 't')}; const [x, y] = await Promise.all([p, ${asked('b', 't', `'b'`)}]); out.push(x + y); const z = await ${asked('c', 't', 'x')}; out.push(z);`,
    ),
  },
  {
    claim: 'a call that an iteration starts may fail while another one is awaited',
    body: `const out: unknown[] = []; try { for (const t of input.tags) { const p = ${asked('a', 't', 't')}; p.catch(() => 0); const y = await ${asked('b', 't', 't')}; out.push(await p, y); } }
      catch (e) { out.push(String(e)); await ${call('sequential', 'caught')}; } return out;`,
  },
  {
    claim: 'a call of one iteration is under way when the next one does not come',
    body: each(
      `const p = ${asked('a', 't', 't')}; const y = await ${asked('b', 't', 't')}; const x = await p; out.push(x, y); if (y.length % 3 === 0) break;`,
      `const r = await ${call('c', 'end')}; return [out, r];`,
    ),
  },
  {
    claim: 'a call that is started in a branch and awaited there',
    body: `let text = input.q; if (input.n > 1) { const p = ${asked('a', `'1'`, 'text')}; text = 'x' + text; const q = ${asked('b', `'2'`, 'text')}; text += await q; text += await p; }
      const z = await ${asked('c', `'3'`, 'text')}; return [text, z];`,
  },
  {
    claim: 'a call that is started in a branch and awaited in one further in stays with the statement around',
    body: `const out: string[] = []; if (input.n > 0) { const p = ${call('a', '1')}; if (input.n > 2) out.push(await p); out.push('past'); } out.push(await ${call('b', '2')}); return out;`,
  },
  {
    claim: 'a call that is started in a `try` and fails is caught there',
    body: `const out: string[] = []; try { const p = ${call('a', '1')}; const [x, y] = await Promise.all([${call('b', '2')}, p]); out.push(x, y); } catch (e) { out.push(String(e)); } finally { console.log(out.length); }
      out.push(await ${call('c', '3')}); return out;`,
  },
  {
    claim: 'what calls that an iteration starts are given may change after they have ended only',
    body: `const msgs = [...input.tags]; const out: unknown[] = []; for (const t of ['x', 'y', 'z']) { const p = this.echo.invoke({ text: t, tags: msgs, n: 1 }); const q = await ${asked('a', 't', 'msgs.join()')};
      const r = await p; msgs.push(q); out.push(r.tags.length); } return [out, msgs];`,
  },
  {
    claim: 'writers that an iteration starts begin in the order of iterations',
    ...stored(
      `const out: unknown[] = []; for (const t of input.tags) { const p = ${asked('put', 't', 't')}; const [x, y] = await Promise.all([${asked('a', 't', 't')}, p]); out.push(x, y); const g = await ${asked('get', 't', 't')}; out.push(g); } return out;`,
    ),
  },
  {
    claim: 'a reader that an iteration starts sees what the writer of an earlier one has written',
    ...stored(
      `const out: unknown[] = []; for (const t of input.tags) { const p = ${asked('late', 't', 't')}; const x = await ${asked('a', 't', 't')}; out.push(x, await p); await ${asked('put', 't', 'x')}; } return out;`,
    ),
  },
  {
    claim: 'a promise that an iteration keeps in a list stays with the loop',
    body: `const ps: Promise<string>[] = []; const out: unknown[] = []; for (const t of input.tags) { const p = ${asked('a', 't', 't')}; ps.push(p); out.push(await ${asked('b', 't', 't')}); } return [out, await Promise.all(ps)];`,
  },
  {
    claim: 'a helper that starts a call and awaits it stands in the place of its calls',
    fields: `async help(q: string): Promise<string> { const p = ${asked('a', 'q', 'q')}; const y = await ${asked('b', 'q', 'q')}; console.log(q); return (await p) + y; }`,
    body: `const out: string[] = []; const x = await this.help(input.q); for (const t of input.tags) out.push(await this.help(t)); const z = await ${asked('c', `'c'`, 'x')}; return [x, out, z];`,
  },
  {
    claim: 'a handler sees what was assigned between a call and its failure',
    body: `let s = 'a'; let n = 0; try { const p = this.a.invoke({ site: '1', q: s }); s = input.q; n += s.length; s = await p; } catch { n += 10; }
      const z = await this.b.invoke({ site: '2', q: s + n }); return [s, n, z];`,
  },
  {
    claim: 'a handler of a `try` around a loop sees what was assigned between a call and its failure',
    body: `let s = 'a'; const out: string[] = []; try { for (const t of input.tags) { const p = ${asked('a', 't', 's')}; s += t; const q = await ${asked('b', 't', 's')}; s = q; out.push(await p); } } catch { out.push(s); }
      return [s, out];`,
  },
  {
    claim: 'members of one list may be awaited twice',
    body: each(
      `const p = ${asked('a', 't', 't')}; const q = ${asked('b', 't', 't')}; const all = await Promise.allSettled([p, q]); out.push(all.map((one) => one.status)); try { out.push((await p) + (await q)); } catch (e) { out.push(String(e)); break; }`,
    ),
  },
];

/** Calls that go on when the step of an iteration, a branch or a `try` has ended. */
export const leftBehind: readonly Regression[] = [
  {
    claim: 'the loser of a race in an iteration is seen by the next one as it was as written',
    ...stored(
      `const out: unknown[] = []; for (const t of [...input.tags, 'z']) { const r = await Promise.race([${asked('put', 't', 't')}, ${asked('a', 't', 't')}]); const g = await ${asked('get', 't', 't')}; out.push(r, g); const b = await ${asked('b', 't', 't')}; out.push(b); } return out;`,
    ),
  },
  {
    claim: 'the loser of a race in a loop is seen behind it as it was as written',
    ...stored(
      `const out: unknown[] = []; for (const t of input.tags) { out.push(await ${asked('a', 't', 't')}); out.push(await Promise.race([${asked('put', 't', 't')}, ${asked('b', 't', 't')}])); } out.push(await ${call('c', 'c')}); ${get} return [out, r];`,
    ),
  },
  {
    claim: 'a call that an iteration forgets is seen by later ones as it was as written',
    ...stored(
      `const out: unknown[] = []; for (const t of [...input.tags, 'z']) { out.push(await ${asked('a', 't', 't')}); void ${asked('put', 't', 't')}; out.push(await ${asked('b', 't', 't')}); out.push(await ${asked('get', 't', 't')}); } return out;`,
    ),
  },
  {
    claim: 'a call that a branch forgets is not made when a call before it fails',
    body: `const z = await ${call('c', 'z')}; if (input.n > 1) { void ${call('a', '1')}; await ${call('b', '2')}; } return z;`,
  },
  {
    claim: 'a call that a `try` forgets goes on while its failure is handled',
    ...stored(
      `const out: unknown[] = []; try { void ${put}; out.push(await ${call('a', '1')}); } catch (e) { out.push(String(e)); ${get} out.push(r); } out.push(await ${call('late', 'end')}); return out;`,
    ),
  },
  {
    claim: 'a race in a nested loop and one around it',
    ...stored(
      `const out: unknown[] = []; for (const t of input.tags) { for (const u of ['1', '2']) { out.push(await Promise.race([${asked('put', 't + u', 'u')}, ${asked('a', 't + u', 'u')}])); } out.push(await Promise.any([${asked('late', 't', 't')}, ${asked('b', 't', 't')}])); ${get} out.push(r); } return out;`,
    ),
  },
];
