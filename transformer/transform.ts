/**
 * Rewrites one file: each marked class or function is given its compiled form, each operator class its effect.
 *
 * A failure inside leaves the class as written and is reported as our bug.
 */
import type ts from 'typescript';
import type { Descriptor, Note } from '../runtime/descriptor.ts';
import { type Code, note } from './catalogue.ts';
import { compileBody, type OnStage } from './compile.ts';
import { type Context, spanOf } from './context.ts';
import { describeAsWritten, type Subject } from './describe.ts';
import { Emitter } from './emit.ts';
import { type Inferred, Inference } from './infer.ts';
import {
  forwardOf,
  type MarkedClass,
  type MarkedFunction,
  type OperatorFunction,
  select,
  type Selection,
} from './select.ts';
import { isOperatorType } from './symbols.ts';

/** What is said about a file: errors go to the compiler, everything else to the report. */
export interface Reporter {
  error(node: ts.Node, code: Code, what: string): void;
  internal(node: ts.Node, error: unknown): void;
  describe(file: ts.SourceFile, descriptor: Descriptor): void;
}

export function transformFile(
  context: Context,
  transformation: ts.TransformationContext,
  file: ts.SourceFile,
  reporter: Reporter,
  onStage: OnStage = () => {},
): ts.SourceFile {
  const selection = select(context, file);
  for (const { node, code, what } of selection.misuses) reporter.error(node, code, what);
  const isIdle =
    selection.classes.length +
      selection.functions.length +
      selection.operators.length +
      selection.operatorFunctions.length ===
    0;
  return isIdle
    ? file
    : new FileTransform(context, transformation, selection, reporter, onStage).rewrite(file);
}

class FileTransform {
  readonly #context: Context;
  readonly #transformation: ts.TransformationContext;
  readonly #selection: Selection;
  readonly #reporter: Reporter;
  readonly #onStage: OnStage;
  readonly #inference: Inference;

  constructor(
    context: Context,
    transformation: ts.TransformationContext,
    selection: Selection,
    reporter: Reporter,
    onStage: OnStage,
  ) {
    this.#context = context;
    this.#transformation = transformation;
    this.#selection = selection;
    this.#reporter = reporter;
    this.#onStage = onStage;
    this.#inference = new Inference(context);
  }

  rewrite(file: ts.SourceFile): ts.SourceFile {
    const { ts } = this.#context;
    const visit: ts.Visitor = (node) => {
      const inner = ts.visitEachChild(node, visit, this.#transformation);
      // What is nested has been rewritten by now; analysis always asks the original.
      return this.#guarded(node, () => this.#rewriteNode(node, inner)) ?? inner;
    };
    return ts.visitEachChild(file, visit, this.#transformation);
  }

  #guarded<T>(node: ts.Node, rewrite: () => T): T | undefined {
    try {
      return rewrite();
    } catch (error) {
      this.#reporter.internal(node, error);
      return undefined;
    }
  }

  #rewriteNode(node: ts.Node, inner: ts.Node): ts.Node | undefined {
    const { ts } = this.#context;
    if (ts.isClassLike(node) && ts.isClassLike(inner)) return this.#rewriteClass(node, inner);
    if (!ts.isCallExpression(node) || !ts.isCallExpression(inner)) return undefined;
    const marked = this.#selection.functions.find((found) => found.node === node);
    if (marked) return this.#rewriteFunction(marked, inner);
    const made = this.#selection.operatorFunctions.find((found) => found.node === node);
    return made && this.#rewriteOperator(made, inner);
  }

