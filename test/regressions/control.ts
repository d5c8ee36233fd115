/** Branches, loops and handlers: which value a variable has behind them, and what goes on of an iteration that ended early. */
import { call, type Regression } from '../helpers/regression.ts';

const all = (q: string): string => `Promise.all([${call('a', '1', q)}, ${call('b', '2', q)}])`;

export const control: readonly Regression[] = [
  {
    claim: 'a handler that assigns nothing leaves the value of an earlier call that is still running',
    body: `let t = await ${call('c', '3')}; try { t = await ${call('a', '1')}; } catch {} return t;`,
  },
  {
    claim: 'the right side of a choice sees the variable as it was before the choice assigns it',
    body: `let t = input.q; t = (input.n > 99 ? 'x' : '') || (await ${call('a', '1', 't')}); t = t && (await ${call('b', '2', 't')}); return t;`,
  },
  {
    claim: 'a handler sees the variable as it was before a choice that fails',
    body: `let t = 'before'; try { t = input.q.slice(9) || (await ${call('a', '1')}); } catch { console.log(t); } try { t = input.q.at(99) ?? (await ${call('b', '2')}); } catch { t += ' caught'; } return t;`,
  },
  {
    claim: 'members of a combinator that failed early are aborted with the iteration that never was',
    body: `for (const x of ['p', 'q', 'r']) { await ${all('x')}; } return 1;`,
  },
  {
    claim: 'a nested loop in a block that may fail assigns what its handler sees',
    body: `let n = 0; for (const x of ['p', 'q']) { try { for (const y of [x, 'z']) n += (await ${call('a', 'x', 'y')}).length; } catch { n += 100; } } return n;`,
  },
  {
    claim: 'a block that is always run at the end sees and assigns what the others assign',
    body: `let n = 'none'; try { n = await ${call('a', '1')}; n += await ${call('b', '2')}; } catch { n += ' caught'; } finally { n += ' end'; } return n;`,
  },
  {
    claim: 'a clause of a `switch` finds no variable that another one declares and that has not run',
    body: `const k: number = input.n; switch (k) { case 1: let y = 'a'; console.log(y); case 3: y = 'b'; await ${call('a', '1', 'y')}; } return 1;`,
  },
  {
    claim: 'a jump out of a block that may fail ends the loop around it',
    body: `const out: string[] = []; for (const x of ['p', 'q', 'r']) { try { for (const y of [x, 'q']) { if (y === 'q') continue; out.push(await ${call('a', 'x', 'y')}); } } catch { out.push('failed'); } } return out;`,
  },
];

/** Entries of Maps and Sets that iterations touch, which wait only for those under the same key. */
/** More than are compared. */
const MANY = Array.from({ length: 19 }, (_, i) => i);

