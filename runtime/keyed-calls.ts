/**
 * Compares calls by the resources that they touch, where these depend on what they are given: as soon as enough of that is
 * known, and before the calls are made.
 */
import type { Given, Resource, Step } from './descriptor.ts';
import type { CallEffect, KeyedResources } from './effect.ts';
import type { Frame } from './frame.ts';

/** A call, as far as its resources tell it from others. */
export interface KeyedCall {
  /** Those that it writes, or that it reads. */
  readonly resources: readonly Resource[];
  readonly given: Given | undefined;
  /** By the slots of what it is given: the position of the step beside the call that fills it. */
  readonly fillers: ReadonlyMap<number, number>;
  /** By frame: what they are called, once that is known. */
  readonly known: WeakMap<Frame, readonly string[]>;
}

/** The resources of the operators that a step calls; where they depend on what is given, that is one call. */
export type ResourcesOf = (step: Step) => KeyedResources;

export function resourcesBy(effectOf: (operator: number) => CallEffect): ResourcesOf {
  return ({ operators }) => {
    const effects = operators.map((operator) => effectOf(operator));
    return {
      reads: effects.flatMap(({ keyed, reads }) => keyed?.reads ?? [...reads].filter(isName)),
      writes: effects.flatMap(({ keyed, writes }) => keyed?.writes ?? [...writes].filter(isName)),
    };
  };
}

function isName(key: unknown): key is string {
  return typeof key === 'string';
}

/** `steps`: all of them. */
export function keyedCall(step: Step, resources: readonly Resource[], steps: readonly Step[]): KeyedCall {
  const beside = steps.filter(({ region }) => region === step.region);
  const fillers = new Map(
    beside.flatMap(({ outputs }, position) => outputs.map((slot) => [slot, position] as const)),
  );
  return { resources, given: step.given, fillers, known: new WeakMap() };
}

/** Slots that are there when a body begins. */
const INPUTS = 2;

/**
 * Whether a call that is about to be made in `frame` touches other resources than one in `other` writes. A number: that is
 * not known before the step at this position of `other` has ended.
 */
export function areApart(before: KeyedCall, other: Frame, after: KeyedCall, frame: Frame): boolean | number {
  const [one, two] = [namesOf(before, other, false), namesOf(after, frame, true)];
  if (typeof one === 'number') return one;
  if (one === undefined || two === undefined || typeof two === 'number') return false;
  return !one.some((name) => two.includes(name));
}

/** Nothing if it hangs on more than is to be seen of what the call is given. */
function namesOf(call: KeyedCall, frame: Frame, isReady: boolean): readonly string[] | number | undefined {
  const known = call.known.get(frame);
  if (known !== undefined) return known;
  let missing: number | undefined;
  let isHidden = false;
  const read = (slot: number | undefined): unknown => {
    const filler = slot === undefined ? undefined : call.fillers.get(slot);
    const isThere =
      isReady || (slot ?? INPUTS) < INPUTS || (filler !== undefined && frame.steps.hasEnded(filler));
    if (slot !== undefined && isThere) {
      const value = frame.values.read(slot);
      // An object may change before the call is made.
      if (isPrimitive(value)) return value;
    }
    if (filler === undefined || isThere) isHidden = true;
    else missing ??= filler;
    return undefined;
  };
  const names = ask(call, read);
  if (isHidden || (missing === undefined && names === undefined)) return undefined;
  if (missing !== undefined || names === undefined) return missing;
  call.known.set(frame, names);
  return names;
}

function ask(
  { resources, given }: KeyedCall,
  read: (slot: number | undefined) => unknown,
): readonly string[] | undefined {
  try {
    const names = resources.map((resource) =>
      typeof resource === 'string' ? resource : nameBy(resource, given, read),
    );
    return names.every((name) => typeof name === 'string') ? names : undefined;
  } catch {
    // With what is not there yet, or as the call itself would see: then it waits.
    return undefined;
  }
}

function nameBy(
  resource: Exclude<Resource, string>,
  given: Given | undefined,
  read: (slot: number | undefined) => unknown,
): unknown {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what the call will be given, which its type cannot say
  return resource(inputOf(given, read) as never);
}

/** What the call will be given: what is not known yet answers when it is asked for. */
function inputOf(given: Given | undefined, read: (slot: number | undefined) => unknown): unknown {
  if (given?.properties === undefined) return read(given?.slot);
  const input = {};
  for (const { name, slot, value } of given.properties) {
    const descriptor = value === undefined ? { get: () => read(slot) } : { value };
    Object.defineProperty(input, name, { ...descriptor, enumerable: true });
  }
  return input;
}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}
