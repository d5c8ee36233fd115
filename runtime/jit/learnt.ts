/**
 * What is known about one operator that learns: the ways that its calls have taken, each with what makes the inputs of
 * its steps and how far that can be trusted. Kept weakly, with the operator.
 */
import { isObject, isOperator } from '../brand.ts';
import { Counters, ofProgram } from './counters.ts';
import { explainTraces, viewOf } from './provenance.ts';
import { isSameInput } from './same-input.ts';
import { builtIn, holdsAny, isByIdentity, make, type Template, type Trace } from './template.ts';
import { align, countCalls, isSameCounts } from './trace-order.ts';

/** A call that has always been made on this way. */
export interface LearntStep {
  readonly operator: object;
  /** How many calls of the same operator stand before it on this way. */
  readonly nth: number;
  template: Template;
  /** From 0 to 1: how often, lately, the call was made with just this input. */
  trust: number;
  /** Its result holds on to its input, so that another input that is merely equal will not do. */
  keepsInput: boolean;
}

export class Shape {
  readonly signature: string;
  /** How often each operator is called. */
  readonly counts: ReadonlyMap<object, number>;
  readonly steps: readonly LearntStep[];
  readonly #stepsOf = new Map<object, LearntStep[]>();
  last: Trace;
  /** How many calls with such inputs have gone this way since one went another. */
  streak = 0;
  /** Templates have stood the test of two inputs. */
  isProven = false;

  constructor(signature: string, trace: Trace) {
    this.signature = signature;
    this.counts = countCalls(trace);
    this.last = trace;
    const templates = explainTraces(trace);
    this.steps = trace.records.map(({ operator }, index) => {
      const template: Template = templates[index] ?? { kind: 'opaque' };
      const calls = this.#stepsOf.get(operator) ?? [];
      const keepsInput = keeps(template, trace, index);
      const step = { operator, nth: calls.length, template, trust: 1, keepsInput };
      calls.push(step);
      this.#stepsOf.set(operator, calls);
      return step;
    });
  }

  /** The same calls again. What no longer explains them is explained anew, from the last two. */
  learn(trace: Trace): void {
    const aligned = align(trace, this.last);
    const wrong = this.steps.map((step, index) => !isRight(step.template, aligned, index));
    const isOther = !isSameInput(aligned.input, this.last.input);
    for (const [index, step] of this.steps.entries()) {
      step.keepsInput ||= keeps(step.template, aligned, index);
      step.trust = step.trust * KEEP + (wrong[index] === true ? 0 : 1 - KEEP);
    }
    if (this.isProven ? wrong.includes(true) : isOther || wrong.includes(true)) {
      const templates = explainTraces(this.last, aligned);
      for (const [index, step] of this.steps.entries()) {
        if (this.isProven && wrong[index] === false) continue;
        if (!this.isProven) step.trust = 1;
        step.template = templates[index] ?? step.template;
      }
      this.isProven = true;
    }
    this.last = aligned;
  }

  /** The step that stands for this call of an operator. */
  find(operator: object, nth: number): LearntStep | undefined {
    return this.#stepsOf.get(operator)?.[nth];
  }

  /** May be relied on for an input that is not the one of the last call. */
  isKnown(index: number): boolean {
    const [step, record] = [this.steps[index], this.last.records[index]];
    if (step === undefined || record === undefined) return false;
    return this.isProven || isByIdentity(step.template, viewOf(this.last, record));
  }
}

/** Something was started for a step, and not used. */
export function miss(step: LearntStep): void {
  step.trust *= KEEP;
}

/** Whether the result of a call was seen to hold on to an input that would be another object if it were started early. */
function keeps(template: Template, { records }: Trace, index: number): boolean {
  const record = records[index];
  return record !== undefined && holdsAny(record.outputs, builtIn(template, record.inputs));
}

/** So many calls in a row that went one way make the next likely to do so. */
export const STREAK = 3;
/** How much of an old opinion is kept. */
const KEEP = 0.7;
/** Below this a step is not started early; four calls as foretold make up for one that was not. */
export const TRUSTED = 0.9;

