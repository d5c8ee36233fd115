/**
 * The places that a descriptor tells, and their numbers in it: those that some step touches, and of those that the same steps may
 * write one.
 */
import type { Place } from '../runtime/descriptor.ts';
import { must } from '../runtime/errors.ts';
import type { Access } from './access.ts';
import type { Effects } from './effects.ts';
import { mergePlaces, type Touched } from './merge-places.ts';
import type { Lowered } from './piece.ts';

export type ReadsOf = (access: Access) => readonly number[];

/** When the body ends, the caller sees what it gives, which calls that go on may still change. */
export function readsIn({ pieces }: Lowered, { accesses }: Effects): ReadsOf {
  const lent = new Set(
    accesses.flatMap(({ lingers, abandons, held }, i) =>
      lingers || abandons || pieces[i]?.kind === 'start' ? [...held] : [],
    ),
  );
  return ({ reads, answers }) => [...reads, ...[...answers].filter((place) => lent.has(place))];
}

/** The place that the steps of a region touch, by its number in the descriptor. */
export type PlaceIn = (place: number, region: number | undefined) => number;

/** Who touches what, and which places can be told apart by that. */
function touchedPlaces(
  { pieces }: Lowered,
  { accesses, memory, regionOf }: Effects,
  readsOf: ReadsOf,
): { readonly told: ReadonlySet<number>; readonly standIn: (place: number) => number } {
  const all = memory.export();
  const touched = accesses.map((access, index): Touched => {
    const seen = (places: Iterable<number>): ReadonlySet<number> =>
      new Set([...places].map((place) => memory.seenFrom(pieces[index]?.region, place)));
    const [reads, writes] = [seen(readsOf(access)), seen(access.writes)];
    // An operator that the object turns out to have may change what it is given.
    const held = access.operators.size > 0 ? seen(access.held) : new Set<number>();
    return {
      all: [...reads, ...writes],
      written: [writes, held, [...held].filter((place) => reads.has(place))],
    };
  });
  const single = new Set([
    ...accesses.flatMap(({ keys }) => [...keys.keys()]),
    ...all.flatMap(({ id }) => memory.olderThan(id) ?? []),
  ]);
  const standIn = mergePlaces(touched, (place) => {
    const isMerged =
      all[place]?.kind === 'fresh' && memory.olderThan(place) === undefined && !single.has(place);
    return isMerged ? `${regionOf.get(place)}` : undefined;
  });
  const told = new Set(touched.flatMap((one) => one.all.map(standIn)));
  return { told, standIn };
}

/** Only places that some step touches are worth telling; they get new numbers. */
export function numberPlaces(
  lowered: Lowered,
  effects: Effects,
  readsOf: ReadsOf,
): { readonly places: readonly Place[]; readonly idOf: PlaceIn } {
  const { memory, regionOf } = effects;
  const { told, standIn } = touchedPlaces(lowered, effects, readsOf);
  const kept = memory.export().filter((place) => told.has(place.id));
  const ids = new Map(kept.map((place, id) => [place.id, id]));
  return {
    places: kept.map((place, id) => {
      const isFresh = place.kind === 'fresh';
      const region = isFresh ? regionOf.get(place.id) : undefined;
      const older = isFresh ? ids.get(memory.olderThan(place.id) ?? -1) : undefined;
      return {
        ...place,
        id,
        ...(region === undefined ? {} : { region }),
        ...(older === undefined ? {} : { older }),
      };
    }),
    idOf: (place, region) =>
      must(ids.get(standIn(memory.seenFrom(region, place))), `place ${place} has no number`),
  };
}
