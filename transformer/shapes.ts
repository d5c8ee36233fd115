/**
 * Of what shape the objects are that a step reads, by their types: the names of the properties that an object of each must have,
 * or none for arrays. What an operator writes can be one of them only if it has the same (see `Step.shapes`).
 */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { libraryMember } from './library.ts';
import { operatorCall, strip } from './operators.ts';
import { startsAtThis } from './shape.ts';
import { elementTypes, isPrimitiveType } from './symbols.ts';

export type Shape = readonly string[];

/** More kinds of objects than that are as good as any. */
const MOST = 32;

/** What `nodes` read, or nothing if that cannot be told by their types. */
export function shapesReadBy(context: Context, nodes: readonly ts.Node[]): readonly Shape[] | undefined {
  const shapes = new Shapes(context);
  return nodes.every((node) => context.ts.isExpression(node) && shapes.read(node)) ? shapes.all : undefined;
}

/** All that can be reached from a value of `type`. */
export function shapesReachedFrom(context: Context, type: ts.Type): readonly Shape[] | undefined {
  const shapes = new Shapes(context);
  return shapes.reach(type) ? shapes.all : undefined;
}

/** Each method answers whether all is known. */
class Shapes {
  readonly #context: Context;
  readonly #found = new Map<string, Shape>();
  readonly #reached = new Set<ts.Type>();

  constructor(context: Context) {
    this.#context = context;
  }

  get all(): readonly Shape[] {
    return [...this.#found.values()];
  }

  /** What is read to evaluate `expression`, and all that is reachable from its value. */
  read(expression: ts.Expression): boolean {
    const { ts } = this.#context;
    const node = strip(this.#context, expression);
    if (ts.isLiteralExpression(node) || ts.isOmittedExpression(node)) return true;
    if (ts.isIdentifier(node)) return this.reach(this.#typeOf(node));
    if (ts.isAwaitExpression(node) || ts.isSpreadElement(node)) return this.read(node.expression);
    if (ts.isTemplateExpression(node)) return node.templateSpans.every((span) => this.read(span.expression));
    if (ts.isArrayLiteralExpression(node)) return node.elements.every((element) => this.read(element));
    if (ts.isObjectLiteralExpression(node)) return node.properties.every((one) => this.#readProperty(one));
    if (ts.isCallExpression(node)) return this.#readCall(node);
    if (ts.isPropertyAccessExpression(node)) return this.#readMember(node) && this.reach(this.#typeOf(node));
    return false;
  }

  #readProperty(property: ts.ObjectLiteralElementLike): boolean {
    const { ts } = this.#context;
    if (ts.isShorthandPropertyAssignment(property)) return this.read(property.name);
    const isNamed = ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name);
    return isNamed && this.read(property.initializer);
  }

  /** Calls of operators, and of methods of the library. */
  #readCall(node: ts.CallExpression): boolean {
    const { ts, checker } = this.#context;
    const isGiven = node.arguments.every((argument) => this.read(argument));
    if (!isGiven) return false;
    const called = operatorCall(this.#context, node);
    const isFound = called !== undefined && (ts.isIdentifier(called.target) || this.#isOfThis(called.target));
    if (isFound) return true;
    const callee = strip(this.#context, node.expression);
    const library = libraryMember(this.#context, checker.getResolvedSignature(node)?.declaration);
    if (library === undefined || !ts.isPropertyAccessExpression(callee)) return false;
    return library.owner === 'PromiseConstructor' || this.read(callee.expression);
  }

  #isOfThis(node: ts.Expression): boolean {
    return startsAtThis(this.#context, node);
  }

  /** The object of which a property is read, and whatever leads there. */
  #readMember({ expression }: ts.PropertyAccessExpression): boolean {
    const { ts } = this.#context;
    const holder = strip(this.#context, expression);
    if (!ts.isIdentifier(holder) && !ts.isPropertyAccessExpression(holder)) return false;
    if (ts.isPropertyAccessExpression(holder) && !this.#readMember(holder)) return false;
    return this.#parts(this.#typeOf(holder)).every((type) => this.#add(type));
  }

  #typeOf(node: ts.Expression): ts.Type {
    return this.#context.checker.getTypeAtLocation(node);
  }

  #parts(type: ts.Type): readonly ts.Type[] {
    return (type.isUnion() ? type.types : [type]).filter((part) => !isPrimitiveType(this.#context, part));
  }

  reach(type: ts.Type): boolean {
    return this.#parts(type).every((part) => {
      if (this.#reached.has(part)) return true;
      this.#reached.add(part);
      return this.#add(part) && this.#inside(part).every((inner) => this.reach(inner));
    });
  }

  #inside(type: ts.Type): readonly ts.Type[] {
    const { checker } = this.#context;
    const elements = elementTypes(this.#context, type);
    return elements ?? checker.getPropertiesOfType(type).map((property) => checker.getTypeOfSymbol(property));
  }

  #add(type: ts.Type): boolean {
    const { ts, checker } = this.#context;
    if (checker.isArrayType(type) || checker.isTupleType(type)) return this.#note([]);
    const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
    const properties = checker.getPropertiesOfType(type);
    const isLibrary = properties.some((property) => libraryMember(this.#context, property.valueDeclaration));
    const isData =
      isObject &&
      !isLibrary &&
      checker.getIndexInfosOfType(type).length === 0 &&
      type.getCallSignatures().length + type.getConstructSignatures().length === 0;
    const names = properties
      .filter(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0)
      .map((property) => property.name)
      .toSorted();
    return isData && names.length > 0 && this.#note(names);
  }

  #note(shape: Shape): boolean {
    this.#found.set(shape.join('\n'), shape);
    return this.#found.size <= MOST;
  }
}
