/** For each rule of the sweep a program that goes wrong without it. Rules are switched off by deleting them from the source. */
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

function call(operator: string, site: string, q = '"k"'): string {
  return `this.${operator}.invoke({ site: '${site}', q: ${q} })`;
}

const a = call('a', 'a');
const b = call('b', 'b');
const z = `const z = await ${call('c', 'z')};`;
const BOX = 'interface Box { n: number; list: string[] }';
const GROW = `${BOX} class Grow extends Operator<Question, string> { readonly leaf = new lab.Ask('grown', 'text'); constructor(readonly box: Box) { super(); }
  override async forward(i: Question) { const t = await this.leaf.invoke(i); this.box.n += t.length; this.box.list.push(t); return t; } }`;
const GROWING = 'readonly box: Box = { n: 0, list: [] }; readonly grow = new Grow(this.box);';
const SHARED_BOX = `const input = { q: 'why', n: 3, tags: [], doc: { text: 'd', tags: [], n: 1 } }; operator.box = input.doc; return { operator, input };`;
const TUNE = `class Tune extends Operator<Question, string> { readonly leaf = new lab.Ask('tune', 'text'); constructor(readonly tuned: lab.Tuned) { super(); }
  override async forward(i: Question) { const t = await this.leaf.invoke(i); this.tuned.settings.instruction = t; return t; } }`;

