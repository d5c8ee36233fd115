/**
 * Of which kind the value of an expression is, without asking for its type where that can be avoided.
 *
 * To type an expression TypeScript follows each variable and field in it back to the start of the body, in case something
 * narrows it, so that to ask about everything in a long body is quadratic. What the syntax or a declaration says suffices for
 * nearly all: what is declared as a primitive stays one however it is narrowed, and so do objects and operators.
 */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { once } from './once.ts';
import { isOperatorType, isPrimitiveType } from './symbols.ts';

/** Whether `node` gives a primitive, which nobody can share or change. */
export const isPrimitive: (context: Context, node: ts.Node) => boolean = once((context, node) => {
  const known = isPrimitiveForm(context, node);
  if (known !== undefined) return known;
  const declared = declaredType(context, node);
  if (declared !== undefined) {
    if (isPrimitiveType(context, declared.type)) return true;
    // A union, or what may be anything, may be narrowed to one kind or the other.
    if (declared.isExact || declared.type.flags & context.ts.TypeFlags.Object) return false;
  }
  return isPrimitiveType(context, context.checker.getTypeAtLocation(node));
});

/** Whether `node` gives an operator, if anything. */
export const isOperator: (context: Context, node: ts.Node) => boolean = once((context, node) => {
  const declared = declaredType(context, node);
  if (declared !== undefined) {
    if (isOperatorType(context, declared.type)) return true;
    if (declared.isExact) return false;
  }
  return isOperatorType(context, context.checker.getTypeAtLocation(node));
});

/** The type of what `node` gives, as it is declared if that says which class it is of, and not null or absent. */
export function classTypeOf(context: Context, node: ts.Node): ts.Type {
  const { checker } = context;
  return checker.getNonNullableType(declaredType(context, node)?.type ?? checker.getTypeAtLocation(node));
}

function isPrimitiveForm({ ts }: Context, node: ts.Node): boolean | undefined {
  if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true;
  const isObject =
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    node.kind === ts.SyntaxKind.ThisKeyword;
  return isObject ? false : undefined;
}

interface Declared {
  readonly type: ts.Type;
  /** Functions and methods are not narrowed. */
  readonly isExact: boolean;
}

/** What the variable, function or member that `node` names is declared as. */
function declaredType({ ts, checker }: Context, node: ts.Node): Declared | undefined {
  const isVariable = ts.isIdentifier(node) && !ts.isShorthandPropertyAssignment(node.parent);
  const isMember = ts.isPropertyAccessExpression(node) && !ts.isOptionalChain(node);
  if (!isVariable && !isMember) return undefined;
  const symbol = checker.getSymbolAtLocation(isMember ? node.name : node);
  if (symbol === undefined) return undefined;
  const { Function, Method, Property, Variable } = ts.SymbolFlags;
  const isNarrowed = (symbol.flags & (Variable | Property)) !== 0;
  const isExact = !isNarrowed && (symbol.flags & (Function | Method)) !== 0;
  return isNarrowed || isExact ? { type: checker.getTypeOfSymbol(symbol), isExact } : undefined;
}
