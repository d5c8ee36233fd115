/**
 * Puts probes into a program as written, for the oracle: where each statement of `forward` and of other async functions begins,
 * which object it changes, and which variables it has set. Knows TypeScript's syntax and nothing of our compiler.
 */
import ts from 'typescript';

/** What instrumented code calls its probes. */
export const PROBES = '$probes';

/** The same program with probes, which it imports as `oracle-link`. */
export function instrument(source: string): string {
  const file = ts.createSourceFile('program.ts', source, ts.ScriptTarget.ES2022, true);
  const edits: Edit[] = [{ at: 0, text: `import { link as ${PROBES} } from './oracle-link.ts';\n` }];
  const visit = (node: ts.Node, isProbed: boolean): void => {
    const inside = ts.isFunctionLike(node) ? isAsync(node) : isProbed;
    if (inside && (ts.isBlock(node) || ts.isCaseOrDefaultClause(node))) probeStatements(node, edits);
    markWrites(node, edits);
    markKey(node, edits);
    if (ts.isCatchClause(node)) markCaught(node, edits);
    if (inside && ts.isForOfStatement(node)) {
      edits.push({ at: node.expression.getStart(), text: `${PROBES}.iterate(` });
      edits.push({ at: node.expression.end, text: ')' });
    }
    if (
      inside &&
      ts.isCallExpression(node) &&
      /^Promise\.(all|allSettled)$/.test(node.expression.getText())
    ) {
      const [list] = node.arguments;
      if (list !== undefined)
        edits.push({ at: list.getStart(), text: `${PROBES}.members(` }, { at: list.end, text: ')' });
    }
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  for (const statement of file.statements)
    if (ts.isClassDeclaration(statement)) ts.forEachChild(statement, (child) => visit(child, false));
  // What is put in first stands outermost.
  return edits
    .toReversed()
    .toSorted((a, b) => b.at - a.at)
    .reduce((text, { at, text: added, until = at }) => text.slice(0, at) + added + text.slice(until), source);
}

interface Edit {
  readonly at: number;
  /** What is replaced. @default nothing */
  readonly until?: number;
  readonly text: string;
}

function isAsync(node: ts.SignatureDeclaration): boolean {
  const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
}

function probeStatements({ statements }: ts.Block | ts.CaseOrDefaultClause, edits: Edit[]): void {
  for (const statement of statements) {
    edits.push({ at: statement.getStart(), text: `${PROBES}.at(${statement.getStart()}); ` });
    const names = namesSetBy(statement);
    const outs = names.map((name) => ` ${name} = ${PROBES}.out(${name});`);
    if (outs.length > 0) edits.push({ at: statement.end, text: outs.join('') });
    if (!ts.isVariableStatement(statement)) continue;
    const list = statement.declarationList;
    // So that a probe can give them another value.
    if ((list.flags & ts.NodeFlags.Const) !== 0)
      edits.push({ at: list.getStart(), until: list.getStart() + 'const'.length, text: 'let' });
  }
}

function namesSetBy(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations
      .filter(({ initializer }) => initializer !== undefined)
      .flatMap(({ name }) => namesIn(name));
  if (!ts.isExpressionStatement(statement)) return [];
  const { expression } = statement;
  return ts.isBinaryExpression(expression) && isAssignment(expression) && ts.isIdentifier(expression.left)
    ? [expression.left.text]
    : [];
}

function namesIn(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));
}

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Under which keys entries of Maps and Sets are put and looked up. */
function markKey(node: ts.Node, edits: Edit[]): void {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
  const [key] = node.arguments;
  if (key === undefined || ts.isSpreadElement(key) || !/^(get|has|set|add)$/.test(node.expression.name.text))
    return;
  edits.push({ at: key.getStart(), text: `${PROBES}.key(` });
  edits.push({ at: key.end, text: ')' });
}

/** What a handler of the body or of a function of it is given; not of a function given to a combinator, which may tell failures. */
function markCaught(clause: ts.CatchClause, edits: Edit[]): void {
  const { block, variableDeclaration } = clause;
  const name = variableDeclaration === undefined ? '$caught' : variableDeclaration.name.getText();
  const around = ts.findAncestor(clause, ts.isFunctionLike);
  if (!/^[\w$]+$/.test(name) || (around !== undefined && ts.isCallExpression(around.parent))) return;
  if (variableDeclaration === undefined) edits.push({ at: block.getStart(), text: `(${name}) ` });
  edits.push({ at: block.getStart() + 1, text: ` ${PROBES}.caught(${name});` });
}

const CHANGING = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

/** Also a write of what stands there already is one. */
function markWrites(node: ts.Node, edits: Edit[]): void {
  const changed = changedBy(node);
  if (changed === undefined || changed.questionDotToken !== undefined) return;
  const { expression } = changed;
  const key = ts.isPropertyAccessExpression(changed) && !ts.isCallExpression(node) ? changed.name.text : '';
  if (expression.kind === ts.SyntaxKind.SuperKeyword) return;
  edits.push({
    at: expression.getStart(),
    text: `${PROBES}.changes(${JSON.stringify(key)}, ${isInBody(node)}, `,
  });
  edits.push({ at: expression.end, text: ')' });
}

/** Not in another method or an accessor, which others may call, too. */
function isInBody(node: ts.Node): boolean {
  const member = ts.findAncestor(node, ts.isClassElement);
  return member?.name?.getText() === 'forward';
}

type Member = ts.PropertyAccessExpression | ts.ElementAccessExpression;

function changedBy(node: ts.Node): Member | undefined {
  if (ts.isCallExpression(node))
    return ts.isPropertyAccessExpression(node.expression) && CHANGING.test(node.expression.name.text)
      ? node.expression
      : undefined;
  const target =
    ts.isBinaryExpression(node) && isAssignment(node)
      ? node.left
      : ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)
        ? node.operand
        : ts.isDeleteExpression(node)
          ? node.expression
          : undefined;
  if (
    target === undefined ||
    !(ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target))
  )
    return undefined;
  const isUnary = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node);
  const changes = !isUnary || /^(\+\+|--)|(\+\+|--)$/.test(node.getText());
  return changes ? target : undefined;
}
