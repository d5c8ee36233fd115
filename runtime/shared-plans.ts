/** Plans of compiled code that instances share whose operators have the same effects on one another. */
import { findDependences } from './dependences.ts';
import type { Compiled, Dependence, Descriptor, Resource } from './descriptor.ts';
import { ANY_STATE, type CallEffect } from './effect.ts';
import { resourcesBy } from './keyed-calls.ts';
import { must } from './errors.ts';
import { buildPlan, type Plan } from './plan.ts';
import { isObject } from './brand.ts';
import { mayHaveShape } from './shapes.ts';

export interface Planned {
  readonly dependences: readonly Dependence[];
  readonly paced: readonly number[];
  readonly plan: Plan;
}

/** So many kinds of instances of one class are remembered. */
const MOST = 16;
const known = new WeakMap<Compiled, Map<string, Planned>>();

/** `effects` in the order of the operators of the descriptor. */
export function planFor(compiled: Compiled, effects: readonly CallEffect[], certain: boolean): Planned {
  let plans = known.get(compiled);
  if (plans === undefined) known.set(compiled, (plans = new Map()));
  const { descriptor } = compiled;
  const key = `${String(certain)} ${describe(effects)} ${describeWritten(effects, descriptor)}`;
  const found = plans.get(key);
  if (found !== undefined) return found;
  const effect = (id: number): CallEffect => must(effects[id], `operator ${id} is not linked`);
  const { dependences, paced } = findDependences(descriptor, effect, { certain });
  const { steps, regions } = descriptor;
  const plan = buildPlan(steps, dependences, paced, regions, undefined, resourcesBy(effect));
  const planned = { dependences, paced, plan };
  const [oldest] = plans.keys();
  if (plans.size >= MOST && oldest !== undefined) plans.delete(oldest);
  plans.set(key, planned);
  return planned;
}

const ids = new WeakMap<object, number>();
let lastId = 0;

/** The plan keeps the functions that name resources, so it is for these alone. */
function idOf(resource: Resource): string | number {
  if (typeof resource === 'string') return resource;
  const id = ids.get(resource) ?? ++lastId;
  ids.set(resource, id);
  return id;
}

/** Which objects that are written may be of which kinds that steps read. */
function describeWritten(effects: readonly CallEffect[], { steps }: Descriptor): string {
  const shapes = steps.flatMap((step) => step.shapes ?? []);
  if (shapes.length === 0) return '';
  const written = effects.flatMap(({ writes }) => [...writes].filter((object) => isObject(object)));
  return written
    .map((object) => shapes.map((shape) => Number(mayHaveShape(object, shape))).join(''))
    .join(' ');
}

/** Dependences go by which objects are the same, not by which these are. */
function describe(effects: readonly CallEffect[]): string {
  const numbers = new Map<unknown, number>();
  const nameOf = (key: unknown): string | number => {
    if (key === ANY_STATE) return 'any state';
    // No resource is called like anything else here.
    if (typeof key === 'string') return `=${key}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  };
  return JSON.stringify(
    effects.map(({ ordered, mutates, state, goesOn, known: how, instance, reads, writes, enters, keyed }) => [
      [ordered, mutates, state, goesOn, how, nameOf(instance)],
      [keyed?.reads.map(idOf), keyed?.writes.map(idOf)],
      ...[reads, writes, enters].map((keys) => [...keys].map(nameOf)),
    ]),
  );
}
