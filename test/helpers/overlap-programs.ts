/** Programs that tell how many calls can be in flight at once, with the number as it follows from the code as written. */
import { print } from './litmus.ts';
import { call } from './regression.ts';
import type { Trace } from './run-program.ts';

const FIELDS = `
  readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text'); readonly c = new lab.Ask('c', 'text');
  readonly list = new lab.Ask('list', 'list'); readonly s = new lab.Sequential('s', 'text');
  readonly edit = new lab.Edit('edit'); readonly echo = new lab.Echo('echo'); readonly und = new lab.Undeclared('und', 'text');
  readonly write = new lab.WriteShelf('write', 'text'); readonly read = new lab.ReadShelf('read', 'text');
  readonly writeA = new lab.WriteA('writeA', 'text'); readonly readA = new lab.ReadA('readA', 'text');
  async turn(q: string, depth: number): Promise<string> {
    const x = await this.a.invoke({ site: q, q }); console.log(x);
    if (depth > 0) { if (q.length > 1) await this.turn(q + 'l', depth - 1); else await this.turn(q + 'r', depth - 1); }
    return x;
  }
  async check(q: string) { const x = await this.a.invoke({ site: 'check', q }); if (x.length > 99) throw new Error('fault 1'); return x; }`;

export interface OverlapCase {
  readonly claim: string;
  readonly body: string;
  /** In flight at once, at most. Of a loop whose iterations overlap two are counted. */
  readonly calls: number;
  /** How many loops have iterations that overlap. @default 0 */
  readonly loops?: number;
  /** Where more iterations than two are in flight, or what the compiler does not know is known to a run. @default `calls` */
  readonly inFlight?: number;
}

const a = call('a', 'a');
const b = call('b', 'b');
const each = (body: string): string => `const out: unknown[] = []; for (const t of input.tags) { ${body} }`;

