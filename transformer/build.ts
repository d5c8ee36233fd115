/** Small builders of syntax, so that `emit` reads like the code that it emits. */
import type ts from 'typescript';
import { must } from '../runtime/errors.ts';

export interface Build {
  /** A literal of plain data. */
  data(value: unknown): ts.Expression;
  object(members: Readonly<Record<string, ts.Expression>>): ts.ObjectLiteralExpression;
  array(elements: readonly ts.Expression[]): ts.ArrayLiteralExpression;
  arrow(
    parameters: readonly ts.ParameterDeclaration[],
    body: ts.ConciseBody,
    isAsync?: boolean,
  ): ts.ArrowFunction;
  parameter(name: ts.Identifier): ts.ParameterDeclaration;
  /** A parameter that is taken apart. */
  pattern(name: ts.Node, visit: ts.Visitor): ts.ParameterDeclaration;
  call(callee: ts.Expression, ...args: readonly ts.Expression[]): ts.CallExpression;
  member(object: ts.Expression, name: string): ts.PropertyAccessExpression;
  undefined(): ts.Expression;
  /** `(function* () { for (const key in object) yield key; })()`: what `for-in` goes through, when it does. */
  keys(object: ts.Expression): ts.Expression;
  block(statements: readonly ts.Statement[]): ts.Block;
  staticBlock(...statements: readonly ts.Expression[]): ts.ClassStaticBlockDeclaration;
}

export function createBuild(typescript: typeof ts, factory: ts.NodeFactory): Build {
  const data = (value: unknown): ts.Expression => {
    if (typeof value === 'string') return factory.createStringLiteral(value);
    if (typeof value === 'number') return factory.createNumericLiteral(value);
    if (typeof value === 'boolean') return value ? factory.createTrue() : factory.createFalse();
    if (Array.isArray(value)) return factory.createArrayLiteralExpression(value.map(data));
    if (typeof value !== 'object' || value === null) return factory.createNull();
    return object(
      Object.fromEntries(
        Object.entries(value)
          .filter(([, member]) => member !== undefined)
          .map(([key, member]) => [key, data(member)]),
      ),
    );
  };
  const object = (members: Readonly<Record<string, ts.Expression>>): ts.ObjectLiteralExpression =>
    factory.createObjectLiteralExpression(
      Object.entries(members).map(([key, value]) =>
        factory.createPropertyAssignment(/^\w+$/.test(key) ? key : factory.createStringLiteral(key), value),
      ),
    );
  return {
    data,
    object,
    array: (elements) => factory.createArrayLiteralExpression(elements),
    arrow: (parameters, body, isAsync = false) =>
      factory.createArrowFunction(
        isAsync ? [factory.createModifier(typescript.SyntaxKind.AsyncKeyword)] : undefined,
        undefined,
        parameters,
        undefined,
        undefined,
        typescript.isObjectLiteralExpression(body) ? factory.createParenthesizedExpression(body) : body,
      ),
    parameter: (name) => factory.createParameterDeclaration(undefined, undefined, name),
    pattern: (name, visit) => {
      const visited = typescript.visitNode(name, visit, typescript.isBindingName);
      return factory.createParameterDeclaration(undefined, undefined, must(visited, 'a pattern vanished'));
    },
    call: (callee, ...args) => factory.createCallExpression(callee, undefined, args),
    member: (target, name) => factory.createPropertyAccessExpression(target, name),
    undefined: () => factory.createVoidZero(),
    keys: (target) => {
      const key = factory.createUniqueName('key', typescript.GeneratedIdentifierFlags.Optimistic);
      const declared = factory.createVariableDeclarationList(
        [factory.createVariableDeclaration(key)],
        typescript.NodeFlags.Const,
      );
      const give = factory.createExpressionStatement(factory.createYieldExpression(undefined, key));
      const loop = factory.createForInStatement(declared, target, give);
      const asterisk = factory.createToken(typescript.SyntaxKind.AsteriskToken);
      const body = factory.createBlock([loop]);
      const all = factory.createFunctionExpression(
        undefined,
        asterisk,
        undefined,
        undefined,
        [],
        undefined,
        body,
      );
      return factory.createCallExpression(factory.createParenthesizedExpression(all), undefined, []);
    },
    block: (statements) => factory.createBlock(statements),
    staticBlock: (...expressions) =>
      factory.createClassStaticBlockDeclaration(
        factory.createBlock(expressions.map((expression) => factory.createExpressionStatement(expression))),
      ),
  };
}
