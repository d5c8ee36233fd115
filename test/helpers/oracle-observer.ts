/**
 * Watches one run of a program as written, for the oracle, and answers what it did in program order: calls of operators,
 * pauses, and stretches of the program's own code that changed or said something which others can see.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { disturb, MemoryWatch, otherValue, type Change } from './oracle-memory.ts';
import { eventsOf, isAlike, pathOf, type Unit } from './oracle-unit.ts';
import { reachable, snapshot } from './snapshot.ts';
import type { CallRecord, WorldObserver } from './world.ts';

/** What one run does differently from the code as written. */
export interface Experiment {
  /** These calls give other results. */
  readonly isOther?: (call: CallRecord) => boolean;
  readonly variant?: number;
  /** Texts in these results are this one. */
  readonly text?: string | undefined;
  readonly isFailing?: (call: CallRecord) => boolean;
  /** What the unit with this key changes gets another value, and so does what its statement sets. */
  readonly disturbed?: string;
  /** The composite whose first call has this key gives another result. */
  readonly otherFrom?: string;
}

const around = new AsyncLocalStorage<Unit>();
const NOTHING: ReadonlySet<object> = new Set();

export class Observer implements WorldObserver {
  /** In program order, without calls made by composites. */
  readonly units: Unit[] = [];
  /** Objects that the caller gave. */
  given: ReadonlySet<object> = NOTHING;
  /** Objects that came out of calls: each may be one that somebody else knows, too. */
  readonly foreign = new Set<object>();
  /** Texts under which entries of Maps and Sets were put or looked up. */
  readonly keys = new Set<string>();
  /** What handlers were given. */
  readonly handled = new Set<unknown>();
  readonly #experiment: Experiment;
  readonly #memory = new MemoryWatch();
  readonly #counts = new Map<string, number>();
  #roots: unknown[] = [];
  #now: () => number = () => 0;
  #body: Unit | undefined;
  #said: string[] = [];
  #marks: { readonly object: object; readonly key: string }[] = [];
  readonly #own = new Set<object>();
  #site = 0;
  #statement = 0;
  #last: Unit | undefined;
  #begun: Unit[] = [];
  readonly #promised = new WeakMap<object, Unit>();

  constructor(experiment: Experiment = {}) {
    this.#experiment = experiment;
  }

  begins(now: () => number): void {
    this.#now = now;
  }

  // What probes say.

  at(site: number): void {
    this.#flush(true);
    this.#pass();
    this.#site = site;
    this.#statement++;
    this.#last = undefined;
  }

  /** `isOwn`: it stands in the body. */
  changes(key: string, isOwn: boolean, object: object): object {
    this.#marks.push({ object, key });
    if (isOwn) this.#own.add(object);
    return object;
  }

  /** What a combinator waits for. */
  members(list: unknown): unknown {
    const members: readonly unknown[] = Array.isArray(list) ? list : [];
    for (const one of members) {
      const unit = one instanceof Promise ? this.#promised.get(one) : undefined;
      if (unit !== undefined) unit.combined = this.#statement;
    }
    return list;
  }

  caught(error: unknown): void {
    this.handled.add(error);
  }

  key(value: unknown): unknown {
    if (typeof value === 'string') this.keys.add(value);
    return value;
  }

  out(value: unknown): unknown {
    const [begun, ...others] = this.#begun;
    if (value instanceof Promise && begun !== undefined && others.length === 0)
      this.#promised.set(value, begun);
    const unit = this.#flush(true) ?? this.#last;
    this.#pass();
    this.#last = unit;
    const { disturbed, variant = 0 } = this.#experiment;
    return unit !== undefined && unit.key === disturbed ? otherValue(value, variant) : value;
  }

  /** An iterator that is code of the program advances only when it does as written: each time is a pause. */
  iterate(items: Iterable<unknown>): Iterable<unknown> {
    const isCode = Object.prototype.toString.call(items) === '[object Generator]';
    return isCode ? this.#advancing(items) : items;
  }

