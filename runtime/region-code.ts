/**
 * A compiled body in the form that the engine runs: for the body and for each region its steps, data and code together, and
 * where its slots stand. Made once per compiled body.
 */
import type { Compiled, Descriptor, Region, Step } from './descriptor.ts';
import { must } from './errors.ts';
import { codeOf, type Instruction, NONE } from './instructions.ts';

/** The body itself among the homes of slots. */
const BODY = -1;

/** Where slots stand: the region whose activations hold them, and their place there. */
export interface Layout {
  readonly home: Int32Array;
  readonly index: Int32Array;
  /** How many stand in each region. */
  readonly places: ReadonlyMap<number, number>;
}

export interface CarriedSlot {
  readonly into: number;
  readonly from: number;
  readonly out: number;
  /** Positions of steps in the `try`, and the slots that they fill, in program order. */
  readonly versions: readonly { readonly position: number; readonly slot: number }[];
}

export interface RegionCode {
  readonly id: number;
  readonly descriptor: Descriptor;
  readonly copies: Compiled['copies'];
  readonly layout: Layout;
  readonly instructions: readonly Instruction[];
  /** The codes of all regions, by id. */
  readonly regions: readonly RegionCode[];
  readonly carried: readonly CarriedSlot[];
  /** How many slots stand in it, and, by place, which of `carried` belongs there: `NONE` for most. */
  readonly places: number;
  readonly carriedAt: Readonly<Int32Array>;
  readonly results: readonly number[];
  /** The place of the slot for the error. */
  readonly error: number;
  /** The place of the slot that says whether another iteration follows, and the position of the step that fills it. */
  readonly again: number;
  readonly decider: number;
  /** Something in it may catch a failure. */
  readonly catches: boolean;
}

const known = new WeakMap<Compiled, RegionCode>();

export function codeOfBody(compiled: Compiled): RegionCode {
  const made = known.get(compiled);
  if (made !== undefined) return made;
  const code = new Builder(compiled).build();
  known.set(compiled, code);
  return code;
}

class Builder {
  readonly #compiled: Compiled;
  readonly #layout: Layout;
  readonly #used: ReadonlySet<number>;
  readonly #regions: RegionCode[] = [];
  /** The position of each step in its region. */
  readonly #positions: Int32Array;

  constructor(compiled: Compiled) {
    const { steps, slots, regions = [] } = compiled.descriptor;
    this.#compiled = compiled;
    this.#layout = layOut(steps, slots.length, regions);
    this.#used = new Set(steps.flatMap(({ inputs }) => inputs));
    this.#positions = positionsOf(steps);
  }

  build(): RegionCode {
    const { regions = [] } = this.#compiled.descriptor;
    // Inner regions first, so that each finds those in it.
    for (const region of regions.toReversed()) this.#regions[region.id] = this.#region(region);
    return this.#region(undefined);
  }

  #region(region: Region | undefined): RegionCode {
    const { descriptor } = this.#compiled;
    const { index } = this.#layout;
    const id = region?.id ?? BODY;
    const steps = descriptor.steps.filter((step) => (step.region ?? BODY) === id);
    const carried = (region?.carried ?? []).map(({ into, from, out = NONE, versions = [] }) => ({
      into: index[into] ?? NONE,
      from,
      out,
      versions: versions.map(({ step, slot }) => ({ position: this.#positions[step] ?? NONE, slot })),
    }));
    const places = this.#layout.places.get(id) ?? 0;
    const carriedAt = new Int32Array(places).fill(NONE);
    for (const [at, { into }] of carried.entries()) carriedAt[into] = at;
    const again = region?.again;
    return {
      id,
      descriptor,
      copies: this.#compiled.copies,
      layout: this.#layout,
      instructions: steps.map((step) => this.#instruction(step, carriedAt)),
      regions: this.#regions,
      carried,
      places,
      carriedAt,
      results: region?.results ?? [],
      error: region?.error === undefined ? NONE : (index[region.error] ?? NONE),
      again: again === undefined ? NONE : (index[again] ?? NONE),
      decider: again === undefined ? NONE : steps.findIndex(({ outputs }) => outputs.includes(again)),
      catches: steps.some((step) => step.kind === 'try') || this.#holdsCatch(steps),
    };
  }

  #holdsCatch(steps: readonly Step[]): boolean {
    const inner = steps.flatMap((step) => step.regions ?? []);
    return inner.some((region) => this.#regions[region]?.catches === true);
  }

  #instruction(step: Step, carriedAt: Readonly<Int32Array>): Instruction {
    const { id, kind, inputs, outputs, method, guard = NONE, otherwise = [], region = BODY } = step;
    const { home, index } = this.#layout;
    const asked = [...inputs, ...otherwise.flatMap((slot) => slot ?? []), ...(guard === NONE ? [] : [guard])];
    const isLocal = asked.every((slot) => home[slot] === region && carriedAt[index[slot] ?? NONE] === NONE);
    const at = (slot: number): number => (isLocal && slot !== NONE ? (index[slot] ?? NONE) : slot);
    const { name } = this.#compiled.descriptor;
    const places = outputs.map((slot) => index[slot] ?? NONE);
    const given = inputs.map(at);
    const [first = NONE, second = NONE, third = NONE] = given;
    const [output = NONE] = places;
    return {
      id: this.#positions[id] ?? NONE,
      kind,
      code: codeOf(must(this.#compiled.steps[id], `step ${id} of \`${name}\` has no code`)),
      guard: at(guard),
      isLocal,
      arity: given.length,
      first,
      second,
      third,
      output: places.length === 1 && step.boxed !== true ? output : NONE,
      routes: kind === 'async' || step.routes === true,
      method,
      inputs: given,
      outputs: places,
      otherwise: outputs.map((_, position) => at(otherwise[position] ?? NONE)),
      isUsed: outputs.some((slot) => this.#used.has(slot)),
      regions: (step.regions ?? []).map((inner) => must(this.#regions[inner], `there is no region ${inner}`)),
      hops: step.hops ?? 0,
      step: id,
    };
  }
}

export function stepOf({ descriptor }: RegionCode, { step }: Instruction): Step {
  return must(descriptor.steps[step], `the descriptor has no step ${step}`);
}

/** What messages call the step at a position. */
export function labelOf(code: RegionCode, position: number): string {
  const instruction = code.instructions[position];
  return instruction === undefined ? `step ${position}` : stepOf(code, instruction).label;
}

/** The position of each step among those of its region. */
export function positionsOf(steps: readonly Step[]): Int32Array {
  const counts = new Map<number, number>();
  return Int32Array.from(steps, ({ region = BODY }) => {
    const position = counts.get(region) ?? 0;
    counts.set(region, position + 1);
    return position;
  });
}

function layOut(steps: readonly Step[], slots: number, regions: readonly Region[]): Layout {
  const home = new Int32Array(slots).fill(BODY);
  for (const { region = BODY, outputs } of steps) for (const slot of outputs) home[slot] = region;
  for (const { id, carried, error } of regions) {
    for (const { into } of carried) home[into] = id;
    if (error !== undefined) home[error] = id;
  }
  const counts = new Map<number, number>();
  const index = home.map((region) => {
    const place = counts.get(region) ?? 0;
    counts.set(region, place + 1);
    return place;
  });
  return { home, index, places: counts };
}
