/**
 * Fields that only the body itself touches: nobody else has what they hold, so that a call may pass a write to one of them.
 *
 * A field is found by its name in the whole program, wherever a type leaves open whose property that is. What becomes of its
 * value inside the body is told by `Memory`: once it escapes, the field is shared state like any other.
 */
import type ts from 'typescript';
import { assignedTargets } from './assigned.ts';
import type { Context } from './context.ts';
import { findDeclarers, findMentions, type Mention } from './mentions.ts';
import { once } from './once.ts';
import type { Scope } from './scope.ts';
import { isPrimitiveType } from './symbols.ts';

/** With how many objects inside of one another each begins. */
type OwnFields = ReadonlyMap<ts.Node, number>;

const none: OwnFields = new Map();

/** The place of `symbol`, a member of the class of the body, if it is a field that no other code touches. */
export function ownField({ context, memory, body }: Scope, symbol: ts.Symbol): number | undefined {
  const { valueDeclaration: field } = symbol;
  const depth = field && ownFields(context, body).get(field);
  if (field === undefined || depth === undefined) return undefined;
  return memory.own(field, `this.${nameOf(symbol)}`, depth);
}

/** The fields that whoever may run `node` can reach by it: the one that it names, all of them by a method. */
export function ownFieldsBehind(
  { context, memory, body }: Scope,
  node: ts.PropertyAccessExpression,
): readonly number[] {
  const { ts, checker } = context;
  const own = ownFields(context, body);
  if (own.size === 0 || node.expression.kind !== ts.SyntaxKind.ThisKeyword) return [];
  const member = checker.getSymbolAtLocation(node.name)?.valueDeclaration;
  const isMethod = member !== undefined && (ts.isMethodDeclaration(member) || ts.isAccessor(member));
  return [...own]
    .filter(([field]) => isMethod || field === member)
    .flatMap(([field, depth]) => {
      const symbol = ts.isPropertyDeclaration(field) ? checker.getSymbolAtLocation(field.name) : undefined;
      return symbol === undefined ? [] : [memory.own(field, `this.${nameOf(symbol)}`, depth)];
    });
}

const ownFields = once((context, body: ts.Node): OwnFields => {
  const { ts, checker } = context;
  const owner = body.parent;
  if (!ts.isMethodDeclaration(body) || !ts.isClassLike(owner) || handsOutThis(context, owner)) return none;
  const fields = owner.members.flatMap((member) => {
    if (!isCandidate(context, member)) return [];
    const symbol = checker.getSymbolAtLocation(member.name);
    return symbol === undefined ? [] : [{ symbol, member }];
  });
  if (fields.length === 0) return none;
  const code = privateCode(context, owner, body);
  const own = fields.filter(({ symbol, member }) => {
    const name = nameOf(symbol);
    if (findDeclarers(context, name).some((other) => other !== owner && extend(context, other, owner)))
      return false;
    return findMentions(context, name)
      .filter((mention) => mayBe(context, mention, symbol, owner))
      .every(({ node, isWhole }) =>
        !isWhole && isIn(code, node)
          ? keepsObject(context, member, node)
          : isInConstructor(context, owner, node) && begins(context, member, node),
      );
  });
  return new Map(own.map(({ member, symbol }) => [member, depthOf(context, member, nameOf(symbol))]));
});

/** How many objects inside of one another the field begins with, wherever it is given a new one. */
function depthOf(context: Context, { initializer }: Field, name: string): number {
  const { ts } = context;
  const given = findMentions(context, name).flatMap(({ node }) => {
    const assignment = node.parent.parent;
    return ts.isBinaryExpression(assignment) && assignment.left === node.parent ? [assignment.right] : [];
  });
  const depthIn = (node: ts.Node): number => {
    const inside = Math.max(0, ...childrenOf(context, node).map(depthIn));
    return isMade(context, node) ? inside + 1 : inside;
  };
  return Math.max(1, ...[initializer, ...given].map((node) => (node === undefined ? 0 : depthIn(node))));
}

function isMade({ ts }: Context, node: ts.Node): boolean {
  return ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node) || ts.isNewExpression(node);
}

function childrenOf({ ts }: Context, node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

/** The name of a private member without the number of its class. */
function nameOf({ name }: ts.Symbol): string {
  return name.replace(/^.*@/, '');
}

type Field = ts.PropertyDeclaration & { readonly name: ts.Identifier | ts.PrivateIdentifier };

/** A plain field of the instance that begins with nothing, a primitive, or an object of its own. */
function isCandidate(context: Context, member: ts.ClassElement): member is Field {
  const { ts, checker } = context;
  if (!ts.isPropertyDeclaration(member)) return false;
  if (!ts.isIdentifier(member.name) && !ts.isPrivateIdentifier(member.name)) return false;
  const modifiers = ts.getModifiers(member) ?? [];
  const isPlain = modifiers.every(({ kind }) =>
    [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.PublicKeyword, ts.SyntaxKind.ReadonlyKeyword].includes(kind),
  );
  if (!isPlain || (ts.getDecorators(member) ?? []).length > 0) return false;
  const { initializer } = member;
  if (isPrimitiveType(context, checker.getTypeAtLocation(member))) return true;
  return initializer !== undefined && isFresh(context, initializer);
}

/** A new object of primitives and new objects, which nothing else can reach. */
function isFresh(context: Context, node: ts.Expression): boolean {
  const { ts, checker, program } = context;
  const isOwn = (part: ts.Expression): boolean =>
    isPrimitiveType(context, checker.getTypeAtLocation(part)) || isFresh(context, part);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isOwn);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every(
      (property) => ts.isPropertyAssignment(property) && isOwn(property.initializer),
    );
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression)) return false;
  const declaration = checker.getSymbolAtLocation(node.expression)?.valueDeclaration;
  const isLibrary =
    declaration !== undefined && program.isSourceFileDefaultLibrary(declaration.getSourceFile());
  return isLibrary && /^(Map|Set|Array)$/.test(node.expression.text) && (node.arguments ?? []).every(isOwn);
}

