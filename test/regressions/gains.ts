/** Programs that were once slower than the law makes them. */
import { call, type Regression } from '../helpers/regression.ts';

const [a, b, c] = ['a', 'b', 'c'].map((name) => `await ${call(name, name)}`);
const write = `await ${call('write', 'w')}`;
const writer = `readonly write = new lab.WriteA('write', 'text');`;

/** What the body holds itself. */
const own: readonly Regression[] = [
  {
    claim: 'a call passes a write to a list in a field that only the body touches',
    fields: `${writer} readonly board: lab.Board = { notes: [] };`,
    body: `const x = ${write}; this.board.notes.push(x); const y = ${a}; return [x, y];`,
  },
];

/** Promises that are compared, or that nobody awaits. */
const started: readonly Regression[] = [
  {
    claim: 'a promise that is kept for a combinator, and its other members, pass a writer',
    fields: writer,
    body: `const x = ${write}; const p = ${call('a', 'a')}; const [y, z] = await Promise.all([p, ${call('b', 'b')}]); return [x, y, z];`,
  },
  {
    claim: 'promises that are kept for a combinator begin when all that their calls need is there',
    fields: writer,
    body: `const x = ${write}; const y = ${c}; const p = this.a.invoke({ site: 'a', q: y }); const q = this.b.invoke({ site: 'b', q: 'q' }); return [x, await Promise.all([p, q])];`,
  },
  {
    claim: 'calls pass one that is declared to be sequential and has lost a race',
    body: `const x = await Promise.race([${call('a', 'a')}, ${call('sequential', 's')}]); const y = ${b}; return [x, y];`,
  },
  {
    claim: 'calls pass a writer of a resource that nobody awaits',
    fields: writer,
    body: `void ${call('write', 'w')}; const x = ${a}; return [x, ${b}];`,
  },
];

const resources = `readonly r = new lab.ReadA('r', 'text'); readonly v = new lab.CopyAToB('v', 'text');`;

/** Calls that go on when the body does, of which others have no need to keep their distance. */
const inFlight: readonly Regression[] = [
  {
    claim: 'a reader passes the loser of a race that writes something else',
    fields: resources,
    body: `const x = await Promise.race([${call('a', 'a')}, ${call('v', 'v')}]); return [x, await ${call('r', 'r')}];`,
  },
  {
    claim: 'a writer and a log pass the loser of a race that reads something else',
    fields: `${writer} readonly o = new lab.ReadB('o', 'text');`,
    body: `const x = await Promise.race([${call('a', 'a')}, ${call('o', 'o')}]); const y = ${b}; console.log(y); const z = ${write}; return [x, z];`,
  },
  {
    claim: 'a call passes the loser of a race that changes what nobody else sees',
    fields: `readonly tag = new lab.Tag('tag0');`,
    body: `const x = await Promise.race([this.tag.invoke({ text: input.q, tags: ['f'], n: 1 }), ${call('b', 'b')}]); return [x.length, ${a}];`,
  },
  {
    claim: 'what a combinator begins passes what only one of its members may change',
    fields: `readonly tag = new lab.Tag('tag0');`,
    body: `const x = ${a}; const p = this.tag.invoke({ text: input.q, tags: ['f'], n: 1 }); const [y, z] = await Promise.all([p, this.b.invoke({ site: 'b', q: 'q', doc: input.doc })]); return [x, y, z];`,
  },
];

const shelf = `readonly read = new lab.ReadShelf('read', 'text');`;
const onOther = `await this.read.invoke({ site: 'r', q: input.q + input.n })`;

/** `Promise.allSettled` cannot fail. */
const settled: readonly Regression[] = [
  {
    claim: 'a writer passes calls whose failures are told',
    fields: writer,
    body: `const x = await Promise.allSettled([${call('a', 'a')}, ${call('b', 'b')}]); const y = ${write}; return [x.map((one) => one.status), y];`,
  },
  {
    claim: 'a writer passes calls that read something else and whose failures are told',
    fields: `${writer} readonly o = new lab.ReadB('o', 'text');`,
    body: `const x = await Promise.allSettled([${call('a', 'a')}, ${call('o', 'o')}]); console.log('x'); const y = ${write}; return [x.map((one) => one.status), y];`,
  },
  {
    claim: 'calls whose failures are told pass one that counts',
    fields: `readonly count = new lab.Counter('count');`,
    body: `const x = await ${call('count', 'n')}; const y = await Promise.allSettled([${call('a', 'a')}, ${call('b', 'b', '"k"')}]); return [x, y.map((one) => one.status)];`,
  },
  {
    claim: 'a writer waits for what is told of, if that writes, too',
    fields: writer,
    body: `const x = await Promise.allSettled([${call('a', 'a')}, ${call('write', 'v')}]); const y = ${write}; return [x.map((one) => one.status), y];`,
  },
  {
    claim: 'calls whose failures are told begin together, when all that they need is there',
    fields: `${writer} readonly pair = new lab.Pair('pair');`,
    body: `const z = ${c}; const x = await Promise.allSettled([${call('pair', 'p')}, ${call('b', 'b', 'z')}]); const y = ${write}; return [x.map((one) => one.status), y];`,
  },
];

