/** Statements that are one step, and may fail when they have assigned some of their variables: handlers see these as they are then. */
import type ts from 'typescript';
import { assignedTargets } from './assigned.ts';
import type { Context } from './context.ts';
import { strip } from './operators.ts';
import { contains } from './shape.ts';

/** Of `variables`, those that live longer than a block around `node` whose failure is handled. */
export function seenByHandlers(
  { ts }: Context,
  body: ts.Node,
  node: ts.Node,
  variables: readonly ts.Symbol[],
): readonly ts.Symbol[] {
  const isSeen = ({ valueDeclaration }: ts.Symbol): boolean => {
    for (let inner = node; inner !== body; inner = inner.parent) {
      const { parent } = inner;
      const isHandled = ts.isTryStatement(parent) && parent.tryBlock === inner && parent.catchClause;
      if (isHandled && !ts.findAncestor(valueDeclaration, (outer) => outer === inner)) return true;
    }
    return false;
  };
  return variables.filter(isSeen);
}

/** Whether something in `statement` may fail after something else in it has assigned a variable. */
export function mayTear(context: Context, statement: ts.Statement): boolean {
  const { ts } = context;
  if (ts.isExpressionStatement(statement)) {
    const node = strip(context, statement.expression);
    const parts = ts.isBinaryExpression(node) ? [node.right] : [];
    const isLast = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) || parts.length > 0;
    const assigns = (inner: ts.Node): boolean => assignedTargets(context, inner).length > 0;
    if (isLast && !parts.some((part) => contains(context, part, assigns, () => true))) return false;
  }
  const isQuiet = (node: ts.Node): boolean =>
    !(
      ts.isCallExpression(node) ||
      ts.isNewExpression(node) ||
      ts.isAwaitExpression(node) ||
      ts.isThrowStatement(node) ||
      ts.isPropertyAccessExpression(node) ||
      ts.isElementAccessExpression(node) ||
      ts.isTaggedTemplateExpression(node) ||
      ts.isForOfStatement(node) ||
      ts.isSpreadElement(node) ||
      ts.isObjectBindingPattern(node) ||
      ts.isArrayBindingPattern(node)
    );
  return contains(context, statement, (node) => !isQuiet(node));
}
