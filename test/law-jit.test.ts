/* oxlint-disable no-await-in-loop -- one world at a time */
/** The law for `jit`: litmus programs and generated ones, each called several times by an operator that learns. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { print, TIMEOUT, type LitmusProgram } from './helpers/litmus.ts';
import { anyProgram } from './helpers/program-generator.ts';
import { executionOptions } from '../runtime/index.ts';
import { findAbortViolations, findViolations, type Clause } from './helpers/law.ts';
import {
  callsFrom,
  comparable,
  keeping,
  learningPairs,
  refuteJit,
  refuteLearning,
  type JitPair,
} from './helpers/prove-jit.ts';
import { compilePairs, compileWritten, refute, schedules } from './helpers/prove.ts';
import { runProgram, type Create, type Trace } from './helpers/run-program.ts';

const asks = `
  readonly a = new lab.Ask('a', 'text');
  readonly b = new lab.Ask('b', 'text');
  readonly c = new lab.Ask('c', 'text');`;
const ask = (label: string, rest = 'q: input.q'): string =>
  `await this.${label}.invoke({ site: '${label}', ${rest} })`;

const litmus: Readonly<Record<string, LitmusProgram>> = {
  'L1: the earlier call fails after the later one failed': {
    fields: asks,
    body: `const a = ${ask('a')}; const b = ${ask('b')}; return [a, b, ${ask('c')}];`,
  },
  'L3: a write after a read that throws is not issued': {
    fields: `readonly r = new lab.ReadA('r', 'text'); readonly w = new lab.WriteA('w', 'text');`,
    body: `const r = ${ask('r')}; return [r, ${ask('w')}];`,
  },
  'L5: read, write, read': {
    fields: `readonly r = new lab.ReadA('r', 'text'); readonly w = new lab.WriteA('w', 'text'); readonly s = new lab.ReadA('s', 'text');`,
    body: `const r = ${ask('r')}; const w = ${ask('w')}; return [r, w, ${ask('s')}];`,
  },
  'L6: an array pushed to between two calls that receive it': {
    fields: `readonly x = new lab.Talk('x'); readonly y = new lab.Talk('y');`,
    body: `const list = [input.q]; const a = await this.x.invoke(list); list.push('more'); return [a, await this.y.invoke(list), list];`,
  },
  'L7: an operator with a counter': {
    fields: `${asks} count = 0;`,
    body: `const a = ${ask('a')}; this.count++; return [a, this.count, ${ask('b', 'q: this.count')}];`,
  },
  'L8: a setter called on an operator in each iteration': {
    fields: `readonly t = new lab.Tuned('t');`,
    body: `const all = []; for (const tag of ['x', 'y', 'z']) { this.t.instruction = tag; all.push(await this.t.invoke({ site: tag, q: input.q })); } return all;`,
  },
  'L9: independent fallbacks': {
    fields: asks,
    body: `let a = '', b = ''; try { a = ${ask('a')}; } catch { a = 'no a'; } try { b = ${ask('b')}; } catch { b = 'no b'; } return [a, b];`,
  },
  'L11: finally with an effect': {
    fields: `${asks} readonly w = new lab.WriteA('w', 'text');`,
    body: `try { const a = ${ask('a')}; return [a, ${ask('b')}]; } finally { ${ask('w')}; }`,
  },
  'L12: an early return between awaits': {
    fields: asks,
    body: `const a = ${ask('a')}; if (a.length % 2 === 0) return a; return [a, ${ask('b')}];`,
  },
  'L13: a break in the third iteration': {
    fields: asks,
    body: `const all = []; for (let i = 0; i < 5; i++) { if (i === input.n) break; all.push(${ask('a', 'q: i')}); } return all;`,
  },
  'L19: identical prompts are not merged': {
    fields: asks,
    body: `return [${ask('a')}, ${ask('a')}, ${ask('a')}];`,
  },
  'L21: logs keep their order': {
    fields: asks,
    body: `console.log('one'); const a = ${ask('a')}; console.log(a); const b = ${ask('b')}; console.log(b); return b;`,
  },
  'L24: an operator that mutates its argument': {
    fields: `readonly e = new lab.Edit('e'); readonly j = new lab.Judge('j');`,
    body: `const before = await this.j.invoke(input.doc); const e = await this.e.invoke(input.doc); return [before, e, await this.j.invoke(input.doc), input.doc];`,
  },
  'L26: a Promise.all of the user’s own inside a loop': {
    fields: asks,
    body: `const all = []; for (const i of [1, 2]) all.push(await Promise.all([this.a.invoke({ site: 'a', q: i }), this.b.invoke({ site: 'b', q: i })])); return all;`,
  },
  'L27: a promise made and awaited later': {
    fields: asks,
    body: `const p = this.a.invoke({ site: 'a', q: input.q }); p.catch(() => {}); const b = ${ask('b')}; return [await p, b];`,
  },
  'L32: awaits behind ?: and &&': {
    fields: asks,
    body: `const a = ${ask('a')}; const b = a.length > 7 ? ${ask('b')} : 'none'; return [a, b, input.n > 2 && ${ask('c')}];`,
  },
  'L37: an operator that throws at once, and one that answers without a promise': {
    fields: `readonly h = new lab.Hasty('h', 'text'); readonly i = new lab.Instant('i', 'text'); ${asks}`,
    body: `const a = ${ask('a')}; const h = ${ask('h')}; return [a, h, ${ask('i')}];`,
  },
  'L41: an operator that returns its input': {
    fields: `readonly e = new lab.Echo('e'); readonly j = new lab.Judge('j'); ${asks}`,
    body: `const a = ${ask('a')}; const mine = { text: a, tags: ['t'], n: 1 }; const same = await this.e.invoke(mine); mine.tags.push('u'); return [same === mine, same, await this.j.invoke(same)];`,
  },
};

/** Nothing is known of operators that leave calls behind, unless a build has shown it. */
const built: Readonly<Record<string, LitmusProgram>> = {
  'an operator that has ended leaves a writer behind': {
    fields: `readonly hurry = new lab.Hurry('hurry'); readonly r = new lab.WriteA('r', 'text'); ${asks}`,
    body: `const h = ${ask('hurry')}; const a = ${ask('a')}; const b = ${ask('b')}; return [h, a, b, ${ask('r')}];`,
  },
  'a call beside another one does not take what was foreseen for a later one': {
    fields: `${asks} readonly j = new lab.Judge('j'); readonly e = new lab.Edit('e');`,
    body: `const a = ${ask('a')}; const both = await Promise.allSettled([this.j.invoke(input.doc), this.e.invoke(input.doc)]); return [a, both.length, await this.j.invoke(input.doc)];`,
  },
  'an operator that has failed leaves a writer behind': {
    fields: `readonly fork = new lab.Fork('fork'); readonly r = new lab.WriteA('r', 'text'); ${asks}`,
    body: `let f = ''; try { f = ${ask('fork')}; } catch { f = 'failed'; } const all = []; for (const t of ['p', 'q', 's']) all.push(await this.a.invoke({ site: t, q: t })); return [f, all, ${ask('r')}];`,
  },
};

