/** What handlers are given, and what follows a `try` while that goes on. */
import { call, type Regression } from '../helpers/regression.ts';

/** An operator whose failure holds the list that it was given, and shows what is in it. */
const BLAME = `
class Blame extends Error { constructor(readonly held: string[]) { super('blame'); } override toString(): string { return 'blame ' + this.held.join(); } }
class Blamer extends Operator<string[], string> {
  readonly leaf = new lab.Ask('leaf', 'text');
  override async forward(list: string[]): Promise<string> { const t = await this.leaf.invoke({ site: 'leaf', q: list.length }); if (t.slice(-1) < 'm') throw new Blame(list); return t; }
}
class Keeper extends Operator<string, string> {
  readonly leaf = new lab.Ask('kept', 'text');
  constructor(readonly list: string[]) { super(); }
  override async forward(q: string): Promise<string> { const t = await this.leaf.invoke({ site: 'kept', q }); if (t.slice(-1) < 'm') throw new Blame(this.list); return t; }
}`;
const blaming = {
  module: BLAME,
  fields: `readonly blamer = new Blamer();
  async check(l: string[], q: string) { const t = await this.c.invoke({ site: 'check', q }); if (t.slice(-1) < 'm') throw new Blame(l); return t; }`,
};
const GIVEN = `const l = ['x']; const held = (e: unknown): string[] => e instanceof Blame ? e.held : [];`;

export const caught: readonly Regression[] = [
  {
    claim: 'a failure that is thrown again holds the list as it was then',
    ...blaming,
    body: `const l = ['x']; try { await this.blamer.invoke(l); } catch (e) { console.log('caught'); throw e; } l.push('late'); const t = await ${call('a', '1')}; l.push(t); return l;`,
  },
  {
    claim: 'a failure that holds a list is thrown by a method of which the list knows nothing',
    ...blaming,
    body: `const l = ['x']; const t = await this.check(l, input.q); l.push('late'); const u = await this.talk.invoke(l); return [l, t, u];`,
  },
  {
    claim: 'a handler throws a failure of its own that holds a list',
    ...blaming,
    body: `const l = ['x']; try { await ${call('a', '1')}; } catch { if (input.n > 1) throw new Blame(l); } l.push('late'); return [l, await this.talk.invoke(l)];`,
  },
  {
    claim: 'a handler finds a list through the failure, and changes it',
    ...blaming,
    body: `${GIVEN} try { await this.blamer.invoke(l); l.push('in'); await ${call('b', '2')}; } catch (e) { held(e).push('handled'); console.log(held(e).join()); } const u = await this.talk.invoke(l); return [l, u];`,
  },
  {
    claim: 'a handler finds what a call reaches that was made with a list',
    ...blaming,
    body: `${GIVEN} const made = new Keeper(l); let n = 0; try { await made.invoke(input.q); l.push('in'); } catch (e) { n = held(e).push('handled'); } l.push('late'); return [n, l, await this.talk.invoke(l)];`,
  },
  {
    claim: 'a handler is given the failure of a call that began before its block',
    ...blaming,
    body: `${GIVEN} const p = this.blamer.invoke(l); let n = 0; try { await ${call('a', '1')}; await p; } catch (e) { n = held(e).push('handled'); } l.push('late'); return [n, l, await this.talk.invoke(l)];`,
  },
  {
    claim: 'a handler around a handler is given the failure that this throws',
    ...blaming,
    body: `${GIVEN} let n = 0; try { try { await this.blamer.invoke(l); } catch (e) { held(e).push('inner'); throw e; } l.push('in'); } catch (e) { n = held(e).push('outer'); } const u = await this.talk.invoke(l); l.push('late'); return [n, l, u];`,
  },
  {
    claim: 'a handler around a function is given what the function throws',
    ...blaming,
    body: `${GIVEN} let n = 0; const fail = (one: string[]): void => { if (input.n > 1) throw new Blame(one); }; try { await ${call('a', '1')}; fail(l); } catch (e) { n = held(e).push('handled'); } const u = await this.talk.invoke(l); return [n, l, u];`,
  },
  {
    claim: 'a whole `try` in a loop that is one step finds a list through the failure',
    ...blaming,
    body: `${GIVEN} let n = 0; for (const q of ['p', 'q']) { const p = ${call('a', 'p', 'q')}; try { await this.blamer.invoke(l); } catch (e) { n += held(e).push(q); } await p; } return [n, l, await this.talk.invoke(l)];`,
  },
  {
    claim: 'a `finally` changes what a failure holds that has been thrown again',
    ...blaming,
    body: `const l = ['x']; try { await this.blamer.invoke(l); } catch (e) { throw e; } finally { l.push('end'); } return [l, await this.talk.invoke(l)];`,
  },
];

