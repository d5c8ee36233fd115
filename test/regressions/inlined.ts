/** Functions of the program that stand in the place of the calls that await them. */
import { call, type Regression } from '../helpers/regression.ts';

const ask = (operator: string, site: string, q = 'q'): string =>
  `await this.${operator}.invoke({ site: ${site}, q: ${q} })`;
const log = (text: string): string => `console.log(${text});`;

/** A body, and a method that it calls. */
const helped = (body: string, helper: string): Omit<Regression, 'claim'> => ({ body, fields: helper });

export const methods: readonly Regression[] = [
  {
    claim: 'a method whose choice fails in a `try` returns nothing of it',
    ...helped(
      `const x = await this.help(input.q.slice(9)); return [x, await ${call('b', '2')}];`,
      `async help(q: string): Promise<string | undefined> { try { return q || (${ask('a', "'1'")}); } catch { ${log("'caught'")} } }`,
    ),
  },
  {
    claim: 'a method that is called twice has variables of its own each time',
    ...helped(
      `const x = await this.help(input.q, 1); const y = await this.help(x, 2); const z = await this.help('z', 3); return [x, y, z];`,
      `async help(q: string, n: number): Promise<string> { let text = q; const one = ${ask('a', 'String(n)')}; text += one;
        const two = ${ask('b', 'String(n)', 'text')}; text = two + text; return text; }`,
    ),
  },
  {
    claim: 'a method that returns early does nothing of what follows',
    ...helped(
      `const out: string[] = []; for (const t of ['', 'x', 'stop', 'y']) out.push(await this.help(t, input.n)); return out;`,
      `async help(q: string, n: number): Promise<string> { if (q === '') return 'none'; const one = ${ask('a', 'q')};
        if (one.length % 2 === n % 2) { ${log('q')} return one; } const two = ${ask('b', 'q')}; if (q === 'stop') return two; return two + ${ask('c', 'q')}; }`,
    ),
  },
  {
    claim: 'a method that fails fails where it is awaited',
    ...helped(
      `const w: string[] = []; try { w.push(await this.help(input.q, w)); w.push(await this.help('2', w)); } catch (e) { w.push(String(e)); }
        const z = ${ask('c', `'z'`, `w.join()`)}; return [w, z];`,
      `async help(q: string, w: string[]): Promise<string> { w.push('in ' + q); let one = ''; try { one = ${ask('a', 'q')}; } catch (e) { throw new Error(q); }
        w.push(one); const two = ${ask('b', 'q')}; ${log(`'two'`)} return two; }`,
    ),
  },
  {
    claim: 'a method catches what fails in it',
    ...helped(
      `const x = await this.help(input.q); const y = await this.help('y'); return [x, y];`,
      `async help(q: string): Promise<string> { let state = 'new'; try { const one = ${ask('a', 'q')}; state = 'half'; const two = ${ask('b', 'q', 'one')};
        state = 'full'; return one + two; } catch (e) { ${log('state')} return state + String(e); } finally { ${log(`'end ' + q`)} } }`,
    ),
  },
  {
    claim: 'a method that returns out of a loop in a `try` is left there',
    ...helped(
      `const x = await this.help(input.tags); const y = await this.help([]); return [x, y];`,
      `async help(tags: readonly string[]): Promise<string> { let last = 'none'; for (const t of tags) { try { const one = ${ask('a', 't', 't')}; last = one;
        if (one.length > 4) return one; } catch { last = 'failed'; continue; } ${log('last')} } return last; }`,
    ),
  },
  {
    claim: 'a method gives nothing when it ends without a `return`',
    ...helped(
      `const x = await this.help(input.q); let y: unknown = 'before'; if (input.n > 1) y = await this.help('y'); return [x, y];`,
      `async help(q: string): Promise<void> { const one = ${ask('a', 'q')}; if (one.length % 3 === 0) return; ${log('one')} }`,
    ),
  },
  {
    claim: 'a method in a branch, a choice and a short circuit is called only there',
    ...helped(
      `const x = input.n > 2 ? await this.help('t') : await this.help('f'); const y = x.length % 2 === 0 && (await this.help('and'));
        let z = ''; if (y) z = await this.help('z'); else z += await this.help('e'); return [x, y, z];`,
      `async help(q: string): Promise<string> { const one = ${ask('a', 'q')}; if (one.length % 2 === 0) return one; return one + ${ask('b', 'q')}; }`,
    ),
  },
  {
    claim: 'a method changes the object that it is given before what follows sees it',
    ...helped(
      `const out = { list: [input.q], n: 0 }; await this.help(out, 'x'); const z = await ${call('echo', 'z')}; await this.help(out, 'y');
        const e = ${ask('c', `'e'`, 'out.list.join() + String(out.n)')}; return [out, z, e];`.replace(
        /await this\.echo\.invoke\([^)]*\)/,
        'await this.echo.invoke(input.doc)',
      ),
      `async help(out: { list: string[]; n: number }, q: string): Promise<void> { out.list.push(q); const one = ${ask('a', 'q', 'out.list.join()')};
        out.n += one.length; out.list.push(one); }`,
    ),
  },
  {
    claim: 'a method reads and writes fields as the body does',
    body: `this.count = 0; const x = await this.help('x'); const n = this.count; const y = await this.help('y'); const z = ${ask('c', `'z'`, 'this.text')}; return [x, y, z, n, this.count];`,
    fields: `count = 0; text = '';
      async help(q: string): Promise<string> { this.count++; const one = ${ask('a', 'q', `q + String(this.count)`)}; this.text += one; this.count++; return one; }`,
  },
  {
    claim: 'names of a method are not those of the body',
    ...helped(
      `const q = 'mine'; let one = 'one'; const text = await this.help(one); one = await this.help(q); for (const at of ['i', 'j']) one += await this.help(at); return [q, one, text];`,
      `async help(at: string): Promise<string> { let one = ${ask('a', 'at', 'at')}; const q = one + at; { const at = ${ask('b', 'q', 'one')}; one += at; } return one + q + at; }`,
    ),
  },
  {
    claim: 'a parameter may be assigned, and changes nothing for the caller',
    ...helped(
      `let q = input.q; const x = await this.help(q, 2); q += x; const y = await this.help(q, 3); return [q, x, y];`,
      `async help(q: string, n: number): Promise<string> { while (n > 0) { q += ${ask('a', 'String(n)')}; n -= 1; } return q; }`,
    ),
  },
  {
    claim: 'a default is evaluated when nothing is given',
    ...helped(
      `const x = await this.help(input.q); const y = await this.help('y', undefined); const z = await this.help('z', 5, { list: ['l'] }); return [x, y, z];`,
      `next = 0; async help(q: string, n: number = ++this.next, { list = [q], k }: { list?: string[]; k?: string } = {}): Promise<string> {
        const one = ${ask('a', 'q', 'q + String(n)')}; list.push(one); return list.join() + String(k); }`,
    ),
  },
  {
    claim: 'a pattern that fails fails as the call',
    ...helped(
      `try { return await this.help(input.n > 100 ? { q: 'q' } : (undefined as any)); } catch (e) { return [(e as Error).name, ${ask('b', `'b'`, 'input.q')}]; }`,
      `async help({ q }: { q: string }): Promise<string> { return ${ask('a', 'q')}; }`,
    ),
  },
  {
    claim: 'arguments are evaluated in order, before anything of the method',
    ...helped(
      `const list: string[] = []; const x = await this.help(${ask('a', `'1'`, 'input.q')}, list.push('arg'), ${ask('b', `'2'`, 'input.q')}, list); return [x, list];`,
      `async help(q: string, n: number, r: string, list: string[]): Promise<string> { list.push('in'); return q + String(n) + r + ${ask('c', 'q', 'r')}; }`,
    ),
  },
  {
    claim: 'a method that logs keeps its place among the logs',
    ...helped(
      `${log(`'first'`)} const x = await this.help(input.q); ${log(`'between'`)} const y = await this.help('y'); ${log(`'last'`)} return [x, y];`,
      `async help(q: string): Promise<string> { ${log(`'start ' + q`)} const one = ${ask('a', 'q')}; ${log(`'end ' + q`)} return one; }`,
    ),
  },
  {
    claim: 'sequential calls of a method keep their order with those of the body',
    ...helped(
      `const x = await this.help(input.q); const s = ${ask('sequential', `'s'`, 'input.q')}; const y = await this.help('y'); return [x, s, y];`,
      `async help(q: string): Promise<string> { const one = ${ask('a', 'q')}; const two = ${ask('sequential', 'q')}; return one + two; }`,
    ),
  },
  {
    claim: 'a method whose promise is kept goes on as it does',
    ...helped(
      `const p = this.help('p'); const x = await this.help(input.q); const y = await p; const [u, v] = await Promise.all([this.help('u'), this.help('v')]); return [x, y, u, v];`,
      `async help(q: string): Promise<string> { const one = ${ask('a', 'q')}; return one + ${ask('b', 'q', 'one')}; }`,
    ),
  },
  {
    claim: 'a method that leaves a call unawaited is as it is',
    ...helped(
      `const x = await this.help(input.q); const y = await this.help('y'); return [x, y];`,
      `async help(q: string): Promise<string> { const p = this.a.invoke({ site: 'p', q }); const one = ${ask('b', 'q')}; const two = await p; return one + two; }`,
    ),
  },
  {
    claim: 'a method that races two calls gives the one that wins',
    ...helped(
      `const x = await this.help(input.q); const y = await this.help('y'); return [x, y];`,
      `async help(q: string): Promise<string> { const r = await Promise.race([this.a.invoke({ site: 'r1', q }), this.b.invoke({ site: 'r2', q })]); return r + ${ask('c', 'q')}; }`,
    ),
  },
  {
    claim: 'a method that returns a promise is waited for',
    ...helped(
      `const x = await this.help(input.q); const y = await this.both('y'); return [x, y];`,
      `async help(q: string): Promise<string> { const one = ${ask('a', 'q')}; return this.b.invoke({ site: 'b', q: one }); }
       async both(q: string): Promise<string[]> { if (q === '') return []; return Promise.all([this.a.invoke({ site: 'l', q }), this.b.invoke({ site: 'r', q })]); }`,
    ),
  },
  {
    claim: 'a promise that is returned from a `try` is not caught there',
    ...helped(
      `let x: string; try { x = await this.help(input.q); } catch (e) { x = 'outside ' + String(e); } return x;`,
      `async help(q: string): Promise<string> { try { const one = ${ask('a', 'q')}; return this.b.invoke({ site: 'b', q: one }); } catch (e) { return 'inside ' + String(e); } }`,
    ),
  },
  {
    claim: 'a method that calls itself ends as it does',
    ...helped(
      `const seen: string[] = []; const x = await this.dig(input.q, 3, seen); return [x, seen];`,
      `async dig(q: string, depth: number, seen: string[]): Promise<string> { if (depth === 0) return q; const one = ${ask('a', 'String(depth)')}; seen.push(one);
        const inner = await this.dig(one, depth - 1, seen); return inner + ${ask('b', 'String(depth)', 'inner')}; }`,
    ),
  },
  {
    claim: 'methods that call each other end as they do',
    ...helped(
      `const x = await this.even(input.q, 3); const y = await this.odd('y', 2); return [x, y];`,
      `async even(q: string, n: number): Promise<string> { if (n === 0) return 'even'; const one = ${ask('a', 'String(n)')}; return one + (await this.odd(one, n - 1)); }
       async odd(q: string, n: number): Promise<string> { if (n === 0) return 'odd'; const one = ${ask('b', 'String(n)')}; ${log('one')} return (await this.even(one, n - 1)) + one; }`,
    ),
  },
  {
    claim: 'a method that calls a method in a loop keeps what they write in order',
    ...helped(
      `const out: string[] = []; for (const t of input.tags) await this.outer(t, out); return out;`,
      `async outer(t: string, out: string[]): Promise<void> { for (const n of [1, 2]) { if (t === 'a' && n === 2) continue; const v = await this.inner(t, n); if (v === '') break; out.push(v); } }
       async inner(t: string, n: number): Promise<string> { const one = ${ask('a', 't + String(n)', 't')}; if (one.length > 6) throw new Error(t); return one; }`,
    ),
  },
  {
    claim: 'what follows a method that throws may have started, and does not count',
    ...helped(
      `const w: string[] = []; for (const t of input.tags) { try { const x = await this.help(t); const y = ${ask('c', 't', 't')}; w.push(x + y); } catch (e) { w.push(String(e)); } } return w;`,
      `async help(q: string): Promise<string> { const one = ${ask('a', 'q')}; if (one.length % 2 === 0) throw new Error('even ' + q); return one + ${ask('b', 'q')}; }`,
    ),
  },
  {
    claim: 'what follows a function of the body that throws may have started, and does not count',
    ...helped(
      `const one = async (q: string): Promise<string> => { const first = ${ask('a', 'q')}; if (first.length % 2 === 1) { throw new Error('odd ' + q); } return first; };
        try { const x = await one('x'); const y = ${ask('b', `'y'`)}; return [x, y]; } catch (e) { return [String(e), ${ask('c', `'z'`)}]; }`,
      '',
    ),
  },
  {
    claim: 'a private method is not looked up outside',
    ...helped(
      `const x = await this.#help(input.q); const y = await this.#help('y'); return [x, y];`,
      `#n = 0; async #help(q: string): Promise<string> { this.#n += 1; const one = ${ask('a', 'q')}; return one + String(this.#n); }`,
    ),
  },
  {
    claim: 'a closure of a method sees the variables of its call',
    ...helped(
      `const x = await this.help(input.tags, '1'); const y = await this.help(['k'], '2'); return [x, y];`,
      `async help(tags: readonly string[], q: string): Promise<string> { const made = tags.map((t) => t + q); let n = 0; const add = (): number => { n += 1; return n; };
        const one = ${ask('a', 'q', 'made.join()')}; add(); const two = ${ask('b', 'q', 'one')}; return two + String(add()); }`,
    ),
  },
  {
    claim: 'an operator that a method is given is called by it',
    ...helped(
      `const x = await this.help(this.a, input.q); const y = await this.help(this.sequential, 'y'); const z = await this.help(this.b, 'z'); return [x, y, z];`,
      `async help(operator: Operator<Question, string>, q: string): Promise<string> { const one = await operator.invoke({ site: 'o' + q, q }); return one + ${ask('c', 'q', 'one')}; }`,
    ),
  },
  {
    claim: 'a method with a callback calls it when it does',
    ...helped(
      `const out: string[] = []; const x = await this.help(input.q, (t) => { out.push(t); }); const y = out.length; const z = ${ask('c', `'z'`, 'String(y)')}; return [x, out, z];`,
      `async help(q: string, done: (t: string) => void): Promise<string> { const one = ${ask('a', 'q')}; done(one); const two = ${ask('b', 'q')}; done(two); return two; }`,
    ),
  },
  {
    claim: 'labels and jumps of a method stay in it',
    ...helped(
      `const out: string[] = []; outer: for (const t of ['p', 'q']) { for (const n of [1, 2, 3]) { const v = await this.help(t, n); if (v === 'skip') continue outer; if (v.length > 9) break outer; out.push(v); } } return out;`,
      `async help(t: string, n: number): Promise<string> { let v = ''; outer: for (const i of [1, 2]) { for (const j of [1, 2]) { if (i + j > n + 1) break outer; if (i === j) continue outer; v += ${ask('a', 't + String(i) + String(j)', 't')}; } } switch (n) { case 1: return 'one'; case 2: v += '!'; break; default: return v + 'd'; } return v; }`,
    ),
  },
  {
    claim: 'a method makes functions in a loop that call operators',
    ...helped(
      `const x = await this.help(input.q); return [x, await this.help(x)];`,
      `async help(q: string): Promise<string> { let text = q; for (const t of ['x', 'y']) { const visit = async (w: string): Promise<string> => { const one = ${ask('a', 't', 'w')}; return one; };
        const one = await visit(t); text += await visit(one); } return text; }`,
    ),
  },
];

