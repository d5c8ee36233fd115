/** Abstract evaluation of operator calls, and whether anybody waits for them. */
import type ts from 'typescript';
import { Access } from './access.ts';
import { labelOf } from './context.ts';
import { evaluateArguments, runClosure } from './evaluate-function.ts';
import { type Value, join, valueOf, world } from './memory.ts';
import type { OperatorCall } from './operators.ts';
import { isOfStep, type Scope } from './scope.ts';
import { libraryMember } from './library.ts';
import { isOperatorType, isPrimitiveType } from './symbols.ts';

/** A call of an operator holds what it is given until it ends, and may answer any of it. */
export function callOperator(scope: Scope, called: OperatorCall): Value {
  const { memory, access, context } = scope;
  access.mayFail = true;
  const operator = scope.operators.add(called);
  access.operators.add(operator);
  if (!isOfStep(scope, called.call)) access.barrier('XCS3001', called.call);
  const target = findTarget(scope, called, operator);
  const given = evaluateArguments(scope, called.call).reduce(join, target);
  const held = memory.reach(given.places);
  access.read({ places: held });
  for (const place of held) access.held.add(place);
  for (const place of held) runClosure(scope, place);
  const isHidden =
    [...held].some((place) => memory.isShared(place)) &&
    called.call.arguments.some((argument) => holdsFunction(scope, argument));
  const mayMutate = scope.operators.references[operator]?.effect;
  if (mayMutate?.mutates === true || mayMutate?.known === 'undeclared') access.give(held);
  // Who it is given may call a function of which nothing is known.
  if (isHidden) access.write(valueOf(world), called.call);
  const result = memory.result(scope.step, labelOf(called.call, 32));
  const promise = memory.allocate(called.call, 'a promise');
  memory.promises.add(promise);
  const type = context.checker.getAwaitedType(context.checker.getTypeAtLocation(called.call));
  const isPrimitive = type !== undefined && isPrimitiveType(context, type);
  memory.store(new Set([promise]), isPrimitive ? new Set() : new Set([result, ...held]));
  if (!isAwaited(scope, called.call)) access.begin(promise);
  return valueOf(promise);
}

/**
 * Evaluates what denotes the operator. Finding it in a field or container is no read that a write could disturb: link
 * finds it when the run begins, and fields that the body writes are not found that way.
 */
function findTarget(scope: Scope, called: OperatorCall, operator: number): Value {
  const quiet = new Access(scope.context, scope.memory);
  const value = scope.walk.evaluate({ ...scope, access: quiet }, called.target);
  const isFound = scope.operators.finders[operator]?.finder !== undefined;
  if (quiet.order !== 'free' || !isFound) scope.walk.evaluate(scope, called.target);
  // An operator made in the body reads what its constructor was given, and may change it.
  const made = new Set([...value.places].filter((place) => !scope.memory.isShared(place)));
  const effect = scope.operators.references[operator]?.effect;
  const changes = effect === undefined || effect.known === 'undeclared' || effect.state || effect.mutates;
  const reached = [...scope.memory.reach(made)].filter((place) => !scope.memory.isShared(place));
  if (changes && made.size > 0) scope.access.write({ places: new Set(reached) }, called.target);
  return { places: made };
}

/** Whether what `node` denotes is a function, or an object that holds one. */
function holdsFunction({ context }: Scope, node: ts.Expression): boolean {
  const { checker } = context;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node));
  if (isOperatorType(context, type)) return false;
  if (type.getCallSignatures().length > 0) return true;
  return type.getProperties().some((property) => {
    const declaration = property.declarations?.[0];
    if (libraryMember(context, declaration) !== undefined) return false;
    return checker.getNonNullableType(checker.getTypeOfSymbol(property)).getCallSignatures().length > 0;
  });
}

/** Whether the promise of `node` is waited for within its step: by `await` or by a combinator that waits for all. */
export function isAwaited(scope: Scope, node: ts.Expression): boolean {
  const { ts } = scope.context;
  if (!scope.waits) return false;
  // A list of promises is not waited for by `await`, but by a combinator only.
  let isList = false;
  for (let inner: ts.Node = node; ;) {
    const parent: ts.Node = inner.parent;
    if (inner === scope.body) return !isList;
    if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) {
      const within = ts.findAncestor(parent, ts.isFunctionLike);
      if (isList) return false;
      if (within === undefined || within === scope.body) return true;
      // Whoever waits for a function waits for what it waits for.
      const isWalked = scope.running.get(within);
      if (isWalked !== undefined && !isMapCallback(scope, within)) return isWalked;
      inner = within;
      continue;
    }
    if (ts.isVariableDeclaration(parent) && parent.initializer === inner)
      return !isList && isSettled(scope, parent.name);
    const isFunction = ts.isFunctionLike(inner);
    if (!(isFunction ? isMapCallback(scope, inner) : passesOn(scope, inner))) return false;
    if (isFunction || ts.isArrayLiteralExpression(parent)) isList = true;
    else if (ts.isCallExpression(parent) && parent.expression !== inner) isList = false;
    inner = parent;
  }
}

/** Whether the step waits for the promise that the constant `name` holds. */
function isSettled({ context, settles }: Scope, name: ts.BindingName): boolean {
  const symbol = settles && context.checker.getSymbolAtLocation(name);
  return symbol !== undefined && settles?.has(symbol) === true;
}

/** Whether `callback` is called for each element and its promises are collected. */
function isMapCallback({ context }: Scope, callback: ts.Node): boolean {
  const { ts } = context;
  const call = callback.parent;
  const isFirst = ts.isCallExpression(call) && call.arguments[0] === callback;
  return (
    isFirst &&
    ts.isPropertyAccessExpression(call.expression) &&
    /^(map|flatMap)$/.test(call.expression.name.text) &&
    libraryMember(context, context.checker.getResolvedSignature(call)?.declaration) !== undefined
  );
}

/** Whether the parent of `node` denotes what `node` denotes, holds it, or waits for it. */
function passesOn(scope: Scope, node: ts.Node): boolean {
  const { ts } = scope.context;
  const { parent } = node;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (ts.isPropertyAccessExpression(parent))
    return /^(then|catch|finally|map|flatMap)$/.test(parent.name.text);
  if (ts.isCallExpression(parent)) return parent.expression === node || waitsForAll(scope, parent);
  return (
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isConditionalExpression(parent) ||
    ts.isSpreadElement(parent)
  );
}

function waitsForAll({ context }: Scope, node: ts.CallExpression): boolean {
  const library = libraryMember(context, context.checker.getResolvedSignature(node)?.declaration);
  if (library?.owner === 'PromiseConstructor')
    return library.member === 'all' || library.member === 'allSettled';
  return false;
}
