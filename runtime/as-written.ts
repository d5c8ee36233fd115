/** A call exactly as the code makes it, with the same error when there is nothing to call. */

type Callable = (...args: readonly unknown[]) => unknown;

/** `target(...args)`, or `target[method](...args)`. */
export function callAsWritten(
  target: unknown,
  method: string | undefined,
  args: readonly unknown[],
): unknown {
  // Whether it can be called is for the engine of the language to say.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  if (method === undefined) return (target as Callable)(...args);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return call(target as Callables<typeof method>, method, args);
}

type Callables<M extends string> = Readonly<Record<M, Callable>>;

function call<M extends string>(target: Callables<M>, method: M, args: readonly unknown[]): unknown {
  return target[method](...args);
}
