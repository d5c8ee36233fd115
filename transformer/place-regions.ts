/**
 * Finds for each object that the body makes the innermost region outside of which nothing reaches it: each iteration then has
 * an object of its own, and no handler of a failure sees it.
 *
 * In:  pieces with their regions (pass 2), and what variables and objects hold (pass 3).
 * Out: the region of each place that belongs to one; others may be seen from the whole body.
 */
import type { Lowered } from './piece.ts';
import type { Memory } from './memory.ts';
import type { At, RegionTree } from './region-tree.ts';

export function regionsOfPlaces(
  lowered: Lowered,
  memory: Memory,
  tree: RegionTree,
): ReadonlyMap<number, number> {
  const found = new Map<number, At>();
  /** Narrows what is known of `place`. What outlives an iteration is, from then on, an object of an earlier one. */
  const narrow = (place: number, region: At): boolean => {
    const known = found.get(place);
    const loop = memory.olderThan(place) === undefined ? undefined : memory.loopOf(place);
    const common = tree.common(known, region);
    const now = tree.isInside(common, loop) ? common : loop;
    found.set(place, now);
    return now !== known;
  };
  for (const { id } of memory.places) found.set(id, memory.isShared(id) ? undefined : memory.homeOf(id));
  for (const variable of memory.variables) {
    // Variables of functions in the body live as long as the step that calls them.
    if (!lowered.scopes.has(variable)) continue;
    for (const place of memory.heldBy(variable)) narrow(place, lowered.scopes.get(variable));
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const holder of memory.places)
      for (const place of memory.contentsOf(holder.id))
        if (narrow(place, found.get(holder.id))) changed = true;
  }
  return new Map(
    [...found].flatMap(([place, region]) => (region === undefined ? [] : [[place, region] as const])),
  );
}
