/**
 * Expressions that give an object whatever happens, so that to read a property of it cannot fail: by how the object is made,
 * not by types, which may hide that something is absent.
 */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { libraryMember } from './library.ts';
import { strip } from './operators.ts';
import { settledMembers } from './settled.ts';

/** Whether `expression` gives an object for certain. */
export function isCertain(context: Context, expression: ts.Expression): boolean {
  const { ts } = context;
  const node = strip(context, expression);
  if (node.kind === ts.SyntaxKind.ThisKeyword || isSettledList(context, node)) return true;
  if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) return true;
  const declaration = declarationOf(context, node);
  if (declaration === undefined) return false;
  if (ts.isParameter(declaration)) return isSettledResult(context, declaration);
  return declaration.initializer !== undefined && isCertain(context, declaration.initializer);
}

/** A method of arrays that fails only if its callback does. */
const SAFE = /^(map|filter|forEach|some|every|find|findIndex)$/;

/** Whether `node` calls a function for each element of an array that is there for certain. */
export function isSafeIteration(context: Context, node: ts.CallExpression): boolean {
  const { ts, checker } = context;
  const callee = strip(context, node.expression);
  const [callback, ...others] = node.arguments;
  if (!ts.isPropertyAccessExpression(callee) || callback === undefined || others.length > 0) return false;
  const library = libraryMember(context, checker.getResolvedSignature(node)?.declaration);
  const isArray = library !== undefined && /^(Readonly)?Array$/.test(library.owner);
  const isFunction = ts.isArrowFunction(callback) || ts.isFunctionExpression(callback);
  return isArray && isFunction && SAFE.test(callee.name.text) && isCertainList(context, callee.expression);
}

/** What `Promise.allSettled` gives, or a list that is written out, in a constant or where it stands. */
function isCertainList(context: Context, expression: ts.Expression): boolean {
  const { ts } = context;
  const node = strip(context, expression);
  if (ts.isArrayLiteralExpression(node) || isSettledList(context, node)) return true;
  const declaration = declarationOf(context, node);
  const initializer = declaration && ts.isVariableDeclaration(declaration) && declaration.initializer;
  return initializer !== undefined && initializer !== false && isCertainList(context, initializer);
}

/** The parameter of a callback to which each result of `Promise.allSettled` is given. */
function isSettledResult(context: Context, parameter: ts.ParameterDeclaration): boolean {
  const { ts } = context;
  const callback = parameter.parent;
  // Of a copy of a function the parents lead to the call in whose place it stands.
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return false;
  const call = callback.parent;
  const isFirst = callback.parameters[0] === parameter && parameter.initializer === undefined;
  if (!isFirst || !ts.isCallExpression(call) || !isSafeIteration(context, call)) return false;
  const callee = strip(context, call.expression);
  const isOfList =
    ts.isPropertyAccessExpression(callee) && isFromSettled(context, strip(context, callee.expression));
  return isOfList && call.arguments[0] === callback;
}

function isFromSettled(context: Context, node: ts.Expression): boolean {
  if (isSettledList(context, node)) return true;
  const declaration = declarationOf(context, node);
  const initializer = declaration?.initializer;
  if (declaration === undefined || initializer === undefined || isChanged(context, declaration)) return false;
  return isFromSettled(context, strip(context, initializer));
}

/** Whether anything is done with the list that a constant holds but to go through it. */
function isChanged(context: Context, declaration: ts.VariableDeclaration | ts.ParameterDeclaration): boolean {
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(declaration.name);
  const holder = ts.findAncestor(declaration, ts.isFunctionLike);
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node !== declaration.name && checker.getSymbolAtLocation(node) === symbol) {
      const access = node.parent;
      return !(
        ts.isPropertyAccessExpression(access) &&
        access.expression === node &&
        SAFE.test(access.name.text)
      );
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return holder === undefined || visit(holder);
}

function isSettledList(context: Context, node: ts.Expression): boolean {
  const { ts } = context;
  return ts.isAwaitExpression(node) && settledMembers(context, strip(context, node.expression)) !== undefined;
}

/** Of a name that is given one value only. */
function declarationOf(
  { ts, checker }: Context,
  node: ts.Expression,
): ts.VariableDeclaration | ts.ParameterDeclaration | undefined {
  const declaration = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node)?.valueDeclaration : undefined;
  if (declaration === undefined || !('name' in declaration)) return undefined;
  if (ts.isParameter(declaration)) return ts.isIdentifier(declaration.name) ? declaration : undefined;
  const isConstant =
    ts.isVariableDeclaration(declaration) &&
    ts.isIdentifier(declaration.name) &&
    (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  return isConstant ? declaration : undefined;
}
