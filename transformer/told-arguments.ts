/**
 * What the resources of a call may hang on: the values in the object that it is given, which are evaluated before the call so
 * that calls can be compared by them (see `Step.given`).
 */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { declaredEffect, declaredOption } from './declared.ts';
import { classTypeOf, isPrimitive } from './node-types.ts';
import { type OperatorCall, strip } from './operators.ts';

/** The parts of the one argument that have to be evaluated first, in their order; none if they tell nothing. */
export function toldParts(
  context: Context,
  called: OperatorCall,
  isStable: (part: ts.Expression) => boolean,
): readonly ts.Expression[] {
  const { ts } = context;
  const [argument, ...others] = called.call.arguments;
  if (argument === undefined || others.length > 0 || called.method !== 'invoke') return [];
  const literal = strip(context, argument);
  if (!ts.isObjectLiteralExpression(literal) || !mayBeKeyed(context, called)) return [];
  const parts: ts.Expression[] = [];
  for (const property of literal.properties) {
    if (ts.isShorthandPropertyAssignment(property)) parts.push(property.name);
    else if (ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name))
      parts.push(property.initializer);
    else return [];
  }
  const isTold = (part: ts.Expression): boolean =>
    !isStable(part) && isPrimitive(context, strip(context, part));
  return parts.slice(0, parts.findLastIndex(isTold) + 1).filter((part) => !isStable(part));
}

/** Whether the resources of the operator may depend on what it is given: by its declaration, or because its class is not known. */
function mayBeKeyed(context: Context, { target, external }: OperatorCall): boolean {
  if (external !== undefined) return false;
  const type = classTypeOf(context, target);
  const declared = declaredEffect(context, type) ?? declaredOption(context, target);
  if (declared !== undefined) return declared.reads.includes('*') || declared.writes.includes('*');
  const forward = type.getProperty('forward')?.valueDeclaration;
  return forward !== undefined && context.ts.isMethodDeclaration(forward) && forward.body === undefined;
}
