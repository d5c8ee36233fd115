/**
 * Whether constructing an object of a class only stores what it is given, and the hash by which link tells that the class
 * is still the one that was read: what constructs it, left on each class where it is compiled.
 */
import { createHash } from 'node:crypto';
import type ts from 'typescript';
import { runsSetter } from './accessors.ts';
import type { Context } from './context.ts';
import { exportOf, isMark } from './own-exports.ts';
import { resolveAlias } from './symbols.ts';
import { isReassignable } from './variables.ts';

/** The class that `node` makes an object of and those that it extends, if construction only stores what it is given. */
export function quietClasses(
  context: Context,
  node: ts.Expression,
): readonly ts.ClassLikeDeclaration[] | undefined {
  const { ts, checker } = context;
  const named = checker.getSymbolAtLocation(node);
  const symbol = named && resolveAlias(context, named);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isClassDeclaration(declaration))
    return undefined;
  const isKnown = !declaration.getSourceFile().isDeclarationFile && !isReassignable(context, symbol);
  if (!isKnown || !isQuiet(context, declaration)) return undefined;
  const base = baseOf(context, declaration);
  if (base === undefined || exportOf(context, base) === 'Operator') return [declaration];
  const parents = quietClasses(context, base);
  return parents && [declaration, ...parents];
}

/** Whether an object of the class, which only stores, may hold more than its constructor is given. */
export function holdsMore(context: Context, declaration: ts.ClassLikeDeclaration): boolean {
  const { ts, checker } = context;
  const isOutside = (node: ts.Node): boolean => {
    if (ts.isArrowFunction(node)) return true;
    if (ts.isTypeNode(node)) return false;
    if (ts.isPropertyAssignment(node)) return isOutside(node.initializer);
    if (ts.isPropertyAccessExpression(node)) return isOutside(node.expression);
    if (!ts.isIdentifier(node)) return ts.forEachChild(node, isOutside) ?? false;
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    const { valueDeclaration } = symbol ?? {};
    return valueDeclaration === undefined || !ts.isParameter(valueDeclaration);
  };
  return declaration.members.some((member) => {
    if (ts.isPropertyDeclaration(member))
      return !isStatic(context, member) && member.initializer !== undefined && isOutside(member.initializer);
    if (!ts.isConstructorDeclaration(member)) return false;
    const defaults = member.parameters.flatMap(({ initializer }) => initializer ?? []);
    return [...defaults, ...(member.body?.statements ?? [])].some(isOutside);
  });
}

function isStatic({ ts }: Context, member: ts.PropertyDeclaration): boolean {
  return (ts.getModifiers(member) ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
}

/** The hash of all that runs when an object of the class is made, but for what it extends. */
export function constructionHash(context: Context, node: ts.ClassLikeDeclaration): string {
  const { ts } = context;
  const parts = node.members.filter(
    (member) =>
      ts.isConstructorDeclaration(member) || ts.isPropertyDeclaration(member) || ts.isAccessor(member),
  );
  const text = [baseOf(context, node)?.getText() ?? '', ...parts.map((part) => part.getText())].join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Whether code of other files may rely on how the class is constructed, itself or through a class that extends it. */
export function isReliedOnElsewhere(context: Context, node: ts.ClassLikeDeclaration): boolean {
  const { ts, checker } = context;
  if (!ts.isClassDeclaration(node) || node.name === undefined || !ts.isSourceFile(node.parent)) return false;
  const file = checker.getSymbolAtLocation(node.parent);
  const symbol = checker.getSymbolAtLocation(node.name);
  const isExported = (file ? checker.getExportsOfModule(file) : []).some(
    (exported) => resolveAlias(context, exported) === symbol || exported.valueDeclaration === node,
  );
  const isExtended = node.parent.statements.some(
    (other) => ts.isClassDeclaration(other) && baseOf(context, other)?.getText() === node.name?.text,
  );
  return (isExported || isExtended) && quietClasses(context, node.name) !== undefined;
}

function baseOf({ ts }: Context, node: ts.ClassLikeDeclaration): ts.Expression | undefined {
  const heritage = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  return heritage?.types[0]?.expression;
}

function isQuiet(context: Context, declaration: ts.ClassDeclaration): boolean {
  const { ts } = context;
  // A decorator may replace the class, or initialize its fields in its own way.
  const marks = ts.getDecorators(declaration) ?? [];
  if (!marks.every(({ expression }) => isMark(context, expression))) return false;
  return declaration.members.every((member) => {
    if (ts.canHaveDecorators(member) && (ts.getDecorators(member) ?? []).length > 0) return false;
    if (ts.isPropertyDeclaration(member))
      return member.initializer === undefined || isStored(context, member.initializer);
    if (!ts.isConstructorDeclaration(member)) return true;
    const isPlain = member.parameters.every(
      ({ name, initializer }) =>
        ts.isIdentifier(name) && (initializer === undefined || isStored(context, initializer)),
    );
    return isPlain && (member.body?.statements ?? []).every((statement) => isStore(context, statement));
  });
}

/** Literals, constants, functions, and lists and objects of them. */
function isStored(context: Context, node: ts.Expression): boolean {
  const { ts } = context;
  if (ts.isAsExpression(node)) return isStored(context, node.expression);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every((element) => isStored(context, element));
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((property) => {
      if (ts.isShorthandPropertyAssignment(property))
        return isConstant(context, context.checker.getShorthandAssignmentValueSymbol(property));
      return (
        ts.isPropertyAssignment(property) &&
        !ts.isComputedPropertyName(property.name) &&
        isStored(context, property.initializer)
      );
    });
  return (
    ts.isLiteralExpression(node) ||
    ts.isArrowFunction(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isIdentifier(node) && isConstant(context, context.checker.getSymbolAtLocation(node)))
  );
}

/** `super(…)` or `this.field = …`. */
function isStore(context: Context, node: ts.Statement): boolean {
  const { ts, checker } = context;
  if (!ts.isExpressionStatement(node)) return false;
  const { expression } = node;
  if (ts.isCallExpression(expression))
    return (
      expression.expression.kind === ts.SyntaxKind.SuperKeyword &&
      expression.arguments.every((argument) => isStored(context, argument))
    );
  if (!ts.isBinaryExpression(expression)) return false;
  const { left, right, operatorToken } = expression;
  return (
    operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(left) &&
    left.expression.kind === ts.SyntaxKind.ThisKeyword &&
    !runsSetter(context, checker.getSymbolAtLocation(left.name), left.name.text) &&
    isStored(context, right)
  );
}

/** A name whose value nobody changes: a parameter of the constructor, or a constant. */
function isConstant(context: Context, symbol: ts.Symbol | undefined): boolean {
  return symbol !== undefined && !isReassignable(context, resolveAlias(context, symbol));
}
