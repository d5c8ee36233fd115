/** Which expressions can be cut: all that suspends in them evaluated before, in the order of JavaScript. */
import type ts from 'typescript';
import { assignedTargets } from './assigned.ts';
import type { Context } from './context.ts';
import { type OperatorCall, operatorCall, strip } from './operators.ts';
import type { PieceList } from './piece-list.ts';
import {
  callsOperators,
  type Choice,
  choiceOf,
  contains,
  evaluationOrder,
  runsAtOnce,
  startsAtThis,
  suspends,
} from './shape.ts';
import { resolveAlias } from './symbols.ts';

export class Cuts {
  readonly #context: Context;
  readonly #list: PieceList;

  constructor(context: Context, list: PieceList) {
    this.#context = context;
    this.#list = list;
  }

  /** Whether everything that suspends in `node` can be evaluated before it, in the order of JavaScript. */
  isCuttable(node: ts.Expression): boolean {
    const { ts } = this.#context;
    if (!suspends(this.#context, node)) return true;
    const choice = choiceOf(this.#context, node);
    if (choice !== undefined) return this.#isCuttableChoice(node, choice);
    if (operatorCall(this.#context, node)?.isOptional) return false;
    if (ts.isAwaitExpression(node)) {
      const operand = strip(this.#context, node.expression);
      const called = operatorCall(this.#context, operand);
      if (called?.isOptional) return this.#isCuttableOptional(called);
      return called === undefined || this.isCuttable(operand);
    }
    const order = this.orderOf(node);
    if (order === undefined) return false;
    const last = order.findLastIndex((part) => suspends(this.#context, part));
    const earlier = order.slice(0, Math.max(last, 0));
    // Spreading copies when it is evaluated, so it cannot wait for what is evaluated after it.
    const copies = earlier.some((part) => ts.isSpreadElement(part) || ts.isSpreadAssignment(part.parent));
    const assigns = earlier.some((part) =>
      contains(this.#context, part, (inner) => assignedTargets(this.#context, inner).length > 0),
    );
    // A callback that calls operators needs a step that routes them.
    const calls = order.some(
      (part) => runsAtOnce(this.#context, part) && callsOperators(this.#context, part),
    );
    // A class that is evaluated before its property is there would not be named after it.
    const names = earlier.some((part) => ts.isClassExpression(strip(this.#context, part)));
    if (calls || names) return false;
    return !copies && !assigns && order.every((part) => this.isCuttable(part));
  }

  /** `target?.invoke(…)`: what is given is evaluated only if the target is there. */
  #isCuttableOptional({ call, target }: OperatorCall): boolean {
    const assigns = (inner: ts.Node): boolean => assignedTargets(this.#context, inner).length > 0;
    if (contains(this.#context, call, assigns, () => true)) return false;
    const parts = [target, ...call.arguments];
    return parts.every((part) => !this.#context.ts.isSpreadElement(part) && this.isCuttable(part));
  }

  #isCuttableChoice(node: ts.Expression, choice: Choice): boolean {
    const { first, whenTruthy, whenFalsy, whenAbsent } = choice;
    const assigns = (inner: ts.Node): boolean => assignedTargets(this.#context, inner).length > 0;
    if (contains(this.#context, node, assigns, () => true)) return false;
    const parts = [first, whenTruthy, whenFalsy, whenAbsent];
    return parts.every((part) => part === undefined || this.isCuttable(part));
  }

  /** An operator call looks its operator up when it starts, so only computed receivers are evaluated before it. */
  orderOf(node: ts.Expression): readonly ts.Expression[] | undefined {
    const called = operatorCall(this.#context, node);
    if (called === undefined) return evaluationOrder(this.#context, node);
    return this.#isStableTarget(called.target)
      ? called.call.arguments
      : [called.target, ...called.call.arguments];
  }

  /** A callee that is looked up, and may fail, before what suspends among the arguments of `node`. */
  lookupOf(node: ts.Expression): ts.Expression | undefined {
    const { ts } = this.#context;
    const isCut = ts.isCallExpression(node) && node.arguments.some((part) => suspends(this.#context, part));
    return isCut ? this.calleeOf(node) : undefined;
  }

  /** A callee whose receiver may turn out to be absent when it is looked up. */
  calleeOf(node: ts.CallExpression): ts.Expression | undefined {
    const { ts } = this.#context;
    const callee = strip(this.#context, node.expression);
    if (!ts.isPropertyAccessExpression(callee)) return undefined;
    return this.#mayBeAbsent(callee.expression) ? callee : undefined;
  }

  /** Whether the type of `node` may hide that it is absent. */
  #mayBeAbsent(node: ts.Expression): boolean {
    const { ts, checker } = this.#context;
    if (ts.isParenthesizedExpression(node)) return this.#mayBeAbsent(node.expression);
    if (strip(this.#context, node) !== node) return true;
    if (ts.isPropertyAccessExpression(node) || this.#isInTuple(node))
      return this.#mayBeAbsent(node.expression);
    if (!ts.isIdentifier(node)) return ts.isElementAccessExpression(node) || ts.isCallExpression(node);
    const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
    const initializer =
      declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return initializer !== undefined && this.#mayBeAbsent(initializer);
  }

  /** An element that a tuple in a field has for certain: link has seen that an operator stands there. */
  #isInTuple(node: ts.Expression): node is ts.ElementAccessExpression {
    const { ts, checker } = this.#context;
    if (!ts.isElementAccessExpression(node) || !startsAtThis(this.#context, node)) return false;
    const type = checker.getTypeAtLocation(node.expression);
    const index = node.argumentExpression;
    if (!checker.isTupleType(type) || !ts.isNumericLiteral(index)) return false;
    const element = checker.getPropertyOfType(type, index.text);
    return element !== undefined && (element.flags & ts.SymbolFlags.Optional) === 0;
  }

  isSuspension(node: ts.Expression): boolean {
    const inner = strip(this.#context, node);
    return (
      this.#context.ts.isAwaitExpression(inner) ||
      operatorCall(this.#context, inner) !== undefined ||
      choiceOf(this.#context, inner) !== undefined
    );
  }

  /** Whether `node` means the same now and after the next call: constants, slots and functions. */
  isStable(expression: ts.Expression): boolean {
    const { ts } = this.#context;
    const { SyntaxKind } = ts;
    const node = strip(this.#context, expression);
    if (this.#list.isEvaluated(node) || ts.isLiteralExpression(node) || ts.isOmittedExpression(node))
      return true;
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return true;
    if (ts.isIdentifier(node)) {
      const variable = this.#list.variables.at(node);
      return variable === undefined
        ? isConstant(this.#context, node)
        : !this.#list.variables.isCaptured(variable);
    }
    const keywords = [
      SyntaxKind.ThisKeyword,
      SyntaxKind.TrueKeyword,
      SyntaxKind.FalseKeyword,
      SyntaxKind.NullKeyword,
    ];
    return keywords.includes(node.kind);
  }

  /** An operator reached from `this` is looked up when its call starts: link has seen to it that it stays. */
  #isStableTarget(target: ts.Expression): boolean {
    return this.isStable(target) || startsAtThis(this.#context, target);
  }
}

/** Whether `node` names something that nobody assigns: an import, a function, a class, a `const`. */
function isConstant(context: Context, node: ts.Identifier): boolean {
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(node);
  const declaration = symbol && resolveAlias(context, symbol).valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration))
    return declaration === undefined || !ts.isParameter(declaration);
  const isLibrary = declaration.getSourceFile().isDeclarationFile;
  return isLibrary || (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
}
