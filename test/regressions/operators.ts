/** The operator that is called is not the one that the compiler could have taken it for. */
import { call, type Regression } from '../helpers/regression.ts';

const WRAP = `class Wrap extends Operator<Question, string> { constructor(public inner: Operator<Question, string>) { super(); }
  override async forward(i: Question) { return await this.inner.invoke(i); } }`;
const a = `const a = await ${call('a', '0')};`;
const LOGGED = `class Logged extends Operator<Question, string> { static override readonly effect = 'unordered' as const;
  readonly log = new lab.Sequential('logged', 'text'); override async forward(i: Question) { return 'x'; } }`;

const SWAP = `interface Host { current: Operator<Question, string> }
class Swap extends Operator<Question, string> { readonly leaf = new lab.Ask('leaf', 'text'); constructor(readonly host: Host, readonly other: Operator<Question, string>) { super(); }
  override async forward(i: Question) { const t = await this.leaf.invoke(i); this.host.current = this.other; return t; } }`;
const SWAPPED = `readonly host: Host = { current: this.b }; readonly swap = new Swap(this.host, this.c);`;

const HIDDEN_SWAP = `class HiddenSwap extends Operator<Question, string> { readonly leaf = new lab.Ask('leaf', 'text'); host?: any; other?: any;
  override async forward(i: Question) { const t = await this.leaf.invoke(i); this.host['pres' + 'ently'] = this.other; return t; } }`;

export const replaced: readonly Regression[] = [
  {
    claim: 'an operator that another one puts into a field is the one that is called',
    module: SWAP,
    fields: SWAPPED,
    body: `${a} const s = await ${call('swap', 's')}; const b = await this.host.current.invoke({ site: '1', q: input.q }); return [a, s, b];`,
  },
  {
    claim: 'an operator that another one puts into a field unseen is the one that is read there',
    module: HIDDEN_SWAP,
    fields: 'presently: Operator<Question, string> = this.b; readonly swap = new HiddenSwap();',
    create: `Object.assign(operator.swap, { host: operator, other: operator.c });
      return { operator, input: { q: 'why', n: 3, tags: ['b', 'a'], doc: { text: 'd', tags: ['e'], n: 1 } } };`,
    body: `const s = await ${call('swap', 's')}; const op = this.presently; const b = await op.invoke({ site: '1', q: input.q }); return [s, b];`,
  },
  {
    claim: 'an operator that another one puts into a field is the one that is read there',
    module: SWAP,
    fields: SWAPPED,
    body: `${a} const s = await ${call('swap', 's')}; const op = this.host.current; const b = await op.invoke({ site: '1', q: input.q }); return [a, s, b];`,
  },
  {
    claim: 'an operator of the body counts as what it wraps',
    module: WRAP,
    body: `const w = new Wrap(this.sequential); ${a} const b = await w.invoke({ site: '1', q: input.q }); return [a, b];`,
  },
  {
    claim: 'an operator that is called where it is made counts as what it wraps',
    module: WRAP,
    body: `${a} const b = await new Wrap(this.sequential).invoke({ site: '1', q: input.q }); return [a, b];`,
  },
  {
    claim: 'an operator whose inner one the body replaces counts as the new one',
    module: WRAP,
    fields: 'readonly wrap = new Wrap(this.b);',
    body: `this.wrap.inner = this.sequential; ${a} const b = await ${call('wrap', '1')}; return [a, b];`,
  },
  {
    claim: 'an operator of a list that the body replaces under another name counts as the new one',
    fields: 'readonly ops: Operator<Question, string>[] = [this.b];',
    body: `const ds: Operator<Question, string>[] = this.ops; ds[0] = this.sequential; ${a}
      const b = await this.ops[0]!.invoke({ site: '1', q: input.q }); ds[0] = this.b; return [a, b];`,
  },
  {
    claim: 'an operator of a list that a function replaces counts as the new one',
    module:
      'function swap(list: Operator<Question, string>[], op: Operator<Question, string>) { list[0] = op; }',
    fields: 'readonly ops: Operator<Question, string>[] = [this.b];',
    body: `swap(this.ops, this.sequential); ${a} const b = await this.ops[0]!.invoke({ site: '1', q: input.q }); return [a, b];`,
  },
  {
    claim: 'an operator in a field of one of a list counts as itself',
    module: LOGGED,
    fields: 'readonly ops = [new Logged(), new Logged()];',
    body: `${a} const k = input.n - 3; const b = await this.ops[k]!.log.invoke({ site: '1', q: input.q }); return [a, b];`,
  },
  {
    claim: 'an operator in a field of one that a loop takes from a list counts as itself',
    module: LOGGED,
    fields: 'readonly ops = [new Logged()];',
    body: `${a} const out: string[] = []; for (const o of this.ops) out.push(await o.log.invoke({ site: '1', q: input.q })); return [a, out];`,
  },
  {
    claim: 'two operators whose long paths begin alike are two',
    fields: `readonly configurationOfOperators = { operatorsByDepartmentAndByPurposeOfUseInProduction: {
      first: new lab.Ask('first', 'text'), second: new lab.Sequential('second', 'text') } };`,
    body: `${a} const b = await this.configurationOfOperators.operatorsByDepartmentAndByPurposeOfUseInProduction.first.invoke({ site: '1', q: input.q });
      const c = await this.configurationOfOperators.operatorsByDepartmentAndByPurposeOfUseInProduction.second.invoke({ site: '2', q: input.q }); return [a, b, c];`,
  },
  {
    claim: 'an operator that a registry with a method `get` gives may be any',
    module: `class Registry { #all = new Map<string, Operator<Question, string>>();
      add(k: string, o: Operator<Question, string>) { this.#all.set(k, o); return this; } get(k: string): Operator<Question, string> { return this.#all.get(k)!; } }`,
    fields: `readonly registry = new Registry().add('x', this.sequential);`,
    body: `const o = this.registry.get('x'); ${a} const b = await o.invoke({ site: '1', q: input.q }); return [a, b];`,
  },
  {
    claim: 'an operator that a registry makes is none of those that it holds',
    module: `class Registry { readonly first: Operator<Question, string>;
      constructor(readonly make: () => Operator<Question, string>, first: Operator<Question, string>) { this.first = first; }
      get(k: string): Operator<Question, string> { return this.make(); } }`,
    fields: 'readonly registry = new Registry(() => this.sequential, this.a);',
    body: `const o = this.registry.get('x'); ${a} const b = await o.invoke({ site: '1', q: input.q }); return [a, b];`,
  },
  {
    claim: 'an operator whose `forward` the body replaces does what the new one does',
    fields: `readonly patched = new lab.Ask('patched', 'text');`,
    body: `(this.patched as any).forward = async (i: Question) => { console.log('patched'); return 'p'; }; ${a}
      const b = await ${call('patched', '2')}; return [a, b];`,
  },
];

