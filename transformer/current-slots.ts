/**
 * Which slot each variable and flag of a body stands in now. What has changed since a mark is undone step by step, for a copy
 * at each mark, of which there is one per statement, would take time that grows with the square of the body.
 */
import type ts from 'typescript';
import type { Flag } from './piece.ts';

type Of = ts.Symbol | Flag;

interface Change {
  readonly slots: Map<Of, number>;
  readonly of: Of;
  /** Absent if it had none. */
  readonly before: number | undefined;
}

export class CurrentSlots {
  #slots = new Map<Of, number>();
  readonly #changes: Change[] = [];

  get(of: Of): number | undefined {
    return this.#slots.get(of);
  }

  has(of: Of): boolean {
    return this.#slots.has(of);
  }

  set(of: Of, slot: number): void {
    this.#changes.push({ slots: this.#slots, of, before: this.#slots.get(of) });
    this.#slots.set(of, slot);
  }

  copy(): ReadonlyMap<Of, number> {
    return new Map(this.#slots);
  }

  /** Forgets all but `slots`. */
  replace(slots: ReadonlyMap<Of, number>): void {
    this.#slots = new Map(slots);
  }

  /** Answers how to forget what changes from now on. */
  mark(): () => void {
    const [slots, changes] = [this.#slots, this.#changes.length];
    return () => {
      for (const change of this.#changes.splice(changes).toReversed()) {
        if (change.before === undefined) change.slots.delete(change.of);
        else change.slots.set(change.of, change.before);
      }
      this.#slots = slots;
    };
  }
}
