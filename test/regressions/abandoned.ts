/** Calls that go on when the step that made them has failed, and members of a combinator that see each other's effects. */
import { call, type Regression } from '../helpers/regression.ts';

const fields = `readonly wa = new lab.WriteA('wa', 'text'); readonly ra = new lab.ReadA('ra', 'text'); readonly x = new lab.Ask('x', 'text'); readonly y = new lab.Ask('y', 'text'); readonly v = new lab.Ask('v', 'text');`;

/** The logs keep the calls before them from overlapping as written, so that compiled they could begin sooner. */
const meanwhile = (one: string, other: string): string =>
  `const m = await ${call('y', one)}; console.log(m); const k = await ${call('v', other)}; console.log(k);`;

/** What fails may leave the writer behind. */
const BOTH = `await Promise.all([${call('x', '1')}, ${call('wa', '2')}])`;
const STARTED = `const p = ${call('wa', '2')}; const a = await ${call('x', '1')}; console.log(a + (await p));`;

/** `code`, caught, twice; then a call that reads what the writers write. */
const twice = (code: string): string =>
  `try { ${code} } catch { ${meanwhile('8', '9')} } try { ${code.replaceAll("site: '", "site: '1")} } catch { ${meanwhile('3', '6')} } const z = await ${call('ra', '4')}; return z;`;

const settled = (log: string, given: string): string =>
  `const seen: string[] = []; const r = await Promise.allSettled(input.tags.map(async (t) => { const n = await this.pair.invoke({ site: t, q: t }); ${log} return n; })); return ${given};`;

/** Operators whose calls have ended when one that they have made goes on. */
const GOING_ON = `
class Leaving extends Operator<Question, string> {
  readonly x = new lab.Ask('lx', 'text'); readonly w = new lab.WriteA('lw', 'text');
  protected ask({ site, q }: Question): Promise<string> { return this.x.invoke({ site: site + 'x', q }); }
  protected write({ site, q }: Question): Promise<string> { return this.w.invoke({ site: site + 'w', q }); } 
  override async forward(given: Question): Promise<string> { const [one] = await Promise.all([this.ask(given), this.write(given)]); return one; } }
class Racing extends Leaving { override async forward(given: Question): Promise<string> { return await Promise.race([this.ask(given), this.write(given)]); } }
class Forgetting extends Leaving { override async forward(given: Question): Promise<string> { void this.write(given).catch(() => 0); return await this.ask(given); } }
class Catching extends Leaving { override async forward(given: Question): Promise<string> { try { return String(await Promise.all([this.ask(given), this.write(given)])); } catch { return 'no'; } } }
class Broken extends Operator<Question, string> { readonly x = new lab.Ask('bx', 'text'); readonly w = new lab.WriteA('bw', 'text');
  override async forward({ site, q }: Question): Promise<string> { const fails = async (): Promise<string> => { throw new Error(await this.x.invoke({ site: site + 'x', q })); };
    return String(await Promise.all([fails(), this.w.invoke({ site: site + 'w', q })])); } }
class Calm extends Operator<Question, string> { readonly inner = new Broken(); override async forward(given: Question): Promise<string> { try { return await this.inner.invoke(given); } catch { return 'no'; } } }
class Outer extends Operator<Question, string> { readonly inner = new Forgetting(); override async forward(given: Question): Promise<string> { return await this.inner.invoke(given); } }
`;
const going = `${fields} readonly leaving = new Leaving(); readonly racing = new Racing(); readonly forgetting = new Forgetting(); readonly catching = new Catching(); readonly outer = new Outer(); readonly calm = new Calm(); readonly broken = new Broken();`;

/** What follows `code`: calls that need not wait for it, and one that reads what it writes. */
const goesOn = (code: string): string =>
  `let l = ''; ${code} const m = await ${call('y', '3')}; const k = await ${call('v', '6')}; const n = await ${call('a', '7')}; const z = await ${call('ra', '4')}; return [l, m, k, n, z];`;

