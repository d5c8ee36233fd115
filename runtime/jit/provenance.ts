/**
 * Explains the inputs of the calls in a trace by where they come from.
 *
 * In:  one trace, or two of the same calls. Objects are told by identity. A primitive comes from a path only if the value
 *      there differed between two traces and matched in both; that it equals something once says nothing.
 * Out: a template for each record.
 */
import type { TraceRecord } from '../tracing/trace-record.ts';
import { SourceIndex } from './source-index.ts';
import { follow, INPUT, type Lookup, type PathTemplate, type Template, type Trace } from './template.ts';

/** The records of both traces stand for the same calls, in the same order. */
export function explainTraces(first: Trace, second?: Trace): readonly Template[] {
  const index = new SourceIndex(first);
  return first.records.map((record, step) => {
    const other = second?.records[step];
    const explanation = new Explanation(
      index,
      step,
      viewOf(first, record),
      other && second && viewOf(second, other),
    );
    return other === undefined
      ? explanation.once(record.inputs, 0)
      : explanation.twice(record.inputs, other.inputs, 0);
  });
}

/** What was known when `record` started. */
export function viewOf(trace: Trace, record: TraceRecord): Lookup {
  return (step) => {
    if (step === INPUT) return { value: trace.input };
    const source = trace.records[step];
    const isKnown = source?.end !== undefined && source.end <= record.start && source.error === undefined;
    return isKnown && source !== record ? { value: source.outputs } : undefined;
  };
}

const DEEPEST = 32;
const OPAQUE: Template = { kind: 'opaque' };

class Explanation {
  readonly #index: SourceIndex;
  readonly #step: number;
  readonly #first: Lookup;
  readonly #second: Lookup | undefined;
  #texts: readonly (readonly [PathTemplate, string, string])[] | undefined;

  constructor(index: SourceIndex, step: number, first: Lookup, second: Lookup | undefined) {
    this.#index = index;
    this.#step = step;
    this.#first = first;
    this.#second = second;
  }

  /** As far as one call can tell. What primitives come from is a guess, good for the same input again. */
  once(value: unknown, depth: number): Template {
    const source = this.#index
      .find(value)
      .find((one) => (isObject(value) || one.step !== INPUT) && follow(one, this.#first) !== undefined);
    if (source !== undefined) return source;
    if (!isObject(value)) return { kind: 'value', value };
    return this.#inside(value, value, depth, (item) => this.once(item, depth + 1));
  }

  twice(one: unknown, other: unknown, depth: number): Template {
    if (!isObject(one) && Object.is(one, other)) return { kind: 'value', value: one };
    const source = this.#index
      .find(one)
      .find((path) => this.#isAt(path, this.#first, one) && this.#isAt(path, this.#second, other));
    if (source !== undefined) return source;
    if (typeof one === 'string' && typeof other === 'string') return this.#text(one, other);
    if (!isObject(one) || !isObject(other)) return OPAQUE;
    return this.#inside(one, other, depth, (item, second) => this.twice(item, second, depth + 1));
  }

  #isAt(path: PathTemplate, lookup: Lookup | undefined, value: unknown): boolean {
    const found = lookup && follow(path, lookup);
    return found !== undefined && Object.is(found.value, value);
  }

  #inside(
    one: object,
    other: object,
    depth: number,
    explain: (item: unknown, other: unknown) => Template,
  ): Template {
    const [keys, others] = [Object.keys(one), Object.keys(other)];
    const isAlike =
      depth < DEEPEST && keys.length === others.length && keys.every((key, index) => key === others[index]);
    if (!isAlike || !isSamePlainKind(one, other)) return OPAQUE;
    const [values, otherValues] = [Object.values(one), Object.values(other)];
    const items = values.map((item: unknown, index) => explain(item, otherValues[index]));
    return Array.isArray(one) ? { kind: 'list', items } : { kind: 'record', keys, items };
  }

  /** Both strings read as the same text around strings that differ. */
  #text(one: string, other: string): Template {
    const parts: (string | PathTemplate)[] = [];
    let [at, otherAt, literal] = [0, 0, ''];
    while (at < one.length || otherAt < other.length) {
      const hole = this.#strings().find(
        ([, first, second]) => one.startsWith(first, at) && other.startsWith(second, otherAt),
      );
      if (hole !== undefined) {
        if (literal !== '') parts.push(literal);
        literal = '';
        parts.push(hole[0]);
        at += hole[1].length;
        otherAt += hole[2].length;
      } else if (at < one.length && one[at] === other[otherAt]) {
        literal += one[at];
        at++;
        otherAt++;
      } else return OPAQUE;
    }
    if (literal !== '') parts.push(literal);
    return { kind: 'text', parts };
  }

  /** Strings that were there in both, the longest first. */
  #strings(): readonly (readonly [PathTemplate, string, string])[] {
    this.#texts ??= this.#index
      .stringsBefore(this.#step)
      .flatMap((path): readonly (readonly [PathTemplate, string, string])[] => {
        const first = follow(path, this.#first)?.value;
        const second = this.#second && follow(path, this.#second)?.value;
        const differ = typeof first === 'string' && typeof second === 'string' && first !== second;
        return differ && first !== '' && second !== '' ? [[path, first, second]] : [];
      })
      .toSorted(([, one], [, other]) => other.length - one.length);
    return this.#texts;
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
