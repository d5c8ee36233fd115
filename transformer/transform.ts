/**
 * Rewrites one file: each marked class or function is given its compiled form, each operator class its effect.
 *
 * A failure inside leaves the class as written and is reported as our bug.
 */
import type ts from 'typescript';
import type { Descriptor, Note } from '../runtime/descriptor.ts';
import { nothingLowered } from './piece.ts';
import { type Code, note } from './catalogue.ts';
import { ClassBlock } from './class-block.ts';
import { compileBody, type OnStage } from './compile.ts';
import { constructionHash } from './construction.ts';
import { type Context, spanOf } from './context.ts';
import { describeAsWritten, type Subject } from './describe.ts';
import { Emitter } from './emit.ts';
import { effectData, leaveOn } from './effect-data.ts';
import { Inference } from './infer.ts';
import { inferredName } from './naming.ts';
import {
  forwardOf,
  type HiddenFunction,
  instanceType,
  isForwardMarked,
  type MarkedClass,
  type MarkedFunction,
  type OperatorFunction,
  select,
  type Selection,
} from './select.ts';
import { usesThis } from './shape.ts';
import { isOperatorType } from './symbols.ts';
import {
  isForwardPlain,
  whyForwardStays,
  whyFunctionStays,
  whyMarkStays,
  whyMethodsStay,
} from './whole-class.ts';

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
  try {
    const selection = select(context, file);
    for (const { node, code, what } of selection.misuses) reporter.error(node, code, what);
    const { classes, functions, hidden, operators, operatorFunctions, made } = selection;
    const isIdle = [classes, functions, hidden, operators, operatorFunctions, made].every(
      ({ length }) => length === 0,
    );
    return isIdle
      ? file
      : new FileTransform(context, transformation, selection, reporter, onStage).rewrite(file);
  } catch (error) {
    reporter.internal(file, error);
    return file;
  }
}

