/**
 * How calls of an actual object may be ordered, found when a composite is linked to its instance.
 *
 * In:  the object, and the plugin's option `undeclared` of the code that calls it.
 * Out: its effect, with everything that was relied on recorded as witnesses, so that a later run can ask again.
 */
import { INFERRED_EFFECT } from './abi.ts';
import { hasStockInvoke, isObject, isOperator } from './brand.ts';
import { declaredEffect, parseEffect } from './declared-effect.ts';
import type { GoesOn, InferredEffect, Resource, StaticEffect } from './descriptor.ts';
import { prototypeOf, readData, type Witnesses } from './witnesses.ts';

/** The effect of a call, in terms that two calls can be compared in. */
export interface CallEffect {
  /** Keeps its place among everything effectful. */
  readonly ordered: boolean;
  /** Names of resources, and objects by identity. `"*"` is any resource. */
  readonly reads: ReadonlySet<unknown>;
  readonly writes: ReadonlySet<unknown>;
  /** Where some of them depend on what the call is given, and are `"*"` above: all of them. */
  readonly keyed?: KeyedResources;
  /** May change what it was given. */
  readonly mutates: boolean;
  /** Writes memory other than named resources: own fields, module variables, shared objects, or unknown. */
  readonly state: boolean;
  /** When calls that it makes may still run although it has ended. */
  readonly goesOn?: GoesOn | undefined;
  /** The operator itself. */
  readonly instance: unknown;
  /** The operators that the call enters: each reads its own fields, whatever it declares. */
  readonly enters: ReadonlySet<unknown>;
  /** How this is known; the weakest of all that it was put together from. */
  readonly known: 'declared' | 'inferred' | 'undeclared';
}

export interface KeyedResources {
  readonly reads: readonly Resource[];
  readonly writes: readonly Resource[];
}

export type Undeclared = 'sequential' | 'unordered';

/** The operators in an array, a Map, a Set or a record; nothing when a getter stands among them. */
export function membersOf(holder: object, witnesses: Witnesses): readonly object[] | undefined {
  const isCollection = holder instanceof Map || holder instanceof Set;
  // Whatever else answers `get` or `at` may keep its members anywhere.
  const prototype = prototypeOf(holder);
  const isPlain = Array.isArray(holder) || prototype === undefined || prototype === Object.prototype;
  if (!isCollection && !isPlain) return undefined;
  const properties = isCollection ? [] : Object.values(Object.getOwnPropertyDescriptors(holder));
  if (properties.some((property) => property.get !== undefined)) return undefined;
  return witnesses.watchMembers(holder).filter((member) => isObject(member));
}

const WEAKNESS: Readonly<Record<CallEffect['known'], number>> = { declared: 0, inferred: 1, undeclared: 2 };
const NOTHING: ReadonlySet<unknown> = new Set();

/** Stands among what is read for state that has no name: any operator that writes state may write it. */
export const ANY_STATE: unique symbol = Symbol('any state');

/** What an operator does that nobody has said anything about. */
export function undeclaredEffect(instance: unknown, undeclared: Undeclared): CallEffect {
  const sequential = undeclared === 'sequential';
  const known = 'undeclared';
  return {
    ordered: sequential,
    state: sequential,
    reads: NOTHING,
    writes: NOTHING,
    mutates: false,
    instance,
    enters: new Set([instance]),
    known,
  };
}

/** What an operator may do that is known only when it is called: the worst. */
export function unknownEffect(instance: unknown): CallEffect {
  return { ...undeclaredEffect(instance, 'sequential'), mutates: true };
}

/** The effect that a descriptor assumes, for what has no object of its own. */
export function assumedEffect(assumed: StaticEffect, instance: unknown): CallEffect {
  const { mutates, state, goesOn, known } = assumed;
  const ordered = assumed.kind === 'sequential';
  return {
    ordered,
    reads: new Set(assumed.reads),
    writes: new Set(assumed.writes),
    mutates,
    state,
    goesOn,
    instance,
    enters: new Set([instance]),
    known,
  };
}

/** Both, as one call. */
export function joinEffects(one: CallEffect, other: CallEffect): CallEffect {
  return {
    ordered: one.ordered || other.ordered,
    reads: new Set([...one.reads, ...other.reads]),
    writes: new Set([...one.writes, ...other.writes]),
    mutates: one.mutates || other.mutates,
    state: one.state || other.state,
    goesOn: one.goesOn === 'always' ? one.goesOn : (other.goesOn ?? one.goesOn),
    instance: one.instance,
    enters: new Set([...one.enters, ...other.enters]),
    known: WEAKNESS[one.known] > WEAKNESS[other.known] ? one.known : other.known,
  };
}