const status = 'one.status === "fulfilled" ? one.value : one.status';

/** What cannot fail. */
const certain: readonly Regression[] = [
  {
    claim: 'a writer passes what goes through the results of calls whose failures are told',
    fields: writer,
    body: `const x = await Promise.allSettled([${call('a', 'a')}, ${call('b', 'b')}]); const l = x.map((one) => ${status}); const y = ${write}; return [l, y];`,
  },
];

/** Resources whose names depend on the input. */
const keyed: readonly Regression[] = [
  {
    claim: 'a call that reads what its input says passes a writer of something else',
    fields: `${writer} ${shelf}`,
    body: `const x = ${write}; const y = await this.read.invoke({ site: 'r', q: input.q }); return [x, y];`,
  },
  {
    claim:
      'a call that reads what its input says passes a writer of something else, and waits for one of the same',
    fields: `${writer} ${shelf}`,
    body: `const x = ${write}; const y = ${onOther}; return [x, y];`,
  },
  {
    claim: 'a call of an operator that is given passes a writer by what it is given itself',
    fields: `${writer} constructor(private readonly read: Operator<lab.Question, string>) { super(); }`,
    create: `const shared: Doc = { text: 'd', tags: ['e'], n: 1 };
      return { operator: new Program(new lab.ReadShelf('read', 'text')), input: { q: 'why', n: 3, tags: ['b', 'a'], doc: shared, same: shared } };`,
    body: `const x = ${write}; const y = await this.read.invoke({ site: 'r', q: \`\${input.q}\`, doc: input.doc }); return [x, y];`,
  },
  {
    claim: 'a call of an operator in a tuple passes a writer of something else by what it is given',
    fields: `${writer} readonly all = [new lab.ReadShelf('read', 'text')] as const;`,
    body: `const x = ${write}; const y = await this.all[0].invoke({ site: 'r', q: input.q }); return [x, y];`,
  },
  {
    claim: 'a call that reads what its input says passes writers of something else that are made together',
    fields: `${writer} ${shelf} readonly other = new lab.CopyAToB('other', 'text');`,
    body: `const x = await Promise.all(input.tags.map((one) => this.write.invoke({ site: one, q: one }))); const y = await this.read.invoke({ site: 'r', q: input.q }); return [x, y];`,
  },
  {
    claim: 'a call that reads what its input says waits for one of those that are made together',
    fields: `${writer} ${shelf} readonly other = new lab.CopyAToB('other', 'text');`,
    body: `const x = await Promise.all([${call('write', 'w')}, ${call('other', 'o')}]); const y = await this.read.invoke({ site: 'r', q: input.q }); const z = ${onOther}; return [x, y, z];`,
  },
  {
    claim: 'what is given to a call is evaluated in its order',
    fields: `${shelf} readonly seen: string[] = []; show(x: string): string { this.seen.push(x); return x; }`,
    body: `const y = await this.read.invoke({ site: input.q + 1, list: [input.q].concat(input.tags), q: input.tags.join('+') }); return [y, input.tags];`,
  },
  {
    claim: 'a call that reads any resource passes one that writes its own state',
    fields: `readonly count = new lab.Counter('count'); ${shelf}`,
    body: `const x = await this.count.invoke({ site: 'n', q: 'n' }); const y = await this.read.invoke({ site: 'r', q: 'r' }); return [x, y];`,
  },
];

