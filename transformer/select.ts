/**
 * Pass 1: finds what to compile in a file.
 *
 * In:  a source file.
 * Out: classes and functions marked with `structuralJit`, classes that are operators, functions made operators, and marks
 *      that stand where they cannot work. Nodes are told by symbol, whatever they are called.
 */
import type ts from 'typescript';
import { findAssignments } from './assigned.ts';
import type { Code } from './catalogue.ts';
import { isReliedOnElsewhere } from './construction.ts';
import type { Context } from './context.ts';
import { checkMarkOptions } from './mark-options.ts';
import { strip } from './operators.ts';
import { exportOf, isCallable, isMark, isOfOurs, isUnresolvedImport } from './own-exports.ts';
import { isOperatorType } from './symbols.ts';

export interface MarkedClass {
  readonly kind: 'class';
  readonly node: ts.ClassLikeDeclaration;
  readonly mark: ts.Decorator;
}

export interface MarkedFunction {
  readonly kind: 'function';
  readonly node: ts.CallExpression;
  readonly body: ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration;
}

/** `structuralJit(…)` of a class, or of a function that is not seen. */
export interface HiddenFunction {
  readonly kind: 'hidden';
  readonly node: ts.CallExpression;
  readonly given: ts.Expression;
}

export interface OperatorFunction {
  readonly kind: 'operator';
  readonly node: ts.CallExpression;
  readonly body: ts.ArrowFunction | ts.FunctionExpression;
}

export interface Misuse {
  readonly code: Code;
  readonly node: ts.Node;
  readonly what: string;
}

export interface Selection {
  readonly classes: readonly MarkedClass[];
  readonly functions: readonly MarkedFunction[];
  readonly hidden: readonly HiddenFunction[];
  /** Classes with a `forward` whose effect may be read off it. */
  readonly operators: readonly ts.ClassLikeDeclaration[];
  readonly operatorFunctions: readonly OperatorFunction[];
  /** Operator classes whose construction code of other files may rely on. */
  readonly made: readonly ts.ClassLikeDeclaration[];
  readonly misuses: readonly Misuse[];
}

const nothingSelected: Selection = {
  classes: [],
  functions: [],
  hidden: [],
  operators: [],
  operatorFunctions: [],
  made: [],
  misuses: [],
};

export function select(context: Context, file: ts.SourceFile): Selection {
  return mayConcernUs(context, file) ? new Selector(context).select(file) : nothingSelected;
}

/** Files that neither import anything of ours nor extend anything that they import need no walk. */
function mayConcernUs(context: Context, file: ts.SourceFile): boolean {
  const { ts, checker } = context;
  const isConcerning = (imported: ts.ImportClause | ts.ImportSpecifier): boolean =>
    isUnresolvedImport(context, imported) ||
    isOfOurs(context, imported.name && checker.getSymbolAtLocation(imported.name));
  return file.statements.filter(ts.isImportDeclaration).some(({ importClause }) => {
    const bindings = importClause?.namedBindings;
    if (importClause?.name !== undefined && (/\bextends\b/.test(file.text) || isConcerning(importClause)))
      return true;
    if (bindings === undefined) return false;
    if (ts.isNamespaceImport(bindings))
      return (
        isUnresolvedImport(context, bindings) ||
        checker
          .getTypeAtLocation(bindings.name)
          .getProperties()
          .some((member) => isOfOurs(context, member))
      );
    return bindings.elements.some(isConcerning) || /\bextends\b/.test(file.text);
  });
}

