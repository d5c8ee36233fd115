/**
 * Functions of the program that call operators, and the places where compiled code calls one. There the function is given
 * `$`, so that its operator calls belong to the step that called it: a function of the body takes it as a parameter, of a
 * method and of a function of the module a copy runs.
 */
import type ts from 'typescript';
import { findAssignments } from './assigned.ts';
import type { Context } from './context.ts';
import { copyAt, originalSymbol } from './copied-tree.ts';
import { once } from './once.ts';
import { operatorCall } from './operators.ts';
import { contains, findUnmovable, isCallback } from './shape.ts';
import { constantFunction } from './variables.ts';
import { wrapsFunction } from './own-exports.ts';
import { lowersClasses } from './whole-class.ts';

export type RoutedFunction =
  | ts.MethodDeclaration
  | ts.FunctionDeclaration
  | ts.ArrowFunction
  | ts.FunctionExpression;

export interface Route {
  /** How the function gets at `$`. */
  readonly kind: 'method' | 'module' | 'local';
  readonly function: RoutedFunction;
}

/** Where `node`, which names a function where it is called, or where a builtin is to call it, leads. */
export function routeOf(context: Context, node: ts.Node): Route | undefined {
  const found = functionAt(context, node);
  return found !== undefined && callsOperators(context, found.function, new Set()) ? found : undefined;
}

/** Whether `node` is a function of a body that takes `$` as a parameter. */
export function isRoutedLocal(context: Context, node: ts.Node): node is RoutedFunction {
  const { ts, checker } = context;
  if (!isFunction(context, node)) return false;
  const name = ts.isFunctionDeclaration(node)
    ? node.name
    : ts.isVariableDeclaration(node.parent) && ts.isIdentifier(node.parent.name)
      ? node.parent.name
      : undefined;
  const symbol = name && checker.getSymbolAtLocation(name);
  if (symbol === undefined || constantFunction(context, symbol, node.getSourceFile()) !== node) return false;
  return isLocal(context, node, symbol) && callsOperators(context, node, new Set());
}

/** Whether code of `node` calls operators or routed functions, now or in functions that it makes. */
export function routesInside(context: Context, node: ts.Node): boolean {
  const calls = (inner: ts.Node): boolean =>
    operatorCall(context, inner) !== undefined || routeOf(context, inner) !== undefined;
  return contains(context, node, calls, () => true);
}

