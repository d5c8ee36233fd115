/**
 * Abstract evaluation of expressions: what one may denote, and, into `scope.access`, what evaluating it does.
 *
 * Whatever is not understood is a barrier: nothing is known about it.
 */
import type ts from 'typescript';
import { runsGetter } from './accessors.ts';
import { programNames } from './assigned.ts';
import { isCertain } from './certain.ts';
import { type Context, labelOf } from './context.ts';
import { assignAll, evaluateBinary } from './evaluate-assign.ts';
import { evaluateCall } from './evaluate-call.ts';
import { evaluateNew } from './evaluate-new.ts';
import { coerce, evaluateArray, evaluateObject, evaluateTemplate, makeClosure } from './evaluate-literal.ts';
import { join, nothing, type Value, valueOf, world } from './memory.ts';
import { strip } from './operators.ts';
import { ownField } from './own-fields.ts';
import type { Scope } from './scope.ts';
import { libraryMember } from './library.ts';
import { isPrimitive } from './node-types.ts';
import { isPromiseType, mayBeThenable } from './symbols.ts';
import { readSymbol } from './variables.ts';

export function evaluate(scope: Scope, node: ts.Expression): Value {
  const earlier = scope.evaluated.get(node);
  if (earlier !== undefined) return earlier;
  return narrow(scope, node, denote(scope, node));
}

/** A primitive denotes no object, however it was reached. */
function narrow({ context }: Scope, node: ts.Node, value: Value): Value {
  return value.places.size > 0 && isPrimitive(context, node) ? nothing : value;
}

/** Evaluates `node` itself although an earlier step is noted for it: for that very step. */
export function evaluateStep(scope: Scope, node: ts.Expression): Value {
  return narrow(scope, node, denote(scope, node));
}

function denote(scope: Scope, node: ts.Expression): Value {
  const { ts } = scope.context;
  if (ts.isIdentifier(node)) return readVariable(scope, node);
  if (ts.isPropertyAccessExpression(node)) return readProperty(scope, node);
  if (ts.isElementAccessExpression(node)) return readElement(scope, node);
  if (ts.isCallExpression(node)) return evaluateCall(scope, node);
  if (ts.isNewExpression(node)) return evaluateNew(scope, node);
  if (ts.isAwaitExpression(node)) return evaluateAwait(scope, node);
  if (ts.isBinaryExpression(node)) return evaluateBinary(scope, node);
  if (ts.isObjectLiteralExpression(node)) return evaluateObject(scope, node);
  if (ts.isArrayLiteralExpression(node)) return evaluateArray(scope, node);
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return makeClosure(scope, node);
  if (ts.isTemplateExpression(node)) return evaluateTemplate(scope, node);
  if (node.kind === ts.SyntaxKind.ThisKeyword) return readThis(scope, node);
  if (!ts.isConditionalExpression(node)) return denoteRest(scope, node);
  evaluate(scope, node.condition);
  const branch = { ...scope, conditional: true };
  return join(evaluate(branch, node.whenTrue), evaluate(branch, node.whenFalse));
}

function denoteRest(scope: Scope, node: ts.Expression): Value {
  const { ts } = scope.context;
  const inner = strip(scope.context, node);
  if (inner !== node) return evaluate(scope, inner);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    coerce(scope, node.operand, evaluate(scope, node.operand));
    assignAll(scope, node, nothing);
    return nothing;
  }
  if (ts.isDeleteExpression(node)) {
    assignAll(scope, node, nothing);
    return nothing;
  }
  if (ts.isTypeOfExpression(node) || ts.isVoidExpression(node)) {
    evaluate(scope, node.expression);
    return nothing;
  }
  if (ts.isRegularExpressionLiteral(node)) return valueOf(scope.memory.allocate(node, labelOf(node)));
  if (isLiteral(scope.context, node)) return nothing;
  scope.access.barrier('XCS3001', node);
  return valueOf(world);
}

function isLiteral({ ts }: Context, node: ts.Expression): boolean {
  const { SyntaxKind } = ts;
  const keywords = [
    SyntaxKind.TrueKeyword,
    SyntaxKind.FalseKeyword,
    SyntaxKind.NullKeyword,
    SyntaxKind.OmittedExpression,
  ];
  return ts.isLiteralExpression(node) || keywords.includes(node.kind);
}

function readVariable(scope: Scope, node: ts.Identifier): Value {
  const symbol = scope.context.checker.getSymbolAtLocation(node);
  return symbol === undefined ? nothing : readSymbol(scope, symbol, node);
}

