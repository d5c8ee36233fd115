/** Which of two units of a program as written must wait for the other by the law of design.md, §2. */
import { callsOf, endOf, eventsOf, isAlike, keepsItsPlace, type Unit } from './oracle-unit.ts';
import type { Findings } from './oracle-experiments.ts';
import type { Observer } from './oracle-observer.ts';
import { isOrdered } from './world.ts';

/** The same two units, in program order, for all that asks about them. */
export class Law {
  readonly #findings: Findings;
  readonly #foreign: ReadonlySet<object>;
  readonly #given: ReadonlySet<object>;
  readonly #units: readonly Unit[];

  constructor(findings: Findings, { foreign, given, units }: Pick<Observer, 'foreign' | 'given' | 'units'>) {
    this.#findings = findings;
    this.#units = units;
    this.#foreign = foreign;
    this.#given = given;
  }

  /** Whether `after` begins when `before` has ended. */
  waits(before: Unit, after: Unit): boolean {
    return (
      before.kind === 'pause' ||
      after.kind === 'pause' ||
      this.#flows(before, after) ||
      this.#mayNotHappen(before, after) ||
      this.conflicts(before, after)
    );
  }

  /** Whether either may see what the other does. */
  conflicts(before: Unit, after: Unit): boolean {
    return conflictsByEffect(before, after) || this.#sharesMemory(before, after);
  }

  /** Whether the code as written has waited for `before` when `after` begins, and not only seen it end by chance. */
  isBehind(after: Unit, before: Unit): boolean {
    const end = endOf(before);
    if (end > after.startedAt) return false;
    const isLeft = before.passedAt < end;
    const goesOn = (cause: Unit): boolean =>
      eventsOf(after).some((one) => this.#findings.unmoved.get(cause)?.has(one) === true);
    return !isLeft || !eventsOf(before).every(goesOn);
  }

  /**
   * "For every latency and every failure": the code goes on when one of several calls has ended, or has failed and a handler sees
   * to that, so each of the others may be left behind.
   */
  mayBeLeft(unit: Unit): boolean {
    const isHandled = (one: Unit): boolean =>
      one !== unit && eventsOf(one).some((event) => this.#findings.handled.has(event));
    return this.#units.some((one) => {
      const isBeside = one.statement === unit.statement && one.startedAt === unit.startedAt;
      const isMember = one.combined !== undefined && one.combined === unit.combined;
      return (isBeside && hasLost(one)) || ((isBeside || isMember) && isHandled(one));
    });
  }

  /** Nobody waits for it, or handles its failure. */
  isForgotten(unit: Unit): boolean {
    return eventsOf(unit).some((one) => this.#findings.forgotten.has(one));
  }

  /** "The same error object, for every latency": which of the two fails first hangs on the pace of each. */
  areRivals(one: Unit, other: Unit): boolean {
    const [first, second] = [eventsOf(one), eventsOf(other)];
    return first.some((event) => second.some((rival) => this.#findings.rivals.get(event)?.has(rival)));
  }

  /** Nobody waits for it, and what it has changed by the end the caller sees. */
  changesUnawaited(unit: Unit): boolean {
    return this.isForgotten(unit) && unit.visible.size > 0;
  }

  #flows(before: Unit, after: Unit): boolean {
    const affected = eventsOf(after);
    return eventsOf(before).some((cause) =>
      affected.some((one) => this.#findings.flows.get(cause)?.has(one)),
    );
  }

  /**
   * `after` keeps its place, and does not happen if `before` fails; "writers, fences and `sequential` calls wait until every
   * earlier step that may fail has succeeded", whatever a handler does.
   */
  #mayNotHappen(before: Unit, after: Unit): boolean {
    const isForgotten = this.isForgotten(after);
    const isCertain = after.says || callsOf(after).some(({ manner }) => isOrdered(manner));
    return eventsOf(before).some((cause) => {
      const affected = this.#findings.failures.get(cause);
      if (isCertain && this.#findings.thrown.has(cause)) return true;
      return affected?.has(after) === true || (isForgotten && !this.#findings.forgotten.has(cause));
    });
  }

  #sharesMemory(before: Unit, after: Unit): boolean {
    return (
      this.#touches(before, after) ||
      this.#touches(after, before) ||
      this.#mayShareState(before, after) ||
      this.#mayShareState(after, before)
    );
  }

  #touches(writer: Unit, other: Unit): boolean {
    if (writer.writes.size === 0) return false;
    // Any operator may have been made with an object that came from outside.
    if (other.kind === 'call' && writer.isOutside) return true;
    return [...writer.writes].some((object) =>
      [...other.holds, ...other.writes].some((one) => one === object || this.#mayBeOne(one, object)),
    );
  }

  /** State that a call writes may be what another one is given, if that came from outside. */
  #mayShareState(writer: Unit, other: Unit): boolean {
    if (writer.kind !== 'call') return false;
    return [...other.given].some(
      (one) =>
        (this.#given.has(one) || this.#foreign.has(one)) &&
        [...writer.visible].some((object) => isAlike(one, object)),
    );
  }

  /** What comes out of calls may be what the caller, the operators or other results hold. */
  #mayBeOne(one: object, other: object): boolean {
    return this.#foreign.has(one) && this.#foreign.has(other) && isAlike(one, other);
  }
}

/** The code has gone on while it runs. */
export function hasLost(unit: Unit): boolean {
  return unit.startedAt < unit.passedAt && unit.passedAt < endOf(unit);
}

function conflictsByEffect(before: Unit, after: Unit): boolean {
  const [first, second] = [mannerOf(before), mannerOf(after)];
  const isEffectful = ({ reads, writes, says }: Manner): boolean =>
    says || reads.length > 0 || writes.length > 0;
  if (first.isSequential && isEffectful(second)) return true;
  if (second.isSequential && isEffectful(first)) return true;
  const touches = ({ writes }: Manner, { reads, writes: others }: Manner): boolean =>
    writes.some((name) => reads.includes(name) || others.includes(name));
  return touches(first, second) || touches(second, first);
}

interface Manner {
  readonly isSequential: boolean;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly says: boolean;
}

const ANY = ['a', 'b'] as const;

/** What its calls declare, together. */
function mannerOf(unit: Unit): Manner {
  const manners = callsOf(unit).map(({ manner }) => manner);
  const isSequential = manners.some(({ effect }) => effect === 'sequential' || effect === 'undeclared');
  return {
    isSequential,
    reads: isSequential ? ANY : manners.flatMap(({ reads = [] }) => reads),
    writes: isSequential ? ANY : manners.flatMap(({ writes = [] }) => writes),
    says: unit.says,
  };
}

/** Whether both keep their places, so that the later one does not begin before the earlier. */
export function areInOrder(before: Unit, after: Unit): boolean {
  return keepsItsPlace(before) && keepsItsPlace(after);
}
