/** Objects that each iteration of a loop has of its own, and which of them a later iteration may find. */
import type { Place } from './descriptor.ts';
import type { Nesting, Visit } from './nesting.ts';
import type { Key } from './seen.ts';

export class IterationObjects {
  readonly #places: readonly Place[];
  readonly #nesting: Nesting;
  /** For places of objects of earlier iterations: those of this one. By these: their keys, and in which iterations. */
  readonly #newerThan: ReadonlyMap<number, readonly Place[]>;
  readonly #copiesOf = new Map<number, Map<Key, Visit['copies']>>();

  constructor(places: readonly Place[], nesting: Nesting) {
    this.#places = places;
    this.#nesting = nesting;
    this.#newerThan = groupByOlder(places);
  }

  /** An object of an iteration is another one in each. */
  keyOf(place: number, now: Visit): Key {
    const own = this.#copiesAround(place, now);
    return own.length === 0 ? place : `${place} ${own.map(({ copy }) => copy).join('')}`;
  }

  /** Notes the iteration that touches `place`, for those that will find its object among older ones. */
  note(place: number, now: Visit): void {
    if (this.#places[place]?.older === undefined) return;
    const known = this.#copiesOf.get(place) ?? new Map<Key, Visit['copies']>();
    this.#copiesOf.set(place, known);
    known.set(this.keyOf(place, now), now.copies);
  }

  /** What else the objects of `place` were when they were those of an earlier iteration. */
  *earlierKeys(place: number, now: Visit): Iterable<Key> {
    for (const { id } of this.#newerThan.get(place) ?? []) {
      const own = this.keyOf(id, now);
      const around = this.#copiesAround(place, now);
      for (const [key, copies] of this.#copiesOf.get(id) ?? [])
        if (key !== own && around.every(({ loop, copy }) => copyIn(copies, loop) === copy)) yield key;
    }
  }

  /** The iterations that `now` is a visit in, of loops whose iterations have an object of their own each. */
  #copiesAround(place: number, now: Visit): Visit['copies'] {
    const region = this.#places[place]?.region;
    if (region === undefined) return [];
    return now.copies.filter(({ loop }) => this.#nesting.isInsideStep(region, loop));
  }
}

function groupByOlder(places: readonly Place[]): ReadonlyMap<number, readonly Place[]> {
  const groups = new Map<number, Place[]>();
  for (const place of places)
    if (place.older !== undefined) groups.set(place.older, [...(groups.get(place.older) ?? []), place]);
  return groups;
}

function copyIn(copies: Visit['copies'], loop: number): number | undefined {
  return copies.find((one) => one.loop === loop)?.copy;
}
