/**
 * The type checker, which is asked each question about a node or type once: to type an expression again takes as long as
 * the first time, and on the way back to where a value was narrowed it may pass all of the body.
 */
import type ts from 'typescript';

const checkers = new WeakMap<ts.Program, ts.TypeChecker>();

export function checkerOf(program: ts.Program): ts.TypeChecker {
  const known = checkers.get(program);
  if (known !== undefined) return known;
  const checker = program.getTypeChecker();
  const nameOf = remembering((type: ts.Type) => checker.typeToString(type));
  const made: ts.TypeChecker = {
    ...checker,
    getTypeAtLocation: remembering((node: ts.Node) => checker.getTypeAtLocation(node)),
    getSymbolAtLocation: remembering((node: ts.Node) => checker.getSymbolAtLocation(node)),
    typeToString: (type, ...context) =>
      context.length > 0 ? checker.typeToString(type, ...context) : nameOf(type),
  };
  checkers.set(program, made);
  return made;
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
