/**
 * How far the sweep for dependences has come: where it stands, what it has seen, what it has put in order. Steps are named by
 * their visits.
 */
import type { Dependence, DependenceKind, Descriptor, Step } from './descriptor.ts';
import type { CallEffect } from './effect.ts';
import { IterationObjects } from './iteration-objects.ts';
import { Nesting, type Visit } from './nesting.ts';
import { nothingSeen, type Seen } from './seen.ts';

export type Code = Pick<Descriptor, 'steps' | 'places' | 'slots' | 'regions'>;

/** A block whose failure is caught. */
export interface Caught {
  readonly region: number;
  /** The first visit in it, and the last one that has waited for all before it that may be caught. */
  readonly first: number;
  waited: number | undefined;
  /** Calls that may go on when it has failed. */
  readonly abandoned: Set<number>;
}

/** How a step waits: for all of the iteration before; or late, see `Dependence.late`. */
export interface How {
  readonly isForAll?: boolean;
  /** For every earlier iteration: see `Dependence.every`. */
  readonly isForEvery?: boolean;
  readonly isLate?: boolean;
  /** Both may turn out not to touch the same: see `Dependence.inputs`. */
  readonly mayDiffer?: boolean;
  readonly keys?: Dependence['keys'];
}

export const FOR_ALL: How = { isForAll: true };
/** Of one Map or Set, under keys of their own, or of resources: more are too many to compare. */
export const MOST_WRITERS: number = 16;

export class Sweep {
  readonly code: Code;
  readonly effectOf: (operator: number) => CallEffect;
  readonly certain: boolean;
  /**
   * Steps that must run exactly when they run as written: a call that goes on unawaited, whoever touches the same memory
   * meanwhile, and all between them. What one sees of the other depends on the time that lies between.
   */
  readonly inPlace: Set<number>;
  readonly nesting: Nesting;
  readonly objects: IterationObjects;
  readonly dependences: Dependence[] = [];
  readonly visits: Visit[] = [];
  /** By step: the last visit of it. */
  readonly visitOf: Map<number, number> = new Map();
  now: Visit = { id: -1, step: -1, copies: [] };
  seen: Seen = nothingSeen();
  /** The blocks around the step, from the outside in. */
  readonly tries: Caught[] = [];
  /** First steps of functions that stand in the place of their calls, and the gate before each. */
  readonly gates: Map<number, number | undefined>;
  /** Visits whose calls go on. */
  readonly lingering: Set<number> = new Set();
  /** Visits that wait for calls and cannot fail, which a step that waits for everything has passed. */
  readonly passed: Set<number> = new Set();
  /** Visits that count as writers of the whole place, whatever keys they write under. */
  readonly whole: Set<number> = new Set();
  readonly #known = new Set<string>();

  constructor(
    code: Code,
    effectOf: (operator: number) => CallEffect,
    certain: boolean,
    inPlace: Set<number>,
  ) {
    this.code = code;
    this.effectOf = effectOf;
    this.certain = certain;
    this.inPlace = inPlace;
    this.gates = new Map(code.steps.flatMap(({ ends }) => ends ?? []).map((first) => [first, undefined]));
    this.nesting = new Nesting(code);
    this.objects = new IterationObjects(code.places, this.nesting);
  }

  /** Comes to `step` in the iterations `copies`. */
  enter(step: Step, copies: Visit['copies']): void {
    this.now = { id: this.visits.length, step: step.id, copies };
    this.visits.push(this.now);
    this.visitOf.set(step.id, this.now.id);
  }

  stepAt(visit: number): Step | undefined {
    return this.code.steps[this.visits[visit]?.step ?? -1];
  }

  /** Those of `visits` whose calls go on: later steps do not wait for them by waiting for who waited for them. */
  still(visits: readonly number[] = []): readonly number[] {
    return visits.filter((visit) => this.lingering.has(visit));
  }

  /** `after`, which is being visited, waits for the visit `before`. */
  order(
    before: number,
    after: Step,
    kind: DependenceKind,
    what: string,
    { isForAll = false, isForEvery = false, isLate = false, mayDiffer = false, keys }: How = {},
  ): void {
    const visit = this.visits[before];
    // What a `try` has written stays as it is, whatever becomes of the rest of it, unless a handler writes it, too: that is waited for.
    const isRead = kind === 'flow' || kind === 'effect';
    const relation = visit && this.nesting.relate(visit, this.now, isForAll, isRead);
    if (relation === undefined) return;
    const { before: first, carried, part } = relation;
    const compared = (part ?? first) === visit?.step ? keys : undefined;
    const isEvery = isForEvery && carried !== undefined;
    const inputs = mayDiffer && (part ?? first) === visit?.step;
    const cause = `${first} ${part ?? ''} ${after.id} ${kind} ${what} ${carried ?? ''}${isEvery ? ' every' : ''}`;
    const known = `${cause}${isLate ? ' late' : ''}${compared ? ` ${compared.before} ${compared.after}` : ''}${inputs ? ' inputs' : ''}`;
    // Whoever has waited at the beginning need not wait at the end.
    if (this.#known.has(cause) || this.#known.has(known)) return;
    this.#known.add(known);
    this.dependences.push({
      before: first,
      after: after.id,
      kind,
      what,
      ...(isLate ? { late: true } : {}),
      ...(compared ? { keys: compared } : {}),
      ...(inputs ? { inputs } : {}),
      ...(part === undefined ? {} : { part }),
      ...(carried === undefined ? {} : { carried }),
      ...(isEvery ? { every: true } : {}),
    });
  }
}
