/** Loads a package that may not be there. */

/** By a name that the type checker does not look up, for the package need not be there. */
export async function load<T>(name: string): Promise<T> {
  const module: unknown = await import(name);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the versions in package.json export
  return module as T;
}
