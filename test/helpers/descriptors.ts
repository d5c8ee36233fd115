/** Builds compiled descriptors by hand, for tests of the engine: no compiler is involved. */
import type {
  CallSite,
  Compiled,
  Dependence,
  StaticEffect,
  Step,
  StepKind,
} from '../../runtime/descriptor.ts';
import { buildPlan } from '../../runtime/plan.ts';
import type { FindNested, Runnable, Scheduled } from '../../runtime/runnable.ts';
import { AutoScheduler } from '../../runtime/schedulers/auto.ts';
import { TopologicalSchedulerWithParallelDispatch } from '../../runtime/schedulers/parallel.ts';
import type { Scheduler } from '../../runtime/schedulers/scheduler.ts';
import type { RunSettings } from '../../runtime/settings.ts';

/** The code of a step, taking the values of the slots that it names. */
export type Body = (self: never, $: CallSite, ...inputs: never[]) => unknown;

export interface StepOf {
  readonly kind: StepKind;
  readonly code: Body;
  /** Names of slots; `input` and `context` are given. */
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly method?: string;
  /** Steps to wait for besides those that fill its inputs. */
  readonly after?: readonly number[];
}

const span = { file: 'hand.ts', line: 1, column: 1, endLine: 1, endColumn: 2 } as const;

/** A descriptor with a flow dependence for each slot that an earlier step fills. */
export function compiledOf(name: string, parts: readonly StepOf[]): Compiled {
  const slots = ['input', 'context'];
  const producer = new Map<number, number>();
  const dependences: Dependence[] = [];
  const slotOf = (slot: string): number => {
    if (!slots.includes(slot)) slots.push(slot);
    return slots.indexOf(slot);
  };
  const steps = parts.map((part, id): Step => {
    const inputs = (part.inputs ?? []).map(slotOf);
    const outputs = (part.outputs ?? []).map(slotOf);
    const givers = inputs.flatMap((slot) => producer.get(slot) ?? []);
    for (const before of givers) dependences.push({ before, after: id, kind: 'flow', what: 'slot' });
    for (const before of part.after ?? [])
      dependences.push({ before, after: id, kind: 'effect', what: 'test' });
    for (const slot of outputs) producer.set(slot, id);
    const how = part.method === undefined ? {} : { method: part.method };
    return { ...plainStep(id, part.kind), inputs, outputs, ...how };
  });
  const descriptor = { ...EMPTY_DESCRIPTOR, name, slots, steps, dependences };
  return { descriptor, steps: parts.map(({ code }) => code), callees: [], guards: [] };
}

/** What the declaration `unordered` means. */
export const unordered: StaticEffect = {
  kind: 'unordered',
  reads: [],
  writes: [],
  mutates: false,
  state: false,
  known: 'declared',
};

export function plainStep(id: number, kind: StepKind): Step {
  return {
    id,
    kind,
    label: `step ${id}`,
    span,
    inputs: [],
    outputs: [],
    operators: [],
    order: 'free',
    reads: [],
    writes: [],
    gate: false,
    lingers: false,
    mayFail: true,
  };
}

export const EMPTY_DESCRIPTOR = {
  abi: 1,
  name: '',
  span,
  options: '',
  undeclared: 'sequential',
  places: [],
  operators: [],
  criticalPath: 0,
  guards: [],
  fields: [],
  notes: [],
} as const;

/** `await target.invoke(...inputs)`. */
export function call(
  target: unknown,
  inputs: readonly string[],
  output?: string,
  after?: readonly number[],
): StepOf {
  return stepThatCalls('call', target, inputs, output, after);
}

/** `output = target.invoke(...inputs)`, not awaited. */
export function start(
  target: unknown,
  inputs: readonly string[],
  output?: string,
  after?: readonly number[],
): StepOf {
  return stepThatCalls('start', target, inputs, output, after);
}

function stepThatCalls(
  kind: 'call' | 'start',
  target: unknown,
  inputs: readonly string[],
  output?: string,
  after: readonly number[] = [],
): StepOf {
  const outputs = output === undefined ? [] : [output];
  return {
    kind,
    code: (_self, _$, ...values) => [target, ...values],
    inputs,
    outputs,
    method: 'invoke',
    after,
  };
}

/** `count` calls that depend on nothing, with their number as the input. */
export function fan(target: unknown, count: number): StepOf[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'call',
    code: () => [target, index],
    method: 'invoke',
  }));
}

/** `return` of the values of the slots, as an array. */
export function gives(...inputs: readonly string[]): StepOf {
  return { kind: 'return', code: (_self, _$, ...values) => values, inputs };
}

export function runnableOf(parts: readonly StepOf[], name = 'Hand'): Runnable {
  const compiled = compiledOf(name, parts);
  return { compiled, plan: buildPlan(compiled.descriptor.steps, compiled.descriptor.dependences) };
}

export const parallel: Scheduler = new TopologicalSchedulerWithParallelDispatch();

const nothingNested: FindNested = () => undefined;

export function settings(changes: Partial<RunSettings> = {}): RunSettings {
  return {
    scheduler: parallel,
    maxConcurrency: 32,
    explicitLimit: false,
    signal: undefined,
    timeoutMs: undefined,
    findNested: nothingNested,
    ...changes,
  };
}

/** Makes the operators run as these bodies, as if their classes had been compiled to them. */
export function nesting(bodies: ReadonlyMap<unknown, Runnable>, scheduler: Scheduler = parallel): FindNested {
  return (operator): Scheduled | undefined => {
    const body = bodies.get(operator);
    return body === undefined ? undefined : { ...body, scheduler };
  };
}

export const auto: Scheduler = new AutoScheduler();
