/** Questions about the shape of code that need no analysis: what suspends, what leaves the body, what is evaluated first. */
import type ts from 'typescript';
import { assignedTargets, isAssignmentOperator } from './assigned.ts';
import { builtin } from './builtins.ts';
import type { Context } from './context.ts';
import { type OperatorCall, operatorCall, strip } from './operators.ts';
import { libraryMember } from './library.ts';
import { isPrimitive } from './node-types.ts';
import { once } from './once.ts';

/**
 * Whether `test` holds for `node` or something in it, not looking into functions and classes unless `enters` says so. What
 * a class extends, its decorators and the computed names of its members are evaluated where it stands.
 */
export function contains(
  { ts }: Context,
  node: ts.Node,
  test: (inner: ts.Node) => boolean,
  enters: (inner: ts.Node) => boolean = () => false,
): boolean {
  const visitHead = (part: ts.Node): boolean => {
    if (ts.isHeritageClause(part) || ts.isDecorator(part) || ts.isComputedPropertyName(part))
      return visit(part);
    return ts.isClassElement(part) ? (ts.forEachChild(part, visitHead) ?? false) : false;
  };
  const visit = (inner: ts.Node): boolean => {
    if (test(inner)) return true;
    const isClosed = inner !== node && (ts.isFunctionLike(inner) || ts.isClassLike(inner)) && !enters(inner);
    if (isClosed && !ts.isClassLike(inner)) return false;
    return ts.forEachChild(inner, isClosed ? visitHead : visit) ?? false;
  };
  return visit(node);
}

/** Whether `node` awaits something, or calls an operator: itself, or in a callback that runs while `node` does. */
export const suspends: (context: Context, node: ts.Node) => boolean = once((context, node) => {
  const { ts } = context;
  if (ts.isFunctionLike(node)) return false;
  const isSuspension = (inner: ts.Node): boolean =>
    operatorCall(context, inner) !== undefined ||
    (!isInFunction(context, inner, node) && awaits(context, inner));
  return contains(context, node, isSuspension, (inner) => runsAtOnce(context, inner));
});

/** Whether the function `node` calls operators: itself, or in callbacks that run while it does. */
export function callsOperators(context: Context, node: ts.Node): boolean {
  const isCall = (inner: ts.Node): boolean => operatorCall(context, inner) !== undefined;
  return contains(context, node, isCall, (inner) => runsAtOnce(context, inner));
}

/** Whether `node` awaits something outside of nested functions. */
export function awaitsInside(context: Context, node: ts.Node): boolean {
  return contains(context, node, (inner) => awaits(context, inner));
}

function awaits({ ts }: Context, node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
}

function isInFunction({ ts }: Context, node: ts.Node, root: ts.Node): boolean {
  for (let inner = node; inner !== root; inner = inner.parent) if (ts.isFunctionLike(inner)) return true;
  return false;
}

/** Whether the function `node` is called where it stands and not kept: a callback of a builtin, or called at once. */
export function runsAtOnce(context: Context, node: ts.Node): boolean {
  const { ts } = context;
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false;
  let inner: ts.Expression = node;
  while (ts.isParenthesizedExpression(inner.parent)) inner = inner.parent;
  const isCalled = ts.isCallExpression(inner.parent) && inner.parent.expression === inner;
  return isCalled || isCallback(context, inner);
}

/** Whether `node` is handed to a builtin that calls it before it ends, or to a promise that calls it when it settles. */
export function isCallback(context: Context, node: ts.Node): boolean {
  const { ts, checker } = context;
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.expression === node) return false;
  const library = libraryMember(context, checker.getResolvedSignature(call)?.declaration);
  if (library === undefined) return false;
  const isChain = library.owner === 'Promise' && /^(then|catch|finally)$/.test(library.member);
  return (
    isChain ||
    (builtin(library.owner, library.member)?.callbacks ?? []).some((index) => call.arguments[index] === node)
  );
}

/** Whether `statement` may leave the body by `return`. */
export function mayReturn(context: Context, statement: ts.Node): boolean {
  if (context.ts.isFunctionDeclaration(statement)) return false;
  return contains(context, statement, (inner) => context.ts.isReturnStatement(inner));
}

export function mayThrow(context: Context, statement: ts.Node): boolean {
  if (context.ts.isFunctionDeclaration(statement)) return false;
  return contains(context, statement, (inner) => context.ts.isThrowStatement(inner));
}

