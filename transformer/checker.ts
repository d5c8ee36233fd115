/**
 * The type checker, which is asked each question about a node or type once: to type an expression again takes as long as
 * the first time, and on the way back to where a value was narrowed it may pass all of the body. Of copies it tells what it knows
 * of the originals.
 */
import type ts from 'typescript';
import { copyAt, originalSymbol, toldOf } from './copied-tree.ts';

const checkers = new WeakMap<ts.Program, ts.TypeChecker>();

export function checkerOf(typescript: typeof ts, program: ts.Program): ts.TypeChecker {
  const known = checkers.get(program);
  if (known !== undefined) return known;
  const checker = program.getTypeChecker();
  const typeOf = remembering((node: ts.Node) => {
    const written = original(node);
    return (
      toldOf(node)?.type ?? typeOfCall(typescript, checker, written) ?? checker.getTypeAtLocation(written)
    );
  });
  const nameOf = remembering((type: ts.Type) => checker.typeToString(type));
  const made: ts.TypeChecker = {
    ...checker,
    getTypeAtLocation: typeOf,
    getSymbolAtLocation: remembering((node: ts.Node) => {
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
    typeToString: (type, ...context) =>
      context.length > 0 ? checker.typeToString(type, ...context) : nameOf(type),
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
function remembering<Subject extends object, T>(ask: (subject: Subject) => T): (subject: Subject) => T {
  const answers = new WeakMap<Subject, { readonly answer: T }>();
  return (subject) => {
    const known = answers.get(subject);
    if (known !== undefined) return known.answer;
    const answer = ask(subject);
    answers.set(subject, { answer });
    return answer;
  };
}
