/** Abstract evaluation of `new`: builtins, and classes of the program whose construction only stores what it is given. */
import type ts from 'typescript';
import { builtin } from './builtins.ts';
import { constructionHash, holdsMore, quietClasses } from './construction.ts';
import { type Context, labelOf } from './context.ts';
import { callBuiltin } from './evaluate-builtin.ts';
import { callUnknown, evaluateArguments, hasSpread } from './evaluate-function.ts';
import { type Value, join, nothing, valueOf, world } from './memory.ts';
import type { Scope } from './scope.ts';
import { libraryMember } from './library.ts';

export function evaluateNew(scope: Scope, node: ts.NewExpression): Value {
  const { context, memory } = scope;
  scope.access.mayFail = true;
  const declaration = context.checker.getResolvedSignature(node)?.declaration;
  const library = libraryMember(context, declaration);
  const row =
    library &&
    builtin(
      library.owner,
      library.member,
      hasSpread(scope, node) ? undefined : (node.arguments ?? []).length,
    );
  if (row !== undefined) {
    const value = callBuiltin(scope, node, row, 'new', nothing, undefined);
    const object = memory.allocateTold(node, labelOf(node, 32));
    memory.store(new Set([object]), memory.load(value.places));
    return join(value, valueOf(object));
  }
  return constructs(scope, node) ?? callUnknown(scope, node, scope.walk.evaluate(scope, node.expression));
}

/** An object of a class whose construction only stores what it is given. Link sees to it that those of other files still do. */
function constructs(scope: Scope, node: ts.NewExpression): Value | undefined {
  const { context, memory } = scope;
  const classes = quietClasses(context, node.expression);
  if (classes === undefined) return undefined;
  if (classes.some((one) => one.getSourceFile() !== node.getSourceFile())) {
    if (!isImported(context, node.expression)) return undefined;
    const hashes = classes.map((one) => constructionHash(context, one));
    scope.operators.relyOnClass(node.expression, hashes);
  }
  const given = evaluateArguments(scope, node).reduce(join, nothing);
  const object = memory.allocateTold(node, labelOf(node, 32));
  const outside = classes.some((one) => holdsMore(context, one)) ? [world] : [];
  memory.store(new Set([object]), new Set([...outside, ...given.places]));
  return valueOf(object);
}

/** Whether link can name the class too: `C`, or `ns.C` of `import * as ns`; neither is a variable of the body. */
function isImported({ ts, checker }: Context, node: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(node) ? node.expression : node;
  const declared = ts.isIdentifier(name) ? (checker.getSymbolAtLocation(name)?.declarations ?? []) : [];
  return (
    declared.length > 0 &&
    declared.every((declaration) =>
      ts.isPropertyAccessExpression(node)
        ? ts.isNamespaceImport(declaration)
        : ts.isImportSpecifier(declaration) || ts.isImportClause(declaration),
    )
  );
}
