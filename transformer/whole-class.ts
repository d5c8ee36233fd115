/** What about a marked class or function as a whole keeps it as written: where its mark, its decorators and its classes stand. */
import type ts from 'typescript';
import type { Note } from '../runtime/descriptor.ts';
import { note } from './catalogue.ts';
import { type Context, spanOf } from './context.ts';
import { forwardOf, type MarkedClass, type MarkedFunction } from './select.ts';
import { contains, usesThis } from './shape.ts';

/** Why the mark must stay where it is: then it comes too early for what a static block could give it. */
export function whyMarkStays(context: Context, marked: MarkedClass): Note | undefined {
  const { ts, program } = context;
  const { node, mark } = marked;
  const outer = (ts.getDecorators(node) ?? []).find((decorator) => decorator.pos < mark.pos);
  // Decorators of the old kind all run after the static block.
  const isLegacy = program.getCompilerOptions().experimentalDecorators === true;
  if (outer && !isLegacy) return note('XCS2008', spanOf(context, outer), outer.getText());
  return isMovable(context, marked) ? undefined : note('XCS2001', spanOf(context, mark), mark.getText());
}

/** Why `forward`, which the class has, cannot run in steps whatever it does. */
export function whyForwardStays(context: Context, forward: ts.MethodDeclaration): Note | undefined {
  const { ts } = context;
  const [decorator] = ts.getDecorators(forward) ?? [];
  // What a decorator has made of a method is not what its body says.
  if (decorator) return note('XCS2001', spanOf(context, decorator), decorator.getText());
  return holdsTangledClass(context, forward) ? note('XCS2001', spanOf(context, forward), 'class') : undefined;
}

/** Why the function cannot run in steps whatever it does. */
export function whyFunctionStays(context: Context, body: MarkedFunction['body']): Note | undefined {
  // Its `this` is the caller's, or that of the code around it, and never the operator.
  if (usesThis(context, body)) return note('XCS2001', spanOf(context, body), 'this');
  return holdsTangledClass(context, body) ? note('XCS2001', spanOf(context, body), 'class') : undefined;
}

/** The decorator of a method of the class that was relied upon, in `guards` or as a private one. */
export function whyMethodsStay(
  context: Context,
  node: ts.ClassLikeDeclaration,
  guards: readonly { readonly name: string }[],
): Note | undefined {
  const { ts, checker } = context;
  const type = checker.getDeclaredTypeOfSymbol(checker.getTypeAtLocation(node).symbol);
  const relied = guards.flatMap(({ name }) => type.getProperty(name)?.declarations ?? []);
  const hidden = node.members.filter((member) => member.name && ts.isPrivateIdentifier(member.name));
  const decorated = [...relied, ...hidden]
    .filter((member) => ts.isMethodDeclaration(member) || ts.isAccessor(member))
    .flatMap((member) => ts.getDecorators(member) ?? []);
  const [decorator] = decorated;
  return decorator && note('XCS2001', spanOf(context, decorator), decorator.getText());
}

/** Whether what the body of `forward` shows is what the class does. */
export function isForwardPlain(context: Context, node: ts.ClassLikeDeclaration): boolean {
  const forward = forwardOf(context, node);
  return (
    forward !== undefined &&
    context.ts.getDecorators(forward) === undefined &&
    whyMethodsStay(context, node, []) === undefined
  );
}

/** Whether the mark's options mean inside of the class what they mean before it. */
function isMovable(context: Context, { node, mark }: MarkedClass): boolean {
  const { ts } = context;
  const { SyntaxKind } = ts;
  const bound = new Set([
    SyntaxKind.ThisKeyword,
    SyntaxKind.SuperKeyword,
    SyntaxKind.AwaitExpression,
    SyntaxKind.YieldExpression,
  ]);
  const isBound = (inner: ts.Node): boolean =>
    bound.has(inner.kind) ||
    ts.isMetaProperty(inner) ||
    (ts.isIdentifier(inner) && (inner.text === 'arguments' || inner.text === node.name?.text));
  return !contains(context, mark.expression, isBound, () => true);
}

/**
 * Whether `body` holds a class that cannot stand in a step too: while TypeScript lowers classes, it knows each by where
 * it was written, and takes one copy for the other.
 */
function holdsTangledClass(context: Context, body: ts.Node): boolean {
  return (
    lowersClasses(context) &&
    contains(
      context,
      body,
      (inner) => context.ts.isClassLike(inner),
      () => true,
    )
  );
}

/** Whether TypeScript rewrites classes, with what is in them, for older targets. */
export function lowersClasses({ ts, program }: Context): boolean {
  const { target } = program.getCompilerOptions();
  return target === undefined || target < ts.ScriptTarget.ES2022;
}