export const behindTries: readonly Regression[] = [
  {
    claim: 'a handler changes the list that the block has changed, and a call reads it',
    body: `const l: string[] = []; try { l.push(await ${call('a', '1')}); await ${call('b', '2')}; } catch { l.push('handled'); } return await this.talk.invoke(l);`,
  },
  {
    claim: 'a block fails before it gets to the change that a call waits for',
    body: `const l: string[] = []; try { await ${call('a', '1')}; l.push('in'); await ${call('b', '2')}; } catch {} const u = await this.talk.invoke(l); return [l, u];`,
  },
  {
    claim: 'a handler that throws comes behind the start of a call that reads what the block wrote',
    body: `const l: string[] = []; try { l.push(await ${call('a', '1')}); await ${call('b', '2')}; } catch (e) { if (input.n > 1) throw e; } const u = await this.talk.invoke(l); console.log(u); return u;`,
  },
  {
    claim: 'an entry under a key is put before a `try` that puts another one',
    body: `const m = new Map<string, string>(); const k = input.q; const j = k + '!'; m.set(k, await ${call('a', '1')}); try { m.set(j, 'second'); console.log(await ${call('b', '2')}); } catch { console.log('caught'); } const z = m.get(k) ?? 'none'; return [await ${call('c', '3', 'z')}, [...m]];`,
  },
  {
    claim: 'a memo in a `try` in a loop is found by later iterations under the same key',
    body: `const memo = new Map<string, string>(); const out: string[] = []; for (const x of ['p', 'q', 'p', 'q']) { try { let h = memo.get(x); if (h === undefined) { h = await ${call('a', 'x', 'x')}; memo.set(x, h); } out.push(h); out.push(await ${call('b', 'y', 'h')}); } catch (e) { console.log(String(e), memo.size); } } return [out, [...memo]];`,
  },
  {
    claim: 'a handler forgets what a memo in its block has put',
    body: `const memo = new Map<string, string>(); for (const x of ['p', 'p', 'p']) { try { const h = memo.get(x) ?? (await ${call('a', 'x', 'x')}); memo.set(x, h); await ${call('b', 'y', 'h')}; } catch { memo.delete(x); } } return [...memo];`,
  },
  {
    claim: 'a resource that a block writes is read while the block goes on',
    fields: `readonly w = new lab.WriteA('w', 'text'); readonly v = new lab.WriteA('v', 'text'); readonly r = new lab.ReadA('r', 'text');`,
    body: `try { await ${call('w', '1')}; await ${call('b', '2')}; if (input.n > 1) await ${call('v', '3')}; } catch { console.log(await ${call('v', '4')}); } return await ${call('r', '5')};`,
  },
  {
    claim: 'a shelf that a block writes is compared with the one that a call behind it reads',
    fields: `readonly w = new lab.WriteShelf('w', 'text'); readonly r = new lab.ReadShelf('r', 'text');`,
    body: `const out: string[] = []; for (const x of ['p', 'qq', 'r']) { try { const k = (await ${call('a', '1', 'x')}).slice(0, 5) + x; await ${call('w', '2', 'k')}; await ${call('b', '3', 'x')}; } catch { out.push('caught'); } out.push(await ${call('r', '4', 'x')}); } return out;`,
  },
  {
    claim: 'a `try` under a condition is left out',
    body: `const l: string[] = []; if ((await ${call('c', '0')}).slice(-1) < 'm') { try { l.push(await ${call('a', '1')}); await ${call('b', '2')}; } catch { l.push('handled'); } } return await this.talk.invoke(l);`,
  },
  {
    claim: 'a change in a loop, and in a `try`, in a block',
    body: `const l: string[] = []; try { for (const x of ['p', 'q']) l.push(await ${call('a', '1', 'x')}); try { l.push(await ${call('b', '2')}); } catch { l.push('inner'); } await ${call('c', '3')}; } catch { l.push('outer'); } return await this.talk.invoke(l);`,
  },
  {
    claim: 'a `finally` changes what the block has changed, and a call reads it',
    body: `const l: string[] = []; try { l.push(await ${call('a', '1')}); await ${call('b', '2')}; } catch {} finally { l.push('end'); } return await this.talk.invoke(l);`,
  },
  {
    claim: 'a list that a block gives to a call is changed behind it',
    body: `const l = ['x']; try { await this.talk.invoke(l); await ${call('b', '2')}; } catch (e) { console.log(l.length); if (input.n > 9) throw e; } l.push('late'); return [l, await this.talk.invoke(l)];`,
  },
  {
    claim: 'a field that only the body touches is written in a block and read behind it',
    fields: `readonly seen: string[] = [];`,
    body: `try { this.seen.push(await ${call('a', '1')}); await ${call('b', '2')}; } catch { this.seen.push('handled'); } return await this.talk.invoke([...this.seen]);`,
  },
];

