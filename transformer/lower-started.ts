/**
 * Lowers calls that are started in a branch, loop or `try` and awaited further down. Outside of these the promise stands in a slot
 * (`start` steps); here nobody could tell which activation it belongs to, so all from the call to the last use of its promise is
 * one piece. Promises that go elsewhere stay with the whole statement around.
 */
import type ts from 'typescript';
import { operatorCall, strip } from './operators.ts';
import type { Context } from './context.ts';
import { libraryMember } from './library.ts';
import { jumpsOut } from './jumps.ts';
import { namesOf } from './body-variables.ts';
import { contains, mayReturn } from './shape.ts';
import { isPromiseType } from './symbols.ts';

export interface StartedGroup {
  readonly statements: readonly ts.Statement[];
  /** What they declare that statements behind them use. */
  readonly used: readonly ts.Symbol[];
  /** Constants that hold promises of calls, for which they wait. */
  readonly settles: ReadonlySet<ts.Symbol>;
}

/** From the first of `statements`, if it begins a call, to the last one that waits for a promise which these begin. */
export function startedGroup(
  context: Context,
  statements: readonly ts.Statement[],
): StartedGroup | undefined {
  const [first] = statements;
  if (first === undefined || startedBy(context, first).length === 0) return undefined;
  const promises = new Set<ts.Symbol>();
  let last = 0;
  for (let index = 0; index <= last; index++) {
    const statement = statements[index];
    for (const promise of statement ? startedBy(context, statement) : []) promises.add(promise);
    last = Math.max(
      last,
      statements.findLastIndex((later) => mentions(context, later, promises)),
    );
  }
  const group = statements.slice(0, last + 1);
  const isClosed = group.every(
    (statement) =>
      !mayReturn(context, statement) &&
      jumpsOut(context, statement).length === 0 &&
      !mentions(context, statement, promises, (use) => !isAwaited(context, use)),
  );
  const isWaitedFor = [...promises].every((promise) =>
    group.some((statement) =>
      mentions(context, statement, new Set([promise]), (use) => isReached(context, use, statement)),
    ),
  );
  const declared = group.map((statement) => constantsOf(context, statement));
  if (last === 0 || !isClosed || !isWaitedFor || declared.includes(undefined)) return undefined;
  const rest = statements.slice(last + 1);
  const used = declared
    .flatMap((names) => names ?? [])
    .filter((name) => rest.some((statement) => mentions(context, statement, new Set([name]))));
  return { statements: group, used, settles: promises };
}

/** What `statement` declares, or nothing if that is seen before it, or outside of its block. */
function constantsOf(context: Context, statement: ts.Statement): readonly ts.Symbol[] | undefined {
  const { ts } = context;
  if (ts.isVariableStatement(statement)) {
    const { declarations, flags } = statement.declarationList;
    const isPlain = (flags & ts.NodeFlags.BlockScoped) !== 0 && (flags & ts.NodeFlags.Using) === 0;
    return isPlain ? declarations.flatMap(({ name }) => namesOf(context, name)) : undefined;
  }
  return ts.isDeclarationStatement(statement) ? undefined : [];
}

/** The constants of `statement` that hold the promise of a call. */
function startedBy(context: Context, statement: ts.Statement): readonly ts.Symbol[] {
  const { ts, checker } = context;
  if (!ts.isVariableStatement(statement) || (statement.declarationList.flags & ts.NodeFlags.Const) === 0)
    return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    const symbol = ts.isIdentifier(name) ? checker.getSymbolAtLocation(name) : undefined;
    if (symbol === undefined || initializer === undefined) return [];
    const node = strip(context, initializer);
    const isStarted =
      operatorCall(context, node) !== undefined || isPromiseType(context, checker.getTypeAtLocation(node));
    return isStarted ? [symbol] : [];
  });
}

function mentions(
  context: Context,
  node: ts.Node,
  variables: ReadonlySet<ts.Symbol>,
  test: (use: ts.Identifier) => boolean = () => true,
): boolean {
  const { ts, checker } = context;
  const isMention = (inner: ts.Node): boolean => {
    if (!ts.isIdentifier(inner)) return false;
    const symbol = ts.isShorthandPropertyAssignment(inner.parent)
      ? checker.getShorthandAssignmentValueSymbol(inner.parent)
      : checker.getSymbolAtLocation(inner);
    return symbol !== undefined && variables.has(symbol) && test(inner);
  };
  return contains(context, node, isMention, () => true);
}

/** Whether `use` is awaited where it stands, alone or with others, or is where the promise is declared. */
function isAwaited(context: Context, use: ts.Identifier): boolean {
  const { ts, checker } = context;
  if (ts.isVariableDeclaration(use.parent) && use.parent.name === use) return true;
  let node: ts.Node = use;
  while (ts.isParenthesizedExpression(node.parent)) node = node.parent;
  if (ts.isAwaitExpression(node.parent)) return isInBody(context, use);
  if (!ts.isArrayLiteralExpression(node.parent)) return false;
  const call = node.parent.parent;
  if (!ts.isCallExpression(call) || !ts.isAwaitExpression(call.parent)) return false;
  const library = libraryMember(context, checker.getResolvedSignature(call)?.declaration);
  return (
    library?.owner === 'PromiseConstructor' &&
    /^(all|allSettled)$/.test(library.member) &&
    isInBody(context, use)
  );
}

/** Whether no function that is inside of where the promise is declared stands around `use`. */
function isInBody({ ts, checker }: Context, use: ts.Identifier): boolean {
  const declaration = checker.getSymbolAtLocation(use)?.valueDeclaration;
  const owner = (node: ts.Node | undefined): ts.Node | undefined =>
    node && ts.findAncestor(node, (outer) => ts.isFunctionLike(outer));
  return owner(use) === owner(declaration);
}

/** Whether `use` waits for a promise whenever `statement` ends. */
function isReached({ ts }: Context, use: ts.Identifier, statement: ts.Statement): boolean {
  const { SyntaxKind } = ts;
  if (!ts.isVariableStatement(statement) && !ts.isExpressionStatement(statement)) return false;
  if (ts.isVariableDeclaration(use.parent) && use.parent.name === use) return false;
  const isChoice = (node: ts.Node): boolean =>
    ts.isConditionalExpression(node) ||
    ts.isOptionalChain(node) ||
    ts.isBindingElement(node) ||
    (ts.isBinaryExpression(node) &&
      [
        SyntaxKind.AmpersandAmpersandToken,
        SyntaxKind.BarBarToken,
        SyntaxKind.QuestionQuestionToken,
        SyntaxKind.AmpersandAmpersandEqualsToken,
        SyntaxKind.BarBarEqualsToken,
        SyntaxKind.QuestionQuestionEqualsToken,
      ].includes(node.operatorToken.kind));
  return ts.findAncestor(use, (node) => node === statement || isChoice(node)) === statement;
}
