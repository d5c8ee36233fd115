/** Which statements must not be cut: from there on the body runs as written. */
import type ts from 'typescript';
import { findAssignments } from './assigned.ts';
import type { Context } from './context.ts';
import type { PieceList } from './piece-list.ts';
import { Uncuttable } from './uncuttable.ts';
import { once } from './once.ts';
import { contains, runsAtOnce } from './shape.ts';
import { libraryMember } from './library.ts';

/** Throws `Uncuttable` if `statement` of `body` would be torn from a variable that changes. */
export function requireCuttable(
  context: Context,
  body: ts.Node,
  list: PieceList,
  statement: ts.Statement,
): void {
  const { ts } = context;
  const isUsing =
    ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Using) !== 0;
  if (isUsing)
    throw new Uncuttable(
      context,
      'XCS2009',
      statement,
      '`using` releases its resource at the end of the body',
    );
  const isHoisted = (node: ts.Node): boolean =>
    ts.isVariableDeclarationList(node) &&
    (node.flags & ts.NodeFlags.BlockScoped) === 0 &&
    !(ts.isVariableStatement(statement) && node.parent === statement);
  const isAgain = (variable: ts.Symbol): boolean => list.isAssigned(variable);
  if (ts.isVariableStatement(statement) && list.variables.declaredBy(statement).some(isAgain))
    throw new Uncuttable(context, 'XCS2009', statement, 'a `var` is declared again');
  if (contains(context, statement, isHoisted))
    throw new Uncuttable(context, 'XCS2009', statement, '`var` in a nested statement');
  const captured = findChangingCapture(context, body, list, statement);
  if (captured !== undefined) throw new Uncuttable(context, 'XCS2006', statement, captured);
}

/**
 * A variable that changes although a function that outlives its statement captures it, and that cannot be a cell. Its slot
 * would be stale, so the body must not be cut where the variable is declared, or where such a function is made.
 */
function findChangingCapture(
  context: Context,
  body: ts.Node,
  list: PieceList,
  statement: ts.Statement,
): string | undefined {
  const captured = list.variables.kept;
  const declared = list.variables.declaredBy(statement).find((variable) => captured.has(variable));
  if (declared !== undefined) return declared.name;
  const isKept = (node: ts.Node): boolean => keeps(context, body, node);
  if (captured.size === 0 || !contains(context, statement, isKept, () => true)) return undefined;
  const isOutside = ({ valueDeclaration }: ts.Symbol): boolean =>
    context.ts.findAncestor(valueDeclaration, (node) => node === statement) === undefined;
  return [...captured].filter(isOutside).find((variable) =>
    contains(
      context,
      statement,
      (node) => context.ts.isIdentifier(node) && localAt(context, body, node) === variable,
      () => true,
    ),
  )?.name;
}

/** Variables of `body` that are assigned after their declaration, and that a kept function captures. */
export const keptCaptures: (context: Context, body: ts.Node) => ReadonlySet<ts.Symbol> = once(
  (context, body) => {
    const { ts } = context;
    const assignments = findAssignments(context, body.getSourceFile());
    const found = new Set<ts.Symbol>();
    const visit = (node: ts.Node, inKept: boolean): void => {
      const isInside = inKept || (node !== body && keeps(context, body, node));
      const symbol = isInside && ts.isIdentifier(node) ? localAt(context, body, node) : undefined;
      if (symbol !== undefined && assignments.has(symbol)) found.add(symbol);
      ts.forEachChild(node, (child) => visit(child, isInside));
    };
    visit(body, false);
    return found;
  },
);

/** The variable that `node` names, if `body` itself declares it, in whatever block. */
export function localAt({ ts, checker }: Context, body: ts.Node, node: ts.Identifier): ts.Symbol | undefined {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const declaration = symbol?.valueDeclaration;
  const owner = declaration && ts.findAncestor(declaration.parent, ts.isFunctionLike);
  return owner === body ? symbol : undefined;
}

/** Whether the function or class `node` may run code when the step that it stands in has ended. */
function keeps(context: Context, body: ts.Node, node: ts.Node): boolean {
  const { ts } = context;
  if (ts.isClassLike(node)) return true;
  if (!ts.isFunctionLike(node)) return false;
  return !runsAtOnce(context, node) || !endsAtOnce(context, body, node);
}

/** Whether a callback that is called where it stands has ended when its step ends. */
function endsAtOnce(context: Context, body: ts.Node, callback: ts.Node): boolean {
  const { ts } = context;
  let call = callback.parent;
  while (ts.isParenthesizedExpression(call)) call = call.parent;
  // Only `async` stands before a callback.
  const isAsync = ts.canHaveModifiers(callback) && ts.getModifiers(callback) !== undefined;
  const isPlain = !isAsync && promiseMember(context, call) === undefined;
  return isPlain || isWaitedFor(context, body, call);
}

/** The member of `Promise`, or of promises, that `node` calls. */
function promiseMember(context: Context, node: ts.Node): string | undefined {
  const { ts, checker } = context;
  if (!ts.isCallExpression(node)) return undefined;
  const library = libraryMember(context, checker.getResolvedSignature(node)?.declaration);
  return library?.owner.startsWith('Promise') === true ? library.member : undefined;
}

/** Whether the step waits for what `node` gives, also when something else in it fails. */
function isWaitedFor(context: Context, body: ts.Node, node: ts.Node): boolean {
  const { ts } = context;
  const { parent } = node;
  if (ts.isAwaitExpression(parent)) return true;
  if (ts.isArrowFunction(parent) && parent.body === node) {
    // What a callback of `map` or `then` gives is in what these give.
    const gives =
      ts.isCallExpression(parent.parent) && /^(map|flatMap|then)$/.test(calledName(context, parent.parent));
    return gives && runsAtOnce(context, parent) && isWaitedFor(context, body, parent.parent);
  }
  if (ts.isPropertyAccessExpression(parent))
    return promiseMember(context, parent.parent) !== undefined && isWaitedFor(context, body, parent.parent);
  if (ts.isCallExpression(parent)) {
    const member = promiseMember(context, parent);
    // `all` ends with the first failure, while other members go on; only a body that fails with it sees nothing of them.
    if (member === 'all') return failsBody(context, body, parent);
    return member === 'allSettled' && isWaitedFor(context, body, parent);
  }
  const passesOn =
    ts.isParenthesizedExpression(parent) || ts.isArrayLiteralExpression(parent) || ts.isSpreadElement(parent);
  return passesOn && isWaitedFor(context, body, parent);
}

function calledName({ ts }: Context, call: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : '';
}

/** Whether the body ends by the failure of the promise `node`. */
function failsBody({ ts }: Context, body: ts.Node, node: ts.Node): boolean {
  const outer = ts.findAncestor(node.parent, (inner) => ts.isFunctionLike(inner) || ts.isTryStatement(inner));
  return ts.isAwaitExpression(node.parent) && outer === body;
}
