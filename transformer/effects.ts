/**
 * Pass 3: what each piece reads, writes and calls.
 *
 * In:  pieces in program order (pass 2).
 * Out: an `Access` per piece, and the places that they speak of.
 *
 * The walk repeats until it learns nothing new about what objects hold and what escapes; both only grow.
 */
import type ts from 'typescript';
import { must } from '../runtime/errors.ts';
import { Access } from './access.ts';
import { caughtBy, noteThrown } from './caught.ts';
import type { Context } from './context.ts';
import { evaluate, evaluateStep } from './evaluate.ts';
import { bind } from './evaluate-assign.ts';
import { enter } from './evaluate-function.ts';
import { answer, declare, visit } from './evaluate-statement.ts';
import type { Body } from './lower.ts';
import { input, join, Memory, nothing, type Value, valueOf, world } from './memory.ts';
import type { OperatorTable } from './operator-table.ts';
import { isPrimitive } from './node-types.ts';
import { isFlag, isNode, type Lowered, type Piece } from './piece.ts';
import type { Scope, Walkers } from './scope.ts';
import { settledMembers } from './settled.ts';
import { isQuietIterable, iterate } from './evaluate-literal.ts';
import { regionsOfPlaces } from './place-regions.ts';
import { RegionTree } from './region-tree.ts';
import { isPrimitiveType, mayBeThenable } from './symbols.ts';

export interface Effects {
  readonly accesses: readonly Access[];
  readonly memory: Memory;
  /** Methods of the class whose bodies were relied upon. */
  readonly guards: ReadonlySet<string>;
  /** The innermost region outside of which nothing reaches a place. */
  readonly regionOf: ReadonlyMap<number, number>;
  /** The type of what the body is given. */
  readonly inputType: ts.Type | undefined;
}

const walk: Walkers = { evaluate, visit, enter };

export function findEffects(
  context: Context,
  body: Body,
  lowered: Lowered,
  operators: OperatorTable,
): Effects {
  const tree = new RegionTree(lowered);
  const memory = new Memory(tree, lowered.scopes);
  for (;;) {
    const before = memory.version;
    const variables = new Map<ts.Symbol, Value>();
    const evaluated = new Map<ts.Node, Value>();
    const guards = new Set<string>();
    bindParameters(context, body, variables);
    const accesses = lowered.pieces.map((piece) => {
      memory.region = piece.region;
      enterRegions(context, lowered, piece, variables, memory);
      const scope: Scope = {
        walk,
        context,
        memory,
        operators,
        cells: lowered.cells,
        variables,
        evaluated,
        guards,
        body,
        access: new Access(context, memory),
        step: piece.id,
        waits: piece.kind === 'call' || piece.kind === 'async' || piece.kind === 'await',
        settles: piece.settles,
        running: new Map(),
        caught: false,
        // What may be skipped, or run again, adds to what variables denote.
        conditional: piece.guard !== undefined || piece.region !== undefined,
        code: piece.nodes,
        within: body,
      };
      walkPiece(scope, piece, evaluated);
      scope.access.gate = piece.gate;
      scope.access.mayFail ||=
        piece.gate || piece.kind === 'call' || (piece.kind === 'await' && piece.form !== 'returned');
      // Who fails first decides which calls are still under way.
      if (piece.settles !== undefined) scope.access.races = scope.access.abandons = true;
      // Its members have begun, and it tells what becomes of each.
      const isTold = piece.kind === 'await' && piece.starts !== undefined && piece.nodes.length === 1;
      if (isTold && piece.nodes.every((node) => settledMembers(context, node) !== undefined))
        scope.access.mayFail = piece.gate;
      scope.access.handsOut = handsOut(scope, piece, evaluated);
      noteCalls(context, lowered, piece, scope);
      return scope.access;
    });
    if (memory.version === before) {
      const [parameter] = body.parameters;
      const inputType = parameter && context.checker.getTypeAtLocation(parameter);
      return { accesses, memory, guards, inputType, regionOf: regionsOfPlaces(lowered, memory, tree) };
    }
  }
}