/** The effect of calling `target` as it is now. Throws `XCS1005` if an operator class declares nonsense. */
export function effectOf(target: object, undeclared: Undeclared, witnesses: Witnesses): CallEffect {
  return new Resolution(undeclared, witnesses).effectOf(target);
}

/** The effect of calling any of `members`, kept under the identity of what holds them. */
export function effectOfMembers(
  holder: object,
  members: readonly object[],
  undeclared: Undeclared,
  witnesses: Witnesses,
): CallEffect {
  const resolution = new Resolution(undeclared, witnesses);
  let joined: CallEffect = { ...nothing(holder), enters: new Set(members) };
  for (const member of members) joined = joinEffects(joined, resolution.effectOf(member));
  return joined;
}

/** A function operator, or a class's prototype or an instance below it: who owns the function that a call runs. */
interface Owner {
  readonly at: object;
  readonly classes: readonly object[];
  readonly patched: boolean;
}

class Resolution {
  readonly #undeclared: Undeclared;
  readonly #witnesses: Witnesses;
  /** Operators may hold each other: the effect of each counts once. */
  readonly #visited = new Set<object>();

  constructor(undeclared: Undeclared, witnesses: Witnesses) {
    this.#undeclared = undeclared;
    this.#witnesses = witnesses;
  }

  effectOf(target: object): CallEffect {
    if (this.#visited.has(target)) return nothing(target);
    this.#visited.add(target);
    if (!isOperator(target)) return this.#foreign(target);
    this.#witnesses.watchMethods(target);
    if (typeof target === 'function') return this.#function(target);
    return this.#instance(target);
  }

  #instance(target: object): CallEffect {
    const stock = hasStockInvoke(target);
    const owner = findOwner(target, stock ? 'forward' : 'invoke');
    const unknown = undeclaredEffect(target, this.#undeclared);
    if (owner === undefined || owner.patched) return unknown;
    const own = this.#declaredBy(owner.classes, target);
    if (own !== undefined) return own;
    const shown = (stock ? this.#shownBy(owner.at, target) : undefined) ?? unknown;
    const inherited = this.#declaredBy(classesFrom(prototypeOf(owner.at)), target);
    return inherited === undefined ? shown : joinEffects(shown, inherited);
  }

  /** The first declaration on `classes`, from the most derived one up. */
  #declaredBy(classes: readonly object[], instance: object): CallEffect | undefined {
    for (const one of classes) {
      // Own ones only: what a class inherits is found when its parent's turn comes.
      if (!Object.hasOwn(one, 'effect')) {
        this.#witnesses.read(one, 'effect');
        continue;
      }
      const value = this.#witnesses.read(one, 'effect')?.value;
      if (value !== undefined)
        return { ...declaredEffect(value, nameOf(one)), instance, enters: new Set([instance]) };
    }
    return undefined;
  }

  /** What the transformer read off the `forward` of a class, if it is still the one that was read. */
  #shownBy(prototype: object, target: object): CallEffect | undefined {
    const owner = readData(prototype, 'constructor')?.value;
    if (!isObject(owner) || !Object.hasOwn(owner, INFERRED_EFFECT)) return undefined;
    const inferred = readData(owner, INFERRED_EFFECT)?.value;
    const forward = readData(prototype, 'forward')?.value;
    return isInferred(inferred) && inferred.forward === forward
      ? this.#inferred(inferred, target)
      : undefined;
  }

