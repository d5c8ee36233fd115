/** The names that JavaScript gives anonymous classes and functions after where they stand. */
import type ts from 'typescript';
import type { Context } from './context.ts';

/** Nothing where only the run knows: after a computed key. */
export function inferredName(
  { ts }: Context,
  node: ts.ClassLikeDeclaration | ts.Expression,
): string | undefined {
  if (ts.isClassDeclaration(node)) return 'default';
  const outer = outermost(ts, node);
  const { parent } = outer;
  if (ts.isExportAssignment(parent)) return parent.isExportEquals === true ? '' : 'default';
  if (ts.isShorthandPropertyAssignment(parent)) return parent.name.text;
  if (ts.isBinaryExpression(parent)) return assignedName(ts, parent, outer);
  const isInitializer =
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent);
  return isInitializer && parent.initializer === outer ? keyName(ts, parent.name) : '';
}

/** Parentheses and types leave a name as it is. */
function outermost(typescript: typeof ts, node: ts.Node): ts.Node {
  const { parent } = node;
  const isTransparent =
    typescript.isParenthesizedExpression(parent) ||
    typescript.isAsExpression(parent) ||
    typescript.isSatisfiesExpression(parent) ||
    typescript.isNonNullExpression(parent);
  return isTransparent ? outermost(typescript, parent) : node;
}

function assignedName(
  typescript: typeof ts,
  { left, operatorToken, right }: ts.BinaryExpression,
  node: ts.Node,
): string {
  const { SyntaxKind } = typescript;
  const naming = [
    SyntaxKind.EqualsToken,
    SyntaxKind.BarBarEqualsToken,
    SyntaxKind.AmpersandAmpersandEqualsToken,
    SyntaxKind.QuestionQuestionEqualsToken,
  ];
  return right === node && naming.includes(operatorToken.kind) && typescript.isIdentifier(left)
    ? left.text
    : '';
}

function keyName(typescript: typeof ts, name: ts.PropertyName | ts.BindingName): string | undefined {
  if (typescript.isObjectBindingPattern(name) || typescript.isArrayBindingPattern(name)) return '';
  if (!typescript.isComputedPropertyName(name)) return name.text;
  const { expression } = name;
  return typescript.isStringLiteralLike(expression) || typescript.isNumericLiteral(expression)
    ? expression.text
    : undefined;
}
