/** All rules that order steps, and the places in the source that order steps without one of their own. */
import { nestedRules } from './nested.ts';
import { orderRules } from './order.ts';
import type { Rule } from './rule.ts';
import { timingRules } from './timing.ts';

export const rules: readonly Rule[] = [...orderRules, ...nestedRules, ...timingRules];

/** Where steps are ordered without a rule of its own, and why. */
export const implied: Readonly<Record<string, string>> = {
  'sweep.order(producer, step, kind, what, { isLate });': 'what the rules about producers call',
  "sweep.order(before, step, 'flow', 'shared state');": 'what the rules about writers of shared memory call',
  'keepRange(sweep.inPlace, span.first, Math.max(span.last, last));': 'what the rules call',
  'for (let step = first; step <= last; step++) inPlace.add(step);': 'what the rules call',
};
