/** The slots that the code of a piece reads: variables of the body, and expressions that have been evaluated. */
import type ts from 'typescript';
import type { Context } from './context.ts';
import type { Binding, Draft, Output } from './piece.ts';
import type { PieceList } from './piece-list.ts';
import { Uncuttable } from './uncuttable.ts';

export function inputsOf(context: Context, list: PieceList, draft: Draft): readonly Binding[] {
  const { ts } = context;
  const found = new Map<ts.Symbol | ts.Node, number>();
  const declared = new Set<Output>(
    draft.form === 'tail' || draft.form === 'statements'
      ? [...draft.outputs, ...draft.nodes.flatMap((node) => list.variables.declaredBy(node))]
      : draft.outputs,
  );
  // The value of these is known only when their function has returned, so nothing in it sees the variable.
  const isSeen = draft.form !== 'call' && draft.kind !== 'await';
  const add = (symbol: ts.Symbol, node: ts.Identifier): void => {
    const slot = list.slotNow(symbol);
    if (slot !== undefined) found.set(symbol, slot);
    else if (!isSeen || !declared.has(symbol))
      throw new Uncuttable(context, 'XCS2009', node, `\`${symbol.name}\` is used before it is declared`);
  };
  const visit = (node: ts.Node): void => {
    const isRoot = draft.nodes.includes(node) && (draft.outputs.includes(node) || draft.form === 'parameter');
    const slot = isRoot ? undefined : list.slotNow(node);
    if (slot !== undefined) return void found.set(node, slot);
    // What a class extends is an expression, although it stands where a type may.
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    const symbol = ts.isIdentifier(node) ? list.variables.at(node) : undefined;
    if (symbol !== undefined && ts.isIdentifier(node)) add(symbol, node);
    ts.forEachChild(node, visit);
  };
  for (const node of draft.form === 'call' && draft.called ? [draft.called.call] : draft.nodes) visit(node);
  const [parameter] = draft.nodes;
  const passed =
    draft.from === undefined || parameter === undefined ? [] : [{ slot: draft.from, of: parameter }];
  // The default of a parameter may name those before it, never one behind it.
  return [...[...found].map(([of, slot]) => ({ slot, of })), ...passed];
}
