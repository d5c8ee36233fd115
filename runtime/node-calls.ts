/**
 * What became of the calls that the nodes of a graph stand for, during one run. Calls that these make are their own business.
 */
import type { CallTimer, TimedCall } from './call-timer.ts';
import { must } from './errors.ts';
import type { Frame } from './frame.ts';
import type { CallWitness, WitnessedCall } from './tracing/watch.ts';

/** When the first call of a node began, having waited for all that it must wait for, and when the last one ended. */
export interface NodeTimes {
  readonly start: number;
  readonly end: number;
}

/** One call of a node that has ended. */
export interface NodeOutcome extends NodeTimes {
  readonly failed: boolean;
  readonly value: unknown;
}

/** A call of a node; `place` orders the calls of one node as the code does. */
interface NodeCall {
  readonly place: readonly number[];
  readonly start: number;
  outcome: NodeOutcome | undefined;
}

/** Nodes are numbers: of steps of compiled code, or places in the graph. */
export class NodeCalls implements CallTimer, CallWitness {
  readonly seesAll: boolean = true;
  readonly now: () => number;
  readonly #calls = new Map<number, NodeCall[]>();
  readonly #open = new Map<TimedCall, NodeCall>();
  /** By operator: the nodes that stand for its calls, the first call first. Only for code that learns. */
  readonly #nodesOf: ReadonlyMap<object, readonly number[]>;
  #isTold = false;

  constructor(clock: () => number, nodesOf: ReadonlyMap<object, readonly number[]> = new Map()) {
    this.now = clock;
    this.#nodesOf = nodesOf;
  }

  /** A run has told of its calls; code that runs as written does not. */
  get isTold(): boolean {
    return this.#isTold;
  }

  runBegins(): void {
    this.#isTold = true;
  }

  runEnded(): void {}

  begin(call: TimedCall, frame: Frame, step: number): void {
    if (isNested(frame)) return;
    const { step: node } = must(frame.code.instructions[step], 'a call has no step');
    this.#open.set(call, this.#add(node, [...(frame.owner?.place() ?? []), step], this.now()));
  }

  end(call: TimedCall, failed: boolean, value: unknown): void {
    const open = this.#open.get(call);
    if (open !== undefined) close(open, failed, value, this.now());
  }

  witness(operator: object, nth: number, start: number): WitnessedCall | undefined {
    const node = this.#nodesOf.get(operator)?.[nth];
    if (node === undefined) return undefined;
    const call = this.#add(node, [nth], start);
    return { end: (failed, value, at) => close(call, failed, value, at ?? this.now()) };
  }

  /** Whether any call of a node has begun. */
  hasBegun(node: number): boolean {
    return this.#calls.has(node);
  }

  /** The calls of a node that have ended, in the order of the code. */
  outcomesOf(node: number): readonly NodeOutcome[] {
    const calls = this.#calls.get(node) ?? [];
    return calls
      .toSorted((one, other) => comparePlaces(one.place, other.place))
      .flatMap(({ outcome }) => outcome ?? []);
  }

  timesOf(node: number): NodeTimes | undefined {
    const outcomes = this.outcomesOf(node);
    if (outcomes.length === 0) return undefined;
    const times = { start: Infinity, end: -Infinity };
    for (const { start, end } of outcomes) {
      times.start = Math.min(times.start, start);
      times.end = Math.max(times.end, end);
    }
    return times;
  }

  #add(node: number, place: readonly number[], start: number): NodeCall {
    const call: NodeCall = { place, start, outcome: undefined };
    const calls = this.#calls.get(node);
    if (calls === undefined) this.#calls.set(node, [call]);
    else calls.push(call);
    return call;
  }
}

function close(call: NodeCall, failed: boolean, value: unknown, end: number): void {
  call.outcome = { start: call.start, end, failed, value };
}

/** In the run of something that is called, not of the code itself. */
function isNested(frame: Frame): boolean {
  let body = frame;
  while (body.parent !== undefined) body = body.parent;
  return body.owner !== undefined;
}

/** Calls of one node are at the same depth. */
function comparePlaces(one: readonly number[], other: readonly number[]): number {
  for (const [index, place] of one.entries()) {
    const difference = place - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
