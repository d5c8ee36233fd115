/** `Promise.allSettled` over a list that is written out: it waits for all of them, and cannot fail. */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { libraryMember } from './library.ts';

/** What it waits for. */
export function settledMembers(context: Context, node: ts.Node): readonly ts.Expression[] | undefined {
  const { ts, checker } = context;
  if (!ts.isCallExpression(node)) return undefined;
  const declaration = checker.getResolvedSignature(node)?.declaration;
  const library = libraryMember(context, declaration);
  if (library?.owner !== 'PromiseConstructor' || library.member !== 'allSettled') return undefined;
  const [list, ...others] = node.arguments;
  if (list === undefined || others.length > 0 || !ts.isArrayLiteralExpression(list)) return undefined;
  const isPlain = list.elements.every((one) => !ts.isSpreadElement(one) && !ts.isOmittedExpression(one));
  return isPlain && list.elements.length > 0 ? list.elements : undefined;
}
