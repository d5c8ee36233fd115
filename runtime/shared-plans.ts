/** Plans of compiled code that instances share whose operators have the same effects on one another. */
import { findDependences } from './dependences.ts';
import type { Compiled, Dependence } from './descriptor.ts';
import { ANY_STATE, type CallEffect } from './effect.ts';
import { must } from './errors.ts';
import { buildPlan, type Plan } from './plan.ts';

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
  const key = `${String(certain)} ${describe(effects)}`;
  const found = plans.get(key);
  if (found !== undefined) return found;
  const { descriptor } = compiled;
  const effect = (id: number): CallEffect => must(effects[id], `operator ${id} is not linked`);
  const { dependences, paced } = findDependences(descriptor, effect, { certain });
  const plan = buildPlan(descriptor.steps, dependences, paced, descriptor.regions);
  const planned = { dependences, paced, plan };
  const [oldest] = plans.keys();
  if (plans.size >= MOST && oldest !== undefined) plans.delete(oldest);
  plans.set(key, planned);
  return planned;
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
    effects.map(({ ordered, mutates, state, known: how, instance, reads, writes, enters }) => [
      [ordered, mutates, state, how, nameOf(instance)],
      ...[reads, writes, enters].map((keys) => [...keys].map(nameOf)),
    ]),
  );
}
