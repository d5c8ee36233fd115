/**
 * Finds the objects that a compiled body will call on one instance, and the effect of each. Fields are read through data
 * properties before emitted code reads them, so that no getter runs.
 */
import { isObject } from './brand.ts';
import type { Compiled, OperatorRef } from './descriptor.ts';
import {
  assumedEffect,
  effectOf,
  effectOfMembers,
  membersOf,
  unknownEffect,
  type CallEffect,
} from './effect.ts';
import { follow, readData, type Witnesses } from './witnesses.ts';

/** An operator of the descriptor as it is on an instance. */
export interface LinkedOperator {
  /** The object that will be called; for members, what holds them; absent when it is known only during the run. */
  readonly target: unknown;
  readonly effect: CallEffect;
}

/** A guard that does not hold, and why. */
export interface FailedGuard {
  readonly guard: string;
  readonly reason: string;
}

type Outcome<T> = T | { readonly failed: FailedGuard };

export function findOperators(
  self: object,
  compiled: Compiled,
  witnesses: Witnesses,
): Outcome<{ readonly operators: readonly LinkedOperator[] }> {
  const operators: LinkedOperator[] = [];
  for (const operator of compiled.descriptor.operators) {
    const linked = linkOperator(self, operator, compiled, witnesses);
    if ('failed' in linked) return linked;
    operators.push(linked);
  }
  const writesObjects = operators.some(({ effect }) => [...effect.writes].some((key) => isObject(key)));
  const held = writesObjects ? operators.map((operator) => withHeld(operator, witnesses)) : operators;
  return findUncallable(compiled, held) ?? { operators: held };
}

/** The operator of a call step that cannot be called as the code calls it. Other steps find out as the code as written does. */
function findUncallable(
  { descriptor }: Compiled,
  operators: readonly LinkedOperator[],
): { readonly failed: FailedGuard } | undefined {
  for (const { kind, method, operators: called } of descriptor.steps) {
    if (kind !== 'call' && kind !== 'start') continue;
    for (const id of called) {
      const operator = descriptor.operators[id];
      const target = operators[id]?.target;
      if (operator?.found === 'field' && isObject(target) && !isCallable(target, method))
        return fail(operator, method === undefined ? 'is no function' : `has no method \`${method}\``);
    }
  }
  return undefined;
}

function linkOperator(
  self: object,
  operator: OperatorRef,
  compiled: Compiled,
  witnesses: Witnesses,
): Outcome<LinkedOperator> {
  // Not remembered: what emitted code finds is.
  if (operator.path !== undefined && follow(self, operator.path) === undefined)
    return fail(operator, 'is not there, or is reached through a getter');
  const find = compiled.callees[operator.id];
  const found = find === undefined ? undefined : witnesses.find(find, self);
  return LINKERS[operator.found](operator, found?.value, compiled, witnesses);
}

/** How deep an operator is searched for objects that another one writes. */
const DEPTH = 3;

/** Every call reads what its operator holds, which matters where another operator writes objects. */
function withHeld(operator: LinkedOperator, witnesses: Witnesses): LinkedOperator {
  const { effect } = operator;
  const held = new Set(effect.enters);
  let level = [...effect.enters].filter((entered) => isObject(entered));
  for (let depth = 0; depth < DEPTH; depth++) {
    const next = level.flatMap((holder) =>
      Object.keys(holder).map((key) =>
        depth === 0 ? witnesses.read(holder, key)?.value : readData(holder, key)?.value,
      ),
    );
    level = next.filter((value) => isObject(value)).filter((value) => !held.has(value));
    for (const value of level) held.add(value);
  }
  return { ...operator, effect: { ...effect, enters: held } };
}

type Linker = (
  operator: OperatorRef,
  target: unknown,
  compiled: Compiled,
  witnesses: Witnesses,
) => Outcome<LinkedOperator>;

const LINKERS: Readonly<Record<OperatorRef['found'], Linker>> = {
  external: (operator, target) => ({
    target,
    effect: assumedEffect(operator.effect, target ?? operator.label),
  }),
  // What a class shows counts for the object that will be made of it; of any other object nothing is known.
  dynamic: (operator, prototype, { descriptor }, witnesses) => {
    const known = isObject(prototype) ? effectOf(prototype, descriptor.undeclared, witnesses) : undefined;
    return { target: undefined, effect: known ?? unknownEffect(operator.label) };
  },
  member: (operator, holder, { descriptor }, witnesses) => {
    const members = isObject(holder) ? membersOf(holder, witnesses) : undefined;
    if (!isObject(holder) || members === undefined) return fail(operator, 'holds no operators');
    return { target: holder, effect: effectOfMembers(holder, members, descriptor.undeclared, witnesses) };
  },
  field: (operator, target, { descriptor }, witnesses) => {
    if (!isObject(target)) return fail(operator, 'holds no operator');
    return { target, effect: effectOf(target, descriptor.undeclared, witnesses) };
  },
};

function isCallable(target: object, method: string | undefined): boolean {
  if (method === undefined) return typeof target === 'function';
  return typeof readData(target, method)?.value === 'function';
}

function fail(operator: OperatorRef, reason: string): { readonly failed: FailedGuard } {
  return { failed: { guard: operator.label, reason: `\`${operator.label}\` ${reason}` } };
}
