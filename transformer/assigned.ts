/** Facts about a whole file, gathered once: what is assigned where, and which property names are accessors. */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { originalSymbol } from './copied-tree.ts';
import { isLibraryFile } from './library.ts';
import { once } from './once.ts';
import { isOwnFile } from './own-files.ts';

/** For each symbol of the file that is assigned after its declaration: the places where. */
export type Assignments = ReadonlyMap<ts.Symbol, readonly ts.Node[]>;

/** Assignments, `++`, `delete` and destructuring targets of `file`, by the symbol that they change. */
export const findAssignments: (context: Context, file: ts.SourceFile) => Assignments = once(
  (context, file) => {
    const found = new Map<ts.Symbol, ts.Node[]>();
    const visit = (node: ts.Node): void => {
      for (const target of assignedTargets(context, node)) {
        const symbol = targetSymbol(context, target);
        if (symbol === undefined) continue;
        const targets = found.get(symbol);
        if (targets === undefined) found.set(symbol, [target]);
        else targets.push(target);
      }
      context.ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  },
);

/** Whether `symbol`, which is declared in `file`, or copied from there, is assigned after its declaration. */
export function isAssignedIn(context: Context, symbol: ts.Symbol, file: ts.SourceFile): boolean {
  return findAssignments(context, file).has(originalSymbol(symbol));
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

/** What the program's own files define or assign somewhere, by name: asked where a type may hide the declaration. */
export interface ProgramNames {
  /** Defined by `get` or `set` in some class or object. */
  readonly accessors: ReadonlySet<string>;
  /** Assigned outside of constructors. */
  readonly assigned: ReadonlySet<string>;
  /** Some assignment may have any name. */
  readonly assignsAny: boolean;
  /** Some class or object defines how it becomes a primitive, or what `instanceof` says. */
  readonly converts: boolean;
  /** Members that some class overrides although it extends one of the library. */
  readonly overridden: ReadonlySet<string>;
  /** Some class or object defines `then`. */
  readonly definesThen: boolean;
}

const namesOf = new WeakMap<ts.Program, ProgramNames>();

export function programNames(context: Context): ProgramNames {
  const known = namesOf.get(context.program);
  if (known !== undefined) return known;
  const names = {
    accessors: new Set<string>(),
    assigned: new Set<string>(),
    assignsAny: false,
    converts: false,
    overridden: new Set<string>(),
    definesThen: false,
  };
  const visit = (node: ts.Node, inConstructor: boolean): void => {
    const { ts } = context;
    const isInside = ts.isConstructorDeclaration(node) || (inConstructor && !ts.isFunctionLike(node));
    if (ts.isAccessor(node)) names.accessors.add(nameText(node.name));
    if ((ts.isClassElement(node) || ts.isObjectLiteralElement(node)) && node.name) {
      if (/^(toString|valueOf|toJSON|\[Symbol\.(toPrimitive|hasInstance)\])$/.test(node.name.getText()))
        names.converts = true;
    }
    if ((ts.isClassElement(node) || ts.isObjectLiteralElement(node)) && node.name?.getText() === 'then')
      names.definesThen = true;
    if (ts.isClassLike(node) && extendsLibrary(context, node))
      for (const member of node.members) if (member.name) names.overridden.add(nameText(member.name));
    for (const target of isInside ? [] : assignedTargets(context, node)) {
      if (ts.isPropertyAccessExpression(target)) names.assigned.add(target.name.text);
      else if (ts.isElementAccessExpression(target)) addElement(context, names, target);
    }
    if (!isInside && ts.isCallExpression(node) && /^Object\.assign$/.test(node.expression.getText())) {
      const [first] = node.arguments;
      if (first && !ts.isObjectLiteralExpression(first)) names.assignsAny = true;
    }
    ts.forEachChild(node, (child) => visit(child, isInside));
  };
  for (const file of context.program.getSourceFiles())
    if (!file.isDeclarationFile && !isOwnFile(file.fileName)) visit(file, false);
  namesOf.set(context.program, names);
  return names;
}

function extendsLibrary({ ts, checker, program }: Context, node: ts.ClassLikeDeclaration): boolean {
  const base = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)
    ?.types[0];
  const declaration = base && checker.getSymbolAtLocation(base.expression)?.declarations?.[0];
  return declaration !== undefined && isLibraryFile(program, declaration.getSourceFile());
}

function addElement(
  { ts, checker }: Context,
  names: { assigned: Set<string>; assignsAny: boolean },
  target: ts.ElementAccessExpression,
): void {
  const index = target.argumentExpression;
  if (ts.isStringLiteralLike(index)) names.assigned.add(index.text);
  else if (!ts.isNumericLiteral(index)) {
    const type = checker.getTypeAtLocation(target.expression);
    // What has an index signature is a container, whose elements are no fields.
    names.assignsAny ||= checker.getIndexInfosOfType(type).length === 0;
  }
}

function nameText(name: ts.PropertyName): string {
  return name.getText().replace(/^['"]|['"]$/g, '');
}
