import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XCSError } from '../runtime/errors.ts';
import { buildPlan } from '../runtime/plan.ts';
import { run } from '../runtime/run.ts';
import { AutoScheduler } from '../runtime/schedulers/auto.ts';
import { TopologicalSchedulerWithParallelDispatch } from '../runtime/schedulers/parallel.ts';
import type { Scheduler } from '../runtime/schedulers/scheduler.ts';
import { TopologicalScheduler } from '../runtime/schedulers/serial.ts';
import { call, fan, gives, plainStep, runnableOf, settings } from './helpers/descriptors.ts';
import { Gated, quiet, type Instant } from './helpers/gates.ts';
import { anyDag, anyInterleaving, observe, planOf, type Dag } from './helpers/plans.ts';
import { conforms } from './schedulers.conformance.ts';

/** What a user might write: at most two steps at a time, the one with the highest number first. */
const lastFirst: Scheduler = {
  name: 'last first',
  begin(plan, start) {
    const unmet = [...plan.indegree];
    const ready = unmet.flatMap((count, step) => (count === 0 ? [step] : []));
    let inFlight = 0;
    const release = (step: number): void => {
      for (const after of plan.successors.slice(plan.offsets[step], plan.offsets[step + 1])) {
        const left = (unmet[after] ?? 0) - 1;
        unmet[after] = left;
        if (left === 0) ready.push(after);
      }
    };
    const fill = (): void => {
      while (inFlight < 2) {
        const step = ready.pop();
        if (step === undefined) return;
        if (start(step)) release(step);
        else inFlight++;
      }
    };
    fill();
    return (step) => {
      inFlight--;
      release(step);
      fill();
    };
  },
};

describe('TopologicalScheduler', () => {
  conforms(new TopologicalScheduler());

  it('runs one step at a time, in program order', () => {
    fc.assert(
      fc.property(anyDag, anyInterleaving, (dag, interleaving) => {
        const { started, peak } = observe(new TopologicalScheduler(), dag, interleaving);
        expect(peak).toBeLessThanOrEqual(1);
        expect(started).toEqual(Array.from({ length: dag.size }, (_, step) => step));
      }),
    );
  });
});

describe('TopologicalSchedulerWithParallelDispatch', () => {
  const scheduler = new TopologicalSchedulerWithParallelDispatch();
  conforms(scheduler);

  it('starts a step the moment that the last one it waits for has ended', () => {
    fc.assert(
      fc.property(anyDag, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), (dag, choices) => {
        const over = new Set<number>();
        const started = new Set<number>();
        const ended = scheduler.begin(planOf(dag), (step) => {
          started.add(step);
          return false;
        });
        for (const choice of choices) {
          expect([...started].toSorted(byNumber)).toEqual(readyIn(dag, over));
          const inFlight = [...started].filter((step) => !over.has(step));
          const step = inFlight[choice % inFlight.length];
          if (step === undefined) return;
          over.add(step);
          ended(step);
        }
      }),
    );
  });

  it('starts steps that are ready together in program order, those that end at once included', () => {
    const everything = { atOnce: new Set(Array.from({ length: 12 }, (_, step) => step)), choices: [0] };
    fc.assert(
      fc.property(anyDag, (dag) => {
        const { started } = observe(scheduler, dag, everything);
        expect(started).toEqual(Array.from({ length: dag.size }, (_, step) => step));
      }),
    );
  });

  it('refuses a limit that is none', () => {
    for (const maxConcurrency of [0, -1, 1.5, Number.NaN])
      expect(() => new TopologicalSchedulerWithParallelDispatch({ maxConcurrency })).toThrow(
        /XCS1001.*maxConcurrency/,
      );
    expect(new TopologicalSchedulerWithParallelDispatch({ maxConcurrency: 3 }).maxConcurrency).toBe(3);
  });
});

describe('AutoScheduler', () => {
  conforms(new AutoScheduler());

  it('is serial unless enough calls can overlap', () => {
    const chain = planOf({
      size: 3,
      edges: [
        [0, 1],
        [1, 2],
      ],
    });
    const diamond = planOf({
      size: 4,
      edges: [
        [0, 1],
        [0, 2],
        [1, 3],
        [2, 3],
      ],
    });
    expect(new AutoScheduler().choose(chain).name).toBe('sequential');
    expect(new AutoScheduler().choose(diamond).name).toBe('parallel');
    expect(new AutoScheduler(3).choose(diamond).name).toBe('sequential');
  });
});

