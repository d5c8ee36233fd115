/** Which calls are operator calls, how the code reaches the operator, and what its type says about its effect. */
import type ts from 'typescript';
import type { OperatorRef, Path, StaticEffect } from '../runtime/descriptor.ts';
import { type Context, labelOf } from './context.ts';
import { staticEffect } from './options.ts';
import { isOperatorType, ownExport, resolveAlias } from './symbols.ts';

export interface OperatorCall {
  readonly call: ts.CallExpression;
  /** Denotes the operator: the receiver of `invoke`, or the function operator itself. */
  readonly target: ts.Expression;
  /** Absent when the target itself is called. */
  readonly method?: string;
  /** The declared effect of an external. */
  readonly external?: StaticEffect;
}

/** Reads `node` as a call of an operator or of a declared external. */
export function operatorCall(context: Context, node: ts.Node): OperatorCall | undefined {
  const { ts, checker } = context;
  if (!ts.isCallExpression(node) || node.questionDotToken !== undefined) return undefined;
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
  return isOperatorType(context, checker.getTypeAtLocation(callee)) ? { call: node, target: callee } : undefined;
}

/** Without parentheses, `as`, `satisfies` and `!`. */
export function strip({ ts }: Context, node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) || ts.isNonNullExpression(inner) || ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) || ts.isTypeAssertionExpression(inner)
  )
    inner = inner.expression;
  return inner;
}

function externalEffect(context: Context, callee: ts.Expression): StaticEffect | undefined {
  const { ts, settings } = context;
  if (settings.externals.length === 0) return undefined;
  if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return undefined;
  const names = [importedName(context, callee), methodName(context, callee)];
  return settings.externals.find(({ from, name }) => names.some((found) => found?.name === name && found.from === from))?.effect;
}

/** `f` of `import { f } from "m"` (also renamed), `ns.f` of `import * as ns from "m"`. */
function importedName({ ts, checker }: Context, callee: ts.Expression): { from: string; name: string } | undefined {
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
  return typescript.isImportDeclaration(declaration) && typescript.isStringLiteral(declaration.moduleSpecifier)
    ? declaration.moduleSpecifier.text
    : '';
}

/** `Class.method` by the class that declares the method, in a package or an ambient module. */
function methodName({ ts, checker, settings }: Context, callee: ts.Expression): { from: string; name: string } | undefined {
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const declaration = checker.getSymbolAtLocation(callee.name)?.declarations?.[0];
  const owner = declaration?.parent;
  if (owner === undefined || !(ts.isClassLike(owner) || ts.isInterfaceDeclaration(owner)) || !owner.name) return undefined;
  const file = owner.getSourceFile();
  const ambient = ts.findAncestor(owner, (node) => ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name));
  const ambientName = ambient !== undefined && ts.isModuleDeclaration(ambient) ? ambient.name.text : undefined;
  const from = settings.externals.find(
    (external) => external.from === ambientName || file.fileName.includes(`/node_modules/${external.from}/`),
  )?.from;
  return from === undefined ? undefined : { from, name: `${owner.name.text}.${callee.name.text}` };
}

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
    return property(node, again(node.expression), ts.isPrivateIdentifier(node.name) ? undefined : node.name.text);
  }
  if (ts.isElementAccessExpression(node)) {
    const base = again(node.expression);
    if (ts.isStringLiteralLike(node.argumentExpression) || ts.isNumericLiteral(node.argumentExpression))
      return property(node, base, node.argumentExpression.text);
    return member(base);
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const isLookup = node.expression.name.text === 'get' || node.expression.name.text === 'at';
    return isLookup ? member(again(node.expression.expression)) : dynamic;
  }
  if (ts.isNewExpression(node)) return { found: 'dynamic', made: node.expression };
  if (!ts.isIdentifier(node)) return dynamic;
  const symbol = checker.getSymbolAtLocation(node);
  const declaration = symbol === undefined ? undefined : resolveAlias(context, symbol).declarations?.[0];
  if (declaration === undefined) return dynamic;
  const isInside = ts.findAncestor(declaration, (ancestor) => ancestor === body) !== undefined;
  return isInside ? local(context, declaration, again) : enclosing(context, node, declaration);
}

function property(node: ts.Expression, base: Origin, name: string | undefined): Origin {
  if (base.found !== 'field') return base.found === 'member' ? base : dynamic;
  if (name === undefined || base.path === undefined) return { found: 'field', finder: node };
  return { found: 'field', finder: node, path: [...base.path, name] };
}

function member(container: Origin): Origin {
  return container.found === 'field' && container.finder ? { found: 'member', finder: container.finder } : dynamic;
}

/** A variable of the body: a `const` stands for its initializer, an element of a container for any of its members. */
function local(context: Context, declaration: ts.Node, again: (node: ts.Expression) => Origin): Origin {
  const { ts } = context;
  if (ts.isParameter(declaration)) {
    const callback = declaration.parent;
    const call = callback.parent;
    const isCallback = ts.isArrowFunction(callback) && ts.isCallExpression(call) && call.arguments[0] === callback;
    const iterates = isCallback && callback.parameters[0] === declaration && ts.isIdentifier(declaration.name);
    if (iterates && ts.isPropertyAccessExpression(call.expression) && iterators.has(call.expression.name.text))
      return member(again(call.expression.expression));
    return dynamic;
  }
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return dynamic;
  const list = declaration.parent;
  if (!ts.isVariableDeclarationList(list) || !(list.flags & ts.NodeFlags.Const)) return dynamic;
  if (ts.isForOfStatement(list.parent)) return member(again(list.parent.expression));
  return declaration.initializer === undefined ? dynamic : again(declaration.initializer);
}

