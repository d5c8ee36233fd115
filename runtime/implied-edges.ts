/** Leaves out of the edges between calls what follows from others, for it decides nothing about when a call starts. */
import type { CallEdge } from './call-edges.ts';
import type { Descriptor } from './descriptor.ts';
import { Nesting } from './nesting.ts';

export function withoutImplied(
  code: Pick<Descriptor, 'steps' | 'regions'>,
  edges: readonly CallEdge[],
): readonly CallEdge[] {
  const waits = new Waits(code, edges);
  return edges.filter((edge) => !waits.implies(edge));
}

class Waits {
  readonly #steps: Descriptor['steps'];
  readonly #regions: NonNullable<Descriptor['regions']>;
  readonly #nesting: Nesting;
  readonly #edgesTo = new Map<number, CallEdge[]>();
  readonly #ended = new Map<number, ReadonlySet<number>>();

  constructor(code: Pick<Descriptor, 'steps' | 'regions'>, edges: readonly CallEdge[]) {
    this.#steps = code.steps;
    this.#regions = code.regions ?? [];
    this.#nesting = new Nesting(code);
    for (const edge of edges) {
      const list = this.#edgesTo.get(edge.after);
      if (list === undefined) this.#edgesTo.set(edge.after, [edge]);
      else list.push(edge);
    }
  }

  implies({ before, after, carried }: CallEdge): boolean {
    const around = this.#around(after);
    const others = this.#edgesOf(after, carried).filter((other) => other !== before);
    const outer = around.flatMap((owner) => this.#edgesOf(owner, carried));
    const joined = [...others, ...outer];
    if (joined.some((other) => other === before || this.#endedWith(other).has(before))) return true;
    if (carried === undefined) return false;
    // What an earlier call of the same iteration has waited for, this one need not.
    const earlier = [after, ...around].flatMap((step) => this.#edgesOf(step, undefined));
    return earlier
      .flatMap((other) => [...this.#endedWith(other)])
      .flatMap((other) => this.#edgesOf(other, carried))
      .some((other) => other === before || this.#endedWith(other).has(before));
  }

  #edgesOf(after: number, carried: number | undefined): readonly number[] {
    const edges = this.#edgesTo.get(after) ?? [];
    return edges.filter((edge) => edge.carried === carried).map(({ before }) => before);
  }

  /** All that has ended when `step` has. */
  #endedWith(step: number): ReadonlySet<number> {
    const known = this.#ended.get(step);
    if (known !== undefined) return known;
    const inside = (this.#steps[step]?.regions ?? [])
      .flatMap((region) => this.#nesting.stepsOf(region))
      .map(({ id }) => id);
    const before = this.#edgesOf(step, undefined);
    const ended = new Set([step, ...[...inside, ...before].flatMap((one) => [...this.#endedWith(one)])]);
    this.#ended.set(step, ended);
    return ended;
  }

  /** The steps that run the regions around a step. */
  #around(step: number): readonly number[] {
    const around: number[] = [];
    for (let region = this.#steps[step]?.region; region !== undefined;) {
      const owner: number | undefined = this.#regions[region]?.owner;
      if (owner === undefined) break;
      around.push(owner);
      region = this.#steps[owner]?.region;
    }
    return around;
  }
}