  #rewriteClass(node: ts.ClassLikeDeclaration, inner: ts.ClassLikeDeclaration): ts.Node | undefined {
    const marked = this.#selection.classes.find((found) => found.node === node);
    const isOperator = this.#selection.operators.includes(node);
    if (!marked && !isOperator) return undefined;
    const emitter = new Emitter(this.#context, this.#transformation);
    const named = this.#named(node);
    const effect =
      isOperator && this.#canCarryEffect(node)
        ? this.#guarded(node, () => this.#effectCall(emitter, node, named.name))
        : undefined;
    const compiled = marked && this.#compiledCall(emitter, marked, named.name);
    const calls = [named.fix, effect, compiled].filter((call) => call !== undefined);
    const isNameNeeded = effect !== undefined || compiled !== undefined;
    if (!isNameNeeded) return undefined;
    return this.#withBlock(
      inner,
      emitter.build.staticBlock(...calls),
      named.name,
      compiled ? marked?.mark : undefined,
    );
  }

  /** A class without a name gets one for the static block to use, and keeps the `name` that it had. */
  #named(node: ts.ClassLikeDeclaration): {
    readonly name: ts.Identifier;
    readonly fix: ts.Expression | undefined;
  } {
    const { ts } = this.#context;
    if (node.name) return { name: node.name, fix: undefined };
    const { factory } = this.#transformation;
    const name = factory.createUniqueName('anonymous', ts.GeneratedIdentifierFlags.Optimistic);
    const { build } = new Emitter(this.#context, this.#transformation);
    const property = build.object({
      value: build.data(this.#inferredName(node)),
      configurable: build.data(true),
    });
    const fix = build.call(
      build.member(factory.createIdentifier('Object'), 'defineProperty'),
      name,
      build.data('name'),
      property,
    );
    return { name, fix };
  }

  /** The name that JavaScript gives an anonymous class, after where it stands. */
  #inferredName(node: ts.ClassLikeDeclaration): string {
    const { ts } = this.#context;
    if (ts.isClassDeclaration(node)) return 'default';
    const { parent } = node;
    if (ts.isExportAssignment(parent)) return 'default';
    const isNamed =
      (ts.isVariableDeclaration(parent) ||
        ts.isPropertyAssignment(parent) ||
        ts.isPropertyDeclaration(parent)) &&
      ts.isIdentifier(parent.name);
    return isNamed && ts.isIdentifier(parent.name) ? parent.name.text : '';
  }

  /** Under another decorator the name in a static block is what that decorator made of the class. */
  #canCarryEffect(node: ts.ClassLikeDeclaration): boolean {
    const marks = this.#selection.classes.filter((marked) => marked.node === node).length;
    return (this.#context.ts.getDecorators(node) ?? []).length === marks;
  }

  #withBlock(
    node: ts.ClassLikeDeclaration,
    block: ts.ClassStaticBlockDeclaration,
    name: ts.Identifier,
    mark: ts.Decorator | undefined,
  ): ts.Node {
    const { ts } = this.#context;
    const { factory } = this.#transformation;
    const modifiers = node.modifiers?.filter(
      (modifier) => mark === undefined || ts.getOriginalNode(modifier) !== mark,
    );
    const members = [...node.members, block];
    return ts.isClassDeclaration(node)
      ? factory.updateClassDeclaration(
          node,
          modifiers,
          node.name ?? name,
          node.typeParameters,
          node.heritageClauses,
          members,
        )
      : factory.updateClassExpression(
          node,
          modifiers,
          node.name ?? name,
          node.typeParameters,
          node.heritageClauses,
          members,
        );
  }

  /** `decorator(Class, compiled)`, or nothing where the decorator must stay. */
  #compiledCall(emitter: Emitter, marked: MarkedClass, name: ts.Identifier): ts.Expression | undefined {
    const { ts } = this.#context;
    const { node, mark } = marked;
    const outer = (ts.getDecorators(node) ?? []).find(
      (decorator) => decorator.end <= mark.pos || decorator.pos < mark.pos,
    );
    const subject = this.#subjectOf(node);
    const reason = outer && note('XCS2008', spanOf(this.#context, outer), outer.getText());
    const descriptor = reason && describeAsWritten(this.#context, subject, reason);
    if (descriptor) {
      this.#reporter.describe(node.getSourceFile(), descriptor);
      return undefined;
    }
    return emitter.build.call(mark.expression, name, this.#compiledClass(emitter, node, subject, name));
  }

  #compiledClass(
    emitter: Emitter,
    node: ts.ClassLikeDeclaration,
    subject: Subject,
    name: ts.Identifier,
  ): ts.Expression {
    const { build } = emitter;
    const forward = forwardOf(this.#context, node);
    if (forward === undefined)
      return this.#asWritten(emitter, node, subject, note('XCS2003', subject.span, subject.name));
    const compiled = this.#guarded(node, () => {
      const body = compileBody(this.#context, subject, forward, this.#inference, this.#onStage);
      const prototype = build.member(name, 'prototype');
      const guards = body.descriptor.guards.map((guard) => build.member(prototype, guard.name));
      return {
        descriptor: body.descriptor,
        code: emitter.compiled(body.descriptor, body.lowered, body.finders, guards),
      };
    });
    if (compiled === undefined)
      return this.#asWritten(emitter, node, subject, note('XCS5001', subject.span, subject.name));
    this.#reporter.describe(node.getSourceFile(), compiled.descriptor);
    return compiled.code;
  }

  #asWritten(emitter: Emitter, node: ts.Node, subject: Subject, reason: Note): ts.Expression {
    const descriptor = describeAsWritten(this.#context, subject, reason);
    this.#reporter.describe(node.getSourceFile(), descriptor);
    return emitter.compiled(descriptor, { pieces: [], slots: [] }, [], []);
  }

  #subjectOf(node: ts.ClassLikeDeclaration): Subject {
    const { ts, checker } = this.#context;
    const fields = checker
      .getTypeAtLocation(node)
      .getProperties()
      .flatMap((field) => {
        const declaration = field.valueDeclaration;
        const isField =
          declaration !== undefined && (ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration));
        return isField && isOperatorType(this.#context, checker.getTypeOfSymbol(field))
          ? [declaration.name.getText()]
          : [];
      });
    return {
      name: node.name?.text ?? this.#inferredName(node),
      node,
      span: spanOf(this.#context, node),
      fields,
    };
  }

  #rewriteFunction(marked: MarkedFunction, inner: ts.CallExpression): ts.Node {
    const { factory } = this.#transformation;
    const emitter = new Emitter(this.#context, this.#transformation);
    const subject: Subject = {
      name: this.#functionName(marked.node, marked.body),
      node: marked.body,
      span: spanOf(this.#context, marked.body),
      fields: [],
    };
    const compiled = this.#guarded(marked.node, () => {
      const body = compileBody(this.#context, subject, marked.body, this.#inference, this.#onStage);
      return {
        descriptor: body.descriptor,
        code: emitter.compiled(body.descriptor, body.lowered, body.finders, []),
      };
    });
    if (compiled) this.#reporter.describe(marked.node.getSourceFile(), compiled.descriptor);
    const code =
      compiled?.code ??
      this.#asWritten(emitter, marked.node, subject, note('XCS5001', subject.span, subject.name));
    const [body, options = emitter.build.undefined()] = inner.arguments;
    return factory.updateCallExpression(inner, inner.expression, inner.typeArguments, [
      body ?? marked.body,
      options,
      code,
    ]);
  }

  #functionName(node: ts.CallExpression, body: ts.ArrowFunction | ts.FunctionExpression): string {
    const { ts } = this.#context;
    if (body.name) return body.name.text;
    const { parent } = node;
    const isNamed =
      (ts.isVariableDeclaration(parent) ||
        ts.isPropertyDeclaration(parent) ||
        ts.isPropertyAssignment(parent)) &&
      ts.isIdentifier(parent.name);
    return isNamed && ts.isIdentifier(parent.name) ? parent.name.text : 'a function';
  }

  #rewriteOperator(made: OperatorFunction, inner: ts.CallExpression): ts.Node {
    const emitter = new Emitter(this.#context, this.#transformation);
    const [body, options = emitter.build.undefined()] = inner.arguments;
    const effect = this.#effectData(emitter, this.#inference.infer(made.body), emitter.build.undefined());
    return this.#transformation.factory.updateCallExpression(inner, inner.expression, inner.typeArguments, [
      body ?? made.body,
      options,
      effect,
    ]);
  }

  /** `Object.defineProperty(Class, Symbol.for("xcs.effect"), { value: … })` */
  #effectCall(
    emitter: Emitter,
    node: ts.ClassLikeDeclaration,
    name: ts.Identifier,
  ): ts.Expression | undefined {
    const forward = forwardOf(this.#context, node);
    if (forward === undefined) return undefined;
    const { build } = emitter;
    const { factory } = this.#transformation;
    const own = build.member(build.member(name, 'prototype'), 'forward');
    const value = this.#effectData(emitter, this.#inference.infer(forward), own);
    const key = build.call(build.member(factory.createIdentifier('Symbol'), 'for'), build.data('xcs.effect'));
    return build.call(
      build.member(factory.createIdentifier('Object'), 'defineProperty'),
      name,
      key,
      build.object({ value }),
    );
  }

  #effectData(emitter: Emitter, inferred: Inferred, forward: ts.Expression): ts.Expression {
    const { build } = emitter;
    const { reads, writes, mutates, ordered, calls, unknown } = inferred;
    const span = unknown && spanOf(this.#context, unknown.node);
    return build.object({
      forward,
      reads: build.data(reads),
      writes: build.data(writes),
      mutates: build.data(mutates),
      ordered: build.data(ordered),
      calls: build.array(calls.map((call) => emitter.finder(call))),
      ...(unknown ? { unknown: build.data({ what: unknown.what, span }) } : {}),
      undeclared: build.data(this.#context.settings.undeclared),
    });
  }
}
