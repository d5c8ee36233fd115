/**
 * The type checker, which is asked each question about a node once: to type an expression again takes as long as the first time,
 * and on the way back to where a value was narrowed it may pass all of the body.
 */
import type ts from 'typescript';

const checkers = new WeakMap<ts.Program, ts.TypeChecker>();

export function checkerOf(typescript: typeof ts, program: ts.Program): ts.TypeChecker {
  const known = checkers.get(program);
  if (known !== undefined) return known;
  const checker = program.getTypeChecker();
  const typeOf = remembering(
    (node) => typeOfCall(typescript, checker, node) ?? checker.getTypeAtLocation(node),
  );
  const made: ts.TypeChecker = {
    ...checker,
    getTypeAtLocation: typeOf,
    getSymbolAtLocation: remembering((node) => checker.getSymbolAtLocation(node)),
  };
  checkers.set(program, made);
  return made;
}

/**
 * The type of a call, and of what waits for one: TypeScript remembers which signature a call has, but would follow back the
 * object that the method is called on.
 */
function typeOfCall(typescript: typeof ts, checker: ts.TypeChecker, node: ts.Node): ts.Type | undefined {
  if (node.flags & typescript.NodeFlags.JavaScriptFile) return undefined;
  if (typescript.isAwaitExpression(node)) {
    const type = typeOfCall(typescript, checker, node.expression);
    return type && checker.getAwaitedType(type);
  }
  const isPlain =
    typescript.isCallExpression(node) &&
    !typescript.isOptionalChain(node) &&
    (typescript.isIdentifier(node.expression) || typescript.isPropertyAccessExpression(node.expression));
  const signature = isPlain ? checker.getResolvedSignature(node) : undefined;
  return signature?.declaration && checker.getReturnTypeOfSignature(signature);
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