class Selector {
  readonly #context: Context;
  readonly #classes: MarkedClass[] = [];
  readonly #functions: MarkedFunction[] = [];
  readonly #hidden: HiddenFunction[] = [];
  readonly #operators: ts.ClassLikeDeclaration[] = [];
  readonly #operatorFunctions: OperatorFunction[] = [];
  readonly #made: ts.ClassLikeDeclaration[] = [];
  readonly #misuses: Misuse[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  select(file: ts.SourceFile): Selection {
    this.#visit(file);
    return {
      classes: this.#classes,
      functions: this.#functions,
      hidden: this.#hidden,
      operators: this.#operators,
      operatorFunctions: this.#operatorFunctions,
      made: this.#made,
      misuses: this.#misuses,
    };
  }

  #visit(node: ts.Node): void {
    const { ts } = this.#context;
    if (ts.isClassLike(node)) this.#visitClass(node);
    if (ts.isCallExpression(node)) this.#visitCall(node);
    ts.forEachChild(node, (child) => this.#visit(child));
  }

  #visitClass(node: ts.ClassLikeDeclaration): void {
    const { ts } = this.#context;
    for (const mark of ts.getDecorators(node) ?? []) {
      if (!isMark(this.#context, mark.expression)) continue;
      if (this.#lacksForward(node))
        this.#misuses.push({ code: 'XCS1011', node: mark, what: node.name?.text ?? 'class' });
      else this.#classes.push({ kind: 'class', node, mark });
    }
    const isOperator =
      node.heritageClauses !== undefined && isOperatorType(this.#context, instanceType(this.#context, node));
    if (isOperator && forwardOf(this.#context, node) !== undefined) this.#operators.push(node);
    if (isOperator && isReliedOnElsewhere(this.#context, node)) this.#made.push(node);
  }

  /** Neither an abstract method nor a field that holds a function is there when the class is marked. */
  #lacksForward(node: ts.ClassLikeDeclaration): boolean {
    const { ts, checker } = this.#context;
    const forward = instanceType(this.#context, node).getProperty('forward');
    const declaration = forward?.valueDeclaration;
    if (declaration !== undefined && ts.isMethodDeclaration(declaration))
      return declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword) === true;
    if (forward !== undefined) return declaration?.parent === node && ts.isPropertyDeclaration(declaration);
    // A base class of which nothing is known may have one.
    const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    return base === undefined || (checker.getTypeAtLocation(base.expression).flags & ts.TypeFlags.Any) === 0;
  }

  #visitCall(node: ts.CallExpression): void {
    const { ts, checker } = this.#context;
    const name = exportOf(this.#context, node.expression);
    const [first, options] = node.arguments;
    // With a spread nobody knows which argument is which.
    if (first === undefined || node.arguments.some(ts.isSpreadElement)) return;
    const given = strip(this.#context, first);
    const body = ts.isArrowFunction(given) || ts.isFunctionExpression(given) ? given : undefined;
    if (name === 'operator' && body) this.#operatorFunctions.push({ kind: 'operator', node, body });
    if (name !== 'structuralJit') return;
    const type = checker.getTypeAtLocation(first);
    if (ts.isObjectLiteralExpression(given)) this.#misuses.push(...checkMarkOptions(this.#context, given));
    else if (options) this.#misuses.push(...checkMarkOptions(this.#context, options));
    if (isCallable(type)) this.#visitMarked(node, given);
    if (isCallable(type) || (type.flags & ts.TypeFlags.Any) !== 0) return;
    // What is no literal may still be options.
    const isObject = (type.flags & ts.TypeFlags.Object) !== 0 && !checker.isArrayType(type);
    if (!isObject) this.#misuses.push({ code: 'XCS1012', node: first, what: first.getText() });
  }

  /** `structuralJit(…)` of a function or class. */
  #visitMarked(node: ts.CallExpression, given: ts.Expression): void {
    const body = bodyOf(this.#context, node, given);
    if (body) this.#functions.push({ kind: 'function', node, body });
    else this.#hidden.push({ kind: 'hidden', node, given });
  }
}

/** The function that is `given` to `node`: itself, or one of the module by its name. */
function bodyOf(
  context: Context,
  node: ts.CallExpression,
  given: ts.Expression,
): MarkedFunction['body'] | undefined {
  const { ts, checker } = context;
  if (ts.isArrowFunction(given) || ts.isFunctionExpression(given)) return given;
  // Elsewhere what the names in it mean, and which function it is, may be something else.
  const isOuter = (outer: ts.Node): boolean =>
    ts.isFunctionLike(outer) || ts.isClassLike(outer) || ts.isBlock(outer);
  if (!ts.isIdentifier(given) || ts.findAncestor(node, isOuter)) return undefined;
  const file = node.getSourceFile();
  const symbol = checker.getSymbolAtLocation(given);
  const [declaration, ...others] = symbol?.declarations ?? [];
  if (symbol === undefined || declaration === undefined || others.length > 0) return undefined;
  if (findAssignments(context, file).has(symbol)) return undefined;
  if (ts.isFunctionDeclaration(declaration)) return declaration.parent === file ? declaration : undefined;
  const isOfModule =
    ts.isVariableDeclaration(declaration) &&
    ts.isVariableStatement(declaration.parent.parent) &&
    declaration.parent.parent.parent === file &&
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const held = isOfModule && declaration.initializer && strip(context, declaration.initializer);
  return held && (ts.isArrowFunction(held) || ts.isFunctionExpression(held)) ? held : undefined;
}

/** Whether the class inherits `forward` from a class of the program that is marked itself. */
export function isForwardMarked(context: Context, node: ts.ClassLikeDeclaration): boolean {
  const { ts } = context;
  const owner = instanceType(context, node).getProperty('forward')?.valueDeclaration?.parent;
  if (owner === undefined || owner === node || !ts.isClassLike(owner)) return false;
  return (ts.getDecorators(owner) ?? []).some((mark) => isMark(context, mark.expression));
}

/** The type of the objects that the class makes. */
export function instanceType({ checker }: Context, node: ts.ClassLikeDeclaration): ts.Type {
  // A class expression has the type of what makes them.
  return checker.getDeclaredTypeOfSymbol(checker.getTypeAtLocation(node).symbol);
}

/** The class's own `forward`, if it has a body. One that is static is something else. */
export function forwardOf({ ts }: Context, node: ts.ClassLikeDeclaration): ts.MethodDeclaration | undefined {
  return node.members
    .filter(ts.isMethodDeclaration)
    .find(
      (member) =>
        isNamedForward(ts, member.name) &&
        member.body !== undefined &&
        (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) === 0,
    );
}

/** `forward`, `'forward'` or `['forward']`. */
function isNamedForward(typescript: typeof ts, name: ts.PropertyName): boolean {
  const inner = typescript.isComputedPropertyName(name) ? name.expression : name;
  const isPlain = typescript.isIdentifier(name) || typescript.isStringLiteralLike(inner);
  return isPlain && 'text' in inner && inner.text === 'forward';
}