describe('a scheduler of the user', () => {
  conforms(lastFirst);

  const body = (gate: Gated | Instant) =>
    runnableOf([call(gate, ['input'], 'a'), call(gate, ['a'], 'b'), gives('b')]);

  it('that starts a step too early is found out', async () => {
    const scheduler: Scheduler = { name: 'hasty', begin: (_plan, start) => (start(1), () => {}) };
    const gate = new Gated();
    await expect(run(body(gate), {}, 1, settings({ scheduler }))).rejects.toMatchObject({
      code: 'XCS1008',
      message: expect.stringContaining('`hasty`'),
    });
    expect(gate.calls).toHaveLength(0);
  });

  it('that starts a step twice is found out, even if it hides the error', async () => {
    const scheduler: Scheduler = {
      name: 'twice',
      begin(_plan, start) {
        start(0);
        try {
          start(0);
        } catch {
          // As careless code would.
        }
        return () => {};
      },
    };
    const gate = new Gated();
    await expect(run(body(gate), {}, 1, settings({ scheduler }))).rejects.toMatchObject({ code: 'XCS1008' });
    expect(gate.calls).toHaveLength(1);
    expect(gate.at(0).context.signal.aborted).toBe(true);
  });

  it('that stops before the last step is found out, at the start and later', async () => {
    const never: Scheduler = { name: 'never', begin: () => () => {} };
    await expect(run(body(new Gated()), {}, 1, settings({ scheduler: never }))).rejects.toMatchObject({
      code: 'XCS5002',
      message: expect.stringContaining('step 0, step 1, step 2'),
    });
    const once: Scheduler = { name: 'once', begin: (_plan, start) => (start(0), () => {}) };
    const gate = new Gated();
    const result = run(body(gate), {}, 1, settings({ scheduler: once }));
    gate.at(0).resolve();
    await expect(result).rejects.toMatchObject({ code: 'XCS5002' });
  });

  it('that throws fails the run with what it throws', async () => {
    const boom = new Error('boom');
    const thrower: Scheduler = {
      name: 'thrower',
      begin(_plan, start) {
        start(0);
        return () => {
          throw boom;
        };
      },
    };
    const gate = new Gated();
    const result = run(body(gate), {}, 1, settings({ scheduler: thrower }));
    gate.at(0).resolve();
    await expect(result).rejects.toBe(boom);
  });

  it('that starts what does not exist, or answers nothing, is found out', async () => {
    const beyond: Scheduler = { name: 'beyond', begin: (_plan, start) => (start(9), () => {}) };
    await expect(run(body(new Gated()), {}, 1, settings({ scheduler: beyond }))).rejects.toMatchObject({
      code: 'XCS1008',
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is wrong on purpose
    const mute = { name: 'mute', begin: () => undefined } as unknown as Scheduler;
    await expect(run(body(new Gated()), {}, 1, settings({ scheduler: mute }))).rejects.toMatchObject({
      code: 'XCS1008',
    });
  });

  it('hears of cancelled steps, so that its own limit does not hold up what is before them', async () => {
    const gate = new Gated();
    const boom = new Error('boom');
    const six = runnableOf([...fan(gate, 5), gives('input')]);
    const result = run(six, {}, 1, settings({ scheduler: lastFirst }));
    expect(gate.calls.map(({ input }) => input)).toEqual([4, 3]);
    gate.at(1).reject(boom);
    await quiet();
    // Both places are free: step 3 has failed, and step 4 is cancelled.
    expect(gate.calls.map(({ input }) => input)).toEqual([4, 3, 2, 1]);
    gate.at(2).resolve();
    gate.at(3).resolve();
    await quiet();
    gate.at(4).resolve();
    await expect(result).rejects.toBe(boom);
  });
});

describe('a plan', () => {
  it('refuses an edge that does not lead forward, and so every cycle', () => {
    const steps = [plainStep(0, 'call'), plainStep(1, 'call')];
    const edge = (before: number, after: number) => ({ before, after, kind: 'flow', what: 'x' }) as const;
    for (const [before, after] of [
      [1, 0],
      [0, 0],
      [0, 2],
      [-1, 1],
      [5, 1],
    ] as const) {
      expect(() => buildPlan(steps, [edge(before, after)])).toThrow(XCSError);
    }
    expect(() => buildPlan(steps, [edge(0, 1), edge(1, 0)])).toThrow(/XCS5004/);
  });

  it('keeps one edge for several reasons to wait', () => {
    const plan = planOf({
      size: 3,
      edges: [
        [0, 2],
        [0, 1],
        [0, 2],
        [1, 2],
      ],
    });
    expect([...plan.offsets]).toEqual([0, 2, 3, 3]);
    expect([...plan.successors]).toEqual([1, 2, 2]);
    expect([...plan.indegree]).toEqual([0, 1, 2]);
  });

  it('counts the longest remaining path in calls', () => {
    const kinds = ['call', 'compute', 'async', 'start', 'await', 'return'] as const;
    const steps = kinds.map((kind, id) => plainStep(id, kind));
    const chain = kinds
      .slice(1)
      .map((_, before) => ({ before, after: before + 1, kind: 'flow', what: 'x' }) as const);
    expect([...buildPlan(steps, chain).priority]).toEqual([3, 2, 2, 1, 0, 0]);
  });

  it('knows how many calls can overlap', () => {
    const overlap = (dag: Dag): number => planOf(dag).overlap;
    expect(overlap({ size: 3, edges: [] })).toBe(3);
    expect(
      overlap({
        size: 3,
        edges: [
          [0, 1],
          [1, 2],
        ],
      }),
    ).toBe(1);
    expect(
      overlap({
        size: 4,
        edges: [
          [0, 1],
          [2, 3],
        ],
      }),
    ).toBe(2);
  });
});

function readyIn({ size, edges }: Dag, over: ReadonlySet<number>): readonly number[] {
  return Array.from({ length: size }, (_, step) => step).filter((step) =>
    edges.every(([before, after]) => after !== step || over.has(before)),
  );
}

function byNumber(a: number, b: number): number {
  return a - b;
}