  *#advancing(items: Iterable<unknown>): Iterable<unknown> {
    this.pauses()();
    for (const item of items) {
      yield item;
      this.pauses()();
    }
  }

  // What operators say.

  invoke(operator: object, input: unknown, proceed: () => unknown): unknown {
    const parent = around.getStore();
    if (parent === undefined) {
      const body = this.#unit('call', parent, { operator });
      this.#body = body;
      this.#roots = [input, operator];
      this.given = reachable(input);
      this.#memory.add(input);
      this.#memory.add(operator);
      return around.run(body, proceed);
    }
    this.#flush(false);
    const [given, own] = [reachable(input), reachable(operator)];
    this.#memory.add(input);
    this.#memory.add(operator);
    const unit = this.#unit('call', parent, { operator, given, holds: new Set([...given, ...own]) });
    return this.#during(unit, proceed);
  }

  /** A call that no operator of the class `Operator` made. */
  #during(unit: Unit, proceed: () => unknown): unknown {
    this.#enlist(unit);
    const answer = around.run(unit, proceed);
    this.#attribute(unit);
    const promise = this.#until(unit, answer);
    this.#promised.set(promise, unit);
    return promise;
  }

  /** Goes on failing without a handler if nobody handles it. */
  async #until(unit: Unit, answer: unknown): Promise<unknown> {
    let result: unknown;
    try {
      result = await answer;
      const { otherFrom, variant = 0 } = this.#experiment;
      const isOther =
        otherFrom !== undefined && unit.inner.length > 0 && eventsOf(unit)[0]?.key === otherFrom;
      if (isOther) result = otherValue(result, variant);
      return result;
    } finally {
      this.#leave(unit, result);
    }
  }

  #leave(unit: Unit, result: unknown): void {
    this.#attribute(unit);
    unit.endedAt = this.#now();
    for (const object of reachable(result)) this.foreign.add(object);
    this.#memory.add(result);
    if (unit.key === this.#experiment.disturbed)
      for (const object of unit.writes) for (const key of Object.keys(object)) this.#disturb(object, key);
  }

  // What the world says.

  started(call: CallRecord): void {
    const unit = around.getStore();
    if (unit !== undefined && unit !== this.#body && unit.inner.length === 0) this.#name(unit, call);
    else {
      this.#flush(false);
      const given = reachable(call.input);
      const alone = this.#unit('call', unit, { given, holds: given });
      this.#name(alone, call);
      this.#enlist(alone);
      alone.endedAt = Number.NaN;
    }
  }

  #name(unit: Unit, call: CallRecord): void {
    unit.call = call;
    unit.key = `${pathOf(call)} ${this.#count(pathOf(call))}`;
    unit.text = call.atStart;
  }

  result(call: CallRecord, result: unknown): unknown {
    const { isOther, variant = 0, text } = this.#experiment;
    return isOther?.(call) === true ? otherValue(result, variant, text) : result;
  }

  fails(call: CallRecord): boolean {
    return this.#experiment.isFailing?.(call) === true;
  }

  said(text: string): void {
    this.#said.push(text);
  }

  pauses(): () => void {
    this.#flush(false);
    const unit = this.#unit('pause', around.getStore(), {});
    unit.key = `pause ${this.#site} ${this.#count(`pause ${this.#site}`)}`;
    this.#enlist(unit);
    return () => {
      unit.endedAt = this.#now();
    };
  }

  // Units.

  #unit(kind: Unit['kind'], parent: Unit | undefined, more: Partial<Unit>): Unit {
    const [startedAt, statement] = [this.#now(), this.#statement];
    const isInstant = kind === 'code';
    return {
      kind,
      key: '',
      text: '',
      parent,
      inner: [],
      statement,
      startedAt,
      endedAt: isInstant ? startedAt : Number.POSITIVE_INFINITY,
      passedAt: startedAt,
      holds: NOTHING,
      given: NOTHING,
      writes: new Set(),
      visible: new Set(),
      isOutside: false,
      says: false,
      ...more,
    };
  }

  /** The body goes on behind what it started last. */
  #pass(): void {
    for (const unit of this.#begun.splice(0)) unit.passedAt = this.#now();
  }

  #enlist(unit: Unit): void {
    if (unit.parent !== undefined && unit.parent !== this.#body) {
      unit.parent.inner.push(unit);
      return;
    }
    if (this.#begun.some((one) => one.startedAt < this.#now())) this.#pass();
    if (unit.kind === 'call') this.#begun.push(unit);
    this.units.push(unit);
  }

  #count(name: string): number {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return count;
  }

  /** The code since the last time: a unit, if anybody can see what it did. With the end of a statement, also writes without a change. */
  #flush(isEnd: boolean): Unit | undefined {
    const context = around.getStore();
    if (context !== undefined && context !== this.#body) {
      this.#attribute(context);
      return undefined;
    }
    const changes = this.#memory.changes();
    const marks = isEnd ? this.#marks.filter(({ object }) => this.#memory.has(object)) : [];
    if (isEnd) this.#marks = [];
    else
      this.#marks = this.#marks.filter(({ object }) => changes.every((change) => change.object !== object));
    const said = this.#said.splice(0);
    if (changes.length === 0 && marks.length === 0 && said.length === 0) return undefined;
    const unit = this.#unit('code', context, { says: said.length > 0 });
    unit.key = `code ${this.#site} ${this.#count(`code ${this.#site}`)}`;
    unit.text = [...said, ...changes.map(showChange)].join('\n');
    for (const { object } of [...changes, ...marks]) unit.writes.add(object);
    this.#findVisible(unit);
    this.#enlist(unit);
    if (unit.key === this.#experiment.disturbed)
      for (const { object, key } of [...changes, ...marks]) this.#disturb(object, key);
    return unit;
  }

  /** A composite, or a call that changes what it was given, has made the changes since the last time. */
  #attribute(unit: Unit): void {
    const changes = this.#memory.changes();
    for (let one: Unit | undefined = unit; one !== undefined && one !== this.#body; one = one.parent) {
      for (const { object } of changes) one.writes.add(object);
      this.#findVisible(one);
    }
  }

  /**
   * What the body was given, by its caller or as a result, may be anybody's. Code that writes state of an operator, or of its own
   * class in a method that others may call, conflicts with all calls; fields that only the body touches, and no operator holds,
   * are its own.
   */
  #findVisible(unit: Unit): void {
    if (unit.writes.size === 0) return;
    const [input, operator] = this.#roots;
    const given = reachable(input);
    const seen = reachable([operator, unit.operator]);
    const state = this.#state();
    for (const object of unit.writes) {
      const isGiven = given.has(object) || this.foreign.has(object);
      const isOwn = this.#own.has(object) && !state.has(object);
      const isState = unit.kind === 'code' && seen.has(object) && !isOwn;
      if (isGiven || isState) unit.isOutside = true;
      if (isGiven || seen.has(object)) unit.visible.add(object);
    }
  }

  /** What operators of the composite hold. */
  #state(): ReadonlySet<object> {
    const [, operator] = this.#roots;
    const isOperator = (one: object): boolean => one !== operator && 'invoke' in one;
    return reachable([...reachable(operator)].filter(isOperator));
  }

  /** "Unknown aliases conflict": what an operator holds may be what came from outside, and any two results may be one object. */
  #disturb(object: object, key: unknown): void {
    const { variant = 0 } = this.#experiment;
    const others = this.#state().has(object)
      ? [...this.foreign, ...this.given]
      : this.foreign.has(object)
        ? [...this.foreign]
        : [];
    const aliases = others.filter((one) => isAlike(one, object));
    for (const one of new Set([object, ...aliases])) disturb(one, key, variant);
    // So that it is nobody's change.
    this.#memory.changes();
  }
}

function showChange({ key, value }: Change): string {
  const isObject = typeof value === 'object' && value !== null;
  return `${String(key)}: ${isObject ? 'object' : snapshot(value)}`;
}
