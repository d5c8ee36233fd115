/**
 * Steps that begin in one stretch of synchronous code, for the promises that they make are compared with one another: they
 * begin when all that any of them needs is there, one right behind the other.
 */
import type { Dependence, Step } from './descriptor.ts';

/** A range of steps, by the first and the last. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
  /** What comes out of it depends on which of its calls ends first. */
  readonly isRaced: boolean;
}

/** Whether nothing from `first` to `last` waits but the last, so that all of them begin at one time as written, too. */
export function beginAtOnce(steps: readonly Step[], { first, last }: Omit<Stretch, 'isRaced'>): boolean {
  return steps.slice(first, last + 1).every(({ id, kind, region, guard, order }) => {
    const isSync = kind === 'compute' || kind === 'start';
    const isPlain = region === undefined && guard === undefined && order === 'free';
    return isPlain && (isSync || (id === last && (kind === 'async' || kind === 'await')));
  });
}

/** The same ranges, those that overlap as one. */
export function joinStretches(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: Stretch[] = [];
  for (const next of stretches.toSorted((one, other) => one.first - other.first)) {
    const before = joined.at(-1);
    if (before === undefined || next.first > before.last) joined.push(next);
    else {
      const isRaced = before.isRaced || next.isRaced;
      joined[joined.length - 1] = { first: before.first, last: Math.max(before.last, next.last), isRaced };
    }
  }
  return joined;
}

/** What the steps of `stretches` wait for, so that each stretch begins when all of it can. */
export function beginTogether(
  dependences: readonly Dependence[],
  stretches: readonly Stretch[],
): readonly Dependence[] {
  if (stretches.length === 0) return dependences;
  const added = dependences.flatMap((dependence): readonly Dependence[] => {
    const { before, after, kind, what } = dependence;
    const stretch = stretches.find(({ first, last }) => first < after && after <= last);
    if (stretch === undefined || before >= stretch.first) return [];
    return [{ before, after: stretch.first, kind, what }];
  });
  const inOrder = stretches.flatMap(({ first, last }) =>
    Array.from({ length: last - first }, (_, i): Dependence => {
      return { before: first + i, after: first + i + 1, kind: 'control', what: TOGETHER };
    }),
  );
  const known = new Set(dependences.map(nameOf));
  const all = [...dependences];
  for (const one of [...added, ...inOrder]) {
    if (known.has(nameOf(one))) continue;
    known.add(nameOf(one));
    all.push(one);
  }
  return all;
}

const TOGETHER = 'begins together';

function nameOf({ before, after, kind, what }: Dependence): string {
  return `${before} ${after} ${kind} ${what}`;
}
