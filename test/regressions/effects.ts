/** What operators do by their visible bodies: state that they share, and arguments that they change. */
import { call, type Regression } from '../helpers/regression.ts';

const QUESTION = (name: string, members: string, forward: string): string =>
  `class ${name} extends Operator<Question, string> { ${members} override async forward(i: Question) { ${forward} } }\n`;

// Given a constant: who is given the input waits for writers of state for that reason alone.
const addAndRead = `const x = await ${call('add', '1', '"k"')}; const t = await ${call('read', '2', '"k"')}; return [x, t];`;

const ADD = QUESTION(
  'Add',
  `readonly leaf = new lab.Ask('added', 'text');`,
  `const t = await this.leaf.invoke(i); total += t.length; cache.set('k', t); return t;`,
);
const MODULE = `let total = 0; const cache = new Map<string, string>();\n${ADD}`;
const moduleState = { create: 'total = 0; cache.clear();' };

const GROW = `interface Box { n: number; list: string[] }
${QUESTION(
  'Grow',
  `readonly leaf = new lab.Ask('grown', 'text'); constructor(readonly box: Box) { super(); }`,
  `const t = await this.leaf.invoke(i); this.box.n += t.length; this.box.list.push(t); return t;`,
)}`;
const shared = (parameter: string, forward: string, argument: string): Omit<Regression, 'claim'> => ({
  module: GROW + QUESTION('Show', `constructor(${parameter}) { super(); }`, forward),
  fields: `readonly box: Box = { n: 0, list: [] }; readonly boxes = [this.box]; readonly add = new Grow(this.box); readonly read = new Show(${argument});`,
  body: addAndRead,
});

const given = (declared: string): Omit<Regression, 'claim'> => ({
  module: `${GROW} class Give extends Operator<Question, Box> { ${declared} constructor(readonly box: Box) { super(); }
    override async forward(i: Question) { return this.box; } }`,
  fields:
    'readonly box: Box = { n: 0, list: [] }; readonly grow = new Grow(this.box); readonly give = new Give(this.box);',
  body: `const b = await ${call('give', '0')}; const x = await ${call('grow', '1')}; const t = await this.a.invoke({ site: 'y', q: b.n }); return [x, t];`,
});

export const sharedState: readonly Regression[] = [
  {
    claim: 'a variable of the module that one operator adds to is read by another after it',
    module: MODULE + QUESTION('Total', '', `return 'total' + total;`),
    fields: 'readonly add = new Add(); readonly read = new Total();',
    body: `const y = await ${call('read', '0')}; const x = await ${call('add', '1')}; const t = await ${call('read', '2')}; return [y, x, t];`,
    ...moduleState,
  },
  {
    claim: 'a Map of the module that one operator fills is read by another after it',
    module: MODULE + QUESTION('Cached', '', `return cache.get('k') ?? 'none';`),
    fields: 'readonly add = new Add(); readonly read = new Cached();',
    body: addAndRead,
    ...moduleState,
  },
  {
    claim: 'a variable of the module that a function operator adds to is read by another after it',
    module: `let n = 0; const leaf = new lab.Ask('added', 'text');
      const add = operator(async (i: Question) => { const t = await leaf.invoke(i); n += t.length; return t; });
      const read = operator(async (i: Question) => 'n' + n);`,
    create: 'n = 0;',
    body: `await add({ site: '1', q: 'k' }); const t = await read({ site: '2', q: 'k' }); return t;`,
  },
  {
    claim: 'a variable around function operators that one adds to is read by another after it',
    module: `const leaf = new lab.Ask('added', 'text');
      function make() { let n = 0; return { reset: () => { n = 0; },
        add: operator(async (i: Question) => { const t = await leaf.invoke(i); n += t.length; return t; }),
        read: operator(async (i: Question) => 'n' + n) }; }
      const made = make();`,
    create: 'made.reset();',
    body: `await made.add({ site: '1', q: 'k' }); const t = await made.read({ site: '2', q: 'k' }); return t;`,
  },
  {
    claim: 'a static field that one operator adds to is read by another after it',
    module: `class Kept { static n = 0; }
      ${QUESTION('Add', `readonly leaf = new lab.Ask('added', 'text');`, 'const t = await this.leaf.invoke(i); Kept.n += t.length; return t;')}
      ${QUESTION('Read', '', `return 'n' + Kept.n;`)}`,
    fields: 'readonly add = new Add(); readonly read = new Read();',
    create: 'Kept.n = 0;',
    body: `const z = await ${call('add', '0')}; const k = Kept.n; const b = await ${call('b', '1', 'k')}; const c = await ${call('read', '2')}; return [z, b, c];`,
  },
  {
    claim: 'an object that one operator changes is read by another that iterates over a list of such objects',
    ...shared(
      'readonly boxes: Box[]',
      `let s = 0; for (const b of this.boxes) s += b.n; return 's' + s;`,
      'this.boxes',
    ),
  },
  {
    claim: 'an object that one operator changes is read by another that maps a list of such objects',
    ...shared('readonly boxes: Box[]', 'return this.boxes.map((b) => b.n).join();', 'this.boxes'),
  },
  {
    claim: 'an object that one operator changes is read by another that chooses between two',
    ...shared(
      'readonly box: Box, readonly other: Box',
      `const b = i.site ? this.box : this.other; return 'n' + b.n;`,
      'this.box, this.box',
    ),
  },
  {
    claim: 'an object that one operator changes is read by another that takes it from `this` by a pattern',
    ...shared('readonly box: Box', `const { box } = this; return 'n' + box.n;`, 'this.box'),
  },
  {
    claim: 'an object deep inside that one operator changes is read by another that prints the whole',
    module: `interface Box { n: number; list: string[] }
      ${QUESTION('Add', `readonly leaf = new lab.Ask('added', 'text'); constructor(readonly list: string[]) { super(); }`, 'const t = await this.leaf.invoke(i); this.list.push(t); return t;')}
      ${QUESTION('Show', 'constructor(readonly box: Box) { super(); }', 'return JSON.stringify(this.box);')}`,
    fields:
      'readonly box: Box = { n: 0, list: [] }; readonly add = new Add(this.box.list); readonly read = new Show(this.box);',
    body: addAndRead,
  },
  { claim: 'an object that an operator gives from its state is changed by another', ...given('') },
  {
    claim: 'an object that a declared operator gives from its state is changed by another',
    ...given(`static override readonly effect = 'unordered' as const;`),
  },
  {
    claim: 'an operator that holds part of the input changes it',
    module: GROW,
    fields: 'grow!: Grow;',
    create: `const input = { q: 'why', n: 3, tags: ['b'], doc: { text: 'd', tags: [], n: 1, list: [] } };
      Object.assign(operator, { grow: new Grow(input.doc as any) }); return { operator, input };`,
    body: `const x = await ${call('grow', '1')}; const k = input.doc.n; const t = await ${call('a', '1', 'k')}; return [x, t];`,
  },
  {
    claim: 'an object that one operator changes is read by another that declares to be unordered',
    module: `${QUESTION('Grow', `readonly leaf = new lab.Ask('grown', 'text'); constructor(readonly box: Doc) { super(); }`, 'const t = await this.leaf.invoke(i); this.box.tags.push(t); return t;')}
      ${QUESTION('Show', `static override readonly effect = 'unordered' as const; constructor(readonly box: Doc) { super(); }`, 'return this.box.tags.join();')}`,
    fields: `readonly box: Doc = { text: 't', tags: [], n: 0 }; readonly add = new Grow(this.box); readonly read = new Show(this.box);`,
    body: addAndRead,
  },
];

