/** Small changes to a source file, one at a time: a statement is gone, a condition is turned around, an element is missing. */
import ts from 'typescript';

export interface Mutant {
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** For a person. */
  readonly what: string;
  /** The whole file, changed. */
  readonly text: string;
}

interface Edit {
  readonly node: ts.Node;
  readonly what: string;
  readonly put: string;
  /** Of what is replaced. @default the node's own */
  readonly start?: number;
  readonly end?: number;
}

export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    for (const { node: at, what, put, start = at.getStart(source), end = at.end } of editsOf(node)) {
      const line = source.getLineAndCharacterOfPosition(start).line + 1;
      const changed = text.slice(0, start) + put + text.slice(end);
      found.push({ file, line, what: `${what} \`${shorten(at.getText(source))}\``, text: changed });
    }
    if (!decidesNothing(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Types, and what errors say. */
function decidesNothing(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node)) return true;
  return ts.isThrowStatement(node) || ts.isTemplateExpression(node);
}

/** The one statement of an `if` or of a loop: without it that does as little as if it were gone itself. */
function isAllOfAnother({ parent }: ts.Node): boolean {
  if (ts.isBlock(parent)) return parent.statements.length === 1 && isAllOfAnother(parent);
  return (ts.isIfStatement(parent) && parent.elseStatement === undefined) || ts.isForOfStatement(parent);
}

function editsOf(node: ts.Node): readonly Edit[] {
  if (ts.isExpressionStatement(node) || ts.isForOfStatement(node))
    return isAllOfAnother(node) ? [] : [{ node, what: 'without', put: ';' }];
  if (ts.isIfStatement(node))
    return [
      ...(isAllOfAnother(node) ? [] : [{ node, what: 'without', put: node.elseStatement?.getText() ?? ';' }]),
      { node: node.expression, what: 'turned around', put: `!(${node.expression.getText()})` },
    ];
  if (ts.isConditionalExpression(node))
    return [{ node: node.condition, what: 'turned around', put: `!(${node.condition.getText()})` }];
  if (ts.isArrayLiteralExpression(node)) return elementsOf(node);
  if (ts.isBinaryExpression(node)) return operandsOf(node);
  return [];
}

function elementsOf({ elements }: ts.ArrayLiteralExpression): readonly Edit[] {
  return elements.map((node, i) => {
    const next = elements[i + 1];
    const start = next === undefined ? (elements[i - 1]?.end ?? node.getStart()) : node.getStart();
    return { node, what: 'an array without', put: '', start, end: next?.getStart() ?? node.end };
  });
}

/** Each side of `&&` and `||` alone decides; a comparison says the contrary. */
function operandsOf(node: ts.BinaryExpression): readonly Edit[] {
  const { left, right, operatorToken } = node;
  const turned = CONTRARY.get(operatorToken.kind);
  if (turned !== undefined)
    return [{ node, what: 'turned around', put: `${left.getText()} ${turned} ${right.getText()}` }];
  if (!DECIDES.has(operatorToken.kind)) return [];
  return [left, right].map((side) => {
    return { node, what: `only \`${shorten(side.getText())}\` of`, put: `(${side.getText()})` };
  });
}

const DECIDES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
]);

const CONTRARY: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
]);

function shorten(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ');
  return line.length > 90 ? `${line.slice(0, 87)}…` : line;
}
