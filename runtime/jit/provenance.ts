/**
 * Explains the inputs of the calls in a trace by where they come from.
 *
 * In:  one trace, or two of the same calls. Objects are told by identity. A primitive comes from a path only if the value
 *      there differed between two traces and matched in both; that it equals something once says nothing.
 * Out: a template for each record.
 */
import type { TraceRecord } from '../tracing/trace-record.ts';
import { isPlain } from './facts.ts';
import { isSameInput } from './same-input.ts';
import { SourceIndex, type StringPlace } from './source-index.ts';
import { follow, INPUT, type Lookup, type PathTemplate, type Template, type Trace } from './template.ts';

/**
 * What is made of primitives that were seen once. `guess`: they come from any equal output, which holds for the same input
 * again. `proof`: they are constants, and of several places of an object it is the latest that counts. `doubt`: they are
 * opaque.
 */
export type Rigour = 'guess' | 'proof' | 'doubt';

/** The records of both traces stand for the same calls, in the same order. */
export function explainTraces(first: Trace, second?: Trace, rigour: Rigour = 'guess'): readonly Template[] {
  const index = new SourceIndex(first, second);
  return first.records.map((record, step) => {
    const other = second?.records[step];
    const seconds = other && second && { value: other.inputs, view: viewOf(second, other) };
    return explain(index, step, { value: record.inputs, view: viewOf(first, record) }, seconds, rigour);
  });
}

/** The same for what the calls were made by, `root`. A primitive is a constant only if other inputs gave it, too. */
export function explainResult(
  first: Trace,
  root: TraceRecord,
  second?: Trace,
  secondRoot?: TraceRecord,
): Template {
  if (root.end === undefined || root.error !== undefined) return OPAQUE;
  const atEnd = (trace: Trace, { end = -Infinity }: TraceRecord): Lookup => viewAt(trace, end);
  const isUsable =
    second !== undefined &&
    secondRoot?.end !== undefined &&
    secondRoot.error === undefined &&
    !isSameInput(first.input, second.input);
  const seconds = isUsable ? { value: secondRoot.outputs, view: atEnd(second, secondRoot) } : undefined;
  const index = new SourceIndex(first, isUsable ? second : undefined);
  return explain(
    index,
    first.records.length,
    { value: root.outputs, view: atEnd(first, root) },
    seconds,
    'doubt',
  );
}

interface Sample {
  readonly value: unknown;
  readonly view: Lookup;
}

function explain(
  index: SourceIndex,
  step: number,
  first: Sample,
  second: Sample | undefined,
  rigour: Rigour,
): Template {
  const explanation = new Explanation(index, step, first.view, second?.view, rigour);
  return second === undefined
    ? explanation.once(first.value, 0)
    : explanation.twice(first.value, second.value, 0);
}

/** What was known when `record` started. */
export function viewOf(trace: Trace, record: TraceRecord): Lookup {
  const known = viewAt(trace, record.start);
  return (step) => (trace.records[step] === record ? undefined : known(step));
}

function viewAt(trace: Trace, time: number): Lookup {
  return (step) => {
    if (step === INPUT) return { value: trace.input };
    const source = trace.records[step];
    const isKnown = source?.end !== undefined && source.end <= time && source.error === undefined;
    return isKnown ? { value: source.outputs } : undefined;
  };
}

const DEEPEST = 32;
/** Objects that hold one another can be walked forever. */
const LARGEST = 10_000;
const OPAQUE: Template = { kind: 'opaque' };

class Explanation {
  readonly #index: SourceIndex;
  readonly #step: number;
  readonly #first: Lookup;
  readonly #second: Lookup | undefined;
  readonly #rigour: Rigour;
  #walked = 0;

  constructor(index: SourceIndex, step: number, first: Lookup, second: Lookup | undefined, rigour: Rigour) {
    this.#rigour = rigour;
    this.#index = index;
    this.#step = step;
    this.#first = first;
    this.#second = second;
  }

