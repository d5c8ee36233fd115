/** Which pieces started the calls that code waits for. */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { libraryMember } from './library.ts';
import type { PieceList } from './piece-list.ts';

/** The pieces that started the calls that `node` waits for to the end: `p`, `Promise.all([p, q])`. */
export function startsOf(
  context: Context,
  list: PieceList,
  node: ts.Expression,
): readonly number[] | undefined {
  const start = list.starterOf(node);
  if (start !== undefined) return [start];
  const starts = startersIn(context, list, node);
  return starts.length > 0 && starts.every((found) => found !== undefined) ? starts : undefined;
}

/** The pieces that started calls which have ended when the combinator `node` has succeeded. */
export function startedIn(
  context: Context,
  list: PieceList,
  node: ts.Expression,
): readonly number[] | undefined {
  const starts = startersIn(context, list, node).filter((found) => found !== undefined);
  return starts.length > 0 ? starts : undefined;
}

/** For each element of a list that `Promise.all` or `allSettled` waits for: the piece that started it, if one did. */
function startersIn(context: Context, list: PieceList, node: ts.Expression): readonly (number | undefined)[] {
  const { ts, checker } = context;
  const declaration = ts.isCallExpression(node) ? checker.getResolvedSignature(node)?.declaration : undefined;
  const library = libraryMember(context, declaration);
  const isAll = library?.owner === 'PromiseConstructor' && /^(all|allSettled)$/.test(library.member);
  const [elements] = isAll && ts.isCallExpression(node) ? node.arguments : [];
  if (elements === undefined || !ts.isArrayLiteralExpression(elements)) return [];
  return elements.elements.map((element) => list.starterOf(element));
}