const iterators = new Set(['map', 'forEach', 'flatMap', 'filter', 'find', 'some', 'every']);

/** A constant of the module or of an enclosing function. */
function enclosing({ ts }: Context, node: ts.Identifier, declaration: ts.Node): Origin {
  const list = declaration.parent;
  const isConstant =
    ts.isFunctionDeclaration(declaration) ||
    (ts.isVariableDeclaration(declaration) && ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.Const) !== 0);
  return isConstant ? { found: 'field', finder: node } : dynamic;
}

/** What the type of an operator declares: `static effect`, read off its type or its initializer. */
export function declaredEffect(context: Context, type: ts.Type): StaticEffect | undefined {
  const { ts, checker } = context;
  const present = checker.getNonNullableType(type);
  const symbol = present.symbol;
  if (symbol === undefined || !(symbol.flags & ts.SymbolFlags.Class)) return undefined;
  const declared = checker.getPropertyOfType(checker.getTypeOfSymbol(symbol), 'effect');
  if (declared === undefined) return undefined;
  return effectOfType(context, checker.getTypeOfSymbol(declared));
}

/** The `effect` in `const target = operator(function, { effect })`. */
function declaredOption(context: Context, target: ts.Expression): StaticEffect | undefined {
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(target);
  const declaration = symbol && resolveAlias(context, symbol).valueDeclaration;
  const call = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  const options = call && ts.isCallExpression(call) && ownExport(context, checker.getSymbolAtLocation(call.expression)) === 'operator' ? call.arguments[1] : undefined;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return undefined;
  const property = options.properties.filter(ts.isPropertyAssignment).find((member) => ts.isIdentifier(member.name) && member.name.text === 'effect');
  if (property === undefined) return undefined;
  const value = strip(context, property.initializer);
  if (ts.isStringLiteral(value)) return value.text === 'pure' || value.text === 'unordered' || value.text === 'sequential' ? staticEffect(value.text) : undefined;
  return effectOfType(context, checker.getTypeAtLocation(value));
}

function effectOfType(context: Context, type: ts.Type): StaticEffect | undefined {
  const { checker } = context;
  if (type.isStringLiteral()) {
    const { value } = type;
    return value === 'pure' || value === 'unordered' || value === 'sequential' ? staticEffect(value) : undefined;
  }
  if (type.isUnion() || checker.getPropertiesOfType(type).length === 0) return undefined;
  const names = (key: string): readonly string[] => {
    const property = checker.getPropertyOfType(type, key);
    return property === undefined ? [] : resourceNames(context, checker.getTypeOfSymbol(property));
  };
  const mutates = checker.getPropertyOfType(type, 'mutates');
  return {
    kind: 'resources',
    reads: names('reads'),
    writes: names('writes'),
    mutates: mutates !== undefined && checker.typeToString(checker.getTypeOfSymbol(mutates)) !== 'false',
    state: false,
    known: 'declared',
  };
}

/** Names in the type of `reads` or `writes`; whatever is no literal (a function, a computed name) may be any resource. */
function resourceNames({ checker }: Context, type: ts.Type): readonly string[] {
  if (type.isStringLiteral()) return [type.value];
  if (!checker.isArrayType(type) && !checker.isTupleType(type)) return ['*'];
  const elements = checker.getTypeArguments(type as ts.TypeReference); // arrays and tuples are references
  return elements.flatMap((element) => (element.isUnion() ? element.types : [element])).map((element) => (element.isStringLiteral() ? element.value : '*'));
}

/** The operators that one body calls, each once. */
export class OperatorTable {
  readonly references: OperatorRef[] = [];
  /** `finders[i]` finds `references[i]` when the run begins. */
  readonly finders: (Origin | undefined)[] = [];
  readonly #context: Context;
  readonly #body: ts.Node;
  readonly #isWritten: (property: string) => boolean;
  readonly #infer: (type: ts.Type, target: ts.Expression) => StaticEffect | undefined;

  constructor(
    context: Context,
    body: ts.Node,
    isWritten: (property: string) => boolean,
    infer: (type: ts.Type, target: ts.Expression) => StaticEffect | undefined,
  ) {
    this.#context = context;
    this.#body = body;
    this.#isWritten = isWritten;
    this.#infer = infer;
  }

  /** The number of the operator that `called` calls. */
  add(called: OperatorCall): number {
    const { checker, settings } = this.#context;
    const origin = originOf(this.#context, called.target, this.#body, this.#isWritten);
    const source = origin.found === 'dynamic' ? called.target : (origin.finder ?? called.target);
    const label = labelOf(source) + (called.external && called.method ? `.${called.method}` : '');
    const found = called.external ? 'external' : origin.found;
    const known = this.references.find((reference) => reference.label === label && reference.found === found && found !== 'dynamic');
    if (known !== undefined) return known.id;
    const type = checker.getTypeAtLocation(called.target);
    const undeclared: StaticEffect = {
      kind: settings.undeclared, reads: [], writes: [], mutates: false, state: settings.undeclared === 'sequential', known: 'undeclared',
    };
    const id = this.references.length;
    this.references.push({
      id,
      label,
      type: checker.typeToString(checker.getNonNullableType(type)),
      found,
      effect: called.external ?? declaredEffect(this.#context, type) ?? declaredOption(this.#context, called.target) ?? this.#infer(type, called.target) ?? undeclared,
      ...(origin.path && found === 'field' ? { path: origin.path } : {}),
    });
    this.finders.push(called.external ? undefined : origin);
    return id;
  }
}
