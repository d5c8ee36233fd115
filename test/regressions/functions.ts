/** Functions that are handed over, functions that are marked, and the `this` that they see. */
import { call, type Regression } from '../helpers/regression.ts';

const CALLING = `class Calling extends Operator<{ q: string; cb: (t: string) => void }, string> { static override readonly effect = 'unordered' as const;
  readonly leaf = new lab.Ask('calling', 'text');
  override async forward({ q, cb }: { q: string; cb: (t: string) => void }) { const t = await this.leaf.invoke({ site: 'cb', q }); cb(t); return t; } }`;
const calling = (cb: string, tokens: string): string =>
  `const a = await this.calling.invoke({ q: input.q, cb: ${cb} }); const n = ${tokens}.length; const b = await ${call('b', '2', 'n')}; return [a, b];`;
const EMITTING = `class Emitter { listeners: ((t: string) => void)[] = []; on(f: (t: string) => void) { this.listeners.push(f); }
    fire(t: string) { for (const f of this.listeners) f(t); } }
  class Emit extends Operator<Question, string> { readonly leaf = new lab.Ask('emit', 'text'); constructor(readonly emitter: Emitter) { super(); }
    override async forward(i: Question) { const t = await this.leaf.invoke(i); this.emitter.fire(t); return t; } }`;
const emitting = (declaration: string): Omit<Regression, 'claim'> => ({
  module: EMITTING,
  fields: 'readonly emitter = new Emitter(); readonly emit = new Emit(this.emitter);',
  body: `const out: string[] = []; ${declaration} this.emitter.on(add); const a = await ${call('emit', '1')}; const n = out.length;
    const b = await ${call('b', '2', 'n')}; return [a, b];`,
});

export const callbacks: readonly Regression[] = [
  {
    claim: 'a function of the module that a call is given changes what it changes',
    module: `const tokens: string[] = []; function record(t: string) { tokens.push(t); } ${CALLING}`,
    fields: 'readonly calling = new Calling();',
    create: 'tokens.length = 0;',
    body: calling('record', 'tokens'),
  },
  {
    claim: 'a function in a field that a call is given changes what it changes',
    module: CALLING,
    fields:
      'readonly calling = new Calling(); readonly tokens: string[] = []; readonly onToken = (t: string) => { this.tokens.push(t); };',
    body: calling('this.onToken', 'this.tokens'),
  },
  {
    claim: 'a method that is bound and given to a call changes what it changes',
    module: CALLING,
    fields:
      'readonly calling = new Calling(); readonly tokens: string[] = []; onToken(t: string) { this.tokens.push(t); }',
    body: calling('this.onToken.bind(this)', 'this.tokens'),
  },
  {
    claim: 'a function that may come with the input changes what it changes',
    module: `const tokens: string[] = []; ${CALLING}`,
    fields: 'readonly calling = new Calling();',
    create: 'tokens.length = 0;',
    body: calling('(input as any).cb ?? ((t: string) => { tokens.push(t); })', 'tokens'),
  },
  {
    claim: 'a method of an object that a call is given changes the object',
    module: `class Calling extends Operator<{ n: number; cb: (t: string) => void }, string> { static override readonly effect = 'unordered' as const;
      readonly leaf = new lab.Ask('calling', 'text');
      override async forward(o: { n: number; cb: (t: string) => void }) { const t = await this.leaf.invoke({ site: 'x', q: 'y' }); o.cb(t); return t; } }`,
    fields: 'readonly calling = new Calling();',
    body: `const o = { n: 0, cb(t: string) { this.n++; } }; const a = await this.calling.invoke(o); const k = o.n;
      const b = await ${call('b', '1', 'k')}; return [a, b];`,
  },
  {
    claim: 'a function declaration that was registered may be called by whoever fires',
    ...emitting('function add(t: string) { out.push(t); }'),
  },
  {
    claim: 'an arrow function that was registered may be called by whoever fires',
    ...emitting('const add = (t: string) => { out.push(t); };'),
  },
];

const FUNCTION = (program: string): string => `
import { structuralJit } from 'xcs';
import * as lab from '../lab.ts';
const ask = new lab.Ask('ask', 'text'); const ask2 = new lab.Ask('ask2', 'text');
${program}`;

export const functionForm: readonly Regression[] = [
  {
    claim: 'an arrow in a field sees the object that it was made for',
    asWritten: true,
    source: FUNCTION(`
class H { k = 'kk'; f = structuralJit(async (n: { q: string }) => {
  const a = await ask.invoke({ site: 'x', q: n.q }); const b = await ask2.invoke({ site: 'y', q: this.k }); return [a, b];
}, { executionStrategy: 'parallel' }); }
export const create = () => { const h = new H(); return { operator: { invoke: (i: { q: string }) => h.f(i) }, input: { q: 'z' } }; };`),
  },
  {
    claim: 'an arrow in a method writes to the object that it was made for',
    asWritten: true,
    source: FUNCTION(`
class H { k = 'kk'; make() { return structuralJit(async (n: { q: string }) => {
  const a = await ask.invoke({ site: 'x', q: n.q }); this.k += a; const b = await ask2.invoke({ site: 'y', q: this.k }); return [a, b];
}, { executionStrategy: 'parallel' }); } }
export const create = () => { const h = new H(); const f = h.make(); return { operator: { invoke: (i: { q: string }) => f(i) }, input: { q: 'z' }, also: h }; };`),
  },
  {
    claim: 'an arrow calls an operator of the object that it was made for',
    asWritten: true,
    source: FUNCTION(`
class H { k = 'kk'; readonly op = new lab.Ask('held', 'text'); f = structuralJit(async (n: { q: string }) => {
  const a = await ask.invoke({ site: 'x', q: n.q }); this.k = a; const b = await this.op.invoke({ site: 'y', q: this.k }); return [a, b];
}, { executionStrategy: 'parallel' }); }
export const create = () => { const h = new H(); return { operator: { invoke: (i: { q: string }) => h.f(i) }, input: { q: 'z' } }; };`),
  },
  {
    claim: 'a plain function sees the object that it is called on',
    asWritten: true,
    source: FUNCTION(`
const o: any = { k: 'kk', f: structuralJit(async function (n: { q: string }): Promise<unknown> {
  const a = await ask.invoke({ site: 'x', q: n.q }); const self = this as any; const b = await ask2.invoke({ site: 'y', q: String(self?.k) }); return [a, b];
}, { executionStrategy: 'parallel' }) };
export const create = () => ({ operator: { invoke: (i: { q: string }) => o.f(i) }, input: { q: 'z' } });`),
  },
  {
    claim: 'a second parameter of a function that is called plainly is what it is given: nothing',
    asWritten: true,
    source: FUNCTION(`
const f = structuralJit(async (n: { q: string }, c?: unknown) => {
  const a = await ask.invoke({ site: 'x', q: n.q }); const b = await ask2.invoke({ site: 'y', q: c === undefined ? 'none' : 'some' }); return [a, b];
}, { executionStrategy: 'parallel' });
export const create = () => ({ operator: { invoke: (i: { q: string }) => f(i) }, input: { q: 'z' } });`),
  },
];
