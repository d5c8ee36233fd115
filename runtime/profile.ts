/**
 * What the calls of one instance are seen to take: in its first runs after the very first, for many instances run only once,
 * and then in one of 64. That decides which calls go first under a limit, and whether anything is gained by overlapping them.
 */
import { isObject } from './brand.ts';
import type { CallTimer, TimedCall } from './call-timer.ts';
import { clearMeans, Durations, isDifferent, joinAll, type Spread } from './durations.ts';
import type { Frame } from './frame.ts';
import { type LinkCounts, linksOfProgram } from './link-counts.ts';
import type { Weights } from './plan.ts';

const FIRST_RUNS = 8;
const EVERY = 64;
/** Runs after which both ways have been tried. */
const TRIED = 3 * FIRST_RUNS;
/** Runs that are measured cost more than others, in ways of their own: what is not clearly less is not less. */
const CLEARLY = 0.5;
/** By so much a run may take longer for reasons that are not its own. */
const NOISE_MS = 1;
/** A call that ends after fewer turns of the microtask queue than this has not left it. */
const TURNS = 32;
/** Weights are whole numbers of tenths of a millisecond. */
const PER_MILLISECOND = 10;

/** What calls of an operator take, wherever they are made: of one object, for instances of a class may differ. */
const ofCallees = new WeakMap<object, Durations>();

/**
 * How much more a call of `callee` weighs than the plan says of its step, if weights are known: one line may call operators
 * that take very different times.
 */
export function excessOf(
  callee: unknown,
  ofStep: Spread | undefined,
  weightOfStep: number | undefined,
): number {
  const durations = isObject(callee) ? ofCallees.get(callee) : undefined;
  if (durations === undefined || ofStep === undefined || weightOfStep === undefined) return 0;
  return isDifferent(durations, ofStep) ? weigh(durations.mean) - weightOfStep : 0;
}

function durationsOf(callee: object): Durations {
  const known = ofCallees.get(callee) ?? new Durations();
  ofCallees.set(callee, known);
  return known;
}

function weigh(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds * PER_MILLISECOND));
}

/** Finds the profile of an operator that a run calls. */
export type FindProfile = (operator: object) => Profile;

export class Profile {
  readonly #counts: LinkCounts;
  #durations: Map<number, Map<number, Durations>> | undefined = undefined;
  #runs = 0;
  #measured = 0;
  /** Runs in which calls of it were measured: also of runs around its own. */
  #lessons = 0;
  #quiet = 0;
  #parallelMs: number | undefined = undefined;
  #serialMs: number | undefined = undefined;

  constructor(counts: LinkCounts) {
    this.#counts = counts;
  }

  /** How many runs have been measured. */
  get measured(): number {
    return this.#measured;
  }

