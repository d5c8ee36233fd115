/** Loops, and what stands around them: what follows one, and what iterations of one share. */
import { call, type Regression } from '../helpers/regression.ts';

const later = (q = 'x'): string => call('sequential', 's', q);

/** What follows a loop begins when the iterations have left what it uses, whatever else of them still runs. */
export const behindLoops: readonly Regression[] = [
  {
    claim: 'what an iteration leaves behind is aborted when a step before the loop fails',
    body: `const x = await ${call('a', '1')}; for (const q of ['p', 'q']) await Promise.all(['1', '2', '3', '4', '5', '6'].map((p) => this.b.invoke({ site: p, q }))); return x;`,
  },
  {
    claim: 'what iterations leave is there when the last one has left it',
    body: `const out: string[] = []; let last = ''; for (const x of ['p', 'q', 'r']) { last = await ${call('a', 'x', 'x')}; out.push(last); await ${later()}; } const y = await ${call('b', 'y', 'last + out.length')}; out.push(y); return [last, out];`,
  },
  {
    claim: 'a loop that is skipped, or has no iteration, leaves what was there',
    body: `const out: string[] = [await ${call('a', '1')}]; let n = out.length; if (input.n > 99) for (const x of ['p', 'q']) { n += (await ${call('a', 'x', 'x')}).length; out.push(x); await ${later()}; } const y = await ${call('b', 'y', 'out.join() + n')}; for (const x of [] as string[]) { out.push(await ${call('c', 'x', 'x')}); n += 1; await ${later()}; } return [await ${call('b', 'z', 'out.join() + n + y')}, out];`,
  },
  {
    claim: 'a loop in a loop leaves what the rest of the iteration, and the next one, uses',
    body: `const out: string[] = []; let n = 0; for (const x of ['p', 'q']) { for (const y of [x, 'r']) { const h = await ${call('a', 'x', 'x + y')}; n += h.length; out.push(h); await ${call('c', 'y', 'h')}; } out.push(await ${call('b', 'x', 'out.join() + n')}); } return [n, out];`,
  },
  {
    claim: 'a jump decides which iteration is the last',
    body: `const out: string[] = []; let n = 0; for (const x of ['p', 'q', 'r', 's']) { if (x === 'q') continue; const h = await ${call('a', 'x', 'x')}; n += 1; out.push(h); if (h.slice(-1) < '5') break; await ${later()}; } return [await ${call('b', 'y', 'out.join() + n')}, n];`,
  },
  {
    claim: 'a loop that is left leaves nothing',
    body: `const out: string[] = []; for (const x of ['p', 'q', 'r']) { out.push(x); const h = await ${call('a', 'x', 'x')}; if (h.slice(-1) < '5') return [x, out]; await ${later()}; } return [await ${call('b', 'y', 'out.join()')}];`,
  },
  {
    claim: 'an iteration that fails while later ones have left what is used',
    body: `const out: string[] = []; try { for (const x of ['p', 'q', 'r']) { const g = await ${call('c', 'x', 'x')}; out.push(await ${call('a', 'x', 'x')}); if (g.slice(-1) < '5') throw new Error(x); await ${later('g')}; } out.push(await ${call('b', 'y', 'out.join()')}); } catch (error) { out.push(String(error)); } return out;`,
  },
  {
    claim: 'a loop that decides by what a call gives whether it goes on',
    body: `const out: string[] = []; let n = 0; while (n < 3 && (await ${call('a', 'n', 'String(n)')}).slice(-1) !== '9') { n += 1; out.push(String(n)); await ${later('String(n)')}; } return [await ${call('b', 'y', 'out.join() + n')}, n];`,
  },
];

const shelves = `readonly read = new lab.ReadShelf('read', 'text'); readonly write = new lab.WriteShelf('write', 'text'); readonly readA = new lab.ReadA('readA', 'text'); readonly writeB = new lab.WriteA('writeA', 'text');`;

