/** Programs that the compiler once got wrong where it cuts bodies and prints steps: each runs as the code as written does. */
import { describe, expect, it } from 'vitest';
import { printTrace } from './helpers/law.ts';
import { calm, print, type LitmusProgram } from './helpers/litmus.ts';
import { compilePairs, refute, schedules, type Pair } from './helpers/prove.ts';
import { runProgram } from './helpers/run-program.ts';

interface Regression extends LitmusProgram {
  readonly claim: string;
  /** When it ends, with latencies of 10 each and no failure. */
  readonly settlesAt?: number;
  /** The codes of all notes, in order. */
  readonly notes?: readonly string[];
}

const FIELDS = `
  readonly a = new lab.Ask('a', 'text');
  readonly b = new lab.Ask('b', 'text');
  readonly c = new lab.Ask('c', 'text');
  readonly fetch = new lab.Ask('fetch', 'doc');
  readonly many = new lab.Ask('many', 'list');
  readonly judge = new lab.Judge('judge');
  readonly edit = new lab.Edit('edit1');`;

const BUMP = `
class Bump extends Operator<Question, string> {
  readonly leaf = new lab.Ask('bump.leaf', 'text');
  readonly box: { n: number };
  constructor(box: { n: number }) { super(); this.box = box; }
  override async forward(input: Question): Promise<string> {
    this.box.n++;
    const text = await this.leaf.invoke(input);
    this.box.n++;
    return text;
  }
}`;
const BUMPING = 'readonly box = { n: 1 }; readonly bump = new Bump(this.box); x = 1; list: string[] = [];';

const a = `this.a.invoke({ site: 'a', q: input.q })`;
const b = `this.b.invoke({ site: 'b', q: input.q })`;
const c = `this.c.invoke({ site: 'c', q: input.q })`;
const fetch = `this.fetch.invoke({ site: 'f', q: input.q })`;

