/**
 * The law for `jit`: one operator is called several times, as written and as one that learns, and each call is compared.
 * Its clause 3 is weaker: calls that the code does not make may start, if they have no effects, and are aborted.
 */
import { jit, type JitOptions } from '../../runtime/index.ts';
import * as xcs from '../../runtime/index.ts';
import type { WrittenModule } from './transpile.ts';
import { findViolations, printTrace, type Violation } from './law.ts';
import { leaveAsWritten, scheduleOf, visibleConsole, type Counterexample, type Pair } from './prove.ts';
import { runProgram, type Create, type RunOptions, type Subject, type Trace } from './run-program.ts';
import * as worldLink from './world-link.ts';
import { isOrdered, type Schedule } from './world.ts';

export interface JitPair {
  readonly written: Create;
  readonly learning: Create;
}

/** Its class `Program` learns: without a build step, and where the build has shown the effects of all classes. */
export function learningPairs({ written, modules }: Pair, options: JitOptions = {}): readonly JitPair[] {
  return modules.map((module) => ({ written, learning: load(module, learningWith(options)) }));
}

function load(module: WrittenModule, structuralJit: unknown): Create {
  const runtime = { ...xcs, structuralJit };
  const { create } = module.load({
    modules: { xcs: runtime, 'runtime/index': runtime, 'world-link': worldLink },
    console: visibleConsole,
  });
  if (typeof create !== 'function') throw new Error('A program exports `create`.');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what programs under test are written to be
  return create as Create;
}

/** `structuralJit` in all its call forms, but that the program under test learns instead. */
function learningWith(options: JitOptions): unknown {
  return (subject: unknown, second?: unknown): unknown => {
    const isProgram = typeof subject === 'function' && subject.name === 'Program';
    if (isProgram) return Reflect.apply(jit(options), undefined, [subject]);
    const answer = leaveAsWritten(subject, second);
    return typeof subject === 'function' ? answer : learningWith(options);
  };
}

/**
 * Eight calls whose inputs and results repeat and deviate, so that branches flip and loop counts change; in the fourth many
 * operators begin to fail, if `first` is a multiple of four.
 */
export const callsFrom = (first: number): readonly Schedule[] =>
  [0, 0, 4, 3, 8, 0, 1, 4].map((seed) => scheduleOf(first + seed));

/** What tells the learning program from the code as written in so many times eight calls; empty if nothing does. */
export async function refuteLearning(
  pair: Pair,
  times: number,
  options: RunOptions = {},
  learns: JitOptions = {},
): Promise<string> {
  for (const learning of learningPairs(pair, learns))
    for (let time = 0; time < times; time++) {
      // oxlint-disable-next-line no-await-in-loop -- one world at a time
      const found = await refuteJit(learning, callsFrom(time * 4), options);
      if (found !== undefined) return tell(found);
    }
  return '';
}

/** The first call of one operator, under these schedules, by which it is told that it learns. */
export async function refuteJit(
  pair: JitPair,
  schedules: readonly Schedule[],
  options: RunOptions = {},
): Promise<Counterexample | undefined> {
  const [written, learning] = [keeping(pair.written), keeping(pair.learning)];
  for (const schedule of schedules) {
    // oxlint-disable-next-line no-await-in-loop -- one world at a time, and one call after another
    const expected = await runProgram(varied(written, schedule), schedule, options);
    // oxlint-disable-next-line no-await-in-loop
    const got = await runProgram(varied(learning, schedule), schedule, options);
    const compared = findViolations(comparable(expected), comparable(got)).filter(isForbidden);
    const violations = [...compared, ...findSurplus(expected, got)];
    if (violations.length > 0) return { schedule, violations, written: expected, compiled: got };
  }
  return undefined;
}

function tell({ schedule, violations, written, compiled }: Counterexample): string {
  return [
    `seed ${schedule.seed}`,
    ...violations.map(({ clause, message }) => `${clause}: ${message}`),
    `As written:\n${printTrace(written)}`,
    `Learning:\n${printTrace(compiled)}`,
  ].join('\n');
}

/** With inputs that go by the seed, if programs are given what all are given: another number, and other texts. */
function varied(create: Create, { seed }: Schedule): Create {
  return () => {
    const subject = create();
    const { input } = subject;
    if (typeof input !== 'object' || input === null || !('n' in input) || !('q' in input)) return subject;
    return {
      ...subject,
      input: { ...input, n: 3 - (seed % 3), q: seed % 2 === 0 ? input.q : `not ${String(input.q)}` },
    };
  };
}

/** The same operator each time. */
export function keeping(create: Create): Create {
  let kept: Subject | undefined;
  return () => {
    const fresh = create();
    kept ??= fresh;
    return { ...fresh, operator: kept.operator };
  };
}

/**
 * An operator cannot tell whether an equal input is the very object of the code, and surplus calls have inputs too. What no
 * operator does cannot be seen: a timer ends beside early calls, when its time has come, but the code begins it in its order.
 */
export function comparable(trace: Trace): Trace {
  const effects = trace.effects
    .filter(({ text }) => text !== 'pause ends')
    .map(({ behind, ...effect }) =>
      behind === undefined || effect.text === 'pause begins' ? effect : { ...effect, behind },
    );
  return { ...trace, effects, atEnd: trace.atSettling, whole: '' };
}

/** Surplus calls have rules of their own, below. */
function isForbidden({ clause, message }: Violation): boolean {
  return (
    clause !== 'speculation' &&
    !(clause === 'calls' && message.includes('no such call') && !isMissing(message))
  );
}

function isMissing(message: string): boolean {
  return message.trimEnd().endsWith('no such call');
}

/** Of calls that look the same, those that go on are the ones that the code makes. */
function findSurplus(expected: Trace, got: Trace): readonly Violation[] {
  const keyOf = ({ label, atStart }: Trace['calls'][number]): string => `${label} ${atStart}`;
  const isLeft = ({ endedAt = Infinity, signal }: Trace['calls'][number]): boolean =>
    endedAt > got.settledAt && signal?.aborted === false;
  const rest = expected.calls.map(keyOf);
  const calls = got.calls.toSorted((one, other) => Number(isLeft(other)) - Number(isLeft(one)));
  return calls.flatMap((call): readonly Violation[] => {
    const at = rest.indexOf(keyOf(call));
    if (at >= 0) {
      rest.splice(at, 1);
      return [];
    }
    if (isOrdered(call.manner))
      return [{ clause: 'speculation', message: `a surplus call with effects: ${keyOf(call)}` }];
    return isLeft(call)
      ? [{ clause: 'speculation', message: `a surplus call that is not aborted: ${keyOf(call)}` }]
      : [];
  });
}
