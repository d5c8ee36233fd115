/** Calls of functions and methods of other modules that count as operators: declared by the user, or by our presets. */
import type ts from 'typescript';
import type { StaticEffect } from '../runtime/descriptor.ts';
import type { Context } from './context.ts';
import { fetchEffect, isFetch, readsBodyOnce } from './fetch-effect.ts';
import { mayHold } from './given-options.ts';
import { presetEffect, presets } from './presets.ts';
import { resolveAlias } from './symbols.ts';

interface ModuleMember {
  /** The module as imported, or as declared in a package. */
  readonly isFrom: (module: string) => boolean;
  readonly name: string;
}

/** The effect of `node` if its callee is an external. What the user declares wins. */
export function externalEffect(
  context: Context,
  node: ts.CallExpression,
  callee: ts.Expression,
): StaticEffect | undefined {
  const { ts, settings } = context;
  if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return undefined;
  if (settings.externals.length + settings.presets.length === 0) return undefined;
  const members = [
    importedMember(context, callee),
    declaredMember(context, callee),
    isFetch(context, node) ? globalFetch : undefined,
  ].filter((member) => member !== undefined);
  const declared = settings.externals.find(({ from, name }) =>
    members.some((member) => member.name === name && member.isFrom(from)),
  );
  return declared?.effect ?? presetOf(context, node, members);
}

function presetOf(
  context: Context,
  node: ts.CallExpression,
  members: readonly ModuleMember[],
): StaticEffect | undefined {
  const { settings } = context;
  if (settings.presets.includes('fetch')) {
    const fetched = readsBodyOnce(context, node) ? freeEffect : fetchEffect(context, node);
    if (fetched !== undefined) return fetched;
  }
  const preset = presets.find(
    ({ from, name }) =>
      settings.presets.includes(from) &&
      members.some((member) => member.name === name && member.isFrom(from)),
  );
  if (preset === undefined || isPartOfChain(context, node) || answersStream(context, node)) return undefined;
  const isMore = (preset.unless ?? []).some((option) => mayHold(context, node.arguments[0], option));
  return isMore ? undefined : presetEffect(preset, settings.undeclared);
}

/** `{ "from": "globalThis", "name": "fetch" }` */
const globalFetch: ModuleMember = { name: 'fetch', isFrom: (module) => module === 'globalThis' };

const freeEffect: StaticEffect = {
  kind: 'unordered',
  reads: [],
  writes: [],
  mutates: false,
  state: false,
  known: 'declared',
};

/** `create(…).withResponse()`: what is asked of the promise is not known. */
function isPartOfChain({ ts }: Context, node: ts.CallExpression): boolean {
  const { parent } = node;
  return ts.isPropertyAccessExpression(parent) && !/^(then|catch|finally)$/.test(parent.name.text);
}

/** A stream that is opened early, and then not wanted, stays open. */
function answersStream({ checker }: Context, node: ts.CallExpression): boolean {
  const type = checker.getAwaitedType(checker.getTypeAtLocation(node));
  const members = type?.isUnion() === true ? type.types : type === undefined ? [] : [type];
  return members.some((member) =>
    checker.getPropertiesOfType(member).some(({ name }) => name.startsWith('__@asyncIterator')),
  );
}

/** `f` of `import { f } from "m"` (also renamed), `ns.f` of `import * as ns from "m"`. */
function importedMember({ ts, checker }: Context, callee: ts.Expression): ModuleMember | undefined {
  const isMember = ts.isPropertyAccessExpression(callee);
  const symbol = checker.getSymbolAtLocation(isMember ? callee.expression : callee);
  const declaration = symbol?.declarations?.[0];
  if (declaration === undefined) return undefined;
  if (isMember && ts.isNamespaceImport(declaration))
    return importedFrom(ts, declaration.parent.parent, callee.name.text);
  if (isMember || !ts.isImportSpecifier(declaration)) return undefined;
  const name = (declaration.propertyName ?? declaration.name).text;
  return importedFrom(ts, declaration.parent.parent.parent, name);
}

function importedFrom(typescript: typeof ts, declaration: ts.Node, name: string): ModuleMember | undefined {
  if (!typescript.isImportDeclaration(declaration)) return undefined;
  const { moduleSpecifier } = declaration;
  const specifier = typescript.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
  return { name, isFrom: (module) => module === specifier };
}

/** `f` or `Class.method` by where it is declared: in a package or an ambient module. */
function declaredMember(context: Context, callee: ts.Expression): ModuleMember | undefined {
  const { ts, checker } = context;
  const isMember = ts.isPropertyAccessExpression(callee);
  const symbol = checker.getSymbolAtLocation(isMember ? callee.name : callee);
  const declaration = symbol && resolveAlias(context, symbol).declarations?.[0];
  if (declaration === undefined) return undefined;
  const isFrom = (module: string): boolean => isDeclaredIn(context, declaration, module);
  if (ts.isFunctionDeclaration(declaration))
    return declaration.name && { name: declaration.name.text, isFrom };
  const owner = declaration.parent;
  const isOwned = ts.isClassLike(owner) || ts.isInterfaceDeclaration(owner);
  if (!isMember || !isOwned || owner.name === undefined) return undefined;
  return { name: `${owner.name.text}.${callee.name.text}`, isFrom };
}

function isDeclaredIn({ ts }: Context, declaration: ts.Node, module: string): boolean {
  const ambient = ts.findAncestor(
    declaration,
    (node) => ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name),
  );
  if (ambient !== undefined && ts.isModuleDeclaration(ambient))
    return ambient.name.text === module || ambient.name.text.startsWith(`${module}/`);
  return declaration.getSourceFile().fileName.includes(`/node_modules/${module}/`);
}