const names: readonly Regression[] = [
  {
    claim: 'a `var` of a loop is seen after it',
    body: `for (var i = 0; i < 2; i++) {} const x = await ${a}; return [x, i];`,
  },
  {
    claim: 'an enum of the body is seen after it',
    body: `enum Color { Red, Green } const x = await this.a.invoke({ site: 'a', q: Color.Green }); return [x, Color.Red, Color[1]];`,
  },
  {
    claim: 'a `var` may be assigned before it is declared',
    body: `x = 'one'; var x: string; const y = await this.a.invoke({ site: 'a', q: x }); return [x, y];`,
  },
  {
    claim: 'a `var` may be declared again',
    body: `var x = 'one'; const y = await ${a}; var x: string; return [x, y];`,
  },
  {
    claim: 'a `var` may be declared again with a value',
    body: `var x = 'one'; const y = await this.a.invoke({ site: 'a', q: x }); var x = 'two'; return [x, y];`,
  },
  {
    claim: 'the second parameter of a function may be left out',
    module: `const ask = new lab.Ask('asked', 'text');
      const given = structuralJit(async (q: string, context?: object): Promise<unknown> => {
        const x = await ask.invoke({ site: 'i', q }); const y = await ask.invoke({ site: 'j', q: typeof context }); return [x, y]; });`,
    body: 'return await given(input.q);',
  },
  {
    claim: 'the default of a parameter may name the one before it',
    module: `const ask = new lab.Ask('asked', 'text');
      const given = structuralJit(async (doc: { q: string }, context: object = { q: doc.q }): Promise<unknown> => {
        const x = await ask.invoke({ site: 'i', q: doc.q }); return [x, typeof context]; });`,
    body: 'return await given({ q: input.q }, undefined!);',
  },
  {
    claim: 'a pattern may name the parameter before it in its defaults',
    module: `const ask = new lab.Ask('asked', 'text');
      const given = structuralJit(async ({ q, r = q + '!' }: { q: string; r?: string }, { s = r }: { s?: string } = {}): Promise<unknown> => {
        const x = await ask.invoke({ site: 'i', q: r }); return [x, s]; });`,
    body: 'return await given({ q: input.q });',
  },
  {
    claim: 'a `var` of a nested block belongs to the body',
    body: `if (input.n > 0) { var x = 'one'; } const y = await ${a}; return [x!, y];`,
  },
  {
    claim: 'a class of the body extends a variable',
    body: `const Base = class { readonly n = 3; }; class Local extends Base {} const x = await ${a}; return [new Local().n, x];`,
  },
  {
    claim: 'a class of the body extends what is computed from `this`',
    fields: 'readonly k = 4;',
    module: 'function mix(n: number) { return class { readonly n = n; }; }',
    body: `class Local extends mix(this.k) {} const x = await ${a}; return [new Local().n, x];`,
  },
  {
    claim: 'a class of the body computes the names of its members from `this`',
    fields: `readonly k = 'go' as const;`,
    body: `const Local = class { [this.k]() { return 1; } }; const x = await ${a}; return [new Local().go(), Local.name, x];`,
  },
  {
    claim: 'a private name is looked for in what a call gave',
    fields: '#k = 1;',
    body: `const has = #k in (await ${fetch}); return [has, #k in this, this.#k];`,
  },
  {
    claim: 'functions and classes keep the names of their variables',
    body: `const add = (t: string) => t; const Local = class {}; const made = function () {}; const given = function own() {};
      const later = async () => {}; const x = await ${a};
      return [add.name, Local.name, made.name, given.name, later.name, (() => 1).name, x];`,
    settlesAt: 10,
  },
  {
    claim: '`arguments` is of the body',
    body: `const x = await ${a}; return [x, arguments.length];`,
    notes: [],
  },
  {
    claim: 'a property may be called `arguments`',
    body: `const args = { arguments: 2 }; const x = await ${a}; const y = await ${b}; return [x, y, args.arguments];`,
    settlesAt: 10,
  },
  {
    claim: '`forward` that is static is no `forward` of the instances',
    module: `class Base extends Operator<Input, unknown> {
      readonly one = new lab.Ask('plain1.one', 'text');
      override async forward(input: Input): Promise<unknown> { return [await this.one.invoke({ site: 'x', q: input.q })]; } }
    @structuralJit class Inner extends Base { static async forward(q: string): Promise<string> { console.log('static'); return q; } }`,
    fields: 'readonly inner = new Inner();',
    body: `const x = await ${a}; return [x, await this.inner.invoke(input)];`,
  },
  {
    claim: 'a function that is marked may call itself by its name',
    module: `const ask = new lab.Ask('walked', 'text');
    const walk = structuralJit(async function again(n: number): Promise<unknown[]> {
      const x = await ask.invoke({ site: 'w', q: n });
      return n > 0 ? [x, await again(n - 1)] : [x];
    });`,
    body: 'return await walk(input.n);',
  },
];

