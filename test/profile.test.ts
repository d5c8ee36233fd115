/* oxlint-disable no-await-in-loop -- one run after another */
/** What runs are seen to take, and what follows from it: serial where nothing is gained, the longest first under a limit. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { execute, explain, getJitMetrics, XCSGraph, type Operator } from '../runtime/index.ts';
import * as xcs from '../runtime/index.ts';
import { linkOf } from '../runtime/link.ts';
import { compileModule } from './helpers/compile.ts';
import { Gated, Instant, quiet } from './helpers/gates.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just this
const { Four } = compileModule(`
  import { Operator, structuralJit } from 'xcs';
  @structuralJit
  export class Four extends Operator<string, unknown> {
    constructor(readonly w: Operator, readonly x: Operator, readonly y: Operator, readonly z: Operator) { super(); }
    override async forward(q: string) {
      const w = await this.w.invoke(q);
      const x = await this.x.invoke(q);
      const y = await this.y.invoke(q);
      const z = await this.z.invoke(q);
      return [w, x, y, z];
    }
  }`).load({ modules: { xcs } }) as unknown as { Four: new (...operators: Operator[]) => Operator };

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just this
const { Each } = compileModule(`
  import { Operator, structuralJit } from 'xcs';
  @structuralJit
  export class Each extends Operator<string, unknown> {
    constructor(readonly all: readonly Operator[]) { super(); }
    override async forward(q: string) {
      const answers: unknown[] = [];
      for (const one of this.all) answers.push(await one.invoke(q));
      return answers;
    }
  }`).load({ modules: { xcs } }) as unknown as { Each: new (all: readonly Operator[]) => Operator };

class Free extends Gated {
  static override readonly effect = 'unordered';
}
class Quick extends Instant {
  static override readonly effect = 'unordered';
}

const clock = { now: 0 };
const now = vi.spyOn(performance, 'now').mockImplementation(() => clock.now);
afterEach(() => {
  clock.now = 0;
});

function gates() {
  const all = { w: new Free('w'), x: new Free('x'), y: new Free('y'), z: new Free('z') };
  return { all, four: new Four(all.w, all.x, all.y, all.z) };
}

/** The labels of the calls that are open, and a way to end one. */
function openOf(all: Readonly<Record<string, Gated>>) {
  const ended = new Map(Object.keys(all).map((label) => [label, all[label]?.calls.length ?? 0]));
  return {
    labels: (): readonly string[] =>
      Object.entries(all).flatMap(([label, { calls }]) =>
        calls.length > (ended.get(label) ?? 0) ? [label] : [],
      ),
    end: async (label: string): Promise<void> => {
      const count = ended.get(label) ?? 0;
      all[label]?.at(count).resolve(label);
      ended.set(label, count + 1);
      await quiet();
    },
  };
}

/** One run in which `z` takes long, and all others ten milliseconds. */
async function runWithLongZ({ all, four }: ReturnType<typeof gates>): Promise<void> {
  const open = openOf(all);
  const start = clock.now;
  const run = four.invoke('q');
  await quiet();
  clock.now = start + 10;
  for (const label of ['w', 'x', 'y']) await open.end(label);
  clock.now = start + 50;
  await open.end('z');
  await run;
}

/** An instance whose runs are measured from now on: the very first is not. */
async function warm(): Promise<ReturnType<typeof gates>> {
  const made = gates();
  const run = made.four.invoke('first');
  await quiet();
  for (const gate of Object.values(made.all)) gate.at(0).resolve();
  await run;
  return made;
}

/** In which order calls begin when two may be in flight. */
async function orderUnderLimit({ all, four }: ReturnType<typeof gates>): Promise<readonly string[]> {
  const open = openOf(all);
  const order: string[] = [];
  const run = four.invoke('q', { maxConcurrency: 2 });
  await quiet();
  for (let turn = 0; turn < 4; turn++) {
    const [first = ''] = open.labels().toSorted();
    for (const label of open.labels()) if (!order.includes(label)) order.push(label);
    await open.end(first);
  }
  await run;
  return order;
}

