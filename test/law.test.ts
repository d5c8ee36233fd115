/** The law on generated programs; that what is measured there is right is shown for the oracle and for shrinking. */
import { availableParallelism } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileModules } from './helpers/compile.ts';
import { fuzzInParallel } from './helpers/fuzz-parallel.ts';
import { print } from './helpers/litmus.ts';
import { estimate } from './helpers/oracle.ts';
import { anyProgram } from './helpers/program-generator.ts';
import type { Statement } from './helpers/program-kinds.ts';
import { smaller } from './helpers/program-shrinking.ts';

const fields = `
  readonly a = new lab.Ask('a', 'text');
  readonly b = new lab.Ask('b', 'text');
  readonly w = new lab.WriteA('w', 'text');
  readonly v = new lab.WriteA('v', 'text');
  readonly talk = new lab.Talk('talk');
  readonly deaf = new lab.Deaf('deaf', 'text');
  readonly fetch = new lab.Ask('fetch', 'doc');
  readonly score = new lab.Ask('score', 'number');`;

const [a, b, w, v] = ['a', 'b', 'w', 'v'].map(
  (name) => `this.${name}.invoke({ site: '${name}', q: input.q })`,
);

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
      'a call that needs what all iterations decide together',
      `let best = 'none', most = -1; for (const q of ['x', 'y']) { const n = await this.score.invoke({ site: 's ' + q, q }); if (n > most) { most = n; best = 'found'; } } return await this.a.invoke({ site: 'a', q: best })`,
      30,
      20,
    ],
    [
      'a loop that carries a result',
      `let q = 'x'; for (let i = 0; i < 3; i++) q = await this.a.invoke({ site: 'a' + i, q }); return q`,
      30,
      30,
    ],
  ])('finds how fast %s can be', async (_, body, asWritten, ideal) => {
    const source = print({ fields, body: `${body};`, decorator: '' });
    const found = await estimate(source, { seed: 1, failureRate: 0, latency: 'equal' });
    expect(found).toMatchObject({ written: asWritten, ideal });
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
  it('holds for generated programs under generated interleavings', { timeout: 900_000 }, async () => {
    const options = { count: 300, seed: 20_261_122, gains: false };
    const report = await fuzzInParallel(options, availableParallelism());
    expect(report.failures.map(({ text }) => text)).toEqual([]);
    expect(report.programs).toBe(options.count);
  });

  it('is asked about programs that type-check', () => {
    const programs = fc.sample(anyProgram(), { seed: 7, numRuns: 40 });
    const files = Object.fromEntries(programs.map(({ source }, i) => [`p${i}.ts`, source]));
    const modules = compileModules(files, { as: 'written', check: true });
    expect([...modules.values()].flatMap((module) => module.diagnostics)).toEqual([]);
  });
});
