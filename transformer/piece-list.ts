/** The pieces of a body as they are made, and the slots that its variables and evaluated expressions stand in. */
import type ts from 'typescript';
import type { Note, StepKind } from '../runtime/descriptor.ts';
import { assignedTargets, targetSymbol } from './assigned.ts';
import { type Code, note } from './catalogue.ts';
import { type Context, labelOf, spanOf } from './context.ts';
import { CurrentSlots } from './current-slots.ts';
import { assignedEarly } from './early-assignments.ts';
import { libraryMember } from './library.ts';
import { must } from '../runtime/errors.ts';
import type { OperatorCall } from './operators.ts';
import {
  type Binding,
  type Flag,
  type Form,
  isNode,
  type Lowered,
  type Output,
  type Piece,
  type RegionDraft,
} from './piece.ts';
import { mayThrow } from './shape.ts';

export interface Draft {
  readonly kind: StepKind;
  readonly form: Form;
  readonly nodes: readonly ts.Node[];
  readonly outputs: readonly Output[];
  readonly called?: OperatorCall;
  readonly starts?: readonly number[];
  readonly notes?: readonly Note[];
  readonly isBoxed?: boolean;
  readonly settles?: ReadonlySet<ts.Symbol>;
  /** For `parameter`: the slot of what is passed. */
  readonly from?: number;
  /** For `returned`: the first piece of the function. */
  readonly ends?: number;
  /** For pieces without code of their own: what they are given. */
  readonly given?: readonly Binding[];
}

/** Forms of pieces that evaluate their nodes. */
const RUNS_NODES: ReadonlySet<Form> = new Set([
  'call',
  'expression',
  'binding',
  'parameter',
  'statements',
  'tail',
  'condition',
]);

/** From this statement on the body must run as written. */
export class Uncuttable extends Error {
  readonly note: Note;

  constructor(context: Context, code: Code, node: ts.Node, what: string) {
    super(code);
    this.note = note(code, spanOf(context, node), what);
  }
}

/** The body can be cut only if these variables are cells. */
export class NeedsCells extends Error {
  readonly variables: readonly ts.Symbol[];

  constructor(variables: readonly ts.Symbol[]) {
    super(variables.map(({ name }) => name).join());
    this.variables = variables;
  }
}

export class PieceList implements Lowered {
  readonly pieces: Piece[] = [];
  readonly slots: string[] = ['input', 'context'];
  readonly regions: RegionDraft[] = [];
  readonly homes: (number | undefined)[] = [undefined, undefined];
  readonly scopes: Map<ts.Symbol, number | undefined> = new Map();
  readonly cells: ReadonlySet<ts.Symbol>;
  /** Variables that must stay with the functions that capture them. */
  readonly kept: ReadonlySet<ts.Symbol>;
  readonly #context: Context;
  readonly #mayBeCell: (variable: ts.Symbol) => boolean;
  readonly #captured: ReadonlySet<ts.Symbol>;
  /** Variables of the body, and the slot that holds each one now. */
  readonly #variables = new Set<ts.Symbol>();
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

  /** `captured`: variables that change although functions which are kept capture them; those of `cells` may. */
  constructor(
    context: Context,
    mayBeCell: (variable: ts.Symbol) => boolean,
    captured: ReadonlySet<ts.Symbol>,
    cells: ReadonlySet<ts.Symbol>,
  ) {
    this.#context = context;
    this.#mayBeCell = mayBeCell;
    this.cells = cells;
    this.#captured = captured;
    this.kept = new Set([...captured].filter((variable) => !cells.has(variable)));
  }

  /** Whether functions that may run at any time may change the variable. */
  isCaptured(variable: ts.Symbol): boolean {
    return this.#captured.has(variable);
  }

  isCell(variable: ts.Symbol): boolean {
    return this.cells.has(variable);
  }

