/** The pieces of a body as they are made, and the slots that its variables and evaluated expressions stand in. */
import type ts from 'typescript';
import type { BodyVariables } from './body-variables.ts';
import type { Context } from './context.ts';
import { CurrentSlots } from './current-slots.ts';
import { assignedEarly } from './early-assignments.ts';
import { must } from '../runtime/errors.ts';
import {
  type Binding,
  type Draft,
  type Flag,
  isNode,
  type Lowered,
  type Output,
  type Piece,
  type RegionDraft,
  RUNS_NODES,
} from './piece.ts';
import { inputsOf } from './piece-inputs.ts';
import { mayThrow } from './shape.ts';
import { Uncuttable } from './uncuttable.ts';

export class PieceList implements Lowered {
  readonly pieces: Piece[] = [];
  readonly slots: string[] = ['input', 'context'];
  readonly regions: RegionDraft[] = [];
  readonly homes: (number | undefined)[] = [undefined, undefined];
  readonly scopes: ReadonlyMap<ts.Symbol, number | undefined>;
  readonly cells: ReadonlySet<ts.Symbol>;
  readonly variables: BodyVariables;
  readonly #context: Context;
  /** The slot that holds each variable and flag now. */
  readonly #current = new CurrentSlots();
  /** The piece that started the call whose promise a slot holds. */
  readonly #starter = new Map<number, number>();
  /** Slots of expressions that have been evaluated. */
  readonly #evaluated = new Map<ts.Node, number>();
  /** What decides whether the pieces that are added now run. */
  #guard: Binding | undefined;
  /** The region that pieces are added to. */
  #region: number | undefined;
  /** The calls in whose place functions stand now, from the outside in, and how many of them are around the region. */
  #inlined: readonly ts.CallExpression[] = [];
  #around = 0;

  constructor(context: Context, variables: BodyVariables) {
    this.#context = context;
    this.variables = variables;
    this.scopes = variables.scopes;
    this.cells = variables.cells;
  }

