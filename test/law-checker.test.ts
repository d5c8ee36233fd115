/** The checker of the law sees a breach of every clause, and nothing in what the law allows. */
import { describe, expect, it } from 'vitest';
import { findStrayCalls, findViolations, type Clause } from './helpers/law.ts';
import { print } from './helpers/litmus.ts';
import { compileWritten, refute, schedules } from './helpers/prove.ts';
import type { Trace } from './helpers/run-program.ts';
import type { CallRecord, VisibleEffect } from './helpers/world.ts';

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

  it('does not ask which of two calls that look the same is which', async () => {
    const first = `await this.talk.invoke(one);`;
    const second = `await this.talk.invoke(other);`;
    const orders = [first + second, second + first].map(
      (both) => `const one = [input.q]; const other = [input.q]; ${both} return [one, other];`,
    );
    const [written, compiled] = compileWritten(orders.map((body) => print({ fields, body, decorator: '' })));
    if (written === undefined || compiled === undefined) throw new Error('Two sources give two programs.');
    expect(await refute({ written, compiled }, schedules(20))).toBeUndefined();
  });

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

/** One call of a log written by hand: it starts at once, and ends with what is said, or is aborted. */
function callOf(
  label: string,
  outcome: CallRecord['outcome'],
  manner: Partial<CallRecord['manner']> = {},
): CallRecord {
  return {
    order: 0,
    label,
    manner: { label, shape: 'text', effect: 'unordered', ...manner },
    input: label,
    atStart: label,
    startedAt: 0,
    endedAt: 10,
    seen: [],
    store: undefined,
    signal: outcome === 'aborted' ? AbortSignal.abort() : new AbortController().signal,
    afterSettling: false,
    ...(outcome === undefined ? {} : { outcome }),
  };
}

function pauseBehind(behind: number): VisibleEffect {
  return { at: 10, text: 'pause begins', afterSettling: false, behind };
}

function traceOf(trace: Partial<Trace>): Trace {
  return {
    outcome: { kind: 'result', value: 1 },
    settledAt: 20,
    atSettling: '1',
    atEnd: '1',
    whole: '1',
    calls: [],
    effects: [],
    pauses: [],
    failures: (trace.calls ?? []).filter(({ outcome }) => outcome === 'failure').length,
    unhandled: [],
    listeners: 0,
    store: undefined,
    roots: [],
    ...trace,
  };
}

const [failing, early, later] = [callOf('a', 'failure'), callOf('b', 'aborted'), callOf('b', 'result')];
const stopped: Partial<Trace> = { outcome: { kind: 'error', error: new Error('stop1') } };

describe('logs written by hand', () => {
  it.each<
    readonly [claim: string, written: Partial<Trace>, compiled: Partial<Trace>, clauses: readonly Clause[]]
  >([
    [
      'unknown code in a `catch` begins behind an early call that was aborted',
      { calls: [failing], effects: [pauseBehind(1)] },
      { calls: [failing, early], effects: [pauseBehind(2)] },
      [],
    ],
    [
      'the same call is made again behind it',
      { calls: [failing, later], effects: [pauseBehind(1)] },
      { calls: [failing, early, later], effects: [pauseBehind(2)] },
      [],
    ],
    [
      'unknown code begins behind a call that should follow it',
      { calls: [failing, later], effects: [pauseBehind(1)] },
      { calls: [failing, later], effects: [pauseBehind(2)] },
      ['effect order'],
    ],
    [
      'unknown code begins before a call that should precede it',
      { calls: [failing, later], effects: [pauseBehind(2)] },
      { calls: [failing, later], effects: [pauseBehind(1)] },
      ['effect order'],
    ],
    [
      'an early call was aborted, and the program leaves by another `throw`',
      { ...stopped, calls: [failing] },
      { ...stopped, calls: [failing, early] },
      [],
    ],
    ['an early call was aborted, for code of the program failed', { failures: 1 }, { calls: [early] }, []],
    ['a call was made although nothing failed', {}, { calls: [early] }, ['calls']],
    [
      'a writer was started early',
      { calls: [failing] },
      { calls: [failing, callOf('w', 'aborted', { effect: 'resources', writes: ['a'] })] },
      ['speculation'],
    ],
    [
      'an early call goes on',
      { calls: [failing] },
      { calls: [failing, { ...callOf('b', undefined), endedAt: 30 }] },
      ['speculation'],
    ],
  ])('%s', (_, written, compiled, clauses) => {
    const found = findViolations(traceOf(written), traceOf(compiled));
    expect(found.map(({ clause }) => clause)).toEqual(clauses);
  });

  it('an early call is one that the code as written would make if a failure did not happen', () => {
    expect(findStrayCalls([early], [traceOf({ calls: [] }), traceOf({ calls: [later] })])).toEqual([]);
    const found = findStrayCalls([early], [traceOf({ calls: [callOf('c', 'result')] })]);
    expect(found.map(({ clause }) => clause)).toEqual(['speculation']);
  });
});

