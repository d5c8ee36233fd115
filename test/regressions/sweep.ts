/** Programs that were right by parts of the sweep for dependences that no other program needs: a mutation run found them missing. */
import { call, type Regression } from '../helpers/regression.ts';

const a = call('a', 'a');
const b = call('b', 'b');
const resources = `readonly write = new lab.WriteShelf('write', 'text'); readonly read = new lab.ReadShelf('read', 'text');
  readonly readA = new lab.ReadA('readA', 'text'); readonly writeA = new lab.WriteA('writeA', 'text');`;
const ANY = `class WriteAny extends Operator<Question, string> { static override readonly effect = { writes: '*' } as const; readonly leaf = new lab.WriteShelf('any', 'text');
  override async forward(i: Question, { signal }: CallContext) { return this.leaf.invoke(i, { signal }); } }
class ReadAny extends Operator<Question, string> { static override readonly effect = { reads: '*' } as const; readonly leaf = new lab.ReadShelf('every', 'text');
  override async forward(i: Question, { signal }: CallContext) { return this.leaf.invoke(i, { signal }); } }`;
const TWICE = `class Twice extends Operator<Question, string> { static override readonly effect = 'sequential' as const; readonly leaf = new lab.Ask('twice', 'text');
  override async forward(i: Question, { signal }: CallContext) { console.log('one'); const t = await this.leaf.invoke(i, { signal }); console.log('two'); return t; } }`;
const SLOW = `class Slow extends Operator<Question, string> { static override readonly effect = 'unordered' as const; readonly leaf = new lab.Ask('slow', 'text');
  override async forward(i: Question, { signal }: CallContext) { await this.leaf.invoke(i, { signal }); await this.leaf.invoke(i, { signal }); return this.leaf.invoke(i, { signal }); } }`;
const TALLY = `class Tally extends Operator<Question, string> { n = 0; readonly leaf = new lab.Ask('tally', 'text');
  override async forward(i: Question, { signal }: CallContext) { const t = await this.leaf.invoke(i, { signal }); this.n += 1; return t; } }
class Look extends Operator<Question, string> { static override readonly effect = 'unordered' as const; readonly leaf = new lab.Ask('look', 'text');
  constructor(readonly tally: Tally) { super(); }
  override async forward(i: Question, { signal }: CallContext) { const t = await this.leaf.invoke(i, { signal }); return t + this.tally.n; } }`;

export const beside: readonly Regression[] = [
  {
    claim: 'what a call that nobody awaits changes is given back as it is by then',
    body: `const d: Doc = { text: 't', tags: [], n: 1 }; void this.edit.invoke(d); const x = await ${a}; const y = await ${b}; return { d, x, y };`,
  },
  {
    claim: 'a call goes on whose `await` is skipped',
    body: `const p = this.edit.invoke(input.doc); let d = ''; if (input.n > 5) { d = await p; } const x = await ${a}; const y = await ${b}; input.doc.n += 1; return [d, x, y];`,
  },
  {
    claim: 'a call goes on that a loop does not get to await',
    body: `const p = this.edit.invoke(input.doc); const none: string[] = []; for (const t of none) { await p; } const x = await ${a}; const y = await ${b}; input.doc.n += 1; return [x, y];`,
  },
  {
    claim: 'a call goes on whose `await` a failure before it leaves out',
    body: `const p = this.edit.invoke(input.doc); try { JSON.parse(input.q); await p; } catch { input.tags.push('caught'); } const x = await ${b}; const y = await ${call('c', 'c')}; input.doc.n += 1; return [x, y];`,
  },
  {
    claim: 'a wait for promises that cannot fail stands for what may fail before it',
    fields: 'log: string[] = []; readonly tag = new lab.Tag("tag");',
    body: `const x = await ${a}; const all = await Promise.allSettled([this.tag.invoke(input.doc), ${b}]); this.log.push('t'); return [x, all.length];`,
  },
  {
    claim: 'a log stands between those of a call in flight',
    module: TWICE,
    fields: 'readonly twice = new Twice();',
    body: `const p = ${call('twice', 'p')}; const x = await ${a}; const y = await ${b}; console.log('between'); return [x, y, await p];`,
  },
  {
    claim: 'a call that is awaited later has ended for those who read',
    fields: resources,
    body: `const p = ${call('sequential', 'p')}; const q = await p; const x = await ${call('readA', 'g')}; return [q, x];`,
  },
  {
    claim: 'a call that is awaited later does not stand for a sequential one that began meanwhile',
    fields: resources,
    body: `const p = ${call('sequential', 'p')}; const s = await ${call('sequential', 's')}; const q = await p; const x = await ${call('readA', 'g')}; return [q, s, x];`,
  },
  {
    claim: 'a call that is awaited later does not stand for a writer that began meanwhile',
    fields: resources,
    body: `const p = ${call('writeA', 'p')}; const s = await ${call('writeA', 's')}; const q = await p; const x = await ${call('readA', 'g')}; return [q, s, x];`,
  },
  {
    claim: 'who writes beside a call in flight does not stand for that',
    module: TALLY,
    fields: 'readonly tally = new Tally(); readonly look = new Look(this.tally);',
    body: `const p = ${call('tally', 'p')}; const w = await ${call('tally', 'w')}; const y = await ${call('look', 'y')}; const z = await ${call('look', 'z')}; return [w, y, z, await p];`,
  },
  {
    claim: 'a call that is awaited later touches no resource that its input tells',
    fields: resources,
    body: `const p = ${call('writeA', 'p')}; const q = await p; const x = await ${call('read', 'r', '"p"')}; return [q, x];`,
  },
  {
    claim: 'a promise is passed on by a call that is skipped, and races',
    module: SLOW,
    fields: 'readonly slow = new Slow();',
    body: `let v: string | Promise<string> = ${call('slow', 'v')}; const x = await ${call('c', '1')}; const y = await ${call('c', '2')}; const z = await ${call('c', '3')}; if (input.n > 9) v = await ${call('c', '4')}; const q = ${b}; return [x, y, z, await Promise.race([v, q])];`,
  },
  {
    claim: 'a `try` leaves a variable as it was, which a call in its handler would give',
    body: `let x = await ${a}; try { await ${b}; } catch { x = await ${call('b', 'h')}; } return await ${call('c', 'c', 'x')};`,
  },
  {
    claim: 'a `finally` waits for what came before its `try`, which may fail',
    body: `const d = await ${a}; try { const t = await ${b}; console.log(t); } finally { console.log('done'); } return d;`,
  },
];

