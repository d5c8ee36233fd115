/**
 * Finds for each object that the body makes the innermost region outside of which nothing reaches it: each iteration then has
 * an object of its own, and no handler of a failure sees it.
 *
 * In:  pieces with their regions (pass 2), and what variables and objects hold (pass 3).
 * Out: the region of each place that belongs to one; others may be seen from the whole body.
 */
import type { Lowered } from './piece.ts';
import type { Memory } from './memory.ts';

/** A region; nothing for the body. */
type At = number | undefined;

export function regionsOfPlaces(lowered: Lowered, memory: Memory): ReadonlyMap<number, number> {
  const around = (region: number): At => lowered.pieces[lowered.regions[region]?.owner ?? -1]?.region;
  const chainOf = (region: At): readonly number[] => {
    const chain: number[] = [];
    for (let at = region; at !== undefined; at = around(at)) chain.unshift(at);
    return chain;
  };
  const common = (one: At, other: At): At => {
    const [first, second] = [chainOf(one), chainOf(other)];
    return first.findLast((region, depth) => second[depth] === region);
  };
  const found = new Map<number, At>();
  for (const { id } of memory.places) {
    const [first, ...others] = memory.madeIn.get(id) ?? [undefined];
    found.set(id, memory.isShared(id) ? undefined : others.reduce(common, first));
  }
  for (const variable of memory.variables) {
    // Variables of functions in the body live as long as the step that calls them.
    if (!lowered.scopes.has(variable)) continue;
    for (const place of memory.heldBy(variable))
      found.set(place, common(found.get(place), lowered.scopes.get(variable)));
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const holder of memory.places)
      for (const place of memory.contentsOf(holder.id)) {
        const now = common(found.get(place), found.get(holder.id));
        if (now === found.get(place)) continue;
        found.set(place, now);
        changed = true;
      }
  }
  return new Map([...found].flatMap(([place, region]) => (region === undefined ? [] : [[place, region] as const])));
}
