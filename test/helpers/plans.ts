/** Random graphs as plans, and a run of one that ends its steps in any order. */
import fc from 'fast-check';
import type { Dependence } from '../../runtime/descriptor.ts';
import { buildPlan, type Plan } from '../../runtime/plan.ts';
import type { Scheduler } from '../../runtime/schedulers/scheduler.ts';
import { plainStep } from './descriptors.ts';

/** A graph by its edges, each from a lower to a higher number. */
export interface Dag {
  readonly size: number;
  readonly edges: readonly (readonly [before: number, after: number])[];
}

export function planOf({ size, edges }: Dag): Plan {
  const steps = Array.from({ length: size }, (_, id) => plainStep(id, 'call'));
  const dependences = edges.map(([before, after]): Dependence => ({
    before,
    after,
    kind: 'flow',
    what: 'test',
  }));
  return buildPlan(steps, dependences);
}

export const anyDag: fc.Arbitrary<Dag> = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 24 }).map((pairs) => ({
    size,
    edges: pairs.flatMap(([a, b]) => (a === b ? [] : [[Math.min(a, b), Math.max(a, b)] as const])),
  })),
);

/** How the steps of a run end: at once if so listed, else one by one, as the choices say. */
export interface Interleaving {
  readonly atOnce: ReadonlySet<number>;
  readonly choices: readonly number[];
}

export const anyInterleaving: fc.Arbitrary<Interleaving> = fc.record({
  atOnce: fc.array(fc.nat(11)).map((steps) => new Set(steps)),
  choices: fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
});

export interface Observed {
  readonly started: readonly number[];
  /** A step was started while one that it waits for had not ended. */
  readonly tooEarly: readonly number[];
  /** Nothing was in flight although steps were left. */
  readonly stalled: boolean;
  /** Steps in flight together, at most. */
  readonly peak: number;
}

/** Runs the plan as the engine would, with the graph itself as the judge. */
export function observe(scheduler: Scheduler, dag: Dag, { atOnce, choices }: Interleaving): Observed {
  const started: number[] = [];
  const tooEarly: number[] = [];
  const over = new Set<number>();
  const inFlight: number[] = [];
  let peak = 0;
  const ended = scheduler.begin(planOf(dag), (step) => {
    started.push(step);
    if (dag.edges.some(([before, after]) => after === step && !over.has(before))) tooEarly.push(step);
    if (atOnce.has(step)) over.add(step);
    else inFlight.push(step);
    peak = Math.max(peak, inFlight.length);
    return atOnce.has(step);
  });
  for (let turn = 0; over.size < dag.size && inFlight.length > 0; turn++) {
    const [step = 0] = inFlight.splice((choices[turn % choices.length] ?? 0) % inFlight.length, 1);
    over.add(step);
    ended(step);
  }
  return { started, tooEarly, stalled: over.size < dag.size, peak };
}
