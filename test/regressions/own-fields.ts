/** Fields that look as if only the body touched them, while an operator sees what is written there. */
import { call, type Regression } from '../helpers/regression.ts';

/** Asks a model about as many notes as `look` finds. */
const peek = `class Peek extends Operator<{ site: string; q: string }, string> {
  static override readonly effect = 'unordered' as const;
  readonly leaf = new lab.Ask('peek', 'text');
  look: () => number = () => 0;
  override async forward({ site, q }: { site: string; q: string }) { return this.leaf.invoke({ site, q: q + this.look() }); }
}`;
/** The same by way of a variable of the module, which the program sets. */
const hooked = `const hooks: { look: () => number } = { look: () => 0 };
${peek.replace('this.look()', 'hooks.look()')}`;
const fields = `readonly notes: string[] = []; readonly peek = new Peek();`;
const body = `const a = await ${call('a', '1')}; this.notes.push(a); const b = await ${call('peek', '2')}; return [a, b];`;

const hidden = fields.replace('notes', '#notes');
const hiddenBody = body.replace('this.notes', 'this.#notes');

const seenBy = (claim: string, constructor: string, rest: Partial<Regression> = {}): Regression => ({
  claim,
  module: peek,
  fields: `${fields} constructor() { super(); ${constructor} }`,
  body,
  ...rest,
});

const programs: readonly Regression[] = [
  seenBy('a closure of the constructor takes its length', 'this.peek.look = () => this.notes.length;'),
  seenBy(
    'a variable of the constructor holds it',
    'const held = this.notes; this.peek.look = () => held.length;',
  ),
  seenBy('a function of the module is given the program', 'wire(this.peek, this);', {
    module: `${peek} function wire(peek: Peek, program: { readonly notes: string[] }) { peek.look = () => program.notes.length; }`,
  }),
  seenBy('a function of the module takes it apart', 'wire(this.peek, this);', {
    module: `${peek} function wire(peek: Peek, program: { readonly notes: string[] }) { const { notes } = program; peek.look = () => notes.length; }`,
  }),
  seenBy('a method that is not private gives it', 'this.peek.look = () => this.count();', {
    fields: `${fields} count() { return this.notes.length; } constructor() { super(); this.peek.look = () => this.count(); }`,
  }),
  seenBy('another field holds it', '', {
    fields: `${fields} readonly held = this.notes; constructor() { super(); const held = this.held; this.peek.look = () => held.length; }`,
  }),
  {
    claim: 'a closure of the body is stored in the module',
    module: hooked,
    fields: hidden,
    body: `hooks.look = () => this.#notes.length; ${hiddenBody}`,
  },
  {
    claim: 'a closure of the body that calls a private method is stored in the module',
    module: hooked,
    fields: `${hidden} #count() { return this.#notes.length; }`,
    body: `hooks.look = () => this.#count(); ${hiddenBody}`,
  },
  {
    claim: 'a variable of the body names it, and a closure over that is stored',
    module: hooked,
    fields: hidden,
    body: `const held = this.#notes; hooks.look = () => held.length; ${hiddenBody}`,
  },
  {
    claim: 'a list that is stored elsewhere too is put into it',
    module: peek,
    fields: `notes: string[] = []; readonly peek = new Peek();`,
    body: `const held: string[] = []; this.notes = held; this.peek.look = () => held.length; ${body}`,
  },
  {
    claim: 'a list of its own is written while a call that was given it is in flight',
    fields: `readonly #notes: string[] = ['x']; readonly talk = new lab.Talk('talk');`,
    body: `const t = await this.talk.invoke(this.#notes); this.#notes.push('y'); const u = await this.talk.invoke(this.#notes); return [t, u];`,
  },
  {
    claim: 'a counter of its own is read after a call between two writes',
    fields: `#n = 0;`,
    body: `this.#n++; const a = await ${call('a', '1', 'String(this.#n)')}; this.#n += a.length; const b = await ${call('b', '2', 'String(this.#n)')}; this.#n = 0; return [a, b];`,
  },
  {
    claim: 'a log of its own stops where a call fails',
    fields: `readonly #log: string[] = [];`,
    body: `try { const a = await ${call('a', '1')}; this.#log.push('a' + a); const b = await ${call('b', '2')}; this.#log.push('b' + b); } catch { return [...this.#log]; } return this.#log.length;`,
  },
  {
    claim: 'a loop over its own list adds to it',
    fields: `readonly #todo: string[] = ['x', 'y'];`,
    body: `let n = 0; for (const one of this.#todo) { const a = await ${call('a', '1', 'one')}; if (n++ < 2) this.#todo.push(a); } this.#todo.length = 2; return n;`,
  },
];

/** All are one program to the compiler, in which each has a name of its own for the field. */
export const ownFields: readonly Regression[] = programs.map((program, i) => {
  const rename = (text = ''): string => text.replaceAll(/\bnotes\b/g, `notes${i}`);
  return {
    ...program,
    module: rename(program.module),
    fields: rename(program.fields),
    body: rename(program.body),
  };
});
