/** Abstract evaluation of what makes new objects: literals, templates, closures; and of conversions and iteration. */
import type ts from 'typescript';
import { programNames } from './assigned.ts';
import { type Context, labelOf } from './context.ts';
import { nothing, type Value, valueOf, world } from './memory.ts';
import type { Scope } from './scope.ts';
import { ownFieldsBehind } from './own-fields.ts';
import { isPrimitive } from './node-types.ts';
import { readSymbol, variablesNamedBy } from './variables.ts';
import { isLibraryFile } from './library.ts';
import { elementTypes, isPrimitiveType, isUnknownType } from './symbols.ts';

export function evaluateObject(scope: Scope, node: ts.ObjectLiteralExpression): Value {
  const { context, memory, walk } = scope;
  const { ts } = context;
  const object = valueOf(memory.allocateTold(node, labelOf(node, 32)));
  for (const property of node.properties) {
    if (property.name && ts.isComputedPropertyName(property.name)) {
      const key = property.name.expression;
      coerce(scope, key, walk.evaluate(scope, key));
    }
    if (ts.isPropertyAssignment(property)) {
      memory.store(object.places, walk.evaluate(scope, property.initializer).places);
    } else if (ts.isShorthandPropertyAssignment(property)) {
      const symbol = context.checker.getShorthandAssignmentValueSymbol(property);
      const value = symbol === undefined ? nothing : readSymbol(scope, symbol, property);
      if (!isPrimitive(context, property.name)) memory.store(object.places, value.places);
    } else if (ts.isSpreadAssignment(property)) {
      memory.store(object.places, copyProperties(scope, property.expression).places);
    } else {
      // A method or accessor of the object: what it captures is reachable from the object.
      memory.store(object.places, makeClosure(scope, property).places);
    }
  }
  return object;
}

/** Reads all properties of `node`, as spread does; accessors among them run. */
export function copyProperties(scope: Scope, node: ts.Expression): Value {
  const value = scope.walk.evaluate(scope, node);
  const { context, access, memory } = scope;
  if (isPrimitive(context, node)) return nothing;
  access.read(value);
  access.mayFail = true;
  const properties = context.checker.getTypeAtLocation(node).getProperties();
  const { accessors } = programNames(context);
  const runs = properties.some(
    (property) => property.flags & context.ts.SymbolFlags.Accessor || accessors.has(property.name),
  );
  if (runs) access.barrier('XCS3006', node);
  return { places: memory.load(value.places) };
}

export function evaluateArray(scope: Scope, node: ts.ArrayLiteralExpression): Value {
  const { context, memory, walk } = scope;
  const array = valueOf(memory.allocateTold(node, labelOf(node, 32)));
  for (const element of node.elements) {
    const isSpread = context.ts.isSpreadElement(element);
    const value = isSpread ? iterate(scope, element.expression) : walk.evaluate(scope, element);
    memory.store(array.places, value.places);
  }
  return array;
}

export function evaluateTemplate(scope: Scope, node: ts.TemplateExpression): Value {
  for (const { expression } of node.templateSpans)
    coerce(scope, expression, scope.walk.evaluate(scope, expression));
  return nothing;
}

/** A closure is an object that holds what it captures. Its body is walked where it is called. */
export function makeClosure(scope: Scope, node: ts.SignatureDeclaration): Value {
  const { context, memory, variables } = scope;
  const named = variablesNamedBy(scope, node);
  const captured = new Set([...named].flatMap((symbol) => [...(variables.get(symbol)?.places ?? [])]));
  const visit = (inner: ts.Node): void => {
    if (context.ts.isPropertyAccessExpression(inner))
      for (const place of ownFieldsBehind(scope, inner)) captured.add(place);
    context.ts.forEachChild(inner, visit);
  };
  visit(node);
  const closure = memory.allocateFunction(node, 'a function', named);
  memory.store(new Set([closure]), captured);
  return valueOf(closure);
}