/** Resources that depend on what a call is given: who reads one waits for those alone who write the same. */
export const shelved: readonly Regression[] = [
  {
    claim: 'a call waits for a write of the shelf that it reads, and for no other',
    fields: shelves,
    body: `const out: string[] = []; for (const x of ['p', 'qq', 'r', 'ss']) { out.push(await ${call('read', 'r', 'x')}); const h = await ${call('a', 'a', 'x')}; out.push(await this.write.invoke({ site: 'w', q: x, list: [h] })); } out.push(await ${call('read', 'end', '"p"')}, await ${call('readA', 'end')}); return out;`,
  },
  {
    claim: 'a shelf that hangs on what an earlier call gives is compared when that is known',
    fields: shelves,
    body: `const out: string[] = []; const k = (await ${call('a', 'k')}).slice(2, 3) + (input.n > 2 ? '' : 'x'); for (const x of ['p', 'qq', 'r']) { out.push(await ${call('read', 'r', 'k')}); const y = (await ${call('b', 'b', 'x')}).slice(0, out.length); out.push(await ${call('write', 'w', 'y')}); } return out;`,
  },
  {
    claim: 'writes of several shelves, one behind another, are all waited for by those who read theirs',
    fields: shelves,
    body: `const one = await ${call('write', '1', '"p"')}; const two = await ${call('write', '2', '"qq"')}; const three = await ${call('writeB', '3', '"r"')}; const four = await ${call('read', '4', '"p"')}; const five = await ${call('read', '5', '"qq"')}; const six = await ${call('readA', '6')}; return [one, two, three, four, five, six];`,
  },
  {
    claim: 'a shelf is told by a variable that is assigned under a condition',
    fields: shelves,
    body: `const out: string[] = []; let k = 'p'; for (const x of ['p', 'qq', 'r']) { const h = await ${call('a', 'a', 'x')}; if (h.slice(-1) < '5') k = h.slice(0, 2); else if (x === 'qq') continue; out.push(await ${call('read', 'r', 'k')}); out.push(await ${call('write', 'w', 'k')}); } return out;`,
  },
  {
    claim: 'a shelf of an object that changes before the call is made',
    fields: shelves,
    body: `const out: string[] = []; const question = { site: 's', q: 'p' }; for (const x of ['p', 'qq', 'r']) { question.q = x; out.push(await this.read.invoke(question)); question.q += await ${call('a', 'a', 'x')}; out.push(await this.write.invoke(question)); } return out;`,
  },
  {
    claim: 'a helper writes a shelf',
    fields: `${shelves} async put(x: string, h: string) { return this.write.invoke({ site: 'w', q: x, list: [h] }); }`,
    body: `const out: string[] = []; for (const x of ['p', 'qq', 'r']) { out.push(await ${call('read', 'r', 'x')}); const h = await ${call('a', 'a', 'x')}; out.push(await this.put(x, h)); } return out;`,
  },
];

/** `for-in`: which keys there are hangs on what the object has when each is taken. */
export const forIn: readonly Regression[] = [
  {
    claim: 'keys that an iteration deletes are not got to, whatever call decides',
    body: `const all: Record<string, string> = { p: '1', q: '2', r: '3', s: '4' }; const out: string[] = []; for (const key in all) { const h = await ${call('a', 'k', 'key + all[key]')}; if (h.slice(-1) < '9') delete all['r']; else all[key] = h; out.push(key, h); } return [out, all];`,
  },
  {
    claim: 'an operator changes the object whose keys are gone through',
    body: `const doc = { text: input.q, tags: ['x'], n: 1 }; const out: string[] = []; for (const key in doc) { out.push(key, (await this.edit.invoke(doc)).text, await ${call('a', 'k', 'key')}); } return [out, doc];`,
  },
  {
    claim: 'keys of lists, texts, nothing, and of what is inherited',
    body: `const out: string[] = []; const base = { far: 1 }; const heir = Object.create(base) as { near?: number }; heir.near = 2; for (const key in heir) out.push(await ${call('a', 'h', 'key')}); for (const key in input.tags) out.push(await ${call('a', 'l', 'key + input.tags[Number(key)]')}); for (const key in Object('ab')) out.push(await ${call('b', 't', 'key')}); const none: object | undefined = input.n > 99 ? {} : undefined; for (const key in none as object) out.push(await ${call('c', 'n', 'key')}); return out;`,
  },
  {
    claim: 'a loop over keys is left, goes on, and is in another one',
    body: `const all = { p: { a: 1, b: 2 }, q: { c: 3 }, r: {} }; const out: string[] = []; outer: for (const one in all) { if (one === 'q') continue; for (const two in all[one as 'p']) { const h = await ${call('a', 'k', 'one + two')}; out.push(h); if (h.slice(-1) < '4') continue outer; if (h.slice(-1) < '6') break outer; } await ${call('sequential', 's', 'one')}; } return out;`,
  },
  {
    claim: 'keys of the input, which the body changes behind the loop',
    body: `const out: string[] = []; for (const key in input.doc) out.push(await ${call('a', 'k', 'key')}); Object.assign(input.doc, { more: out.length }); for (const key in input.doc) out.push(await ${call('b', 'k', 'key')}); return [out, input.doc];`,
  },
];