/** Conditions that assign variables, and fields whose names are computed. */
export const conditions: readonly Regression[] = [
  {
    claim: 'a condition counts and then calls',
    body: `let n = 0; const out: string[] = []; while (n++ < 3 && (await ${call('a', '1', 'n')}).slice(-1) < 's') out.push(await ${call('b', '2', 'n')}); return [n, out];`,
  },
  {
    claim: 'a condition calls and then counts',
    body: `let n = 0; const out: string[] = []; while ((await ${call('a', '1', 'n')}).slice(-1) < 's' && n++ < 3) out.push(await ${call('b', '2', 'n')}); return [n, out];`,
  },
  {
    claim: 'either side of an alternative assigns',
    body: `let n = 0; let m = 0; if (n++ > 0 || (await ${call('a', '1', 'n')}).slice(-1) < 'm' || m++ > 0) console.log('yes', n, m); else console.log('no', n, m); return [n, m];`,
  },
  {
    claim: 'a condition in a `try` assigns what its handler sees',
    body: `let n = 0; let t = ''; try { if (n++ < 1 && (t = await ${call('a', '1', 'n')}).slice(-1) < 'm') console.log(await ${call('b', '2')}); } catch { console.log('caught', n, t); } return [n, t];`,
  },
  {
    claim: 'a statement that is one step fails after it has assigned what the handler sees',
    body: `let n = 0; let t = ''; try { for (const x of input.tags) { n++; if (x === 'a') throw new Error('stop'); t += x; } await ${call('a', '1')}; } catch { console.log('caught', n, t); } return [n, t];`,
  },
  {
    claim: 'an expression assigns before it fails, in a block that is handled further out',
    body: `let n = 0; const none = input.n > 1 ? undefined : input; try { try { await ${call('a', '1')}; console.log(n++, none!.q); } finally { console.log('end'); } } catch { console.log('caught', n); } return n;`,
  },
  {
    claim: 'the key of an entry is evaluated before what is assigned to it',
    body: `const r: Record<string, string> = {}; let k = 'p'; const next = (): string => { console.log('next'); return k; }; r[next()] = await ${call('a', '1')}; k = 'q'; r[next()] = await ${call('b', '2')}; r[next()] += await ${call('c', '3')}; return [r, await this.talk.invoke(Object.keys(r))];`,
  },
  {
    claim: 'the key of an entry is no text, and the object is absent',
    body: `const r: Record<string, string> = {}; const key: unknown = input.n > 1 ? Symbol.iterator : 'p'; r[key as string] = await ${call('a', '1')}; const none = input.n > 1 ? (undefined as unknown as Record<string, string>) : r; try { none[input.q] = await ${call('b', '2')}; } catch (e) { console.log(e instanceof TypeError); } return Object.keys(r);`,
  },
];