export class Learnt {
  readonly counters: Counters = new Counters(ofProgram);
  /** The latest last. */
  #shapes: Shape[] = [];
  #operators: readonly object[] = [];
  readonly #beside = new Map<object, Set<number>>();
  /** How often one run has called each operator, at most. */
  readonly #most = new Map<object, number>();

  /** The code went on beside this call of an operator: it may go by which of its calls ends first. */
  noteBeside(operator: object, nth: number): void {
    const nths = this.#beside.get(operator);
    if (nths === undefined) this.#beside.set(operator, new Set([nth]));
    else nths.add(nth);
  }

  /** A run has called `operator` so often. */
  noteCalls(operator: object, count: number): void {
    this.#most.set(operator, Math.max(count, this.#most.get(operator) ?? 0));
  }

  /** It has done so once, whichever way it went then; or with another call of the operator, and never came to this one. */
  isBeside(operator: object, nth: number): boolean {
    const nths = this.#beside.get(operator);
    return nths !== undefined && (nths.has(nth) || nth >= (this.#most.get(operator) ?? 0));
  }

  get shapes(): readonly Shape[] {
    return this.#shapes;
  }

  /** Ways that calls with such an input have taken, the most likely first. */
  find(self: object, input: unknown): readonly Shape[] {
    const operators = operatorsIn(self);
    const isSame =
      operators.length === this.#operators.length &&
      operators.every((one, index) => one === this.#operators[index]);
    // What was learnt with other operators is worth nothing.
    if (!isSame) {
      this.#shapes = [];
      this.#beside.clear();
    }
    this.#operators = operators;
    const signature = signatureOf(input);
    const found = this.#shapes.filter((shape) => shape.signature === signature).toReversed();
    const exact = found.find((shape) => isSameInput(shape.last.input, input));
    return exact === undefined ? found : [exact, ...found.filter((shape) => shape !== exact)];
  }

  learn(trace: Trace, cacheSize: number): void {
    const signature = signatureOf(trace.input);
    const counts = countCalls(trace);
    const known = this.#shapes.find(
      (shape) => shape.signature === signature && isSameCounts(shape.counts, counts),
    );
    const shape = known ?? new Shape(signature, trace);
    const { streak } = shape;
    known?.learn(trace);
    for (const one of this.#shapes) if (one.signature === signature) one.streak = 0;
    shape.streak = streak + 1;
    this.#shapes = [...this.#shapes.filter((one) => one !== shape), shape].slice(-cacheSize);
  }
}

function isRight(template: Template, trace: Trace, index: number): boolean {
  const record = trace.records[index];
  if (record === undefined) return false;
  const made = make(template, viewOf(trace, record));
  return made !== undefined && isSameInput(made.value, record.inputs);
}

/** The structure of an input: types, and keys of records; of arrays the first element, whatever their length. */
export function signatureOf(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  if (depth > 4) return '…';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${signatureOf(value[0], depth + 1)}]`;
  if (Object.getPrototypeOf(value) !== Object.prototype) return 'object';
  const parts = Object.entries(Object.getOwnPropertyDescriptors(value)).map(
    ([key, property]) => `${JSON.stringify(key)}:${signatureOf(property.value, depth + 1)}`,
  );
  return `{${parts.join()}}`;
}

/** The operators that hang on the fields of another one, in arrays, Maps and records too. */
function operatorsIn(self: object): readonly object[] {
  const found: object[] = [];
  const seen = new Set<unknown>([self]);
  const rest: unknown[] = [self];
  for (const holder of rest) {
    if (!isObject(holder)) continue;
    const properties = Object.values(Object.getOwnPropertyDescriptors(holder));
    const members = holder instanceof Map ? [...Map.prototype.values.call(holder)] : [];
    for (const value of [...properties.map((property): unknown => property.value), ...members]) {
      if (!isObject(value) || seen.has(value)) continue;
      seen.add(value);
      if (isOperator(value)) found.push(value);
      else if (isHolder(value) && seen.size < 10_000) rest.push(value);
    }
  }
  return found;
}

function isHolder(value: object): boolean {
  return Array.isArray(value) || value instanceof Map || Object.getPrototypeOf(value) === Object.prototype;
}
