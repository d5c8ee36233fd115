/**
 * Puts into an expression or statement of a piece what it stands for outside of the body.
 *
 * In:  original nodes, with what their piece is given.
 * Out: the same code over `self`, `$` and the inputs of its step.
 *
 * Original nodes are used again wherever they are unchanged, so that imports, private names and source maps stay right.
 */
import type ts from 'typescript';
import { must } from '../runtime/errors.ts';
import { type Build, createBuild } from './build.ts';
import type { Context } from './context.ts';
import { operatorCall } from './operators.ts';
import { type Binding, isFlag, isNode, type Piece } from './piece.ts';
import { isRoutedLocal, type Route, type RoutedFunction, routeOf } from './routes.ts';
import { contains, usesThis } from './shape.ts';

export class Rewriter {
  readonly build: Build;
  readonly factory: ts.NodeFactory;
  /** Variables that live in cells, and steps that are given `$`, of the body that is being printed. */
  cells: ReadonlySet<ts.Symbol> = new Set();
  routing: ReadonlySet<number> = new Set();
  /** Functions that calls have been routed to, of which copies run, by name. */
  readonly copies: Map<string, RoutedFunction> = new Map();
  readonly #context: Context;
  readonly #transformation: ts.TransformationContext;
  readonly #self: ts.Identifier;
  readonly #route: ts.Identifier;
  readonly #temporaries = new Map<number, ts.Identifier>();
  readonly #rewritten: (node: ts.Node) => ts.Node | undefined;

  /** `rewritten` answers what stands for a class or call that has been rewritten itself. */
  constructor(
    context: Context,
    transformation: ts.TransformationContext,
    rewritten: (node: ts.Node) => ts.Node | undefined,
  ) {
    const { ts } = context;
    const { factory } = transformation;
    this.#context = context;
    this.factory = factory;
    this.#transformation = transformation;
    this.#rewritten = rewritten;
    this.build = createBuild(ts, factory);
    this.#self = factory.createUniqueName('self', ts.GeneratedIdentifierFlags.Optimistic);
    this.#route = factory.createUniqueName('$', ts.GeneratedIdentifierFlags.Optimistic);
  }

