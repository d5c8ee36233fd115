/**
 * Which variables a step would have assigned when it fails. As written a handler sees such an assignment; a slot is filled only
 * when its step has ended.
 */
import type ts from 'typescript';
import { runsGetter } from './accessors.ts';
import { assignedTargets, targetSymbol } from './assigned.ts';
import type { Context } from './context.ts';

/** The `variables` that `nodes`, which are evaluated in turn, assign before something that may fail. */
export function assignedEarly(
  context: Context,
  nodes: readonly ts.Node[],
  variables: ReadonlySet<ts.Symbol>,
): readonly ts.Symbol[] {
  const walk = new Walk(context, variables);
  for (const node of nodes) walk.visit(node);
  return [...walk.early];
}

class Walk {
  readonly early = new Set<ts.Symbol>();
  readonly #context: Context;
  readonly #variables: ReadonlySet<ts.Symbol>;
  /** What may have been assigned by now. */
  #assigned = new Set<ts.Symbol>();

  constructor(context: Context, variables: ReadonlySet<ts.Symbol>) {
    this.#context = context;
    this.#variables = variables;
  }

  readonly visit = (node: ts.Node): void => {
    const { ts } = this.#context;
    if (ts.isTypeNode(node) || ts.isFunctionLike(node)) return;
    if (ts.isIfStatement(node)) this.#choose(node.expression, node.thenStatement, node.elseStatement);
    else if (ts.isConditionalExpression(node)) this.#choose(node.condition, node.whenTrue, node.whenFalse);
    else if (ts.isBinaryExpression(node) && assignedTargets(this.#context, node).length > 0)
      this.#assign(node);
    else {
      ts.forEachChild(node, this.visit);
      if (mayFail(this.#context, node)) this.#fail();
      this.#note(node);
      // What stands further up in a loop comes again.
      if (ts.isIterationStatement(node, false)) ts.forEachChild(node, this.visit);
    }
  };

  /** One of the two comes after the condition. */
  #choose(condition: ts.Node, whenTrue: ts.Node, whenFalse: ts.Node | undefined): void {
    this.visit(condition);
    const before = new Set(this.#assigned);
    this.visit(whenTrue);
    const after = this.#assigned;
    this.#assigned = before;
    if (whenFalse !== undefined) this.visit(whenFalse);
    for (const variable of after) this.#assigned.add(variable);
  }

  #assign(node: ts.BinaryExpression): void {
    const { ts } = this.#context;
    const isPattern = ts.isArrayLiteralExpression(node.left) || ts.isObjectLiteralExpression(node.left);
    if (!isPattern && !ts.isIdentifier(node.left)) this.visit(node.left);
    this.visit(node.right);
    const isPlain = node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (!isPlain || (!isPattern && !ts.isIdentifier(node.left))) this.#fail();
    this.#note(node);
    if (isPattern && !isTakenWhole(this.#context, node.left, node.right)) this.#fail();
  }

  #note(node: ts.Node): void {
    for (const target of assignedTargets(this.#context, node)) {
      const symbol = targetSymbol(this.#context, target);
      if (symbol !== undefined && this.#variables.has(symbol)) this.#assigned.add(symbol);
    }
  }

  #fail(): void {
    for (const variable of this.#assigned) this.early.add(variable);
  }
}

/** Whether a pattern of variables alone takes `value` apart without running code that could fail between two of them. */
function isTakenWhole(context: Context, pattern: ts.Expression, value: ts.Expression): boolean {
  const { ts, checker } = context;
  if (ts.isArrayLiteralExpression(pattern)) {
    const type = checker.getTypeAtLocation(value);
    const isList = checker.isArrayType(type) || checker.isTupleType(type);
    return isList && pattern.elements.every((one) => ts.isIdentifier(one) || ts.isOmittedExpression(one));
  }
  if (!ts.isObjectLiteralExpression(pattern)) return false;
  return pattern.properties.every((property) => {
    const isPlain = ts.isShorthandPropertyAssignment(property)
      ? property.objectAssignmentInitializer === undefined
      : ts.isPropertyAssignment(property) && ts.isIdentifier(property.initializer);
    const name =
      isPlain && property.name !== undefined && ts.isIdentifier(property.name) && property.name.text;
    return name && !runsGetter(context, checker.getTypeAtLocation(value).getProperty(name), name);
  });
}

/** Whether evaluating `node` itself, when all in it has been evaluated, may fail. */
function mayFail({ ts }: Context, node: ts.Node): boolean {
  const { SyntaxKind } = ts;
  if (ts.isBinaryExpression(node)) {
    const never = [
      SyntaxKind.CommaToken,
      SyntaxKind.AmpersandAmpersandToken,
      SyntaxKind.BarBarToken,
      SyntaxKind.QuestionQuestionToken,
      SyntaxKind.EqualsEqualsEqualsToken,
      SyntaxKind.ExclamationEqualsEqualsToken,
    ];
    return !never.some((kind) => kind === node.operatorToken.kind);
  }
  if (ts.isPrefixUnaryExpression(node)) return node.operator !== SyntaxKind.ExclamationToken;
  // What is not a name may be a pattern.
  if (ts.isVariableDeclaration(node)) return !ts.isIdentifier(node.name);
  return !(
    ts.isLiteralExpression(node) ||
    ts.isToken(node) ||
    ts.isIdentifier(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeOfExpression(node) ||
    ts.isVoidExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isExpressionStatement(node) ||
    ts.isVariableStatement(node) ||
    ts.isVariableDeclarationList(node) ||
    ts.isBlock(node) ||
    ts.isEmptyStatement(node) ||
    ts.isBreakOrContinueStatement(node)
  );
}
