/** How the code reaches an operator: from `this` and what encloses the body when the run begins, or only during it. */
import type ts from 'typescript';
import type { OperatorRef, Path } from '../runtime/descriptor.ts';
import { findAssignments } from './assigned.ts';
import type { Context } from './context.ts';
import { strip } from './operators.ts';
import { libraryMember } from './library.ts';
import { resolveAlias } from './symbols.ts';
import { isReassignable } from './variables.ts';

/** How a body reaches an operator when the run begins. */
export interface Origin {
  readonly found: OperatorRef['found'];
  /** Code that finds it (or the container, for `member`) from `this` and what encloses the body. */
  readonly finder?: ts.Expression;
  /** For `new C()`: the class; what is called then is known up to the instance. */
  readonly made?: ts.Expression;
  readonly path?: Path;
}

const dynamic: Origin = { found: 'dynamic' };

/** `body` is the function being compiled; `isWritten` tells whether it, or a method that it may call, writes a property. */
export function originOf(
  context: Context,
  target: ts.Expression,
  body: ts.Node,
  isWritten: (property: string) => boolean,
): Origin {
  const { ts, checker } = context;
  const again = (node: ts.Expression): Origin => originOf(context, node, body, isWritten);
  const node = strip(context, target);
  if (node.kind === ts.SyntaxKind.ThisKeyword) return { found: 'field', finder: node, path: [] };
  if (ts.isPropertyAccessExpression(node)) {
    if (isWritten(node.name.text)) return dynamic;
    return propertyOf(
      node,
      again(node.expression),
      ts.isPrivateIdentifier(node.name) ? undefined : node.name.text,
    );
  }
  if (ts.isElementAccessExpression(node)) {
    const base = again(node.expression);
    if (ts.isStringLiteralLike(node.argumentExpression) || ts.isNumericLiteral(node.argumentExpression))
      return propertyOf(node, base, node.argumentExpression.text);
    return memberOf(base);
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const library = libraryMember(context, checker.getResolvedSignature(node)?.declaration);
    const isLookup = library !== undefined && (library.member === 'get' || library.member === 'at');
    if (isLookup) return memberOf(again(node.expression.expression));
    const answered = answeredBy(context, node, node.expression);
    return answered === undefined ? dynamic : again(answered);
  }
  if (ts.isNewExpression(node)) return { found: 'dynamic', made: node.expression };
  if (!ts.isIdentifier(node)) return dynamic;
  const named = checker.getSymbolAtLocation(node);
  const symbol = named && resolveAlias(context, named);
  const declaration = symbol?.declarations?.[0];
  if (symbol === undefined || declaration === undefined) return dynamic;
  const isInside = !isAround(context, declaration, body);
  return isInside
    ? localOrigin(context, declaration, again)
    : enclosingOrigin(context, node, symbol, declaration);
}

/**
 * The field that a method of the class itself answers and does nothing else, `make() { return this.made; }`: to call the method is
 * to read the field. That it is this method is seen to by a guard, or by its private name.
 */
function answeredBy(
  context: Context,
  { arguments: args }: ts.CallExpression,
  { expression, name }: ts.PropertyAccessExpression,
): ts.Expression | undefined {
  const { ts, checker } = context;
  if (expression.kind !== ts.SyntaxKind.ThisKeyword || args.length > 0) return undefined;
  const symbol = checker.getSymbolAtLocation(name);
  const method = symbol?.valueDeclaration;
  const file = expression.getSourceFile();
  if (symbol === undefined || method === undefined || !ts.isMethodDeclaration(method)) return undefined;
  const isPlain = method.modifiers === undefined && method.asteriskToken === undefined;
  const isOwn = method.getSourceFile() === file && !findAssignments(context, file).has(symbol);
  const [only, ...others] = method.body?.statements ?? [];
  if (!isPlain || !isOwn || method.parameters.length > 0 || others.length > 0) return undefined;
  const answer = only !== undefined && ts.isReturnStatement(only) ? only.expression : undefined;
  return answer !== undefined && isFieldOfThis(context, answer) ? answer : undefined;
}

function isFieldOfThis({ ts }: Context, node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}

