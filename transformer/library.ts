/** Recognises declarations of the language's and the platform's library. */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { once } from './once.ts';

export interface LibraryMember {
  readonly owner: string;
  readonly member: string;
}

/** Owner and name of a member of the standard library: `Array` `push`, `MathConstructor`… */
export function libraryMember(context: Context, declaration: ts.Node | undefined): LibraryMember | undefined {
  return declaration && memberOf(context, declaration);
}

const memberOf = once(({ ts, program }, declaration: ts.Node): LibraryMember | undefined => {
  if (!isLibraryFile(program, declaration.getSourceFile())) return undefined;
  const member = memberName(ts, declaration);
  const owner = ts.isFunctionDeclaration(declaration) ? 'global' : ownerName(ts, declaration.parent);
  return member === undefined || owner === undefined ? undefined : { owner, member };
});

/** Whether `file` declares the language's or the platform's library. */
export function isLibraryFile(program: ts.Program, file: ts.SourceFile): boolean {
  return program.isSourceFileDefaultLibrary(file) || file.fileName.includes('/node_modules/@types/node/');
}

function memberName(typescript: typeof ts, node: ts.Node): string | undefined {
  if (typescript.isConstructSignatureDeclaration(node) || typescript.isConstructorDeclaration(node))
    return 'new';
  if (typescript.isCallSignatureDeclaration(node)) return 'call';
  const isNamed =
    typescript.isTypeElement(node) ||
    typescript.isClassElement(node) ||
    typescript.isFunctionDeclaration(node);
  return isNamed ? node.name?.getText() : undefined;
}

function ownerName(typescript: typeof ts, parent: ts.Node): string | undefined {
  // `declare var URL: { new (…): URL }`
  const named = typescript.isTypeLiteralNode(parent) ? parent.parent : parent;
  const isOwner =
    typescript.isInterfaceDeclaration(named) ||
    typescript.isClassDeclaration(named) ||
    typescript.isVariableDeclaration(named);
  const name = isOwner ? named.name?.getText() : undefined;
  const scope = typescript.findAncestor(named, typescript.isModuleDeclaration);
  return name !== undefined && scope?.name.text === 'Intl' ? `Intl.${name}` : name;
}
