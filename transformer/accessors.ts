/** Whether reading or writing a property may run code of the program. */
import type ts from 'typescript';
import { programNames } from './assigned.ts';
import { builtinProperty } from './builtins.ts';
import type { Context } from './context.ts';
import { libraryMember } from './library.ts';

/** Whether reading property `name` may run an accessor that the program defines. */
export function runsGetter(context: Context, symbol: ts.Symbol | undefined, name: string): boolean {
  const { ts } = context;
  const declaration = symbol?.declarations?.[0];
  const library = libraryMember(context, declaration);
  if (library !== undefined) {
    const isAccessor = declaration !== undefined && ts.isGetAccessorDeclaration(declaration);
    return isAccessor && builtinProperty(library.owner, library.member) === undefined;
  }
  if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Accessor) return true;
  return isOpen(context, declaration) && programNames(context).accessors.has(name);
}

/** Whether assigning property `name` may run a setter that the program defines. */
export function runsSetter(context: Context, symbol: ts.Symbol | undefined, name: string): boolean {
  const declaration = symbol?.declarations?.[0];
  if (libraryMember(context, declaration) !== undefined) return false;
  if (symbol !== undefined && symbol.flags & context.ts.SymbolFlags.Accessor) return true;
  return isOpen(context, declaration) && programNames(context).accessors.has(name);
}

/** A class may implement by an accessor what an interface or a structural type declares as a property. */
function isOpen({ ts }: Context, declaration: ts.Declaration | undefined): boolean {
  return declaration === undefined || ts.isPropertySignature(declaration);
}
