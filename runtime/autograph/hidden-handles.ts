/** Finds handles where no call could replace them by what they stand for. */
import { isOperator } from '../brand.ts';
import { factsOf, type HandleFacts } from './handle.ts';

/** Whoever holds more than this is a client or a cache, not an input that was put together here. */
const LIMIT = 10_000;

/** The first handle that is held by an object, or by what it holds. Accessors are not asked. */
export function findHandle(root: object): HandleFacts | undefined {
  const seen = new Set<unknown>([root]);
  for (const value of seen) {
    const facts = factsOf(value);
    if (facts !== undefined) return facts;
    if (typeof value !== 'object' || value === null || isOperator(value)) continue;
    for (const held of contentsOf(value)) seen.add(held);
    if (seen.size > LIMIT) return undefined;
  }
  return undefined;
}

function contentsOf(object: object): readonly unknown[] {
  const fields = Object.values(Object.getOwnPropertyDescriptors(object)).map(({ value }): unknown => value);
  if (object instanceof Map)
    return [...fields, ...Map.prototype.keys.call(object), ...Map.prototype.values.call(object)];
  return object instanceof Set ? [...fields, ...Set.prototype.values.call(object)] : fields;
}
