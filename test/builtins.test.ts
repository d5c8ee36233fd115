/**
 * Every row of the builtin table is executed with its samples, and each of its claims observed.
 */
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { builtin, builtins } from '../transformer/builtins.ts';
import { datedRows } from '../transformer/builtins/time.ts';
import { allCases, samples, titles, undatedCases } from './builtins/cases.ts';
import { complaints, disagreement, lastingClaims, visibleClaims } from './builtins/claims.ts';
import { drain } from './builtins/observe.ts';
import { isAvailable, perform, type Row, type Sample } from './builtins/perform.ts';
import { failingSamples } from './builtins/samples/failing.ts';
import { datedSamples } from './builtins/samples/time.ts';

const cases = allCases.filter(isAvailable);

const setAlgebra = ['difference', 'intersection', 'symmetricDifference', 'union'];
const setComparison = ['isDisjointFrom', 'isSubsetOf', 'isSupersetOf'];
const newerThanNode20 = [
  ...[...setAlgebra, ...setComparison].flatMap((member) => [`Set ${member}`, `ReadonlySet ${member}`]),
  'MapConstructor groupBy',
  'ObjectConstructor groupBy',
];

const consoleMembers = [
  'assert',
  'count',
  'countReset',
  'debug',
  'dir',
  'dirxml',
  'error',
  'group',
  'groupCollapsed',
  'groupEnd',
  'info',
  'log',
  'table',
  'time',
  'timeEnd',
  'timeLog',
  'trace',
  'warn',
];

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the table of builtins', () => {
  it('has a sample for every row and a row for every sample', () => {
    expect(titles(samples).toSorted()).toEqual(titles(builtins).toSorted());
    expect(titles(datedSamples)).toEqual(titles(datedRows));
  });

  it('leaves no row unexecuted but what Node 20 lacks', () => {
    const missing = allCases.filter((one) => !isAvailable(one)).map(({ title }) => title);
    expect(newerThanNode20).toEqual(expect.arrayContaining(missing));
    expect(missing.length === 0 || missing.length === newerThanNode20.length).toBe(true);
  });

  it.each(visibleClaims.map((claim) => [claim.what, claim] as const))(
    '%s where the row says so and nowhere else',
    (_what, claim) => {
      expect(cases.flatMap((one) => disagreement(one, claim))).toEqual([]);
    },
  );

  it.each(lastingClaims.map((claim) => [claim.what, claim] as const))('%s', (_what, claim) => {
    const judge = (one: Row, sample: Sample): string | undefined =>
      claim.broken(one, perform(one, sample, claim.make), sample);
    const concerned = cases.filter(({ row }) => claim.applies?.(row) ?? true);
    expect(complaints(concerned, judge)).toEqual([]);
  });

  it('answers iterators that show later changes where the row says lazy', () => {
    const lazy = cases.filter(({ row }) => row.lazy);
    expect(new Set(lazy.map(({ row }) => row.result))).toEqual(new Set(['copy']));
    expect(complaints(lazy, missedChange)).toEqual([]);
  });

  it('has arguments that make a row throw where it may, and none that make it throw elsewhere', () => {
    const throwing = undatedCases.filter(({ row }) => row.throws).map(({ title }) => title);
    expect(titles(failingSamples).toSorted()).toEqual(throwing.toSorted());
    const failing = undatedCases
      .filter((one) => one.row.throws && isAvailable(one))
      .map((one) => ({ ...one, samples: [failingSamples[one.owner]?.[one.member] ?? []].flat() }));
    expect(complaints(failing, (one, sample) => (throwsFor(one, sample) ? undefined : 'does not'))).toEqual(
      [],
    );
    expect(complaints(cases, (one, sample) => (throwsFor(one, sample) ? 'throws' : undefined))).toEqual([]);
  });

  it('keeps in order exactly what the world decides or sees', () => {
    const ordered = undatedCases.flatMap(({ row, title }) =>
      row.ordered ? [`${row.ordered}: ${title}`] : [],
    );
    expect(ordered.toSorted()).toEqual(
      [
        ...['Math random', 'Crypto getRandomValues', 'Crypto randomUUID'].map((title) => `random: ${title}`),
        ...['call', 'new', 'now'].map((member) => `clock: DateConstructor ${member}`),
        ...['format', 'formatToParts'].map((member) => `clock: Intl.DateTimeFormat ${member}`),
        'clock: Performance now',
        ...consoleMembers.map((member) => `console: Console ${member}`),
      ].toSorted(),
    );
  });

  it('depends on neither clock nor chance where the row is not ordered', () => {
    const unordered = cases.filter(({ row }) => row.ordered === undefined);
    const judge = (one: Row, sample: Sample): string | undefined =>
      pictureAt(1e12, one, sample) === pictureAt(2e12, one, sample) ? undefined : 'differs';
    expect(complaints(unordered, judge)).toEqual([]);
  });

  it('depends on the clock where the row says so', () => {
    // `Intl` asks the clock of the engine, which no test can set.
    const clocked = undatedCases.filter(
      ({ row, owner }) => row.ordered === 'clock' && !owner.startsWith('Intl'),
    );
    const judge = (one: Row, sample: Sample): string | undefined =>
      pictureAt(1e12, one, sample) === pictureAt(2e12, one, sample) ? 'does not' : undefined;
    expect(complaints(clocked, judge)).toEqual([]);
  });

  it('runs the setters of the target of Object.assign', () => {
    const seen: unknown[] = [];
    const target = {
      set a(value: unknown) {
        seen.push(value);
      },
    };
    Object.assign(target, { a: 1 });
    expect(seen).toEqual([1]);
    expect(builtin('ObjectConstructor', 'assign')?.enumerates).toBe(true);
  });
});