const RACER = (helper: string, body: string): string =>
  `
class Slow extends Operator<Question, string> { static override readonly effect = 'unordered' as const; readonly leaf = new lab.Ask('slow', 'text'); readonly other = new lab.Ask('slow2', 'text');
  override async forward(q: Question): Promise<string> { ${body} } ${helper} }
class Fast extends Operator<Question, string> { static override readonly effect = 'unordered' as const; readonly leaf = new lab.Ask('fast', 'text');
  override async forward(q: Question): Promise<string> { const one = await this.leaf.invoke(q); const t = await Promise.resolve('fast'); return one + t; } }`.replace(
    /class (Slow|Fast)/g,
    '@structuralJit class $1',
  );
const RACE = `const r = await Promise.race([this.slow.invoke({ site: 'x', q: input.q }), this.fast.invoke({ site: 'x', q: input.q })]); const z = await ${call('b', '9', 'r')}; return [r, z];`;
const racing = (helper: string, body: string): Omit<Regression, 'claim'> => ({
  module: RACER(helper, body),
  fields: 'readonly slow = new Slow(); readonly fast = new Fast();',
  body: RACE,
});

export const races: readonly Regression[] = [
  {
    claim: 'an operator with a method that succeeds ends in the tick in which it does',
    ...racing(
      `async help(q: Question): Promise<string> { return await this.leaf.invoke(q); }`,
      `return await this.help(q);`,
    ),
  },
  {
    claim: 'an operator with a method that fails after its call fails in the tick in which it does',
    ...racing(
      `async help(q: Question): Promise<string> { const one = await this.leaf.invoke(q); if (one.length > 0) throw new Error('failed'); return one; }`,
      `const x = await this.help(q); return x;`,
    ),
  },
  {
    claim: 'an operator with a method in a method ends in the tick in which it does',
    ...racing(
      `async help(q: Question): Promise<string> { const one = await this.more(q); return one; }
       async more(q: Question): Promise<string> { const one = await this.leaf.invoke(q); if (one.length % 2 === 0) throw new Error('even'); return one; }`,
      `const x = await this.help(q); return x;`,
    ),
  },
  {
    claim: 'an operator with a method in a loop in a method ends in the tick in which it does',
    ...racing(
      `async help(q: Question): Promise<string> { let all = ''; for (const n of [1, 2]) { all += await this.more(q, n); } return all; }
       async more(q: Question, n: number): Promise<string> { try { if (n === 2) throw new Error('two'); return await this.leaf.invoke(q); } catch { return 'caught'; } }`,
      `const x = await this.help(q); return x;`,
    ),
  },
  {
    claim: 'a method between a call and the race that it is in takes the ticks that it takes',
    body: `const p = ${call('a', '1')}; const x = await this.help('x'); const q = ${call('b', '2')}; const r = await Promise.race([p, q]); return [x, r];`,
    fields: `async help(q: string): Promise<string> { if (q === '') return 'none'; const one = ${ask('c', 'q')}; return one; }`,
  },
];

