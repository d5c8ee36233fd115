/**
 * What the declaration files of TypeScript's standard library declare, under the names of the builtin table.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface Declared {
  /** Indexes of parameters whose type, in some overload, is a function's. */
  readonly functions: ReadonlySet<number>;
  /** The types of all parameters of all overloads, as written. */
  readonly types: ReadonlySet<string>;
  /** The first parameter's type, in some overload, is `Iterable` or `ReadonlySetLike`. */
  readonly iterable: boolean;
}

/** The folder of the `lib.*.d.ts` files. */
export const libraryFolder: string = dirname(fileURLToPath(import.meta.resolve('typescript')));

/** By `owner member`. Without the files for workers and Windows scripting. */
export function readLibrary(): ReadonlyMap<string, Declared> {
  const found = new Map<string, Declared>();
  for (const name of readdirSync(libraryFolder)) {
    if (!/^lib\.(es|dom).*\.d\.ts$/.test(name)) continue;
    const text = readFileSync(join(libraryFolder, name), 'utf8');
    collect(ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true), found);
  }
  return found;
}

/** Owner and member of a declaration: what the compiler looks up. */
export function nameOf(declaration: ts.Node): readonly [owner: string, member: string] | undefined {
  const member = memberOf(declaration);
  if (member === undefined) return undefined;
  const owner = ts.isFunctionDeclaration(declaration) ? 'global' : ownerOf(declaration.parent);
  return owner === undefined ? undefined : [owner, member];
}

function collect(node: ts.Node, found: Map<string, Declared>): void {
  const name = nameOf(node)?.join(' ');
  if (name !== undefined) {
    const before = found.get(name) ?? { functions: new Set(), types: new Set(), iterable: false };
    const parameters = ts.isFunctionLike(node) ? [...node.parameters].filter(isReal) : [];
    const functions = parameters.flatMap(({ type }, index) =>
      mentions(type, ts.isFunctionTypeNode) ? [index] : [],
    );
    found.set(name, {
      functions: new Set([...before.functions, ...functions]),
      types: new Set([...before.types, ...parameters.map(({ type }) => type?.getText() ?? 'any')]),
      iterable: before.iterable || mentions(parameters[0]?.type, isIterable),
    });
  }
  ts.forEachChild(node, (child) => collect(child, found));
}

function memberOf(node: ts.Node): string | undefined {
  if (ts.isConstructSignatureDeclaration(node) || ts.isConstructorDeclaration(node)) return 'new';
  if (ts.isCallSignatureDeclaration(node)) return 'call';
  const isMember = ts.isTypeElement(node) || ts.isClassElement(node) || ts.isFunctionDeclaration(node);
  return isMember ? node.name?.getText() : undefined;
}

function ownerOf(parent: ts.Node): string | undefined {
  // `declare var URL: { new (…): URL }`
  const named = ts.isTypeLiteralNode(parent) ? parent.parent : parent;
  const isOwner =
    ts.isInterfaceDeclaration(named) || ts.isClassDeclaration(named) || ts.isVariableDeclaration(named);
  const name = isOwner ? named.name?.getText() : undefined;
  const scope = ts.findAncestor(named, ts.isModuleDeclaration);
  return name !== undefined && scope?.name.text === 'Intl' ? `Intl.${name}` : name;
}

function isReal({ name }: ts.ParameterDeclaration): boolean {
  return name.getText() !== 'this';
}

function isIterable(node: ts.Node): boolean {
  return ts.isTypeReferenceNode(node) && ['Iterable', 'ReadonlySetLike'].includes(node.typeName.getText());
}

/** Whether a type is, or is a union with, one that `is` holds for. */
function mentions(type: ts.TypeNode | undefined, is: (node: ts.Node) => boolean): boolean {
  if (type === undefined) return false;
  if (ts.isParenthesizedTypeNode(type)) return mentions(type.type, is);
  return ts.isUnionTypeNode(type) ? type.types.some((member) => mentions(member, is)) : is(type);
}
