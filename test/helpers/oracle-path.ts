/** How long a program must take: the longest path over its units, given who waits for whom. */
import { areInOrder, type Law } from './oracle-law.ts';
import { callsOf, type Unit } from './oracle-observer.ts';

/** Units that begin together, or must keep the times between them, as written. */
interface Group {
  readonly units: Unit[];
  readonly startedAt: number;
  endedAt: number;
}

export interface Path {
  readonly length: number;
  /** Whether `after` must wait for `before`, directly or through others. */
  readonly needs: (before: Unit, after: Unit) => boolean;
}

interface Code {
  readonly law: Law;
  /** Composites whose calls may overlap. */
  readonly isCompiled: (operator: object) => boolean;
  /** When the run settles as written: what goes on then does not count. */
  readonly settledAt: number;
}

export function longestPath(units: readonly Unit[], { law, isCompiled, settledAt }: Code): Path {
  const groups = groupsOf(units, law);
  const waits = (before: Group, after: Group): boolean =>
    before.units.some((one) => after.units.some((other) => isOver(one, other) && law.waits(one, other)));
  const follows = (before: Group, after: Group): boolean =>
    before.units.some((one) => after.units.some((other) => areInOrder(one, other)));
  const [starts, ends]: [number[], number[]] = [[], []];
  const needed: Set<Group>[] = [];
  groups.forEach((group, i) => {
    let start = 0;
    const needs = new Set<Group>();
    groups.slice(0, i).forEach((before, k) => {
      if (waits(before, group)) {
        start = Math.max(start, ends[k] ?? 0);
        for (const one of [before, ...(needed[k] ?? [])]) needs.add(one);
      } else if (follows(before, group)) start = Math.max(start, starts[k] ?? 0);
    });
    starts.push(start);
    ends.push(start + durationOf(group, { law, isCompiled, settledAt }));
    needed.push(needs);
  });
  const counted = ends.filter((_, i) => (groups[i]?.endedAt ?? 0) <= settledAt);
  const groupOf = new Map(groups.flatMap((group, i) => group.units.map((unit) => [unit, i] as const)));
  return {
    length: Math.max(0, ...counted),
    needs: (before, after) => {
      const [first, second] = [groupOf.get(before) ?? -1, groupOf.get(after) ?? -1];
      const group = groups[first];
      return group !== undefined && (first === second || needed[second]?.has(group) === true);
    },
  };
}

export function endOf(unit: Unit): number {
  const { call } = unit;
  return call === undefined ? unit.endedAt : (call.endedAt ?? Number.POSITIVE_INFINITY);
}

/** Whether the code as written had one behind it when the other began. */
function isOver(before: Unit, after: Unit): boolean {
  return endOf(before) <= after.startedAt;
}

function groupsOf(units: readonly Unit[], law: Law): readonly Group[] {
  const groups: Group[] = [];
  for (const unit of units) {
    const at = groups.findIndex((group) => group.units.some((one) => isBound(one, unit, law)));
    // All between them keep their times, too.
    const bound = at < 0 ? [] : groups.splice(at);
    const members = [...bound.flatMap((group) => group.units), unit];
    groups.push({
      units: members,
      startedAt: members[0]?.startedAt ?? 0,
      endedAt: Math.max(...members.map(endOf)),
    });
  }
  return groups;
}

/** One statement started both, or they go on at the same time and either may see the other. */
function isBound(before: Unit, after: Unit, law: Law): boolean {
  if (isOver(before, after)) return false;
  return before.statement === after.statement || law.conflicts(before, after);
}

/** Composites among others keep their pace, for they may race with them. */
function durationOf(group: Group, code: Code): number {
  const [only] = group.units;
  const isAlone = group.units.length === 1 && only !== undefined && only.inner.length > 0;
  if (isAlone && only.operator !== undefined && code.isCompiled(only.operator))
    return longestPath(only.inner, code).length;
  return group.endedAt - group.startedAt;
}

/** The unit that made a call. */
export function unitOf(units: readonly Unit[], isIt: (call: ReturnType<typeof callsOf>[number]) => boolean): readonly Unit[] {
  return units.filter((unit) => callsOf(unit).some(isIt));
}
