/** What must begin as it does as written, for something is in flight: for each rule a program that goes wrong without it. */
import { call, a, b, z, GROW, GROWING, SHARED_BOX, TUNE, type Rule } from './rule.ts';

export const timingRules: readonly Rule[] = [
  {
    name: 'a step that has waited for all stands for all before it',
    without: {
      "else if (isInTime || before === waitedForAll)\n      sweep.order(before, step, 'control', 'program order', FOR_ALL);":
        "else if (isInTime) sweep.order(before, step, 'control', 'program order', FOR_ALL);",
    },
    fields: 'log: string[] = []; readonly tag = new lab.Tag("tag");',
    body: `const x = await ${a}; const all = await Promise.allSettled([this.tag.invoke(input.doc), ${b}]); this.log.push('t'); return [x, all.length];`,
  },
  {
    name: 'steps in place wait for all',
    without: {
      'if (sweep.inPlace.has(step.id)) return true;': '',
    },
    body: `${z} const p = ${a}; const y = await ${b}; return [y, await Promise.race([p, ${call('b', 'b', 'z')}])];`,
  },
  {
    name: 'promises that race keep their place',
    without: {
      'else if (isRaced) keepRange(inPlace, stretch.first, stretch.last);': '',
    },
    body: `${z} const p = ${a}; const y = await ${b}; return [y, await Promise.race([p, ${call('b', 'b', 'z')}])];`,
  },
  {
    name: 'promises that race begin together',
    without: {
      'return [{ before, after: stretch.first, kind, what }];': 'return [];',
    },
    body: `${z} const p = ${a}; return await Promise.race([p, ${call('b', 'b', 'z')}]);`,
  },
  {
    name: 'promises that begin together begin in the order of the code',
    without: {
      'of [...added, ...inOrder]': 'of added',
    },
    body: `${z} const p = ${call('a', 'a', 'z')}; const q = ${b}; return await Promise.race([p, q]);`,
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
      'const paced = [...new Set([...inPlace, ...racing, ...racers])]': 'const paced = [...inPlace]',
    },
    fields: `readonly pair = new lab.Pair('pair');`,
    body: `return await Promise.race([${call('pair', 'p')}, ${b}]);`,
  },
  {
    name: 'composites whose promise is held take their time',
    without: {
      'const paced = [...new Set([...inPlace, ...racing, ...racers])]':
        'const paced = [...racing, ...racers]',
    },
    fields: `readonly pair = new lab.Pair('pair');`,
    body: `const p = ${call('pair', 'p')}; const y = await ${a}; const q = ${b}; return [y, await Promise.race([p, q])];`,
  },
  {
    name: 'composites that begin together with others take their time',
    without: {
      'for (const { first, last, isRaced } of together) if (isRaced) keepRange(racers, first, last);': '',
    },
    fields: `readonly pair = new lab.Pair('pair');`,
    body: `const p = ${call('pair', 'p')}; return await Promise.race([p, ${b}]);`,
  },
  {
    name: 'what conflicts with a call in flight keeps its place',
    without: {
      'if (isOrdered || mayMeet(begun, step, effects)) keepInPlace(sweep, before, step);': '',
    },
    body: `${z} const p = ${call('r', 'r')}; const x = await ${call('w', 'w')}; return [z, x, await p];`,
  },
  {
    name: 'calls that a step in place waits for began in their place, too',
    without: {
      'for (const start of starts) if (inPlace.has(id) && !inPlace.has(start)) keepRange(inPlace, start, id);':
        '',
    },
    fields: "readonly u = new lab.Undeclared('u', 'text'); readonly v = new lab.Undeclared('v', 'text');",
    body: `${z} const p = ${a}; const r = await Promise.race([${call('u', 'u', 'z')}, ${b}]); const x = await p; return [r, await ${call('v', 'v', 'x')}];`,
  },
  {
    name: 'code that goes on in a step that has ended keeps its place among effects',
    without: { 'isOrdered || mayMeet(': 'mayMeet(' },
    body: `const r = await Promise.any(input.tags.map(async (t) => { const x = await this.a.invoke({ site: t, q: t }); console.log(t); return x; })); const y = await ${b}; console.log(y); return r;`,
  },
  {
    name: 'calls that are settled side by side take their time where one changes what another may see',
    without: { 'step.races || isMixed(step, effectOf)': 'step.races' },
    fields: `readonly pair = new lab.Pair('pair'); readonly tag = new lab.Tag('tag');`,
    body: `const both = async (n: number): Promise<unknown> => { if (n > 0) return both(n - 1); return await Promise.allSettled([this.pair.invoke({ site: 'p', q: 'q', doc: input.doc }), this.tag.invoke(input.doc)]); }; return await both(5);`,
  },
  {
    name: 'effects and calls in flight that only read keep their place',
    without: {
      ' || touches(later, earlier);': ';',
    },
    body: `${z} const p = ${call('r', 'r')}; const x = await ${call('w', 'w')}; return [z, x, await p];`,
  },
  {
    name: 'readers and calls in flight that write keep their place',
    without: {
      'return touches(earlier, later)': 'return false',
      "sweep.order(before, step, 'effect', what, { mayDiffer: isResource && mayDiffer(sweep, before, step) });\n      keepInPlace(sweep, before, step);":
        '',
    },
    body: `${z} const p = ${call('w', 'w')}; const x = await ${b}; const y = await ${call('r', 'r')}; return [z, x, y, await p];`,
  },
  {
    name: 'readers of resources and sequential calls in flight keep their place',
    without: {
      'if (isOrdered || mayMeet(begun, step, effects)) keepInPlace(sweep, before, step);': '',
    },
    body: `${z} const p = ${call('s', 's')}; const x = await ${b}; const y = await ${call('r', 'r')}; return [z, x, y, await p];`,
  },
  {
    name: 'what an operator is known by its body to write, it may write late: what can be seen meanwhile keeps its place',
    without: {
      "|| (writes.size > 0 && known !== 'declared')": '',
    },
    module: `class Late extends Operator<Question, string> { readonly leaf = new lab.Ask('leaf', 'text'); readonly write = new lab.WriteA('late', 'text');
      override async forward(i: Question): Promise<string> { const x = await this.leaf.invoke(i); return await this.write.invoke({ site: 'late', q: x }); } }`,
    fields: `readonly late = new Late(); readonly v = new lab.CopyAToB('v', 'text');`,
    body: `${z} const p = ${call('late', 'l')}; const x = await ${b}; console.log(x); return [z, x, await p];`,
  },
  {
    name: 'calls in flight whose failures are told read their own fields until they end',
    without: { '(isChange && begun.length > 0) || ': '' },
    fields: `readonly tuned = new lab.Tuned('tuned');`,
    body: `await Promise.allSettled([${call('tuned', 't')}, ${a}]); this.tuned.settings.instruction = 'y'; return 1;`,
  },
  {
    name: 'who writes what calls read whose failures are told waits for them, though others have passed them',
    without: {
      "if (earlier !== undefined && isAfter(earlier))\n      sweep.order(end, step, 'effect', 'program order of effects', FOR_ALL);":
        '',
    },
    body: `await Promise.allSettled([${call('r', 'r')}, ${a}]); console.log('passes'); return [await ${call('w', 'w')}];`,
  },
  {
    name: 'calls of an operator and whoever writes its fields in flight keep their place',
    without: {
      "sweep.order(before, step, 'effect', what, { mayDiffer: isResource && mayDiffer(sweep, before, step) });\n      keepInPlace(sweep, before, step);":
        "sweep.order(before, step, 'effect', what, { mayDiffer: isResource && mayDiffer(sweep, before, step) });",
    },
    module: TUNE,
    fields: `readonly tuned = new lab.Tuned('tuned'); readonly tune = new Tune(this.tuned);`,
    body: `${z} const p = ${call('tune', 's')}; const x = await ${b}; const y = await ${call('tuned', 't')}; return [z, x, y, await p];`,
  },
  {
    name: 'code and calls in flight that write state keep their place',
    without: {
      "sweep.order(writer.step, step, 'flow', label);\n      keepInPlace(sweep, writer.step, step);":
        "sweep.order(writer.step, step, 'flow', label);",
    },
    module: GROW,
    fields: GROWING,
    body: `${z} const p = ${call('grow', 'g')}; const x = await ${b}; const k = this.box.n; const y = await ${call('a', 'a', 'k')}; return [z, x, y, await p];`,
  },
  {
    name: 'what a call that nobody awaits changes is as far as it was as written when the body ends',
    without: {
      'if (step !== undefined && changes(step)) keepFrom(sweep, visit, sweep.code.steps.length - 1);':
        'void changes; void step;',
    },
    module: GROW,
    fields: GROWING,
    body: `${z} void ${call('grow', 'g')}; const x = await ${b}; return x;`,
  },
  {
    name: 'calls in flight of an iteration keep all of the next one in place up to what they conflict with',
    without: {
      'for (const { loop } of before.copies.slice(depth)) first = Math.min(first, loop + 1);': '',
    },
    body: `for (const t of ['x', 'y']) { const x = await this.a.invoke({ site: t, q: t }); await this.b.invoke({ site: t, q: x }); const g = await this.r.invoke({ site: t, q: x }); void this.w.invoke({ site: t, q: g }); }`,
  },
  {
    name: 'what conflicts with calls in flight in a later iteration keeps all of the earlier ones in place',
    without: {
      'if (copy === 1) last = Math.max(last, this.#lastIn(loop));': 'void copy;',
    },
    body: `void ${call('r', 'r')}; for (const t of ['x', 'y']) { const x = await this.w.invoke({ site: t, q: t }); await this.a.invoke({ site: t, q: x }); await this.b.invoke({ site: t, q: t }); }`,
  },
  {
    name: 'a write and a call in flight that reads keep their place',
    without: {
      'sweep.order(before, step, kind, label, { keys, isForEvery });\n    keepInPlace(sweep, before, step);':
        'sweep.order(before, step, kind, label, { keys, isForEvery });',
    },
    body: `const list = ['x']; ${z} const p = this.talk.invoke(list); const x = await ${b}; list.push('y'); return [z, x, await p, list];`,
  },
  {
    name: 'code that reads what others may share and calls in flight that change it keep their place',
    without: {
      'if (step !== undefined && changes(step)) keepFrom(sweep, visit, sweep.code.steps.length - 1);':
        'void changes; void step;',
    },
    fields: `box: Doc = { text: 't', tags: [], n: 0 };`,
    create: SHARED_BOX,
    body: `${z} void this.edit.invoke(this.box); const x = await ${b}; const k = input.doc.tags.length;
      const y = await ${call('a', 'k', 'k')}; return [z, x, y];`,
  },
  {
    name: 'a write of what others may share and calls in flight keep their place',
    without: {
      'for (const before of sweep.lingering) keepFrom(sweep, before, step.id);': '',
    },
    fields: `readonly tuned = new lab.Tuned('tuned');`,
    body: `${z} const p = ${call('tuned', 't')}; const x = await ${b}; this.tuned.settings.instruction = 'y'; return [z, x, await p];`,
  },
  {
    name: 'a call that nobody awaits at once is in flight',
    without: {
      "if (step.lingers || goesOn.has('always') || isHandled) lingering.add(now.id);": '',
    },
    body: `${z} const p = ${call('r', 'r')}; const x = await ${call('w', 'w')}; return [z, x, await p];`,
  },
  {
    name: 'a call of a block that fails may go on',
    without: {
      'for (const call of abandoned) sweep.lingering.add(call);': '',
    },
    fields: `readonly wa = new lab.WriteA('wa', 'text'); readonly ra = new lab.ReadA('ra', 'text'); readonly x = new lab.Ask('x', 'text'); readonly y = new lab.Ask('y', 'text'); readonly v = new lab.Ask('v', 'text');`,
    body: `try { console.log(await Promise.all([${call('x', '1')}, ${call('wa', '2')}])); } finally { const m = await ${call('y', 'y1')}; console.log(m); const k = await ${call('v', 'v1')}; console.log(k); console.log(await ${call('ra', '4')}); } return 'done';`,
  },
  {
    name: 'members of a combination in which the first failure counts keep their place',
    without: { '|| user.races': '' },
    module: `class Failing extends Operator<Question, string> { static override readonly effect = 'unordered' as const; readonly leaf = new lab.Ask('failing', 'text');
      override async forward(i: Question): Promise<string> { await this.leaf.invoke(i); throw new Error(i.site); } }
      @structuralJit class Both extends Operator<Question, string> { static override readonly effect = 'unordered' as const; readonly left = new lab.Ask('left', 'text'); readonly right = new lab.Ask('right', 'text');
      override async forward(i: Question): Promise<string> { const l = await this.left.invoke(i); const r = await this.right.invoke(i); throw new Error(l + r); } }`,
    fields: 'readonly both = new Both(); readonly failing = new Failing();',
    body: `const p = ${call('both', 'p')}; const q = ${call('failing', 'q')}; return await Promise.all([p, q]);`,
  },
];
