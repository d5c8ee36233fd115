/** How long a program must take: the longest path over its units, given who waits for whom. */
import { areInOrder, hasLost, type Law } from './oracle-law.ts';
import { callsOf, endOf, type Unit } from './oracle-unit.ts';

/** Units that begin together, or must keep the times between them, as written. */
interface Group {
  readonly units: Unit[];
  readonly startedAt: number;
}

export interface Path {
  readonly length: number;
  /** Whether `after` must wait for `before`, directly or through others. */
  readonly needs: (before: Unit, after: Unit) => boolean;
  readonly startOf: (unit: Unit) => number;
}

interface Code {
  readonly law: Law;
  /** Composites whose calls may overlap. */
  readonly isCompiled: (operator: object) => boolean;
  /** When the run settles as written: what goes on then does not count. */
  readonly settledAt: number;
}

export function longestPath(units: readonly Unit[], code: Code): Path {
  const { law, settledAt } = code;
  const groups = groupsOf(units, law);
  const [starts, ends] = [new Map<Unit, number>(), new Map<Unit, number>()];
  const needed = new Map<Unit, ReadonlySet<Unit>>();
  /** "A combinator is one step": who comes behind it has what it gives when the last member has ended. */
  const givenAt = (before: Unit, after: Unit): number => {
    const members = before.combined === undefined || before.combined >= after.statement ? [] : units;
    const together = members.filter((one) => one.combined === before.combined);
    return Math.max(...[before, ...together].map((one) => ends.get(one) ?? 0));
  };
  groups.forEach((group, i) => {
    const earlier = groups.slice(0, i).flatMap((one) => one.units);
    let start = 0;
    const needs = new Set<Unit>();
    for (const unit of group.units) {
      const offset = unit.startedAt - group.startedAt;
      for (const before of earlier) {
        if (law.isBehind(unit, before) && law.waits(before, unit)) {
          start = Math.max(start, givenAt(before, unit) - offset);
          for (const one of [before, ...(needed.get(before) ?? [])]) needs.add(one);
        } else if (areInOrder(before, unit)) start = Math.max(start, (starts.get(before) ?? 0) - offset);
      }
    }
    const lasts = lastings(group, code);
    for (const unit of group.units) {
      starts.set(unit, start + unit.startedAt - group.startedAt);
      ends.set(unit, start + unit.startedAt - group.startedAt + (lasts.get(unit) ?? 0));
      needed.set(unit, new Set([...needs, ...group.units]));
    }
  });
  const counted = units.filter((unit) => isAwaited(unit, code)).map((unit) => ends.get(unit) ?? 0);
  return {
    // The code as written keeps the law.
    length: Math.min(Math.max(0, ...counted), settledAt),
    startOf: (unit) => starts.get(unit) ?? 0,
    needs: (before, after) => needed.get(after)?.has(before) === true,
  };
}

/** Not who lost a race, or whose promise nobody has kept. */
function isAwaited(unit: Unit, { law, settledAt }: Code): boolean {
  const end = endOf(unit);
  return end <= settledAt && !hasLost(unit) && !law.isForgotten(unit);
}

function groupsOf(units: readonly Unit[], law: Law): readonly Group[] {
  const groups: Group[] = [];
  for (const unit of units) {
    const at = groups.findIndex((group) => group.units.some((one) => isBound(one, unit, law)));
    // All between them keep their times, too.
    const bound = at < 0 ? [] : groups.splice(at);
    const members = [...bound.flatMap((group) => group.units), unit];
    groups.push({ units: members, startedAt: members[0]?.startedAt ?? 0 });
  }
  return groups;
}

/**
 * One statement started both, or they go on at the same time and either may see the other. "Effects keep their order": so does
 * the end of the program behind, or before, what a call that nobody awaits changes.
 */
function isBound(before: Unit, after: Unit, law: Law): boolean {
  if (law.changesUnawaited(before)) return true;
  if (law.isBehind(after, before) && !(law.mayBeLeft(before) && before.statement !== after.statement))
    return false;
  return (
    (before.statement === after.statement && after.startedAt < endOf(before)) ||
    law.conflicts(before, after) ||
    law.areRivals(before, after)
  );
}

/**
 * How long each takes until what waits for it may go on. The calls of a composite overlap where its class is compiled, unless
 * it may race with others: then it keeps its pace.
 */
function lastings({ units }: Group, code: Code): ReadonlyMap<Unit, number> {
  const isRace = units.some((unit) => units.some((one) => isRacing(one, unit, code.law)));
  const own = (unit: Unit): number =>
    isRace || !isComposite(unit, code)
      ? endOf(unit) - unit.startedAt
      : longestPath(unit.inner, { ...code, settledAt: Number.POSITIVE_INFINITY }).length;
  // A combinator gives its results when the last member has ended.
  const isTogether = (unit: Unit): boolean => !isRace && units.length > 1 && unit.startedAt < unit.passedAt;
  const last = Math.max(0, ...units.filter(isTogether).map(own));
  return new Map(
    units.map((unit) => {
      const passed = isTogether(unit) ? last : isRace ? unit.passedAt - unit.startedAt : 0;
      return [unit, Math.max(own(unit), passed)];
    }),
  );
}

function isRacing(before: Unit, after: Unit, law: Law): boolean {
  return (
    hasLost(after) || (before !== after && (law.conflicts(before, after) || law.areRivals(before, after)))
  );
}

function isComposite({ operator, inner }: Unit, { isCompiled }: Code): boolean {
  return operator !== undefined && inner.length > 0 && isCompiled(operator);
}

/** The unit that made a call. */
export function unitOf(
  units: readonly Unit[],
  isIt: (call: ReturnType<typeof callsOf>[number]) => boolean,
): readonly Unit[] {
  return units.filter((unit) => callsOf(unit).some(isIt));
}
