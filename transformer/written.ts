/** Which properties a body, or a method of its class other than the constructor, assigns or changes in place. */
import type ts from 'typescript';
import { assignedTargets } from './assigned.ts';
import { builtin } from './builtins.ts';
import type { Context } from './context.ts';
import { libraryMember } from './library.ts';
import { isPrimitive } from './node-types.ts';
import { once } from './once.ts';
import { elementTypes, isOperatorType } from './symbols.ts';

/** Tells whether a property of the given name is written while a run may be going. */
export function writtenProperties(context: Context, body: ts.Node): (property: string) => boolean {
  const { ts } = context;
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isConstructorDeclaration(node)) return;
    for (const target of assignedTargets(context, node)) addName(context, names, target);
    if (ts.isCallExpression(node) && mutatesReceiver(context, node))
      addName(context, names, node.expression.expression);
    ts.forEachChild(node, visit);
  };
  visit(ts.findAncestor(body, ts.isClassLike) ?? body);
  const rewires = rewiresOperators(context, body.getSourceFile());
  return (property) => rewires || names.has(property);
}

/**
 * Whether code of `file` puts operators, or methods of operators, in place outside of constructors. Then nothing that link
 * finds is certain to be there when it is called.
 */
const rewiresOperators = once((context, file: ts.SourceFile): boolean => {
  const { ts, checker } = context;
  const holds = (node: ts.Node): boolean => {
    if (isPrimitive(context, node)) return false;
    const type = checker.getTypeAtLocation(node);
    return (
      isOperatorType(context, type) ||
      (elementTypes(context, type) ?? []).some((element) => isOperatorType(context, element))
    );
  };
  const visit = (node: ts.Node): boolean => {
    if (ts.isConstructorDeclaration(node)) return false;
    const targets = assignedTargets(context, node).filter((target) => !ts.isIdentifier(target));
    if (targets.some((target) => holds(target) || isReplacement(context, target))) return true;
    const stores = ts.isCallExpression(node) && mutatesReceiver(context, node) && node.arguments.some(holds);
    return stores || (ts.forEachChild(node, visit) ?? false);
  };
  return visit(file);
});

function isReplacement({ ts }: Context, target: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(target) && /^(forward|invoke|effect)$/.test(target.name.text);
}

function addName({ ts }: Context, names: Set<string>, target: ts.Expression): void {
  if (ts.isPropertyAccessExpression(target)) names.add(target.name.text);
  // `this.list[0] = …` changes what `list` holds.
  if (ts.isElementAccessExpression(target) && ts.isPropertyAccessExpression(target.expression))
    names.add(target.expression.name.text);
}

function mutatesReceiver(
  context: Context,
  node: ts.CallExpression,
): node is ts.CallExpression & { readonly expression: ts.PropertyAccessExpression } {
  const { ts, checker } = context;
  if (!ts.isPropertyAccessExpression(node.expression)) return false;
  const library = libraryMember(context, checker.getResolvedSignature(node)?.declaration);
  return library !== undefined && builtin(library.owner, library.member)?.receiver !== 'reads';
}
