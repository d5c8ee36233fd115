/**
 * Lowers loops: a piece that runs a region again and again. Variables that the body assigns are carried from iteration to
 * iteration; a flag says whether another one follows.
 */
import type ts from 'typescript';
import type { Binding, Flag, Output, Piece, RegionDraft } from './piece.ts';
import type { Context } from './context.ts';
import { jumpsTo } from './jumps.ts';
import {
  addTest,
  guarded,
  lowerFlag,
  lowerStatements,
  type Lowerer,
  newFlag,
  raisedBy,
  requireConstant,
  requireFree,
  whole,
} from './lower-control.ts';
import { strip } from './operators.ts';
import { namesOf } from './body-variables.ts';
import type { PieceList } from './piece-list.ts';
import { suspends } from './shape.ts';

type ForEach = ts.ForOfStatement | ts.ForInStatement;

export function lowerLoop(lowerer: Lowerer, loop: ts.IterationStatement): void {
  const { context, list } = lowerer;
  const { ts } = context;
  if (ts.isForStatement(loop)) lowerInitializer(lowerer, loop.initializer);
  const items = isForEach(context, loop) ? itemsOf(lowerer, loop) : undefined;
  const landing = { breaks: newFlag('break'), continues: newFlag('continue') };
  lowerer.landings.set(loop, landing);
  const given = items === undefined ? [] : [items];
  const form = ts.isForInStatement(loop) ? 'keys' : 'given';
  list.addOwner({ kind: 'loop', form, nodes: [loop], outputs: [], given }, (owner) => {
    const variables: (ts.Symbol | Flag)[] = list.variables
      .assignedBy(loop)
      .filter((variable) => list.isAssigned(variable));
    const raised = raisedBy(lowerer, loop).flatMap(({ of }) => ('isFlag' in of ? [of] : []));
    const carried = [...variables, ...raised];
    const region = list.addRegion('iteration', owner, () =>
      lowerIteration(lowerer, loop, owner, carried, items),
    );
    return { regions: [region], outputs: carried };
  });
}

function lowerIteration(
  lowerer: Lowerer,
  loop: ts.IterationStatement,
  owner: Piece,
  variables: readonly (ts.Symbol | Flag)[],
  items: Binding | undefined,
): Omit<RegionDraft, 'id' | 'role' | 'owner'> {
  const { context, list } = lowerer;
  const { ts } = context;
  const carried = variables.map((of) => {
    const { slot: from } = list.bindingOf(of);
    const into = list.newSlot(of);
    list.set(of, into);
    return { of, from, into };
  });
  addFlags(lowerer, loop);
  const more = addHeader(lowerer, loop, items);
  guarded(list, more, () => {
    if (isForEach(context, loop)) bindElement(lowerer, loop);
    const { statement } = loop;
    lowerStatements(lowerer, ts.isBlock(statement) ? statement.statements : [statement]);
  });
  const again = addEnd(lowerer, loop, owner, more);
  const outs = carried.map((one) => ({ ...one, out: list.bindingOf(one.of).slot }));
  return { carried: outs, results: outs.map(({ out }) => out), again: again.slot };
}

function lowerInitializer(lowerer: Lowerer, initializer: ts.ForInitializer | undefined): void {
  const { context, list, lowerTo } = lowerer;
  const { ts } = context;
  if (initializer === undefined) return;
  if (!ts.isVariableDeclarationList(initializer)) {
    if (suspends(context, initializer)) throw whole(context, initializer);
    const outputs = list.variables.assignedBy(initializer);
    list.add({ kind: 'compute', form: 'statements', nodes: [initializer], outputs });
    return;
  }
  for (const declaration of initializer.declarations) {
    requireConstant(lowerer, declaration);
    const names = namesOf(context, declaration.name);
    requireFree(lowerer, names, initializer.parent);
    list.declare(names);
    const [name] = names;
    if (ts.isIdentifier(declaration.name) && declaration.initializer && name)
      lowerTo(declaration.initializer, [name]);
    else if (suspends(context, declaration)) throw whole(context, declaration);
    else list.add({ kind: 'compute', form: 'binding', nodes: [declaration], outputs: names });
  }
}

function isForEach({ ts }: Context, loop: ts.Node): loop is ForEach {
  return ts.isForOfStatement(loop) || ts.isForInStatement(loop);
}

/** What is iterated, or whose keys are, evaluated before the loop begins. */
function itemsOf(lowerer: Lowerer, loop: ForEach): Binding {
  const { context, list, lowerTo } = lowerer;
  const { ts } = context;
  requireConstant(lowerer, loop.expression);
  const isUsing =
    ts.isVariableDeclarationList(loop.initializer) && (loop.initializer.flags & ts.NodeFlags.Using) !== 0;
  const isAsync = ts.isForOfStatement(loop) && loop.awaitModifier !== undefined;
  if (isAsync || isUsing || !ts.isVariableDeclarationList(loop.initializer)) throw whole(context, loop);
  const items = strip(context, loop.expression);
  lowerTo(items, [items]);
  return list.lastOutput();
}

