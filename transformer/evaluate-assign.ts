/** Abstract evaluation of assignments, patterns and binary operators. */
import type ts from 'typescript';
import { runsGetter, runsSetter } from './accessors.ts';
import { assignedTargets, isAssignmentOperator, programNames, targetSymbol } from './assigned.ts';
import { coerce, copyProperties, isQuietIterable, iterate } from './evaluate-literal.ts';
import { join, nothing, type Value, valueOf, world } from './memory.ts';
import { strip } from './operators.ts';
import { ownField } from './own-fields.ts';
import type { Scope } from './scope.ts';
import { isPrimitive } from './node-types.ts';

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
    const asks = operator === SyntaxKind.InstanceOfKeyword && programNames(scope.context).converts;
    if (asks) scope.access.barrier('XCS3005', node);
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
  const { accessors } = programNames(scope.context);
  const names = ts.isObjectLiteralExpression(target)
    ? target.properties.map((property) => property.name?.getText() ?? '*')
    : [];
  if (accessors.size > 0 && names.some((name) => name === '*' || accessors.has(name)))
    scope.access.barrier('XCS3006', target);
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
    if (symbol !== undefined && known !== undefined && scope.cells.has(symbol)) {
      access.write(known, node);
      memory.store(known.places, value.places);
    } else if (symbol !== undefined && known !== undefined) assignVariable(scope, symbol, value);
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
  const holder = holderOf(scope, node);
  if (ts.isElementAccessExpression(node))
    coerce(scope, node.argumentExpression, walk.evaluate(scope, node.argumentExpression));
  access.mayFail = true;
  if (mayRunSetter(scope, node)) access.barrier('XCS3006', node);
  access.write(holder, node);
  memory.store(holder.places, value.places);
}

/** The object that holds what `node` names; a field of `this` that only the body touches is one by itself. */
function holderOf(scope: Scope, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Value {
  const { context, walk } = scope;
  const holder = walk.evaluate(scope, node.expression);
  if (holder.path?.length !== 0 || !context.ts.isPropertyAccessExpression(node)) return holder;
  const symbol = context.checker.getSymbolAtLocation(node.name);
  const own = symbol && ownField(scope, symbol);
  return own === undefined ? holder : { ...valueOf(own), path: holder.path };
}

/** Gives a variable of the body a value, or a cell that holds it; where that may not happen, or happens again, what it denoted stays possible. */
export function assignVariable(scope: Scope, symbol: ts.Symbol, value: Value): void {
  const { variables, conditional, memory, cells } = scope;
  const before = variables.get(symbol);
  const declaration = symbol.valueDeclaration;
  if (cells.has(symbol) && declaration !== undefined) {
    const cell = memory.allocate(declaration, symbol.name);
    memory.store(new Set([cell]), value.places);
    variables.set(symbol, valueOf(cell));
    memory.hold(symbol, new Set([cell]));
    return;
  }
  const after = memory.kept(symbol, conditional && before !== undefined ? join(before, value) : value);
  if ([...after.places].some((place) => before?.places.has(place) !== true)) memory.assignments++;
  variables.set(symbol, after);
  memory.hold(symbol, after.places);
}

function mayRunSetter(
  { context }: Scope,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): boolean {
  const { ts, checker } = context;
  const isMember = ts.isPropertyAccessExpression(node);
  const name = isMember ? node.name : node.argumentExpression;
  const isNamed = isMember || ts.isStringLiteralLike(name);
  return (
    isNamed &&
    runsSetter(context, checker.getSymbolAtLocation(name), name.getText().replace(/^['"`]|['"`]$/g, ''))
  );
}

/** Binds the names of a declaration or parameter to `value`. */
export function bind(scope: Scope, name: ts.BindingName, value: Value): void {
  const { context, memory, access, walk } = scope;
  const { ts, checker } = context;
  if (ts.isIdentifier(name)) {
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol !== undefined) assignVariable(scope, symbol, isPrimitive(context, name) ? nothing : value);
    return;
  }
  access.read(value);
  access.mayFail = true;
  const rest = { places: memory.load(value.places) };
  const type = checker.getTypeAtLocation(name);
  if (ts.isArrayBindingPattern(name) && !isQuietIterable(context, type)) access.barrier('XCS3007', name);
  for (const element of name.elements) {
    if (!ts.isBindingElement(element)) continue;
    if (ts.isObjectBindingPattern(name) && bindsAccessor(scope, element, type))
      access.barrier('XCS3006', element);
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

/** Whether taking `element` out of an object of `type` may run a getter. */
function bindsAccessor({ context }: Scope, element: ts.BindingElement, type: ts.Type): boolean {
  const { ts, checker } = context;
  if (element.dotDotDotToken !== undefined) {
    const { accessors } = programNames(context);
    return type
      .getProperties()
      .some(({ name, flags }) => flags & ts.SymbolFlags.Accessor || accessors.has(name));
  }
  const name = element.propertyName ?? element.name;
  if (!ts.isIdentifier(name) && !ts.isStringLiteral(name)) return programNames(context).accessors.size > 0;
  return runsGetter(context, checker.getPropertyOfType(type, name.text), name.text);
}
