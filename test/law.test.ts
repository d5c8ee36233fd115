/** The law on generated programs, and the proof that its checker sees a breach of every clause. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileModules } from './helpers/compile.ts';
import { fuzz, printFailure } from './helpers/fuzzing.ts';
import type { Clause } from './helpers/law.ts';
import { print } from './helpers/litmus.ts';
import { estimate } from './helpers/oracle.ts';
import { anyProgram } from './helpers/program-generator.ts';
import type { Statement } from './helpers/program-kinds.ts';
import { smaller } from './helpers/program-shrinking.ts';
import { compileWritten, refute, schedules } from './helpers/prove.ts';

const fields = `
  readonly a = new lab.Ask('a', 'text');
  readonly b = new lab.Ask('b', 'text');
  readonly w = new lab.WriteA('w', 'text');
  readonly v = new lab.WriteA('v', 'text');
  readonly talk = new lab.Talk('talk');
  readonly deaf = new lab.Deaf('deaf', 'text');
  readonly fetch = new lab.Ask('fetch', 'doc');`;

const [a, b, w, v] = ['a', 'b', 'w', 'v'].map(
  (name) => `this.${name}.invoke({ site: '${name}', q: input.q })`,
);

/** What a compiler might do wrong, written by hand. */
const breaches: readonly (readonly [clause: Clause, claim: string, written: string, wrong: string])[] = [
  ['result', 'another value', `return [await ${a}]`, `return [(await ${a}) + '!']`],
  ['result', 'another order of keys', `return { x: await ${a}, y: 1 }`, `return { y: 1, x: await ${a} }`],
  ['result', 'zero for minus zero', `await ${a}; return -0`, `await ${a}; return 0`],
  [
    'result',
    'a copy for a shared reference',
    `const x = [await ${a}]; return { x, y: x }`,
    `const x = [await ${a}]; return { x, y: [...x] }`,
  ],
  [
    'result',
    'an object of the input for a copy of it',
    `await ${a}; return { ...input.doc }`,
    `await ${a}; return input.doc`,
  ],
  ['result', 'a write to the input that is lost', `await ${a}; input.tags.push('x')`, `await ${a}`],
  [
    'result',
    'a failure that is swallowed',
    `return await ${a}`,
    `try { return await ${a} } catch { return 'x' }`,
  ],
  [
    'error',
    'the first failure in time for the first in program order',
    `const x = await ${a}; const y = await ${b}; return [x, y]`,
    `return await Promise.all([${a}, ${b}])`,
  ],
  [
    'error',
    'a copy of the error',
    `return await ${a}`,
    `try { return await ${a} } catch (e) { throw new Error(String(e)) }`,
  ],
  ['effect order', 'two writers swapped', `await ${w}; await ${v}`, `await ${v}; await ${w}`],
  [
    'effect order',
    'a log before what may fail',
    `await ${a}; console.log('x'); return 1`,
    `const p = ${a}; console.log('x'); await p; return 1`,
  ],
  ['effect order', 'a log that is lost', `await ${a}; console.log('x')`, `await ${a}`],
  ['calls', 'a call twice', `return await ${a}`, `await ${a}; return await ${a}`],
  ['calls', 'a call left out', `const x = await ${a}; await ${b}; return x`, `return await ${a}`],
  [
    'calls',
    'another input',
    `const x = await ${a}; return await this.b.invoke({ site: 'b', q: x })`,
    `const x = await ${a}; return await this.b.invoke({ site: 'b', q: x + x })`,
  ],
  [
    'inputs',
    'an array that changes in flight',
    `const l = ['x']; const x = await this.talk.invoke(l); l.push('y'); return x.length`,
    `const l = ['x']; const p = this.talk.invoke(l); l.push('y'); return (await p).length`,
  ],
  [
    'speculation',
    'a writer that runs ahead of a failure',
    `await ${a}; await ${w}`,
    `const p = ${w}; p.catch(() => {}); await ${a}; await p`,
  ],
  [
    'speculation',
    'a call that is not aborted when an earlier one fails',
    `const x = await ${a}; const y = await ${b}; return [x, y]`,
    `const p = ${a}, q = ${b}; q.catch(() => {}); return [await p, await q]`,
  ],
  [
    'unhandled rejection',
    'a later failure that nobody handles',
    `const x = await ${a}; const y = await ${b}; return [x, y]`,
    `const p = ${a}, q = ${b}; return [await p, await q]`,
  ],
  ['settling', 'later than as written', `await Promise.all([${a}, ${b}])`, `await ${a}; await ${b}`],
  ['settling', 'a hang', `return await ${a}`, `await new Promise(() => {}); return await ${a}`],
  [
    'after settling',
    'a call that starts once the run has settled',
    `const x = await ${a}; const y = await ${b}; return [x, y]`,
    `const p = ${a}; const q = this.deaf.invoke({ site: 's', q: 0 }).then(() => ${b}); q.catch(() => {}); return [await p, await p]`,
  ],
];

/** Right, and faster: written by hand as the compiler would. */
const right = `
  const p = ${a}, q = this.fetch.invoke({ site: 'f', q: input.q });
  p.catch(() => {}); q.catch(() => {});
  const x = await p; const y = await q;
  return [x, y]`;

