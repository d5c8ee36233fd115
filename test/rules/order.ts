/** What waits for what: for each rule a program that goes wrong without it. */
import { call, a, b, GROW, GROWING, SHARED_BOX, TUNE, type Rule } from './rule.ts';

export const orderRules: readonly Rule[] = [
  {
    name: 'a step waits for whoever gives what it uses',
    without: {
      "for (const slot of step.inputs) afterProducer(sweep, step, slot, 'flow');": '',
    },
    body: `const x = await ${a}; return [x];`,
  },
  {
    name: 'a step waits for the condition that guards it',
    without: {
      "if (step.guard !== undefined) afterProducer(sweep, step, step.guard, 'control');": '',
    },
    body: `const x = await ${a}; let y = ''; if (x.length > 0) y = await ${b}; return [x, y];`,
  },
  {
    name: 'a step that is skipped waits for the value that it passes on',
    without: {
      "for (const slot of step.otherwise ?? []) if (slot !== null) afterProducer(sweep, step, slot, 'flow', true);":
        '',
    },
    body: `let x = await ${a}; const y = await ${b}; if (y === '') x = await ${call('c', 'z')}; return [x];`,
  },
  {
    name: 'who reads under another key still waits for earlier writers of its own',
    without: {
      'const isKeyed = keyIn(step, place) !== undefined && before.length < MOST_WRITERS;':
        'const isKeyed = false; if (keyIn(step, place) === undefined)',
    },
    body: `const m = new Map<string, string>(); const out: unknown[] = []; for (const x of ['p', 'q']) { const y = x + '!'; const z = 'p'; out.push(m.get(z)); const h = await ${call('a', 'x', 'x')}; m.set(x, h); m.set(y, h); } return out;`,
  },
  {
    name: 'a step that runs regions ends when all that it gives is there',
    without: {
      "for (const slot of results) afterProducer(sweep, step, slot, 'flow', true);": '',
    },
    body: `let x = await ${a}; try { x = await ${b}; } catch {} return [x];`,
  },
  {
    name: 'an iteration waits for what the one before did',
    without: {
      'walk(id, [...now.copies, { loop: step.id, copy: 1 }]);': '',
    },
    body: `for (const x of ['p', 'q']) { const y = await ${call('a', 'a', 'x')}; console.log(y); } return 1;`,
  },
  {
    name: 'what a handler may see waits for what may fail before it',
    without: {
      "sweep.order(before, step, 'failure', 'may fail and be caught', FOR_ALL);": '{}',
    },
    body: `const seen: string[] = []; try { await ${a}; seen.push('done'); } catch { seen.push('failed'); } return seen;`,
  },
  {
    name: 'all wait for a barrier',
    without: {
      "if (barrier !== undefined) sweep.order(barrier, step, 'effect', 'barrier');": '',
      'if (step.operators.length > 0) afterOutsideWriters(sweep, step);': '',
    },
    body: `await pause(5); const x = await ${a}; return [x];`,
  },
  {
    name: 'all wait for what may leave the body',
    without: {
      "sweep.order(gate, step, 'control', 'may leave the body before this');": ';',
    },
    eager: true,
    body: `const x = await ${a}; if (x.length > 0) throw new Error('long'); const y = await ${b}; return [x, y];`,
  },
  {
    name: 'calls wait for code that writes what others may share',
    without: {
      'if (step.operators.length > 0) afterOutsideWriters(sweep, step);': '',
    },
    fields: `readonly tuned = new lab.Tuned('tuned');`,
    body: `const x = await ${a}; this.tuned.settings.instruction = x; const y = await ${call('tuned', 't')}; return [y];`,
  },
  {
    name: 'code that reads what others may share waits for code that writes such memory',
    without: {
      'if (reads.some((place) => isOutside(sweep, place))) afterOutsideWriters(sweep, step);': '',
    },
    fields: 'box = { n: 0 };',
    create: SHARED_BOX,
    body: `const x = await ${a}; this.box.n = x.length; const k = input.doc.n; const y = await ${call('b', 'b', 'k')}; return [y];`,
  },
  {
    name: 'effects keep program order',
    without: {
      "if (effectful) sweep.order(before, step, 'effect', 'program order of effects', FOR_ALL);":
        'if (effectful) {}',
    },
    body: `const x = await ${call('w', 'w')}; const y = await ${call('v', 'v')}; return [x, y];`,
  },
  {
    name: 'effects wait for what may fail',
    without: {
      "sweep.order(before, step, 'failure', 'may fail', FOR_ALL);": '{}',
    },
    body: `const x = await ${a}; const y = await ${call('w', 'w')}; return [x, y];`,
  },
  {
    name: 'fences wait for all',
    without: {
      "step.order !== 'free' || writes.some((place) => isShared(sweep, place))":
        'writes.some((place) => isShared(sweep, place))',
    },
    body: `const x = await ${a}; console.log('done'); return [x];`,
  },
  {
    name: 'calls that change what others may share wait for all',
    without: {
      "step.order !== 'free' || writes.some((place) => isShared(sweep, place))": "step.order !== 'free'",
    },
    fields: `readonly box: Doc = { text: 't', tags: [], n: 0 };`,
    body: `const x = await ${a}; const y = await this.edit.invoke(this.box); return [x, y];`,
  },
  {
    name: 'calls wait for all when only certain ones may start',
    without: {
      'if (sweep.certain && step.operators.length > 0) return true;': '',
    },
    certain: true,
    body: `const x = await ${a}; const y = await ${b}; return [x, y];`,
  },
  {
    name: 'calls with effects wait for all',
    without: {
      'return effects.some(hasEffects);': 'return false;',
    },
    body: `const x = await ${a}; const y = await ${call('w', 'w')}; return [x, y];`,
  },
  {
    name: 'readers of resources wait for sequential calls',
    without: {
      "sweep.order(before, step, 'effect', 'sequential call');": ';',
    },
    body: `const x = await ${call('s', 's')}; const y = await ${call('r', 'r')}; return [x, y];`,
  },
  {
    name: 'readers of resources wait for their writers',
    without: {
      "sweep.order(before, step, 'effect', what, { mayDiffer: isResource && mayDiffer(sweep, before, step) });":
        '',
    },
    body: `const x = await ${call('w', 'w')}; const y = await ${call('r', 'r')}; return [x, y];`,
  },
  {
    name: 'readers of a resource that passes one writer still wait for those before it',
    without: {
      'const isOneOfMany = isKeyed && before.length < MOST_WRITERS;': 'const isOneOfMany = false;',
      'if (isKeyed && !isOneOfMany) sweep.whole.add(id);': '',
    },
    fields: `readonly put = new lab.WriteShelf('put', 'text'); readonly get = new lab.ReadShelf('get', 'text');`,
    body: `const x = await ${call('put', 'x', "'p'")}; const y = await ${call('put', 'y', "'qq'")}; const z = await ${call('get', 'z', "'p'")}; return [x, y, z];`,
  },
  {
    name: 'readers of any resource wait for writers of each',
    without: {
      "...(reads.includes('*') ? all : []), ": '',
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
    name: 'code waits for calls that write state',
    without: {
      "sweep.order(writer.step, step, 'flow', label);": '',
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
    name: 'a read waits for the writes before it',
    without: {
      "touchAll(sweep, writersOf, step, 'flow', place, keyIn(step, place));": '{}',
    },
    body: `const o = { n: 0 }; const x = await ${a}; o.n = x.length; const k = o.n; const y = await ${call('b', 'b', 'k')}; return [y];`,
  },
  {
    name: 'a write waits for the write before it',
    without: {
      "touchAll(sweep, writersOf, step, 'output', place);": '',
    },
    body: `const o = { n: 0 }; const x = await ${a}; o.n = x.length; o.n = 7; const y = await ${b}; return [o, y];`,
  },
  {
    name: 'a write waits for the reads before it, by calls too',
    without: {
      "touchAll(sweep, readersOf, step, 'anti', place);": '',
    },
    body: `const list = ['x']; const t = await this.talk.invoke(list); list.push('y'); return [t, list];`,
  },
  {
    name: 'who may find the object of an earlier iteration waits for those who touched it as their own',
    without: {
      'for (const { id } of this.#newerThan.get(place) ?? [])':
        'for (const { id } of [] as { id: number }[])',
    },
    body: `let kept = { n: 0 }; const out: string[] = []; for (const x of ['p', 'q', 'r']) { const o = { n: 0 }; if (x === 'p') kept = o; const h = await ${call('a', 'a', 'x')}; o.n += h.length; out.push(await ${call('b', 'b', 'String(kept.n)')}); } return out;`,
  },
  {
    name: 'and that in every earlier iteration',
    without: {
      'const isEvery = isForEvery && carried !== undefined;': 'const isEvery = false; void isForEvery;',
    },
    body: `let kept = { n: 0 }; const out: string[] = []; for (const x of ['p', 'q', 'r']) { const o = { n: 0 }; if (x === 'p') kept = o; const h = await ${call('a', 'a', 'x')}; o.n += h.length; out.push(await ${call('b', 'b', 'String(kept.n)')}); } return out;`,
  },
  {
    name: 'a handler around a loop may find the object of an earlier iteration',
    without: {
      '!isHidden(code.places[place]?.older ?? place)': '!isHidden(place)',
    },
    body: `let kept = { n: 0 }; try { for (const x of ['p', 'q', 'r']) { const o = { n: 0 }; if (x === 'p') kept = o; await ${call('a', 'a', 'x')}; o.n += 1; await ${call('b', 'b', 'x')}; o.n += 1; } } catch { return kept.n; } return [kept];`,
  },
  {
    name: 'a call that mutates writes what it was given',
    without: {
      'return mutates ? heldBy(step) : [];': 'void mutates; return [];',
    },
    body: `const doc = { text: 't', tags: ['x'], n: 0 }; const x = await this.edit.invoke(doc); const k = doc.tags.length; const y = await ${call('b', 'b', 'k')}; return [x, y];`,
  },
  {
    name: 'an `await` has the effects of the call that it ends',
    without: {
      'return [step, ...begunBy(program, step)].flatMap(({ operators })':
        'return [step].flatMap(({ operators })',
    },
    body: `const p = ${call('w', 'w')}; const x = await p; const y = await ${call('r', 'r')}; return [x, y];`,
  },
  {
    name: 'an `await` writes what the call that it ends writes',
    without: { '[step, ...begun].flatMap((one)': '[step].flatMap((one)' },
    body: `const doc = { text: 't', tags: ['x'], n: 0 }; const p = this.edit.invoke(doc); const x = await p; const k = doc.tags.length;
      const y = await ${call('b', 'b', 'k')}; return [x, y];`,
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
    name: 'whoever reads state that has no name waits for calls that write state',
    without: { '...(effect.state ? [ANY_STATE] : [])': '' },
    module: `${GROW} const kept: Box = { n: 0, list: [] };
      class Show extends Operator<Question, string> { override async forward(i: Question) { return i.q + 'sum' + kept.n; } }`,
    fields: 'readonly grow = new Grow(kept); readonly show = new Show();',
    create: 'kept.n = 0;',
    body: `const x = await ${call('grow', 'g')}; const y = await ${call('show', 's')}; return [x, y];`,
  },
  {
    name: 'code waits for calls that may write anything',
    without: { "isCode || effect.known === 'inferred'": "effect.known === 'inferred'" },
    module: `class Hidden extends Operator<Question, string> { constructor(readonly box: Doc) { super(); }
      override async forward(i: Question) { await pause(5); this.box.n = 5; return 'x'; } }`,
    fields: `readonly box: Doc = { text: 't', tags: [], n: 0 }; readonly hidden = new Hidden(this.box);`,
    create: `return { operator, input: { q: 'why', n: 3, tags: [], doc: operator.box } };`,
    body: `const x = await ${call('hidden', 'h')}; const k = input.doc.n; const y = await ${call('b', 'b', 'k')}; return [x, y];`,
  },
];