/** Methods of which copies run for code of `node`: link must see that the object still has those. */
export function routedMethods(context: Context, node: ts.Node): readonly string[] {
  const { ts } = context;
  const names = new Set<string>();
  const seen = new Set<ts.Node>();
  const visit = (inner: ts.Node): void => {
    const route = routeOf(context, inner);
    if (route !== undefined && route.kind !== 'local' && !seen.has(route.function)) {
      seen.add(route.function);
      const { name } = route.function;
      // Nothing outside of the class can replace a private method.
      if (route.kind === 'method' && name !== undefined && ts.isIdentifier(name)) names.add(name.text);
      visit(route.function);
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return [...names];
}

function functionAt(context: Context, node: ts.Node): Route | undefined {
  const { ts } = context;
  const { parent } = node;
  const isCalled =
    parent !== undefined &&
    ts.isCallExpression(parent) &&
    parent.questionDotToken === undefined &&
    parent.expression === node;
  if (ts.isPropertyAccessExpression(node)) return isCalled ? methodAt(context, node) : undefined;
  if (!ts.isIdentifier(node) || !(isCalled || isCallback(context, node))) return undefined;
  const symbol = context.checker.getSymbolAtLocation(node);
  const called = symbol && constantFunction(context, symbol, node.getSourceFile());
  if (symbol === undefined || called === undefined || !isRoutable(context, called)) return undefined;
  if (isLocal(context, called, symbol)) return { kind: 'local', function: called };
  return isOfModule(context, called) && isCopyable(context, called) && isVisible(context, node)
    ? { kind: 'module', function: called }
    : undefined;
}

function isRoutable(context: Context, node: ts.FunctionLikeDeclaration): node is RoutedFunction {
  return isFunction(context, node) && node.asteriskToken === undefined;
}

function isFunction(
  { ts }: Context,
  node: ts.Node,
): node is ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression {
  return ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** `this.method` */
function methodAt(context: Context, node: ts.PropertyAccessExpression): Route | undefined {
  const { ts, checker } = context;
  if (node.questionDotToken !== undefined || node.expression.kind !== ts.SyntaxKind.ThisKeyword)
    return undefined;
  const holder = ts.findAncestor(node, (outer) => ts.isFunctionLike(outer) && !ts.isArrowFunction(outer));
  const method = checker.getSymbolAtLocation(node.name)?.valueDeclaration;
  const isOwn =
    holder !== undefined &&
    method !== undefined &&
    ts.isMethodDeclaration(holder) &&
    ts.isMethodDeclaration(method) &&
    ts.isClassLike(holder.parent) &&
    method.parent === holder.parent;
  if (!isOwn || method.asteriskToken !== undefined || ts.getDecorators(method) !== undefined)
    return undefined;
  const isNamed = ts.isIdentifier(method.name) || ts.isPrivateIdentifier(method.name);
  const isStatic = (ts.getCombinedModifierFlags(method) & ts.ModifierFlags.Static) !== 0;
  const symbol = checker.getSymbolAtLocation(method.name);
  const isAssigned = symbol !== undefined && findAssignments(context, method.getSourceFile()).has(symbol);
  return isNamed && !isStatic && !isAssigned && isCopyable(context, method)
    ? { kind: 'method', function: method }
    : undefined;
}

/** Whether a copy of `node` that is given its `this` does what it does. */
function isCopyable(context: Context, node: RoutedFunction): boolean {
  const { ts } = context;
  if (node.body === undefined) return false;
  const isHeld = (inner: ts.Node): boolean =>
    (ts.isIdentifier(inner) && inner.text === 'arguments') ||
    (ts.isClassLike(inner) && lowersClasses(context));
  return findUnmovable(context, node) === undefined && !contains(context, node, isHeld, () => true);
}

function isOfModule({ ts }: Context, node: RoutedFunction): boolean {
  const statement = ts.isFunctionDeclaration(node) ? node : node.parent.parent?.parent;
  const usesOwn = ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node);
  const isPlain = !usesOwn || !holdsThis(ts, node);
  return isPlain && statement !== undefined && ts.isSourceFile(statement.parent);
}

function holdsThis(typescript: typeof ts, node: ts.Node): boolean {
  const visit = (inner: ts.Node): boolean =>
    inner.kind === typescript.SyntaxKind.ThisKeyword || (typescript.forEachChild(inner, visit) ?? false);
  return visit(node);
}

/** Whether a copy beside `node` sees what the function in the module sees: no function around it has names of its own. */
function isVisible({ ts }: Context, node: ts.Node): boolean {
  const outermost = (inner: ts.Node): ts.Node | undefined => ts.findAncestor(inner.parent, ts.isFunctionLike);
  let top = outermost(node);
  for (let next = top; next !== undefined; next = outermost(next)) top = next;
  // A class or a function that is compiled stands in the module itself.
  const owner = top && ts.isClassLike(top.parent) ? top.parent.parent : top?.parent;
  return (
    owner !== undefined &&
    ts.findAncestor(owner, (outer) => ts.isBlock(outer) || ts.isModuleBlock(outer)) === undefined
  );
}

/** What has been found out about a function. */
const knownOf = once((): { isLocal?: boolean; calls?: boolean } => ({}));

/** Whether `node` belongs to a body, and is named only where it is called, in code that is compiled with it. */
function isLocal(context: Context, node: RoutedFunction, symbol: ts.Symbol): boolean {
  const copied = copyAt(node)?.original;
  // Whoever names it stands in the function that was copied with it.
  if (copied !== undefined)
    return isFunction(context, copied) && isLocal(context, copied, originalSymbol(symbol));
  return (knownOf(context, node).isLocal ??= isNamedToCall(context, node, symbol));
}

function isNamedToCall(context: Context, node: RoutedFunction, symbol: ts.Symbol): boolean {
  const { ts, checker } = context;
  const owner = ts.findAncestor(node.parent, ts.isFunctionLike);
  if (owner === undefined || ts.isMethodDeclaration(node) || !isRoutable(context, node)) return false;
  if (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true) return false;
  const isBoundary = (inner: ts.Node): boolean => ts.isClassLike(inner) || wrapsFunction(context, inner);
  const isOther = (inner: ts.Node): boolean => {
    const isMention =
      ts.isIdentifier(inner) && inner.text === symbol.name && inner !== symbol.valueDeclaration;
    if (isMention) {
      const isName = inner.parent === symbol.valueDeclaration && 'name' in inner.parent;
      const target = ts.isShorthandPropertyAssignment(inner.parent)
        ? checker.getShorthandAssignmentValueSymbol(inner.parent)
        : checker.getSymbolAtLocation(inner);
      if (!isName && target === symbol) {
        const isCalled = ts.isCallExpression(inner.parent) && inner.parent.expression === inner;
        const isFree = ts.findAncestor(inner, (outer) => outer === owner || isBoundary(outer)) === owner;
        const isPlain = isCalled && inner.parent.questionDotToken === undefined;
        return !isFree || !(isPlain || isCallback(context, inner));
      }
    }
    return ts.forEachChild(inner, isOther) ?? false;
  };
  return !isOther(owner);
}

/** Whether the function calls operators: itself, in functions that it makes, or through others. */
function callsOperators(context: Context, node: RoutedFunction, pending: Set<ts.Node>): boolean {
  const known = knownOf(context, node);
  if (known.calls !== undefined) return known.calls;
  // A function that is reached through itself adds nothing to what it is found to call.
  if (pending.has(node)) return false;
  pending.add(node);
  const calls = (inner: ts.Node): boolean => {
    if (operatorCall(context, inner) !== undefined) return true;
    const next = functionAt(context, inner);
    return next !== undefined && callsOperators(context, next.function, pending);
  };
  const found = contains(context, node, calls, () => true);
  pending.delete(node);
  // What was found while another function was open may have missed what that one calls.
  if (found || pending.size === 0) known.calls = found;
  return found;
}