const HELD = `readonly box: Doc = { text: 't', tags: [], n: 0 }; readonly x = new X(this.box);`;
const X = (edit: string): string =>
  QUESTION(
    'X',
    `readonly edit = ${edit}; constructor(readonly box: Doc) { super(); }`,
    'return await this.edit.invoke(this.box);',
  );
const INNER = `class Inner extends Operator<Doc, string> { readonly leaf = new lab.Ask('inner', 'text');
  override async forward(d: Doc) { const t = await this.leaf.invoke({ site: 'm', q: d.text }); d.n += t.length; return t; } }`;

export const subOperators: readonly Regression[] = [
  {
    claim: 'an operator changes an object of its own through one that declares to mutate',
    module: X(`new lab.Edit('inner')`),
    fields: HELD,
    body: `const a = await ${call('x', '0', '"k"')}; const k = this.box.tags.length; const b = await ${call('b', '1', 'k')}; return [a, b];`,
  },
  {
    claim: 'an operator changes an object of its own through one that shows it',
    module: INNER + X('new Inner()'),
    fields: HELD,
    body: `const a = await ${call('x', '0', '"k"')}; const k = this.box.n; const b = await ${call('b', '1', 'k')}; return [a, b];`,
  },
  {
    claim: 'an operator changes through another what a third one reads',
    module:
      X(`new lab.Edit('inner')`) +
      QUESTION('Y', 'constructor(readonly box: Doc) { super(); }', 'return this.box.tags.join();'),
    fields: `${HELD} readonly y = new Y({ ...this.box, tags: this.box.tags });`,
    body: `const a = await ${call('x', '0', '"k"')}; const b = await ${call('y', '1', '"k"')}; return [a, b];`,
  },
];

const MUTATE = `const doc = { text: input.q, tags: ['x'], n: 0 }; const t = await this.mutate.invoke(doc);
  const k = doc.n; const l = doc.tags.length; const s = await ${call('b', '1', 'k + l')}; return [t, s, doc];`;
const mutating = (code: string): Omit<Regression, 'claim'> => ({
  module: `class Mutate extends Operator<Doc, string> { readonly leaf = new lab.Ask('mutated', 'text'); readonly echo = new lab.Echo('mutate.echo');
    cached: Doc | undefined; constructor(readonly own: Doc) { super(); }
    override async forward(doc: Doc) { const t = await this.leaf.invoke({ site: 'm', q: doc.text }); ${code} return t; } }`,
  fields: `readonly mutate = new Mutate({ text: '', tags: [], n: 0 });`,
  body: MUTATE,
});

export const mutatedArguments: readonly Regression[] = [
  {
    claim: 'an operator changes its argument or something else',
    ...mutating('const d = this.cached ?? doc; d.n = 5;'),
  },
  {
    claim: 'an operator changes its argument in a list',
    ...mutating('for (const d of [this.own, doc]) d.n = 5;'),
  },
  {
    claim: 'an operator changes its argument in a Map',
    ...mutating(`new Map([['a', doc], ['b', this.own]]).get('a')!.n = 5;`),
  },
  {
    claim: 'an operator changes part of its argument',
    ...mutating('[this.own.tags, doc.tags][1]!.push(t);'),
  },
  {
    claim: 'an operator changes its argument as what another gave back',
    ...mutating('const d = await this.echo.invoke(doc) as Doc; d.n = 5;'),
  },
  {
    claim: 'an operator hands its argument to a method that changes it',
    ...mutating('const o = { set(d: Doc) { d.n = 5; } }; o.set(doc);'),
  },
];