describe('the checker of the law', () => {
  const bodies = breaches.flatMap(([, , written, wrong]) => [`${written};`, `${wrong};`]);
  const programs = compileWritten(bodies.map((body) => print({ fields, body, decorator: '' })));

  it.each(breaches.map(([clause, claim], i) => ({ clause, claim, i })))(
    '$clause: sees $claim',
    async ({ clause, i }) => {
      const [written, wrong] = [programs[2 * i], programs[2 * i + 1]];
      if (written === undefined || wrong === undefined) throw new Error('Each breach has two programs.');
      const seen = new Set<Clause>();
      for (const schedule of schedules(100)) {
        // oxlint-disable-next-line no-await-in-loop -- one world at a time
        const found = await refute({ written, compiled: wrong }, [schedule]);
        for (const violation of found?.violations ?? []) seen.add(violation.clause);
      }
      expect([...seen]).toContain(clause);
      // And a program keeps the law towards itself.
      expect(await refute({ written: wrong, compiled: wrong }, schedules(20))).toBeUndefined();
    },
  );

  it('lets pass what is right and faster', async () => {
    const slow = `const x = await ${a}; const y = await this.fetch.invoke({ site: 'f', q: input.q }); return [x, y]`;
    const [written, compiled] = compileWritten(
      [slow, right].map((body) => print({ fields, body, decorator: '' })),
    );
    if (written === undefined || compiled === undefined) throw new Error('Two sources give two programs.');
    const noFailures = schedules(200).map((schedule) => ({ ...schedule, failureRate: 0 }));
    expect(await refute({ written, compiled }, noFailures)).toBeUndefined();
  });
});

describe('the oracle', () => {
  it.each<readonly [claim: string, body: string, written: number, ideal: number]>([
    ['independent calls', `const x = await ${a}; const y = await ${b}; return [x, y]`, 20, 10],
    ['a chain', `const x = await ${a}; return await this.b.invoke({ site: 'b', q: x })`, 20, 20],
    ['two writers', `await ${w}; await ${v}`, 20, 20],
    ['a writer behind what may fail', `await ${a}; await ${b}; await ${w}`, 30, 20],
    [
      'an array that is changed between two calls that hold it',
      `const l = ['x']; await this.talk.invoke(l); await ${a}; l.push('y'); await this.talk.invoke(l)`,
      30,
      20,
    ],
    ['calls that the code starts together', `await Promise.all([${a}, ${b}]); await ${w}`, 20, 20],
    [
      'a branch on a result',
      `const x = await ${a}; if (x.length > 99) await ${b}; return await this.fetch.invoke({ site: 'f', q: 1 })`,
      20,
      10,
    ],
    [
      'a branch that a result decides',
      `const x = await ${a}; let y = ''; if (x.slice(-1) < 'i') y = await ${b}; else y = await ${a}; return y`,
      20,
      20,
    ],
    [
      'a loop without a carried value',
      `const l = []; for (const q of ['x', 'y', 'z']) l.push(await this.a.invoke({ site: 'a' + q, q })); return l`,
      30,
      10,
    ],
    [
      'a loop that carries a result',
      `let q = 'x'; for (let i = 0; i < 3; i++) q = await this.a.invoke({ site: 'a' + i, q }); return q`,
      30,
      30,
    ],
  ])('finds how fast %s can be', async (_, body, asWritten, ideal) => {
    const [written] = compileWritten([print({ fields, body: `${body};`, decorator: '' })]);
    if (written === undefined) throw new Error('One source gives one program.');
    const found = await estimate(written, { seed: 1, failureRate: 0, latency: 'equal' });
    expect(found).toEqual({ written: asWritten, ideal });
  });
});

describe('shrinking', () => {
  it.each<readonly [claim: string, kind: string]>([
    ['a statement from a list', 'log'],
    ['a statement from inside blocks', 'memo'],
    ['a block', 'try'],
  ])('singles out %s', (_, kind) => {
    const contains = (all: readonly Statement[]): boolean =>
      all.some((one) => one.kind === kind || one.bodies.some(contains));
    const found = fc.sample(anyProgram(), { seed: 5, numRuns: 200 }).find((one) => contains(one.statements));
    let smallest = found?.statements ?? [];
    const next = (): readonly Statement[] | undefined => [...smaller(smallest)].find(contains);
    for (let one = next(); one !== undefined; one = next()) smallest = one;
    expect(smallest.map((one) => [one.kind, one.bodies.flat(), one.picks.join('')])).toEqual([
      [kind, [], '0'.repeat(12)],
    ]);
  });
});

describe('the law', () => {
  it('holds for generated programs under generated interleavings', { timeout: 240_000 }, async () => {
    const report = await fuzz({ count: 100, seed: 20_261_122, schedules: 8, gains: false });
    expect(report.failures.map(printFailure)).toEqual([]);
    expect(report.programs).toBe(100);
  });

  it('is asked about programs that type-check', () => {
    const programs = fc.sample(anyProgram(), { seed: 7, numRuns: 40 });
    const files = Object.fromEntries(programs.map(({ source }, i) => [`p${i}.ts`, source]));
    const modules = compileModules(files, { as: 'written', check: true });
    expect([...modules.values()].flatMap((module) => module.diagnostics)).toEqual([]);
  });
});