describe('code of the program that fails', () => {
  const b2 = `this.b.invoke({ site: 'b', q: input.q }, { signal: stop.signal })`;
  const ahead = (before: string, after: string): string =>
    `const stop = new AbortController(); const p = ${b2}; p.catch(() => {});
     try { ${before} const x = await p; return [x]; } catch (error1) { stop.abort(); ${after} }`;
  const slow = (before: string, after: string): string =>
    `try { ${before} const x = await ${b}; return [x]; } catch (error1) { ${after} }`;

  it.each([
    ['an element that is not there', 'const n = input.tags[9]!.length;', `return 'none';`],
    ['`Promise.any` of nothing', 'await Promise.any(input.tags.slice(9));', `return 'none';`],
    [
      'a `throw` in a function that is called',
      `const help = async (): Promise<void> => { if (input.n > 2) throw new Error('own'); }; await help();`,
      `return 'none';`,
    ],
    ['a `throw` that is a failure', `if (input.n > 2) throw new Error("fault1");`, `return 'none';`],
  ])('lets earlier calls be aborted: %s', async (_, before, after) => {
    const sources = [slow(before, after), ahead(before, after)];
    const [written, compiled] = compileWritten(sources.map((body) => print({ fields, body, decorator: '' })));
    if (written === undefined || compiled === undefined) throw new Error('Two sources give two programs.');
    expect(await refute({ written, compiled }, schedules(20))).toBeUndefined();
  });

  it('lets the handler of an early failure run', async () => {
    const at = (site: string): string =>
      `this.b.invoke({ site: '${site}', q: input.q }, { signal: stop.signal })`;
    const handled = `try { return await ${at('b')}; } catch { return await ${at('h')}; }`;
    const sources = [
      `const stop = new AbortController(); await ${a}; ${handled}`,
      `const stop = new AbortController(); const p = (async () => { ${handled} })(); p.catch(() => {});
       try { await ${a}; } catch (error1) { stop.abort(); throw error1; } return await p;`,
    ];
    const [written, compiled] = compileWritten(sources.map((body) => print({ fields, body, decorator: '' })));
    if (written === undefined || compiled === undefined) throw new Error('Two sources give two programs.');
    expect(await refute({ written, compiled }, schedules(60))).toBeUndefined();
  });

  it('does not excuse a call behind an exit', async () => {
    const exit = `if (input.n > 2) return 'left';`;
    const sources = [slow(exit, `return 'none';`), ahead(exit, `return 'none';`)];
    const [written, compiled] = compileWritten(sources.map((body) => print({ fields, body, decorator: '' })));
    if (written === undefined || compiled === undefined) throw new Error('Two sources give two programs.');
    const found = await refute({ written, compiled }, schedules(1));
    expect(found?.violations.map(({ clause }) => clause)).toContain('calls');
  });
});