const order: readonly Regression[] = [
  {
    claim: 'a field is read before the call beside it in a list',
    module: BUMP,
    fields: BUMPING,
    body: `return [this.box.n, await this.bump.invoke({ site: 'x', q: input.q }), this.box.n];`,
  },
  {
    claim: 'a field is read before the call that it is added to',
    module: BUMP,
    fields: BUMPING,
    body: `const y = this.box.n + (await this.bump.invoke({ site: 'x', q: input.q })); return [y, this.box.n];`,
  },
  {
    claim: 'a list is found before the call whose result is pushed',
    fields: 'list: string[] = []; readonly all: string[][] = [this.list];',
    module: `class Swap extends Operator<Input, string> { owner: { list: string[] } | undefined;
      readonly leaf = new lab.Ask('swap.leaf', 'text');
      override async forward(input: Input): Promise<string> { const x = await this.leaf.invoke({ site: 's', q: input.q });
        if (this.owner) this.owner.list = []; return x; } }
      const swap = new Swap();`,
    create: '',
    body: `swap.owner = this; this.list.push(await swap.invoke(input)); return [this.list, this.all];`,
  },
  {
    claim: 'a template converts each value before the next call',
    body: 'const doc = { text: "d", tags: ["e"], n: 1 }; return `${doc.tags} ${await this.edit.invoke(doc)} ${doc.tags}`;',
  },
  {
    claim: 'a template converts a variable before the next call',
    body: 'const tags = ["e"]; const doc = { text: "d", tags, n: 1 }; return `${tags} ${await this.edit.invoke(doc)}`;',
  },
  {
    claim: 'a method that is looked up by a computed name keeps its receiver',
    fields: `readonly table = { suffix: '!', fmt(this: { suffix: string }, t: string) { return t + this.suffix; } };`,
    body: `return this.table['fmt'](await ${a});`,
  },
  {
    claim: 'an optional chain may end before it gets to the operator',
    body: `const h: { op: lab.Ask<'text'> } | undefined = input.n > 100 ? { op: this.a } : undefined;
      return [await h?.op.invoke({ site: 'a', q: 1 }), await ${b}];`,
  },
  {
    claim: 'an operator that is absent fails before its arguments are evaluated',
    fields: `k = 0; readonly ops = new Map<string, lab.Ask<'text'>>();`,
    body: `const x = await ${a}; const op = this.ops.get('nope'); return [x, await op!.invoke({ site: 's', q: this.k++ })];`,
  },
  {
    claim: 'an operator that is looked up and absent fails before its arguments are evaluated',
    fields: `k = 0; readonly ops = new Map<string, lab.Ask<'text'>>();`,
    body: `const x = await ${a}; const y = await this.ops.get('nope')!.invoke({ site: 's', q: this.k++ }); return [x, y];`,
  },
  {
    claim: 'an operator of a list that is absent fails before its arguments are evaluated',
    fields: `k = 0; readonly ops: lab.Ask<'text'>[] = [];`,
    body: `const x = await ${a}; const y = await this.ops[0]!.invoke({ site: 's', q: this.k++ }); return [x, y];`,
  },
  {
    claim: 'a field that is absent fails before the arguments are evaluated',
    fields: `k = 0; readonly gone?: lab.Ask<'text'>;`,
    body: `const x = await ${a}; const y = await this.gone!.invoke({ site: 's', q: this.k++ }); return [x, y];`,
  },
];