  /** `self`, the first parameter of each function that is emitted. */
  self(): ts.ParameterDeclaration {
    return this.build.parameter(this.#self);
  }

  /** `$`, the second. */
  route(): ts.ParameterDeclaration {
    return this.build.parameter(this.#route);
  }

  /** A parameter with its pattern and default, without its types. */
  plainParameter(node: ts.ParameterDeclaration, visit: ts.Visitor): ts.ParameterDeclaration {
    const { ts } = this.#context;
    const name = must(ts.visitNode(node.name, visit, ts.isBindingName), 'a parameter lost its name');
    const initializer = node.initializer && ts.visitNode(node.initializer, visit, ts.isExpression);
    return this.factory.updateParameterDeclaration(
      node,
      undefined,
      node.dotDotDotToken,
      name,
      undefined,
      undefined,
      initializer,
    );
  }

  name(binding: Binding | undefined): ts.Identifier {
    if (binding === undefined) return this.factory.createIdentifier('undefined');
    if (!isNode(binding.of) && !isFlag(binding.of)) return this.factory.createIdentifier(binding.of.name);
    return this.#temporary(binding.slot);
  }

  #temporary(slot: number): ts.Identifier {
    const known = this.#temporaries.get(slot);
    if (known !== undefined) return known;
    const made = this.factory.createUniqueName(
      `t${slot}`,
      this.#context.ts.GeneratedIdentifierFlags.Optimistic,
    );
    this.#temporaries.set(slot, made);
    return made;
  }

  expression(node: ts.Expression, piece: Piece | undefined): ts.Expression {
    const { ts } = this.#context;
    return must(ts.visitNode(node, this.visitor(piece), ts.isExpression), 'an expression vanished');
  }

  /**
   * Puts `self` for `this`, temporaries for what earlier pieces have evaluated, and sends operator calls through `$`, also
   * those of functions that are kept: they belong to the run when their step is long over.
   */
  visitor(
    piece: Piece | undefined,
    routes: boolean = piece !== undefined && this.routing.has(piece.id),
  ): ts.Visitor {
    const { ts } = this.#context;
    const slots = new Map<ts.Node, number>();
    for (const { slot, of } of piece?.inputs ?? []) if (isNode(of)) slots.set(of, slot);
    const cells = new Set(
      piece?.inputs.flatMap(({ of }) => (!isNode(of) && !isFlag(of) && this.cells.has(of) ? [of] : [])),
    );
    const own = new Set<ts.Node>(piece?.outputs.flatMap(({ of }) => (isNode(of) ? [of] : [])));
    const visitor = (keepsThis: boolean): ts.Visitor => {
      const visit: ts.Visitor = (node) => {
        const slot = own.has(node) ? undefined : slots.get(node);
        if (slot !== undefined) return this.#temporary(slot);
        const operated = ts.isBinaryExpression(node) ? slots.get(node.operatorToken) : undefined;
        if (operated !== undefined && ts.isBinaryExpression(node))
          return this.#operated(node, operated, visit);
        if (node.kind === ts.SyntaxKind.ThisKeyword && !keepsThis) return this.#self;
        const held = cells.size > 0 ? this.#heldInCell(node, cells, visit) : undefined;
        if (held !== undefined) return held;
        if (ts.isClassLike(node)) return this.#nestedClass(node, visit);
        const nested = piece?.kind === 'async' ? undefined : this.#nestedCall(node, slots);
        const routed = nested ?? (routes ? this.#routed(node, visit, keepsThis) : undefined);
        if (routed !== undefined || !ts.isFunctionLike(node))
          return routed ?? ts.visitEachChild(node, visit, this.#transformation);
        if (routes && isRoutedLocal(this.#context, node))
          return this.#takesRoute(node, visitor(keepsThis || !ts.isArrowFunction(node)));
        return ts.visitEachChild(node, visitor(keepsThis || !ts.isArrowFunction(node)), this.#transformation);
      };
      return visit;
    };
    return visitor(false);
  }

  /** `target = before + value` for `target += value`, where an earlier piece has read what was before. */
  #operated(node: ts.BinaryExpression, before: number, visit: ts.Visitor): ts.Expression {
    const { ts } = this.#context;
    const [target, value] = [node.left, node.right].map((part) =>
      must(ts.visitNode(part, visit, ts.isExpression), 'a side of an assignment vanished'),
    );
    const result = this.factory.createBinaryExpression(
      this.#temporary(before),
      must(arithmeticOf(ts, node.operatorToken.kind), 'an assignment that is no arithmetic'),
      must(value, 'an assignment has a value'),
    );
    const assignment = this.factory.createAssignment(must(target, 'an assignment has a target'), result);
    return ts.setTextRange(assignment, node);
  }

  /** `x.v` for a variable that is a cell. */
  #heldInCell(node: ts.Node, cells: ReadonlySet<ts.Symbol>, visit: ts.Visitor): ts.Node | undefined {
    const { ts, checker } = this.#context;
    if (ts.isShorthandPropertyAssignment(node)) {
      const symbol = checker.getShorthandAssignmentValueSymbol(node);
      if (symbol === undefined || !cells.has(symbol)) return undefined;
      const held = this.build.member(this.factory.createIdentifier(symbol.name), 'v');
      const initial =
        node.objectAssignmentInitializer &&
        must(ts.visitNode(node.objectAssignmentInitializer, visit, ts.isExpression), 'a default vanished');
      const value = initial === undefined ? held : this.factory.createAssignment(held, initial);
      return this.factory.createPropertyAssignment(node.name.text, value);
    }
    if (!ts.isIdentifier(node)) return undefined;
    const symbol = checker.getSymbolAtLocation(node);
    if (symbol === undefined || !cells.has(symbol)) return undefined;
    const held = ts.setTextRange(this.build.member(node, 'v'), node);
    const { parent } = node;
    const isCalled = ts.isCallExpression(parent) && parent.expression === node;
    const isTag = ts.isTaggedTemplateExpression(parent) && parent.tag === node;
    if (!isCalled && !isTag) return held;
    // A function that a variable holds has no receiver.
    return this.factory.createParenthesizedExpression(
      this.factory.createComma(this.factory.createNumericLiteral(0), held),
    );
  }

  /** A class in the body, rewritten; what it evaluates outside of itself is visited. */
  #nestedClass(node: ts.ClassLikeDeclaration, visit: ts.Visitor): ts.Node {
    const { ts } = this.#context;
    const visitName: ts.Visitor = (part) => (ts.isComputedPropertyName(part) ? visit(part) : part);
    const visitPart: ts.Visitor = (part) => {
      if (ts.isHeritageClause(part) || ts.isDecorator(part)) return visit(part);
      const isComputed = ts.isClassElement(part) && part.name && ts.isComputedPropertyName(part.name);
      return isComputed ? ts.visitEachChild(part, visitName, this.#transformation) : part;
    };
    return ts.visitEachChild(this.#rewritten(node) ?? node, visitPart, this.#transformation);
  }

  /** A function in the body that is compiled by itself, unless it depends on where it stands. */
  #nestedCall(node: ts.Node, slots: ReadonlyMap<ts.Node, number>): ts.Node | undefined {
    const rewritten = this.#rewritten(node);
    if (rewritten === undefined || usesThis(this.#context, node)) return undefined;
    const isCut = contains(
      this.#context,
      node,
      (inner) => slots.has(inner),
      () => true,
    );
    return isCut ? undefined : rewritten;
  }

  #routed(node: ts.Node, visit: ts.Visitor, keepsThis: boolean): ts.Expression | undefined {
    const { ts } = this.#context;
    const route = routeOf(this.#context, node);
    if (route !== undefined && ts.isExpression(node) && !(keepsThis && route.kind === 'method'))
      return this.#named(node, route);
    const called = operatorCall(this.#context, node);
    if (called === undefined) return undefined;
    const again = (part: ts.Expression): ts.Expression =>
      must(ts.visitNode(part, visit, ts.isExpression), 'an expression vanished');
    const target = again(called.target);
    const args = called.call.arguments.map(again);
    const { build } = this;
    const isInvoke = called.method === 'invoke' && called.external === undefined;
    const names = called.method === undefined || isInvoke ? [] : [build.data(called.method)];
    const routed = build.call(this.#route, target, ...names);
    const callee = isInvoke ? build.member(routed, 'invoke') : routed;
    if (called.isOptional) {
      const token = this.factory.createToken(ts.SyntaxKind.QuestionDotToken);
      const method = this.factory.createPropertyAccessChain(routed, token, 'invoke');
      return ts.setTextRange(this.factory.createCallChain(method, undefined, undefined, args), called.call);
    }
    return ts.setTextRange(build.call(callee, ...args), called.call);
  }

  /** What stands for the name of a routed function: `f($)`, `$(self, "method")`, `$(f, "f()")`. */
  #named(node: ts.Expression, { kind, function: called }: Route): ts.Expression {
    const { ts } = this.#context;
    const { build } = this;
    if (kind === 'local') return build.call(node, this.#route);
    const isMethod = kind === 'method';
    const name = ts.isPropertyAccessExpression(node) ? node.name.text : `${node.getText()}()`;
    this.copies.set(name, called);
    return build.call(this.#route, isMethod ? this.#self : node, build.data(name));
  }

  /** `($) => function`: a function of the body that is given `$` wherever it is named. */
  #takesRoute(node: RoutedFunction, visit: ts.Visitor): ts.Node {
    const { ts } = this.#context;
    const factory = this.factory;
    const inner = ts.visitEachChild(node, visit, this.#transformation);
    const parameter = this.build.parameter(this.#route);
    if (!ts.isFunctionDeclaration(inner))
      return this.build.arrow(
        [parameter],
        factory.createParenthesizedExpression(
          must(ts.isExpression(inner) ? inner : undefined, 'a function is no expression'),
        ),
      );
    const { modifiers, asteriskToken, name, parameters, body } = inner;
    const made = factory.createFunctionExpression(
      modifiers?.filter((modifier) => ts.isModifier(modifier)),
      asteriskToken,
      undefined,
      undefined,
      parameters,
      undefined,
      must(body, 'a function lost its body'),
    );
    const answer = factory.createReturnStatement(made);
    return factory.createFunctionDeclaration(
      undefined,
      undefined,
      name,
      undefined,
      [parameter],
      undefined,
      this.build.block([answer]),
    );
  }
}

/** `+` for `+=`. */
function arithmeticOf({ SyntaxKind }: typeof ts, assignment: ts.SyntaxKind): ts.BinaryOperator | undefined {
  const operators = new Map<ts.SyntaxKind, ts.BinaryOperator>([
    [SyntaxKind.PlusEqualsToken, SyntaxKind.PlusToken],
    [SyntaxKind.MinusEqualsToken, SyntaxKind.MinusToken],
    [SyntaxKind.AsteriskEqualsToken, SyntaxKind.AsteriskToken],
    [SyntaxKind.AsteriskAsteriskEqualsToken, SyntaxKind.AsteriskAsteriskToken],
    [SyntaxKind.SlashEqualsToken, SyntaxKind.SlashToken],
    [SyntaxKind.PercentEqualsToken, SyntaxKind.PercentToken],
    [SyntaxKind.LessThanLessThanEqualsToken, SyntaxKind.LessThanLessThanToken],
    [SyntaxKind.GreaterThanGreaterThanEqualsToken, SyntaxKind.GreaterThanGreaterThanToken],
    [
      SyntaxKind.GreaterThanGreaterThanGreaterThanEqualsToken,
      SyntaxKind.GreaterThanGreaterThanGreaterThanToken,
    ],
    [SyntaxKind.AmpersandEqualsToken, SyntaxKind.AmpersandToken],
    [SyntaxKind.BarEqualsToken, SyntaxKind.BarToken],
    [SyntaxKind.CaretEqualsToken, SyntaxKind.CaretToken],
  ]);
  return operators.get(assignment);
}