/** Converts `value` to a primitive: reads it, and runs its `toString` and the like where the program defines them. */
export function coerce(scope: Scope, node: ts.Expression, value: Value): void {
  const { context, access } = scope;
  if (isPrimitive(context, node)) return;
  const type = context.checker.getTypeAtLocation(node);
  access.read({ places: scope.memory.reach(value.places) });
  access.mayFail = true;
  if (!convertsQuietly(context, type, new Set())) access.barrier('XCS3005', node);
}

const conversions = ['toString', 'valueOf', 'toJSON', '__@toPrimitive'];

/** Whether converting a value of `type` runs code of the standard library only. */
export function convertsQuietly(context: Context, type: ts.Type, seen: Set<ts.Type>): boolean {
  const { checker, program } = context;
  if (isPrimitiveType(context, type) || seen.has(type)) return true;
  // What nothing is known of is converted by the library, unless the program defines conversions.
  if (isUnknownType(context, type)) return !programNames(context).converts;
  seen.add(type);
  if (type.isUnionOrIntersection())
    return type.types.every((member) => convertsQuietly(context, member, seen));
  const elements = elementTypes(context, type);
  if (elements !== undefined) return elements.every((element) => convertsQuietly(context, element, seen));
  const declared = type.symbol?.declarations?.[0];
  const isOpen = declared === undefined || !context.ts.isClassLike(declared);
  const isForeignType = declared !== undefined && !isLibraryFile(program, declared.getSourceFile());
  // A class may stand behind an interface or a structural type, with conversions of its own.
  if (isOpen && isForeignType && programNames(context).converts) return false;
  if (seen.size > 100) return false;
  return type.getProperties().every((property) => {
    const isForeign = property.declarations?.some(
      (declaration) => !isLibraryFile(program, declaration.getSourceFile()),
    );
    if (isForeign !== true) return true;
    return (
      !conversions.some((name) => property.name.startsWith(name)) &&
      convertsQuietly(context, checker.getTypeOfSymbol(property), seen)
    );
  });
}

const quietIterables = new Set([
  'Array',
  'ReadonlyArray',
  'Map',
  'ReadonlyMap',
  'Set',
  'ReadonlySet',
  'String',
  'MapIterator',
  'SetIterator',
  'ArrayIterator',
  'StringIterator',
]);

/** What iterating `node` gives. Iterators other than those of the library run code of the program. */
export function iterate(scope: Scope, node: ts.Expression): Value {
  const value = scope.walk.evaluate(scope, node);
  const { context, access, memory } = scope;
  const type = context.checker.getTypeAtLocation(node);
  access.read(value);
  access.mayFail = true;
  // An iterator that somebody else may hold is used up.
  if ((type.symbol?.name ?? '').endsWith('Iterator') && !context.ts.isCallExpression(node))
    access.write(value, node);
  if (isQuietIterable(context, type)) return elementsOf(scope, node, type, value);
  access.barrier('XCS3007', node);
  memory.escape(value.places);
  return valueOf(world);
}

/** The elements of what `value` denotes; a Map gives entries, which are new each time and hold key and value. */
function elementsOf({ memory }: Scope, site: ts.Node, type: ts.Type, value: Value): Value {
  const elements = memory.load(value.places);
  const givesEntries = /^(Readonly)?Map(Iterator)?$/.test(type.symbol?.name ?? '');
  if (!givesEntries) return { places: elements };
  const entry = memory.allocate(site, 'an entry');
  memory.store(new Set([entry]), elements);
  return { places: new Set([entry, ...elements]) };
}

export function isQuietIterable(context: Context, type: ts.Type): boolean {
  const { checker, program, ts } = context;
  if (type.isUnion()) return type.types.every((member) => isQuietIterable(context, member));
  if (type.flags & ts.TypeFlags.StringLike || checker.isTupleType(type)) return true;
  const declaration = type.symbol?.declarations?.[0];
  const isLibrary =
    declaration !== undefined && program.isSourceFileDefaultLibrary(declaration.getSourceFile());
  return (
    isLibrary &&
    (quietIterables.has(type.symbol.name) || /^(Big)?(Int|Uint|Float)\w*Array$/.test(type.symbol.name))
  );
}
