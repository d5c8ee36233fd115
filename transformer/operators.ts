/** Which calls are operator calls: by type, or declared in the plugin options. */
import type ts from 'typescript';
import type { StaticEffect } from '../runtime/descriptor.ts';
import type { Context } from './context.ts';
import { isOperatorType } from './symbols.ts';

export interface OperatorCall {
  readonly call: ts.CallExpression;
  /** Denotes the operator: the receiver of `invoke`, or the function operator itself. */
  readonly target: ts.Expression;
  /** Absent when the target itself is called. */
  readonly method?: string;
  /** `target?.invoke(…)`: not called when the target is absent. */
  readonly isOptional?: true;
  /** The declared effect of an external. */
  readonly external?: StaticEffect;
}

/** Reads `node` as a call of an operator or of a declared external. */
export function operatorCall(context: Context, node: ts.Node): OperatorCall | undefined {
  const { ts, checker } = context;
  if (!ts.isCallExpression(node) || node.questionDotToken !== undefined) return undefined;
  if (ts.isOptionalChain(node)) return optionalCall(context, node);
  const callee = strip(context, node.expression);
  const external = externalEffect(context, callee);
  if (ts.isPropertyAccessExpression(callee)) {
    const method = callee.name.text;
    if (external !== undefined) return { call: node, target: callee.expression, method, external };
    const isInvoke = method === 'invoke' && callee.questionDotToken === undefined;
    if (isInvoke && isOperatorType(context, checker.getTypeAtLocation(callee.expression)))
      return { call: node, target: callee.expression, method };
  }
  if (external !== undefined) return { call: node, target: callee, external };
  return isOperatorType(context, checker.getTypeAtLocation(callee))
    ? { call: node, target: callee }
    : undefined;
}

/** `target?.invoke(…)`. A longer chain may end before it gets to the operator, so it is not read as a call of one. */
function optionalCall(context: Context, node: ts.CallExpression): OperatorCall | undefined {
  const { ts, checker } = context;
  const callee = node.expression;
  const isDirect = ts.isPropertyAccessExpression(callee) && callee.questionDotToken !== undefined;
  if (!isDirect || ts.isOptionalChain(callee.expression) || callee.name.text !== 'invoke') return undefined;
  const isOperator = isOperatorType(context, checker.getTypeAtLocation(callee.expression));
  return isOperator
    ? { call: node, target: callee.expression, method: 'invoke', isOptional: true }
    : undefined;
}

/** Without parentheses, `as`, `satisfies` and `!`. */
export function strip({ ts }: Context, node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner)
  )
    inner = inner.expression;
  return inner;
}

function externalEffect(context: Context, callee: ts.Expression): StaticEffect | undefined {
  const { ts, settings } = context;
  if (settings.externals.length === 0) return undefined;
  if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return undefined;
  const names = [importedName(context, callee), methodName(context, callee)];
  return settings.externals.find(({ from, name }) =>
    names.some((found) => found?.name === name && found.from === from),
  )?.effect;
}

/** `f` of `import { f } from "m"` (also renamed), `ns.f` of `import * as ns from "m"`. */
function importedName(
  { ts, checker }: Context,
  callee: ts.Expression,
): { from: string; name: string } | undefined {
  const isMember = ts.isPropertyAccessExpression(callee);
  const symbol = checker.getSymbolAtLocation(isMember ? callee.expression : callee);
  const declaration = symbol?.declarations?.[0];
  if (declaration === undefined) return undefined;
  if (isMember && ts.isNamespaceImport(declaration))
    return { from: specifierOf(ts, declaration.parent.parent), name: callee.name.text };
  if (!isMember && ts.isImportSpecifier(declaration)) {
    const name = (declaration.propertyName ?? declaration.name).text;
    return { from: specifierOf(ts, declaration.parent.parent.parent), name };
  }
  return undefined;
}

function specifierOf(typescript: typeof ts, declaration: ts.Node): string {
  return typescript.isImportDeclaration(declaration) &&
    typescript.isStringLiteral(declaration.moduleSpecifier)
    ? declaration.moduleSpecifier.text
    : '';
}

/** `Class.method` by the class that declares the method, in a package or an ambient module. */
function methodName(
  { ts, checker, settings }: Context,
  callee: ts.Expression,
): { from: string; name: string } | undefined {
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const declaration = checker.getSymbolAtLocation(callee.name)?.declarations?.[0];
  const owner = declaration?.parent;
  if (owner === undefined || !(ts.isClassLike(owner) || ts.isInterfaceDeclaration(owner)) || !owner.name)
    return undefined;
  const file = owner.getSourceFile();
  const ambient = ts.findAncestor(
    owner,
    (node) => ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name),
  );
  const ambientName =
    ambient !== undefined && ts.isModuleDeclaration(ambient) ? ambient.name.text : undefined;
  const from = settings.externals.find(
    (external) => external.from === ambientName || file.fileName.includes(`/node_modules/${external.from}/`),
  )?.from;
  return from === undefined ? undefined : { from, name: `${owner.name.text}.${callee.name.text}` };
}