/** What operators write by their bodies, and who reads what comes from outside. */
const state: readonly Regression[] = [
  {
    claim: 'a call that is given a document passes one that counts',
    fields: `readonly count = new lab.Counter('count');`,
    body: `const x = await ${call('count', 'n')}; const y = await this.a.invoke({ site: 'a', q: input.q, doc: input.doc }); return [x, y];`,
  },
  {
    claim: 'a call that is given text of a document passes one that writes a list',
    fields: `readonly board: lab.Board = { notes: [] }; readonly scribe = new lab.Scribe('scribe', this.board);`,
    body: `const x = await ${call('scribe', 'n')}; const y = await ${call('a', 'a', 'input.doc.text')}; return [x, y];`,
  },
  {
    claim: 'a call that is given the list that another writes waits for it',
    fields: `readonly board: lab.Board = { notes: [] }; readonly scribe = new lab.Scribe('scribe', this.board);`,
    create: `const shared: Doc = { text: 'd', tags: ['e'], n: 1 };
      return { operator, input: { q: 'why', n: 3, tags: operator.board.notes, doc: shared, same: shared } };`,
    body: `const x = await ${call('scribe', 'n')}; const y = await this.talk.invoke(input.tags); return [x, y];`,
  },
  {
    claim: 'a call that is given a document which another writes waits for it',
    module: `class Mark extends Operator<lab.Question, string> { readonly leaf = new lab.Ask('mark', 'text'); constructor(readonly kept: { doc: Doc }) { super(); }
      override async forward(question: lab.Question) { const text = await this.leaf.invoke(question); this.kept.doc.text = text; return text; } }`,
    fields: `readonly kept: { doc: Doc } = { doc: { text: 'd', tags: ['e'], n: 1 } }; readonly mark = new Mark(this.kept);`,
    create: `return { operator, input: { q: 'why', n: 3, tags: ['b'], doc: operator.kept.doc, same: operator.kept.doc } };`,
    body: `const x = await ${call('mark', 'n')}; const y = await this.judge.invoke(input.doc); return [x, y];`,
  },
];

/** What looks alike, and may not pass. */
export const kept: readonly Regression[] = [
  {
    claim: 'a call that reads what its input says waits for who writes a field of its operator',
    module: `class Shelf extends lab.Ask<'text'> { static override readonly effect = { reads: (question: lab.Question) => String(question.q) }; mode = 'none';
      override async forward(question: lab.Question, context: lab.CallContext) { return (await super.forward({ ...question, list: [this.mode] }, context)); } }
      class Tune extends Operator<lab.Question, string> { readonly leaf = new lab.Ask('leaf', 'text'); constructor(readonly shelf: Shelf) { super(); }
      override async forward(question: lab.Question) { const text = await this.leaf.invoke(question); this.shelf.mode = text; return text; } }`,
    fields: `readonly shelf: Shelf = new Shelf('shelf', 'text'); readonly tune = new Tune(this.shelf);`,
    body: `const x = await ${call('tune', 't')}; const y = await ${call('shelf', 's')}; return [x, y];`,
  },
  {
    claim:
      'a call whose failure is told reads fields of its own until it ends, whatever the body writes behind it',
    fields: `readonly board: lab.Board = { notes: [] }; readonly watcher = new lab.Watcher('watcher', this.board);`,
    body: `await Promise.allSettled([${call('watcher', 'w')}, ${call('a', 'a')}]); this.board.notes.push('y'); return await ${call('watcher', 'v')};`,
  },
  {
    claim:
      'a call whose failure is told reads fields of its own until it ends, whatever another operator writes',
    fields: `readonly board: lab.Board = { notes: [] }; readonly watcher = new lab.Watcher('watcher', this.board); readonly scribe = new lab.Scribe('scribe', this.board);`,
    body: `await Promise.allSettled([${call('watcher', 'w')}, ${call('a', 'a')}]); console.log('x'); return await ${call('scribe', 's')};`,
  },
  {
    claim: 'what a call that goes on changes is in what the body gives as it was as written',
    fields: `readonly tag = new lab.Tag('tag0');`,
    body: `const d = { text: 'd', tags: ['e'], n: 1 }; const x = await Promise.race([this.tag.invoke(d), ${call('a', 'a')}]); const y = ${b}; return { d, x, y };`,
  },
  {
    claim: 'what calls of a loop change that go on is in what the body gives as it was as written',
    fields: `readonly tag = new lab.Tag('tag0');`,
    body: `const all: Doc[] = []; for (const t of input.tags) { const d = { text: t, tags: ['e'], n: 1 }; all.push(d); void this.tag.invoke(d); } const x = ${a}; const y = ${b}; return { all, x, y };`,
  },
  {
    claim:
      'a write to what a call still holds whose failure is told waits for it, whatever else it waits for',
    fields: `readonly hidden = new lab.Undeclared('hidden', 'number'); readonly pair = new lab.Pair('pair');`,
    body: `const x = await Promise.allSettled([this.pair.invoke({ site: 'p', q: 'p', doc: input.doc }), ${call('a', 'a')}]);
      input.doc.n += await ${call('hidden', 'h')}; return x.map((one) => one.status);`,
  },
  {
    claim: 'a writer waits for what goes through results that have been changed',
    fields: writer,
    body: `const x: any[] = await Promise.allSettled([${call('a', 'a')}]); x.push(input.maybe); const l = x.map((one) => ${status}); const y = ${write}; return [l, y];`,
  },
];

export const gains: Readonly<Record<string, readonly Regression[]>> = {
  own,
  started,
  'in flight': inFlight,
  settled,
  certain,
  keyed,
  state,
};