/** What keeps code from being moved out of its function: `super`, `arguments`, `new.target`, `eval`, `yield`. */
export function findUnmovable(context: Context, body: ts.Node): string | undefined {
  const { ts } = context;
  let found: string | undefined;
  const test = (node: ts.Node): boolean => {
    if (node.kind === ts.SyntaxKind.SuperKeyword) found = 'super';
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.NewKeyword) found = 'new.target';
    if (
      ts.isIdentifier(node) &&
      (node.text === 'arguments' || node.text === 'eval') &&
      !isPropertyName(context, node)
    )
      found = node.text;
    if (ts.isYieldExpression(node)) found = 'yield';
    if (ts.isWithStatement(node)) found = 'with';
    return found !== undefined;
  };
  contains(context, body, test, (inner) => ts.isArrowFunction(inner));
  return found;
}

function isPropertyName({ ts }: Context, node: ts.Identifier): boolean {
  const { parent } = node;
  const isNamed = ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent);
  return isNamed && parent.name === node;
}

/** Whether `node` uses the `this` of the code around it. A function that has its own is looked into only if it is `node`. */
export function usesThis(context: Context, node: ts.Node): boolean {
  const { ts } = context;
  return contains(
    context,
    node,
    (inner) => inner.kind === ts.SyntaxKind.ThisKeyword,
    (inner) => ts.isArrowFunction(inner),
  );
}

/** Sub-expressions in the order in which JavaScript evaluates them, or nothing where that depends on values. */
export function evaluationOrder(context: Context, node: ts.Expression): readonly ts.Expression[] | undefined {
  const { ts } = context;
  if (assignedTargets(context, node).length > 0) return undefined;
  if (strip(context, node) !== node) return [strip(context, node)];
  if (ts.isBinaryExpression(node) && ts.isPrivateIdentifier(node.left)) return [node.right];
  if (ts.isBinaryExpression(node))
    return isConditional(ts, node) ? leftOnly(context, node) : [node.left, node.right];
  if (ts.isConditionalExpression(node))
    return suspendsAny(context, [node.whenTrue, node.whenFalse]) ? undefined : [node.condition];
  if (ts.isTemplateExpression(node)) return templateOrder(context, node);
  if (ts.isArrayLiteralExpression(node)) return [...node.elements];
  if (ts.isObjectLiteralExpression(node)) return propertyOrder(context, node);
  if (ts.isOptionalChain(node)) return undefined;
  if (ts.isCallExpression(node)) return callOrder(context, node);
  if (ts.isNewExpression(node)) return [node.expression, ...(node.arguments ?? [])];
  if (ts.isPropertyAccessExpression(node) || ts.isSpreadElement(node)) return [node.expression];
  if (ts.isElementAccessExpression(node)) return [node.expression, node.argumentExpression];
  if (ts.isPrefixUnaryExpression(node)) return [node.operand];
  if (ts.isTypeOfExpression(node) || ts.isVoidExpression(node)) return [node.expression];
  return undefined;
}

/** A template converts each value before it evaluates the next one, so only primitives may wait. */
function templateOrder(context: Context, node: ts.TemplateExpression): readonly ts.Expression[] | undefined {
  const order = node.templateSpans.map((span) => span.expression);
  const last = order.findLastIndex((part) => suspends(context, part));
  return order.slice(0, Math.max(last, 0)).every((part) => isPrimitive(context, part)) ? order : undefined;
}

function suspendsAny(context: Context, nodes: readonly ts.Node[]): boolean {
  return nodes.some((node) => suspends(context, node));
}

function isConditional(typescript: typeof ts, node: ts.BinaryExpression): boolean {
  const { SyntaxKind } = typescript;
  const operator = node.operatorToken.kind;
  const isLogical = [
    SyntaxKind.AmpersandAmpersandToken,
    SyntaxKind.BarBarToken,
    SyntaxKind.QuestionQuestionToken,
  ].includes(operator);
  return isLogical || isAssignmentOperator(typescript, operator);
}

function leftOnly(context: Context, node: ts.BinaryExpression): readonly ts.Expression[] | undefined {
  return suspends(context, node.right) ? undefined : [node.left];
}

/** A method that is looked up on its receiver before the arguments are awaited must be the same afterwards. */
function callOrder(context: Context, node: ts.CallExpression): readonly ts.Expression[] | undefined {
  const { ts, checker } = context;
  const callee = strip(context, node.expression);
  if (ts.isElementAccessExpression(callee)) return undefined;
  if (!ts.isPropertyAccessExpression(callee)) return [callee, ...node.arguments];
  const declaration = checker.getSymbolAtLocation(callee.name)?.valueDeclaration;
  const isFixed =
    declaration !== undefined && (ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration));
  return isFixed || !suspendsAny(context, node.arguments)
    ? [callee.expression, ...node.arguments]
    : undefined;
}

function propertyOrder(
  context: Context,
  node: ts.ObjectLiteralExpression,
): readonly ts.Expression[] | undefined {
  const { ts } = context;
  const order: ts.Expression[] = [];
  for (const property of node.properties) {
    const key = property.name;
    if (key && ts.isComputedPropertyName(key)) {
      if (!isPrimitive(context, key.expression)) return undefined;
      order.push(key.expression);
    }
    if (ts.isPropertyAssignment(property)) order.push(property.initializer);
    else if (ts.isSpreadAssignment(property)) order.push(property.expression);
    else if (!ts.isShorthandPropertyAssignment(property)) return undefined;
  }
  return order;
}

