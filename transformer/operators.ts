/** Which calls are operator calls: by type, or as externals: declared in the plugin options, or by presets. */
import type ts from 'typescript';
import type { StaticEffect } from '../runtime/descriptor.ts';
import type { Context } from './context.ts';
import { externalEffect } from './externals.ts';
import { isOperator } from './node-types.ts';
import { once } from './once.ts';

export interface OperatorCall {
  readonly call: ts.CallExpression;
  /** Denotes the operator: the receiver of `invoke`, or the function operator itself. */
  readonly target: ts.Expression;
  /** Absent when the target itself is called. */
  readonly method?: string;
  /** `target?.invoke(…)`: not called when the target is absent. */
  readonly isOptional?: true;
  /** The declared effect of an external. */
  readonly external?: StaticEffect;
}

/** Reads `node` as a call of an operator or of a declared external. */
export function operatorCall(context: Context, node: ts.Node): OperatorCall | undefined {
  return context.ts.isCallExpression(node) ? readCall(context, node) : undefined;
}

const readCall = once((context, node: ts.CallExpression): OperatorCall | undefined => {
  const { ts } = context;
  if (node.questionDotToken !== undefined) return undefined;
  if (ts.isOptionalChain(node)) return optionalCall(context, node);
  const callee = strip(context, node.expression);
  const external = externalEffect(context, node, callee);
  if (ts.isPropertyAccessExpression(callee)) {
    const method = callee.name.text;
    if (external !== undefined) return { call: node, target: callee.expression, method, external };
    const isInvoke = method === 'invoke' && callee.questionDotToken === undefined;
    if (isInvoke && isOperator(context, callee.expression))
      return { call: node, target: callee.expression, method };
  }
  if (external !== undefined) return { call: node, target: callee, external };
  return isOperator(context, callee) ? { call: node, target: callee } : undefined;
});

/** `target?.invoke(…)`. A longer chain may end before it gets to the operator, so it is not read as a call of one. */
function optionalCall(context: Context, node: ts.CallExpression): OperatorCall | undefined {
  const { ts } = context;
  const callee = node.expression;
  const isDirect = ts.isPropertyAccessExpression(callee) && callee.questionDotToken !== undefined;
  if (!isDirect || ts.isOptionalChain(callee.expression) || callee.name.text !== 'invoke') return undefined;
  return isOperator(context, callee.expression)
    ? { call: node, target: callee.expression, method: 'invoke', isOptional: true }
    : undefined;
}

/** Without parentheses, `as`, `satisfies` and `!`. */
export function strip({ ts }: Context, node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner)
  )
    inner = inner.expression;
  return inner;
}
