/** Assignments that an expression makes, whichever step evaluates it. */
import { call, type Regression } from '../helpers/regression.ts';

export const assignments: readonly Regression[] = [
  {
    claim: 'a variable that an initializer increments is incremented for what follows',
    body: `let x = 1; const y = x++; const a = await ${call('a', 's', 'x')}; return [x, y, a];`,
  },
  {
    claim:
      'a variable that an argument of a call without a result increments is incremented for what follows',
    body: `let x = 1; await this.a.invoke({ site: 's', q: x++ }); return x;`,
  },
  {
    claim: 'a variable that an argument assigns has its value for what follows',
    body: `let x: string = 'one'; const a = await this.a.invoke({ site: 's', q: (x = 'two') }); return [a, x];`,
  },
  {
    claim: 'a variable that one branch of an argument assigns has its value for what follows',
    body: `let last = ''; const a = await this.a.invoke({ site: '1', q: input.n > 1 ? (last = 'set') : 'x' });
      const b = await ${call('b', '2', 'last')}; return [a, b, last];`,
  },
  {
    claim: 'a callback of an initializer counts in a variable of the body',
    body: `let count = 0; const up = input.tags.map((t) => { count++; return t + count; });
      const a = await ${call('a', 's', 'count')}; return [up, count, a];`,
  },
  {
    claim: 'a default of a pattern assigns a variable of the body',
    body: `let x = 1; const { text = (x = 5, 'q') } = (input as any).nothing ?? {};
      const a = await ${call('a', 's', 'x')}; return [x, text, a];`,
  },
  {
    claim: 'a function that is called where it stands assigns a variable of the body',
    body: `let n = 0; const m = (() => { n = 4; return n; })(); const a = await ${call('a', '1', 'n')}; return [a, n, m];`,
  },
  {
    claim: 'a function with a parameter that is called where it stands assigns a variable of the body',
    body: `let n = 0; (() => { n = 4; })(); const a = await ${call('a', '1', 'n')};
      const m = ((k: number) => { n += k; return n; })(3); return [a, n, m];`,
  },
  {
    claim: 'a local class reads a variable when it is instantiated',
    body: `let x = 'one'; class L { v = x; } const a = await ${call('a', '1')}; x = 'two'; const k = new L().v; return [a, k];`,
  },
  {
    claim: 'a static block of a local class reads a variable where the class stands',
    body: `let x = 'one'; const a = await ${call('a', '1')}; x = 'two'; class L { static v = ''; static { L.v = x; } } x = 'three';
      const b = await ${call('b', '2', 'L.v')}; return [a, b, x];`,
  },
];

export const evaluationOrder: readonly Regression[] = [
  {
    claim: 'an optional chain within a branch may end before it gets to the operator',
    fields: `holder = { op: new lab.Ask('held', 'text') };`,
    body: `const h: { op: lab.Ask<'text'> } | undefined = input.n > 2 ? undefined : this.holder; let r: unknown;
      if (input.n > 0) { r = await h?.op.invoke({ site: 's', q: input.q }); } return [r];`,
  },
  {
    claim: 'a call of what is absent fails in its `try` before its arguments are evaluated',
    fields: 'k = 0;',
    body: `let op: lab.Ask<'text'> | undefined; this.k = 0; try { await op!.invoke({ site: 's', q: this.k++ }); } catch { } return this.k;`,
  },
  {
    claim: 'the object to be assigned to is found before the call',
    module: `class Swap extends Operator<Question, string> { readonly leaf = new lab.Ask('swapped', 'text'); owner: { held: { b: string } } | undefined;
      override async forward(i: Question) { const t = await this.leaf.invoke(i); if (this.owner) this.owner.held = { b: 'other' }; return t; } }`,
    fields: `held = { b: 'none' }; readonly first = this.held; readonly swap = new Swap();`,
    create: 'operator.swap.owner = operator;',
    body: `this.held.b = await ${call('swap', '1')}; return [this.held.b, this.first.b];`,
  },
];