export const overlapCases: readonly OverlapCase[] = [
  { claim: 'nothing calls', body: 'return input.n;', calls: 0 },
  { claim: 'one call', body: `return await ${a};`, calls: 1 },
  { claim: 'a chain', body: `const x = await ${a}; return await ${call('b', 'b', 'x')};`, calls: 1 },
  {
    claim: 'what keeps program order',
    body: `const x = await ${call('s', '1')}; const y = await ${call('s', '2')}; return [x, y];`,
    calls: 1,
  },
  { claim: 'two calls', body: `const x = await ${a}; const y = await ${b}; return [x, y];`, calls: 2 },
  {
    claim: 'two behind one',
    body: `const x = await ${a}; const y = await ${call('b', 'y', 'x')}; const z = await ${call('c', 'z', 'x')};
      return [y, z];`,
    calls: 2,
  },
  {
    claim: 'a chain beside calls',
    body: `const x = await ${a}; const y = await ${call('b', 'y', 'x')}; const z = await ${call('c', 'z', 'y')};
      const v = await ${call('a', 'v')}; const w = await ${call('b', 'w', 'x')}; return [z, v, w];`,
    calls: 2,
  },
  {
    claim: 'calls in a branch that is decided at once',
    body: `let x = ''; if (input.n > 1) { x = await ${a}; } const y = await ${b}; return [x, y];`,
    calls: 2,
  },
  {
    claim: 'calls in a branch that waits',
    body: `let x = ''; if ((await ${a}).length > 1) { x = await ${b}; } return x;`,
    calls: 1,
  },
  {
    claim: 'what a branch may pass on is waited for late',
    body: `let x = await ${a}; if (input.n > 1) { x = await ${b}; } return x;`,
    calls: 2,
  },
  {
    claim: 'iterations that have nothing in common',
    body: `${each(`out.push(await ${call('a', 't', 't')});`)} return out;`,
    calls: 2,
    loops: 1,
  },
  {
    claim: 'iterations beside a call',
    body: `${each(`out.push(await ${call('a', 't', 't')});`)} const y = await ${b}; return [out, y];`,
    calls: 3,
    loops: 1,
  },
  {
    claim: 'a chain in each iteration',
    body: `${each(`const x = await ${call('a', 't', 't')}; out.push(await ${call('b', 'u', 'x')});`)} return out;`,
    calls: 2,
    loops: 1,
  },
  {
    claim: 'a call before what is carried',
    body: `let x = ''; for (const t of input.tags) { const y = await ${call('a', 't', 't')}; x = await ${call('b', 'u', 'x + y')}; }
      return x;`,
    calls: 2,
    loops: 1,
  },
  {
    claim: 'iterations of which each needs the one before',
    body: `let x = 'x'; for (const t of input.tags) { x = await ${call('a', 't', 'x + t')}; } return x;`,
    calls: 1,
  },
  {
    claim: 'a condition that needs the iteration before',
    body: `let x = 'x'; let n = 0; while ((await ${call('a', 'a', 'x')}).length > 0 && n++ < 2) { x = await ${b}; } return x;`,
    calls: 1,
  },
  {
    claim: 'a condition that counts and calls',
    body: `let n = 0; while (n++ < 2 && (await ${a}).length > 0) { await ${b}; } return n;`,
    calls: 2,
    loops: 1,
  },
  {
    claim: 'calls behind a loop that they need',
    body: `let x = 'x'; for (const t of input.tags) { x = await ${call('a', 't', 'x + t')}; }
      const y = await ${call('b', 'y', 'x')}; const z = await ${call('c', 'z', 'x')}; return [y, z];`,
    calls: 2,
  },
  {
    claim: 'a call behind a loop beside its second iteration',
    body: `let x = ''; for (const t of input.tags) { const y = await ${call('a', 't', 't')}; x = await ${call('b', 'u', 'x + y')}; }
      const z = await ${call('c', 'z', 'x')}; return z;`,
    calls: 2,
    loops: 1,
  },
  {
    claim: 'a loop in a loop',
    body: `const out: string[] = []; for (const t of input.tags) { for (const u of input.tags) { out.push(await ${call('a', 't', 't + u')}); } }
      return out;`,
    calls: 2,
    loops: 2,
    inFlight: 4,
  },
  {
    claim: 'a chain in a loop in a loop',
    body: `const out: string[] = []; for (const t of input.tags) { let x = t; for (const u of input.tags) { x = await ${call('a', 't', 'x + u')}; } out.push(x); }
      return out;`,
    calls: 2,
    loops: 1,
  },
  {
    claim: 'a `try` and what follows it',
    body: `let x = ''; try { x = await ${a}; } catch { x = 'none'; } const y = await ${b}; return [x, y];`,
    calls: 2,
  },
  {
    claim: 'what needs a `try`',
    body: `let x = ''; try { x = await ${a}; } catch { x = 'none'; }
      const y = await ${call('b', 'y', 'x')}; const z = await ${call('c', 'z', 'x')}; return [y, z];`,
    calls: 2,
  },
  {
    claim: 'what needs one step of a `try`',
    body: `const l: string[] = []; try { l.push(await ${a}); await ${b}; } catch { console.log('caught'); }
      const t = await this.echo.invoke({ text: l.join(), tags: l, n: 1 }); return t;`,
    calls: 2,
  },
  {
    claim: 'calls behind a `try` whose handler throws what it is given',
    body: `let x = ''; try { x = await Promise.all([${a}, ${b}]).then((both) => both.join()); } catch (error) { throw error; }
      const y = await ${call('c', 'y')}; return [x, y];`,
    calls: 2,
    inFlight: 3,
  },
  {
    claim: 'a call whose result is put under a key that is computed',
    body: `const r: Record<string, string> = {}; r[input.q] = await ${a}; r[input.q + '!'] = await ${b}; return r;`,
    calls: 2,
  },
  {
    claim: 'calls of a function that calls itself three deep',
    body: `const out: string[] = []; const go = async (q: string, n: number): Promise<void> => { out.push(await this.a.invoke({ site: 'a' + n, q })); if (n > 0) await go(q + '!', n - 1); };
      await go(input.q, 2); return out;`,
    calls: 3,
  },
  {
    claim: 'calls in a `try` in each iteration',
    body: `${each(`try { out.push(await ${call('a', 't', 't')}); } catch { out.push(null); }`)} return out;`,
    calls: 2,
    loops: 1,
  },
  {
    claim: 'calls behind one that was awaited later, and then a change of what it was given',
    body: `const p = this.edit.invoke(input.doc); const d = await p; const x = await ${a}; const y = await ${b}; input.doc.n += 1;
      return [d, x, y];`,
    calls: 2,
  },
  {
    claim: 'calls beside one that is awaited later',
    body: `const p = ${call('writeA', 'p')}; const x = await ${a}; const y = await ${b}; return [x, y, await p];`,
    calls: 3,
  },
  {
    claim: 'a call behind one that was awaited later, and then one that keeps program order',
    body: `const p = ${call('s', 'p')}; const x = await ${a}; const d = await p; const y = await ${call('c', 'y')}; const z = await ${call('s', 'z')};
      return [d, x, y, z];`,
    calls: 3,
  },
  {
    claim: 'what a handler throws is waited for by nobody',
    body: `let x = ''; try { x = await ${a}; } catch (error) { if (input.n > 9) throw error; x = 'none'; } const y = await ${b}; return [x, y];`,
    calls: 2,
  },
  {
    claim: 'what a method throws decides nothing behind its call',
    body: `const x = await this.check(input.q); const y = await ${b}; return [x, y];`,
    calls: 2,
  },
  {
    claim: 'a call of which nothing is known beside one that reads what others may share',
    body: `const x = await ${call('und', 'u')}; const y = await this.echo.invoke(input.doc); return [x, y];`,
    calls: 2,
  },
  {
    claim: 'a function that calls itself in two places, twice, where one of both is taken each time',
    body: `return await this.turn('q', 2);`,
    calls: 7,
    inFlight: 3,
  },
  {
    claim: 'a write of one shelf beside a read of another',
    body: `const w = await ${call('write', 'w', '"p"')}; const r = await ${call('read', 'r', '"qq"')}; return [w, r];`,
    calls: 1,
    inFlight: 2,
  },
  {
    claim: 'a write that has a name beside a read of another shelf',
    body: `const w = await ${call('writeA', 'w')}; const r = await ${call('read', 'r', '"p"')}; return [w, r];`,
    calls: 1,
    inFlight: 2,
  },
  {
    claim: 'a write of a shelf beside a read that has another name',
    body: `const w = await ${call('write', 'w', '"p"')}; const r = await ${call('readA', 'r')}; return [w, r];`,
    calls: 1,
    inFlight: 2,
  },
];

export function printOverlap({ body }: OverlapCase): string {
  return print({ body, fields: FIELDS, decorator: `@structuralJit({ executionStrategy: 'parallel' })` });
}

export function mostInFlight({ calls }: Trace): number {
  const at = (time: number): number =>
    calls.filter(({ startedAt, endedAt = 0 }) => startedAt <= time && time < endedAt).length;
  return Math.max(0, ...calls.map(({ startedAt }) => at(startedAt)));
}