describe('jit', TIMEOUT, () => {
  const names = Object.keys(litmus);
  const pairs = compilePairs(Object.values(litmus).map(print));

  it.each(names.map((name, index) => [name, pairs[index]] as const))('%s', async (_, pair) => {
    if (pair === undefined) throw new Error('Each program gives one pair.');
    expect(await refuteLearning(pair, 20)).toBe('');
  });
});

/** A learner that has been called so often that it starts early whatever it can. */
async function warm({ learning }: JitPair): Promise<Create> {
  const learner = keeping(learning);
  for (let seed = 0; seed < 3; seed++) await runProgram(learner, { seed, failureRate: 0 });
  return learner;
}

describe('jit, and the run around a body', TIMEOUT, () => {
  const [pair] = compilePairs([
    print({
      fields: `${asks} readonly w = new lab.WriteA('w', 'text');`,
      body: `const a = ${ask('a')}; const b = ${ask('b')}; console.log(a, b); const w = ${ask('w')}; return [a, b, w, ${ask('c')}];`,
    }),
  ]);
  if (pair === undefined) throw new Error('Each program gives one pair.');
  const learners = learningPairs(pair);

  const builtPairs = compilePairs(Object.values(built).map(print));
  it.each(Object.keys(built).map((name, index) => [name, builtPairs[index]] as const))(
    '%s',
    async (_, one) => {
      if (one === undefined) throw new Error('Each program gives one pair.');
      expect(await refuteLearning({ ...one, modules: one.modules.slice(-1) }, 40)).toBe('');
    },
  );

  it('L28: each call finds the `AsyncLocalStorage` value of the run', async () => {
    expect(await refuteLearning(pair, 20, { context: true })).toBe('');
  });

  it('L29: the caller’s `AbortSignal` stops everything, and early calls too', async () => {
    const early: number[] = [];
    for (const learner of learners)
      for (const { seed } of schedules(100)) {
        const calm = { seed, failureRate: 0 };
        const abortAt = 0.5 + ((seed * 7) % 150);
        const whole = await runProgram(await warm(learner), calm);
        const aborted = await runProgram(await warm(learner), { ...calm, abortAt });
        expect(findAbortViolations(whole, aborted, abortAt)).toEqual([]);
        expect(aborted.calls.filter(({ afterSettling }) => afterSettling)).toEqual([]);
        expect(aborted.unhandled).toEqual([]);
        early.push(whole.calls.filter(({ startedAt }) => startedAt === 0).length);
      }
    expect(Math.max(...early)).toBeGreaterThan(1);
  });

  it('L30: `maxConcurrency: 1` equals the code as written exactly', async () => {
    const times = ({ calls }: Trace): unknown =>
      calls.map((call) => [call.label, call.startedAt, call.endedAt]);
    const around = (invoke: () => unknown): unknown => executionOptions({ maxConcurrency: 1 }, invoke);
    for (const learner of learners)
      for (const schedule of schedules(100)) {
        const written = await runProgram(pair.written, schedule);
        const learnt = await runProgram(await warm(learner), schedule, { around });
        expect([times(learnt), learnt.outcome.kind]).toEqual([times(written), written.outcome.kind]);
      }
  });
});

