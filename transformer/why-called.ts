/**
 * Why a function of the program is called as a whole, instead of standing in the place of its call, and what would change that.
 */
import type ts from 'typescript';
import type { Note } from '../runtime/descriptor.ts';
import { assignedTargets } from './assigned.ts';
import { keptCaptures } from './capture.ts';
import { note } from './catalogue.ts';
import { type Context, labelOf, spanOf } from './context.ts';
import { copyAt } from './copied-tree.ts';
import { operatorCall, strip } from './operators.ts';
import { wrapsFunction } from './own-exports.ts';
import type { Piece } from './piece.ts';
import { type RoutedFunction, routeOf, routesInside } from './routes.ts';
import { contains } from './shape.ts';
import { isOperatorType, isPromiseType, mayBeThenable } from './symbols.ts';

/** What stands in the way, and how to write it otherwise. */
export interface Reason {
  readonly why: string;
  readonly out: string;
}

export type Reasons = Map<ts.Node, Reason>;

const IS_RETURNED: Reason = { why: 'it is returned without `await`', out: 'write `return await`' };

/** Says of calls of such functions why they are calls; `called` knows of those that are awaited. */
export function whyCalled(
  context: Context,
  pieces: readonly Piece[],
  called: ReadonlyMap<ts.Node, Reason>,
): readonly Note[] {
  const calls = pieces.flatMap(({ nodes }) => nodes.flatMap((node) => calledBy(context, node) ?? []));
  return [...new Set(calls)].flatMap((call) => {
    const reason = called.get(call) ?? (isReturned(context, call) ? IS_RETURNED : undefined);
    if (reason === undefined) return [];
    const what = `\`${labelOf(call, 40)}\`, for ${reason.why}`;
    return [{ ...note('XCS4002', spanOf(context, call), what), hint: reason.out }];
  });
}

/** The call of a function of the program that `node` is, or awaits. */
function calledBy(context: Context, node: ts.Node): ts.CallExpression | undefined {
  const { ts } = context;
  if (!ts.isExpression(node)) return undefined;
  const outer = strip(context, node);
  const call = ts.isAwaitExpression(outer) ? strip(context, outer.expression) : outer;
  const route = ts.isCallExpression(call) ? routeOf(context, call.expression) : undefined;
  return route !== undefined && ts.isCallExpression(call) && callsSeveral(context, route.function)
    ? call
    : undefined;
}

/** Whether a function makes calls that might overlap: more than one, or one in a loop. */
function callsSeveral(context: Context, called: RoutedFunction): boolean {
  let calls = 0;
  const isSecond = (node: ts.Node): boolean => {
    if (context.ts.isIterationStatement(node, false)) return routesInside(context, node);
    const isCall = operatorCall(context, node) !== undefined || routeOf(context, node) !== undefined;
    return isCall && ++calls > 1;
  };
  return contains(context, called, isSecond, () => true);
}

function isReturned({ ts }: Context, call: ts.Node): boolean {
  const { parent } = call;
  return ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === call);
}

/** What `called` does in another place otherwise than where it is. */
export function whyNotPlain(context: Context, called: RoutedFunction): Reason | undefined {
  const { ts } = context;
  const { body } = called;
  const isAsync = ts.getModifiers(called)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
  if (!isAsync || body === undefined) return { why: 'it is not `async`', out: 'make it `async`' };
  // A function of a copy has one more `original` than others.
  if (copyAt(called) !== undefined)
    return { why: 'it is made by another one that is in place', out: 'declare it outside of that one' };
  // A function that is kept, and one that is compiled by itself, would need copies of its own.
  const isOther = (node: ts.Node): boolean => ts.isClassLike(node) || wrapsFunction(context, node);
  if (contains(context, called, isOther, () => true))
    return { why: 'it makes a class or an operator', out: 'declare that outside of it' };
  const [captured] = keptCaptures(context, called);
  if (captured !== undefined)
    return {
      why: `it keeps a function over \`${captured.name}\`, which changes`,
      out: 'let that function use a constant',
    };
  for (const given of returnsOf(context, body)) {
    const reason = whyUnsettled(context, given);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** The `return` statements of a function, without those of functions in it. */
function returnsOf(context: Context, body: ts.ConciseBody): readonly (ts.ReturnStatement | ts.Expression)[] {
  const { ts } = context;
  if (!ts.isBlock(body)) return [body];
  const found: ts.ReturnStatement[] = [];
  contains(context, body, (node) => {
    if (ts.isReturnStatement(node)) found.push(node);
    return false;
  });
  return found;
}

/** Unless what is given is certain to be no thenable, or to be a promise that may be awaited where it is given. */
function whyUnsettled(context: Context, node: ts.ReturnStatement | ts.Expression): Reason | undefined {
  const { ts } = context;
  const value = ts.isReturnStatement(node) ? node.expression : node;
  if (value === undefined || !mustAwait(context, value)) return undefined;
  const type = context.checker.getTypeAtLocation(value);
  if (!isPromiseType(context, type))
    return { why: 'it may return a thenable that is no promise', out: 'write `return await`' };
  // A `try` does not see a promise fail that is returned from it.
  const outer = ts.findAncestor(node, (inner) => ts.isTryStatement(inner) || ts.isFunctionLike(inner));
  if (outer === undefined || !ts.isTryStatement(outer)) return undefined;
  return {
    why: 'it returns a promise out of a `try`',
    out: 'write `return await`, if the `try` is to see it fail',
  };
}

/** Whether a `return` of it waits for what it gives. */
export function mustAwait(context: Context, value: ts.Expression): boolean {
  const node = strip(context, value);
  return (
    !context.ts.isAwaitExpression(node) && mayBeThenable(context, context.checker.getTypeAtLocation(value))
  );
}

/** Unless `call` gives each parameter one value, and no function that the copy might call. */
export function whyNotFitting(
  context: Context,
  call: ts.CallExpression,
  called: RoutedFunction,
): Reason | undefined {
  const { ts, checker } = context;
  const { parameters } = called;
  if (call.typeArguments !== undefined)
    return { why: 'it is given type arguments', out: 'leave them out, where they are inferred' };
  if (parameters.some(({ dotDotDotToken }) => dotDotDotToken !== undefined))
    return { why: 'it has a rest parameter', out: 'let it take an array' };
  if (parameters.some(({ name }) => ts.isIdentifier(name) && name.text === 'this'))
    return { why: 'it has a `this` parameter', out: 'make it a method' };
  const assigns = (node: ts.Node): boolean => assignedTargets(context, node).length > 0;
  if (parameters.some((parameter) => contains(context, parameter, assigns, () => true)))
    return { why: 'a default in it assigns a variable', out: 'assign it in the body' };
  const args = call.arguments;
  if (args.some(ts.isSpreadElement))
    return { why: 'it is given a spread', out: 'write each argument, or let it take an array' };
  if (args.length > parameters.length)
    return { why: 'it is given more than it takes', out: 'leave out what it does not take' };
  if (args.some((argument) => contains(context, argument, assigns, () => true)))
    return { why: 'an argument assigns a variable', out: 'assign it in a statement before' };
  const isFunction = (argument: ts.Expression): boolean => {
    const type = checker.getNonNullableType(checker.getTypeAtLocation(argument));
    return type.getCallSignatures().length > 0 && !isOperatorType(context, type);
  };
  return args.some(isFunction)
    ? {
        why: 'it is given a function',
        out: 'let it take what the function gives, or name the function in it',
      }
    : undefined;
}
