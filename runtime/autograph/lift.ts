/**
 * Turns a structure with handles in it into an expression. Plain objects and arrays are looked into; one without handles
 * stays the very object that it is.
 */
import { isObject } from '../brand.ts';
import { concreteUse, misplacedHandle } from './autograph-errors.ts';
import { describe, type Entry, type Expression } from './expression.ts';
import { factsOf, listedFrom, spreadOf } from './handle.ts';
import { findHandle } from './hidden-handles.ts';
import { meaningAt, type Scope } from './scope-of-handles.ts';

export function lift(value: unknown, scope: Scope): Expression {
  const known = new Map<object, Expression>();
  const open = new Set<object>();
  const liftOne = (one: unknown): Expression => {
    const facts = factsOf(one);
    if (facts !== undefined) return meaningAt(facts, scope);
    const listed = listedFrom(one);
    if (listed !== undefined)
      throw concreteUse(
        listed,
        'its properties are listed',
        'list them when they are known: select(handle, (value) => Object.keys(value))',
      );
    if (!isObject(one)) return { kind: 'constant', value: one };
    const seen = known.get(one);
    if (seen !== undefined) return seen;
    if (open.has(one)) {
      refuseHandles(
        one,
        'it stands in a structure that leads back to itself',
        'make the structure when it is known',
      );
      return { kind: 'constant', value: one };
    }
    open.add(one);
    const lifted = liftObject(one, liftOne);
    known.set(one, lifted);
    return lifted;
  };
  return liftOne(value);
}

function liftObject(value: object, liftOne: (one: unknown) => Expression): Expression {
  const constant: Expression = { kind: 'constant', value };
  if (Array.isArray(value)) {
    const items = value.map(liftOne);
    return items.every(isConstant) ? constant : { kind: 'list', items };
  }
  if (typeof value === 'function') return constant;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    refuseHandles(value, `${kindOf(value)} keeps it as it is`, 'make the object when it is known');
    return constant;
  }
  const entries = liftEntries(value, liftOne);
  const plain = entries.every((entry) => entry.kind === 'field' && isConstant(entry.value));
  return plain ? constant : { kind: 'record', entries, bare: prototype === null };
}

function kindOf(value: object): string {
  if (value instanceof Map || value instanceof Set) return 'a `Map` or `Set`';
  return 'an object of a class';
}

function liftEntries(value: object, liftOne: (one: unknown) => Expression): readonly Entry[] {
  const fields = Object.entries<unknown>({ ...value });
  const spreads = fields.flatMap(([key, held]) => spreadOf(key, held) ?? []);
  // Copies of parts that came with a spread come with it again when the graph runs.
  const isCopy = (key: string, held: unknown): boolean =>
    spreads.some(({ copied }) => copied.has(key) && copied.get(key) === held);
  return fields.flatMap(([key, held]): Entry[] => {
    const spread = spreadOf(key, held);
    if (spread !== undefined) {
      const without = [...spread.copied.keys()].filter((name) => !Object.hasOwn(value, name));
      return [{ kind: 'spread', of: liftOne(spread.handle), without: new Set(without) }];
    }
    return isCopy(key, held) ? [] : [{ kind: 'field', key, value: liftOne(held) }];
  });
}

function isConstant(expression: Expression): boolean {
  return expression.kind === 'constant';
}

/** It would be handed to the operator as it is, with the handles in it. */
function refuseHandles(value: object, why: string, out: string): void {
  const facts = findHandle(value);
  if (facts !== undefined)
    throw misplacedHandle(describe(facts.expression), why, `${out}: select(handle, (value) => …)`);
}
