/**
 * The type checker, which is asked each question about a node once: to type an expression again takes as long as the first time,
 * and on the way back to where a value was narrowed it may pass all of the body. Of copies it tells what it knows of the originals.
 */
import type ts from 'typescript';
import { copyAt, originalSymbol, toldOf } from './copied-tree.ts';

const checkers = new WeakMap<ts.Program, ts.TypeChecker>();

export function checkerOf(program: ts.Program): ts.TypeChecker {
  const known = checkers.get(program);
  if (known !== undefined) return known;
  const checker = program.getTypeChecker();
  const made: ts.TypeChecker = {
    ...checker,
    getTypeAtLocation: remembering((node) => toldOf(node)?.type ?? checker.getTypeAtLocation(original(node))),
    getSymbolAtLocation: remembering((node) => {
      const told = toldOf(node);
      return told === undefined ? ofCopy(node, checker.getSymbolAtLocation(original(node))) : told.symbol;
    }),
    getShorthandAssignmentValueSymbol: (node) =>
      node && ofCopy(node, checker.getShorthandAssignmentValueSymbol(original(node))),
    getResolvedSignature: (node, ...others) => checker.getResolvedSignature(original(node), ...others),
    getTypeOfSymbol: (symbol) => {
      const declaration = symbol.valueDeclaration;
      const told = declaration && toldOf(declaration);
      return told?.symbol === symbol && told.type !== undefined
        ? told.type
        : checker.getTypeOfSymbol(originalSymbol(symbol));
    },
  };
  checkers.set(program, made);
  return made;
}

function original<T extends ts.Node>(node: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a copy is of the kind of what it is a copy of
  return (copyAt(node)?.original ?? node) as T;
}

function ofCopy(node: ts.Node, symbol: ts.Symbol | undefined): ts.Symbol | undefined {
  return symbol && (copyAt(node)?.tree.symbolFor(symbol) ?? symbol);
}

/** Programs do not change, and neither do the answers. */
function remembering<T>(ask: (node: ts.Node) => T): (node: ts.Node) => T {
  const answers = new WeakMap<ts.Node, { readonly answer: T }>();
  return (node) => {
    const known = answers.get(node);
    if (known !== undefined) return known.answer;
    const answer = ask(node);
    answers.set(node, { answer });
    return answer;
  };
}