  /** Notes variables that belong to the region that pieces are added to. */
  declare(variables: readonly ts.Symbol[]): void {
    this.variables.declare(variables, this.#region);
  }

  get guard(): Binding | undefined {
    return this.#guard;
  }

  /** Adds pieces that run only if `guard` holds a truthy value, or in any case. */
  under(guard: Binding | undefined, add: () => void): void {
    const outer = this.#guard;
    this.#guard = guard;
    add();
    this.#guard = outer;
  }

  /** Adds the pieces of a function that stands in the place of `call`; answers the first. */
  inside(call: ts.CallExpression, add: () => void): number {
    const outer = this.#inlined;
    this.#inlined = [...outer, call];
    const first = this.pieces.length;
    add();
    this.#inlined = outer;
    return first;
  }

  /** How many functions stand in the place of calls here. */
  get depth(): number {
    return this.#inlined.length;
  }

  /** A parameter that is a slot as it is. */
  assign(variable: ts.Symbol, slot: number): void {
    this.#current.set(variable, slot);
  }

  isAssigned(variable: ts.Symbol): boolean {
    return this.#current.has(variable);
  }

  isEvaluated(node: ts.Node): boolean {
    return this.#evaluated.has(node);
  }

  /** Answers how to forget all that is added from now on. */
  mark(): () => void {
    const [pieces, slots, regions] = [this.pieces.length, this.slots.length, this.regions.length];
    const forgetSlots = this.#current.mark();
    const forgetVariables = this.variables.mark();
    const [guard, region] = [this.#guard, this.#region];
    const [inlined, around] = [this.#inlined, this.#around];
    return () => {
      this.#inlined = inlined;
      this.#around = around;
      this.#guard = guard;
      this.#region = region;
      this.regions.length = regions;
      this.homes.length = slots;
      forgetVariables();
      this.pieces.length = pieces;
      this.slots.length = slots;
      for (const slot of this.#starter.keys()) if (slot >= slots) this.#starter.delete(slot);
      forgetSlots();
      for (const [node, slot] of this.#evaluated) if (slot >= slots) this.#evaluated.delete(node);
    };
  }

  get region(): number | undefined {
    return this.#region;
  }

  /** The slots of variables and flags as they are now. */
  current(): ReadonlyMap<ts.Symbol | Flag, number> {
    return this.#current.copy();
  }

  /** From now on `of` stands in `slot`. */
  set(of: ts.Symbol | Flag, slot: number): void {
    this.#current.set(of, slot);
  }

  /** Forgets what variables have become since. */
  restore(slots: ReadonlyMap<ts.Symbol | Flag, number>): void {
    this.#current.replace(slots);
  }

  /** Where `of` stands now. */
  bindingOf(of: Output): Binding {
    return { slot: must(this.slotNow(of), 'something has no slot'), of };
  }

  setResults(region: number, results: readonly number[]): void {
    this.regions[region] = { ...must(this.regions[region], `there is no region ${region}`), results };
  }

  newSlot(of: Output): number {
    this.slots.push(isNode(of) ? `$${this.slots.length}` : of.name);
    this.homes.push(this.#region);
    return this.slots.length - 1;
  }

  /** Adds a piece that runs regions; `add` adds those, and answers which they are and what the piece puts out. */
  addOwner(
    draft: Draft,
    add: (owner: Piece) => {
      readonly regions: readonly number[];
      readonly outputs: readonly (ts.Symbol | Flag)[];
    },
  ): Piece {
    const owner = this.add(draft);
    const before = this.current();
    const [guard, region] = [this.#guard, this.#region];
    this.#guard = undefined;
    const { regions, outputs } = add(owner);
    this.#guard = guard;
    this.#region = region;
    const bindings = outputs.map((of): Binding => ({ slot: this.newSlot(of), of }));
    const otherwise = outputs.map((of) => before.get(of) ?? null);
    const leaves = this.pieces.slice(owner.id).some(({ kind }) => kind === 'exit');
    const piece: Piece = {
      ...owner,
      regions,
      outputs: bindings,
      gate: leaves,
      ...(this.#guard && bindings.length > 0 ? { otherwise } : {}),
    };
    this.pieces[owner.id] = piece;
    this.#current.replace(before);
    for (const { slot, of } of bindings) if (!isNode(of)) this.#current.set(of, slot);
    return piece;
  }

  /** Adds the pieces of a region; `finish` says what it carries and gives, once they are there. */
  addRegion(
    role: RegionDraft['role'],
    owner: Piece,
    add: () => Omit<RegionDraft, 'id' | 'role' | 'owner'>,
  ): number {
    const id = this.regions.length;
    const [outer, around] = [this.#region, this.#around];
    this.#region = id;
    this.#around = this.depth;
    this.regions.push({ id, role, owner: owner.id, carried: [], results: [] });
    this.regions[id] = { id, role, owner: owner.id, ...add() };
    this.#region = outer;
    this.#around = around;
    return id;
  }

  slotOf(node: ts.Expression): number | undefined {
    const evaluated = this.#evaluated.get(node);
    if (evaluated !== undefined || !this.#context.ts.isIdentifier(node)) return evaluated;
    const symbol = this.variables.at(node);
    return symbol && this.#current.get(symbol);
  }

  /** The piece that started the call whose promise `node` is. */
  starterOf(node: ts.Expression): number | undefined {
    const slot = this.slotOf(node);
    return slot === undefined ? undefined : this.#starter.get(slot);
  }

  /** A handler sees what a piece had assigned when it failed, and the slots of a piece are filled only at its end. */
  #requireSeen({ form, nodes }: Draft): void {
    const [first] = nodes;
    if (first === undefined || !RUNS_NODES.has(form) || !this.#isCaught()) return;
    const assigned = nodes.flatMap((node) => this.variables.assignedBy(node));
    const seen = new Set(assigned.filter((variable) => this.isAssigned(variable)));
    if (seen.size > 0) this.variables.requireCells(assignedEarly(this.#context, nodes, seen), first);
  }

  /** Whether pieces that are added now stand in the block of a `try`. */
  #isCaught(): boolean {
    let region = this.#region;
    while (region !== undefined) {
      const around = must(this.regions[region], `there is no region ${region}`);
      if (around.role === 'try') return true;
      region = this.pieces[around.owner]?.region;
    }
    return false;
  }

  add(draft: Draft): Piece {
    this.#requireSeen(draft);
    const inputs = draft.given ?? inputsOf(this.#context, this, draft);
    const otherwise = draft.outputs.map((of) => this.slotNow(of) ?? null);
    const outputs = draft.outputs.map((of): Binding => ({ slot: this.newSlot(of), of }));
    // The promise of a call that may not have been made would need to be told from the one before it.
    if (draft.kind === 'start' && (this.#guard !== undefined || this.#region !== undefined))
      throw new Uncuttable(
        this.#context,
        'XCS2007',
        must(draft.nodes[0], 'a call has no code'),
        'a started call',
      );
    const gate =
      draft.kind === 'exit' ||
      (draft.form === 'statements' && draft.nodes.some((node) => mayThrow(this.#context, node)));
    const { kind, form, nodes, called, starts, settles, ends, notes = [], isBoxed = false } = draft;
    const inlined = this.#inlined.at(-1);
    const hops = this.depth - this.#around;
    const piece: Piece = {
      id: this.pieces.length,
      kind,
      form,
      nodes,
      inputs,
      outputs,
      isBoxed,
      gate,
      notes,
      ...(called ? { called } : {}),
      ...(starts ? { starts } : {}),
      ...(settles ? { settles } : {}),
      ...(inlined ? { inlined, depth: this.depth } : {}),
      ...(hops > 0 ? { hops } : {}),
      ...(ends === undefined ? {} : { ends }),
      ...(this.#region === undefined ? {} : { region: this.#region }),
      ...(this.#guard ? { guard: this.#guard } : {}),
      ...(this.#guard && outputs.length > 0 ? { otherwise } : {}),
    };
    this.pieces.push(piece);
    for (const { slot, of } of outputs) {
      if (kind === 'start') this.#starter.set(slot, piece.id);
      if (isNode(of)) this.#evaluated.set(of, slot);
      else this.#current.set(of, slot);
    }
    return piece;
  }

  /** What the piece that was added last puts out. */
  lastOutput(): Binding {
    return must(this.pieces.at(-1)?.outputs[0], 'the last piece has no output');
  }

  /** Where `of` stands now, if it does. */
  slotNow(of: Output): number | undefined {
    return isNode(of) ? this.#evaluated.get(of) : this.#current.get(of);
  }
}
