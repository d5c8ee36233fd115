/**
 * What a rewritten class is given: a static block that calls the mark, instead of the mark as a decorator.
 *
 * Class decorators run before static blocks, unless they are of the old kind, and may replace the class or its methods.
 * So where there are others, the methods are noted by one more decorator, before all others.
 */
import type ts from 'typescript';
import { type Build, createBuild } from './build.ts';
import { type Context, spanOf } from './context.ts';
import { inferredName } from './naming.ts';
import { contains, usesThis } from './shape.ts';
import { lowersClasses } from './whole-class.ts';

export class ClassBlock {
  /** What the class is called inside of it. */
  readonly name: ts.Identifier;
  readonly #context: Context;
  readonly #factory: ts.NodeFactory;
  readonly #build: Build;
  readonly #node: ts.ClassLikeDeclaration;
  readonly #mark: ts.Decorator | undefined;
  readonly #isUndecorated: boolean;
  readonly #noted = new Set<string>();

  constructor(
    context: Context,
    factory: ts.NodeFactory,
    node: ts.ClassLikeDeclaration,
    mark: ts.Decorator | undefined,
  ) {
    this.#context = context;
    this.#factory = factory;
    this.#build = createBuild(context.ts, factory);
    this.#node = node;
    this.#mark = mark;
    this.#isUndecorated = this.#mustForgetMark();
    // Whoever else names a class without a name asks for the generated one, as long as it is known as this class.
    this.name =
      node.name ??
      (this.#isUndecorated
        ? factory.createIdentifier(this.#freeName())
        : factory.getGeneratedNameForNode(node));
  }

  /**
   * Below ES2022 TypeScript leaves `this` in static fields of a decorated class to what it makes of the decorator, and
   * asks the class as it was written whether it is decorated. With our mark gone, nobody would see to it.
   */
  #mustForgetMark(): boolean {
    const { ts } = this.#context;
    const decorators = ts.getDecorators(this.#node) ?? [];
    if (!lowersClasses(this.#context) || this.#mark === undefined || decorators.length > 1) return false;
    const isStatic = (member: ts.ClassElement): boolean =>
      ts.isClassStaticBlockDeclaration(member) ||
      (ts.isPropertyDeclaration(member) &&
        (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0);
    return this.#node.members.some((member) => isStatic(member) && usesThis(this.#context, member));
  }

  #freeName(): string {
    const { text } = this.#node.getSourceFile();
    let name = 'anonymous';
    while (text.includes(name)) name += '_';
    return name;
  }

  /** Whether a decorator that is not ours may change the class before the static block runs. */
  get #isDecorated(): boolean {
    const { ts, program } = this.#context;
    const isLegacy = program.getCompilerOptions().experimentalDecorators === true;
    return !isLegacy && (ts.getDecorators(this.#node) ?? []).some((decorator) => decorator !== this.#mark);
  }

  /** The method of the class as it is written, even if another decorator has changed it. */
  method(name: string): ts.Expression {
    const prototype = this.#build.member(this.name, 'prototype');
    if (!this.#isDecorated) return this.#build.member(prototype, name);
    this.#noted.add(name);
    const methods = this.#factory.createElementAccessExpression(prototype, this.#key());
    return this.#factory.createPropertyAccessChain(
      methods,
      this.#factory.createToken(this.#context.ts.SyntaxKind.QuestionDotToken),
      name,
    );
  }

  /** `compiled`, or `written` if another decorator has changed `forward`. */
  unlessChanged(compiled: ts.Expression, written: () => ts.Expression): ts.Expression {
    if (!this.#isDecorated) return compiled;
    return this.#factory.createConditionalExpression(
      this.#isUnchanged(),
      undefined,
      compiled,
      undefined,
      written(),
    );
  }

  /** Evaluates `effect` only if `forward` is what it was read off: the class may be another one by now. */
  onlyUnchanged(effect: ts.Expression): ts.Expression {
    return this.#isDecorated ? this.#factory.createLogicalAnd(this.#isUnchanged(), effect) : effect;
  }

  #isUnchanged(): ts.Expression {
    const now = this.#build.member(this.#build.member(this.name, 'prototype'), 'forward');
    return this.#factory.createStrictEquality(now, this.method('forward'));
  }

  /**
   * The class with `calls` in a static block, and without the mark. `inner` is the class with what is nested in it
   * rewritten; `kept` is what a mark that stays where it is gets beside the class.
   */
  rewrite(inner: ts.ClassLikeDeclaration, calls: readonly ts.Expression[], kept?: ts.Expression): ts.Node {
    const { ts } = this.#context;
    const modifiers = (inner.modifiers ?? []).flatMap((modifier): readonly ts.ModifierLike[] => {
      if (!ts.isDecorator(modifier) || ts.getOriginalNode(modifier) !== this.#mark) return [modifier];
      return kept === undefined ? [] : [this.#keptMark(modifier, kept)];
    });
    if (calls.length === 0) return this.#update(inner, modifiers, inner.members, inner.name);
    const named = this.#keepName();
    const members = [
      ...(named ? [this.#build.staticBlock(named)] : []),
      ...inner.members,
      this.#build.staticBlock(...calls),
    ];
    const all = [...modifiers, ...this.#notes()];
    return this.#isMovedOut ? this.#wrap(inner, all, members) : this.#update(inner, all, members, this.name);
  }

  /** `((mark) => (target) => mark(target, compiled))(…)`: evaluated when the mark is, called when it is. */
  #keptMark(modifier: ts.Decorator, compiled: ts.Expression): ts.Decorator {
    const { ts } = this.#context;
    const build = this.#build;
    const mark = this.#factory.createUniqueName('mark', ts.GeneratedIdentifierFlags.Optimistic);
    const target = this.#factory.createUniqueName('target', ts.GeneratedIdentifierFlags.Optimistic);
    const marks = build.arrow([build.parameter(target)], build.call(mark, target, compiled));
    const maker = this.#factory.createParenthesizedExpression(build.arrow([build.parameter(mark)], marks));
    const expression = build.call(maker, modifier.expression);
    return this.#factory.updateDecorator(modifier, this.#factory.createParenthesizedExpression(expression));
  }

  #update(
    inner: ts.ClassLikeDeclaration,
    modifiers: readonly ts.ModifierLike[],
    members: readonly ts.ClassElement[],
    name: ts.Identifier | undefined,
  ): ts.ClassLikeDeclaration {
    const { ts } = this.#context;
    const { typeParameters, heritageClauses } = inner;
    if (ts.isClassExpression(inner))
      return this.#factory.updateClassExpression(
        inner,
        modifiers,
        name,
        typeParameters,
        heritageClauses,
        members,
      );
    const made = this.#factory.updateClassDeclaration(
      inner,
      modifiers,
      name,
      typeParameters,
      heritageClauses,
      members,
    );
    return this.#isUndecorated && name ? ts.setOriginalNode(made, undefined) : made;
  }

  /** Below ES2022 TypeScript moves static blocks out of a class expression, where its name is not known. */
  get #isMovedOut(): boolean {
    return this.#context.ts.isClassExpression(this.#node) && lowersClasses(this.#context);
  }

  /** What keeps the class from being given a static block, if anything does. */
  get obstacle(): string | undefined {
    const { ts, program } = this.#context;
    const node = this.#node;
    const name = node.name?.text ?? inferredName(this.#context, node);
    if (name === undefined) return 'a name that is computed';
    if (!lowersClasses(this.#context)) return undefined;
    // TypeScript makes an expression of such a class, and moves static blocks to where its name is not known.
    const decorated = node.members.find((member) => ts.canHaveDecorators(member) && ts.getDecorators(member));
    const isLegacy = program.getCompilerOptions().experimentalDecorators === true;
    if (decorated && !isLegacy) return 'decorators of members, for a target below ES2022';
    // In a loop TypeScript must know the class as it was written, to give each its own private fields.
    const isInLoop = ts.findAncestor(node, (outer) => ts.isIterationStatement(outer, false)) !== undefined;
    if (this.#isUndecorated && isInLoop && !this.#isMovedOut) return 'this in a static field, in a loop';
    const isSuspended = (inner: ts.Node): boolean =>
      ts.isAwaitExpression(inner) || ts.isYieldExpression(inner);
    return this.#isMovedOut && contains(this.#context, node, isSuspended) ? 'await' : undefined;
  }

  /** `(() => { class Name {…} return Name; })()` */
  #wrap(
    inner: ts.ClassLikeDeclaration,
    modifiers: readonly ts.ModifierLike[],
    members: readonly ts.ClassElement[],
  ): ts.Expression {
    const { ts } = this.#context;
    const factory = this.#factory;
    const { typeParameters, heritageClauses } = inner;
    const made = factory.createClassDeclaration(
      modifiers,
      this.name,
      typeParameters,
      heritageClauses,
      members,
    );
    ts.setTextRange(ts.setOriginalNode(made, this.#isUndecorated ? undefined : inner), inner);
    const arrow = this.#build.arrow([], this.#build.block([made, factory.createReturnStatement(this.name)]));
    return this.#build.call(factory.createParenthesizedExpression(arrow));
  }

  /** An anonymous class keeps the `name` that it had, from before anything else in it runs. */
  #keepName(): ts.Expression | undefined {
    const { ts } = this.#context;
    const hasOwn = this.#node.members.some(
      (member) =>
        member.name !== undefined &&
        (ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)) &&
        member.name.text === 'name' &&
        (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0,
    );
    if (this.#node.name !== undefined || hasOwn) return undefined;
    const value = this.#build.data(inferredName(this.#context, this.#node) ?? '');
    return this.#define(this.name, this.#build.data('name'), value);
  }

  /** The decorator that notes methods: the last one, which is the first to run. */
  #notes(): readonly ts.Decorator[] {
    if (this.#noted.size === 0) return [];
    const build = this.#build;
    const target = this.#factory.createUniqueName(
      'target',
      this.#context.ts.GeneratedIdentifierFlags.Optimistic,
    );
    const prototype = build.member(target, 'prototype');
    const methods = Object.fromEntries([...this.#noted].map((name) => [name, build.member(prototype, name)]));
    const body = build.block([
      this.#factory.createExpressionStatement(this.#define(prototype, this.#key(), build.object(methods))),
    ]);
    const arrow = this.#factory.createParenthesizedExpression(build.arrow([build.parameter(target)], body));
    return [this.#factory.createDecorator(arrow)];
  }

  #define(target: ts.Expression, key: ts.Expression, value: ts.Expression): ts.Expression {
    const build = this.#build;
    const descriptor = build.object({ value, configurable: build.data(true) });
    return build.call(
      build.member(this.#factory.createIdentifier('Object'), 'defineProperty'),
      target,
      key,
      descriptor,
    );
  }

  /** Another class that stands in the place of this one must not answer for it. */
  #key(): ts.Expression {
    const build = this.#build;
    const { file, line, column } = spanOf(this.#context, this.#node);
    const key = build.data(`xcs.methods ${file}:${line}:${column}`);
    return build.call(build.member(this.#factory.createIdentifier('Symbol'), 'for'), key);
  }
}
