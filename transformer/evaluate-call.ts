/** Abstract evaluation of calls: operators, builtins, functions of this file, promises; everything else is a barrier. */
import type ts from 'typescript';
import { isAssignedIn, programNames } from './assigned.ts';
import { builtin } from './builtins.ts';
import { isSafeIteration } from './certain.ts';
import { callBuiltin } from './evaluate-builtin.ts';
import { callUnknown, enterClosure, evaluateArguments, hasSpread, routedTo } from './evaluate-function.ts';
import { callOperator, isAwaited } from './evaluate-operator.ts';
import { callPromise } from './evaluate-promise.ts';
import { type Value, join, nothing } from './memory.ts';
import { operatorCall, strip } from './operators.ts';
import type { Scope } from './scope.ts';
import { libraryMember } from './library.ts';
import { resolveAlias } from './symbols.ts';
import { constantFunction } from './variables.ts';

export function evaluateCall(scope: Scope, node: ts.CallExpression): Value {
  const called = operatorCall(scope.context, node);
  if (called !== undefined) return callOperator(scope, called);
  scope.access.mayFail ||= !isSafeIteration(scope.context, node);
  const { ts } = scope.context;
  const callee = strip(scope.context, node.expression);
  const isMember = ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee);
  if (
    node.expression.kind === ts.SyntaxKind.SuperKeyword ||
    node.expression.kind === ts.SyntaxKind.ImportKeyword
  )
    return callUnknown(scope, node, nothing);
  const receiver = isMember ? scope.walk.evaluate(scope, callee.expression) : nothing;
  const declaration = scope.context.checker.getResolvedSignature(node)?.declaration;
  // A method that is called as a function has another receiver than it seems.
  const library =
    isMember || isFunctionOfLibrary(scope, callee) ? libraryMember(scope.context, declaration) : undefined;
  if (library?.owner.startsWith('Promise') === true)
    return callPromise(scope, node, library.member, receiver);
  // A class of the program may stand behind the library type.
  const isOverridden =
    library !== undefined && isMember && programNames(scope.context).overridden.has(library.member);
  const row =
    library &&
    !isOverridden &&
    builtin(library.owner, library.member, hasSpread(scope, node) ? undefined : node.arguments.length);
  if (row !== undefined && row !== false)
    return callBuiltin(
      scope,
      node,
      row,
      library?.member ?? '',
      receiver,
      isMember ? callee.expression : undefined,
    );
  return callFunction(scope, node, callee, receiver);
}

/** Whether `callee` names a function of the library itself, such as `parseInt` or `String`. */
function isFunctionOfLibrary({ context }: Scope, callee: ts.Expression): boolean {
  const symbol = context.checker.getSymbolAtLocation(callee);
  const declared = symbol?.declarations ?? [];
  return (
    declared.length > 0 && declared.every((declaration) => declaration.getSourceFile().isDeclarationFile)
  );
}

function callFunction(scope: Scope, node: ts.CallExpression, callee: ts.Expression, receiver: Value): Value {
  const { context, memory } = scope;
  const { ts } = context;
  const value = ts.isPropertyAccessExpression(callee) ? nothing : scope.walk.evaluate(scope, callee);
  const args = evaluateArguments(scope, node);
  if (hasSpread(scope, node)) return callUnknown(scope, node, join(receiver, value));
  const closures = [...value.places].filter((place) => memory.closures.has(place));
  if (closures.length > 0 && closures.length === value.places.size)
    return closures
      .map((place) => enterClosure(scope, place, args, isAwaited(scope, node), node))
      .reduce(join, nothing);
  const declaration = declarationOf(scope, callee, receiver);
  if (declaration === undefined) return callUnknown(scope, node, join(receiver, value));
  if (ts.isPropertyAccessExpression(callee) && !ts.isPrivateIdentifier(callee.name))
    scope.guards.add(callee.name.text);
  return scope.walk.enter(routedTo(scope, declaration, node), declaration, args, isAwaited(scope, node));
}

/** The function that `callee` names for certain: of this file, never assigned, or a method of `this`. */
function declarationOf(
  { context }: Scope,
  callee: ts.Expression,
  receiver: Value,
): ts.FunctionLikeDeclaration | undefined {
  const { ts, checker } = context;
  const isMethod = ts.isPropertyAccessExpression(callee);
  if (isMethod && callee.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  if (isMethod && receiver.path?.length !== 0) return undefined;
  const found = checker.getSymbolAtLocation(isMethod ? callee.name : callee);
  if (found === undefined) return undefined;
  const symbol = resolveAlias(context, found);
  const file = callee.getSourceFile();
  if (!isMethod) return constantFunction(context, symbol, file);
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile() !== file) return undefined;
  const isFixed = ts.isMethodDeclaration(declaration) && !isAssignedIn(context, symbol, file);
  return isFixed && declaration.body ? declaration : undefined;
}
