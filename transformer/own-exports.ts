/**
 * Which of our exports an expression stands for: by symbol, whatever it is called, and through constants that hold it
 * (`const mark = structuralJit`, `const { operator } = xcs`, `const fast = structuralJit({ … })`).
 */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { strip } from './operators.ts';
import { ownExport, resolveAlias } from './symbols.ts';

/** The name of our export that `node` is. */
export function exportOf(context: Context, node: ts.Expression): string | undefined {
  return new Reader(context).exportOf(node);
}

/** Whether `node` marks what it is given: `structuralJit`, or what it makes of options. */
export function isMark(context: Context, node: ts.Expression): boolean {
  return new Reader(context).isMark(node);
}

/** Whether `symbol`, an import or a constant of any file, is one of our exports or a mark. */
export function isOfOurs(context: Context, symbol: ts.Symbol | undefined): boolean {
  if (symbol === undefined) return false;
  if (new Reader(context).exportBehind(symbol) !== undefined) return true;
  const held = heldBy(context, symbol);
  return held !== undefined && isMark(context, held);
}

const wrappers = new Set(['structuralJit', 'operator', 'jit', 'autograph']);

/** Whether `node` makes an operator of a function, which is compiled by itself. */
export function wrapsFunction(context: Context, node: ts.Node): boolean {
  return context.ts.isCallExpression(node) && wrappers.has(exportOf(context, node.expression) ?? '');
}

/** Whether `declaration` imports from us while modules are not looked up: one file is compiled by itself. */
export function isUnresolvedImport({ ts, checker }: Context, declaration: ts.Declaration): boolean {
  const module = ts.findAncestor(declaration, ts.isImportDeclaration)?.moduleSpecifier;
  return (
    module !== undefined &&
    ts.isStringLiteral(module) &&
    module.text === 'xcs' &&
    checker.getSymbolAtLocation(module) === undefined
  );
}

/** What `const name = …` holds, wherever it is declared. */
function heldBy(context: Context, symbol: ts.Symbol): ts.Expression | undefined {
  const { ts } = context;
  const declaration = resolveAlias(context, symbol).valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  return ts.isIdentifier(declaration.name) && isConstant(context, declaration)
    ? declaration.initializer
    : undefined;
}

/** Whether `type` is that of a function or a class. */
export function isCallable(type: ts.Type): boolean {
  return type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0;
}

function isConstant({ ts }: Context, declaration: ts.Declaration): boolean {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
}

class Reader {
  readonly #context: Context;
  /** Constants may be said to hold themselves. */
  readonly #seen = new Set<ts.Symbol>();

  constructor(context: Context) {
    this.#context = context;
  }

  exportOf(given: ts.Expression): string | undefined {
    const { ts, checker } = this.#context;
    const node = strip(this.#context, given);
    if (ts.isPropertyAccessExpression(node)) return this.#memberOf(node.expression, node.name);
    if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
      return this.#memberOf(node.expression, node.argumentExpression);
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    return symbol && this.exportBehind(symbol);
  }

  exportBehind(symbol: ts.Symbol): string | undefined {
    const { ts } = this.#context;
    const own = ownExport(this.#context, symbol);
    if (own !== undefined || this.#seen.has(symbol)) return own;
    this.#seen.add(symbol);
    const [imported] = symbol.declarations ?? [];
    if (imported && ts.isImportSpecifier(imported) && isUnresolvedImport(this.#context, imported))
      return (imported.propertyName ?? imported.name).text;
    const held = heldBy(this.#context, symbol);
    if (held !== undefined) return this.exportOf(held);
    const bound = resolveAlias(this.#context, symbol).valueDeclaration;
    return bound && ts.isBindingElement(bound) ? this.#taken(bound) : undefined;
  }

  isMark(given: ts.Expression): boolean {
    const { ts, checker } = this.#context;
    const node = strip(this.#context, given);
    if (ts.isCallExpression(node)) {
      const [options] = node.arguments;
      // Of a function it makes an operator, of a class nothing.
      return (
        this.exportOf(node.expression) === 'structuralJit' &&
        (options === undefined || !isCallable(checker.getTypeAtLocation(options)))
      );
    }
    if (this.exportOf(node) === 'structuralJit') return true;
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    const held = symbol && heldBy(this.#context, symbol);
    return held !== undefined && this.isMark(held);
  }

  /** `xcs.name`, `xcs['name']` */
  #memberOf(object: ts.Expression, name: ts.MemberName | ts.StringLiteralLike): string | undefined {
    const { ts, checker } = this.#context;
    const own = ownExport(this.#context, checker.getSymbolAtLocation(name));
    if (own !== undefined) return own;
    const imported = checker.getSymbolAtLocation(object)?.declarations?.[0];
    const isOurs =
      imported !== undefined && ts.isNamespaceImport(imported) && isUnresolvedImport(this.#context, imported);
    return isOurs ? name.text : undefined;
  }

  /** `const { name: bound } = xcs` */
  #taken(bound: ts.BindingElement): string | undefined {
    const { ts, checker } = this.#context;
    const { parent: pattern, name, propertyName: key, dotDotDotToken, initializer } = bound;
    const { parent: declaration } = pattern;
    const isPlain =
      ts.isObjectBindingPattern(pattern) &&
      ts.isVariableDeclaration(declaration) &&
      isConstant(this.#context, declaration) &&
      dotDotDotToken === undefined &&
      initializer === undefined;
    if (!isPlain || declaration.initializer === undefined) return undefined;
    const taken = key ?? name;
    if (!ts.isIdentifier(taken) && !ts.isStringLiteral(taken)) return undefined;
    const object = strip(this.#context, declaration.initializer);
    const module = checker.getSymbolAtLocation(object);
    const [imported] = module?.declarations ?? [];
    if (module === undefined || imported === undefined || !ts.isNamespaceImport(imported)) return undefined;
    if (isUnresolvedImport(this.#context, imported)) return taken.text;
    return ownExport(this.#context, checker.getTypeOfSymbol(module).getProperty(taken.text));
  }
}
