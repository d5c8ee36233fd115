/** What a variable denotes, whether it belongs to the body or stands outside of it. */
import type ts from 'typescript';
import { isAssignedIn } from './assigned.ts';
import { type Context, labelOf } from './context.ts';
import { type Value, valueOf, world } from './memory.ts';
import type { Scope } from './scope.ts';
import { resolveAlias } from './symbols.ts';

/** Reads `symbol` where `node` names it. */
export function readSymbol(scope: Scope, symbol: ts.Symbol, node: ts.Node): Value {
  const local = scope.variables.get(symbol);
  if (local !== undefined && scope.cells.has(symbol)) {
    scope.access.read(local);
    return { places: scope.memory.load(local.places) };
  }
  if (local !== undefined) return local;
  const target = resolveAlias(scope.context, symbol);
  const fn = constantFunction(scope.context, target, node.getSourceFile());
  if (fn !== undefined) {
    return valueOf(scope.memory.allocateFunction(fn, labelOf(node, 32), variablesNamedBy(scope, fn)));
  }
  if (isReassignable(scope.context, target)) scope.access.read(valueOf(world));
  return valueOf(world);
}

/** The variables of the body that a function names. */
export function variablesNamedBy({ context, variables }: Scope, fn: ts.Node): ReadonlySet<ts.Symbol> {
  const { ts, checker } = context;
  const named = new Set<ts.Symbol>();
  const visit = (node: ts.Node): void => {
    const symbol = !ts.isIdentifier(node)
      ? undefined
      : ts.isShorthandPropertyAssignment(node.parent)
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
    if (symbol !== undefined && variables.has(symbol)) named.add(symbol);
    ts.forEachChild(node, visit);
  };
  visit(fn);
  return named;
}

/** Whether somebody may assign a variable outside of the body while a run is going. */
export function isReassignable(context: Context, symbol: ts.Symbol): boolean {
  const { ts } = context;
  const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
  if (declaration === undefined) return false;
  const file = declaration.getSourceFile();
  if (file.isDeclarationFile) return false;
  const list = ts.findAncestor(
    declaration,
    (node) => ts.isVariableDeclarationList(node) || ts.isFunctionLike(node),
  );
  if (list !== undefined && ts.isVariableDeclarationList(list) && !(list.flags & ts.NodeFlags.Const))
    return true;
  return isAssignedIn(context, symbol, file);
}

/** The function of this file that `symbol` always names: a declaration, or a `const` that holds one. */
export function constantFunction(
  context: Context,
  symbol: ts.Symbol,
  file: ts.SourceFile,
): ts.FunctionLikeDeclaration | undefined {
  const { ts } = context;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile() !== file) return undefined;
  if (isAssignedIn(context, symbol, file)) return undefined;
  if (ts.isFunctionDeclaration(declaration)) return declaration.body ? declaration : undefined;
  if (!ts.isVariableDeclaration(declaration) || !(declaration.parent.flags & ts.NodeFlags.Const))
    return undefined;
  const { initializer } = declaration;
  return initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
    ? initializer
    : undefined;
}
