/** Recognises our API, operators and library declarations by symbol and type, never by their text. */
import type ts from 'typescript';
import { programNames } from './assigned.ts';
import type { Context } from './context.ts';
import { isLibraryFile } from './library.ts';
import { once } from './once.ts';
import { isOwnFile } from './own-files.ts';

/** The symbol behind import and export aliases. */
export function resolveAlias({ ts, checker }: Context, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The name of our export that `symbol` stands for, such as `structuralJit`. */
export function ownExport(context: Context, symbol: ts.Symbol | undefined): string | undefined {
  if (symbol === undefined) return undefined;
  const target = resolveAlias(context, symbol);
  const declared = target.declarations?.some((declaration) =>
    isOwnFile(declaration.getSourceFile().fileName),
  );
  return declared ? target.name : undefined;
}

/** The symbol of the function that `node` names: `f`, `ns.f`. */
export function symbolOf({ checker }: Context, node: ts.Node): ts.Symbol | undefined {
  return checker.getSymbolAtLocation(node);
}

/** Whether every value of `type` (bar null and undefined) is an operator: extends ours, or is our `OperatorLike`. */
export const isOperatorType: (context: Context, type: ts.Type) => boolean = once((context, type) =>
  isPresentOperator(context, context.checker.getNonNullableType(type)),
);

/** The same for a type without null and undefined. A type parameter `T` is `T & {}` by then, so members are not asked again. */
function isPresentOperator(context: Context, type: ts.Type): boolean {
  const { ts, checker } = context;
  if (type.isUnion()) return type.types.every((member) => isPresentOperator(context, member));
  if (type.isIntersection()) return type.types.some((member) => isPresentOperator(context, member));
  if (type.flags & ts.TypeFlags.TypeParameter) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint !== undefined && constraint !== type && isPresentOperator(context, constraint);
  }
  return hasOwnBase(context, type, new Set());
}

const operatorTypes = new Set(['Operator', 'OperatorLike', 'FunctionOperator']);

function hasOwnBase(context: Context, type: ts.Type, seen: Set<ts.Type>): boolean {
  const { checker } = context;
  if (seen.has(type)) return false;
  seen.add(type);
  const name = ownExport(context, type.symbol) ?? ownExport(context, type.aliasSymbol);
  if (name !== undefined && operatorTypes.has(name)) return true;
  if (type.isIntersection()) return type.types.some((member) => hasOwnBase(context, member, seen));
  const target = isReference(context, type) ? type.target : type;
  if (!target.isClassOrInterface()) return false;
  const heritage = checker.getBaseTypes(target).some((base) => hasOwnBase(context, base, seen));
  return heritage || implementsOperator(context, target.symbol, seen);
}

function implementsOperator(context: Context, symbol: ts.Symbol, seen: Set<ts.Type>): boolean {
  const { ts, checker } = context;
  return (symbol.declarations ?? []).filter(ts.isClassLike).some((declaration) =>
    (declaration.heritageClauses ?? [])
      .filter((clause) => clause.token === ts.SyntaxKind.ImplementsKeyword)
      .flatMap((clause) => clause.types)
      .some((implemented) => hasOwnBase(context, checker.getTypeAtLocation(implemented), seen)),
  );
}

/** What an array or tuple type holds; nothing for other types. */
export function elementTypes(context: Context, type: ts.Type): readonly ts.Type[] | undefined {
  const { checker } = context;
  const isList = checker.isArrayType(type) || checker.isTupleType(type);
  return isList && isReference(context, type) ? checker.getTypeArguments(type) : undefined;
}

function isReference({ ts }: Context, type: ts.Type): type is ts.TypeReference {
  const isObject = (type.flags & ts.TypeFlags.Object) !== 0 && 'objectFlags' in type;
  return (
    isObject && typeof type.objectFlags === 'number' && (type.objectFlags & ts.ObjectFlags.Reference) !== 0
  );
}

/** Whether values of `type` are primitives, which nobody can share or change. */
export function isPrimitiveType(context: Context, type: ts.Type): boolean {
  const { ts, checker } = context;
  if (type.isUnion()) return type.types.every((member) => isPrimitiveType(context, member));
  if (type.isIntersection()) return type.types.some((member) => isPrimitiveType(context, member));
  if (type.flags & ts.TypeFlags.TypeParameter) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint !== undefined && constraint !== type && isPrimitiveType(context, constraint);
  }
  const primitive =
    ts.TypeFlags.StringLike |
    ts.TypeFlags.NumberLike |
    ts.TypeFlags.BigIntLike |
    ts.TypeFlags.BooleanLike |
    ts.TypeFlags.ESSymbolLike |
    ts.TypeFlags.VoidLike |
    ts.TypeFlags.Null;
  // What is of the type `never` and yet there has got that type by an assertion, and may be anything.
  return (type.flags & primitive) !== 0;
}

/** `any`, `unknown`, and type parameters without a bound: values of which nothing is known. */
export function isUnknownType(context: Context, type: ts.Type): boolean {
  const { ts, checker } = context;
  if (type.isUnion()) return type.types.some((member) => isUnknownType(context, member));
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return true;
  if (!(type.flags & ts.TypeFlags.TypeParameter)) return false;
  const constraint = checker.getBaseConstraintOfType(type);
  return constraint === undefined || constraint === type || isUnknownType(context, constraint);
}

/** Whether `type` is awaited as a native promise is: a `Promise`, not some other thenable. */
export function isPromiseType({ checker, program }: Context, type: ts.Type): boolean {
  const present = checker.getNonNullableType(type);
  if (present.isUnion()) return false;
  const declaration = present.symbol?.declarations?.[0];
  return (
    present.symbol?.name === 'Promise' &&
    declaration !== undefined &&
    program.isSourceFileDefaultLibrary(declaration.getSourceFile())
  );
}

/** Whether `await` on a value of `type` may call a `then`. */
export function mayBeThenable(context: Context, type: ts.Type): boolean {
  if (isPrimitiveType(context, type)) return false;
  if (isUnknownType(context, type)) return true;
  if (type.isUnion()) return type.types.some((member) => mayBeThenable(context, member));
  // A type that is no class may hide a `then` that the program defines.
  const declaration = type.symbol?.declarations?.[0];
  const isOpen =
    declaration !== undefined &&
    !context.ts.isClassLike(declaration) &&
    !isLibraryFile(context.program, declaration.getSourceFile());
  if (isOpen && programNames(context).definesThen) return true;
  return context.checker.getPropertyOfType(context.checker.getApparentType(type), 'then') !== undefined;
}
