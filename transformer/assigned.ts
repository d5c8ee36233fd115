/** Facts about a whole file, gathered once: what is assigned where, and which property names are accessors. */
import type ts from 'typescript';
import type { Context } from './context.ts';

/** For each symbol of the file that is assigned after its declaration: the places where. */
export type Assignments = ReadonlyMap<ts.Symbol, readonly ts.Node[]>;

const assignmentsOf = new WeakMap<ts.SourceFile, Assignments>();

/** Assignments, `++`, `delete` and destructuring targets of `file`, by the symbol that they change. */
export function findAssignments(context: Context, file: ts.SourceFile): Assignments {
  const known = assignmentsOf.get(file);
  if (known !== undefined) return known;
  const found = new Map<ts.Symbol, ts.Node[]>();
  const visit = (node: ts.Node): void => {
    for (const target of assignedTargets(context, node)) {
      const symbol = targetSymbol(context, target);
      if (symbol !== undefined) found.set(symbol, [...(found.get(symbol) ?? []), target]);
    }
    context.ts.forEachChild(node, visit);
  };
  visit(file);
  assignmentsOf.set(file, found);
  return found;
}

/** The identifiers and property accesses that `node` itself (not its children) assigns to. */
export function assignedTargets({ ts }: Context, node: ts.Node): readonly ts.Expression[] {
  if (ts.isBinaryExpression(node) && isAssignmentOperator(ts, node.operatorToken.kind))
    return patternTargets(ts, node.left);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const changes =
      node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return changes ? patternTargets(ts, node.operand) : [];
  }
  if (ts.isDeleteExpression(node)) return patternTargets(ts, node.expression);
  if (
    (ts.isForOfStatement(node) || ts.isForInStatement(node)) &&
    !ts.isVariableDeclarationList(node.initializer)
  )
    return patternTargets(ts, node.initializer);
  return [];
}

export function isAssignmentOperator(typescript: typeof ts, kind: ts.SyntaxKind): boolean {
  return kind >= typescript.SyntaxKind.FirstAssignment && kind <= typescript.SyntaxKind.LastAssignment;
}

function patternTargets(typescript: typeof ts, target: ts.Expression): readonly ts.Expression[] {
  const again = (inner: ts.Expression): readonly ts.Expression[] => patternTargets(typescript, inner);
  if (typescript.isArrayLiteralExpression(target)) return target.elements.flatMap(again);
  if (typescript.isSpreadElement(target)) return again(target.expression);
  if (typescript.isParenthesizedExpression(target) || typescript.isNonNullExpression(target))
    return again(target.expression);
  if (typescript.isAsExpression(target) || typescript.isSatisfiesExpression(target))
    return again(target.expression);
  if (typescript.isBinaryExpression(target)) return again(target.left);
  if (!typescript.isObjectLiteralExpression(target)) return [target];
  return target.properties.flatMap((property) => {
    if (typescript.isShorthandPropertyAssignment(property)) return [property.name];
    if (typescript.isPropertyAssignment(property)) return again(property.initializer);
    return typescript.isSpreadAssignment(property) ? again(property.expression) : [];
  });
}

/** The variable or property that an assignment to `target` changes. */
export function targetSymbol({ ts, checker }: Context, target: ts.Node): ts.Symbol | undefined {
  if (ts.isPropertyAccessExpression(target)) return checker.getSymbolAtLocation(target.name);
  if (ts.isIdentifier(target) && ts.isShorthandPropertyAssignment(target.parent))
    return checker.getShorthandAssignmentValueSymbol(target.parent);
  return checker.getSymbolAtLocation(target);
}

const accessorsOf = new WeakMap<ts.Program, ReadonlySet<string>>();

/** Names that some class or object of the program's own files defines by `get` or `set`. */
export function accessorNames({ ts, program }: Context): ReadonlySet<string> {
  const known = accessorsOf.get(program);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isGetAccessor(node) && !ts.isPrivateIdentifier(node.name))
      names.add(node.name.getText().replace(/^['"]|['"]$/g, ''));
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) {
    const mayHaveAccessors = !file.isDeclarationFile && /\bget\s+[\w$'"[]/.test(file.text);
    if (mayHaveAccessors) visit(file);
  }
  accessorsOf.set(program, names);
  return names;
}
