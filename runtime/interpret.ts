/**
 * What a descriptor means: one step after another, each with the values of the slots that it lists. Every other way to run
 * one must give the same. `$` is the plain call; nothing is limited, started early or aborted.
 */
import { callAsWritten } from './as-written.ts';
import type { CallSite, Carried, Compiled, Region, Step } from './descriptor.ts';
import { must } from './errors.ts';
import { codeOf, copyOf, listOf } from './instructions.ts';

/** Set when a step has left the body: what the body returns. */
type Left = { readonly value: unknown } | undefined;

export async function interpret(
  compiled: Compiled,
  self: unknown,
  input: unknown,
  context: unknown,
): Promise<unknown> {
  return (await new Interpreter(compiled, self, [input, context]).run(undefined))?.value;
}

class Interpreter {
  readonly #compiled: Compiled;
  readonly #self: unknown;
  readonly #slots: unknown[];
  readonly #iterators = new Map<number, Iterator<unknown>>();
  /** The step that each region has got to. */
  readonly #reached = new Map<number | undefined, number>();

  constructor(compiled: Compiled, self: unknown, slots: unknown[]) {
    this.#compiled = compiled;
    this.#self = self;
    this.#slots = slots;
  }

  async run(region: number | undefined): Promise<Left> {
    for (const step of this.#compiled.descriptor.steps) {
      if (step.region !== region) continue;
      this.#reached.set(region, step.id);
      if (step.guard !== undefined && !this.#slots[step.guard]) {
        this.#fill(step.outputs, this.#valuesOf(step.otherwise ?? []));
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop -- that is what one after another means
      const left = await this.#step(step);
      if (left !== undefined) return left;
    }
    return undefined;
  }

  async #step(step: Step): Promise<Left> {
    const code = must(this.#compiled.steps[step.id], `step ${step.id} has no code`);
    const given = codeOf(code)(this.#self, this.#site, ...this.#valuesOf(step.inputs));
    if (step.kind === 'loop') return this.#loop(step, given);
    if (step.kind === 'try') return this.#try(step);
    const { result } = await this.#valueOf(step, given);
    if (step.kind === 'return' || step.kind === 'exit') return { value: result };
    this.#fill(step.outputs, step.outputs.length === 1 && step.boxed !== true ? [result] : listOf(result));
    return undefined;
  }

  readonly #site: CallSite = (target, method) => {
    if (method === undefined) return target;
    const own = copyOf(this.#compiled.copies, this.#self, target, method);
    return (...args: readonly unknown[]) =>
      own === undefined ? callAsWritten(target, method, args) : codeOf(own)(target, this.#site, ...args);
  };

  async #loop(step: Step, items: unknown): Promise<Left> {
    const region = this.#region(step, 'iteration');
    if (step.inputs.length > 0)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- iterated as in the code as written
      this.#iterators.set(region.id, (items as Iterable<unknown>)[Symbol.iterator]());
    let last = region.carried.map(({ from }) => from);
    do {
      this.#fill(
        region.carried.map(({ into }) => into),
        this.#valuesOf(last),
      );
      // oxlint-disable-next-line no-await-in-loop -- one iteration after another
      const left = await this.run(region.id);
      if (left !== undefined) return left;
      last = region.carried.map(({ out, from }) => out ?? from);
    } while (this.#slots[must(region.again, 'an iteration does not say whether another one follows')]);
    this.#fill(step.outputs, this.#valuesOf(region.results));
    return undefined;
  }

  async #try(step: Step): Promise<Left> {
    const handler = this.#find(step, 'catch');
    const last = this.#find(step, 'finally');
    const block = this.#region(step, 'try');
    let given = block.results;
    let left: Left;
    try {
      left = await this.run(block.id);
    } catch (error) {
      if (handler === undefined) throw error;
      this.#fill(
        handler.carried.map(({ into }) => into),
        this.#valuesOf(handler.carried.map((one) => this.#versionOf(one, block.id))),
      );
      if (handler.error !== undefined) this.#slots[handler.error] = error;
      left = await this.run(handler.id);
      given = handler.results;
    } finally {
      if (last !== undefined) await this.run(last.id);
    }
    if (left === undefined) this.#fill(step.outputs, this.#valuesOf(given));
    return left;
  }

  /** Where a variable stood when the block failed. */
  #versionOf({ versions = [], from }: Carried, block: number): number {
    const reached = this.#reached.get(block) ?? 0;
    return versions.findLast(({ step }) => step < reached)?.slot ?? from;
  }

  #region(step: Step, role: Region['role']): Region {
    return must(this.#find(step, role), `step ${step.id} has no region of that role`);
  }

  #find({ regions = [] }: Step, role: Region['role']): Region | undefined {
    return regions
      .flatMap((id) => this.#compiled.descriptor.regions?.[id] ?? [])
      .find((region) => region.role === role);
  }

  /** In a box, so that the promise which a `start` step gives stays one. */
  async #valueOf(step: Step, value: unknown): Promise<{ readonly result: unknown }> {
    switch (step.kind) {
      case 'call':
        return { result: await call(step.method, value) };
      case 'start':
        return { result: call(step.method, value) };
      case 'next': {
        const { done, value: element } = must(
          this.#iterators.get(step.region ?? -1),
          'nothing is iterated',
        ).next();
        return { result: [done !== true, element] };
      }
      case 'await':
      case 'async':
      case 'exit':
      case 'return':
        return { result: await value };
      case 'compute':
      case 'loop':
      case 'try':
        return { result: value };
    }
  }

  #valuesOf(slots: readonly (number | null)[]): unknown[] {
    return slots.map((slot) => (slot === null ? undefined : this.#slots[slot]));
  }

  #fill(slots: readonly number[], values: readonly unknown[]): void {
    for (const [index, slot] of slots.entries()) this.#slots[slot] = values[index];
  }
}

/** Steps that call answer the target and the arguments. */
function call(method: string | undefined, parts: unknown): unknown {
  const [target, ...args] = listOf(parts);
  return callAsWritten(target, method, args);
}