class FileTransform {
  readonly #context: Context;
  readonly #transformation: ts.TransformationContext;
  readonly #selection: Selection;
  readonly #reporter: Reporter;
  readonly #onStage: OnStage;
  readonly #inference: Inference;
  /** What stands for a node of the file now. */
  readonly #rewritten = new Map<ts.Node, ts.Node>();

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
      const rewritten = this.#guarded(node, () => this.#rewriteNode(node, inner));
      if (rewritten !== undefined) this.#rewritten.set(node, rewritten);
      return rewritten ?? inner;
    };
    return ts.visitEachChild(file, visit, this.#transformation);
  }

  #newEmitter(): Emitter {
    return new Emitter(this.#context, this.#transformation, (node) => this.#rewritten.get(node));
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
    const hidden = this.#selection.hidden.find((found) => found.node === node);
    if (hidden) return this.#keepHidden(hidden, inner);
    const made = this.#selection.operatorFunctions.find((found) => found.node === node);
    return made && this.#rewriteOperator(made, inner);
  }

  #rewriteClass(node: ts.ClassLikeDeclaration, inner: ts.ClassLikeDeclaration): ts.Node | undefined {
    const marked = this.#selection.classes.find((found) => found.node === node);
    const isOperator = this.#selection.operators.includes(node);
    const isMade = this.#selection.made.includes(node);
    if (!marked && !isOperator && !isMade) return undefined;
    const emitter = this.#newEmitter();
    const block = new ClassBlock(this.#context, this.#transformation.factory, node, marked?.mark);
    const { obstacle } = block;
    const reason =
      marked &&
      (whyMarkStays(this.#context, marked) ??
        (obstacle === undefined ? undefined : note('XCS2001', spanOf(this.#context, node), obstacle)));
    const effect =
      isOperator && obstacle === undefined && isForwardPlain(this.#context, node)
        ? this.#guarded(node, () => this.#effectCall(emitter, node, block))
        : undefined;
    const hash = isMade && obstacle === undefined ? this.#hashCall(emitter, node, block) : undefined;
    const left = [effect, hash].filter((call) => call !== undefined);
    if (marked && reason) {
      const compiled = this.#asWritten(emitter, node, this.#subjectOf(node), reason);
      return block.rewrite(inner, left, compiled);
    }
    const compiled = marked && this.#compiledCall(emitter, marked, block);
    const calls = compiled ? [...left, compiled] : left;
    return calls.length > 0 ? block.rewrite(inner, calls) : undefined;
  }

  /** `decorator(Class, compiled)` */
  #compiledCall(emitter: Emitter, { node, mark }: MarkedClass, block: ClassBlock): ts.Expression {
    const { ts } = this.#context;
    ts.setEmitFlags(mark.expression, ts.EmitFlags.NoComments | ts.EmitFlags.NoNestedComments);
    // What is inherited has been compiled where it stands.
    if (isForwardMarked(this.#context, node)) return emitter.build.call(mark.expression, block.name);
    return emitter.build.call(mark.expression, block.name, this.#compiledClass(emitter, node, block));
  }

  #compiledClass(emitter: Emitter, node: ts.ClassLikeDeclaration, block: ClassBlock): ts.Expression {
    const subject = this.#subjectOf(node);
    const forward = forwardOf(this.#context, node);
    if (forward === undefined)
      return this.#asWritten(emitter, node, subject, note('XCS2003', subject.span, subject.name));
    const stays = whyForwardStays(this.#context, forward);
    if (stays) return this.#asWritten(emitter, node, subject, stays);
    const compiled = this.#guarded(node, () => {
      const body = compileBody(this.#context, subject, forward, this.#inference, this.#onStage);
      const methods = body.descriptor.guards.filter(({ constructs }) => constructs === undefined);
      const unsure = whyMethodsStay(this.#context, node, methods);
      if (unsure) return { descriptor: undefined, code: this.#asWritten(emitter, node, subject, unsure) };
      const guards = [
        ...methods.map((guard) => block.method(guard.name)),
        ...body.classes.map((made) => emitter.finder(made)),
      ];
      return {
        descriptor: body.descriptor,
        code: emitter.compiled(body.descriptor, body.lowered, body.finders, guards),
      };
    });
    if (compiled === undefined)
      return this.#asWritten(emitter, node, subject, note('XCS5011', subject.span, subject.name));
    if (compiled.descriptor === undefined) return compiled.code;
    this.#reporter.describe(node.getSourceFile(), compiled.descriptor);
    return block.unlessChanged(compiled.code, () => {
      const reason = note('XCS2008', subject.span, 'which changes `forward`');
      return emitter.compiled(describeAsWritten(this.#context, subject, reason), nothingLowered, [], []);
    });
  }

  #asWritten(emitter: Emitter, node: ts.Node, subject: Subject, reason: Note): ts.Expression {
    const descriptor = describeAsWritten(this.#context, subject, reason);
    this.#reporter.describe(node.getSourceFile(), descriptor);
    return emitter.compiled(descriptor, nothingLowered, [], []);
  }

  #subjectOf(node: ts.ClassLikeDeclaration): Subject {
    const { ts, checker } = this.#context;
    const fields = instanceType(this.#context, node)
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
      name: node.name?.text ?? inferredName(this.#context, node) ?? '',
      node,
      span: spanOf(this.#context, node),
      fields,
    };
  }

  #rewriteFunction(marked: MarkedFunction, inner: ts.CallExpression): ts.Node {
    const { factory } = this.#transformation;
    const emitter = this.#newEmitter();
    const subject: Subject = {
      name: this.#functionName(marked.node, marked.body),
      node: marked.body,
      span: spanOf(this.#context, marked.body),
      fields: [],
    };
    const compiled = this.#guarded(marked.node, () => {
      const stays = whyFunctionStays(this.#context, marked.body);
      if (stays) return this.#asWritten(emitter, marked.node, subject, stays);
      const body = compileBody(this.#context, subject, marked.body, this.#inference, this.#onStage);
      const classes = body.classes.map((node) => emitter.finder(node));
      const made = emitter.compiled(body.descriptor, body.lowered, body.finders, classes);
      this.#reporter.describe(marked.node.getSourceFile(), body.descriptor);
      return made;
    });
    const code =
      compiled ?? this.#asWritten(emitter, marked.node, subject, note('XCS5011', subject.span, subject.name));
    const effect = this.#guarded(marked.node, () => this.#functionEffect(emitter, marked.body));
    const [given, options = emitter.build.undefined()] = inner.arguments;
    return factory.updateCallExpression(inner, inner.expression, inner.typeArguments, [
      ...(given ? [given] : []),
      options,
      code,
      ...(effect ? [effect] : []),
    ]);
  }

  /** What the body of a function shows; one that has its `this` from the code around it is not looked into. */
  #functionEffect(emitter: Emitter, body: MarkedFunction['body']): ts.Expression | undefined {
    if (usesThis(this.#context, body)) return undefined;
    return effectData(this.#context, emitter, this.#inference.infer(body), emitter.build.undefined());
  }

  #functionName(node: ts.CallExpression, body: MarkedFunction['body']): string {
    const own = this.#context.ts.isFunctionDeclaration(body) ? '' : inferredName(this.#context, body);
    return body.name?.text || own || inferredName(this.#context, node) || 'a function';
  }

  /** What is given may be a class, whose mark takes what was compiled in another place. */
  #keepHidden({ node, given }: HiddenFunction, inner: ts.CallExpression): ts.Node {
    const subject: Subject = {
      name: given.getText(),
      node,
      span: spanOf(this.#context, node),
      fields: [],
    };
    const emitter = this.#newEmitter();
    const reason = note('XCS2010', subject.span, given.getText());
    const written = this.#asWritten(emitter, node, subject, reason);
    const isClass = this.#context.checker.getTypeAtLocation(given).getConstructSignatures().length > 0;
    const [first = given, options = emitter.build.undefined()] = inner.arguments;
    const others = isClass ? [] : [options];
    return this.#transformation.factory.updateCallExpression(inner, inner.expression, inner.typeArguments, [
      first,
      ...others,
      written,
    ]);
  }

  #rewriteOperator(made: OperatorFunction, inner: ts.CallExpression): ts.Node {
    const emitter = this.#newEmitter();
    const [body = made.body, options = emitter.build.undefined()] = inner.arguments;
    const effect = effectData(
      this.#context,
      emitter,
      this.#inference.infer(made.body),
      emitter.build.undefined(),
    );
    return this.#transformation.factory.updateCallExpression(inner, inner.expression, inner.typeArguments, [
      body,
      options,
      effect,
    ]);
  }

  /** `Object.defineProperty(Class, Symbol.for("xcs.construction"), { value: … })` */
  #hashCall(emitter: Emitter, node: ts.ClassLikeDeclaration, block: ClassBlock): ts.Expression {
    const value = emitter.build.data(constructionHash(this.#context, node));
    return leaveOn(emitter.build, this.#transformation.factory, block.name, 'xcs.construction', value);
  }

  /** `Object.defineProperty(Class, Symbol.for("xcs.effect"), { value: … })` */
  #effectCall(emitter: Emitter, node: ts.ClassLikeDeclaration, block: ClassBlock): ts.Expression | undefined {
    const forward = forwardOf(this.#context, node);
    if (forward === undefined) return undefined;
    const value = effectData(
      this.#context,
      emitter,
      this.#inference.infer(forward),
      block.method('forward'),
      (name) => block.method(name),
    );
    return block.onlyUnchanged(
      leaveOn(emitter.build, this.#transformation.factory, block.name, 'xcs.effect', value),
    );
  }
}
