/** What the calls in each `try` are given, for `caught.ts`. */
import type ts from 'typescript';

/** For each `try`, and for calls that any `try` may wait for, what these are given. */
export class Thrown {
  readonly #given = new Map<ts.TryStatement | undefined, Set<number>>();
  readonly #asked = new Set<ts.TryStatement | undefined>();

  /** Whether anybody has asked who now would be told more. */
  add(site: ts.TryStatement | undefined, given: ReadonlySet<number>): boolean {
    const known = this.#given.get(site) ?? new Set();
    this.#given.set(site, known);
    const size = known.size;
    for (const place of given) known.add(place);
    return known.size > size && this.#asked.has(site);
  }

  at(site: ts.TryStatement): readonly number[] {
    return [site, undefined].flatMap((one) => {
      this.#asked.add(one);
      return [...(this.#given.get(one) ?? [])];
    });
  }
}