  /**
   * No call has left the microtask queue for long, so overlapping them gains nothing, and one after another is tried, or was
   * seen to take less.
   */
  get prefersSerial(): boolean {
    if (this.#quiet < FIRST_RUNS) return false;
    if (this.#isTrying) return this.#quiet % 2 === 0;
    return (this.#serialMs ?? 0) < CLEARLY * (this.#parallelMs ?? 0);
  }

  /** Both ways take turns, for code gets faster by being run. */
  get #isTrying(): boolean {
    return this.#quiet >= FIRST_RUNS && this.#quiet < TRIED;
  }

  /** Changes when the weights are worth another look: the more runs, the less often. */
  get version(): number {
    return 32 - Math.clz32(this.#lessons);
  }

  /** What is to measure the run that begins now, if any is. */
  sample(find: FindProfile, now?: () => number): CallTimer | undefined {
    const run = this.#runs++;
    const isFirst = run > 0 && (run <= FIRST_RUNS || this.#isTrying);
    if (!isFirst && (run === 0 || run % EVERY !== 0)) return undefined;
    return new Sample(this, find, now);
  }

  /**
   * Of a run that is not measured and takes one step after another: tells when it has ended. One that takes longer than
   * overlapping ones did has probably left the microtask queue, and the next runs overlap until that is known better.
   */
  watchSerial(now: () => number = () => performance.now()): (() => void) | undefined {
    if (!this.prefersSerial) return undefined;
    const latest = now() + (this.#parallelMs ?? 0) + NOISE_MS;
    return () => {
      if (now() > latest) this.#quiet = 0;
    };
  }

  /** A call of the step at `position` of a region, or of the body, has ended. */
  note(region: number, position: number, milliseconds: number): void {
    this.#durations ??= new Map();
    let ofRegion = this.#durations.get(region);
    if (ofRegion === undefined) this.#durations.set(region, (ofRegion = new Map()));
    let ofStep = ofRegion.get(position);
    if (ofStep === undefined) ofRegion.set(position, (ofStep = new Durations()));
    ofStep.add(milliseconds);
  }

  /** A run has ended in which calls were noted. */
  noteLesson(): void {
    this.#lessons++;
  }

  noteRun(serialMs: number, runMs: number, isQuiet: boolean, wasSerial: boolean): void {
    // The shortest of each: what makes a run of a few microseconds longer is mostly not its own.
    if (wasSerial) this.#serialMs = Math.min(this.#serialMs ?? Infinity, runMs);
    else this.#parallelMs = Math.min(this.#parallelMs ?? Infinity, runMs);
    this.#measured++;
    this.#quiet = isQuiet ? this.#quiet + 1 : 0;
    // Only what is measured in turns can be compared.
    if (this.#quiet <= FIRST_RUNS) this.#serialMs = this.#parallelMs = undefined;
    for (const counts of [this.#counts, linksOfProgram]) {
      counts.serialMs += serialMs;
      counts.runMs += runMs;
    }
  }

  /** What calls of this step take. */
  spreadOf(region: number, position: number): Spread | undefined {
    return this.#durations?.get(region)?.get(position);
  }

  /** The weights of a plan by what is known now. Steps that may well take equally long weigh the same. */
  weights(): Weights {
    const all = [...(this.#durations?.values() ?? [])].flatMap((ofRegion) => [...ofRegion.values()]);
    const means = clearMeans(all);
    const spreadOf = (region: number, position: number): Spread | undefined =>
      this.spreadOf(region, position);
    const typical = joinAll(all).mean;
    return {
      spreadOf,
      weightOf: (region, position) => weigh(means.get(spreadOf(region, position)) ?? typical),
    };
  }
}

interface Open {
  readonly frame: Frame;
  readonly step: number;
  readonly isNested: boolean;
  readonly callee: unknown;
  readonly start: number;
  readonly stretch: number;
}

/** Measures one run. */
class Sample implements CallTimer {
  readonly #profile: Profile;
  readonly #find: FindProfile;
  readonly #now: () => number;
  readonly #open = new Map<TimedCall, Open>();
  readonly #noted = new Set<Profile>();
  readonly #begun: number;
  readonly #isSerial: boolean;
  #serialMs = 0;
  #hasLeft = false;
  /** Turns of the microtask queue are counted in stretches; where one ends, nothing is known of the queue any more. */
  #stretch = 0;
  #turns = 0;

  constructor(profile: Profile, find: FindProfile, now: () => number = () => performance.now()) {
    this.#profile = profile;
    this.#find = find;
    this.#now = now;
    this.#isSerial = profile.prefersSerial;
    this.#begun = now();
  }

  begin(call: TimedCall, frame: Frame, step: number, isNested: boolean, callee?: unknown): void {
    if (!this.#hasLeft && this.#turns === 0) queueMicrotask(this.#turn);
    this.#turns = TURNS;
    this.#open.set(call, { frame, step, isNested, callee, start: this.#now(), stretch: this.#stretch });
  }

  end(call: TimedCall): void {
    const open = this.#open.get(call);
    if (open === undefined) return;
    this.#open.delete(call);
    const { frame, step, isNested, callee, start, stretch } = open;
    const milliseconds = this.#now() - start;
    this.#hasLeft ||= stretch !== this.#stretch;
    if (!isNested) this.#serialMs += milliseconds;
    const { self } = frame;
    const isOperator = (typeof self === 'object' && self !== null) || typeof self === 'function';
    const profile = isOperator ? this.#find(self) : this.#profile;
    profile.note(frame.code.id, step, milliseconds);
    this.#noted.add(profile);
    if (isObject(callee)) durationsOf(callee).add(milliseconds);
  }

  runEnded(): void {
    for (const profile of this.#noted) profile.noteLesson();
    const isQuiet = !this.#hasLeft && this.#open.size === 0;
    this.#profile.noteRun(this.#serialMs, this.#now() - this.#begun, isQuiet, this.#isSerial);
  }

  /** A timer or an event comes only when the queue is empty, and so only after the last turn of a stretch. */
  readonly #turn = (): void => {
    this.#turns--;
    if (this.#turns > 0) queueMicrotask(this.#turn);
    else this.#stretch++;
  };
}
