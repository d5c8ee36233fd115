/**
 * Joins a descriptor to an instance: checks the guards, finds the effects of the objects that are really there, and plans.
 *
 * In:  an instance of a compiled class, or a compiled function.
 * Out: what a run needs, or the guard that failed (then the original runs). Kept per instance, and asked before each run
 *      whether everything that it relied on still holds.
 */
import { hasStockInvoke } from './brand.ts';
import { isConstructedAs } from './construction.ts';
import type { Compiled, Dependence, OperatorRef } from './descriptor.ts';
import { findOperators, type FailedGuard, type LinkedOperator } from './linked-operators.ts';
import { must } from './errors.ts';
import { type LinkCounts, linksOfProgram, noLinks } from './link-counts.ts';
import { buildPlan, type Plan } from './plan.ts';
import { Profile } from './profile.ts';
import { compiledOf, decorationOf, type Decoration } from './registry.ts';
import { planFor } from './shared-plans.ts';
import { Witnesses } from './witnesses.ts';

/** What a run needs to know. Immutable, and shared by all runs of the instance until something changes. */
export interface Linked {
  readonly decoration: Decoration;
  readonly compiled: Compiled;
  /** In the order of `descriptor.operators`. */
  readonly operators: readonly LinkedOperator[];
  readonly dependences: readonly Dependence[];
  readonly plan: Plan;
  /** Steps whose calls must take the time that they take as written. */
  readonly paced: readonly number[];
  readonly profile: Profile;
}

export type Link = { readonly linked: Linked } | { readonly failed: FailedGuard };

interface Kept {
  readonly linked: Linked;
  readonly witnesses: Witnesses;
}

interface Instance {
  /** By `startEarly`: what is kept for `past-failures`, and for `certain`. */
  kept: Kept | undefined;
  keptCertain: Kept | undefined;
  readonly counts: LinkCounts;
  readonly profile: Profile;
}

const instances = new WeakMap<object, Instance>();

/** What runs for `self`, or nothing when its `forward` runs as written. On the path of every call. */
export function linkOf(self: object, certain: boolean): Linked | undefined {
  const compiled = compiledOf(self);
  if (compiled === undefined) return undefined;
  const instance = instanceOf(self);
  const kept = certain ? instance.keptCertain : instance.kept;
  if (kept?.witnesses.hold() === true) {
    instance.counts.hits++;
    linksOfProgram.hits++;
    return kept.linked;
  }
  const decoration = must(decorationOf(self), 'compiled code stands without its decoration');
  const witnesses = new Witnesses();
  const begun = performance.now();
  const link = makeLink(self, decoration, compiled, certain, witnesses);
  const failures = 'failed' in link ? 1 : 0;
  const took = performance.now() - begun;
  for (const counts of [instance.counts, linksOfProgram]) {
    counts.misses++;
    counts.guardFailures += failures;
    counts.linkMs += took;
  }
  if ('failed' in link) return undefined;
  const keep = decoration.options.cacheGraph === false ? undefined : { linked: link.linked, witnesses };
  if (certain) instance.keptCertain = keep;
  else instance.kept = keep;
  return link.linked;
}

/** The same, afresh and with the guard that failed, for people. Nothing when nothing was compiled. */
export function tryLink(self: object, certain: boolean): Link | undefined {
  const decoration = decorationOf(self);
  const compiled = decoration?.compiled;
  if (decoration === undefined || compiled === undefined || compiled.descriptor.asWritten !== undefined)
    return undefined;
  return makeLink(self, decoration, compiled, certain, new Witnesses());
}

/** What calls of `self` are seen to take. */
export function profileOf(self: object): Profile {
  return instanceOf(self).profile;
}

/** Counts a run of a graph. `linkMs`: it had to be compiled for it. */
export function countGraph(graph: object, linkMs?: number): void {
  for (const counts of [instanceOf(graph).counts, linksOfProgram]) {
    if (linkMs === undefined) counts.hits++;
    else counts.misses++;
    counts.linkMs += linkMs ?? 0;
  }
}