const later: readonly Regression[] = [
  {
    claim: 'a `then` that is awaited later assigns when it runs',
    body: `let size = 0; const pending = ${a}.then((x) => { size += x.length; }); const y = await ${b}; await pending; return [size, y];`,
  },
  {
    claim: 'a `catch` that is awaited later assigns when it runs',
    body: `let failed = 'no'; const pending = ${a}.catch(() => { failed = 'yes'; return 'none'; }); const y = await ${b}; const x = await pending; return [x, y, failed];`,
  },
  {
    claim: 'a `then` that is awaited at once may assign',
    body: `let size = 0; const x = await ${a}; await ${b}.then((y) => { size += y.length; }); return [x, size];`,
    settlesAt: 10,
  },
  {
    claim: 'a `then` within `Promise.all` may assign',
    body: `let size = 0; await Promise.all([${a}.then((y) => { size += y.length; }), ${b}]); return size;`,
  },
  {
    claim: 'a callback of `forEach` that nobody awaits assigns when it runs',
    body: `let count = 0; input.tags.forEach(async (tag) => { count += (await this.a.invoke({ site: 'a', q: tag })).length; });
      const y = await ${b}; return [count, y];`,
  },
  {
    claim: 'a member of `Promise.all` goes on when another has failed',
    body: `let size = 0; try { await Promise.all([${a}.then((x) => { size += x.length; }), ${b}]); } catch { size += 100; }
      const y = await ${c}; return [size, y];`,
  },
  {
    claim: 'members of `Promise.allSettled` have ended when it has',
    body: `let size = 0; await Promise.allSettled([${a}.then((x) => { size += x.length; }), ${b}]); const y = await ${c}; return [size, y];`,
    settlesAt: 10,
  },
  {
    claim: 'an operator is looked up before its arguments are awaited',
    fields: `readonly ops = new Map<string, lab.Ask<'text'>>();`,
    body: `const x = await ${a}; const op = this.ops.get('nope')!; return [x, await op.invoke({ site: 's', q: await ${b} })];`,
  },
  {
    claim: 'an operator of a Map is looked up before its arguments are awaited',
    fields: `readonly ops = new Map<string, lab.Ask<'text'>>();`,
    body: `const x = await ${a}; return [x, await this.ops.get('nope')!.invoke({ site: 's', q: await ${b} })];`,
  },
  {
    claim: 'a function may call itself by the name of its variable',
    body: `const down = (n: number): number => (n > 0 ? down(n - 1) : n); const x = await ${a}; const y = await ${b}; return [x, y, down(3)];`,
    settlesAt: 10,
  },
  {
    claim: 'a function in another may use the variable that holds it',
    module: 'function twice<F>(f: F): F { return f; }',
    body: `const down = twice((n: number): number => (n > 0 ? down(n - 1) : n)); const x = await ${a}; return [x, down(3)];`,
  },
  {
    claim: 'a function in what an awaited branch gives may use the variable that holds it',
    module: 'function later<F>(f: F): F { return f; }',
    body: `const f: () => string = input.n > 2 ? later((await ${a}) === '' ? () => 'x' : () => typeof f) : () => 'y'; const x = await ${b}; return [f(), x];`,
  },
  {
    claim: 'a function that an operator is given may use what it answers',
    fields: `readonly instant = new Taker();`,
    module: `class Taker extends Operator<() => unknown, () => unknown> { override async forward(f: () => unknown): Promise<() => unknown> { return f; } }`,
    body: `const self: () => unknown = await this.instant.invoke(() => typeof self); const x = await ${a}; return [x, self()];`,
  },
  {
    claim: 'a call that nobody awaits may fail unhandled',
    body: `void ${a}; return await ${b};`,
  },
  {
    claim: 'a call without `void` that nobody awaits may fail unhandled',
    body: `const x = await ${c}; ${a}; return [x, await ${b}];`,
  },
  {
    claim: 'members that take no time end in the order as written',
    fields: `readonly instant = new lab.Instant('instant', 'text'); readonly hasty = new lab.Hasty('hasty', 'text');`,
    body: `return await Promise.race([${a}, this.instant.invoke({ site: 'i', q: 1 }), this.hasty.invoke({ site: 'h', q: 1 })]);`,
  },
  {
    claim: 'a promise that is not awaited yet fails in time',
    body: `let out = ''; const z = await ${c}; { const p = ${a}; const y = await ${b}; out = y + (await p); } return [z, out];`,
  },
];