/** Variables that come into the regions of `piece` from elsewhere may denote whatever they have ever denoted. */
function enterRegions(
  context: Context,
  { regions }: Lowered,
  piece: Piece,
  variables: Map<ts.Symbol, Value>,
  memory: Memory,
): void {
  for (const id of piece.regions ?? []) {
    const region = regions[id];
    for (const { of } of region?.carried ?? []) {
      if (isFlag(of)) continue;
      const known = variables.get(of) ?? nothing;
      variables.set(of, join(known, { places: memory.heldBy(of) }));
    }
    const error = region?.error?.of;
    if (error !== undefined && !isNode(error) && !isFlag(error)) {
      const value = caught(context, memory, must(piece.nodes[0], 'a `try` has no code'));
      variables.set(error, value);
      memory.hold(error, value.places);
    }
  }
}

/** Whether what the step gives, or has stored where it can be reached, holds promises of calls in flight. */
function handsOut(
  { access, memory, variables }: Scope,
  piece: Piece,
  evaluated: ReadonlyMap<ts.Node, Value>,
): boolean {
  const given = piece.outputs.flatMap(({ of }) => {
    if (isFlag(of)) return [];
    return [...((isNode(of) ? evaluated.get(of) : variables.get(of))?.places ?? [])];
  });
  const holds = [...memory.reach(new Set(given))].some((place) => memory.promises.has(place));
  if (holds || access.begun.size === 0) return holds;
  const held = memory.reach(new Set([...variables.values()].flatMap(({ places }) => [...places])));
  return [...access.begun].some((promise) => held.has(promise) || memory.isShared(promise));
}

/** Simple parameters are slots from the start; patterns are bound by pieces of their own. */
function bindParameters(context: Context, body: Body, variables: Map<ts.Symbol, Value>): void {
  const { ts, checker } = context;
  for (const parameter of body.parameters) {
    const symbol = checker.getSymbolAtLocation(parameter.name);
    if (!ts.isIdentifier(parameter.name) || symbol === undefined) continue;
    variables.set(symbol, isPrimitive(context, parameter.name) ? nothing : valueOf(input));
  }
}

function walkPiece(scope: Scope, piece: Piece, evaluated: Map<ts.Node, Value>): void {
  const { context, memory } = scope;
  const { ts } = context;
  const [node] = piece.nodes;
  if (node === undefined) return;
  switch (piece.form) {
    case 'given':
      return walkGiven(scope, piece, evaluated);
    case 'keys':
      // Which key comes next hangs on what the object has by then.
      if (piece.kind === 'next' && ts.isExpression(node)) {
        scope.access.read(evaluate(scope, node));
        scope.access.mayFail = true;
      }
      return give(scope, piece, nothing, evaluated);
    case 'condition':
      if (ts.isExpression(node)) evaluateStep(scope, node);
      return;
    case 'pattern':
      if (ts.isBindingName(node)) bind(scope, node, elementOf(piece, node, evaluated, scope));
      return;
    case 'nothing':
    case 'yes':
    case 'no':
    case 'none':
    case 'any':
    case 'same':
    case 'absent':
    case 'present':
      return;
    case 'call':
    case 'expression': {
      const expression = piece.called && piece.form === 'call' ? piece.called.call : node;
      if (!ts.isExpression(expression)) return give(scope, piece, evaluated.get(node) ?? nothing, evaluated);
      const isDone = piece.outputs.length === 0 && evaluated.has(expression);
      const promised = isDone ? evaluate(scope, expression) : evaluateStep(scope, expression);
      if (endsBody(piece)) answer(scope, promised);
      // An `async` piece gives what the promise that it answers gives.
      const answers = piece.kind === 'async' && !piece.isBoxed && !ts.isAwaitExpression(expression);
      const waits = piece.kind === 'call' || piece.kind === 'await' || endsBody(piece) || answers;
      return give(scope, piece, waits ? awaited(scope, piece, expression, promised) : promised, evaluated);
    }
    case 'parameter':
      if (ts.isParameter(node)) bindParameter(scope, node, evaluated.get(node) ?? valueOf(input));
      return;
    case 'returned': {
      const of = piece.inputs[0]?.of;
      const isVariable = of !== undefined && !isNode(of) && !isFlag(of);
      return give(scope, piece, (isVariable ? scope.variables.get(of) : undefined) ?? nothing, evaluated);
    }
    case 'binding':
      if (ts.isVariableDeclaration(node)) declare(scope, node);
      return;
    case 'statements':
    case 'tail':
      for (const statement of piece.nodes) {
        if (ts.isExpression(statement)) evaluateStep(scope, statement);
        else visit(scope, statement);
      }
      for (const { of } of piece.outputs)
        if (isNode(of)) evaluated.set(of, { places: memory.reach(valueOf(world, input).places) });
  }
}