/** `this` of the function being compiled or of a method of its class; any other function may have any `this`. */
function readThis(scope: Scope, node: ts.Expression): Value {
  const { ts } = scope.context;
  const holder = ts.findAncestor(
    node,
    (ancestor) => ts.isFunctionLike(ancestor) && !ts.isArrowFunction(ancestor),
  );
  const isOwn = holder === undefined || holder === scope.body || ts.isClassLike(holder.parent);
  if (isOwn) return { ...valueOf(world), path: [] };
  scope.access.barrier('XCS3001', node, 'this');
  return valueOf(world);
}

function readProperty(scope: Scope, node: ts.PropertyAccessExpression): Value {
  const { context, access } = scope;
  const base = evaluate(scope, node.expression);
  const symbol = context.checker.getSymbolAtLocation(node.name);
  access.mayFail ||= !isCertain(context, node.expression);
  if (!runsGetter(context, symbol, node.name.text)) {
    const member = readMember(scope, base, node.name.text, symbol);
    // What a library object answers is part of it.
    const isPart = libraryMember(context, symbol?.declarations?.[0]) !== undefined;
    return isPart ? join(member, { places: base.places }) : member;
  }
  access.read(base);
  const getter = symbol?.declarations?.find(context.ts.isGetAccessorDeclaration);
  const isOwn =
    base.path?.length === 0 && getter?.body !== undefined && getter.getSourceFile() === node.getSourceFile();
  if (isOwn && context.ts.isPrivateIdentifier(getter.name)) return scope.walk.enter(scope, getter, [], true);
  access.barrier('XCS3006', node);
  return valueOf(world);
}

function readMember(scope: Scope, base: Value, name: string, symbol: ts.Symbol | undefined): Value {
  const isThis = base.path?.length === 0;
  const path = base.path && [...base.path, name];
  const own = isThis && symbol !== undefined ? ownField(scope, symbol) : undefined;
  const slot = own === undefined ? base : { ...valueOf(own), path: base.path };
  if (!isThis || symbol === undefined || isWrittenField(scope, symbol)) scope.access.read(slot);
  if (own !== undefined) return { ...valueOf(own), path };
  return { places: scope.memory.load(base.places), path };
}

/** Whether the program may assign the field after construction. Methods count as constant: guards see to them. */
function isWrittenField({ context }: Scope, symbol: ts.Symbol): boolean {
  const { ts } = context;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || ts.isMethodDeclaration(declaration)) return false;
  const { assigned, assignsAny } = programNames(context);
  // By name, for an assignment may see the object as something else than its class.
  return (
    assigned.has(symbol.name) ||
    assigned.has(symbol.name.replace(/^.*@/, '')) ||
    (assignsAny && !isPrivateField(context, declaration))
  );
}

function isPrivateField({ ts }: Context, declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isPrivateIdentifier(name);
}

function readElement(scope: Scope, node: ts.ElementAccessExpression): Value {
  const { context, access } = scope;
  const base = evaluate(scope, node.expression);
  const index = node.argumentExpression;
  coerce(scope, index, evaluate(scope, index));
  access.mayFail = true;
  const constant =
    context.ts.isStringLiteral(index) || context.ts.isNumericLiteral(index) ? index.text : undefined;
  const symbol = context.checker.getSymbolAtLocation(index);
  const isNumber = (context.checker.getTypeAtLocation(index).flags & context.ts.TypeFlags.NumberLike) !== 0;
  const { accessors } = programNames(context);
  const runs =
    constant === undefined
      ? !isNumber && accessors.size > 0 && !isRecord(context, node.expression)
      : runsGetter(context, symbol, constant);
  if (!runs) return readMember(scope, base, constant ?? '*', undefined);
  access.read(base);
  access.barrier('XCS3006', node);
  return valueOf(world);
}

/** Types with an index signature only: what they hold are data, not accessors. */
function isRecord({ checker }: Context, node: ts.Expression): boolean {
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  return checker.getIndexInfosOfType(type).length > 0 && checker.getPropertiesOfType(type).length === 0;
}

function evaluateAwait(scope: Scope, node: ts.AwaitExpression): Value {
  const { access, context, memory } = scope;
  const value = evaluate(scope, node.expression);
  const type = context.checker.getTypeAtLocation(node.expression);
  access.mayFail = true;
  if (!mayBeThenable(context, type)) return value;
  const isKnown = value.places.size > 0 && [...value.places].every((place) => memory.promises.has(place));
  if (isKnown && isPromiseType(context, type)) return { places: memory.load(value.places) };
  access.barrier('XCS3002', node.expression);
  memory.escape(value.places);
  return { places: new Set([world, ...memory.reach(value.places)]) };
}
