/**
 * The type checker, which is asked each question about a node once: to type an expression again takes as long as the first time,
 * and on the way back to where a value was narrowed it may pass all of the body.
 */
import type ts from 'typescript';

const checkers = new WeakMap<ts.Program, ts.TypeChecker>();

export function checkerOf(program: ts.Program): ts.TypeChecker {
  const known = checkers.get(program);
  if (known !== undefined) return known;
  const checker = program.getTypeChecker();
  const made: ts.TypeChecker = {
    ...checker,
    getTypeAtLocation: remembering((node) => checker.getTypeAtLocation(node)),
    getSymbolAtLocation: remembering((node) => checker.getSymbolAtLocation(node)),
  };
  checkers.set(program, made);
  return made;
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