describe('jit, and functions that are operators', TIMEOUT, () => {
  const race = (member: string): string =>
    print({
      fields: `${asks} readonly judge = new lab.Judge('judge');`,
      body: `const a = ${ask('a')}; return [a, await Promise.race([this.judge.invoke(input.doc), ${member}])];`,
    });
  const pairs = compilePairs([`lookup.invoke({ site: 'l', q: 1 })`, `lookup({ site: 'l', q: 1 })`].map(race));

  it.each([
    ['by `invoke`: a race with it is won as written', pairs[0], true],
    // It would have to be told of a call that is none of an operator's.
    ['by its name (known gap): a race with it may be won otherwise', pairs[1], false],
  ] as const)('called %s', async (_, pair, holds) => {
    if (pair === undefined) throw new Error('Each program gives one pair.');
    expect((await refuteLearning(pair, 40)) === '').toBe(holds);
  });
});

it(
  'a call of an operator that has raced before takes its time, in an iteration that no run has come to, too',
  TIMEOUT,
  async () => {
    const [pair] = compilePairs([
      print({
        fields: `${asks} readonly plain = new lab.Plain('plain');`,
        body: `const all = []; for (const tag of input.tags.slice(0, input.n - 1)) { const first = await Promise.race([this.plain.invoke({ site: 'p', q: tag }), this.a.invoke({ site: tag, q: tag })]);
        all.push(await this.b.invoke({ site: tag, q: first })); } return all;`,
      }),
    ]);
    const [learning] = pair ? learningPairs(pair, { recursive: true, maxWaste: 1 }).slice(-1) : [];
    if (learning === undefined) throw new Error('A program gives pairs.');
    for (let first = 0; first < 240; first += 6)
      expect((await refuteJit(learning, callsFrom(first).slice(0, 6)))?.violations).toBeUndefined();
  },
);

describe('the checker of the law for jit', () => {
  const program = (body: string): string => print({ fields: asks, body, decorator: '' });
  const [inOrder, swapped] = compileWritten([
    program(`${ask('a')}; console.log('x'); await pause(7); return 1;`),
    program(`${ask('a')}; const p = pause(7); console.log('x'); await p; return 1;`),
  ]);
  const [late, soon] = compileWritten([
    program(`const p = pause(15); ${ask('a')}; console.log('x'); await p; return 1;`),
    program(`const p = pause(15); console.log('x'); await p; return 1;`),
  ]);
  const calm = { seed: 1, failureRate: 0, latency: 'equal' } as const;
  const orderOf = async (one: Create | undefined, other: Create | undefined): Promise<readonly Clause[]> => {
    if (one === undefined || other === undefined) throw new Error('Each program is there.');
    const traces = [await runProgram(one, calm), await runProgram(other, calm)] as const;
    const found = findViolations(comparable(traces[0]), comparable(traces[1]));
    return found.map(({ clause }) => clause).filter((clause) => clause === 'effect order');
  };

  it('sees a timer that begins before a log that it follows', async () => {
    expect(await orderOf(inOrder, inOrder)).toEqual([]);
    expect(await orderOf(inOrder, swapped)).toEqual(['effect order']);
  });

  it('lets a timer end after what the code has come to sooner', async () => {
    expect(await orderOf(late, soon)).toEqual([]);
  });
});

describe('generated programs', TIMEOUT, () => {
  const programs = fc.sample(anyProgram(), { numRuns: 40, seed: 11 });
  const pairs = compilePairs(programs.map(({ source }) => source));

  it('keep the law as written, compiled, and learning from eight calls in a row', async () => {
    for (const [index, pair] of pairs.entries()) {
      const compiled = await refute(pair, schedules(4, index));
      expect([compiled?.violations, programs[index]?.source]).toEqual([undefined, programs[index]?.source]);
      for (const learns of [{}, { recursive: true, maxWaste: 1 }]) {
        const learning = await refuteLearning(pair, 1, {}, learns);
        expect(learning === '' ? '' : `${learning}\n${programs[index]?.source}`).toBe('');
      }
    }
  });
});
