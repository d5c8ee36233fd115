/**
 * The claims of a row, as things that a performance shows.
 *
 *   visible   some sample must show it if the row says so, and none may if it does not
 *   lasting   every sample must keep it; the answer says how it was broken
 */
import type { Builtin } from '../../transformer/builtins.ts';
import { inspect } from 'node:util';
import type { Make } from './items.ts';
import { drain, isObject } from './observe.ts';
import { perform, type Performance, type Row, type Sample } from './perform.ts';

export interface VisibleClaim {
  readonly what: string;
  readonly make: Make;
  readonly claimed: (row: Builtin) => boolean;
  readonly shown: (done: Performance, untouched: unknown) => boolean;
}

export interface LastingClaim {
  readonly what: string;
  readonly make: Make;
  /** All rows, if not said otherwise. */
  readonly applies?: (row: Builtin) => boolean;
  readonly broken: (one: Row, done: Performance, sample: Sample) => string | undefined;
}

export const visibleClaims: readonly VisibleClaim[] = [
  {
    what: 'changes its receiver',
    make: 'plain',
    claimed: ({ receiver }) => receiver === 'mutates',
    shown: ({ observer, receiver, before }, untouched) =>
      observer.picture(receiver) !== before.receiver ||
      inspect(drain(receiver)) !== inspect(drain(untouched)),
  },
  {
    what: 'changes its first argument',
    make: 'plain',
    claimed: ({ args }) => args === 'mutates-first',
    shown: ({ observer, args, before }) => observer.picture(args[0]) !== before.args[0] && args.length > 0,
  },
  {
    what: 'makes its arguments reachable from its receiver',
    make: 'plain',
    claimed: ({ args }) => args === 'stores',
    shown: ({ observer, args, receiver, held }) => {
      const now = observer.reachable(receiver);
      return args.some((arg) => isObject(arg) && now.has(arg) && !held.has(arg));
    },
  },
  {
    what: 'converts objects',
    make: 'spying',
    claimed: ({ coerces }) => coerces ?? false,
    shown: ({ workshop }) => workshop.ran.has('converted'),
  },
  {
    what: 'runs accessors',
    make: 'spying',
    claimed: ({ enumerates }) => enumerates ?? false,
    shown: ({ workshop }) => workshop.ran.has('accessed'),
  },
  {
    what: 'iterates its first argument',
    make: 'iterable',
    claimed: ({ iterates }) => iterates ?? false,
    shown: ({ workshop }) => workshop.ran.has('iterated'),
  },
  ...[0, 1, 2].map((index): VisibleClaim => ({
    what: `calls argument ${index}`,
    make: 'plain',
    claimed: ({ callbacks }) => callbacks?.includes(index) ?? false,
    shown: ({ calls }) => calls.some((call) => call.index === index),
  })),
];

export const lastingClaims: readonly LastingClaim[] = [
  {
    what: 'answers what the row says',
    make: 'plain',
    broken: ({ row }, done) => {
      const found = resultClass(done);
      return row.lazy || found === row.result ? undefined : `${found}, not ${row.result}`;
    },
  },
  {
    what: 'changes no argument but the first',
    make: 'plain',
    broken: (_one, { observer, args, before }) => {
      const changed = args.slice(1).filter((arg, index) => observer.picture(arg) !== before.args[index + 1]);
      return changed.length > 0 ? 'changed' : undefined;
    },
  },
  {
    what: 'has a receiver unless the row says none',
    make: 'plain',
    broken: ({ row }, { receiver }) =>
      (receiver === undefined) === (row.receiver === 'none') ? undefined : `receiver ${row.receiver}`,
  },
  {
    what: 'calls callbacks before it returns, with what it was given or they returned',
    make: 'plain',
    broken: ({ owner, row }, done) => {
      drain(done.result);
      if (done.calls.some(({ afterReturn }) => afterReturn)) return 'called after it has returned';
      const functions = done.args.flatMap((arg, index) => (typeof arg === 'function' ? [index] : []));
      if (functions.some((index) => !row.callbacks?.includes(index))) return 'is given another function';
      // What a reviver is given was parsed just now.
      return owner === 'JSON' || strangers(done).length === 0 ? undefined : 'called with something else';
    },
  },
  {
    what: 'does not look at arguments where the row says none',
    make: 'watched',
    applies: ({ args }) => args === 'none',
    broken: (_one, { args, workshop }) =>
      args.some((arg) => isObject(arg) && workshop.lookedAt.has(arg)) ? 'looked' : undefined,
  },
];

/** A result that was not there before the call is told apart by what can be reached from it. */
function resultClass({ observer, receiver, result, inputs, workshop }: Performance): string {
  if (!isObject(result)) return 'primitive';
  if (result === receiver) return 'receiver';
  if (inputs.has(result)) return 'element';
  const known = new Set([...inputs, ...workshop.made]);
  return [...observer.reachable(result)].some((value) => known.has(value)) ? 'copy' : 'fresh';
}

function strangers({ calls, inputs }: Performance): readonly unknown[] {
  const known = new Set(inputs);
  return calls.flatMap(({ args, answer }) => {
    const strange = args.filter((arg) => isObject(arg) && !known.has(arg));
    known.add(answer);
    return strange;
  });
}

/** The rows, of those given, for which a claim does not hold, each with what is wrong. */
export function complaints(
  cases: readonly (Row & { readonly title: string; readonly samples: readonly Sample[] })[],
  judge: (one: Row, sample: Sample) => string | undefined,
): readonly string[] {
  return cases.flatMap((one) =>
    one.samples.flatMap((sample) => {
      const wrong = judge(one, sample);
      return wrong === undefined ? [] : [`${one.title}: ${wrong}`];
    }),
  );
}

/** What `claim` says of the row, against what the samples show. */
export function disagreement(
  one: Row & { readonly title: string; readonly samples: readonly Sample[] },
  claim: VisibleClaim,
): readonly string[] {
  const shown = one.samples.some((sample) => {
    const done = perform(one, sample, claim.make);
    return claim.shown(done, sample(done.workshop)[0]);
  });
  if (shown === claim.claimed(one.row)) return [];
  return [`${one.title} ${shown ? 'does' : 'does not'}`];
}
