/** Abstract evaluation of assignments, patterns and binary operators. */
import type ts from 'typescript';
import { assignedTargets, isAssignmentOperator, targetSymbol } from './assigned.ts';
import { coerce, iterate, copyProperties } from './evaluate-literal.ts';
import { join, nothing, type Value, valueOf, world } from './memory.ts';
import { strip } from './operators.ts';
import type { Scope } from './scope.ts';
import { isPrimitiveType, libraryMember } from './symbols.ts';

export function evaluateBinary(scope: Scope, node: ts.BinaryExpression): Value {
  const { ts } = scope.context;
  const { SyntaxKind } = ts;
  const operator = node.operatorToken.kind;
  const { walk } = scope;
  if (operator === SyntaxKind.EqualsToken) return assignPattern(scope, node);
  const isLogical = [
    SyntaxKind.AmpersandAmpersandToken,
    SyntaxKind.BarBarToken,
    SyntaxKind.QuestionQuestionToken,
  ].includes(operator);
  if (isLogical || operator === SyntaxKind.CommaToken) {
    const left = walk.evaluate(scope, node.left);
    const right = walk.evaluate(isLogical ? { ...scope, conditional: true } : scope, node.right);
    return isLogical ? join(left, right) : right;
  }
  const left = walk.evaluate(scope, node.left);
  const right = walk.evaluate(scope, node.right);
  if (isAssignmentOperator(ts, operator)) {
    const value = join(left, right);
    coerce(scope, node.left, left);
    coerce(scope, node.right, right);
    assignAll({ ...scope, conditional: true }, node, value);
    return value;
  }
  const comparesIdentity = [
    SyntaxKind.EqualsEqualsEqualsToken,
    SyntaxKind.ExclamationEqualsEqualsToken,
  ].includes(operator);
  if (comparesIdentity) return nothing;
  if (operator === SyntaxKind.InKeyword || operator === SyntaxKind.InstanceOfKeyword) {
    scope.access.mayFail = true;
    scope.access.read(right);
    return nothing;
  }
  coerce(scope, node.left, left);
  coerce(scope, node.right, right);
  return nothing;
}

function assignPattern(scope: Scope, node: ts.BinaryExpression): Value {
  const { ts } = scope.context;
  const target = strip(scope.context, node.left);
  const isPattern = ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target);
  if (!isPattern) {
    const value = scope.walk.evaluate(scope, node.right);
    assignTo(scope, target, value);
    return value;
  }
  const value = ts.isArrayLiteralExpression(target)
    ? iterate(scope, node.right)
    : copyProperties(scope, node.right);
  // Each target may get anything that is reachable from the value: patterns go to any depth.
  const parts: Value = { places: scope.memory.reach(value.places) };
  const visit = (inner: ts.Node): void => {
    if (ts.isBinaryExpression(inner) && inner !== node)
      assignTo({ ...scope, conditional: true }, inner.left, scope.walk.evaluate(scope, inner.right));
    ts.forEachChild(inner, visit);
  };
  visit(target);
  for (const assigned of assignedTargets(scope.context, node)) assignTo(scope, assigned, parts);
  return value;
}

/** Assigns `value` to every target of `node`. */
export function assignAll(scope: Scope, node: ts.Expression, value: Value): void {
  for (const target of assignedTargets(scope.context, node)) assignTo(scope, target, value);
}

function assignTo(scope: Scope, target: ts.Expression, value: Value): void {
  const { context, memory, variables, access, walk } = scope;
  const { ts } = context;
  const node = strip(context, target);
  if (ts.isIdentifier(node)) {
    const symbol = targetSymbol(context, node);
    const known = symbol && variables.get(symbol);
    if (symbol !== undefined && known !== undefined) assignVariable(scope, symbol, value);
    else {
      access.write(valueOf(world), node);
      access.ownWrites.set('*', ['*']);
      memory.escape(value.places);
    }
    return;
  }
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) {
    access.barrier('XCS3001', node);
    return;
  }
  const holder = walk.evaluate(scope, node.expression);
  if (ts.isElementAccessExpression(node))
    coerce(scope, node.argumentExpression, walk.evaluate(scope, node.argumentExpression));
  access.mayFail = true;
  if (runsSetter(scope, node)) access.barrier('XCS3006', node);
  access.write(holder, node);
  memory.store(holder.places, value.places);
}

/** Gives a variable of the body a value; where that may not happen, or happens again, what it denoted stays possible. */
export function assignVariable(scope: Scope, symbol: ts.Symbol, value: Value): void {
  const { variables, conditional, memory } = scope;
  const before = variables.get(symbol);
  const after = conditional && before !== undefined ? join(before, value) : value;
  if ([...after.places].some((place) => before?.places.has(place) !== true)) memory.assignments++;
  variables.set(symbol, after);
}

function runsSetter(
  { context }: Scope,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): boolean {
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(
    ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression,
  );
  if (symbol === undefined || !(symbol.flags & ts.SymbolFlags.Accessor)) return false;
  return libraryMember(context, symbol.declarations?.[0]) === undefined;
}

/** Binds the names of a declaration or parameter to `value`. */
export function bind(scope: Scope, name: ts.BindingName, value: Value): void {
  const { context, memory, access, walk } = scope;
  const { ts, checker } = context;
  if (ts.isIdentifier(name)) {
    const symbol = checker.getSymbolAtLocation(name);
    const isPrimitive = isPrimitiveType(context, checker.getTypeAtLocation(name));
    if (symbol !== undefined) assignVariable(scope, symbol, isPrimitive ? nothing : value);
    return;
  }
  access.read(value);
  access.mayFail = true;
  const rest = { places: memory.load(value.places) };
  for (const element of name.elements) {
    if (!ts.isBindingElement(element)) continue;
    if (element.propertyName && ts.isComputedPropertyName(element.propertyName))
      walk.evaluate(scope, element.propertyName.expression);
    const part = element.initializer
      ? join(rest, walk.evaluate({ ...scope, conditional: true }, element.initializer))
      : rest;
    if (element.dotDotDotToken === undefined) {
      bind(scope, element.name, part);
      continue;
    }
    const copy = memory.allocate(element, 'the rest');
    memory.store(new Set([copy]), part.places);
    bind(scope, element.name, valueOf(copy));
  }
}

/** Whether binding `name` to a value of `type` reads data only: no iterator and no accessor of the program. */
export function bindsQuietly(
  scope: Scope,
  name: ts.BindingName,
  isQuiet: (type: ts.Type) => boolean,
): boolean {
  const { ts, checker } = scope.context;
  if (ts.isIdentifier(name)) return true;
  if (ts.isArrayBindingPattern(name) && !isQuiet(checker.getTypeAtLocation(name))) return false;
  return name.elements.every(
    (element) => !ts.isBindingElement(element) || bindsQuietly(scope, element.name, isQuiet),
  );
}
