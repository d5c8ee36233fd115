/** Plans whose priorities go by what calls were seen to take, for runs in which calls wait for one another's places. */
import { must } from './errors.ts';
import { resourcesBy } from './keyed-calls.ts';
import type { Linked } from './link.ts';
import { buildPlan } from './plan.ts';

interface Weighed {
  readonly version: number;
  readonly linked: Linked;
}

const kept = new WeakMap<Linked, Weighed>();

/** The same with weights, if there are some and a limit may make calls wait. */
export function weigh(
  linked: Linked,
  { maxConcurrency, explicitLimit }: { readonly maxConcurrency: number; readonly explicitLimit: boolean },
): Linked {
  const { plan, profile, compiled, dependences, paced } = linked;
  const { version } = profile;
  const mayWait = maxConcurrency !== Infinity && (explicitLimit || plan.overlap > maxConcurrency);
  if (!mayWait || version === 0 || plan.overlap < 2) return linked;
  const known = kept.get(linked);
  if (known?.version === version) return known.linked;
  const { steps, regions } = compiled.descriptor;
  const resourcesOf = resourcesBy((id) => must(linked.operators[id], `operator ${id} is not linked`).effect);
  const weighted = {
    ...linked,
    plan: buildPlan(steps, dependences, paced, regions, profile.weights(), resourcesOf),
  };
  kept.set(linked, { version, linked: weighted });
  return weighted;
}