/** Whether the field holds an object of its own whatever `node`, which names it, does. */
function keepsObject(context: Context, field: Field, node: ts.Node): boolean {
  const isAssigned = context.ts.findAncestor(node, (outer) =>
    assignedTargets(context, outer).some((target) => target === node.parent),
  );
  return isAssigned === undefined || begins(context, field, node);
}

/** Whether `node` names the field in a statement that gives it a new object. */
function begins(context: Context, field: Field, node: ts.Node): boolean {
  const { ts, checker } = context;
  if (isPrimitiveType(context, checker.getTypeAtLocation(field))) return true;
  const assignment = node.parent.parent;
  return (
    ts.isBinaryExpression(assignment) &&
    assignment.left === node.parent &&
    assignment.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isExpressionStatement(assignment.parent) &&
    isFresh(context, assignment.right)
  );
}

/** Whether code of the class does anything with `this` but take a named member of it. */
function handsOutThis({ ts }: Context, owner: ts.ClassLikeDeclaration): boolean {
  const visit = (node: ts.Node): boolean => {
    if (node.kind === ts.SyntaxKind.ThisKeyword)
      return !(ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node);
    return ts.forEachChild(node, visit) ?? false;
  };
  return owner.members.some(visit);
}

/** The body, and the private methods that run only as part of it. */
function privateCode(context: Context, owner: ts.ClassLikeDeclaration, body: ts.Node): readonly ts.Node[] {
  const { ts, checker } = context;
  let methods = owner.members.filter(
    (member): member is ts.MethodDeclaration =>
      ts.isMethodDeclaration(member) && member !== body && isPrivate(context, member),
  );
  for (;;) {
    const code = [body, ...methods];
    const called = methods.filter((method) => {
      const symbol = checker.getSymbolAtLocation(method.name);
      if (symbol === undefined) return false;
      return findMentions(context, nameOf(symbol))
        .filter((mention) => mayBe(context, mention, symbol, owner))
        .every(({ node }) => {
          const { parent: access } = node;
          const isCallee = ts.isCallExpression(access.parent) && access.parent.expression === access;
          return isCallee && isIn(code, node);
        });
    });
    if (called.length === methods.length) return code;
    methods = called;
  }
}

function isIn(code: readonly ts.Node[], node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (code.includes(at)) return true;
  return false;
}

/** Whether no other type can stand for the class where the member is named. */
function isPrivate({ ts }: Context, member: ts.PropertyDeclaration | ts.MethodDeclaration): boolean {
  const isMarked = (ts.getModifiers(member) ?? []).some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  return isMarked || ts.isPrivateIdentifier(member.name);
}

function isInConstructor({ ts }: Context, owner: ts.ClassLikeDeclaration, node: ts.Node): boolean {
  const holder = ts.findAncestor(node, ts.isFunctionLike);
  return holder !== undefined && ts.isConstructorDeclaration(holder) && holder.parent === owner;
}

/** Whether `mention` may name the member `symbol` of `owner`. */
function mayBe(
  context: Context,
  { node, of }: Mention,
  symbol: ts.Symbol,
  owner: ts.ClassLikeDeclaration,
): boolean {
  const { ts } = context;
  const declarations = of?.declarations ?? [];
  if (of === undefined || declarations.length === 0 || of === symbol) return true;
  if (declarations.some((declaration) => symbol.declarations?.includes(declaration))) return true;
  const own = symbol.valueDeclaration;
  const isMember = own !== undefined && (ts.isPropertyDeclaration(own) || ts.isMethodDeclaration(own));
  if (isMember && isPrivate(context, own)) return false;
  const access = node.parent;
  // A type of a library may stand for the class, too, if it fits.
  if (declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile)) {
    const { checker } = context;
    if (!ts.isPropertyAccessExpression(access)) return true;
    return checker.isTypeAssignableTo(
      checker.getTypeAtLocation(owner),
      checker.getTypeAtLocation(access.expression),
    );
  }
  const isOfThis =
    ts.isPropertyAccessExpression(access) && access.expression.kind === ts.SyntaxKind.ThisKeyword;
  const other = isOfThis ? ts.findAncestor(access, ts.isClassLike) : undefined;
  if (other === undefined) return true;
  // The `this` of a class is no `owner` unless one extends the other.
  return extend(context, other, owner) || extend(context, owner, other);
}

/** Whether `one` is `base` or extends it. */
function extend(context: Context, one: ts.ClassLikeDeclaration, base: ts.ClassLikeDeclaration): boolean {
  const { checker } = context;
  const target = checker.getTypeAtLocation(base).symbol;
  const isBelow = (type: ts.Type): boolean =>
    type.symbol === target || (type.isClassOrInterface() && checker.getBaseTypes(type).some(isBelow));
  return isBelow(checker.getTypeAtLocation(one));
}