export const abandoned: readonly Regression[] = [
  {
    claim: 'the other members of a combinator go on when one has failed',
    fields,
    body: twice(`const [one] = ${BOTH}; console.log(one);`),
  },
  {
    claim: 'a started call goes on when another one fails before it is awaited',
    fields,
    body: twice(STARTED),
  },
  {
    claim: 'a function leaves behind what its combinator does, as its caller catches',
    fields,
    body: twice(
      `const both = async (): Promise<void> => { const [one] = ${BOTH}; console.log(one); }; await both();`,
    ),
  },
  {
    claim: 'a function that must be called, for it calls itself too often, leaves it behind, too',
    fields,
    body: twice(
      `const both = async (n: number): Promise<void> => { if (n > 0) return both(n - 1); const [one] = ${BOTH}; console.log(one); }; await both(5);`,
    ),
  },
  {
    claim: 'a function that handles the failure itself has ended when others go on',
    fields,
    body: `const both = async (n: number): Promise<void> => { if (n > 0) return both(n - 1); try { console.log(${BOTH}); } catch { console.log('failed'); } }; await both(5); ${meanwhile('y1', 'v1')} return await ${call('ra', '4')};`,
  },
  {
    claim: 'members go on while another member handles the failure of theirs',
    fields,
    body: `await Promise.allSettled([(async () => { console.log(${BOTH}); })(), ${call('a', '7')}]); ${meanwhile('y1', 'v1')} return await ${call('ra', '4')};`,
  },
  {
    claim: 'a combinator in a handler leaves members behind, too',
    fields,
    body: twice(
      `try { console.log(await ${call('a', '20')}); await ${call('b', '21')}; } catch { const [one] = ${BOTH}; console.log(one); }`,
    ),
  },
  {
    claim: 'what comes in any case, too, meets calls that the block has left behind',
    fields,
    body: `try { console.log(${BOTH}); } finally { ${meanwhile('y1', 'v1')} console.log(await ${call('ra', '4')}); } return 'done';`,
  },
  {
    claim: 'callbacks of a combinator that cannot fail log in the order in which their calls end',
    fields: `readonly pair = new lab.Pair('pair');`,
    body: settled('console.log(t, n);', 'r'),
  },
  {
    claim: 'callbacks of a combinator that cannot fail push in the order in which their calls end',
    fields: `readonly pair = new lab.Pair('pair');`,
    body: settled('seen.push(t);', '[r, seen]'),
  },
  {
    claim: 'functions that a combinator settles log in the order in which their calls end',
    fields: `readonly pair = new lab.Pair('pair');`,
    body: `const one = async (s: string): Promise<string> => { const n = await this.pair.invoke({ site: s, q: s }); console.log(s); return String(n); }; return await Promise.allSettled([one('1'), one('2')]);`,
  },
  {
    claim: 'an operator leaves behind who loses a race in it',
    module: GOING_ON,
    fields: going,
    body: goesOn(`l = await ${call('racing', '1')};`),
  },
  {
    claim: 'an operator leaves behind what it does not wait for',
    module: GOING_ON,
    fields: going,
    body: goesOn(`l = await ${call('forgetting', '1')};`),
  },
  {
    claim: 'an operator leaves behind what another one that it calls does',
    module: GOING_ON,
    fields: going,
    body: goesOn(`l = await ${call('outer', '1')};`),
  },
  {
    claim: 'an operator that handles a failure leaves others behind',
    module: GOING_ON,
    fields: going,
    body: goesOn(`l = await ${call('catching', '1')};`),
  },
  {
    claim: 'an operator that fails leaves others behind',
    module: GOING_ON,
    fields: going,
    body: goesOn(`try { l = await ${call('leaving', '1')}; } catch { l = 'failed'; }`),
  },
  {
    claim: 'an operator that handles the failure of another leaves behind what that does',
    module: GOING_ON,
    fields: going,
    body: goesOn(`l = await ${call('calm', '1')};`),
  },
  {
    claim: 'a function that must be called handles the failure of an operator that leaves others behind',
    module: GOING_ON,
    fields: going,
    body: goesOn(
      `const tries = async (n: number): Promise<string> => { if (n > 0) return tries(n - 1); try { return await ${call('broken', '1')}; } catch { return 'no'; } }; l = await tries(5);`,
    ),
  },
  {
    claim: 'a function in place of its call leaves behind what an operator does',
    module: GOING_ON,
    fields: going,
    body: `const both = async (): Promise<string> => { const a = await ${call('racing', '1')}; const m = await ${call('y', '3')}; return a + m; }; const a = await both(); const k = await ${call('v', '6')}; const z = await ${call('ra', '4')}; return [a, k, z];`,
  },
  {
    claim: 'an iteration meets what an operator has left behind in the one before',
    module: GOING_ON,
    fields: going,
    body: `const out: string[] = []; for (const t of input.tags) { out.push(await this.forgetting.invoke({ site: 'f' + t, q: t })); out.push(await this.y.invoke({ site: 'y' + t, q: t })); out.push(await this.ra.invoke({ site: 'r' + t, q: t })); } return out;`,
  },
];