/** Whether `const name = node` gives the function or class that `node` makes its name. */
export function isNamedAfterVariable(context: Context, node: ts.Node): boolean {
  const { ts } = context;
  const inner = ts.isExpression(node) ? strip(context, node) : node;
  if (ts.isArrowFunction(inner)) return true;
  return (ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && inner.name === undefined;
}

/** Whether it could be seen that the arguments of `called` are evaluated although its operator is absent. */
export function mayRunFirst(context: Context, { call }: OperatorCall): boolean {
  const { ts } = context;
  const { SyntaxKind } = ts;
  const running = new Set([
    SyntaxKind.PropertyAccessExpression,
    SyntaxKind.ElementAccessExpression,
    SyntaxKind.CallExpression,
    SyntaxKind.NewExpression,
    SyntaxKind.TaggedTemplateExpression,
    SyntaxKind.TemplateExpression,
    SyntaxKind.BinaryExpression,
    SyntaxKind.PrefixUnaryExpression,
    SyntaxKind.PostfixUnaryExpression,
    SyntaxKind.DeleteExpression,
    SyntaxKind.ClassExpression,
    SyntaxKind.SpreadElement,
    SyntaxKind.SpreadAssignment,
    SyntaxKind.ComputedPropertyName,
  ]);
  return call.arguments.some((argument) => contains(context, argument, (node) => running.has(node.kind)));
}

/** Whether `node` calls a function of the program that may change something. */
export function callsWriters(context: Context, node: ts.Node): boolean {
  const { ts, checker } = context;
  return contains(context, node, (inner) => {
    if (!ts.isCallExpression(inner)) return false;
    const declaration = checker.getResolvedSignature(inner)?.declaration;
    const body = declaration !== undefined && 'body' in declaration ? declaration.body : undefined;
    return body !== undefined && mayChange(context, body);
  });
}

/** Whether `body` assigns a property, or calls something that may. */
function mayChange(context: Context, body: ts.Node): boolean {
  const { ts, checker } = context;
  return contains(context, body, (inner) => {
    const isMember = (target: ts.Expression): boolean => !ts.isIdentifier(target);
    if (assignedTargets(context, inner).some(isMember)) return true;
    if (!ts.isCallExpression(inner)) return false;
    const library = libraryMember(context, checker.getResolvedSignature(inner)?.declaration);
    const row = library && builtin(library.owner, library.member);
    return (
      row === undefined || row.receiver === 'mutates' || row.args !== 'none' || row.ordered !== undefined
    );
  });
}

/** Whether `node` is `this`, or found from it by constant keys alone. */
export function startsAtThis(context: Context, node: ts.Expression): boolean {
  const { ts } = context;
  const inner = strip(context, node);
  const isConstant =
    ts.isPropertyAccessExpression(inner) ||
    (ts.isElementAccessExpression(inner) &&
      (ts.isStringLiteralLike(inner.argumentExpression) || ts.isNumericLiteral(inner.argumentExpression)));
  if (isConstant) return startsAtThis(context, inner.expression);
  return inner.kind === context.ts.SyntaxKind.ThisKeyword;
}

/** An expression that evaluates some of its parts only if another part says so. */
export interface Choice {
  readonly first: ts.Expression;
  /** What is evaluated if `first` is truthy, falsy, or null or undefined. */
  readonly whenTruthy?: ts.Expression;
  readonly whenFalsy?: ts.Expression;
  readonly whenAbsent?: ts.Expression;
  /** The value is that of `first` where nothing else is evaluated. */
  readonly givesFirst: boolean;
}

/** Reads `?:`, `&&`, `||` and `??` whose parts may suspend. */
export function choiceOf(context: Context, node: ts.Expression): Choice | undefined {
  const { ts } = context;
  if (ts.isConditionalExpression(node)) {
    const { condition: first, whenTrue: whenTruthy, whenFalse: whenFalsy } = node;
    return suspendsAny(context, [whenTruthy, whenFalsy])
      ? { first, whenTruthy, whenFalsy, givesFirst: false }
      : undefined;
  }
  if (!ts.isBinaryExpression(node) || !suspends(context, node.right)) return undefined;
  const { left: first, right } = node;
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken)
    return { first, whenTruthy: right, givesFirst: true };
  if (operator === ts.SyntaxKind.BarBarToken) return { first, whenFalsy: right, givesFirst: true };
  if (operator === ts.SyntaxKind.QuestionQuestionToken) return { first, whenAbsent: right, givesFirst: true };
  return undefined;
}
