/** What waits for what across loops, and under which keys: for each rule a program that goes wrong without it. */
import { call, type Rule } from './rule.ts';

/** Sets many entries, the first of them late, and reads that one. */
const MANY = Array.from(
  { length: 17 },
  (_, i) => `const k${i} = input.q + '${i}'; m.set(k${i}, ${i === 0 ? 'x' : `'${i}'`});`,
).join(' ');

export const nestedRules: readonly Rule[] = [
  {
    name: 'who comes behind a loop waits for each step in it that it needs',
    without: {
      "const cause = `${first} ${part ?? ''} ${after.id}": 'const cause = `${first} ${after.id}',
    },
    fields: `readonly tell = new lab.Talk('tell');`,
    body: `const l: string[] = ['x']; const out: string[] = [];
      for (const q of ['p', 'q']) { const s = await this.talk.invoke(l); const t = await this.tell.invoke(l); out.push(q + s + t); }
      l.push('y'); return [l, out];`,
  },
  {
    name: 'an iteration over keys waits for what the one before did to the object',
    without: { 'for (const [into, producers] of outs) produce(sweep, into, producers);': 'return;' },
    body: `const o: Record<string, number> = { p: 1, q: 2, r: 3 }; const seen: string[] = [];
      for (const k in o) { const t = await ${call('a', 'a', 'k')}; if (t.length > 0) delete o['q']; seen.push(k); }
      return [seen, await this.talk.invoke(seen)];`,
  },
  {
    name: 'who reads one entry waits for all writers of that entry, in a row too',
    without: { 'isKeyed ? before : sweep.still(before)': 'sweep.still(before)' },
    body: `const m = new Map<string, string>(); const k = input.q; const j = input.q + '!'; const x = await ${call('a', 'a')}; m.set(k, x);
      const y = await ${call('b', 'b')}; m.set(j, y); const z = m.get(k) ?? 'none'; return [await ${call('c', 'c', 'z')}, z];`,
  },
  {
    name: 'who reads one entry waits for who writes all of them',
    without: {
      'const other = sweep.whole.has(before) ? undefined : keyIn(sweep.stepAt(before), place);':
        'const other = keyIn(sweep.stepAt(before), place);',
    },
    body: `const m = new Map<string, string>(); const x = await ${call('a', 'a')}; ${MANY}
      const z = m.get(k0) ?? 'none'; return [await ${call('c', 'c', 'z')}, z];`,
  },
  {
    name: 'who passes the writer of one entry in a `try` waits for those before the `try`',
    without: {
      'steps.some((one) => one > visit && !sweep.whole.has(one)) ? steps : enough(steps);': 'enough(steps);',
    },
    body: `const m = new Map<string, string>(); const k = input.q; const x = await ${call('a', 'a')}; m.set(k, x);
      try { const j = input.q + '!'; m.set(j, 'second'); console.log(await ${call('b', 'b')}); } catch { console.log('caught'); }
      const z = m.get(k) ?? 'none'; return [await ${call('c', 'c', 'z')}, z];`,
  },
];
