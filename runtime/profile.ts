/**
 * What the calls of one instance are seen to take: in its first runs, and then in one of 64. That decides which calls go
 * first under a limit, and whether anything is gained by overlapping them.
 */
import type { CallTimer, TimedCall } from './call-timer.ts';
import type { Frame } from './frame.ts';
import { type LinkCounts, linksOfProgram } from './link-counts.ts';

const FIRST_RUNS = 8;
const EVERY = 64;
/** How much of an old mean is kept. */
const KEEP = 0.75;
/** A call that ends after fewer turns of the microtask queue than this has not left it. */
const TURNS = 32;
/** Weights are whole numbers of tenths of a millisecond. */
const PER_MILLISECOND = 10;

/** Finds the profile of an operator that a run calls. */
export type FindProfile = (operator: object) => Profile;

export class Profile {
  readonly #counts: LinkCounts;
  readonly #means = new Map<number, Map<number, number>>();
  #runs = 0;
  #measured = 0;
  #quiet = 0;

  constructor(counts: LinkCounts) {
    this.#counts = counts;
  }

  /** How many runs have been measured. */
  get measured(): number {
    return this.#measured;
  }

  /** No call has left the microtask queue for long: then overlapping them gains nothing. */
  get isQuiet(): boolean {
    return this.#quiet >= FIRST_RUNS;
  }

  /** Changes when the weights are worth another look: the more runs, the less often. */
  get version(): number {
    return 32 - Math.clz32(this.#measured);
  }

  /** What is to measure the run that begins now, if any is. */
  sample(find: FindProfile, now?: () => number): CallTimer | undefined {
    const run = this.#runs++;
    if (run >= FIRST_RUNS && run % EVERY !== 0) return undefined;
    return new Sample(this, find, now);
  }

  /** A call of the step at `position` of a region, or of the body, has ended. */
  note(region: number, position: number, milliseconds: number): void {
    let means = this.#means.get(region);
    if (means === undefined) this.#means.set(region, (means = new Map()));
    const mean = means.get(position);
    means.set(position, mean === undefined ? milliseconds : KEEP * mean + (1 - KEEP) * milliseconds);
  }

  noteRun(serialMs: number, runMs: number, isQuiet: boolean): void {
    this.#measured++;
    this.#quiet = isQuiet ? this.#quiet + 1 : 0;
    for (const counts of [this.#counts, linksOfProgram]) {
      counts.serialMs += serialMs;
      counts.runMs += runMs;
    }
  }

  /** What a call of this step takes, in milliseconds. */
  meanOf(region: number, position: number): number | undefined {
    return this.#means.get(region)?.get(position);
  }

  /** The same as a weight in a plan. */
  readonly weightOf = (region: number, position: number): number =>
    Math.max(1, Math.round((this.meanOf(region, position) ?? 0) * PER_MILLISECOND));
}

interface Open {
  readonly frame: Frame;
  readonly step: number;
  readonly isNested: boolean;
  readonly start: number;
  readonly stretch: number;
}

/** Measures one run. */
class Sample implements CallTimer {
  readonly #profile: Profile;
  readonly #find: FindProfile;
  readonly #now: () => number;
  readonly #open = new Map<TimedCall, Open>();
  readonly #begun: number;
  #serialMs = 0;
  #hasLeft = false;
  /** Turns of the microtask queue are counted in stretches; where one ends, nothing is known of the queue any more. */
  #stretch = 0;
  #turns = 0;

  constructor(profile: Profile, find: FindProfile, now: () => number = () => performance.now()) {
    this.#profile = profile;
    this.#find = find;
    this.#now = now;
    this.#begun = now();
  }

  begin(call: TimedCall, frame: Frame, step: number, isNested: boolean): void {
    if (!this.#hasLeft && this.#turns === 0) queueMicrotask(this.#turn);
    this.#turns = TURNS;
    this.#open.set(call, { frame, step, isNested, start: this.#now(), stretch: this.#stretch });
  }

  end(call: TimedCall): void {
    const open = this.#open.get(call);
    if (open === undefined) return;
    this.#open.delete(call);
    const { frame, step, isNested, start, stretch } = open;
    const milliseconds = this.#now() - start;
    this.#hasLeft ||= stretch !== this.#stretch;
    if (!isNested) this.#serialMs += milliseconds;
    const { self } = frame;
    const isOperator = (typeof self === 'object' && self !== null) || typeof self === 'function';
    const profile = isOperator ? this.#find(self) : this.#profile;
    profile.note(frame.code.id, step, milliseconds);
  }

  runEnded(): void {
    const isQuiet = !this.#hasLeft && this.#open.size === 0;
    this.#profile.noteRun(this.#serialMs, this.#now() - this.#begun, isQuiet);
  }

  /** A timer or an event comes only when the queue is empty, and so only after the last turn of a stretch. */
  readonly #turn = (): void => {
    this.#turns--;
    if (this.#turns > 0) queueMicrotask(this.#turn);
    else this.#stretch++;
  };
}