  /** As far as one call can tell. */
  once(value: unknown, depth: number): Template {
    const isThere = (one: PathTemplate): boolean => follow(one, this.#first) !== undefined;
    if (!isObject(value)) {
      if (this.#rigour === 'doubt') return OPAQUE;
      const places = this.#rigour === 'guess' ? this.#index.find(value) : [];
      return places.find((one) => one.step !== INPUT && isThere(one)) ?? { kind: 'value', value };
    }
    const source = this.#pick(value, isThere);
    if (source !== undefined) return source;
    return this.#inside(value, value, depth, (item) => this.once(item, depth + 1));
  }

  twice(one: unknown, other: unknown, depth: number): Template {
    if (!isObject(one) && Object.is(one, other)) return { kind: 'value', value: one };
    const source = this.#pick(
      one,
      (path) => this.#isAt(path, this.#first, one) && this.#isAt(path, this.#second, other),
    );
    if (source !== undefined) return source;
    if (one === other) return { kind: 'value', value: one };
    if (typeof one === 'string' && typeof other === 'string') return this.#text(one, other);
    if (!isObject(one) || !isObject(other)) return OPAQUE;
    return this.#inside(one, other, depth, (item, second) => this.twice(item, second, depth + 1));
  }

  /**
   * Whoever is to wait for an object waits for the latest call that answered it, for that may have changed it. What else
   * holds it has got it from the first place.
   */
  #pick(value: unknown, fits: (path: PathTemplate) => boolean): PathTemplate | undefined {
    const places = this.#index.find(value);
    const answered =
      this.#rigour === 'guess' ? undefined : places.findLast((one) => one.path.length === 0 && fits(one));
    return answered ?? places.find(fits);
  }

  #isAt(path: PathTemplate, lookup: Lookup | undefined, value: unknown): boolean {
    const found = lookup && follow(path, lookup);
    return found !== undefined && Object.is(found.value, value);
  }

  #inside(
    one: object,
    other: object,
    depth: number,
    within: (item: unknown, other: unknown) => Template,
  ): Template {
    const [keys, others] = [Object.keys(one), Object.keys(other)];
    this.#walked += keys.length;
    const isSmall = depth < DEEPEST && this.#walked <= LARGEST;
    const isAlike =
      isSmall && keys.length === others.length && keys.every((key, index) => key === others[index]);
    // Accessors are not asked, for that could be noticed.
    if (!isAlike || !isSamePlainKind(one, other) || !isPlain(one) || !isPlain(other)) return OPAQUE;
    const [values, otherValues] = [Object.values(one), Object.values(other)];
    const items = values.map((item: unknown, index) => within(item, otherValues[index]));
    return Array.isArray(one) ? { kind: 'list', items } : { kind: 'record', keys, items };
  }

  /** Both strings read as the same text around strings that differ. */
  #text(one: string, other: string): Template {
    const parts: (string | PathTemplate)[] = [];
    const holes = this.#stringsIn(one, other);
    let [at, otherAt, literal] = [0, 0, ''];
    while (at < one.length || otherAt < other.length) {
      const hole = holes.find(
        ({ first, second }) => one.startsWith(first, at) && other.startsWith(second, otherAt),
      );
      if (hole !== undefined) {
        if (literal !== '') parts.push(literal);
        literal = '';
        parts.push(hole.place);
        at += hole.first.length;
        otherAt += hole.second.length;
      } else if (at < one.length && one[at] === other[otherAt]) {
        literal += one[at];
        at++;
        otherAt++;
      } else return OPAQUE;
    }
    if (literal !== '') parts.push(literal);
    return { kind: 'text', parts };
  }

  /** Strings that may stand in both, the longest first. */
  #stringsIn(one: string, other: string): readonly StringPlace[] {
    const isKnown = ({ place }: StringPlace): boolean =>
      this.#first(place.step) !== undefined && this.#second?.(place.step) !== undefined;
    return this.#index
      .stringsBefore(this.#step)
      .filter((at) => one.includes(at.first) && other.includes(at.second) && isKnown(at))
      .toSorted((at, that) => that.first.length - at.first.length);
  }
}

function isSamePlainKind(one: object, other: object): boolean {
  const kindOf = (value: object): unknown => Object.getPrototypeOf(value);
  const kind = kindOf(one);
  return (kind === Array.prototype || kind === Object.prototype) && kindOf(other) === kind;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
