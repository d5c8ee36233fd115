/** Abstract walk over statements. Loops are walked until nothing new is learnt; branches add up. */
import type ts from 'typescript';
import { caughtBy, noteThrown } from './caught.ts';
import { assignVariable, bind } from './evaluate-assign.ts';
import { iterate, isQuietIterable, makeClosure } from './evaluate-literal.ts';
import { nothing, type Value } from './memory.ts';
import type { Scope } from './scope.ts';

export function visit(scope: Scope, node: ts.Node): void {
  const { ts } = scope.context;
  if (ts.isVariableDeclarationList(node))
    return node.declarations.forEach((declaration) => declare(scope, declaration));
  if (ts.isExpressionStatement(node)) return void scope.walk.evaluate(scope, node.expression);
  if (ts.isIfStatement(node)) return visitIf(scope, node);
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return visitForEach(scope, node);
  if (ts.isIterationStatement(node, false) || ts.isSwitchStatement(node)) return visitRepeated(scope, node);
  if (ts.isTryStatement(node)) return visitTry(scope, node);
  if (ts.isReturnStatement(node)) return visitReturn(scope, node);
  if (ts.isThrowStatement(node)) {
    scope.access.mayFail = true;
    return throwValue(scope, node, scope.walk.evaluate(scope, node.expression));
  }
  if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
  if (ts.isFunctionDeclaration(node)) {
    const symbol = node.name && scope.context.checker.getSymbolAtLocation(node.name);
    if (symbol !== undefined) assignVariable(scope, symbol, makeClosure(scope, node));
    return;
  }
  if (ts.isClassDeclaration(node))
    return scope.access.barrier('XCS3001', node, `class ${node.name?.text ?? ''}`);
  if (ts.isExpression(node)) return void scope.walk.evaluate(scope, node);
  ts.forEachChild(node, (child) => visit(scope, child));
}

export function declare(scope: Scope, declaration: ts.VariableDeclaration): void {
  const { ts } = scope.context;
  const list = declaration.parent;
  if (ts.isVariableDeclarationList(list) && list.flags & ts.NodeFlags.Using)
    scope.access.barrier('XCS3001', declaration);
  const value =
    declaration.initializer === undefined
      ? nothing
      : initial(scope, declaration.name, declaration.initializer);
  bind(scope, declaration.name, value);
}

/** The value that a pattern takes apart; an array pattern iterates it. */
export function initial(scope: Scope, name: ts.BindingName, initializer: ts.Expression): Value {
  const { context, walk } = scope;
  const value = walk.evaluate(scope, initializer);
  const iterates = context.ts.isArrayBindingPattern(name);
  if (iterates && !isQuietIterable(context, context.checker.getTypeAtLocation(initializer)))
    scope.access.barrier('XCS3007', initializer);
  return value;
}

function visitIf(scope: Scope, node: ts.IfStatement): void {
  scope.walk.evaluate(scope, node.expression);
  const branch = { ...scope, conditional: true };
  visit(branch, node.thenStatement);
  if (node.elseStatement) visit(branch, node.elseStatement);
}

/** Walks `body` again and again until that teaches nothing new. */
function untilStable(scope: Scope, body: (again: Scope) => void): void {
  const again = { ...scope, conditional: true };
  const learnt = (): number => scope.memory.version + scope.memory.assignments;
  for (let before = -1; before !== learnt();) {
    before = learnt();
    body(again);
  }
}

function visitForEach(scope: Scope, node: ts.ForOfStatement | ts.ForInStatement): void {
  const { ts } = scope.context;
  if (ts.isForOfStatement(node) && node.awaitModifier) scope.access.barrier('XCS3002', node.expression);
  const element = ts.isForOfStatement(node)
    ? iterate(scope, node.expression)
    : scope.walk.evaluate(scope, node.expression);
  untilStable(scope, (again) => {
    if (ts.isVariableDeclarationList(node.initializer)) {
      for (const { name } of node.initializer.declarations)
        bind(again, name, ts.isForOfStatement(node) ? element : nothing);
    } else {
      again.access.barrier('XCS3001', node.initializer);
    }
    visit(again, node.statement);
  });
}

function visitRepeated(scope: Scope, node: ts.Node): void {
  untilStable(scope, (again) => scope.context.ts.forEachChild(node, (child) => visit(again, child)));
}

function visitTry(scope: Scope, node: ts.TryStatement): void {
  const part = { ...scope, conditional: true };
  visit({ ...part, caught: true }, node.tryBlock);
  noteThrown(scope.memory, node, scope.access.held);
  if (node.catchClause?.variableDeclaration)
    bind(part, node.catchClause.variableDeclaration.name, caughtBy(scope.memory, node));
  const isFollowed = node.finallyBlock !== undefined;
  if (node.catchClause) visit({ ...part, caught: part.caught || isFollowed }, node.catchClause.block);
  if (node.finallyBlock) visit(part, node.finallyBlock);
}

/**
 * Whoever catches a value gets the object itself. Where that is the caller, the body has ended: later writes wait for this step, as
 * for any that reads what is thrown, and never happen once it has failed.
 */
function throwValue(scope: Scope, node: ts.ThrowStatement, { places }: Value): void {
  const { context, memory, access, within, body } = scope;
  const { ts } = context;
  const catches = (outer: ts.Node): boolean => ts.isTryStatement(outer) && outer.catchClause !== undefined;
  const isOutOf = (inner: ts.Node, outer: ts.Node): boolean =>
    ts.isTryStatement(outer) && outer.tryBlock !== inner;
  let isCaught = within !== body;
  for (let inner: ts.Node = node; inner !== body && !isCaught; inner = inner.parent)
    isCaught = catches(inner.parent) && !isOutOf(inner, inner.parent);
  if (isCaught) return memory.escape(places);
  access.read({ places: new Set([...memory.reach(places)].filter((place) => !memory.isShared(place))) });
  memory.answer(places);
}

function visitReturn(scope: Scope, node: ts.ReturnStatement): void {
  give(scope, node.expression === undefined ? nothing : scope.walk.evaluate(scope, node.expression));
}

/** The body ends with `value`. */
export function answer({ memory, access }: Scope, { places }: Value): void {
  memory.answer(places);
  for (const place of memory.reach(places)) access.answers.add(place);
}

/** Notes `value` as one that the function being walked gives. */
export function give(scope: Scope, value: Value): void {
  if (scope.within === scope.body) answer(scope, value);
  scope.memory.giveBack(scope.within, value);
}
