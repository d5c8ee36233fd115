/**
 * The types of `autograph`: what stands for a value that is known only when the graph runs, and where it may stand.
 */

type Primitive = string | number | bigint | boolean | symbol | null | undefined;

/**
 * Stands for a `T` that is known when the graph runs. Its properties stand for those of the value. It is not a `T`: using
 * it as one is an error of the compiler, and at run time.
 *
 * @example
 * const graph = autograph((input: Symbolic<{ q: string }>) => search.invoke(input.q));
 * await execute(graph, { q: 'why?' }); // ['why?']
 */
// The first property is in the types only. Its key is a text, for declaration files must be able to name it.
export type Symbolic<T> = { readonly '~standsFor': T } & Parts<T>;

/** A value that may be absent has no parts: `select` reads them. */
type Parts<T> = [T] extends [Primitive]
  ? unknown
  : [T] extends [(...args: never[]) => unknown]
    ? unknown
    : [T] extends [readonly unknown[]]
      ? PartsOfList<T>
      : [T] extends [object]
        ? { readonly [K in keyof T]-?: Symbolic<T[K]> }
        : unknown;

type PartsOfList<T extends readonly unknown[]> = {
  readonly [K in Extract<keyof T, `${number}`>]: Symbolic<T[K]>;
} & { readonly [index: number]: Symbolic<T[number]>; readonly length: Symbolic<number> };

/** A `T` in which anything may be a handle. */
export type Liftable<T> =
  | T
  | Symbolic<T>
  | (T extends Primitive | ((...args: never[]) => unknown)
      ? never
      : T extends object
        ? { readonly [K in keyof T]: Liftable<T[K]> }
        : never);

/**
 * What a structure with handles in it becomes when the graph has run. A call without handles in its input is a promise by
 * its type, and a handle while it is recorded.
 */
export type Resolved<R> =
  R extends Symbolic<infer T>
    ? T
    : R extends Promise<infer T>
      ? Resolved<T>
      : R extends Primitive | ((...args: never[]) => unknown)
        ? R
        : R extends object
          ? { -readonly [K in keyof R]: Resolved<R[K]> }
          : R;