/** What is counted of `self`; nothing before it has run. */
export function linkCountsOf(self: object): LinkCounts | undefined {
  return instances.get(self)?.counts;
}

function instanceOf(self: object): Instance {
  const known = instances.get(self);
  if (known !== undefined) return known;
  const counts = noLinks();
  const made: Instance = { kept: undefined, keptCertain: undefined, counts, profile: new Profile(counts) };
  instances.set(self, made);
  return made;
}

function makeLink(
  self: object,
  decoration: Decoration,
  compiled: Compiled,
  certain: boolean,
  witnesses: Witnesses,
): Link {
  const failed = findReplaced(self, decoration, compiled, witnesses);
  if (failed !== undefined) return { failed };
  const found = findOperators(self, compiled, witnesses);
  if ('failed' in found) return found;
  const { operators } = found;
  const { descriptor } = compiled;
  const profile = profileOf(self);
  const asAssumed =
    !certain && operators.every((operator, id) => isAsAssumed(operator, descriptor.operators[id]));
  if (asAssumed) {
    const { dependences, paced = [] } = descriptor;
    const plan = assumedPlan(compiled);
    return { linked: { decoration, compiled, operators, dependences, plan, paced, profile } };
  }
  const effects = operators.map(({ effect }) => effect);
  return { linked: { decoration, compiled, operators, profile, ...planFor(compiled, effects, certain) } };
}

const assumedPlans = new WeakMap<Compiled, Plan>();

/** The plan of all instances whose operators are as the compiler assumed. */
function assumedPlan(compiled: Compiled): Plan {
  const known = assumedPlans.get(compiled);
  if (known !== undefined) return known;
  const { steps, dependences, paced, regions } = compiled.descriptor;
  const plan = buildPlan(steps, dependences, paced, regions);
  assumedPlans.set(compiled, plan);
  return plan;
}

/** A method that the analysis relied on and that is another one on this instance. */
function findReplaced(
  self: object,
  decoration: Decoration,
  compiled: Compiled,
  witnesses: Witnesses,
): FailedGuard | undefined {
  witnesses.read(self, 'invoke');
  if (!hasStockInvoke(self)) return { guard: 'invoke', reason: '`invoke` is overridden or patched' };
  if (witnesses.read(self, 'forward')?.value !== decoration.forward)
    return { guard: 'forward', reason: '`forward` is overridden or patched, and was not compiled' };
  for (const [index, { name, constructs }] of compiled.descriptor.guards.entries()) {
    if (constructs !== undefined) {
      const find = compiled.guards[index];
      if (witnesses.find(() => isConstructedAs(find, constructs), self)?.value === true) continue;
      return { guard: name, reason: `\`${name}\` is not the class that was compiled` };
    }
    // Nothing outside the class can replace a private method.
    if (name.startsWith('#')) continue;
    const found = witnesses.read(self, name);
    if (found === undefined || found.value !== compiled.guards[index])
      return { guard: name, reason: `\`${name}\` is not the method that was compiled` };
  }
  return undefined;
}

/**
 * Effects that touch objects depend on which objects those are, and resources that depend on inputs on who names them; so only
 * what is made of flags and names can be as the compiler assumed.
 */
function isAsAssumed({ effect }: LinkedOperator, operator: OperatorRef | undefined): boolean {
  if (operator === undefined || effect.state || operator.effect.state || effect.keyed) return false;
  const assumed = operator.effect;
  return (
    effect.ordered === (assumed.kind === 'sequential') &&
    effect.mutates === assumed.mutates &&
    effect.goesOn === assumed.goesOn &&
    effect.known === assumed.known &&
    isSameNames(effect.reads, assumed.reads) &&
    isSameNames(effect.writes, assumed.writes)
  );
}

function isSameNames(names: ReadonlySet<unknown>, assumed: readonly string[]): boolean {
  return names.size === assumed.length && assumed.every((name) => names.has(name));
}
