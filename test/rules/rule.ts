/** What a rule of the sweep is to the test, and what its programs share. */
import type { LitmusProgram } from '../helpers/litmus.ts';
import type { Edits } from '../helpers/without-rule.ts';

export interface Rule extends LitmusProgram {
  readonly name: string;
  /** What to delete from the source, or to put there instead. Two when either asks for the same here, so that both have to go. */
  readonly without: Edits;
  /** Without it calls start that the code as written does not make, which only some of the law's clauses forbid. */
  readonly eager?: boolean;
  /** The rule is there for `startEarly: 'certain'`. */
  readonly certain?: boolean;
}

export function call(operator: string, site: string, q = '"k"'): string {
  return `this.${operator}.invoke({ site: '${site}', q: ${q} })`;
}

export const a: string = call('a', 'a');
export const b: string = call('b', 'b');
export const z: string = `const z = await ${call('c', 'z')};`;
export const BOX: string = 'interface Box { n: number; list: string[] }';
export const GROW: string = `${BOX} class Grow extends Operator<Question, string> { readonly leaf = new lab.Ask('grown', 'text'); constructor(readonly box: Box) { super(); }
  override async forward(i: Question) { const t = await this.leaf.invoke(i); this.box.n += t.length; this.box.list.push(t); return t; } }`;
export const GROWING: string = 'readonly box: Box = { n: 0, list: [] }; readonly grow = new Grow(this.box);';
export const SHARED_BOX: string = `const input = { q: 'why', n: 3, tags: [], doc: { text: 'd', tags: [], n: 1 } }; operator.box = input.doc; return { operator, input };`;
export const TUNE: string = `class Tune extends Operator<Question, string> { readonly leaf = new lab.Ask('tune', 'text'); constructor(readonly tuned: lab.Tuned) { super(); }
  override async forward(i: Question) { const t = await this.leaf.invoke(i); this.tuned.settings.instruction = t; return t; } }`;
