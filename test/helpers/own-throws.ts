/** Where a program throws in a function that it calls itself: that is a failure, and no exit like a `throw` of the body. */
import ts from 'typescript';

/** The text with each such `throw error;` as `void FAIL(error);`, which throws it unless the world keeps it from happening. */
export function withOwnThrows(text: string, fail: string): string {
  if (!/\bthrow\b/u.test(text)) return text;
  const source = ts.createSourceFile('program.ts', text, ts.ScriptTarget.ES2022, true);
  const found: ts.ThrowStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isThrowStatement(node) && isInCalled(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  let changed = text;
  for (const node of found.toReversed()) {
    const error = node.expression.getText(source);
    changed = `${changed.slice(0, node.getStart(source))}void ${fail}(${error});${changed.slice(node.end)}`;
  }
  return changed;
}

/** Not in a `forward`, nor in a function that is marked, nor in one that makes an operator: whoever calls these makes a call. */
function isInCalled(node: ts.Node): boolean {
  const owner = ts.findAncestor(node, ts.isFunctionLike);
  if (owner === undefined || ts.isCallExpression(owner.parent) || ts.isPropertyAssignment(owner.parent))
    return false;
  return owner.name?.getText() !== 'forward';
}