describe('builtin', () => {
  it.each([
    ['PromiseConstructor', 'all'],
    ['Promise', 'then'],
    ['ObjectConstructor', 'setPrototypeOf'],
    ['ObjectConstructor', 'defineProperty'],
    ['Function', 'call'],
    ['Generator', 'next'],
    ['Iterator', 'next'],
    ['Uint8Array', 'subarray'],
    ['Array', 'constructor'],
    ['toString', 'call'],
    ['constructor', 'name'],
    ['__proto__', 'toString'],
  ])('does not know %s %s', (owner, member) => {
    expect(builtin(owner, member)).toBe(undefined);
  });

  it('takes a date for no reading of the clock, if there surely is one', () => {
    expect(builtin('DateConstructor', 'new', 0)?.ordered).toBe('clock');
    expect(builtin('DateConstructor', 'new', 1)?.ordered).toBe(undefined);
    expect(builtin('DateConstructor', 'new')?.ordered).toBe('clock');
    expect(builtin('DateConstructor', 'call', 1)?.ordered).toBe('clock');
  });

  it('does not know calls with options that change what was given', () => {
    expect(builtin('global', 'structuredClone', 1)?.result).toBe('fresh');
    expect(builtin('global', 'structuredClone', 2)).toBe(undefined);
    expect(builtin('global', 'structuredClone')).toBe(undefined);
    expect(builtin('ObjectConstructor', 'create', 1)?.result).toBe('copy');
    expect(builtin('ObjectConstructor', 'create', 2)).toBe(undefined);
  });
});

/** A change made to the receiver after the call must show, or the iterator holds what was there before. */
function missedChange(one: Row, sample: Sample): string | undefined {
  const disturbed = perform(one, sample, 'plain');
  const { receiver, result } = disturbed;
  if (Array.isArray(receiver)) receiver.push('late');
  else if (receiver instanceof Map) receiver.set('late', 'late');
  else if (receiver instanceof Set) receiver.add('late');
  else if (receiver instanceof URLSearchParams) receiver.append('late', 'late');
  // The keys of a typed array cannot change.
  else if (one.member === 'keys') return undefined;
  else if (ArrayBuffer.isView(receiver)) new Uint8Array(receiver.buffer).fill(1);
  return inspect(drain(result)) === inspect(drain(perform(one, sample, 'plain').result))
    ? 'not lazy'
    : undefined;
}

function throwsFor(one: Row, sample: Sample): boolean {
  try {
    perform(one, sample, 'plain');
    return false;
  } catch {
    return true;
  }
}

/** All that a call leaves behind when the clock stands at `now`. */
function pictureAt(now: number, one: Row, sample: Sample): string {
  vi.useFakeTimers({ now, toFake: ['Date', 'performance'] });
  vi.advanceTimersByTime(now / 1e10);
  vi.spyOn(Math, 'random').mockReturnValue(now / 1e13);
  const { observer, result, receiver, args } = perform(one, sample, 'plain');
  const picture = observer.picture(result, receiver, ...args);
  vi.restoreAllMocks();
  vi.useRealTimers();
  return picture;
}