  /** Notes variables that belong to the whole body. */
  declare(variables: readonly ts.Symbol[]): void {
    for (const variable of variables) {
      this.#variables.add(variable);
      if (!this.scopes.has(variable)) this.scopes.set(variable, this.#region);
    }
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
    const variables = this.#variables.size;
    const [guard, region] = [this.#guard, this.#region];
    const [inlined, around] = [this.#inlined, this.#around];
    return () => {
      this.#inlined = inlined;
      this.#around = around;
      this.#guard = guard;
      this.#region = region;
      this.regions.length = regions;
      this.homes.length = slots;
      for (const variable of [...this.#variables].slice(variables)) this.#forget(variable);
      this.pieces.length = pieces;
      this.slots.length = slots;
      for (const slot of this.#starter.keys()) if (slot >= slots) this.#starter.delete(slot);
      forgetSlots();
      for (const [node, slot] of this.#evaluated) if (slot >= slots) this.#evaluated.delete(node);
    };
  }

  #forget(variable: ts.Symbol): void {
    this.#variables.delete(variable);
    this.scopes.delete(variable);
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
    return { slot: must(this.#slotNow(of), 'something has no slot'), of };
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
    const symbol = this.variableAt(node);
    return symbol && this.#current.get(symbol);
  }

  /** The variable of the body that `node` refers to. */
  variableAt(node: ts.Identifier): ts.Symbol | undefined {
    const { ts, checker } = this.#context;
    const isShorthand = ts.isShorthandPropertyAssignment(node.parent);
    const symbol = isShorthand
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    return symbol !== undefined && this.#variables.has(symbol) ? symbol : undefined;
  }

  declaredBy(statement: ts.Node): readonly ts.Symbol[] {
    const { ts, checker } = this.#context;
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => namesOf(this.#context, name));
    const isNamed =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement);
    if (!isNamed) return [];
    const symbol = statement.name && checker.getSymbolAtLocation(statement.name);
    return symbol === undefined ? [] : [symbol];
  }

  assignedBy(node: ts.Node): readonly ts.Symbol[] {
    const { ts } = this.#context;
    const found = new Set<ts.Symbol>();
    const visit = (inner: ts.Node): void => {
      for (const target of assignedTargets(this.#context, inner)) {
        const symbol = targetSymbol(this.#context, target);
        // The slot of a cell stays as it is.
        const isSlot = symbol !== undefined && this.#variables.has(symbol) && !this.isCell(symbol);
        if (isSlot) found.add(symbol);
      }
      ts.forEachChild(inner, visit);
    };
    visit(node);
    return [...found];
  }

  /** The pieces that started the calls that `node` waits for to the end: `p`, `Promise.all([p, q])`. */
  startsOf(node: ts.Expression): readonly number[] | undefined {
    const slot = this.slotOf(node);
    const start = slot === undefined ? undefined : this.#starter.get(slot);
    if (start !== undefined) return [start];
    const starts = this.#startersIn(node);
    return starts.length > 0 && starts.every((found) => found !== undefined) ? starts : undefined;
  }

  /** The pieces that started calls which have ended when the combinator `node` has succeeded. */
  startedIn(node: ts.Expression): readonly number[] | undefined {
    const starts = this.#startersIn(node).filter((found) => found !== undefined);
    return starts.length > 0 ? starts : undefined;
  }

  /** For each element of a list that `Promise.all` or `allSettled` waits for: the piece that started it, if one did. */
  #startersIn(node: ts.Expression): readonly (number | undefined)[] {
    const { ts, checker } = this.#context;
    const declaration = ts.isCallExpression(node)
      ? checker.getResolvedSignature(node)?.declaration
      : undefined;
    const library = libraryMember(this.#context, declaration);
    const isAll = library?.owner === 'PromiseConstructor' && /^(all|allSettled)$/.test(library.member);
    const [list] = isAll && ts.isCallExpression(node) ? node.arguments : [];
    if (list === undefined || !ts.isArrayLiteralExpression(list)) return [];
    return list.elements.map((element) => this.#starter.get(this.slotOf(element) ?? -1));
  }

  /** Sees to it that `variables` are cells, if there are any. */
  requireCells(variables: readonly ts.Symbol[], node: ts.Node): void {
    if (variables.length === 0) return;
    if (!variables.every(this.#mayBeCell))
      throw new Uncuttable(this.#context, 'XCS2007', node, `\`${labelOf(node, 40)}\``);
    throw new NeedsCells(variables.filter((variable) => !this.isCell(variable)));
  }

  /** A handler sees what a piece had assigned when it failed, and the slots of a piece are filled only at its end. */
  #requireSeen({ form, nodes }: Draft): void {
    const [first] = nodes;
    if (first === undefined || !RUNS_NODES.has(form) || !this.#isCaught()) return;
    const assigned = nodes.flatMap((node) => this.assignedBy(node));
    const seen = new Set(assigned.filter((variable) => this.isAssigned(variable)));
    if (seen.size > 0) this.requireCells(assignedEarly(this.#context, nodes, seen), first);
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
    const inputs = draft.given ?? this.#inputsOf(draft);
    const otherwise = draft.outputs.map((of) => this.#slotNow(of) ?? null);
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

  #slotNow(of: Output): number | undefined {
    return isNode(of) ? this.#evaluated.get(of) : this.#current.get(of);
  }

  /** The slots that the code of `draft` reads: variables of the body, and expressions that have been evaluated. */
  #inputsOf(draft: Draft): readonly Binding[] {
    const { ts } = this.#context;
    const found = new Map<ts.Symbol | ts.Node, number>();
    const declared = new Set<Output>(
      draft.form === 'tail' || draft.form === 'statements'
        ? [...draft.outputs, ...draft.nodes.flatMap((node) => this.declaredBy(node))]
        : draft.outputs,
    );
    // The value of these is known only when their function has returned, so nothing in it sees the variable.
    const isSeen = draft.form !== 'call' && draft.kind !== 'await';
    const visit = (node: ts.Node): void => {
      const isRoot =
        draft.nodes.includes(node) && (draft.outputs.includes(node) || draft.form === 'parameter');
      const slot = isRoot ? undefined : this.#evaluated.get(node);
      if (slot !== undefined) return void found.set(node, slot);
      // What a class extends is an expression, although it stands where a type may.
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
      const symbol = ts.isIdentifier(node) ? this.variableAt(node) : undefined;
      if (symbol !== undefined) this.#addInput(found, symbol, isSeen && declared.has(symbol), node);
      ts.forEachChild(node, visit);
    };
    for (const node of draft.form === 'call' && draft.called ? [draft.called.call] : draft.nodes) visit(node);
    const [parameter] = draft.nodes;
    const passed =
      draft.from === undefined || parameter === undefined ? [] : [{ slot: draft.from, of: parameter }];
    // The default of a parameter may name those before it, never one behind it.
    return [...[...found].map(([of, slot]) => ({ slot, of })), ...passed];
  }

  #addInput(
    found: Map<ts.Symbol | ts.Node, number>,
    symbol: ts.Symbol,
    isDeclared: boolean,
    node: ts.Node,
  ): void {
    const slot = this.#current.get(symbol);
    if (slot !== undefined) found.set(symbol, slot);
    else if (!isDeclared)
      throw new Uncuttable(
        this.#context,
        'XCS2009',
        node,
        `\`${symbol.name}\` is used before it is declared`,
      );
  }
}

/** The variables that a pattern binds. */
export function namesOf(context: Context, name: ts.BindingName): readonly ts.Symbol[] {
  const { ts, checker } = context;
  if (ts.isIdentifier(name)) {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol === undefined ? [] : [symbol];
  }
  return name.elements.flatMap((element) =>
    ts.isBindingElement(element) ? namesOf(context, element.name) : [],
  );
}
