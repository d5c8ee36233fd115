/** Where the program's own files name a property, gathered once per program and asked by name. */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { isOwnFile } from './own-files.ts';

export interface Mention {
  /** The name itself. */
  readonly node: ts.Node;
  /** The property that it stands for, if the types tell. */
  readonly of: ts.Symbol | undefined;
  /** The object is named, not the property: whatever it is given may be under that name. */
  readonly isWhole: boolean;
}

interface Names {
  readonly named: ReadonlyMap<string, readonly ts.Node[]>;
  /** Elements whose name is known only when the program runs. */
  readonly computed: readonly ts.ElementAccessExpression[];
  /** What `Object.assign` and the like write to. */
  readonly filled: readonly ts.Expression[];
  /** The classes that declare a member of the name. */
  readonly declared: ReadonlyMap<string, readonly ts.ClassLikeDeclaration[]>;
}

const namesOf = new WeakMap<ts.Program, Names>();
const mentionsOf = new WeakMap<ts.Program, Map<string, readonly Mention[]>>();

/** All places that may take property `name` of some object, or assign it. */
export function findMentions(context: Context, name: string): readonly Mention[] {
  const { ts, checker, program } = context;
  const known = mentionsOf.get(program) ?? new Map<string, readonly Mention[]>();
  mentionsOf.set(program, known);
  const before = known.get(name);
  if (before !== undefined) return before;
  const { named, computed, filled } = namesIn(context);
  const mentions = (named.get(name) ?? []).map((node) => ({
    node,
    of: ts.isBindingElement(node.parent)
      ? checker.getTypeAtLocation(node.parent.parent).getProperty(name)
      : checker.getSymbolAtLocation(node),
    isWhole: false,
  }));
  const open = (holder: ts.Expression, node: ts.Node, isWhole: boolean): readonly Mention[] => {
    // Only its own name in the code reaches it.
    if (name.startsWith('#')) return [];
    const type = checker.getNonNullableType(checker.getTypeAtLocation(holder));
    const of = checker.getPropertyOfType(type, name);
    const isUnknown = type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter);
    // What has an index signature is a container, whose elements are no fields.
    const isContainer = checker.getIndexInfosOfType(type).length > 0;
    return (of === undefined && !isUnknown) || isContainer ? [] : [{ node, of, isWhole }];
  };
  const found = [
    ...mentions,
    ...computed.flatMap((node) => open(node.expression, node.argumentExpression, false)),
    ...filled.flatMap((node) => open(node, node, true)),
  ];
  known.set(name, found);
  return found;
}

/** The classes that declare a member `name`. */
export function findDeclarers(context: Context, name: string): readonly ts.ClassLikeDeclaration[] {
  return namesIn(context).declared.get(name) ?? [];
}

function namesIn(context: Context): Names {
  const { ts, program } = context;
  const known = namesOf.get(program);
  if (known !== undefined) return known;
  const named = new Map<string, ts.Node[]>();
  const computed: ts.ElementAccessExpression[] = [];
  const filled: ts.Expression[] = [];
  const declared = new Map<string, ts.ClassLikeDeclaration[]>();
  const add = (name: string, node: ts.Node): void => append(named, name, node);
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) add(node.name.text, node.name);
    else if (ts.isElementAccessExpression(node)) {
      const { argumentExpression: index } = node;
      if (ts.isStringLiteralLike(index)) add(index.text, index);
      else if (!ts.isNumericLiteral(index)) computed.push(node);
    } else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      const name = node.propertyName ?? node.name;
      if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) add(name.text, name);
    } else if (ts.isObjectLiteralExpression(node) && isTarget(context, node)) {
      for (const { name } of node.properties) if (name !== undefined) add(name.getText(), name);
    } else if (
      ts.isCallExpression(node) &&
      /^(Object|Reflect)\.(assign|set|define\w+)$/.test(node.expression.getText())
    ) {
      const [first] = node.arguments;
      if (first !== undefined && !ts.isObjectLiteralExpression(first)) filled.push(first);
    } else if (ts.isClassLike(node)) {
      for (const { name } of node.members) if (name !== undefined) append(declared, name.getText(), node);
    } else if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) {
      const owner = node.parent.parent;
      if (ts.isClassLike(owner)) append(declared, node.name.getText(), owner);
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles())
    if (!file.isDeclarationFile && !isOwnFile(file.fileName)) visit(file);
  const names = { named, computed, declared, filled };
  namesOf.set(program, names);
  return names;
}

function append<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

/** Whether an object literal is a pattern that something is assigned to. */
function isTarget({ ts }: Context, literal: ts.Node): boolean {
  let node = literal;
  for (;;) {
    const { parent } = node;
    if (ts.isBinaryExpression(parent))
      return parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (ts.isForOfStatement(parent)) return parent.initializer === node;
    const isNested =
      ts.isArrayLiteralExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isSpreadElement(parent) ||
      ts.isParenthesizedExpression(parent);
    if (!isNested) return false;
    node = parent;
  }
}