/** Jumps to the loop raise flags, which are down when an iteration begins. */
function addFlags({ context, list, landings }: Lowerer, loop: ts.IterationStatement): void {
  const landing = landings.get(loop);
  if (landing === undefined) return;
  const jumps = jumpsTo(context, loop);
  const used: readonly [Flag, boolean][] = [
    [landing.breaks, jumps.some(context.ts.isBreakStatement)],
    [landing.continues, jumps.some(context.ts.isContinueStatement)],
  ];
  for (const [flag, isUsed] of used)
    if (isUsed) list.add({ kind: 'compute', form: 'no', nodes: [loop], outputs: [flag], given: [] });
}

/** What decides whether the body runs; nothing if it always does. */
function addHeader(
  lowerer: Lowerer,
  loop: ts.IterationStatement,
  items: Binding | undefined,
): Binding | undefined {
  const { context, list } = lowerer;
  const { ts } = context;
  if (isForEach(context, loop) && items !== undefined && 'kind' in items.of) {
    const outputs = [newFlag('more'), elementOf(lowerer, loop)];
    const form = ts.isForInStatement(loop) ? 'keys' : 'given';
    const next = list.add({ kind: 'next', form, nodes: [items.of], outputs, given: [] });
    return next.outputs[0];
  }
  if (ts.isWhileStatement(loop)) return lowerFlag(lowerer, loop.expression);
  return ts.isForStatement(loop) && loop.condition ? lowerFlag(lowerer, loop.condition) : undefined;
}

function nameOf({ ts }: Context, loop: ForEach): ts.BindingName | undefined {
  return ts.isVariableDeclarationList(loop.initializer) ? loop.initializer.declarations[0]?.name : undefined;
}

function elementOf(lowerer: Lowerer, loop: ForEach): Output {
  const { context, list } = lowerer;
  const name = nameOf(context, loop);
  const names = name === undefined ? [] : namesOf(context, name);
  requireFree(lowerer, names, loop);
  list.declare(names);
  const [only] = names;
  return name !== undefined && context.ts.isIdentifier(name) && only !== undefined ? only : loop.initializer;
}

/** Takes the element apart. */
function bindElement(lowerer: Lowerer, loop: ForEach): void {
  const { context, list } = lowerer;
  const name = nameOf(context, loop);
  if (name === undefined || context.ts.isIdentifier(name)) return;
  if (suspends(context, name)) throw whole(context, name);
  requireConstant(lowerer, name);
  const given = [list.bindingOf(loop.initializer)];
  list.add({ kind: 'compute', form: 'pattern', nodes: [name], outputs: namesOf(context, name), given });
}

/** The end of an iteration: what steps on, and whether another one follows. */
function addEnd(
  lowerer: Lowerer,
  loop: ts.IterationStatement,
  owner: Piece,
  more: Binding | undefined,
): Binding {
  const { context, list } = lowerer;
  const { ts } = context;
  const landing = lowerer.landings.get(loop);
  const breaks =
    jumpsTo(context, loop).some(ts.isBreakStatement) && landing ? [list.bindingOf(landing.breaks)] : [];
  const ends = [...breaks, ...raisedBy(lowerer, loop)];
  const incrementor = ts.isForStatement(loop) ? loop.incrementor : undefined;
  const condition = ts.isDoStatement(loop) ? loop.expression : undefined;
  let again = more;
  const mayEnd =
    ends.length > 0 ||
    list.pieces.slice(owner.id + 1).some(({ gate, depth = 0 }) => gate && depth <= list.depth);
  guarded(list, more, () => {
    const goesOn = ends.length > 0 ? addTest(list, 'none', loop, ends) : undefined;
    guarded(list, goesOn, () => {
      if (incrementor) addIncrementor(lowerer, incrementor);
      if (condition) again = lowerFlag(lowerer, condition);
    });
    if (condition === undefined && (mayEnd || more === undefined)) again = goesOn ?? addYes(list, loop);
  });
  return again ?? addYes(list, loop);
}

function addYes(list: PieceList, node: ts.Node): Binding {
  list.add({ kind: 'compute', form: 'yes', nodes: [node], outputs: [newFlag('again')], given: [] });
  return list.lastOutput();
}

function addIncrementor({ context, list }: Lowerer, node: ts.Expression): void {
  if (suspends(context, node)) throw whole(context, node);
  list.add({ kind: 'compute', form: 'statements', nodes: [node], outputs: list.variables.assignedBy(node) });
}