export const functions: readonly Regression[] = [
  {
    claim: 'a function of the module is given its operators',
    module: `async function both(first: lab.Ask<'text'>, second: lab.Ask<'text'>, q: string): Promise<string> { const one = await first.invoke({ site: 'f', q });
      if (one.length % 2 === 0) return one; const two = await second.invoke({ site: 's', q: one }); return one + two; }`,
    body: `const x = await both(this.a, this.b, input.q); const y = await both(this.b, this.c, 'y'); return [x, y];`,
  },
  {
    claim: 'a function of the module uses what the module has',
    module: `const shared: string[] = []; const asking = new lab.Ask('asking', 'text');
      const put = async (q: string): Promise<number> => { const one = await asking.invoke({ site: 'm', q }); shared.push(one); return shared.length; };`,
    create: 'shared.length = 0;',
    body: `const x = await put(input.q); const s = shared.join(); const y = await put('y'); const z = ${ask('a', `'z'`, 's')}; return [x, y, z, shared];`,
  },
  {
    claim: 'a function of the body sees its variables as they are when it is called',
    body: `let n = 0; const list: string[] = []; const add = async (q: string): Promise<string> => { n += 1; const one = ${ask('a', 'String(n)')}; list.push(one); return one + String(n); };
      const x = await add(input.q); n = 5; const y = await add('y'); if (input.n > 1) await add('z'); return [x, y, n, list];`,
  },
  {
    claim: 'a function of the body that changes nothing overlaps',
    body: `const base = input.q; async function add(q: string): Promise<string> { const one = await ask.a.invoke({ site: 'l' + q, q: base }); return one + base; }
      const ask = this; const x = await add('x'); const y = await add('y'); return [x, y];`,
  },
  {
    claim: 'a function of the body that is not there yet fails the call',
    body: `let x = ''; try { x = await later(input.q); } catch (e) { x = (e as Error).name; } const y = ${ask('a', `'y'`, 'x')};
      const later = async (q: string): Promise<string> => { return ${ask('b', `'later'`)}; }; return [x, y, await later(y)];`,
  },
  {
    claim: 'a function that is assigned later is the one that it is then',
    module: `async function first(a: lab.Ask<'text'>, q: string): Promise<string> { return await a.invoke({ site: 'first', q }); }
      let chosen = first;`,
    create: 'chosen = first;',
    body: `const x = await chosen(this.a, input.q); chosen = async (a, q) => 'other ' + q; const y = await chosen(this.a, 'y'); return [x, y];`,
  },
  {
    claim: 'a name of the body does not hide that of the module in a function',
    module: `const base = 'module'; async function add(a: lab.Ask<'text'>, q: string): Promise<string> { const one = await a.invoke({ site: base, q }); return one + base; }`,
    body: `const base = 'body'; const x = await add(this.a, base); const one = base + x; const y = await add(this.b, one); return [x, y, base];`,
  },
];
