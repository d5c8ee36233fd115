/**
 * Lowers `try` statements: a piece that runs its block, its handler and its end as regions of their own. A handler sees each
 * variable that the block assigns as it stood when the block failed.
 */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { jumpsOut } from './jumps.ts';
import { lowerStatements, type Lowerer, newFlag, requireFree, whole } from './lower-control.ts';
import type { Flag, Output, Piece } from './piece.ts';
import { namesOf } from './body-variables.ts';
import type { PieceList } from './piece-list.ts';
import { contains, mayReturn, suspends } from './shape.ts';

/** A variable, or a flag. */
type Variable = ts.Symbol | Flag;
type Slots = ReadonlyMap<Variable, number>;

export function lowerTry(lowerer: Lowerer, statement: ts.TryStatement): void {
  const { list } = lowerer;
  requireSimple(lowerer, statement);
  const { tryBlock, catchClause, finallyBlock } = statement;
  list.addOwner({ kind: 'try', form: 'given', nodes: [statement], outputs: [], given: [] }, (owner) => {
    const before = list.current();
    const block = list.addRegion('try', owner, () => {
      lowerStatements(lowerer, tryBlock.statements);
      return { carried: [], results: [] };
    });
    const afterBlock = list.current();
    const changed = changedIn(before, afterBlock);
    list.restore(before);
    // A jump ends the block, so whoever handles a failure of it finds flags as they were.
    const seen = changed.filter((variable) => !('isFlag' in variable));
    const handler = catchClause && lowerCatch(lowerer, owner, catchClause, block, seen);
    const afterCatch = list.current();
    list.restore(before);
    const outputs = [
      ...new Set([...changed, ...(handler === undefined ? [] : changedIn(before, afterCatch))]),
    ];
    const give = (region: number, slots: Slots): void =>
      list.setResults(
        region,
        outputs.map((variable) => slots.get(variable) ?? -1),
      );
    give(block, afterBlock);
    if (handler !== undefined) give(handler, afterCatch);
    const last =
      finallyBlock &&
      list.addRegion('finally', owner, () => {
        lowerStatements(lowerer, finallyBlock.statements);
        return { carried: [], results: [] };
      });
    return { regions: [block, handler, last].filter((region) => region !== undefined), outputs };
  });
}

function lowerCatch(
  lowerer: Lowerer,
  owner: Piece,
  { variableDeclaration, block: statements }: ts.CatchClause,
  block: number,
  changed: readonly Variable[],
): number {
  const { list } = lowerer;
  return list.addRegion('catch', owner, () => {
    const carried = changed.map((of) => {
      const { slot: from } = list.bindingOf(of);
      const versions = list.pieces.flatMap(({ id: step, region, outputs }) =>
        region === block
          ? outputs.filter((output) => output.of === of).map(({ slot }) => ({ step, slot }))
          : [],
      );
      const into = list.newSlot(of);
      list.set(of, into);
      return { of, from, into, versions };
    });
    const name = variableDeclaration?.name;
    const error = name === undefined ? undefined : bindError(lowerer, name);
    lowerStatements(lowerer, statements.statements);
    return { carried, results: [], ...(error ? { error } : {}) };
  });
}

function bindError(lowerer: Lowerer, name: ts.BindingName): { slot: number; of: Output } {
  const { context, list } = lowerer;
  const names = namesOf(context, name);
  requireFree(lowerer, names, name);
  list.declare(names);
  const [only] = names;
  if (context.ts.isIdentifier(name) && only !== undefined) {
    const slot = list.newSlot(only);
    list.set(only, slot);
    return { slot, of: only };
  }
  const of = newFlag('error');
  const error = { slot: list.newSlot(of), of };
  list.add({ kind: 'compute', form: 'pattern', nodes: [name], outputs: names, given: [error] });
  return error;
}

function changedIn(before: Slots, after: Slots): readonly Variable[] {
  return [...before].filter(([variable, slot]) => after.get(variable) !== slot).map(([variable]) => variable);
}

/** Throws for what would need more than the slots of a region to say: variables may be cells instead. */
function requireSimple(lowerer: Lowerer, statement: ts.TryStatement): void {
  const { context, list } = lowerer;
  const { tryBlock, catchClause, finallyBlock } = statement;
  const assigned = [tryBlock, ...(catchClause ? [catchClause] : [])].flatMap((part) =>
    list.variables.assignedBy(part),
  );
  if (finallyBlock !== undefined) {
    if (mayReturn(context, finallyBlock) || jumpsOut(context, finallyBlock).length > 0)
      throw whole(context, finallyBlock);
    const used = assigned.filter((variable) => uses(context, list, finallyBlock, variable));
    list.variables.requireCells([...list.variables.assignedBy(finallyBlock), ...used], finallyBlock);
  }
  if (catchClause === undefined) return;
  const visit = (node: ts.Node): void => {
    if (context.ts.isFunctionLike(node)) return;
    const isCompound = context.ts.isIterationStatement(node, false) || context.ts.isTryStatement(node);
    const isOwner =
      isCompound &&
      (suspends(context, node) || mayReturn(context, node) || jumpsOut(context, node).length > 0);
    // The slots of what is nested are not those that the handler is given.
    if (isOwner) list.variables.requireCells(list.variables.assignedBy(node), statement);
    context.ts.forEachChild(node, visit);
  };
  visit(tryBlock);
}

function uses(context: Context, list: PieceList, node: ts.Node, variable: ts.Symbol): boolean {
  const isUse = (inner: ts.Node): boolean =>
    context.ts.isIdentifier(inner) && list.variables.at(inner) === variable;
  return contains(context, node, isUse, () => true);
}
