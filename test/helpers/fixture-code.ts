/** Picks from emitted JavaScript what the transformer made: step functions, finders, guards, inferred effects. */
import ts from 'typescript';

export interface EmittedCode {
  /** What `structuralJit` is called with, besides the descriptor. */
  readonly compiled: readonly {
    readonly steps: readonly string[];
    readonly callees: readonly string[];
    readonly guards: readonly string[];
    /** Functions that run as copies. */
    readonly copies: readonly string[];
  }[];
  /** Inferred effects, by the name of the class or function that they are left on. */
  readonly effects: readonly string[];
}

export function readEmittedCode(outputText: string): EmittedCode {
  const file = ts.createSourceFile('output.js', outputText, ts.ScriptTarget.ES2022, true);
  const compiled: EmittedCode['compiled'][number][] = [];
  const effects: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const members = membersOf(node);
      const elements = (name: string): readonly string[] => elementsOf(members.get(name));
      if (members.has('descriptor') && members.has('steps')) {
        compiled.push({
          steps: elements('steps'),
          callees: elements('callees'),
          guards: elements('guards'),
          copies: propertiesOf(members.get('copies')),
        });
      } else if (members.has('undeclared') && members.has('calls')) effects.push(printEffect(node, members));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { compiled, effects };
}

function membersOf(node: ts.ObjectLiteralExpression): ReadonlyMap<string, ts.Expression> {
  const members = node.properties.filter(ts.isPropertyAssignment);
  return new Map(members.map((member) => [member.name.getText(), member.initializer]));
}

function elementsOf(node: ts.Expression | undefined): readonly string[] {
  return node !== undefined && ts.isArrayLiteralExpression(node) ? node.elements.map(dedent) : [];
}

function propertiesOf(node: ts.Expression | undefined): readonly string[] {
  return node !== undefined && ts.isObjectLiteralExpression(node) ? node.properties.map(dedent) : [];
}

/** `undeclared` is the same everywhere, and stands in the descriptor. */
function printEffect(node: ts.ObjectLiteralExpression, members: ReadonlyMap<string, ts.Expression>): string {
  const parts = [...members]
    .filter(([name]) => name !== 'undeclared')
    .map(([name, value]) => `${name}: ${dedent(value)}`);
  const owner = ts.findAncestor(node, ts.isClassLike)?.name?.getText() ?? 'a function';
  return `// effect of ${owner}\n${parts.join(', ')}`;
}

/** The text of `node`, moved to the left. */
function dedent(node: ts.Node): string {
  const text = node.getText();
  const indents = text
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return text
    .split('\n')
    .map((line, index) => (index === 0 ? line : line.slice(indent)))
    .join('\n');
}
