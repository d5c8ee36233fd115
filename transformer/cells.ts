/**
 * Which variables become cells: an object that holds the value, for those that change while functions that outlive their
 * step, or handlers of failures, see them. The slot of such a variable is filled once, with its cell; to read and to assign
 * it is to read and to write memory.
 */
import type ts from 'typescript';
import { keptCaptures, localAt } from './capture.ts';
import type { Context } from './context.ts';
import { originalSymbol } from './copied-tree.ts';
import { wrapsFunction } from './own-exports.ts';

/** Variables of `body` that must be cells: those that kept functions capture, and those that were `asked` for. */
export function cellsOf(
  context: Context,
  body: ts.Node,
  asked: ReadonlySet<ts.Symbol>,
): ReadonlySet<ts.Symbol> {
  const wanted = [...keptCaptures(context, body), ...asked];
  return new Set(wanted.filter((variable) => mayBeCell(context, body, variable)));
}

/** Whether the variable is declared by a `let` statement, and named only in code that is rewritten with it. */
export function mayBeCell(context: Context, body: ts.Node, variable: ts.Symbol): boolean {
  const { ts } = context;
  // Copies of functions are not looked into.
  if (originalSymbol(variable) !== variable) return false;
  const declaration = variable.valueDeclaration;
  const statement =
    declaration && ts.findAncestor(declaration, (node) => ts.isStatement(node) || ts.isFunctionLike(node));
  const isLet =
    declaration !== undefined &&
    (ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration)) &&
    statement !== undefined &&
    ts.isVariableStatement(statement) &&
    (statement.declarationList.flags & ts.NodeFlags.Let) !== 0;
  if (!isLet) return false;
  const outer = ts.findAncestor(declaration, ts.isVariableDeclaration);
  const isInside = (node: ts.Node, root: ts.Node): boolean =>
    ts.findAncestor(node, (inner) => inner === root) !== undefined;
  const isBoundary = (node: ts.Node): boolean => ts.isClassLike(node) || wrapsFunction(context, node);
  const isOther = (node: ts.Node): boolean => {
    const isMention =
      ts.isIdentifier(node) && node.text === variable.name && localAt(context, body, node) === variable;
    if (isMention && node.parent !== declaration) {
      const isOwn = outer !== undefined && isInside(node, outer);
      const inner = ts.findAncestor(node, (ancestor) => ancestor === body || isBoundary(ancestor));
      if (isOwn || inner !== body) return true;
    }
    return ts.forEachChild(node, isOther) ?? false;
  };
  return !isOther(body);
}