export const asserted: readonly Regression[] = [
  {
    claim: 'an operator holds an object that is given to it as `never`',
    body: `const o = { text: 't', tags: [], n: 1 }; const x = await this.echo.invoke(o as never); o.n += 1; return [x, o];`,
  },
  {
    claim: 'an object is put into a list as `never`',
    body: `const o = { text: 't', tags: [], n: 1 }; const list: Doc[] = []; list.push(o as never); const x = await this.echo.invoke(list[0]!); o.n += 1; return [x, list];`,
  },
];

export const exits: readonly Regression[] = [
  {
    claim: 'what follows a method that may throw waits for an exit before it',
    fields: `async check(q: string) { const x = await this.c.invoke({ site: 'check', q }); if (x.length > 99) throw new Error('fault 1'); return x; }`,
    body: `if ((await ${a}).length % 2 === 0) return 'early'; const x = await this.check(input.q); const y = await ${b}; return [x, y];`,
  },
];

/** More writers of shelves than are compared, of which the first write the one that is read. */
const writers = Array.from({ length: 18 }, (_, i) => call('write', `w${i}`, i < 3 ? '"p"' : '"qq"'));

export const anyResource: readonly Regression[] = [
  {
    claim: 'whoever reads or writes any resource is compared with no shelf',
    module: ANY,
    fields: `${resources} readonly any = new WriteAny();`,
    body: `const w = await ${call('any', 'w', '"p"')}; const r = await ${call('read', 'r', '"p"')}; const v = await ${call('write', 'v', '"p"')}; return [w, r, v];`,
  },
  {
    claim: 'whoever reads any resource waits for a write of a shelf',
    module: ANY,
    fields: `${resources} readonly every = new ReadAny();`,
    body: `const v = await ${call('write', 'v', '"p"')}; const e = await ${call('every', 'e', '"p"')}; return [v, e];`,
  },
  {
    claim: 'a read waits for the first of so many writes that not all are compared',
    fields: resources,
    body: `${writers.map((one) => `await ${one};`).join(' ')} return await ${call('read', 'r', '"p"')};`,
  },
  {
    claim: 'one of several operators that write shelves is waited for by all who read one',
    fields: `${resources} readonly ws = [new lab.WriteShelf('w1', 'text'), new lab.WriteShelf('w2', 'text')];`,
    body: `const v = await this.ws[input.n % 2]!.invoke({ site: 'v', q: 'p' }); const e = await ${call('read', 'e', '"p"')}; return [v, e];`,
  },
];