const HOLDING = (declared: string, after: string): string =>
  `class Holding extends Operator<Question, string> { ${declared} n = 0; constructor(readonly doc: Doc, readonly leaf: lab.Ask<'text'>) { super(); }
    override async forward(i: Question) { const t = await this.leaf.invoke(i); ${after} } }`;
const DOC = `const doc = { text: 'x', tags: ['a'], n: 0 }; const t = new Holding(doc, this.a); const a = await t.invoke({ site: '1', q: 'k' });`;
const UNORDERED = `static override readonly effect = 'unordered' as const;`;

export const madeInTheBody: readonly Regression[] = [
  {
    claim: 'an operator of the body counts its calls',
    module: HOLDING('', 'this.n++; return t + this.n;'),
    body: `${DOC} const n = t.n; const b = await t.invoke({ site: '2', q: String(n) }); return [a, b, t.n];`,
  },
  {
    claim: 'an operator of the body changes what it was given',
    module: HOLDING('', 'this.doc.n++; return t;'),
    body: `${DOC} const n = doc.n; const b = await ${call('b', '2', 'String(n)')}; return [a, b, doc];`,
  },
  {
    claim: 'what an operator of the body was given is changed between two calls',
    module: HOLDING(UNORDERED, 'return t + this.doc.n;'),
    body: `${DOC} doc.n = 5; const b = await t.invoke({ site: '2', q: 'k' }); return [a, b];`,
  },
  {
    claim: 'what an operator of the body was given is changed before its first call',
    module: HOLDING(UNORDERED, 'return t + this.doc.n + this.doc.text;'),
    body: `const doc = { text: 'x', tags: ['a'], n: 0 }; const t = new Holding(doc, this.a); const b = await ${call('b', '0')}; doc.text = b;
      const a = await t.invoke({ site: '1', q: 'k' }); return [a, b];`,
  },
  {
    claim: 'a list that an operator of the body was given is changed after its call',
    module: `class Holder extends Operator<string, string> { ${UNORDERED} readonly leaf = new lab.Talk('held'); constructor(readonly words: string[]) { super(); }
      override async forward(q: string) { return await this.leaf.invoke(this.words); } }`,
    body: `const words = ['early']; const holder = new Holder(words); const a = await holder.invoke(input.q); words.push('late');
      const b = await ${call('b', '1', 'words.length')}; return [a, b];`,
  },
];
