/** What one piece of code does to memory and to the world: gathered by `evaluate`, read by `describe` and `infer`. */
import type ts from 'typescript';
import type { Note, Path, Step } from '../runtime/descriptor.ts';
import { type Code, note } from './catalogue.ts';
import { type Context, labelOf, spanOf } from './context.ts';
import type { Memory, Value } from './memory.ts';
import { input, world } from './memory.ts';

export class Access {
  readonly reads: Set<number> = new Set();
  readonly writes: Set<number> = new Set();
  /** What the operators that it calls can reach: all that they are given. */
  readonly held: Set<number> = new Set();
  /** What the caller may reach once the body has ended here. */
  readonly answers: Set<number> = new Set();
  readonly operators: Set<number> = new Set();
  readonly notes: Note[] = [];
  order: Step['order'] = 'free';
  gate = false;
  lingers = false;
  /** Calls of it may go on when it has failed, though not when it has succeeded. */
  abandons = false;
  /** Its value holds promises of calls in flight. */
  handsOut = false;
  /** What it gives depends on which of its calls ends first. */
  races = false;
  /** Calls of it run side by side. */
  sideBySide = false;
  mayFail = false;
  /** For operators: paths from `this` whose objects are read and written. `["*"]` is one that has no path. */
  readonly ownReads: Map<string, Path> = new Map();
  readonly ownWrites: Map<string, Path> = new Map();
  mutatesInput = false;
  /** Does something whose place among other effects matters: logs, random numbers. */
  ordered = false;
  /** The first thing of which nothing is known. */
  unknown: { readonly what: string; readonly node: ts.Node } | undefined;
  /** Maps and Sets of which only one entry is touched, with the variable that is its key. */
  readonly keys: Map<number, ts.Symbol> = new Map();
  /** Places of which more than one entry is touched, or none knows which. */
  readonly #whole = new Set<number>();
  #key: ts.Symbol | undefined = undefined;
  readonly #context: Context;
  readonly #memory: Memory;

  constructor(context: Context, memory: Memory) {
    this.#context = context;
    this.#memory = memory;
  }

  /** Promises of calls and functions that go on when the step has ended. */
  readonly begun: Set<number> = new Set();

  /** Notes that nobody waits for `promise` within the step. */
  begin(promise: number): void {
    this.lingers = true;
    this.begun.add(promise);
  }

  /** What `touch` reads and writes of Maps and Sets is the entry under `key`. */
  under(key: ts.Symbol | undefined, touch: () => void): void {
    const outer = this.#key;
    this.#key = key;
    touch();
    this.#key = outer;
  }

  #touch(place: number): void {
    const known = this.keys.get(place);
    const isSame = known === undefined || known === this.#key;
    if (isSame && this.#key !== undefined && !this.#whole.has(place)) this.keys.set(place, this.#key);
    else {
      this.#whole.add(place);
      this.keys.delete(place);
    }
  }

  /** Reads the contents of the objects that `value` denotes. */
  read(value: Value): void {
    for (const place of value.places) this.#touch(place);
    for (const place of value.places) this.reads.add(place);
    if (value.path !== undefined) this.ownReads.set(value.path.join('.'), value.path);
    // What the caller gave is the caller's to order; anything else may be state that others write.
    else if ([...value.places].some((place) => place !== input && this.#memory.isShared(place)))
      this.ownReads.set('*', ['*']);
  }

  /** Changes the contents of the objects that `value` denotes. */
  write(value: Value, node: ts.Node): void {
    const shared = [...value.places].filter((place) => this.#memory.isShared(place));
    for (const place of value.places) this.#touch(place);
    for (const place of value.places) this.writes.add(place);
    if (shared.length === 0) return;
    this.fence('XCS3003', node);
    if (value.path !== undefined) this.ownWrites.set(value.path.join('.'), value.path);
    else if (shared.some((place) => place !== input)) this.ownWrites.set('*', ['*']);
    if (shared.includes(input)) this.mutatesInput = true;
  }

  /** For operators: an operator that may change what it is given is given `places`. */
  give(places: ReadonlySet<number>): void {
    if (places.has(input)) this.mutatesInput = true;
    if ([...places].some((place) => place !== input && this.#memory.isShared(place)))
      this.ownWrites.set('*', ['*']);
  }

  /** The code keeps its place among everything effectful. */
  fence(code: Code, node: ts.Node, what: string = labelOf(node, 48)): void {
    if (this.order === 'free') this.order = 'fence';
    if (code !== 'XCS3003') this.ordered = true;
    this.#note(code, node, what);
  }

  /** Nothing is known about what the code does. */
  barrier(code: Code, node: ts.Node, what: string = labelOf(node, 48)): void {
    this.order = 'barrier';
    this.mayFail = true;
    this.reads.add(world);
    this.writes.add(world);
    this.unknown ??= { what, node };
    this.#note(code, node, what);
  }

  #note(code: Code, node: ts.Node, what: string): void {
    const span = spanOf(this.#context, node);
    const known = this.notes.some(
      (other) => other.code === code && other.span.line === span.line && other.span.column === span.column,
    );
    if (!known) this.notes.push(note(code, span, what));
  }
}
