/** Which calls may be started before the code reaches them, and which calls would make their results stale. */
import { hasStockInvoke, type Forwarding } from '../brand.ts';
import { hasEffects } from '../conflicts.ts';
import type { GoesOn } from '../descriptor.ts';
import { effectOf, unknownEffect, type CallEffect } from '../effect.ts';
import { classLimitOf } from '../limiter.ts';
import { Witnesses } from '../witnesses.ts';

const ANY = '*';

/** The effects of the operators of one run, each found once. */
export class Effects {
  readonly #known = new Map<object, CallEffect>();

  of(operator: object): CallEffect {
    const known = this.#known.get(operator);
    if (known !== undefined) return known;
    const effect = find(operator);
    this.#known.set(operator, effect);
    return effect;
  }

  /**
   * Pure, unordered or reading named resources only. A call that its class limits is not: it would take the place of one
   * that the code has reached.
   */
  isFree(operator: object): operator is Forwarding {
    if (!hasStockInvoke(operator) || classLimitOf(operator) !== undefined) return false;
    const { ordered, mutates, state, writes, reads } = this.of(operator);
    const isNamed = [...reads].every((one) => typeof one === 'string');
    return !ordered && !mutates && !state && writes.size === 0 && isNamed;
  }

  /** A call of `operator` that has ended so may leave behind one that changes something, so that time counts from then on. */
  mayLeaveEffects(operator: object, when: GoesOn): boolean {
    const effect = this.of(operator);
    return effect.goesOn === when && hasEffects(effect);
  }

  /** A call of `operator` may change what a call that reads `reads` sees. */
  changes(operator: object, reads: ReadonlySet<unknown>): boolean {
    if (reads.size === 0) return false;
    const { ordered, state, writes } = this.of(operator);
    if (ordered || state) return true;
    if (writes.size === 0) return false;
    return writes.has(ANY) || reads.has(ANY) || [...reads].some((one) => writes.has(one));
  }
}

function find(operator: object): CallEffect {
  try {
    return effectOf(operator, 'sequential', new Witnesses());
  } catch {
    // Whoever calls it learns what is wrong with its declaration.
    return unknownEffect(operator);
  }
}
