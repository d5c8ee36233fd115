/** Which statements must not be cut: from there on the body runs as written. */
import type ts from 'typescript';
import { findAssignments } from './assigned.ts';
import { type Context, labelOf } from './context.ts';
import { type PieceList, Uncuttable } from './piece-list.ts';
import { contains, mayReturn, runsAtOnce } from './shape.ts';

/** Throws `Uncuttable` if `statement` of `body` leaves the body early or would be torn from a variable that changes. */
export function requireCuttable(
  context: Context,
  body: ts.Node,
  list: PieceList,
  statement: ts.Statement,
): void {
  const { ts } = context;
  if (mayReturn(context, statement))
    throw new Uncuttable(context, 'XCS2005', statement, `\`${labelOf(statement, 40)}\``);
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
  if (ts.isVariableStatement(statement) && list.declaredBy(statement).some(isAgain))
    throw new Uncuttable(context, 'XCS2009', statement, 'a `var` is declared again');
  if (contains(context, statement, isHoisted))
    throw new Uncuttable(context, 'XCS2009', statement, '`var` in a nested statement');
  const captured = findChangingCapture(context, body, list, statement);
  if (captured !== undefined) throw new Uncuttable(context, 'XCS2006', statement, captured);
}

/**
 * A variable that changes although a function that outlives its statement captures it. Its slot would be stale, so the
 * body must not be cut where the variable is declared, or where such a function is made.
 */
function findChangingCapture(
  context: Context,
  body: ts.Node,
  list: PieceList,
  statement: ts.Statement,
): string | undefined {
  const captured = keptCaptures(context, body, list);
  const declared = list.declaredBy(statement).find((variable) => captured.has(variable));
  if (declared !== undefined) return declared.name;
  const isKept = (node: ts.Node): boolean => keeps(context, node);
  if (captured.size === 0 || !contains(context, statement, isKept, () => true)) return undefined;
  return [...captured].find((variable) =>
    contains(
      context,
      statement,
      (node) => context.ts.isIdentifier(node) && list.variableAt(node) === variable,
      () => true,
    ),
  )?.name;
}

const capturesOf = new WeakMap<ts.Node, ReadonlySet<ts.Symbol>>();

/** Variables of `body` that are assigned after their declaration, and that a kept function captures. */
function keptCaptures(context: Context, body: ts.Node, list: PieceList): ReadonlySet<ts.Symbol> {
  const known = capturesOf.get(body);
  if (known !== undefined) return known;
  const { ts } = context;
  const assignments = findAssignments(context, body.getSourceFile());
  const found = new Set<ts.Symbol>();
  const visit = (node: ts.Node, inKept: boolean): void => {
    const isInside = inKept || (node !== body && keeps(context, node));
    const symbol = isInside && ts.isIdentifier(node) ? list.variableAt(node) : undefined;
    if (symbol !== undefined && assignments.has(symbol)) found.add(symbol);
    ts.forEachChild(node, (child) => visit(child, isInside));
  };
  visit(body, false);
  capturesOf.set(body, found);
  return found;
}

function keeps(context: Context, node: ts.Node): boolean {
  return context.ts.isFunctionLike(node) && !runsAtOnce(context, node);
}
