/** Options, schedulers, signals, limits and graphs act on recorded graphs, and on compiled operators within them. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import * as xcs from '../../runtime/index.ts';
import {
  autograph,
  execute,
  executionOptions,
  explain,
  graphOf,
  map,
  TopologicalScheduler,
  TopologicalSchedulerWithParallelDispatch,
  type Operator,
  type Symbolic,
} from '../../runtime/index.ts';
import { compileModule } from '../helpers/compile.ts';
import { Gated, quiet, watch } from '../helpers/gates.ts';

class Free extends Gated {
  static override readonly effect = 'unordered';
}

const source = compileModule(`
  import { Operator, structuralJit } from 'xcs';
  @structuralJit
  export class Pair extends Operator<string, string[]> {
    constructor(readonly ask: Operator<string, string>) { super(); }
    async forward(q: string) {
      const left = await this.ask.invoke(q + 'left');
      const right = await this.ask.invoke(q + 'right');
      return [left, right];
    }
  }`);

interface Subject {
  readonly asked: Free;
  readonly graph: xcs.AutoGraph<unknown, unknown>;
}

/** Each makes four calls that may overlap. */
const subjects: Readonly<Record<string, () => Subject>> = {
  'calls of plain operators': () => {
    const asked = new Free();
    const graph = autograph((q: Symbolic<unknown>) => [0, 1, 2, 3].map((n) => asked.invoke({ q, n })));
    return { asked, graph };
  },
  'calls of compiled operators': () => {
    const asked = new Free();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the source exports just this
    const { Pair } = source.load({ modules: { xcs } }) as unknown as {
      readonly Pair: new (ask: Operator) => Operator;
    };
    const pair = new Pair(asked);
    const graph = autograph((q: Symbolic<unknown>) => [
      pair.invoke(xcs.template`0 ${q}`),
      pair.invoke(xcs.template`1 ${q}`),
    ]);
    return { asked, graph };
  },
  'calls for each item': () => {
    const asked = new Free();
    const graph = autograph((q: Symbolic<unknown>) =>
      map(
        xcs.select(q, () => [0, 1, 2, 3]),
        (n) => asked.invoke({ q, n }),
      ),
    );
    return { asked, graph };
  },
};

describe.each(Object.entries(subjects))('%s', (_, subject) => {
  it.each([
    ['by default', {}, 4],
    ['parallel', { scheduler: 'parallel' }, 4],
    ['a parallel scheduler', { scheduler: new TopologicalSchedulerWithParallelDispatch() }, 4],
    ['sequential', { scheduler: 'sequential' }, 1],
    ['a serial scheduler', { scheduler: new TopologicalScheduler() }, 1],
    ['maxConcurrency 3', { maxConcurrency: 3 }, 3],
    ['maxConcurrency 1', { maxConcurrency: 1 }, 1],
  ] as const)(
    '%s: so many calls start at once, as an argument and in a scope',
    async (__, options, count) => {
      for (const inScope of [false, true]) {
        const { asked, graph } = subject();
        const run = watch(
          inScope ? executionOptions(options, () => execute(graph, 'q')) : execute(graph, 'q', options),
        );
        // oxlint-disable-next-line no-await-in-loop -- one way after the other
        await quiet();
        expect(asked.calls).toHaveLength(count);
        for (let call = 0; call < 4; call++) {
          asked.at(call).resolve(call);
          // oxlint-disable-next-line no-await-in-loop -- each end may let the next call start
          await quiet();
        }
        expect(run.state).toBe('fulfilled');
        expect([run.value].flat(3)).toEqual([0, 1, 2, 3]);
      }
    },
  );

  it('an abort rejects at once with its reason, tells the calls, and leaves no listener', async () => {
    const { asked, graph } = subject();
    const controller = new AbortController();
    const run = watch(execute(graph, 'q', { signal: controller.signal }));
    await quiet();
    controller.abort('enough');
    await quiet();
    expect(run).toEqual({ state: 'rejected', value: 'enough' });
    expect(asked.calls.map(({ context }) => context.signal.aborted)).toEqual([true, true, true, true]);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('a time limit ends the run', async () => {
    const { graph } = subject();
    await expect(execute(graph, 'q', { timeoutMs: 1 })).rejects.toMatchObject({ code: 'XCS9002' });
  });
});

it('graphOf and explain take a recorded graph, whose text says what waits for what', () => {
  const asked = new Free();
  const graph = autograph((q: Symbolic<unknown>) => asked.invoke([asked.invoke(q)]));
  expect(graphOf(graph)).toBe(graph);
  const text = explain(graph);
  expect(text).toContain('Free_2');
  expect(text).toMatch(/waits for Free: needs `Free`/u);
});