/** Whether `declaration` stands in the module, or in a function around `body`. */
function isAround({ ts }: Context, declaration: ts.Node, body: ts.Node): boolean {
  const owner = ts.findAncestor(declaration.parent, ts.isFunctionLike);
  return (
    owner === undefined || (owner !== body && ts.findAncestor(body, (outer) => outer === owner) === owner)
  );
}

function propertyOf(node: ts.Expression, base: Origin, name: string | undefined): Origin {
  if (base.found !== 'field') return dynamic;
  if (name === undefined || base.path === undefined) return { found: 'field', finder: node };
  return { found: 'field', finder: node, path: [...base.path, name] };
}

function memberOf(container: Origin): Origin {
  return container.found === 'field' && container.finder
    ? { found: 'member', finder: container.finder }
    : dynamic;
}

/** A variable of the body: a `const` stands for its initializer, an element of a container for any of its members. */
function localOrigin(context: Context, declaration: ts.Node, again: (node: ts.Expression) => Origin): Origin {
  const { ts } = context;
  if (ts.isParameter(declaration)) {
    const callback = declaration.parent;
    const call = callback.parent;
    const isCallback =
      ts.isArrowFunction(callback) && ts.isCallExpression(call) && call.arguments[0] === callback;
    const iterates =
      isCallback && callback.parameters[0] === declaration && ts.isIdentifier(declaration.name);
    if (
      iterates &&
      ts.isPropertyAccessExpression(call.expression) &&
      iterators.has(call.expression.name.text) &&
      libraryMember(context, context.checker.getResolvedSignature(call)?.declaration) !== undefined
    )
      return memberOf(again(call.expression.expression));
    return dynamic;
  }
  const variable = ts.findAncestor(declaration, ts.isVariableDeclaration);
  const list = variable?.parent;
  if (variable === undefined || list === undefined || !ts.isVariableDeclarationList(list)) return dynamic;
  if (!(list.flags & ts.NodeFlags.Const)) return dynamic;
  if (ts.isForOfStatement(list.parent))
    return memberOf(iteratedOrigin(context, list.parent.expression, variable.name, declaration, again));
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return dynamic;
  return declaration.initializer === undefined ? dynamic : again(declaration.initializer);
}

/** What holds the operators that `declaration`, in the pattern `name`, stands for while `items` is iterated. */
function iteratedOrigin(
  context: Context,
  items: ts.Expression,
  name: ts.BindingName,
  declaration: ts.Node,
  again: (node: ts.Expression) => Origin,
): Origin {
  const { ts, checker } = context;
  const node = strip(context, items);
  const isWhole = ts.isIdentifier(name);
  // Of `[key, value]` the value is a member.
  const isValue = ts.isArrayBindingPattern(name) && name.elements[1] === declaration;
  const isPlain = ts.isBindingElement(declaration) && declaration.initializer === undefined;
  if (!isWhole && !(isValue && isPlain && ts.isIdentifier(declaration.name))) return dynamic;
  const isMap = /^(Readonly)?Map$/.test(checker.getTypeAtLocation(node).symbol?.name ?? '');
  if (isMap) return isValue ? again(node) : dynamic;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression))
    return isWhole ? again(node) : dynamic;
  const library = libraryMember(context, checker.getResolvedSignature(node)?.declaration);
  if (library === undefined || library.member !== (isValue ? 'entries' : 'values')) return dynamic;
  const [first] = node.arguments;
  if (library.owner === 'ObjectConstructor') return first === undefined ? dynamic : again(first);
  return again(node.expression.expression);
}

const iterators = new Set(['map', 'forEach', 'flatMap', 'filter', 'find', 'some', 'every']);

/** What is never assigned is a constant, of the module or of an enclosing function: also its parameters, and what patterns name. */
function enclosingOrigin(
  context: Context,
  node: ts.Identifier,
  symbol: ts.Symbol,
  declaration: ts.Node,
): Origin {
  const { ts } = context;
  const root = ts.isBindingElement(declaration)
    ? ts.walkUpBindingElementsAndPatterns(declaration)
    : declaration;
  const isConstant =
    ts.isFunctionDeclaration(root) ||
    ts.isParameter(root) ||
    (ts.isVariableDeclaration(root) && (root.parent.flags & ts.NodeFlags.Const) !== 0);
  return isConstant && !isReassignable(context, symbol) ? { found: 'field', finder: node } : dynamic;
}