export const keys: readonly Regression[] = [
  {
    claim:
      'an iteration that finds what an earlier one puts under its key waits for that, whatever is put meanwhile',
    body: `const memo = new Map<string, string>(); const out: string[] = []; for (const x of ['p', 'q', 'p', 'q']) { let h = memo.get(x); if (h === undefined) { h = await ${call('a', 'x', 'x')}; memo.set(x, h); } out.push(h); } return [out, [...memo]];`,
  },
  {
    claim: 'more entries are put than are compared, the one that is read first of all',
    body: `const m = new Map<string, string>(); const k = await ${call('a', 'k')}; ${MANY.map((i) => `const k${i} = k + '${i}';`).join(' ')} m.set(k0, await ${call('b', '0')}); ${MANY.map(
      (i) => `m.set(k${i}, '${i}');`,
    )
      .slice(1)
      .join(' ')} return [await ${call('c', 'y', "m.get(k0) ?? ''")}, m.size];`,
  },
  {
    claim: 'NaN is one key, and so are the two zeros',
    body: `const memo = new Map<number, string>(); const out: string[] = []; for (const x of [NaN, 0, NaN, -0]) { let h = memo.get(x); if (h === undefined) { h = await ${call('a', 'x', 'String(x)')}; memo.set(x, h); } out.push(h); } return [out, [...memo.keys()]];`,
  },
  {
    claim: 'an entry is put under two keys by each iteration',
    body: `const memo = new Map<string, string>(); const out: string[] = []; for (const x of ['p', 'q', 'p!', 'q!']) { const y = x + '!'; const h = memo.get(x) ?? (await ${call('a', 'x', 'x')}); memo.set(x, h); memo.set(y, h + '2'); out.push(h); } return [out, [...memo]];`,
  },
  {
    claim: 'a Map that is emptied has no entry under any key',
    body: `const memo = new Map<string, string>(); const out: string[] = []; for (const x of ['p', 'q', 'p']) { const h = memo.get(x) ?? (await ${call('a', 'x', 'x')}); memo.set(x, h); if (h.length > 5) memo.clear(); out.push(h); } return [out, memo.size];`,
  },
  {
    claim: 'a key that a call gives is compared when it is known',
    body: `const seen = new Set<string>(); const out: string[] = []; for (const x of ['p', 'q', 'p']) { const k = (await ${call('a', 'x', 'x')}).slice(0, 1); if (seen.has(k)) out.push('again'); else { out.push(await ${call('b', 'x', 'k')}); seen.add(k); } } return out;`,
  },
  {
    claim: 'a key that lives in a cell is not told by its cell',
    body: `const m = new Map<string, string>(); const out: unknown[] = []; for (const x of ['p', 'p', 'q']) { let k = x + ' '; const shown = () => k; k = k.trim(); const got = m.get(k); out.push(got); m.set(k, got ?? (await ${call('a', 'x', 'shown()')})); } return [out, [...m]];`,
  },
  {
    claim: 'another variable of the same name is another key',
    body: `const m = new Map<string, string>(); const out: unknown[] = []; for (const x of ['p', 'q', 'r']) { out.push(m.get(x)); { const seen: unknown[] = [m.get(x)]; for (const x of ['p', 'q']) seen.push(m.get(x)); out.push(seen); } m.set(x, await ${call('a', 'x', 'x')}); } return out;`,
  },
  {
    claim: 'a key that is not there yet, and stands outside of the loop, is compared when it is',
    body: `const m = new Map<string, string>(); const out: unknown[] = []; const k = (await ${call('c', 'k')}).slice(0, 0) + 'p'; for (const x of ['p', 'q', 'r']) { out.push(m.get(k)); m.set(x, await ${call('a', 'x', 'x')}); } return out;`,
  },
  {
    claim: 'one statement after another, an entry is read as the last one under its key left it',
    body: `const m = new Map<string, string>(); const [k, l] = [input.q, input.q + (input.n > 2 ? '' : '!')]; m.set(k, await ${call('a', '1')}); m.set('x', await ${call('b', '2')}); const one = m.get(l); m.set(l, await ${call('c', '3')}); const two = m.get(k); const three = m.has('x'); m.delete(k); const four = m.get(l); return [one, two, three, four, m.size];`,
  },
  {
    claim: 'an entry that a branch puts, and a loop reads',
    body: `const m = new Map<string, string>([['r', 'old']]); const out: unknown[] = []; const [k] = [(await ${call('a', '1')}).slice(-1) < 'd' ? 'p' : 'r']; if (input.n > 2) m.set(k, await ${call('b', '2')}); for (const x of ['p', 'q', 'r']) out.push(m.get(x), await ${call('c', 'x', 'x')}); const [y] = ['q']; m.set(y, 'y'); out.push(m.get(k)); return [out, [...m]];`,
  },
  {
    claim: 'a loop that awaits nothing reads entries that iterations around it put',
    body: `const m = new Map<string, string>(); const out: unknown[] = []; for (const [x, needs] of [['p', []], ['q', ['p']], ['r', ['p', 'q', 's']], ['p', ['p']], ['t', ['p']]] as [string, string[]][]) { const given: string[] = []; for (const need of needs) given.push(m.get(need) ?? 'nothing'); const h = await ${call('a', 'x', 'x + given.join()')}; m.set(x, h); if (h.slice(-1) < '3') m.delete('q'); } return [...m];`,
  },
  {
    claim: 'an entry is deleted by a later iteration',
    body: `const memo = new Map([['p', 'old']]); const out: unknown[] = []; for (const x of ['p', 'p', 'q']) { out.push(memo.get(x)); const h = await ${call('a', 'x', 'x')}; memo.delete(x); memo.set('q', h); out.push(memo.has(x)); } return [out, [...memo]];`,
  },
];

/** A method that calls operators, called by `code`, and overridden on the object that runs. */
const overridden = (code: string): string => `
import { Operator, structuralJit } from 'xcs';
import * as lab from '../lab.ts';
@structuralJit({ executionStrategy: 'parallel' })
class Base extends Operator<{ q: string }, unknown> {
  readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text');
  async ask(q: string): Promise<string> { return this.a.invoke({ site: 'ask', q }); }
  override async forward(input: { q: string }): Promise<unknown> { ${code} }
}
class Program extends Base { override async ask(q: string): Promise<string> { return 'overridden ' + q; } }
export const create = () => ({ operator: new Program(), input: { q: 'why' } });`;

/** Methods of which a copy would run, if the object had another one. */
export const overriding: readonly Regression[] = [
  {
    claim: 'a method that is overridden is called with arguments that are spread',
    source: overridden(
      `const all = [input.q] as const; const b = await ${call('b', '1')}; return [b, await this.ask(...all)];`,
    ),
  },
  {
    claim: 'a method that is overridden is called by a function that is kept',
    source: overridden(
      `const kept = { run: (q: string) => this.ask(q) }; const b = await ${call('b', '1')}; return [b, await kept.run(b)];`,
    ),
  },
];

/** Variables that are cells, under functions of the body that call operators or change them. */
export const cells: readonly Regression[] = [
  {
    claim: 'a function that is called without a receiver has none when a cell holds it',
    body: `let f = function (this: unknown) { return this === undefined; }; const g = () => f(); const a = await ${call('a', '1')}; f = function (this: unknown) { return this !== undefined; }; return [a, g(), f()];`,
  },
  {
    claim: 'an addition to a variable that functions change reads it before its call',
    body: `let n = ''; const add = (x: string) => { n += x; }; const p = ${call('a', '1')}.then(add); n += await ${call('b', '2')}; await p; return n;`,
  },
  {
    claim: 'what a call is given holds a variable that changes later',
    body: `let n = 'one'; const read = { get: () => n }; const a = await this.echo.invoke(read as never); n = await ${call('b', '2')}; return [(a as never as typeof read).get(), n];`,
  },
  {
    claim: 'a recursive function of the body is part of the step that calls it',
    body: `const walk = async (q: string, depth: number): Promise<string> => depth === 0 ? q : walk(await ${call('a', 'walk', '`${q} ${depth}`')}, depth - 1); const one = await walk('x', 2); const two = await walk('y', 1); return [one, two];`,
  },
];