export const rules: readonly Rule[] = [
  {
    name: 'a step waits for whoever gives what it uses',
    without: {
      "this.#order(producer, step, 'flow', this.#code.slots[slot] ?? `slot ${slot}`);": '',
    },
    body: `const x = await ${a}; return [x];`,
  },
  {
    name: 'all wait for a barrier',
    without: {
      "if (this.#barrier !== undefined) this.#order(this.#barrier, step, 'effect', 'barrier');": '',
      'if (step.operators.length > 0) this.#afterOutsideWriters(step);': '',
    },
    body: `await pause(5); const x = await ${a}; return [x];`,
  },
  {
    name: 'all wait for what may leave the body',
    without: {
      "if (this.#gate !== undefined) this.#order(this.#gate, step, 'control', 'may leave the body before this');":
        '',
    },
    eager: true,
    body: `const x = await ${a}; if (x.length > 0) throw new Error('long'); const y = await ${b}; return [x, y];`,
  },
  {
    name: 'calls wait for code that writes what others may share',
    without: {
      'if (step.operators.length > 0) this.#afterOutsideWriters(step);': '',
    },
    fields: `readonly tuned = new lab.Tuned('tuned');`,
    body: `const x = await ${a}; this.tuned.settings.instruction = x; const y = await ${call('tuned', 't')}; return [y];`,
  },
  {
    name: 'code that reads what others may share waits for code that writes such memory',
    without: {
      'if (reads.some((place) => this.#isShared(place))) this.#afterOutsideWriters(step);': '',
    },
    fields: 'box = { n: 0 };',
    create: SHARED_BOX,
    body: `const x = await ${a}; this.box.n = x.length; const k = input.doc.n; const y = await ${call('b', 'b', 'k')}; return [y];`,
  },
  {
    name: 'effects keep program order',
    without: {
      "if (effectful) this.#order(before, step, 'effect', 'program order of effects');": 'if (effectful) {}',
    },
    body: `const x = await ${call('w', 'w')}; const y = await ${call('v', 'v')}; return [x, y];`,
  },
  {
    name: 'effects wait for what may fail',
    without: {
      "this.#order(before, step, 'failure', 'may fail');": '{}',
    },
    body: `const x = await ${a}; const y = await ${call('w', 'w')}; return [x, y];`,
  },
  {
    name: 'steps in place wait for all',
    without: {
      'if (this.#inPlace.has(step.id)) return true;': '',
    },
    body: `${z} const p = ${a}; const q = ${call('b', 'b', 'z')}; return await Promise.race([p, q]);`,
  },
  {
    name: 'fences wait for all',
    without: {
      "step.order !== 'free' || writes.some((place) => this.#isShared(place))":
        'writes.some((place) => this.#isShared(place))',
    },
    body: `const x = await ${a}; console.log('done'); return [x];`,
  },
  {
    name: 'calls that change what others may share wait for all',
    without: {
      "step.order !== 'free' || writes.some((place) => this.#isShared(place))": "step.order !== 'free'",
    },
    fields: `readonly box: Doc = { text: 't', tags: [], n: 0 };`,
    body: `const x = await ${a}; const y = await this.edit.invoke(this.box); return [x, y];`,
  },
  {
    name: 'calls wait for all when only certain ones may start',
    without: {
      'if (this.#certain && step.operators.length > 0) return true;': '',
    },
    certain: true,
    body: `const x = await ${a}; const y = await ${b}; return [x, y];`,
  },
  {
    name: 'calls with effects wait for all',
    without: {
      'return effects.some(hasEffects);\n  }\n\n  #after': 'return false;\n  }\n\n  #after',
    },
    body: `const x = await ${a}; const y = await ${call('w', 'w')}; return [x, y];`,
  },
  {
    name: 'promises that race keep their place',
    without: {
      'if (isRaced) keepRange(inPlace, step.id, lastHolder(steps, step));': '',
    },
    body: `${z} const p = ${a}; const q = ${call('b', 'b', 'z')}; return await Promise.race([p, q]);`,
  },
  {
    name: 'promises that a step hands out keep their place',
    without: {
      ': step.handsOut === true;': ': false;',
    },
    body: `${z} const ps = input.tags.map((t) => this.a.invoke({ site: t, q: t })); return await Promise.race([...ps, ${call('b', 'b', 'z')}]);`,
  },
  {
    name: 'calls whose failure nobody handles keep their place',
    without: {
      "if (step.kind === 'start' && usersOf(code.steps, step).length === 0) inPlace.add(step.id);": '',
    },
    body: `${z} ${a}; return z;`,
  },
  {
    name: 'composites in a race take their time',
    without: {
      'const paced = [...new Set([...inPlace, ...races])]': 'const paced = [...inPlace]',
    },
    fields: `readonly pair = new lab.Pair('pair');`,
    body: `return await Promise.race([${call('pair', 'p')}, ${b}]);`,
  },
  {
    name: 'composites whose promise is held take their time',
    without: {
      'const paced = [...new Set([...inPlace, ...races])]': 'const paced = [...races]',
    },
    fields: `readonly pair = new lab.Pair('pair');`,
    body: `const p = ${call('pair', 'p')}; const q = ${b}; const all = [p, q]; const y = await ${a}; return [y, await Promise.race(all)];`,
  },
  {
    name: 'what conflicts with a call in flight keeps its place',
    without: {
      'if (begun.some(writes ? isEffectful : hasEffects)) this.#keepInPlace(before, step);': '',
    },
    body: `${z} const p = ${call('r', 'r')}; const x = await ${call('w', 'w')}; return [z, x, await p];`,
  },
  {
    name: 'effects and calls in flight that only read keep their place',
    without: {
      'begun.some(writes ? isEffectful : hasEffects)': 'begun.some(hasEffects)',
    },
    body: `${z} const p = ${call('r', 'r')}; const x = await ${call('w', 'w')}; return [z, x, await p];`,
  },
  {
    name: 'readers and calls in flight that write keep their place',
    without: {
      'begun.some(writes ? isEffectful : hasEffects)': 'writes && begun.some(isEffectful)',
      "this.#order(before, step, 'effect', what);\n        this.#keepInPlace(before, step);": '',
    },
    body: `${z} const p = ${call('w', 'w')}; const x = await ${b}; const y = await ${call('r', 'r')}; return [z, x, y, await p];`,
  },
  {
    name: 'readers of resources wait for sequential calls',
    without: {
      "this.#order(before, step, 'effect', 'sequential call');": '',
    },
    body: `const x = await ${call('s', 's')}; const y = await ${call('r', 'r')}; return [x, y];`,
  },
  {
    name: 'readers of resources and sequential calls in flight keep their place',
    without: {
      "this.#order(before, step, 'effect', 'sequential call');\n      this.#keepInPlace(before, step);":
        "this.#order(before, step, 'effect', 'sequential call');",
      'if (begun.some(writes ? isEffectful : hasEffects)) this.#keepInPlace(before, step);': '',
    },
    body: `${z} const p = ${call('s', 's')}; const x = await ${b}; const y = await ${call('r', 'r')}; return [z, x, y, await p];`,
  },
  {
    name: 'readers of resources wait for their writers',
    without: {
      "this.#order(before, step, 'effect', what);": '',
    },
    body: `const x = await ${call('w', 'w')}; const y = await ${call('r', 'r')}; return [x, y];`,
  },
  {
    name: 'readers of any resource wait for writers of each',
    without: {
      "reads.includes('*') ? [...this.#resourceWriters.keys()] : keys": 'keys',
    },
    module: `class ReadSome extends lab.Leaf<Question, string> { static override readonly effect = { reads: (i: Question) => 'a' } as const;
      constructor() { super({ label: 'some', shape: 'text', effect: 'resources', reads: ['a'] }); } }`,
    fields: 'readonly some = new ReadSome();',
    body: `const x = await ${call('w', 'w')}; const y = await ${call('some', 'r')}; return [x, y];`,
  },
  {
    name: 'readers of a resource wait for writers of any',
    without: {
      "reads.some((key) => typeof key === 'string') ? ['*'] : []": '[]',
    },
    module: `class WriteSome extends lab.Leaf<Question, string> { static override readonly effect = { writes: (i: Question) => 'a' } as const;
      constructor() { super({ label: 'some', shape: 'text', effect: 'resources', writes: ['a'] }); } }`,
    fields: 'readonly some = new WriteSome();',
    body: `const x = await ${call('some', 'w')}; const y = await ${call('r', 'r')}; return [x, y];`,
  },
  {
    name: 'calls of an operator wait for whoever writes its fields',
    without: {
      '[...reads, ...effects.flatMap((effect) => [...effect.enters])]': '[...reads]',
    },
    module: TUNE,
    fields: `readonly tuned = new lab.Tuned('tuned'); readonly tune = new Tune(this.tuned);`,
    body: `const x = await ${call('tune', 's')}; const y = await ${call('tuned', 't')}; return [x, y];`,
  },
  {
    name: 'calls of an operator and whoever writes its fields in flight keep their place',
    without: {
      "this.#order(before, step, 'effect', what);\n        this.#keepInPlace(before, step);":
        "this.#order(before, step, 'effect', what);",
    },
    module: TUNE,
    fields: `readonly tuned = new lab.Tuned('tuned'); readonly tune = new Tune(this.tuned);`,
    body: `${z} const p = ${call('tune', 's')}; const x = await ${b}; const y = await ${call('tuned', 't')}; return [z, x, y, await p];`,
  },
  {
    name: 'code waits for calls that write state',
    without: {
      "this.#order(writer.step, step, 'flow', label);": '',
    },
    module: GROW,
    fields: GROWING,
    body: `const x = await ${call('grow', 'g')}; const k = this.box.n; const y = await ${call('b', 'b', 'k')}; return [x, y];`,
  },
  {
    name: 'calls that are given state wait for operators that show to write state',
    without: {
      "effect.known === 'inferred'": 'false',
    },
    module: GROW,
    fields: GROWING,
    body: `const x = await ${call('grow', 'g')}; const y = await this.talk.invoke(this.box.list); return [x, y];`,
  },
  {
    name: 'whoever reads shared state waits for sequential calls',
    without: {
      "(effect.ordered && kind === 'world') ||": '',
    },
    module: `class Set extends Operator<Question, string> { static override readonly effect = 'sequential' as const; readonly leaf = new lab.Ask('set', 'text');
      constructor(readonly box: { n: number }) { super(); } override async forward(i: Question) { const t = await this.leaf.invoke(i); this.box.n = t.length; return t; } }`,
    fields: 'readonly box = { n: 0 }; readonly set = new Set(this.box);',
    body: `const x = await ${call('set', 's')}; const k = this.box.n; const y = await ${call('b', 'b', 'k')}; return [x, y];`,
  },
  {
    name: 'whoever reads what an operator gave waits for its later calls',
    without: {
      '[...effect.enters].some((owner) => owners.has(owner))': 'false',
    },
    module: `class Keep extends Operator<Question, { n: number }> { static override readonly effect = 'sequential' as const; readonly leaf = new lab.Ask('kept', 'text');
      readonly kept = { n: 0 }; override async forward(i: Question) { const t = await this.leaf.invoke(i); this.kept.n += t.length; return this.kept; } }`,
    fields: 'readonly keep = new Keep();',
    body: `const d = await ${call('keep', 'k')}; await ${call('keep', 'l')}; const k = d.n; const y = await ${call('b', 'b', 'k')}; return [y];`,
  },
  {
    name: 'code and calls in flight that write state keep their place',
    without: {
      "this.#order(writer.step, step, 'flow', label);\n        this.#keepInPlace(writer.step, step);":
        "this.#order(writer.step, step, 'flow', label);",
    },
    module: GROW,
    fields: GROWING,
    body: `${z} const p = ${call('grow', 'g')}; const x = await ${b}; const k = this.box.n; const y = await ${call('a', 'a', 'k')}; return [z, x, y, await p];`,
  },
  {
    name: 'a read waits for the writes before it',
    without: {
      "for (const place of reads) this.#touch(this.#writersOf.get(place), step, 'flow', place);": '',
    },
    body: `const o = { n: 0 }; const x = await ${a}; o.n = x.length; const k = o.n; const y = await ${call('b', 'b', 'k')}; return [y];`,
  },
  {
    name: 'a write waits for the write before it',
    without: {
      "this.#touch(this.#writersOf.get(place), step, 'output', place);": '',
    },
    body: `const o = { n: 0 }; const x = await ${a}; o.n = x.length; o.n = 7; const y = await ${b}; return [o, y];`,
  },
  {
    name: 'a write waits for the reads before it, by calls too',
    without: {
      "this.#touch(this.#readersOf.get(place), step, 'anti', place);": '',
    },
    body: `const list = ['x']; const t = await this.talk.invoke(list); list.push('y'); return [t, list];`,
  },
  {
    name: 'a write and a call in flight that reads keep their place',
    without: {
      'this.#order(before, step, kind, this.#label(place));\n      this.#keepInPlace(before, step);':
        'this.#order(before, step, kind, this.#label(place));',
    },
    body: `const list = ['x']; ${z} const p = this.talk.invoke(list); const x = await ${b}; list.push('y'); return [z, x, await p, list];`,
  },
  {
    name: 'code that reads what others may share and calls in flight that change it keep their place',
    without: {
      "this.#order(before, step, 'flow', 'shared state');\n      this.#keepInPlace(before, step);":
        "this.#order(before, step, 'flow', 'shared state');",
    },
    fields: `box: Doc = { text: 't', tags: [], n: 0 };`,
    create: SHARED_BOX,
    body: `${z} void this.edit.invoke(this.box); const x = await ${b}; const k = input.doc.tags.length;
      const y = await ${call('a', 'k', 'k')}; return [z, x, y];`,
  },
  {
    name: 'a call that mutates writes what it was given',
    without: {
      'effects.some((effect) => effect.mutates) ? [...writes, ...reads] : writes': 'writes',
    },
    body: `const doc = { text: 't', tags: ['x'], n: 0 }; const x = await this.edit.invoke(doc); const k = doc.tags.length; const y = await ${call('b', 'b', 'k')}; return [x, y];`,
  },
  {
    name: 'an `await` has the effects of the call that it ends',
    without: {
      'return [...step.operators, ...begun].map(': 'return [...step.operators].map(',
    },
    body: `const p = ${call('w', 'w')}; const x = await p; const y = await ${call('r', 'r')}; return [x, y];`,
  },
  {
    name: 'an `await` writes what the call that it ends writes',
    without: {
      '[...step.reads, ...begun.flatMap((start) => start.reads)]': '[...step.reads]',
    },
    body: `const doc = { text: 't', tags: ['x'], n: 0 }; const p = this.edit.invoke(doc); const x = await p; const k = doc.tags.length;
      const y = await ${call('b', 'b', 'k')}; return [x, y];`,
  },
  {
    name: 'a write of what others may share and calls in flight keep their place',
    without: {
      'for (const before of this.#lingering) keepRange(this.#inPlace, before, step.id);': '',
    },
    fields: `readonly tuned = new lab.Tuned('tuned');`,
    body: `${z} const p = ${call('tuned', 't')}; const x = await ${b}; this.tuned.settings.instruction = 'y'; return [z, x, await p];`,
  },
  {
    name: 'a call that nobody awaits at once is in flight',
    without: {
      'if (step.lingers) this.#lingering.add(step.id);': '',
    },
    body: `${z} const p = ${call('r', 'r')}; const x = await ${call('w', 'w')}; return [z, x, await p];`,
  },
  {
    name: 'TRY control',
    without: { "else this.#order(before, step, 'control', 'program order');": '' },
    body: `const o = { n: input.n }; const x = await ${a}; const y = await ${call('w', 'w')}; return [o, x, y];`,
  },
  {
    name: 'an `await` writes what the call that it ends may write through a closure',
    without: { '[...step.writes, ...begun.flatMap((start) => start.writes)]': '[...step.writes]' },
    module: `class Calling extends Operator<{ cb: (t: string) => void }, string> { static override readonly effect = 'unordered' as const; readonly leaf = new lab.Ask('calling', 'text');
      override async forward({ cb }: { cb: (t: string) => void }) { const t = await this.leaf.invoke({ site: 'cb', q: 'k' }); cb(t); return t; } }`,
    fields: 'readonly calling = new Calling();',
    body: `const out: string[] = []; const p = this.calling.invoke({ cb: (t) => { out.push(t); } }); const x = await p; const k = out.length;
      const y = await ${call('b', 'b', 'k')}; return [x, y];`,
  },
  {
    name: 'members of a combination in which the first failure counts keep their place',
    without: { '|| user.races': '' },
    body: `${z} const p = ${a}; const q = ${call('b', 'b', 'z')}; return await Promise.all([p, q]);`,
  },
  {
    name: 'TRY no outputs later',
    without: {
      'step.handsOut === true && step.outputs.length === 0 ? steps.length - 1 : step.id': 'step.id',
    },
    body: `const ps: Promise<string>[] = []; ${z} ps.push(${a}); const y = await ${b}; return await Promise.race([...ps, ${call('b', 'c', 'y')}]);`,
  },
  {
    name: 'TRY no outputs first',
    without: { 'first.outputs.length === 0 ? steps.length - 1 : first.id': 'first.id' },
    body: `const ps: Promise<string>[] = []; ${z} input.tags.forEach((t) => { ps.push(this.a.invoke({ site: t, q: t })); }); const y = await ${b}; return await Promise.race([...ps, ${call('b', 'c', 'y')}]);`,
  },
  {
    name: 'whoever reads state that has no name waits for calls that write state',
    without: { '...(effect.state ? [ANY_STATE] : [])': '' },
    module: `let total = 0; class Add extends Operator<Question, string> { readonly leaf = new lab.Ask('added', 'text');
        override async forward(i: Question) { const t = await this.leaf.invoke(i); total += t.length; return t; } }
      class Total extends Operator<Question, string> { override async forward(i: Question) { return i.q + 'total' + total; } }`,
    fields: 'readonly add = new Add(); readonly total = new Total();',
    create: 'total = 0;',
    body: `const x = await ${call('add', 'a')}; const y = await ${call('total', 't')}; return [x, y];`,
  },
  {
    name: 'code waits for calls that may write anything',
    without: { "isCode || effect.known === 'inferred'": "effect.known === 'inferred'" },
    module: `class Hidden extends Operator<Question, string> { constructor(readonly box: Doc) { super(); }
      override async forward(i: Question) { await pause(5); this.box.n = 5; return 'x'; } }`,
    fields: `box: Doc = { text: 't', tags: [], n: 0 }; hidden!: Hidden;`,
    create: `const input = { q: 'why', n: 3, tags: [], doc: { text: 'd', tags: [], n: 1 } }; operator.hidden = new Hidden(input.doc); return { operator, input };`,
    body: `const x = await ${call('hidden', 'h')}; const k = input.doc.n; const y = await ${call('b', 'b', 'k')}; return [x, y];`,
  },
];
