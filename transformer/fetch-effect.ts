/** What a call of the global `fetch` reads and writes: GET and HEAD read the origin, all other methods write it. */
import type ts from 'typescript';
import type { StaticEffect } from '../runtime/descriptor.ts';
import type { Context } from './context.ts';
import { givenOptions } from './given-options.ts';
import { libraryMember } from './library.ts';
import { isPrimitiveType } from './symbols.ts';

/** The effect of `node` if it calls the global `fetch`. What the code does not show may be anything. */
export function fetchEffect(context: Context, node: ts.CallExpression): StaticEffect | undefined {
  if (!isFetch(context, node)) return undefined;
  const [target, init] = node.arguments;
  if (target === undefined || node.arguments.some((argument) => context.ts.isSpreadElement(argument)))
    return undefined;
  const origin = originOfText(staticText(context, target)) ?? '*';
  const reads = readsOnly(context, target, init);
  return {
    kind: 'resources',
    reads: reads ? [origin] : [],
    writes: reads ? [] : [origin],
    mutates: false,
    state: false,
    known: 'declared',
  };
}

export function isFetch(context: Context, node: ts.Node): node is ts.CallExpression {
  const { ts, checker } = context;
  if (!ts.isCallExpression(node)) return false;
  const callee = node.expression;
  const isNamed =
    ts.isIdentifier(callee) ||
    (ts.isPropertyAccessExpression(callee) &&
      ts.isIdentifier(callee.expression) &&
      callee.expression.text === 'globalThis');
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!isNamed || name.getText() !== 'fetch') return false;
  const declared = checker.getSymbolAtLocation(name)?.declarations ?? [];
  return (
    declared.length > 0 &&
    declared.every((declaration) => {
      const library = libraryMember(context, declaration);
      return library?.owner === 'global' && library.member === 'fetch';
    })
  );
}

/** A `Request` has a method of its own, and a variable may hold any. */
function readsOnly(context: Context, target: ts.Expression, init: ts.Expression | undefined): boolean {
  const options = init === undefined ? new Map<string, ts.Expression>() : givenOptions(context, init);
  if (options === undefined) return false;
  const method = options.get('method');
  if (method === undefined) return isAddress(context, target);
  // A `const` object may be given another method after it was made.
  return (
    context.ts.isStringLiteralLike(method) &&
    /^(GET|HEAD)$/i.test(method.text) &&
    method.parent.parent === init
  );
}

function isAddress(context: Context, target: ts.Expression): boolean {
  const type = context.checker.getTypeAtLocation(target);
  const library = libraryMember(context, type.getProperty('origin')?.declarations?.[0]);
  return isPrimitiveType(context, type) || library?.owner === 'URL';
}

/** The text that an expression begins with, as far as the code shows it. */
interface StaticText {
  readonly text: string;
  readonly isWhole: boolean;
}

function staticText(context: Context, node: ts.Expression): StaticText {
  const { ts, checker } = context;
  if (ts.isParenthesizedExpression(node)) return staticText(context, node.expression);
  if (ts.isTemplateExpression(node)) {
    let known: StaticText = { text: node.head.text, isWhole: true };
    for (const { expression, literal } of node.templateSpans) {
      known = append(known, staticText(context, expression));
      known = append(known, { text: literal.text, isWhole: true });
    }
    return known;
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return append(staticText(context, node.left), staticText(context, node.right));
  const [first, ...rest] = ts.isNewExpression(node) ? (node.arguments ?? []) : [];
  const isUrl = ts.isNewExpression(node) && node.expression.getText() === 'URL';
  if (isUrl && first !== undefined && rest.length === 0) return staticText(context, first);
  const type = checker.getTypeAtLocation(node);
  return type.isStringLiteral() ? { text: type.value, isWhole: true } : { text: '', isWhole: false };
}

function append(first: StaticText, second: StaticText): StaticText {
  return first.isWhole ? { text: first.text + second.text, isWhole: second.isWhole } : first;
}

function originOfText({ text, isWhole }: StaticText): string | undefined {
  const found = /^(https?:\/\/[a-z0-9.-]+(?::\d+)?)([/?#]?)/i.exec(text);
  if (found?.[1] === undefined || (found[2] === '' && !(isWhole && text === found[1]))) return undefined;
  return URL.canParse(found[1]) ? new URL(found[1]).origin : undefined;
}

const bodyMethods = /^(json|text|arrayBuffer|blob|bytes|formData)$/;
const plainProperties = /^(ok|status|statusText|headers|url|redirected|type)$/;

/**
 * `response.json()` of a response that this code fetched and that nobody else sees. A body can be read once, so a second
 * reader would have to keep its place.
 */
export function readsBodyOnce(context: Context, node: ts.CallExpression): boolean {
  const { ts, checker } = context;
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee) || !bodyMethods.test(callee.name.text)) return false;
  if (node.arguments.length > 0 || !ts.isIdentifier(callee.expression)) return false;
  const symbol = checker.getSymbolAtLocation(callee.expression);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isVariableDeclaration(declaration))
    return false;
  const { initializer } = declaration;
  const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  if (!isConstant || !initializer || !ts.isAwaitExpression(initializer)) return false;
  const within = ts.findAncestor(declaration, ts.isFunctionLike);
  if (!isFetch(context, initializer.expression) || within !== ts.findAncestor(node, ts.isFunctionLike))
    return false;
  const isHarmless = (use: ts.Node): boolean => {
    const { parent } = use;
    if (use === declaration.name || use === callee.expression) return true;
    return (
      ts.isPropertyAccessExpression(parent) &&
      parent.expression === use &&
      plainProperties.test(parent.name.text)
    );
  };
  const visit = (inner: ts.Node): boolean =>
    (ts.isIdentifier(inner) && checker.getSymbolAtLocation(inner) === symbol && !isHarmless(inner)) ||
    (ts.forEachChild(inner, visit) ?? false);
  return !isRepeated(context, node, declaration) && !(within !== undefined && visit(within));
}

/** In a loop that the response was fetched outside of. */
function isRepeated({ ts }: Context, node: ts.Node, declaration: ts.Node): boolean {
  const loopOf = (inner: ts.Node): ts.Node | undefined =>
    ts.findAncestor(inner, (outer) => ts.isIterationStatement(outer, false) || ts.isFunctionLike(outer));
  return loopOf(node) !== loopOf(declaration);
}
