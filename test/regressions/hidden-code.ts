/** Accessors, conversions, iterators and overridden members run code where none can be seen. */
import { call, type Regression } from '../helpers/regression.ts';

const a = `const a = await ${call('a', '0')};`;

export const hiddenCode: readonly Regression[] = [
  {
    claim: 'a pattern runs a getter',
    module: `class G { get x() { console.log('getter'); return 'x'; } }`,
    fields: 'readonly obj = new G();',
    body: `${a} const { x } = this.obj; const b = await ${call('b', '1', 'x')}; console.log('end'); return [a, b];`,
  },
  {
    claim: 'an assignment by a pattern runs a getter',
    module: `class G { get x() { console.log('getter'); return 'x'; } }`,
    fields: 'readonly obj = new G();',
    body: `let x = ''; ${a} ({ x } = this.obj); const b = await ${call('b', '1', 'x')}; return [a, b];`,
  },
  {
    claim: 'a parameter that is a pattern runs a getter',
    module: `class G { get x() { console.log('getter'); return 'x'; } } function take({ x }: { x: string }) { return x; }`,
    fields: 'readonly obj = new G();',
    body: `${a} const x = take(this.obj); const b = await ${call('b', '1', 'x')}; return [a, b];`,
  },
  {
    claim: 'an array pattern within a pattern runs an iterator',
    module: `class It { *[Symbol.iterator]() { console.log('iterator'); yield 'x'; } }`,
    fields: 'readonly obj = { it: new It() };',
    body: `${a} const { it: [x] } = this.obj; return [a, x];`,
  },
  {
    claim: 'an assignment through a structural type runs a setter',
    module: `class Box { set mode(v: string) { console.log('set', v); } }`,
    body: `const b: { mode: string } = new Box(); ${a} b.mode = 'x'; return [a];`,
  },
  {
    claim: 'an assignment to an object of a field runs a setter',
    module: `class Box { set mode(v: string) { console.log('set', v); } }`,
    fields: 'readonly box = new Box();',
    body: `const b: { mode: string } = this.box; ${a} b.mode = 'x'; return [a];`,
  },
  {
    claim: '`Object.assign` runs a setter',
    module: `class Box { set mode(v: string) { console.log('set', v); } }`,
    body: `const o: Record<string, string> = new Box() as any; ${a} Object.assign(o, { mode: 'x' }); return [a];`,
  },
  {
    claim: 'a constructor runs the defaults of its parameters',
    module: `let counter = 0; class Item { constructor(readonly id = next()) {} } function next() { console.log('next'); return ++counter; }`,
    create: 'counter = 0;',
    body: `${a} const i1 = new Item(); if (a.length > 100) throw new Error('x'); const i2 = new Item(); return [a, i1.id, i2.id];`,
  },
  {
    claim: 'defaults of constructors count in program order',
    module: 'let counter = 0; class Item { constructor(readonly s: string, readonly id = ++counter) {} }',
    create: 'counter = 0;',
    body: `${a} const i1 = new Item(a); const i2 = new Item('x'); return [i1.id, i2.id];`,
  },
  {
    claim: 'a constructor runs a setter',
    module: `class Item { constructor(v: string) { this.val = v; } set val(v: string) { console.log('val', v); } }`,
    body: `${a} const i1 = new Item('v'); return [a, i1];`,
  },
  {
    claim: '`instanceof` runs what its right side defines',
    module: `class Weird { static [Symbol.hasInstance]() { console.log('asked'); return true; } }`,
    body: `${a} const t = (input as unknown) instanceof Weird; return [a, t];`,
  },
  {
    claim: 'a template converts an object that hides how behind an interface',
    module: `interface Quiet { text: string } class Loud { text = 'x'; toString() { console.log('loud'); return 'l'; } }`,
    body: `const d: Quiet = new Loud(); ${a} const s = \`\${d}\`; return [a, s];`,
  },
  {
    claim: 'a Map of the program overrides how it is filled',
    module: `class Loud extends Map<string, string> { override set(k: string, v: string) { console.log('set', k); return super.set(k, v); } }`,
    body: `const m: Map<string, string> = new Loud(); ${a} m.set('k', 'v'); return [a, m.get('k')];`,
  },
  {
    claim: 'a Map of the program in a field overrides how it is read',
    module: `class Loud extends Map<string, string> { override get(k: string) { console.log('get', k); return super.get(k); } }`,
    fields: `readonly m: Map<string, string> = new Loud([['k', 'v']]);`,
    body: `${a} const v = this.m.get('k'); return [a, v];`,
  },
  {
    claim: 'what is awaited may be a thenable behind its type',
    body: `const t: { x: number } = { x: 1, then(ok: (v: unknown) => void) { console.log('then'); ok(5); } } as any; ${a} const v = await t; return [a, v];`,
  },
];
