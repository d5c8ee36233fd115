/**
 * What a row of the builtin table says, and the two rows that most others vary.
 *
 * A row describes the builtin itself. Code that it may run (a callback, a conversion, a getter, an iterator) is named,
 * so that the compiler can look at it; a row without that name runs no code of the program.
 */

export interface Builtin {
  /** What happens to the receiver's contents. */
  readonly receiver: 'none' | 'reads' | 'mutates';
  /**
   * - `none`: their contents are not looked at (compared by identity, or primitive);
   * - `reads`: read, shallowly or deeply; a `thisArg` or initial value is handed on to the callback;
   * - `stores`: they become reachable from the receiver;
   * - `mutates-first`: the first one is changed, and what the others hold may become reachable from it.
   */
  readonly args: 'none' | 'reads' | 'stores' | 'mutates-first';
  /**
   * Indexes of arguments that are called before the builtin returns and are not kept. They are given elements of the
   * receiver (of the first argument where there is none), the receiver itself, and in `reduce` the initial value or
   * what an earlier call returned.
   */
  readonly callbacks?: readonly number[];
  /**
   * What the result can be reached from; a builtin with callbacks may also answer, or hold, what they returned.
   * - `fresh`: a new object that holds nothing of receiver or arguments;
   * - `copy`: a new container of things that can be reached from receiver or arguments, at any depth (`flat` and
   *   `fromEntries` take from further down, `groupBy` and `entries` put further down);
   * - `receiver`: the receiver itself;
   * - `element`: something reachable from receiver or arguments, or one of them.
   */
  readonly result: 'primitive' | 'fresh' | 'copy' | 'receiver' | 'element';
  /** It must keep its place in program order: what it depends on, or what sees it. */
  readonly ordered?: 'random' | 'clock' | 'console' | 'state';
  /**
   * It converts objects to primitives or prints them: it may call `toString`, `valueOf`, `toJSON`,
   * `Symbol.toPrimitive` and the like of the receiver, its elements or the arguments, and fail as they do.
   */
  readonly coerces?: boolean;
  /** It may throw although its arguments have the right types. */
  readonly throws?: boolean;
  /**
   * It iterates its first argument (a set method asks its `has` and `keys`). Anything but an array, a Map, a Set,
   * a string or a typed array then runs code of the program, and an iterator is used up: its contents change.
   */
  readonly iterates?: boolean;
  /** It reads, or with `mutates-first` also assigns, the arguments' own properties: accessors among them run. */
  readonly enumerates?: boolean;
  /**
   * The copy is an iterator, which reads the receiver whenever it is advanced. Used up at once, by `for…of`, spread or
   * an `iterates` builtin, it is a copy like others; kept, whoever advances it reads the receiver too.
   */
  readonly lazy?: boolean;
}

/** Rows of one owner by member, and of all owners by owner. */
export type Rows = Readonly<Record<string, Builtin>>;
export type Table = Readonly<Record<string, Rows>>;

/** A method that only looks at its receiver. */
export const question: Builtin = { receiver: 'reads', args: 'none', result: 'primitive' };

/** A function of primitive arguments. */
export const computation: Builtin = { receiver: 'none', args: 'none', result: 'primitive' };

/**
 * The same row for several members. Also for a single `toString` or `isPrototypeOf`: as a property of `Rows` it would be
 * checked against the method of `Object`.
 */
export function alike(row: Builtin, ...members: readonly string[]): Rows {
  return Object.fromEntries(members.map((member) => [member, row]));
}
