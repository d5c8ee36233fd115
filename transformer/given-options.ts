/** What a call is given as an object of options, as far as the code shows every property of it. */
import type ts from 'typescript';
import type { Context } from './context.ts';

/**
 * The properties of an object literal by name, or of a `const` without a type that is one: the type of any other
 * expression may leave properties out. Nothing when there may be more of them than is seen.
 */
export function givenOptions(
  context: Context,
  node: ts.Expression,
): ReadonlyMap<string, ts.Expression> | undefined {
  const { ts } = context;
  const literal = literalBehind(context, node);
  if (literal === undefined) return undefined;
  const found = new Map<string, ts.Expression>();
  for (const property of literal.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = givenOptions(context, property.expression);
      if (spread === undefined) return undefined;
      for (const [name, value] of spread) found.set(name, value);
      continue;
    }
    const { name } = property;
    if (!ts.isIdentifier(name) && !ts.isStringLiteral(name)) return undefined;
    found.set(name.text, ts.isPropertyAssignment(property) ? property.initializer : name);
  }
  return found;
}

/** Whether the call may be given option `name`. */
export function mayHold(context: Context, node: ts.Expression | undefined, name: string): boolean {
  return node !== undefined && givenOptions(context, node)?.has(name) !== false;
}

function literalBehind(context: Context, node: ts.Expression): ts.ObjectLiteralExpression | undefined {
  const { ts, checker } = context;
  if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node))
    return literalBehind(context, node.expression);
  if (ts.isObjectLiteralExpression(node)) return node;
  const declaration = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node)?.valueDeclaration : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  const { initializer, type } = declaration;
  return isConstant && type === undefined && initializer !== undefined
    ? literalBehind(context, initializer)
    : undefined;
}
