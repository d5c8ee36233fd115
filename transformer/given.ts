/** What a call is given, as far as the slots and constants of its code tell before it is made: for keys of resources. */
import type ts from 'typescript';
import type { Given, Step } from '../runtime/descriptor.ts';
import type { Context } from './context.ts';
import { strip } from './operators.ts';
import type { Piece } from './piece.ts';

type Property = NonNullable<Given['properties']>[number];

export function givenTo(context: Context, piece: Piece): Pick<Step, 'given'> {
  const { kind, called } = piece;
  const [argument, ...others] = called?.call.arguments ?? [];
  if (kind !== 'call' || called?.method !== 'invoke' || argument === undefined || others.length > 0)
    return {};
  const { ts } = context;
  const node = strip(context, argument);
  const whole = slotOf(context, piece, node);
  if (whole !== undefined) return { given: { slot: whole } };
  if (!ts.isObjectLiteralExpression(node)) return {};
  const properties = node.properties.map((property) => propertyOf(context, piece, property));
  const known = properties.filter((property) => property !== undefined);
  const names = new Set(known.map(({ name }) => name));
  const isPlain = known.length === properties.length && names.size === known.length;
  const isTold = known.some(({ slot, value }) => slot !== undefined || value !== undefined);
  return isPlain && isTold ? { given: { properties: known } } : {};
}

/** Nothing for what makes an object something else than a list of values. */
function propertyOf(
  context: Context,
  piece: Piece,
  property: ts.ObjectLiteralElementLike,
): Property | undefined {
  const { ts } = context;
  if (!ts.isPropertyAssignment(property) && !ts.isShorthandPropertyAssignment(property)) return undefined;
  const isName = ts.isIdentifier(property.name) || ts.isStringLiteral(property.name);
  if (!isName || property.name.text === '__proto__') return undefined;
  const name = property.name.text;
  const node = ts.isPropertyAssignment(property) ? strip(context, property.initializer) : property.name;
  if (ts.isStringLiteralLike(node) && ts.isPropertyAssignment(property)) return { name, value: node.text };
  if (ts.isNumericLiteral(node)) return { name, value: Number(node.text) };
  const slot = slotOf(context, piece, node);
  return slot === undefined ? { name } : { name, slot };
}

function slotOf({ ts, checker }: Context, { inputs }: Piece, node: ts.Expression): number | undefined {
  const evaluated = inputs.find(({ of }) => of === node);
  if (evaluated !== undefined || !ts.isIdentifier(node)) return evaluated?.slot;
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  return inputs.find(({ of }) => of === symbol)?.slot;
}
