/**
 * Which calls wait for which: the steps between two calls become the reasons why. What runs regions with calls in them is
 * one of them, for waiting for a loop is waiting for all of its calls.
 *
 * In:  a descriptor, and dependences between its steps.
 * Out: for each step that calls, or holds calls, what it waits for, each with the steps in between.
 */
import type { Dependence, Descriptor, Step } from './descriptor.ts';
import { Nesting } from './nesting.ts';

/** What a call waits for. */
export interface CallEdge {
  readonly before: number;
  readonly after: number;
  /** The loop between whose iterations it is; absent for what is so within one pass. */
  readonly carried?: number;
  /** From `after` back to `before`: the first is what `after` itself waits for, the last waits for `before`. */
  readonly chain: readonly Dependence[];
}

/** Something that a step leads back to. */
interface Origin {
  readonly before: number;
  readonly carried?: number;
  readonly chain: readonly Dependence[];
}

type Code = Pick<Descriptor, 'steps' | 'regions'>;

/** Whether a step calls operators by itself. */
export function callsOperators({ kind, operators }: Step): boolean {
  return kind === 'call' || kind === 'start' || operators.length > 0;
}

/** The steps that call, and those that run regions with such steps in them. */
export function findCalling(code: Code): ReadonlySet<number> {
  const { steps, regions = [] } = code;
  const calling = new Set<number>();
  for (const step of steps) {
    if (!callsOperators(step)) continue;
    calling.add(step.id);
    for (let at = step.region; at !== undefined;) {
      const owner: number | undefined = regions[at]?.owner;
      if (owner === undefined || calling.has(owner)) break;
      calling.add(owner);
      at = steps[owner]?.region;
    }
  }
  return calling;
}

/** Every edge, one for each dependence through which it goes, in the order of the steps that wait. */
export function findCallEdges(
  code: Code,
  dependences: readonly Dependence[],
  calling: ReadonlySet<number> = findCalling(code),
): readonly CallEdge[] {
  const search = new Search(code, dependences, calling);
  return code.steps.flatMap(({ id }) => (calling.has(id) ? search.edgesTo(id) : []));
}

/** An iteration begins when the one before has said that there is another. */
function findDecisions({ steps, regions = [] }: Code, nesting: Nesting): readonly Dependence[] {
  return regions.flatMap(({ id, owner, again }) => {
    const decider = steps.find(({ outputs }) => again !== undefined && outputs.includes(again));
    if (decider === undefined) return [];
    const what = 'whether there is another iteration';
    return nesting.stepsOf(id).map((step): Dependence => ({
      before: decider.id,
      after: step.id,
      kind: 'control',
      what,
      carried: owner,
    }));
  });
}

class Search {
  readonly #code: Code;
  readonly #calling: ReadonlySet<number>;
  readonly #nesting: Nesting;
  readonly #incoming: Dependence[][];
  readonly #found = new Map<number, readonly Origin[]>();

  constructor(code: Code, dependences: readonly Dependence[], calling: ReadonlySet<number>) {
    this.#code = code;
    this.#calling = calling;
    this.#nesting = new Nesting(code);
    this.#incoming = code.steps.map(() => []);
    for (const dependence of [...dependences, ...findDecisions(code, this.#nesting)])
      this.#incoming[dependence.after]?.push(dependence);
  }

  edgesTo(after: number): readonly CallEdge[] {
    return (this.#incoming[after] ?? []).flatMap((dependence) =>
      this.#originsOf(dependence.before).flatMap((origin) => {
        const edge = this.#follow(dependence, origin);
        return this.#isSeenFrom(after, edge.before) ? [{ ...edge, after }] : [];
      }),
    );
  }

  /** Calls in a region that `after` is not in stand behind what runs that region. */
  #isSeenFrom(after: number, before: number): boolean {
    const { steps } = this.#code;
    const region = steps[before]?.region;
    return region === undefined || this.#nesting.isInside(steps[after]?.region, region);
  }

  /** The calls that must have ended when `step` has, each by the shortest way. */
  #originsOf(step: number): readonly Origin[] {
    const known = this.#found.get(step);
    if (known !== undefined) return known;
    const origins = new Map<string, Origin>();
    const seen = new Set<string>();
    const left: Origin[] = [{ before: step, chain: [] }];
    // A list may grow while it is walked; what is added is walked, too.
    for (const at of left) {
      const key = `${at.before} ${at.carried}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (this.#calling.has(at.before)) origins.set(key, at);
      left.push(...this.#stepsBack(at));
    }
    const found = [...origins.values()];
    this.#found.set(step, found);
    return found;
  }

  /** What `at` waits for, unless it is a call, behind which nobody has to look; what runs regions ends when they have. */
  #stepsBack(at: Origin): readonly Origin[] {
    const step = this.#code.steps[at.before];
    if (step === undefined) return [];
    const isCall = this.#calling.has(step.id);
    if (isCall && step.regions === undefined) return [];
    const inside = (step.regions ?? [])
      .flatMap((region) => this.#nesting.stepsOf(region))
      .flatMap(({ id }) => (isCall && this.#calling.has(id) ? [] : [{ ...at, before: id }]));
    const before = isCall ? [] : (this.#incoming[step.id] ?? []).map((one) => this.#follow(one, at, true));
    return [...inside, ...before];
  }

  /** Joins a dependence and a way: `isBehind` when the dependence comes after the way, which leads on through it. */
  #follow(dependence: Dependence, way: Origin, isBehind = false): Origin {
    const before = isBehind ? dependence.before : way.before;
    const chain = isBehind ? [...way.chain, dependence] : [dependence, ...way.chain];
    const loops = [dependence.carried, way.carried].flatMap((carried) =>
      carried !== undefined && (before === carried || this.#isWithin(before, carried)) ? [carried] : [],
    );
    // Of loops within each other the outermost has the lowest number, and its iterations are the furthest apart.
    const loop = loops.length === 0 ? undefined : Math.min(...loops);
    return loop === undefined ? { before, chain } : { before, chain, carried: loop };
  }

  /** Whether `step` is in a region that `outer` runs. */
  #isWithin(step: number, outer: number): boolean {
    const region = this.#code.steps[step]?.region;
    return region !== undefined && this.#nesting.isInsideStep(region, outer);
  }
}