  #function(target: object): CallEffect {
    const declared = this.#witnesses.read(target, 'effect')?.value;
    if (!hasStockInvoke(target)) return undeclaredEffect(target, this.#undeclared);
    if (declared !== undefined)
      return { ...declaredEffect(declared, nameOf(target)), instance: target, enters: new Set([target]) };
    const inferred = readData(target, INFERRED_EFFECT)?.value;
    return isInferred(inferred)
      ? this.#inferred(inferred, target)
      : undeclaredEffect(target, this.#undeclared);
  }

  /** Somebody else's object or function: only a valid `effect` on it or on its class says anything. */
  #foreign(target: object): CallEffect {
    const owner = this.#witnesses.read(target, 'constructor')?.value;
    for (const place of [target, owner]) {
      const value = isObject(place) ? this.#witnesses.read(place, 'effect')?.value : undefined;
      const effect = value === undefined ? undefined : parseEffect(value);
      if (effect !== undefined) return { ...effect, instance: target, enters: new Set([target]) };
    }
    return undeclaredEffect(target, this.#undeclared);
  }

  #inferred(inferred: InferredEffect, target: object): CallEffect {
    const relies = inferred.calls.length + inferred.reads.length + inferred.writes.length > 0;
    // What a prototype stands for will hold other objects than the prototype does.
    if (relies && classOf(target) !== undefined) return unknownEffect(target);
    const [named, nameless] = [inferred.reads.filter(isNamed), inferred.reads.some((path) => !isNamed(path))];
    const reads = named.map((path) => this.#witnesses.follow(target, path));
    const writes = inferred.writes.map((path) => this.#witnesses.follow(target, path));
    const { mutates, goesOn } = inferred;
    const { resources = { reads: [], writes: [] } } = inferred;
    let effect: CallEffect = {
      ordered: inferred.ordered,
      reads: new Set([...reads, ...resources.reads, ...(nameless ? [ANY_STATE] : [])]),
      writes: new Set([...writes, ...resources.writes]),
      mutates,
      state: writes.length > 0,
      goesOn,
      instance: target,
      enters: new Set([target]),
      known: 'inferred',
    };
    // A path that leads nowhere now may lead to anything later.
    if (reads.includes(undefined) || writes.includes(undefined))
      effect = { ...effect, ordered: true, state: true };
    if (inferred.unknown !== undefined)
      effect = joinEffects(effect, undeclaredEffect(target, inferred.undeclared));
    if (!this.#hasMethods(target, inferred.methods))
      effect = joinEffects(effect, undeclaredEffect(target, inferred.undeclared));
    for (const find of inferred.calls) effect = this.#withCall(effect, find, target);
    for (const find of inferred.members ?? []) effect = this.#withMembers(effect, find, target);
    return effect;
  }

  /** Whether the methods that were read are those that `target` has. */
  #hasMethods(target: object, methods: InferredEffect['methods'] = {}): boolean {
    return Object.entries(methods).every(
      ([name, method]) => this.#witnesses.read(target, name)?.value === method,
    );
  }

  #withMembers(effect: CallEffect, find: (self: never) => unknown, target: object): CallEffect {
    const holder = this.#witnesses.find(find, target)?.value;
    const members = isObject(holder) ? membersOf(holder, this.#witnesses) : undefined;
    if (members === undefined) return joinEffects(effect, unknownEffect(target));
    return members.map((member) => this.#calledIn(member)).reduce(joinEffects, effect);
  }

  /** Who calls it may handle the failure that leaves calls behind, and so succeed. */
  #calledIn(target: object): CallEffect {
    const effect = this.effectOf(target);
    return effect.goesOn === undefined ? effect : { ...effect, goesOn: 'always' };
  }

  #withCall(effect: CallEffect, find: (self: never) => unknown, target: object): CallEffect {
    const found = this.#witnesses.find(find, target);
    if (found !== undefined && isObject(found.value)) {
      return joinEffects(effect, this.#calledIn(found.value));
    }
    // An optional operator that is not there is not called, unless this operator itself may put it there.
    const absent = found !== undefined && (found.value === undefined || found.value === null);
    return absent && effect.writes.size === 0 ? effect : joinEffects(effect, unknownEffect(target));
  }
}

/** `*` stands for objects that cannot be reached by a path. */
function isNamed(path: readonly string[]): boolean {
  return !path.includes('*');
}

function nothing(instance: object): CallEffect {
  const known = 'declared';
  return {
    ordered: false,
    reads: NOTHING,
    writes: NOTHING,
    mutates: false,
    state: false,
    instance,
    enters: new Set([instance]),
    known,
  };
}

/** Walks up to whoever owns `method`, and collects the classes on the way. */
function findOwner(target: object, method: string): Owner | undefined {
  const classes: object[] = [];
  for (let at: object | undefined = target; at !== undefined; at = prototypeOf(at)) {
    const owner = classOf(at);
    if (owner !== undefined) classes.push(owner);
    if (!Object.hasOwn(at, method)) continue;
    return {
      at,
      classes,
      patched: owner === undefined || Object.getOwnPropertyDescriptor(at, method)?.get !== undefined,
    };
  }
  return undefined;
}

function classesFrom(prototype: object | undefined): readonly object[] {
  const classes: object[] = [];
  for (let at = prototype; at !== undefined; at = prototypeOf(at)) {
    const owner = classOf(at);
    if (owner !== undefined) classes.push(owner);
  }
  return classes;
}

/** The class whose prototype `at` is. Absent for instances, also those with a method of their own. */
function classOf(at: object): object | undefined {
  if (!Object.hasOwn(at, 'constructor')) return undefined;
  const owner = readData(at, 'constructor')?.value;
  return isObject(owner) && readData(owner, 'prototype')?.value === at ? owner : undefined;
}

function nameOf(owner: object): string {
  const name = readData(owner, 'name')?.value;
  return typeof name === 'string' && name !== '' ? `\`${name}\`` : 'an anonymous operator';
}

/** Set by emitted code or by nobody, so that the shape need not be checked field by field. */
function isInferred(value: unknown): value is InferredEffect {
  return isObject(value) && 'forward' in value && 'calls' in value;
}
