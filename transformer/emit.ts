/**
 * Pass 6: prints pieces as step functions, beside the descriptor that says when they run.
 *
 * In:  pieces (pass 2) and the descriptor (pass 5).
 * Out: the object literal that `structuralJit` is given: descriptor, steps, callees, guards.
 */
import type ts from 'typescript';
import type { Descriptor, Step } from '../runtime/descriptor.ts';
import { must } from '../runtime/errors.ts';
import type { Build } from './build.ts';
import type { Context } from './context.ts';
import { StepPrinter } from './emit-step.ts';
import type { Origin } from './origin.ts';
import type { Lowered } from './piece.ts';
import { Rewriter } from './rewrite.ts';
import type { RoutedFunction } from './routes.ts';

export class Emitter {
  readonly build: Build;
  readonly #context: Context;
  readonly #rewriter: Rewriter;
  readonly #steps: StepPrinter;

  /** `rewritten` answers what stands for a class or call that has been rewritten itself. */
  constructor(
    context: Context,
    transformation: ts.TransformationContext,
    rewritten: (node: ts.Node) => ts.Node | undefined,
  ) {
    this.#context = context;
    this.#rewriter = new Rewriter(context, transformation, rewritten);
    this.#steps = new StepPrinter(context, this.#rewriter);
    this.build = this.#rewriter.build;
  }

  compiled(
    descriptor: Descriptor,
    lowered: Lowered,
    finders: readonly (Origin | undefined)[],
    guards: readonly ts.Expression[],
  ): ts.Expression {
    const { build } = this;
    const isPresent = (operator: number): boolean => descriptor.operators[operator]?.path !== undefined;
    this.#steps.present = idsOf(descriptor, ({ operators }) => operators.every(isPresent));
    this.#rewriter.cells = lowered.cells;
    this.#rewriter.routing = idsOf(descriptor, ({ kind, routes }) => kind === 'async' || routes === true);
    const steps = build.array(lowered.pieces.map((piece) => this.#steps.print(piece)));
    const copies: Record<string, ts.Expression> = {};
    // A copy may call further functions, which are visited in their turn.
    for (const [name, copied] of this.#rewriter.copies) copies[name] = this.#copy(copied);
    return build.object({
      descriptor: build.data(descriptor),
      steps,
      ...(this.#rewriter.copies.size > 0 ? { copies: build.object(copies) } : {}),
      callees: build.array(finders.map((origin) => this.#callee(origin))),
      guards: build.array(guards),
    });
  }

  /** `(self) => …` around an expression over `this`. */
  finder(expression: ts.Expression): ts.Expression {
    return this.build.arrow([this.#rewriter.self()], this.#rewriter.expression(expression, undefined));
  }

  #callee(origin: Origin | undefined): ts.Expression {
    if (origin?.finder) return this.finder(origin.finder);
    const { ts } = this.#context;
    const made = origin?.made;
    if (made && (ts.isIdentifier(made) || this.#isOfNamespace(made)))
      return this.build.arrow([], this.build.member(made, 'prototype'));
    return this.build.undefined();
  }

  /** `ns.C` of `import * as ns` */
  #isOfNamespace(node: ts.Expression): boolean {
    const { ts, checker } = this.#context;
    if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return false;
    const declared = checker.getSymbolAtLocation(node.expression)?.declarations ?? [];
    return declared.length > 0 && declared.every((declaration) => ts.isNamespaceImport(declaration));
  }

  /** `(self, $, ...parameters) => body` */
  #copy(copied: RoutedFunction): ts.Expression {
    const { ts } = this.#context;
    const visit = this.#rewriter.visitor(undefined, true);
    const parameters = copied.parameters.map((parameter) => this.#rewriter.plainParameter(parameter, visit));
    const body = must(ts.visitNode(copied.body, visit, ts.isConciseBody), 'a function lost its body');
    const isAsync = ts.getModifiers(copied)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
    const head = [this.#rewriter.self(), this.#rewriter.route()];
    const arrow = this.build.arrow([...head, ...parameters], body, isAsync);
    ts.setSourceMapRange(arrow, copied);
    return ts.setEmitFlags(arrow, ts.EmitFlags.NoComments | ts.EmitFlags.NoNestedComments);
  }
}

function idsOf({ steps }: Descriptor, has: (step: Step) => boolean): ReadonlySet<number> {
  return new Set(steps.filter(has).map(({ id }) => id));
}
