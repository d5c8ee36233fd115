/** Fields of the composite and variables around it, written by others or under another type. */
import { call, type Regression } from '../helpers/regression.ts';

const b = `const m = this.mode; const b = await ${call('b', '2', 'm')}; return [a, b];`;

export const fields: readonly Regression[] = [
  {
    claim: 'a field is written by an operator that holds the composite as an interface',
    module: `class SetMode extends Operator<Question, string> { readonly leaf = new lab.Ask('set', 'text'); constructor(readonly box: { mode: string }) { super(); }
      override async forward(i: Question) { const t = await this.leaf.invoke(i); this.box.mode = t; return t; } }`,
    fields: `mode = 'x'; readonly set = new SetMode(this);`,
    body: `const a = await ${call('set', '1')}; ${b}`,
  },
  {
    claim: 'a field is written by its name in brackets',
    fields: `mode = 'x';`,
    body: `const a = await ${call('a', '1')}; this['mode'] = a; ${b}`,
  },
  {
    claim: 'a field is written through a variable of a structural type',
    fields: `mode = 'x';`,
    body: `const a = await ${call('a', '1')}; const s: { mode: string } = this; s.mode = a; ${b}`,
  },
  {
    claim: 'a field is written by `Object.assign`',
    fields: `mode = 'x';`,
    body: `const a = await ${call('a', '1')}; Object.assign(this, { mode: a }); ${b}`,
  },
  {
    claim: 'a field is written by a closure that the constructor made',
    module: `class Note extends Operator<Question, string> { readonly leaf = new lab.Ask('note', 'text'); constructor(readonly cb: () => void) { super(); }
      override async forward(i: Question) { const t = await this.leaf.invoke(i); this.cb(); return t; } }`,
    fields:
      'mode = 0; readonly note: Note; constructor() { super(); this.note = new Note(() => { this.mode++; }); }',
    body: `const a = await ${call('note', '1')}; ${b}`,
  },
  {
    claim: 'a field of a generic base class is written by a method of the base',
    source: `
import { Operator, structuralJit } from 'xcs';
import * as lab from '../lab.ts';
abstract class Base<T> extends Operator<{ q: string }, unknown> { last: T | undefined; setLast(v: T) { this.last = v; } }
@structuralJit({ executionStrategy: 'parallel' })
class Sub extends Base<string> {
  readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text');
  override async forward(i: { q: string }): Promise<unknown> {
    const a = await this.a.invoke({ site: '1', q: i.q }); this.setLast(a); const m = this.last;
    const b = await this.b.invoke({ site: '2', q: String(m) }); return [a, m, b];
  }
}
export const create = () => ({ operator: new Sub(), input: { q: 'why' } });`,
  },
  {
    claim: 'a field of a base class in another file is written here',
    source: `
import { structuralJit } from 'xcs';
import * as lab from '../lab.ts';
import { Base } from './base.ts';
@structuralJit({ executionStrategy: 'parallel' })
class Sub extends Base {
  readonly a = new lab.Ask('a', 'text'); readonly b = new lab.Ask('b', 'text');
  override async forward(i: { q: string }): Promise<unknown> {
    const a = await this.a.invoke({ site: '1', q: i.q }); this.last = a; const m = this.last;
    const b = await this.b.invoke({ site: '2', q: String(m) }); return [a, m, b];
  }
}
export const create = () => ({ operator: new Sub(), input: { q: 'why' } });`,
  },
];

/** Files that the programs above import. */
export const otherFiles: Readonly<Record<string, string>> = {
  'base.ts': `
import { Operator } from 'xcs';
export abstract class Base extends Operator<{ q: string }, unknown> { last = 'none'; }`,
};

const assigned = (use: string): string =>
  `const a = await ${call('a', '0')}; total = a; ${use} const b = await ${call('b', '1', 'k')}; return [a, b];`;

export const variables: readonly Regression[] = [
  {
    claim: 'a variable of the module that a pattern declares is read after it is assigned',
    module: `let { total } = { total: 'none' };`,
    create: `total = 'none';`,
    body: assigned('const k = total;'),
  },
  {
    claim: 'a variable of the module that an array pattern declares is read after it is assigned',
    module: `let [total] = ['none'];`,
    create: `total = 'none';`,
    body: assigned('const k = total;'),
  },
  {
    claim: 'a variable of the module is read by a shorthand after it is assigned',
    module: `let total = 'none';`,
    create: `total = 'none';`,
    body: assigned('const o = { total }; const k = o.total;'),
  },
  {
    claim: 'a variable of the module is read by a shorthand after an operator has assigned it',
    module: `let total = 'none'; class SetTotal extends Operator<Question, string> { readonly leaf = new lab.Ask('set', 'text');
      override async forward(i: Question) { const t = await this.leaf.invoke(i); total = t; return t; } }`,
    fields: 'readonly set = new SetTotal();',
    create: `total = 'none';`,
    body: `const a = await ${call('set', '0')}; const o = { total }; const b = await ${call('b', '1', 'o.total')}; return [a, b];`,
  },
  {
    claim: 'a variable of the module is read by an initializer of a class after it is assigned',
    module: `let total = 'none'; class Item { id = total; }`,
    create: `total = 'none';`,
    body: assigned('const item = new Item(); const k = item.id;'),
  },
  {
    claim: 'a parameter of the function around is read after it is changed',
    source: `
import { structuralJit } from 'xcs';
import * as lab from '../lab.ts';
const ask = new lab.Ask('ask', 'text'); const ask2 = new lab.Ask('ask2', 'text');
function make(count: number) {
  return structuralJit(async (n: number) => {
    const a = await ask.invoke({ site: 'x', q: n }); count++; const k = count;
    const b = await ask2.invoke({ site: 'y', q: k }); return [a, b, k];
  }, { executionStrategy: 'parallel' });
}
export const create = () => { const f = make(1); return { operator: { invoke: (i: { n: number }) => f(i.n) }, input: { n: 2 } }; };`,
  },
];
