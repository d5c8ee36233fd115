/**
 * Abstract memory: which objects an expression may denote, and what is reachable from them.
 *
 * An object made in the body is a place of its own, by allocation site, until it escapes. Everything else is shared:
 * the input, results of calls, and the world, any two of which may be one object.
 *
 * What is made in a loop and outlives an iteration is two places: the objects of this iteration, and those of earlier ones,
 * which whatever lives longer holds too (recency abstraction: Balakrishnan and Reps, SAS 2006).
 *
 * Walks repeat until they learn nothing that they would have gone by. What nobody has asked about yet may change freely: a new
 * object that is filled, or escapes, before anything looks at it.
 */
import type { Path, Place } from '../runtime/descriptor.ts';
import type ts from 'typescript';
import { type At, RegionTree } from './region-tree.ts';
import { Thrown } from './thrown.ts';

/** What an expression may denote. Primitives denote no place. */
export interface Value {
  readonly places: ReadonlySet<number>;
  /** Set when it is reached from `this` by these properties. */
  readonly path?: Path | undefined;
}

export const nothing: Value = { places: new Set() };
export const world = 0;
export const input = 1;

export class Memory {
  readonly #places: Place[] = [
    { id: world, kind: 'world', label: 'shared state' },
    { id: input, kind: 'input', label: 'the input' },
  ];
  /** The function behind a closure's place. */
  readonly closures: Map<number, ts.SignatureDeclaration> = new Map();
  /** Places that are promises of known calls: to wait for them is to wait for these calls only. */
  readonly promises: Set<number> = new Set();
  /** What handlers may be given. */
  readonly thrown: Thrown = new Thrown();
  /** Grows whenever anything is learnt that somebody has asked about; a round that leaves it alone is the last one. */
  version = 0;
  /** The same for variables, which each round starts afresh. */
  assignments = 0;
  /** The region whose step is being walked. */
  region: number | undefined = undefined;
  readonly #tree: RegionTree;
  readonly #scopes: ReadonlyMap<ts.Symbol, At>;
  /** The innermost region in which all objects of a place are made. */
  readonly #homes = new Map<number, At>();
  /** Places whose objects are told apart by the iterations that make them, and places of those of earlier iterations. */
  readonly #told = new Set<number>();
  readonly #older = new Map<number, number>();
  /** Variables that each function made in the body names, and those of functions that may be called in later iterations. */
  readonly #named = new Map<number, ReadonlySet<ts.Symbol>>();
  readonly #captured = new Set<ts.Symbol>();
  readonly #held = new Map<ts.Symbol, Set<number>>();
  readonly #contents = new Map<number, Set<number>>();
  /** For fields that only the body touches: what the objects in them begin with inside. */
  readonly #begun = new Map<number, number>();
  readonly #escaped = new Set<number>();
  readonly #returned = new Map<ts.Node, Value>();
  readonly #sites = new Map<ts.Node | number, number>();
  /** What has been asked about: all places, what is in one, whether it is shared, a variable, what a function gives. */
  #askedForAll = false;
  readonly #askedContents = new Set<number>();
  readonly #askedShared = new Set<number>();
  readonly #asked = new Set<ts.Symbol | ts.Node>();

  /** All of them. */
  get places(): readonly Place[] {
    this.#askedForAll = true;
    return this.#places;
  }

  kindOf(place: number): Place['kind'] | undefined {
    return this.#places[place]?.kind;
  }

  /** `scopes`: the region that each variable is declared in. */
  constructor(
    tree: RegionTree = new RegionTree({ pieces: [], regions: [] }),
    scopes: ReadonlyMap<ts.Symbol, At> = new Map(),
  ) {
    this.#tree = tree;
    this.#scopes = scopes;
  }

  /** The place of the object that `site` makes; one for all the times that it is made. */
  allocate(site: ts.Node, label: string): number {
    return this.#place(site, { kind: 'fresh', label });
  }

  /** The same for an object that may be told from those that earlier iterations have made. */
  allocateTold(site: ts.Node, label: string): number {
    const place = this.allocate(site, label);
    this.#told.add(place);
    return place;
  }

  /** The same for a function, whose body names `variables`. */
  allocateFunction(site: ts.SignatureDeclaration, label: string, variables: ReadonlySet<ts.Symbol>): number {
    const place = this.allocate(site, label);
    this.closures.set(place, site);
    this.#named.set(place, variables);
    return place;
  }

  /** The place of a field that only the body touches, and of the object that it holds: `depth` objects inside of one another. */
  own(field: ts.Node, label: string, depth: number): number {
    const place = this.#place(field, { kind: 'own', label });
    let holder = place;
    for (let left = depth - 1; left > 0; left--) holder = this.#inside(holder, label);
    return place;
  }

  /** The place of the objects that `holder`, a field that only the body touches, begins with inside. */
  #inside(holder: number, label: string): number {
    const known = this.#begun.get(holder);
    if (known !== undefined) return known;
    const id = this.#places.length;
    this.#places.push({ id, kind: 'own', label: `what ${label} holds` });
    this.#homes.set(id, undefined);
    this.#begun.set(holder, id);
    this.#put(holder, id);
    if (this.#askedForAll) this.version++;
    return id;
  }

  /** The place of what the calls of step `step` give. */
  result(step: number, label: string): number {
    return this.#place(step, { kind: 'result', label, step });
  }

  #place(site: ts.Node | number, place: Omit<Place, 'id'>): number {
    const known = this.#sites.get(site);
    const id = known ?? this.#places.length;
    if (known !== undefined) {
      const home = this.#tree.common(this.homeOf(known), this.region);
      if (home === this.homeOf(known)) return known;
      this.#homes.set(known, home);
      this.version++;
      return known;
    }
    this.#places.push({ id, ...place });
    this.#homes.set(id, this.region);
    this.#sites.set(site, id);
    if (this.#askedForAll) this.version++;
    return id;
  }

  /** The innermost region in which all objects of `place` are made. */
  homeOf(place: number): At {
    return this.#homes.get(place);
  }

  /** The body of the innermost loop that makes the objects of `place`, if one does. */
  loopOf(place: number): At {
    return this.#tree.loopAround(this.homeOf(place));
  }

  /** The place of the objects of `place` that earlier iterations have made, if any outlives its iteration. */
  olderThan(place: number): number | undefined {
    return this.loopOf(place) === undefined ? undefined : this.#older.get(place);
  }

  /** `place` as `region` sees it: outside of the loop all its objects are of earlier iterations, where whoever holds one holds both. */
  seenFrom(region: At, place: number): number {
    const older = this.olderThan(place);
    return older === undefined || this.#tree.isInside(region, this.loopOf(place)) ? place : older;
  }

  /** What a variable denotes that is given `value`: if it outlives an iteration, it may be an object of an earlier one. */
  kept(variable: ts.Symbol, value: Value): Value {
    const outlives = (place: number): boolean =>
      this.#captured.has(variable) ||
      (this.#scopes.has(variable) && !this.#tree.isInside(this.#scopes.get(variable), this.loopOf(place)));
    const older = [...value.places].flatMap((place) => (outlives(place) ? this.#outlive(place) : []));
    return older.length === 0 ? value : { ...value, places: new Set([...value.places, ...older]) };
  }

  /** Something that lives longer than an iteration comes to hold `place`: what later ones find there. */
  #outlive(place: number): readonly number[] {
    for (const variable of this.#named.get(place) ?? []) this.capture(variable);
    if (!this.#told.has(place) || this.loopOf(place) === undefined) return [];
    const known = this.#older.get(place);
    if (known !== undefined || this.#isShared(place)) return known === undefined ? [] : [known];
    const id = this.#places.length;
    this.#places.push({
      id,
      kind: 'fresh',
      label: `${this.#places[place]?.label ?? ''} of earlier iterations`,
    });
    this.#homes.set(id, this.#tree.around(this.loopOf(place) ?? 0));
    this.#older.set(place, id);
    this.version++;
    for (const inner of this.#contents.get(place) ?? []) this.#putOlder(id, inner);
    return [id];
  }

  /** A function that names `variable` may be called in a later iteration, where it finds what the variable was. */
  capture(variable: ts.Symbol): void {
    if (this.#captured.has(variable)) return;
    this.#captured.add(variable);
    this.version++;
  }

  /** Notes what a variable denotes, for all times. */
  hold(variable: ts.Symbol, places: ReadonlySet<number>): void {
    const held = this.#held.get(variable) ?? new Set();
    this.#held.set(variable, held);
    const size = held.size;
    for (const place of places) held.add(place);
    if (held.size > size && this.#asked.has(variable)) this.version++;
  }

  /** All that a variable has ever denoted. */
  heldBy(variable: ts.Symbol): ReadonlySet<number> {
    this.#asked.add(variable);
    return this.#held.get(variable) ?? nothing.places;
  }

  /** Notes `value` as one that a function gives. */
  giveBack(declaration: ts.Node, { places }: Value): void {
    const before = this.#returned.get(declaration) ?? nothing;
    const after = join(before, { places });
    if (after.places.size > before.places.size && this.#asked.has(declaration)) this.version++;
    this.#returned.set(declaration, after);
  }

  /** All that a function has ever given. */
  returnedBy(declaration: ts.Node): Value {
    this.#asked.add(declaration);
    return this.#returned.get(declaration) ?? nothing;
  }

  get variables(): Iterable<ts.Symbol> {
    return this.#held.keys();
  }

  contentsOf(place: number): ReadonlySet<number> {
    this.#askedContents.add(place);
    return this.#contents.get(place) ?? nothing.places;
  }

  isShared(place: number): boolean {
    this.#askedShared.add(place);
    return this.#isShared(place);
  }

  #isShared(place: number): boolean {
    return this.#places[place]?.kind !== 'fresh' || this.#escaped.has(place);
  }

  /** What is one step inside of `places`. */
  load(places: ReadonlySet<number>): ReadonlySet<number> {
    const found = new Set<number>();
    for (const place of places) {
      const isShared = this.isShared(place);
      const inside = this.contentsOf(place);
      for (const inner of inside) found.add(inner);
      // What runs before this one put into a field may be anything by now, but for what the field began with.
      const isBegun = this.#isOwn(place) && [...inside].every((inner) => this.#isOwn(inner));
      if (this.#isOwn(place) && !isBegun) found.add(world);
      else if (isShared && !isBegun) found.add(place);
    }
    return found;
  }

  /** `places` and all that is reachable from them. */
  reach(places: ReadonlySet<number>): ReadonlySet<number> {
    const found = new Set(places);
    for (const place of found) {
      // What is caught may be, and hold, anything: then nothing is left to find, unless there comes to be more.
      if (found.size === this.#places.length) {
        this.#askedForAll = true;
        break;
      }
      for (const inner of this.contentsOf(place)) found.add(inner);
    }
    return found;
  }

  /** Makes `values` reachable from `holders`. */
  store(holders: ReadonlySet<number>, values: ReadonlySet<number>): void {
    for (const holder of holders) {
      if (this.#isShared(holder)) this.escape(values);
      for (const value of values) {
        this.#put(holder, value);
        if (!this.#endsBefore(holder, value))
          for (const older of this.#outlive(value)) this.#put(holder, older);
      }
    }
  }

  /** Whether objects of `holder` are of the same iteration as those of `place` that they hold. */
  #endsBefore(holder: number, place: number): boolean {
    const loop = this.loopOf(holder);
    return (
      this.#told.has(holder) &&
      !this.#isShared(holder) &&
      loop !== undefined &&
      this.#tree.isInside(loop, this.loopOf(place))
    );
  }

  #put(holder: number, value: number): void {
    const contents = this.#contents.get(holder) ?? new Set();
    this.#contents.set(holder, contents);
    if (!contents.has(value) && this.#askedContents.has(holder)) this.version++;
    contents.add(value);
    const older = this.#older.get(holder);
    if (older !== undefined) this.#putOlder(older, value);
  }

  /** What an object of this iteration holds, `older` held in an earlier one. */
  #putOlder(older: number, value: number): void {
    const inner = this.#outlive(value);
    for (const place of inner.length > 0 ? inner : [value]) this.#put(older, place);
  }

  /** From now on the outside may reach `places`. */
  escape(places: ReadonlySet<number>): void {
    const reached = new Set(places);
    for (const place of reached) {
      for (const inner of this.#contents.get(place) ?? []) reached.add(inner);
      if (this.#isShared(place) && !this.#isOwn(place)) continue;
      for (const variable of this.#named.get(place) ?? []) this.capture(variable);
      this.#escaped.add(place);
      if (this.#askedShared.has(place)) this.version++;
      const others = [...this.#older].flatMap((pair) => (pair.includes(place) ? pair : []));
      if (others.length > 0) this.escape(new Set(others));
    }
  }

  /** The caller may reach `places` when the run has ended, and give them to whomever it likes before the next one. */
  answer(places: ReadonlySet<number>): void {
    const own = [...this.reach(places)].filter((place) => this.#isOwn(place));
    if (own.length > 0) this.escape(new Set(own));
  }

  #isOwn(place: number): boolean {
    return this.#places[place]?.kind === 'own' && !this.#escaped.has(place);
  }

  /** The places as the descriptor shows them: what escaped counts as the world. */
  export(): readonly Place[] {
    return this.#places.map((place) => (this.#escaped.has(place.id) ? { ...place, kind: 'world' } : place));
  }
}

/** What either value may denote. */
export function join(first: Value, second: Value): Value {
  if (second.places.size === 0 && second.path === undefined) return first;
  if (first.places.size === 0 && first.path === undefined) return second;
  const samePath = first.path?.join('.') === second.path?.join('.');
  return { places: new Set([...first.places, ...second.places]), path: samePath ? first.path : undefined };
}

export function valueOf(...places: readonly number[]): Value {
  return { places: new Set(places) };
}
