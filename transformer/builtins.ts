/**
 * The builtins that the compiler knows, by owner and member. What is not here is unknown.
 *
 * Owner: the interface, class or variable of the standard library that declares the member (`Map`, `MapConstructor`,
 * `URL`), with `Intl.` before those of that namespace; `global` for functions. Member: its name, `new`, `call` for a
 * constructor called as a function, `[Symbol.iterator]`.
 */
import { arrays } from './builtins/array.ts';
import { type Builtin, type Table } from './builtins/builtin.ts';
import { collections } from './builtins/collection.ts';
import { numbers } from './builtins/number.ts';
import { objects } from './builtins/object.ts';
import { properties } from './builtins/property.ts';
import { texts } from './builtins/text.ts';
import { datedRows, times } from './builtins/time.ts';
import { typedArrays } from './builtins/typed-array.ts';
import { world } from './builtins/world.ts';

export type { Builtin } from './builtins/builtin.ts';

/** Every row, as it holds for any number of arguments that `maxArguments` allows. */
export const builtins: Table = {
  ...arrays,
  ...collections,
  ...numbers,
  ...objects,
  ...texts,
  ...times,
  ...typedArrays,
  ...world,
};

/** Past this many arguments the call is unknown: `structuredClone` would move memory, `create` make accessors. */
const maxArguments: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  global: { structuredClone: 1 },
  ObjectConstructor: { create: 1 },
};

/**
 * What a call of a builtin does, or `undefined` where that is unknown. Leave out `argumentCount` if a spread
 * hides it: the answer then holds for any number of arguments.
 */
export function builtin(owner: string, member: string, argumentCount?: number): Builtin | undefined {
  const limit = entry(maxArguments, owner, member);
  if (limit !== undefined && (argumentCount ?? Infinity) > limit) return undefined;
  const dated = (argumentCount ?? 0) > 0 ? entry(datedRows, owner, member) : undefined;
  return dated ?? entry(builtins, owner, member);
}

/** What reading a property of a builtin does, or `undefined` where that is unknown. */
export function builtinProperty(owner: string, name: string): 'pure' | 'reads' | undefined {
  return entry(properties, owner, name);
}

/** A user's names are looked up here too: `constructor` and the like must not be found. */
function entry<Value>(
  table: Readonly<Record<string, Readonly<Record<string, Value>>>>,
  owner: string,
  member: string,
): Value | undefined {
  const rows = Object.hasOwn(table, owner) ? table[owner] : undefined;
  return rows !== undefined && Object.hasOwn(rows, member) ? rows[member] : undefined;
}
