/** What each operator has learnt: kept weakly, with the operator. */
import { Learnt } from './learnt.ts';

const learners = new WeakMap<object, Learnt>();

export function learntOf(operator: object): Learnt {
  const known = learners.get(operator);
  if (known !== undefined) return known;
  const made = new Learnt();
  learners.set(operator, made);
  return made;
}

/** Nothing for an operator that has not run yet. */
export function findLearnt(operator: object): Learnt | undefined {
  return learners.get(operator);
}
