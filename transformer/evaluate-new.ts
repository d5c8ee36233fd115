/** Abstract evaluation of `new`: builtins, and classes of this file whose construction only stores what it is given. */
import type ts from 'typescript';
import { builtin } from './builtins.ts';
import { labelOf } from './context.ts';
import { callBuiltin } from './evaluate-builtin.ts';
import { callUnknown, evaluateArguments, hasSpread } from './evaluate-function.ts';
import { type Value, join, nothing, valueOf, world } from './memory.ts';
import type { Scope } from './scope.ts';
import { libraryMember } from './library.ts';
import { resolveAlias } from './symbols.ts';
import { isReassignable } from './variables.ts';
import { runsSetter } from './accessors.ts';

export function evaluateNew(scope: Scope, node: ts.NewExpression): Value {
  const { context, memory } = scope;
  scope.access.mayFail = true;
  const declaration = context.checker.getResolvedSignature(node)?.declaration;
  const library = libraryMember(context, declaration);
  const row =
    library &&
    builtin(
      library.owner,
      library.member,
      hasSpread(scope, node) ? undefined : (node.arguments ?? []).length,
    );
  if (row !== undefined) {
    const value = callBuiltin(scope, node, row, 'new', nothing, undefined);
    const object = memory.allocate(node, labelOf(node, 32));
    memory.store(new Set([object]), memory.load(value.places));
    return join(value, valueOf(object));
  }
  return constructs(scope, node) ?? callUnknown(scope, node, scope.walk.evaluate(scope, node.expression));
}

/** An object of a class of this file whose construction only stores what it is given. */
function constructs(scope: Scope, node: ts.NewExpression): Value | undefined {
  const { context, memory } = scope;
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(node.expression);
  const declaration = symbol && resolveAlias(context, symbol).valueDeclaration;
  if (
    declaration === undefined ||
    !ts.isClassDeclaration(declaration) ||
    declaration.getSourceFile() !== node.getSourceFile()
  )
    return undefined;
  if (!constructsQuietly(scope, declaration)) return undefined;
  const given = evaluateArguments(scope, node).reduce(join, nothing);
  const object = memory.allocate(node, labelOf(node, 32));
  memory.store(new Set([object]), new Set([world, ...given.places]));
  return valueOf(object);
}

function constructsQuietly(scope: Scope, declaration: ts.ClassLikeDeclaration): boolean {
  const { ts, checker } = scope.context;
  const members = declaration.members.filter(
    (member) => ts.isConstructorDeclaration(member) || ts.isPropertyDeclaration(member),
  );
  const quiet = members.every((member) => {
    if (ts.isPropertyDeclaration(member))
      return member.initializer === undefined || isQuietInitializer(scope, member.initializer);
    return (
      ts.isConstructorDeclaration(member) &&
      member.parameters.every(
        ({ initializer }) => initializer === undefined || isQuietInitializer(scope, initializer),
      ) &&
      (member.body?.statements ?? []).every((statement) => isQuietStatement(scope, statement))
    );
  });
  const base = declaration.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)
    ?.types[0];
  if (!quiet || base === undefined) return quiet;
  const symbol = checker.getSymbolAtLocation(base.expression);
  const parent = symbol && resolveAlias(scope.context, symbol).valueDeclaration;
  if (parent === undefined) return false;
  if (ts.isClassDeclaration(parent) && parent.getSourceFile() === declaration.getSourceFile())
    return constructsQuietly(scope, parent);
  return symbol !== undefined && resolveAlias(scope.context, symbol).name === 'Operator';
}

function isQuietInitializer(scope: Scope, node: ts.Expression): boolean {
  const { ts } = scope.context;
  const isEmpty = ts.isArrayLiteralExpression(node)
    ? node.elements.length === 0
    : ts.isObjectLiteralExpression(node) && node.properties.length === 0;
  const isConstant =
    ts.isLiteralExpression(node) ||
    isConstantName(scope, node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword;
  return (
    isEmpty ||
    isConstant ||
    ts.isArrowFunction(node) ||
    (ts.isAsExpression(node) && isQuietInitializer(scope, node.expression))
  );
}

function isQuietStatement(scope: Scope, node: ts.Statement): boolean {
  const { ts } = scope.context;
  if (!ts.isExpressionStatement(node)) return false;
  const { expression } = node;
  if (ts.isCallExpression(expression))
    return (
      expression.expression.kind === ts.SyntaxKind.SuperKeyword &&
      expression.arguments.every((argument) => isQuietInitializer(scope, argument))
    );
  const isStore =
    ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return (
    isStore &&
    ts.isPropertyAccessExpression(expression.left) &&
    expression.left.expression.kind === ts.SyntaxKind.ThisKeyword &&
    !runsSetter(
      scope.context,
      scope.context.checker.getSymbolAtLocation(expression.left.name),
      expression.left.name.text,
    ) &&
    isQuietInitializer(scope, expression.right)
  );
}

/** A name whose value nobody changes: a parameter of the constructor, or a constant. */
function isConstantName({ context }: Scope, node: ts.Expression): boolean {
  const { ts, checker } = context;
  const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
  return symbol !== undefined && !isReassignable(context, resolveAlias(context, symbol));
}
