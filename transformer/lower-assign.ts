/** Lowers assignments whose right side suspends: the side is pieces of its own, and to assign is the last one. */
import type ts from 'typescript';
import { assignedTargets } from './assigned.ts';
import type { Context } from './context.ts';
import { toldOf } from './copied-tree.ts';
import type { Cuts } from './cuts.ts';
import type { Lowerer } from './lower-control.ts';
import { isPrimitive } from './node-types.ts';
import { strip } from './operators.ts';
import { contains, suspends } from './shape.ts';

type Field = ts.PropertyAccessExpression | ts.ElementAccessExpression;

/** What a function that stands in the place of its call gives; answers whether `node` is that. */
export function lowerGiven(
  { context, list, lowerTo }: Lowerer,
  { left, right }: ts.BinaryExpression,
): boolean {
  const variable = context.ts.isIdentifier(left) ? list.variables.at(left) : undefined;
  if (variable === undefined || toldOf(left)?.symbol !== variable) return false;
  if (list.variables.assignedBy(right).length > 0) return false;
  lowerTo(right, [variable]);
  return true;
}

/** `x = …`, `x += …`, `this.x = …`, and patterns; answers whether `node`, which is all of `statement`, could be cut. */
export function lowerAssignment(
  lowerer: Lowerer,
  cuts: Cuts,
  statement: ts.ExpressionStatement,
  node: ts.BinaryExpression,
): boolean {
  const { context, list, lowerTo } = lowerer;
  const { ts } = context;
  const operator = node.operatorToken.kind;
  const target = strip(context, node.left);
  const isPlain = operator === ts.SyntaxKind.EqualsToken;
  const variable = ts.isIdentifier(target) ? list.variables.at(target) : undefined;
  const isPattern = ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target);
  const isAddedTo = isArithmetic(context, operator);
  const field = fieldOf(lowerer, target);
  const isKnown =
    (isPlain && (variable !== undefined || (isPattern && !suspends(context, target)))) ||
    (isAddedTo && variable !== undefined && !list.variables.isCaptured(variable)) ||
    ((isPlain || isAddedTo) && field !== undefined);
  if (!isKnown || contains(context, node.right, (inner) => assignedTargets(context, inner).length > 0))
    return false;
  if (isPlain && variable !== undefined && !list.variables.isCell(variable)) {
    lowerTo(node.right, [variable]);
    return true;
  }
  if (field !== undefined) lowerField(lowerer, cuts, field, isAddedTo ? node.operatorToken : undefined);
  lowerTo(node.right, [node.right]);
  list.add({
    kind: 'compute',
    form: 'statements',
    nodes: [statement],
    outputs: list.variables.assignedBy(statement),
  });
  return true;
}

/** `+=` and its like, which always assign. */
function isArithmetic({ ts: { SyntaxKind } }: Context, operator: ts.SyntaxKind): boolean {
  const mayAssign = [
    SyntaxKind.BarBarEqualsToken,
    SyntaxKind.AmpersandAmpersandEqualsToken,
    SyntaxKind.QuestionQuestionEqualsToken,
  ];
  return (
    operator >= SyntaxKind.PlusEqualsToken &&
    operator <= SyntaxKind.CaretEqualsToken &&
    !mayAssign.some((one) => one === operator)
  );
}

/** `object.name` and `object[key]`, where `object` and `key` can be evaluated before what is assigned. */
function fieldOf({ context }: Lowerer, target: ts.Expression): Field | undefined {
  const { ts } = context;
  const isKeyed = ts.isElementAccessExpression(target);
  if (!isKeyed && !ts.isPropertyAccessExpression(target)) return undefined;
  const { expression } = target;
  const isPlain =
    expression.kind !== ts.SyntaxKind.SuperKeyword &&
    !ts.isOptionalChain(expression) &&
    (!isKeyed || isPrimitive(context, target.argumentExpression));
  const assigns = (node: ts.Node): boolean => assignedTargets(context, node).length > 0;
  const isMovable = isPlain && !suspends(context, target) && !contains(context, target, assigns, () => true);
  return isMovable ? target : undefined;
}

/** The object and the key, and what stands in the field before `operator` adds to it: that stands in the slot of the operator. */
function lowerField(
  { context, list, lowerTo }: Lowerer,
  cuts: Cuts,
  field: Field,
  operator: ts.Node | undefined,
): void {
  const object = strip(context, field.expression);
  if (!cuts.isStable(object)) lowerTo(object, [object]);
  const key = context.ts.isElementAccessExpression(field)
    ? strip(context, field.argumentExpression)
    : undefined;
  if (key !== undefined && !cuts.isStable(key)) lowerTo(key, [key]);
  if (operator !== undefined)
    list.add({ kind: 'compute', form: 'expression', nodes: [field], outputs: [operator] });
}
