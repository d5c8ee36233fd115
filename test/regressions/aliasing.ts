/** Two ways to one object: what is written by one is seen by the other. */
import { call, type Regression } from '../helpers/regression.ts';

const b = `const b = await ${call('b', '2', 'String(k)')};`;
const a = `const a = await ${call('a', '1')};`;

export const aliasing: readonly Regression[] = [
  {
    claim: 'a method that is bound to its receiver changes it',
    body: `const m = new Map<string, number>(); const set = m.set.bind(m); ${a} set('k', a.length); const k = m.get('k'); ${b} return [b];`,
  },
  {
    claim: 'a method that is bound and taken apart from a list changes the list',
    body: `const xs: string[] = []; const push = xs.push.bind(xs); ${a} push(a); const k = xs.length; ${b} return [b];`,
  },
  {
    claim: 'a method that is looked up by its name changes its receiver',
    body: `const m = [input.q]; const a = await this.talk.invoke(m); m['push']('more'); const b = await this.talk.invoke(m); return [a, b];`,
  },
  {
    claim: 'an iterator of a Map is used up by whoever spreads it first',
    body: `const it = new Map([['a', 1], ['b', 2]]).keys(); ${a} const first = [a, ...it]; const second = [...it]; return { first, second };`,
  },
  {
    claim: 'an iterator of a Set is used up by an array pattern',
    body: `const it = new Set(['1', '2', '3']).values(); ${a} const first = [a, ...it]; const [second] = it; return [first, second];`,
  },
  {
    claim: 'an iterator of an array is used up by a loop that leaves early',
    body: `const it = ['1', '2', '3'].values(); for (const x of it) { if (x === '1') break; } ${a}
      const rest = Array.from(it); const more = [...it]; return [a, rest, more];`,
  },
  {
    claim: 'the search parameters of a URL are part of it',
    body: `const url = new URL('http://h/?a=1'); const sp = url.searchParams; ${a} sp.set('a', a); const k = url.href; ${b} return [b];`,
  },
  {
    claim: 'two views share the buffer of the first',
    body: `const u = new Uint8Array(8); const v = new Uint8Array(u.buffer); ${a} u[0] = a.length; const k = v[0]; ${b} return [b];`,
  },
  {
    claim: 'an object reads through to its prototype',
    body: `const x = { n: 0 }; const o = Object.create(x); ${a} x.n = a.length; const k = o.n; ${b} return [b];`,
  },
  {
    claim: 'a callback with a `this` of its own changes that object',
    body: `const o = { n: 0 }; ${a} input.tags.forEach(function (this: { n: number }) { this.n += a.length; }, o); const k = o.n; ${b} return [b, k];`,
  },
  {
    claim: 'an object that is thrown comes back as what is caught',
    body: `const e = { n: 1 }; ${a} try { throw e } catch (x) { (x as { n: number }).n = a.length + 7; } const k = e.n; ${b} return [b, k];`,
  },
  {
    claim: 'an object that a function throws comes back as what is caught',
    module: 'function fail(e: unknown): never { throw e; }',
    body: `const e = { n: 1 }; ${a} try { fail(e); } catch (x) { (x as { n: number }).n = a.length + 7; } const k = e.n; ${b} return [b, k];`,
  },
  {
    claim: 'what a call was given may hang on its error',
    module: `class Bad extends Operator<Doc, string> { static override readonly effect = 'unordered' as const;
      override async forward(doc: Doc): Promise<string> { throw Object.assign(new Error('bad'), { doc }); } }`,
    fields: 'readonly bad = new Bad();',
    body: `const doc = { text: input.q, tags: ['x'], n: 0 }; ${a} try { await this.bad.invoke(doc); } catch (e) { (e as any).doc.n = a.length; }
      const k = doc.n; ${b} return [b];`,
  },
  {
    claim: 'a function changes its argument through `arguments`',
    module: 'function setN(o: { n: number }, v: number) { arguments[0].n = arguments[1]; }',
    body: `const o = { n: 0 }; ${a} setN(o, a.length); const k = o.n; ${b} return [b];`,
  },
  {
    claim: 'callbacks whose promises are awaited as a mere array go on',
    body: `const l = ['x']; const z = await ${call('c', '0')};
      await input.tags.map(async (t) => { await this.a.invoke({ site: t, q: t }); l.push(t); });
      const k = l.length; ${b} const c = await ${call('c', '2')}; return [z, b, l.length, c];`,
  },
];