const shapes: readonly Regression[] = [
  {
    claim: 'a local function does not leave the body',
    body: `function loud(t: string): string { if (t === '') throw new Error('empty'); return t.toUpperCase(); }
      const x = await this.a.invoke({ site: 'a', q: loud(input.q) }); const y = await this.b.invoke({ site: 'b', q: loud(input.q) }); return [x, y];`,
    settlesAt: 10,
    notes: [],
  },
  {
    claim: 'a local class does not leave the body',
    body: `class Loud { up(t: string): string { return t.toUpperCase(); } }
      const x = await ${a}; const y = await ${b}; return [x, y, new Loud().up(input.q)];`,
  },
  {
    claim: 'an assignment between calls keeps its statement in one step',
    body: `let turn = 0; const list = [turn++, (await ${a}).length, turn++]; const x = await ${b}; return [list, turn, x];`,
    settlesAt: 10,
    notes: ['XCS2007'],
  },
  {
    claim: 'an assignment in an argument keeps its statement in one step',
    body: `let turn = 0; const x = await this.a.invoke({ site: 'a', q: turn++ }); const y = await this.b.invoke({ site: 'b', q: turn }); return [x, y, turn];`,
    notes: ['XCS2007'],
  },
  {
    claim: 'a result is put under a constant key of a new object',
    body: `const found: Record<string, string> = {}; found['first'] = await ${a}; found.second = await ${b}; return found;`,
    settlesAt: 10,
    notes: [],
  },
  {
    claim: 'a result is put at a constant index of a new list',
    body: `const found: string[] = []; found[0] = await ${a}; found[1] = await ${b}; return found;`,
    settlesAt: 10,
    notes: [],
  },
  {
    claim: 'an optional call is one step among others',
    fields: `readonly maybe?: lab.Ask<'text'> = new lab.Ask('maybe', 'text');`,
    body: `const x = await this.maybe?.invoke({ site: 'm', q: 1 }); const z = await ${a}; return [x, z];`,
    settlesAt: 10,
    notes: [],
  },
  {
    claim: 'an optional call of what is absent gives nothing',
    fields: `readonly gone?: lab.Ask<'text'>;`,
    body: `const x = await this.gone?.invoke({ site: 'm', q: 1 }); const z = await ${a}; return [x, z];`,
  },
  {
    claim: 'a marked function counts as what its body shows when another calls it',
    module: `const ask = new lab.Ask('asked', 'text');
      const inner = structuralJit(async (q: string): Promise<string> => await ask.invoke({ site: 'i', q }));
      const outer = structuralJit(async (q: string): Promise<string[]> => { const x = await inner(q); const y = await inner(q + q); return [x, y]; });`,
    body: 'const x = await outer(input.q); const y = await outer(input.q + 1); return [x, y];',
    settlesAt: 10,
  },
  {
    claim: 'a short circuit around a call is cut',
    body: `const x = input.n > 2 && (await ${a}); return [x, await ${b}];`,
    notes: [],
  },
  {
    claim: 'a spread before a call is explained',
    body: `const x = [...input.tags, await ${a}]; return [x, await ${b}];`,
    notes: ['XCS2007'],
  },
  {
    claim: 'a closure over a variable that changes leaves what follows in steps of its own',
    body: `let held = input.q; const read = () => held + '!'; const x = await ${a}; held = x;
      const y = await this.b.invoke({ site: 'b', q: read() }); const z = await ${c}; return [y, z, read(), held];`,
  },
];

describe.each([
  ['names', names],
  ['the order of evaluation', order],
  ['what runs later', later],
  ['how a body is cut', shapes],
] as const)('regressions: %s', (_, programs) => {
  const pairs = compilePairs(
    programs.map(({ fields = '', ...program }) => print({ ...program, fields: FIELDS + fields })),
  );
  const cases = programs.flatMap((program, i) => {
    const pair = pairs[i];
    return pair === undefined ? [] : [{ ...program, pair }];
  });

  it.each(cases)('$claim', async ({ pair, settlesAt, notes }) => {
    const descriptor = pair.descriptors.find(({ name }) => name === 'Program');
    const verdict = {
      diagnostics: pair.diagnostics,
      differences: await differences(pair),
      settlesAt: settlesAt === undefined ? undefined : (await calm(pair)).settledAt,
      notes: notes === undefined ? undefined : descriptor?.notes.map(({ code }) => code),
    };
    expect(verdict).toEqual({ diagnostics: [], differences: '', settlesAt, notes });
  });
});

it('a call that nobody awaits fails unhandled, with `void` and without', async () => {
  const bodies = [`void ${a}; return await ${b};`, `${a}; return await ${b};`];
  const schedule = { seed: 1, failureRate: 1, latency: 'equal' } as const;
  for (const pair of compilePairs(bodies.map((body) => print({ fields: FIELDS, body })))) {
    // oxlint-disable-next-line no-await-in-loop -- one world at a time
    const { unhandled } = await runProgram(pair.compiled, schedule);
    expect(unhandled.map(String)).toEqual([expect.stringMatching(/^Error: a /)]);
  }
});

async function differences(pair: Pair): Promise<string> {
  const found = await refute(pair, schedules(60));
  if (found === undefined) return '';
  const { violations, written, compiled } = found;
  return [
    ...violations.map(({ clause, message }) => `${clause}: ${message}`),
    printTrace(written),
    printTrace(compiled),
    pair.outputText,
  ].join('\n');
}
