/**
 * Operators that only compiled code can reach: in `#private` fields, and in variables around the class or function.
 */
import { isObject } from '../brand.ts';
import type { OperatorRef } from '../descriptor.ts';
import { tryLink } from '../link.ts';

/** An operator, and what its path adds to that of the operator which holds it. */
export interface Hidden {
  readonly step: string;
  readonly value: object;
}

/** Nothing is read whose guards do not hold, for then a getter might be in the way. */
export function findHiddenOperators(operator: object): readonly Hidden[] {
  const link = tryLink(operator, false);
  if (link === undefined || 'failed' in link) return [];
  const { compiled, operators } = link.linked;
  return compiled.descriptor.operators.flatMap(({ id, label, found }) => {
    const value = operators[id]?.target;
    return isObject(value) ? [{ step: stepFor(label, found), value }] : [];
  });
}

/** `this.#drafts[0]` hangs at `.#drafts[0]`, a captured `search` at `.search`, members of `this.#all` at `.#all`. */
function stepFor(label: string, found: OperatorRef['found']): string {
  const path = label.startsWith('this.') ? label.slice('this'.length) : `.${label}`;
  return found === 'member' ? path.replace(/\[[^\]]*\]$/u, '') : path;
}
