/** Abstract evaluation of builtins, by their row in the table. */
import type ts from 'typescript';
import { type Builtin, builtin } from './builtins.ts';
import { labelOf } from './context.ts';
import { callUnknown, enterClosure, evaluateArguments } from './evaluate-function.ts';
import { isAwaited } from './evaluate-operator.ts';
import { coerce, copyProperties, iterate } from './evaluate-literal.ts';
import { type Value, join, nothing, valueOf, world } from './memory.ts';
import type { Scope } from './scope.ts';
import { libraryMember } from './library.ts';
import { isPrimitive } from './node-types.ts';

export function callBuiltin(
  scope: Scope,
  node: ts.CallExpression | ts.NewExpression,
  row: Builtin,
  member: string,
  receiver: Value,
  base: ts.Expression | undefined,
): Value {
  const { memory, access } = scope;
  const args = evaluateArguments(scope, node);
  const given = args.reduce(join, nothing);
  const key = keyOf(scope, node, member, receiver);
  if (row.receiver !== 'none') access.under(key, () => access.read(receiver));
  if (row.args !== 'none') access.read({ places: memory.reach(given.places) });
  if (row.receiver === 'mutates') access.under(key, () => access.write(receiver, node));
  if (row.args === 'mutates-first' && args[0]) access.write(args[0], node);
  const first = row.args === 'mutates-first' ? args[0] : undefined;
  if (first) memory.store(first.places, memory.load(given.places));
  if (row.args === 'stores') memory.store(receiver.places, given.places);
  if (row.ordered !== undefined) keepOrder(scope, node, row.ordered);
  const [items] = row.iterates ? (node.arguments ?? []) : [];
  if (items !== undefined && !isArrayLike(scope, items)) iterate(scope, items);
  if (row.enumerates)
    for (const argument of node.arguments ?? [])
      if (!scope.context.ts.isSpreadElement(argument)) copyProperties(scope, argument);
  if (row.coerces)
    for (const part of [row.receiver === 'none' ? undefined : base, ...(node.arguments ?? [])])
      if (part && !isFunctionLike(scope, part)) coerceDeep(scope, part);
  const sources = new Set([...memory.reach(memory.load(receiver.places)), ...memory.reach(given.places)]);
  const answers = (row.callbacks ?? []).flatMap((index) =>
    callBack(
      scope,
      node.arguments?.[index],
      args[index],
      { places: sources },
      receiver,
      isAwaited(scope, node),
    ),
  );
  const isMapped = member === 'map' || (member === 'from' && args.length > 1);
  const inside = member === 'flatMap' ? memory.load(new Set(answers)) : [];
  const held = isMapped ? answers : member === 'flatMap' ? [...answers, ...inside] : [...sources, ...answers];
  return resultOf(scope, node, row, receiver, new Set(held));
}

const keyed = new Set(['get', 'has', 'set', 'add', 'delete']);
const collections = /^(Readonly)?(Map|Set)$/;

/** The variable that is the key of the one entry of a Map or Set, made in the body, that a call of `member` touches. */
function keyOf(
  { context, memory, cells }: Scope,
  node: ts.CallExpression | ts.NewExpression,
  member: string,
  { places }: Value,
): ts.Symbol | undefined {
  const { ts, checker } = context;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  if (!keyed.has(member) || [...places].some((place) => memory.isShared(place))) return undefined;
  const owner = checker.getTypeAtLocation(node.expression.expression).symbol?.name ?? '';
  if (!collections.test(owner)) return undefined;
  const [key] = node.arguments;
  const variable = key !== undefined && ts.isIdentifier(key) ? checker.getSymbolAtLocation(key) : undefined;
  // The slot of a cell holds the cell, not the key.
  return variable !== undefined && !cells.has(variable) ? variable : undefined;
}

/** `{ length: n }`, which has nothing to iterate by. */
function isArrayLike({ context }: Scope, node: ts.Expression): boolean {
  const { ts } = context;
  return (
    ts.isObjectLiteralExpression(node) &&
    node.properties.every(
      (property) =>
        (ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property)) &&
        (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)),
    )
  );
}

export function isFunctionLike({ context }: Scope, node: ts.Expression): boolean {
  return (
    !isPrimitive(context, node) && context.checker.getTypeAtLocation(node).getCallSignatures().length > 0
  );
}

function coerceDeep(scope: Scope, node: ts.Expression): void {
  if (!scope.context.ts.isSpreadElement(node)) coerce(scope, node, nothing);
}

function keepOrder(scope: Scope, node: ts.Node, kind: NonNullable<Builtin['ordered']>): void {
  const before = scope.access.ordered;
  scope.access.fence('XCS3004', node);
  // Values of the clock are not compared, so an operator that merely reads it has no effect.
  if (kind === 'clock') scope.access.ordered = before;
}

/** A callback gets elements of the receiver or the arguments; what it gives may be in the result. */
function callBack(
  scope: Scope,
  argument: ts.Expression | undefined,
  value: Value | undefined,
  element: Value,
  container: Value,
  isCollected: boolean,
): readonly number[] {
  if (argument === undefined || value === undefined) return [];
  const closures = [...value.places].filter((place) => scope.memory.closures.has(place));
  const isQuiet = closures.length === value.places.size && closures.length > 0;
  if (!isQuiet && !isLibraryFunction(scope, argument)) {
    callUnknown(scope, argument, value);
    return [world];
  }
  // The second parameter is an index, or, in a reduction, an element.
  const learnt = (): number => scope.memory.version + scope.memory.assignments;
  const found = new Set<number>();
  for (let before = -1; before !== learnt();) {
    before = learnt();
    const item = join(element, { places: found });
    for (const place of closures)
      for (const answer of enterClosure(
        scope,
        place,
        [item, item, join(container, item), container],
        isCollected,
        argument,
      ).places)
        found.add(answer);
  }
  return [...found];
}

/** `Boolean`, `Number`, `String` as a callback. */
function isLibraryFunction(scope: Scope, argument: ts.Expression): boolean {
  const { context } = scope;
  const signature = context.checker.getTypeAtLocation(argument).getCallSignatures()[0];
  const library = libraryMember(context, signature?.declaration);
  const row = library && builtin(library.owner, library.member);
  return (
    row !== undefined &&
    row.receiver === 'none' &&
    row.args !== 'mutates-first' &&
    row.ordered === undefined &&
    !row.coerces &&
    !row.iterates &&
    !row.enumerates
  );
}

function resultOf(
  scope: Scope,
  node: ts.Expression,
  row: Builtin,
  receiver: Value,
  sources: ReadonlySet<number>,
): Value {
  const { memory } = scope;
  switch (row.result) {
    case 'primitive':
      return nothing;
    case 'receiver':
      return receiver;
    case 'element':
      return { places: sources };
    case 'fresh':
      return valueOf(memory.allocateTold(node, labelOf(node, 32)));
    case 'copy': {
      const copy = memory.allocateTold(node, labelOf(node, 32));
      memory.store(new Set([copy]), sources);
      // What is made with a prototype reads through to it.
      if (/\bcreate\b/.test(node.getText()) && row.receiver === 'none')
        return { places: new Set([copy, ...sources]) };
      // Entries are arrays of their own around key and value.
      const entry = memory.allocateTold(node.getLastToken() ?? node, 'an entry');
      memory.store(new Set([entry]), sources);
      if (/[eE]ntries/.test(node.getText())) memory.store(new Set([copy]), new Set([entry]));
      return row.lazy ? { places: new Set([copy, ...receiver.places]) } : valueOf(copy);
    }
  }
}