/** A step that runs regions, or takes the next element of what one iterates. */
function walkGiven(scope: Scope, piece: Piece, evaluated: Map<ts.Node, Value>): void {
  const [items] = piece.nodes;
  if (piece.kind !== 'next' || items === undefined || !scope.context.ts.isExpression(items)) return;
  const type = scope.context.checker.getTypeAtLocation(items);
  // Its iterator is code of the program, which would have to be told when the loop is left.
  if (!isQuietIterable(scope.context, type)) scope.access.barrier('XCS3007', items);
  give(scope, piece, iterate(scope, items), evaluated);
}

/** What a pattern takes apart: an element of a loop, or what was caught, which may be anything. */
function elementOf(
  { inputs }: Piece,
  node: ts.Node,
  evaluated: ReadonlyMap<ts.Node, Value>,
  { memory, context }: Scope,
): Value {
  const of = inputs[0]?.of;
  const element = of !== undefined && isNode(of) ? evaluated.get(of) : undefined;
  return element ?? caught(context, memory, node);
}

/** What the handler of the `try` that `node` is, or is in, is given. */
function caught({ ts }: Context, memory: Memory, node: ts.Node): Value {
  return caughtBy(memory, must(ts.findAncestor(node, ts.isTryStatement), 'nothing is caught there'));
}

/** What the step calls may fail in each `try` around it; what goes on when it has ended, wherever somebody waits for that. */
function noteCalls({ ts }: Context, { pieces, regions }: Lowered, piece: Piece, scope: Scope): void {
  const { access, memory } = scope;
  let isCaught = false;
  for (let at = regions[piece.region ?? -1]; at !== undefined;) {
    const owner = pieces[at.owner];
    const node = owner?.nodes[0];
    if (at.role === 'try' && node && ts.isTryStatement(node)) noteThrown(memory, node, access.held);
    isCaught ||= at.role === 'try' || at.role === 'catch';
    at = regions[owner?.region ?? -1];
  }
  // Where nothing of the body follows a failure, nothing can meet what that leaves behind.
  access.abandons &&= isCaught;
  if (piece.kind === 'start' || access.lingers) noteThrown(memory, undefined, access.held);
}

function bindParameter(scope: Scope, parameter: ts.ParameterDeclaration, given: Value): void {
  const { initializer } = parameter;
  const other = initializer && evaluate({ ...scope, conditional: true }, initializer);
  // The input is as shared as anything that a default may be.
  const value = other === undefined || given.places.has(input) ? given : join(given, other);
  bind(scope, parameter.name, value);
}

/** What waiting for `promised` gives; waiting for a promise that no known call made is a barrier. */
function awaited(scope: Scope, piece: Piece, node: ts.Expression, promised: Value): Value {
  const { memory, context } = scope;
  const known = [...promised.places].filter((place) => memory.promises.has(place));
  const isKnown = known.length === promised.places.size && known.length > 0;
  if (isKnown) return { places: memory.load(promised.places) };
  if (endsBody(piece)) return promised;
  if (!mayBeThenable(context, context.checker.getTypeAtLocation(node))) return promised;
  scope.access.barrier('XCS3002', node);
  memory.escape(promised.places);
  return { places: new Set([world, ...memory.reach(promised.places)]) };
}

function endsBody({ kind }: Piece): boolean {
  return kind === 'return' || kind === 'exit';
}

/** Gives the outputs of `piece` their value. */
function give(scope: Scope, piece: Piece, value: Value, evaluated: Map<ts.Node, Value>): void {
  const { context, variables, conditional, memory } = scope;
  for (const { of } of piece.outputs) {
    if (isFlag(of)) continue;
    const isValue = isNode(of)
      ? isPrimitive(context, of)
      : isPrimitiveType(context, context.checker.getTypeOfSymbol(of));
    const given = isValue ? nothing : value;
    // A piece that may be skipped leaves what was there before.
    const before = conditional ? (isNode(of) ? evaluated.get(of) : variables.get(of)) : undefined;
    const after = before === undefined ? given : join(before, given);
    if (isNode(of)) evaluated.set(of, after);
    else {
      const kept = memory.kept(of, after);
      variables.set(of, kept);
      memory.hold(of, kept.places);
    }
  }
}
