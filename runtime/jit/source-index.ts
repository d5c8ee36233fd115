/** Where each value of a trace can be found: in its input, and in the outputs of its calls. Made in one walk. */
import { isOperator } from '../brand.ts';
import { follow, INPUT, type Lookup, type PathTemplate, type Trace } from './template.ts';

/** A value that is in more places than this is nobody's in particular. */
const PLACES = 16;
/** How much of one output is looked at, and how many strings may stand in one text. */
const NODES = 10_000;
const DEEPEST = 32;
const STRINGS = 64;

/** A place where two traces have different strings. */
export interface StringPlace {
  readonly place: PathTemplate;
  readonly first: string;
  readonly second: string;
}

export class SourceIndex {
  readonly #places = new Map<unknown, PathTemplate[]>();
  readonly #strings: StringPlace[] = [];
  readonly #lastStringOf: number[] = [];
  readonly #second: Lookup;

  constructor({ input, records }: Trace, second?: Trace) {
    this.#second = (step) => {
      if (second === undefined) return undefined;
      return { value: step === INPUT ? second.input : second.records[step]?.outputs };
    };
    this.#add(INPUT, input);
    for (const [step, { outputs, error }] of records.entries()) {
      this.#lastStringOf.push(this.#strings.length);
      if (error === undefined) this.#add(step, outputs);
    }
  }

  /** The places where exactly this object or primitive was, in the order of the trace. */
  find(value: unknown): readonly PathTemplate[] {
    return this.#places.get(value) ?? [];
  }

  /** Some places where strings differ before the call `step` started: of the input, and of the latest outputs. */
  stringsBefore(step: number): readonly StringPlace[] {
    const last = this.#lastStringOf[step] ?? this.#strings.length;
    const first = Math.min(STRINGS, last);
    return [...this.#strings.slice(0, first), ...this.#strings.slice(Math.max(first, last - STRINGS), last)];
  }

  #add(step: number, root: unknown): void {
    const rest: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value: root, path: [] }];
    const seen = new Set<unknown>();
    for (const [visited, { value, path }] of rest.entries()) {
      if (visited === NODES) return;
      const place: PathTemplate = { kind: 'path', step, path };
      this.#note(value, place);
      if (typeof value === 'string' && value !== '') this.#addString(place, value);
      if (typeof value !== 'object' || value === null || seen.has(value) || path.length >= DEEPEST) continue;
      seen.add(value);
      if (isOperator(value)) continue;
      for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value)))
        if (property.enumerable === true && 'value' in property)
          rest.push({ value: property.value, path: [...path, key] });
    }
  }

  #addString(place: PathTemplate, first: string): void {
    const second = follow(place, this.#second)?.value;
    if (typeof second === 'string' && second !== '' && second !== first)
      this.#strings.push({ place, first, second });
  }

  #note(value: unknown, place: PathTemplate): void {
    const places = this.#places.get(value);
    if (places === undefined) this.#places.set(value, [place]);
    else {
      // The first ones, and the latest.
      if (places.length === PLACES) places.pop();
      places.push(place);
    }
  }
}