describe('durations', () => {
  it('of calls decide which of those that wait goes first under a limit', async () => {
    const fresh = gates();
    expect(await orderUnderLimit(fresh)).toEqual(['w', 'x', 'y', 'z']);
    const seen = await warm();
    await runWithLongZ(seen);
    await runWithLongZ(seen);
    expect(await orderUnderLimit(seen)).toEqual(['w', 'x', 'z', 'y']);
  });

  it('that were longer once may be chance, and leave program order as it is', async () => {
    const seen = await warm();
    await runWithLongZ(seen);
    expect(await orderUnderLimit(seen)).toEqual(['w', 'x', 'y', 'z']);
  });

  it('are told apart by operator where one line calls several', async () => {
    const all = { w: new Free('w'), x: new Free('x'), y: new Free('y'), z: new Free('z') };
    const seen = { all, four: new Each(Object.values(all)) };
    const run = seen.four.invoke('first');
    await quiet();
    for (const gate of Object.values(all)) gate.at(0).resolve();
    await run;
    await runWithLongZ(seen);
    await runWithLongZ(seen);
    expect(await orderUnderLimit(seen)).toEqual(['w', 'x', 'z', 'y']);
  });

  it('of calls in a run inside another decide, too', async () => {
    const { all, four } = gates();
    const outer = new Each([four]);
    const run = outer.invoke('first');
    await quiet();
    for (const gate of Object.values(all)) gate.at(0).resolve();
    await run;
    await runWithLongZ({ all, four: outer });
    await runWithLongZ({ all, four: outer });
    expect(await orderUnderLimit({ all, four: outer })).toEqual(['w', 'x', 'z', 'y']);
  });

  it('are shown by explain', async () => {
    const seen = await warm();
    expect(explain(seen.four)).not.toContain('measured');
    await runWithLongZ(seen);
    expect(explain(seen.four)).toMatch(
      /measured: 1 runs\n.*`.*w.*` takes 10\.00 ms[^]*`.*z.*` takes 50\.00 ms/u,
    );
  });

  it('are means', async () => {
    const seen = await warm();
    await runWithLongZ(seen);
    const open = openOf(seen.all);
    const run = seen.four.invoke('q');
    await quiet();
    clock.now += 90;
    for (const label of ['w', 'x', 'y', 'z']) await open.end(label);
    await run;
    expect(explain(seen.four)).toMatch(/w.*` takes 50\.00 ms/u);
  });

  it('give the speed-up against one call after another', async () => {
    const seen = await warm();
    await runWithLongZ(seen);
    expect(getJitMetrics(seen.four)).toMatchObject({ serialMs: 80, runMs: 50, speedUp: 1.6 });
  });

  it('are measured in the eight runs after the first, and then in one of 64', async () => {
    const seen = await warm();
    const measured: number[] = [];
    for (let run = 0; run < 70; run++) {
      await runWithLongZ(seen);
      measured.push(Number(/measured: (\d+) runs/u.exec(explain(seen.four))?.[1]));
    }
    expect([measured[7], measured[8], measured[62], measured[63], measured[69]]).toEqual([8, 8, 8, 9, 9]);
  });

  it('are measured of graphs, too', async () => {
    const gate = new Gated();
    const graph = new XCSGraph().addOperator('a', gate).addOperator('b', gate);
    for (const first of [0, 2]) {
      const run = execute(graph, 'q');
      await quiet();
      clock.now += 10;
      gate.at(first).resolve();
      gate.at(first + 1).resolve();
      await run;
    }
    expect(getJitMetrics(graph)).toMatchObject({ serialMs: 20, runMs: 10, speedUp: 2 });
  });
});

describe('auto', () => {
  const inFlight = (log: readonly string[]): number =>
    Math.max(
      ...log.map((_, at) => log.slice(0, at + 1).reduce((sum, one) => sum + (one === '+' ? 1 : -1), 0)),
    );

  /** Its calls end after a few turns of the microtask queue, or after the queue was empty. */
  function counting(mode: { leaves: boolean }, log: string[], cost = { together: 10, alone: 1 }): Operator {
    return new Quick(async () => {
      log.push('+');
      clock.now += inFlight(log) > 1 ? cost.together : cost.alone;
      for (let turn = 0; turn < 3; turn++) await Promise.resolve();
      if (mode.leaves) await quiet();
      log.push('-');
    });
  }

  it('runs one step after another where that takes less and no call leaves the microtask queue, until one does', async () => {
    const [mode, log]: [{ leaves: boolean }, string[]] = [{ leaves: false }, []];
    const ask = counting(mode, log);
    const four = new Four(ask, ask, ask, ask);
    const widths: number[] = [];
    const strategies: string[] = [];
    for (let run = 0; run < 68; run++) {
      mode.leaves = run >= 30;
      log.length = 0;
      await four.invoke('q');
      widths.push(inFlight(log));
      strategies.push(/strategy: (.*)/u.exec(explain(four))?.[1] ?? '');
    }
    expect(widths.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 4));
    expect(widths.slice(9, 25)).toEqual(Array.from({ length: 8 }, () => [1, 4]).flat());
    expect(widths.slice(25, 65)).toEqual(Array.from({ length: 40 }, () => 1));
    expect(widths.slice(65)).toEqual([4, 4, 4]);
    expect(strategies[29]).toContain('sequential: no call was seen to leave the microtask queue');
    expect(strategies.at(-1)).toContain('parallel: 4 calls can overlap');
  });

  it('tries one step after another, and does not keep to it where that takes longer', async () => {
    const log: string[] = [];
    const ask = counting({ leaves: false }, log, { together: 1, alone: 2 });
    const four = new Four(ask, ask, ask, ask);
    const widths: number[] = [];
    for (let run = 0; run < 28; run++) {
      log.length = 0;
      await four.invoke('q');
      widths.push(inFlight(log));
    }
    expect(widths.slice(9, 25)).toEqual(Array.from({ length: 8 }, () => [1, 4]).flat());
    expect(widths.slice(25)).toEqual([4, 4, 4]);
  });

  it('overlaps again at once when one step after another takes longer than overlapping ones did', async () => {
    const [mode, log]: [{ leaves: boolean }, string[]] = [{ leaves: false }, []];
    const cost = { together: 10, alone: 1 };
    const ask = counting(mode, log, cost);
    const four = new Four(ask, ask, ask, ask);
    const widths: number[] = [];
    for (let run = 0; run < 34; run++) {
      if (run === 30) [mode.leaves, cost.alone] = [true, 50];
      log.length = 0;
      await four.invoke('q');
      widths.push(inFlight(log));
    }
    expect(widths.slice(26)).toEqual([1, 1, 1, 1, 1, 4, 4, 4]);
  });

  it('stays parallel where some call leaves it', async () => {
    const log: string[] = [];
    const [stays, leaves] = [counting({ leaves: false }, log), counting({ leaves: true }, log)];
    const four = new Four(stays, stays, leaves, stays);
    for (let run = 0; run < 20; run++) {
      log.length = 0;
      await four.invoke('q');
      expect(inFlight(log)).toBe(4);
    }
  });

  it('does so for the instance only: another one may hold other operators', async () => {
    const log: string[] = [];
    const stays = counting({ leaves: false }, log);
    const [one, other] = [new Four(stays, stays, stays, stays), new Four(stays, stays, stays, stays)];
    for (let run = 0; run < 10; run++) await one.invoke('q');
    log.length = 0;
    await other.invoke('q');
    expect(inFlight(log)).toBe(4);
  });
});

it('the plan of a class is made once, and all its instances run by it', () => {
  const [one, other] = [gates().four, gates().four];
  const plan = linkOf(one, false)?.plan;
  expect(plan?.overlap).toBe(4);
  expect(linkOf(other, false)?.plan).toBe(plan);
  expect(now).toHaveBeenCalled();
});
