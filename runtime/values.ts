/**
 * Where the values of one activation stand: in its own slots, in those of the activation around it, or, for what is carried
 * over from elsewhere (the iteration before, a `try` that failed), there until that has ended.
 */
import type { CallContext } from './call-context.ts';
import { NONE, type Slots } from './instructions.ts';
import type { CarriedSlot, RegionCode } from './region-code.ts';

/** A slot of some activation. */
export interface Source {
  readonly values: Values;
  readonly slot: number;
}

/** Those that an activation of a body begins with. */
export function bodyValues(code: RegionCode, input: unknown, context: CallContext): Values {
  const values = new Values(code, undefined, undefined);
  values.slots[0] = input;
  values.slots[1] = context;
  return values;
}

export class Values {
  readonly slots: Slots;
  readonly #code: RegionCode;
  /** For a region: those of the activation around it. */
  readonly #parent: Values | undefined;
  /** Where the values of `code.carried` stand; a value that is in its own slot by now has none. */
  readonly #sources: (Source | undefined)[] | undefined;

  constructor(code: RegionCode, parent: Values | undefined, sources: (Source | undefined)[] | undefined) {
    this.#code = code;
    this.#parent = parent;
    this.#sources = sources;
    // oxlint-disable-next-line unicorn/no-new-array -- one that grows is moved again and again
    this.slots = new Array<unknown>(code.places);
  }

  /** The value of a slot, of this activation or one around it. */
  read(slot: number): unknown {
    const { layout, id, carriedAt } = this.#code;
    if (layout.home[slot] !== id) return this.#parent?.read(slot);
    const place = layout.index[slot] ?? 0;
    const carried = this.#sources === undefined ? NONE : (carriedAt[place] ?? NONE);
    const source = carried === NONE ? undefined : this.#sources?.[carried];
    return source === undefined ? this.slots[place] : source.values.read(source.slot);
  }

  /** `before` has ended, with all before it: what it carries over stands here from now on. */
  detach(before: Values): void {
    const sources = this.#sources ?? [];
    for (const [index, { into }] of this.#code.carried.entries()) {
      const source = sources[index];
      if (source === undefined || source.values !== before) continue;
      this.slots[into] = before.read(source.slot);
      sources[index] = undefined;
    }
  }

  /** Where a variable of a `try` stood when that failed, or was left, at `position`. */
  versionOf({ versions, from }: CarriedSlot, position: number): Source | undefined {
    const last = versions.findLast((version) => version.position < position);
    if (last !== undefined) return { values: this, slot: last.slot };
    return this.#parent === undefined ? undefined : { values: this.#parent, slot: from };
  }
}
