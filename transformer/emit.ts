/**
 * Pass 6: prints pieces as step functions.
 *
 * In:  pieces (pass 2) and the descriptor (pass 5).
 * Out: the object literal that `structuralJit` is given: descriptor, steps, callees, guards.
 *
 * Original nodes are used again wherever they are unchanged, so that imports, private names and source maps stay right.
 */
import type ts from 'typescript';
import type { Descriptor } from '../runtime/descriptor.ts';
import { type Build, createBuild } from './build.ts';
import { must } from '../runtime/errors.ts';
import type { Context } from './context.ts';
import { operatorCall } from './operators.ts';
import type { Origin } from './origin.ts';
import { type Binding, isFlag, isNode, type Lowered, type Piece } from './piece.ts';
import { isRoutedLocal, type Route, type RoutedFunction, routeOf } from './routes.ts';
import { contains, isNamedAfterVariable, mayRunFirst, usesThis } from './shape.ts';

export class Emitter {
  readonly build: Build;
  readonly #context: Context;
  readonly #factory: ts.NodeFactory;
  readonly #transformation: ts.TransformationContext;
  readonly #self: ts.Identifier;
  readonly #route: ts.Identifier;
  readonly #temporaries = new Map<number, ts.Identifier>();
  readonly #rewritten: (node: ts.Node) => ts.Node | undefined;
  /** Steps whose operator link has seen to be there. */
  readonly #present = new Set<number>();
  #cells: ReadonlySet<ts.Symbol> = new Set();
  /** Steps that are given `$`. */
  readonly #routing = new Set<number>();
  /** Functions that calls have been routed to, of which copies run, by name. */
  readonly #copies = new Map<string, RoutedFunction>();

  /** `rewritten` answers what stands for a class or call that has been rewritten itself. */
  constructor(
    context: Context,
    transformation: ts.TransformationContext,
    rewritten: (node: ts.Node) => ts.Node | undefined,
  ) {
    const { ts } = context;
    const { factory } = transformation;
    this.#context = context;
    this.#factory = factory;
    this.#transformation = transformation;
    this.#rewritten = rewritten;
    this.build = createBuild(ts, factory);
    this.#self = factory.createUniqueName('self', ts.GeneratedIdentifierFlags.Optimistic);
    this.#route = factory.createUniqueName('$', ts.GeneratedIdentifierFlags.Optimistic);
  }

  compiled(
    descriptor: Descriptor,
    lowered: Lowered,
    finders: readonly (Origin | undefined)[],
    guards: readonly ts.Expression[],
  ): ts.Expression {
    const { build } = this;
    this.#cells = lowered.cells;
    for (const { id, operators } of descriptor.steps)
      if (operators.every((operator) => descriptor.operators[operator]?.path !== undefined))
        this.#present.add(id);
    for (const { id, kind, routes } of descriptor.steps)
      if (kind === 'async' || routes === true) this.#routing.add(id);
    const steps = build.array(lowered.pieces.map((piece) => this.#step(piece)));
    const copies: Record<string, ts.Expression> = {};
    // A copy may call further functions, which are visited in their turn.
    for (const [name, copied] of this.#copies) copies[name] = this.#copy(copied);
    return build.object({
      descriptor: build.data(descriptor),
      steps,
      ...(this.#copies.size > 0 ? { copies: build.object(copies) } : {}),
      callees: build.array(finders.map((origin) => this.#callee(origin))),
      guards: build.array(guards),
    });
  }

  /** `(self) => …` around an expression over `this`. */
  finder(expression: ts.Expression): ts.Expression {
    return this.build.arrow(
      [this.build.parameter(this.#self)],
      this.#rewriteExpression(expression, undefined),
    );
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
    const visit = this.#visitor(undefined, true);
    const parameters = copied.parameters.map((parameter) => this.#plainParameter(parameter, visit));
    const body = must(ts.visitNode(copied.body, visit, ts.isConciseBody), 'a function lost its body');
    const isAsync = ts.getModifiers(copied)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
    const head = [this.build.parameter(this.#self), this.build.parameter(this.#route)];
    const arrow = this.build.arrow([...head, ...parameters], body, isAsync);
    ts.setSourceMapRange(arrow, copied);
    return ts.setEmitFlags(arrow, ts.EmitFlags.NoComments | ts.EmitFlags.NoNestedComments);
  }

  #step(piece: Piece): ts.Expression {
    const { ts } = this.#context;
    const arrow = this.#function(piece);
    const [node] = piece.nodes;
    if (node !== undefined) ts.setSourceMapRange(arrow, node);
    return ts.setEmitFlags(arrow, ts.EmitFlags.NoComments | ts.EmitFlags.NoNestedComments);
  }

  #function(piece: Piece): ts.ArrowFunction {
    const { ts } = this.#context;
    const { build } = this;
    const isAsync = piece.kind === 'async';
    const head = [build.parameter(this.#self), build.parameter(this.#route)];
    const [node] = piece.nodes;
    switch (piece.form) {
      case 'nothing':
        return build.arrow([], build.undefined());
      case 'given':
      case 'returned':
        return build.arrow([...head, ...this.#parameters(piece.inputs)], this.#given(piece));
      case 'keys':
        return build.arrow(
          [...head, ...this.#parameters(piece.inputs)],
          piece.kind === 'next' ? this.#given(piece) : build.keys(this.#name(piece.inputs[0])),
        );
      case 'condition':
        return build.arrow([...head, ...this.#parameters(piece.inputs)], this.#condition(piece));
      case 'yes':
      case 'no':
        return build.arrow(
          [],
          piece.form === 'yes' ? this.#factory.createTrue() : this.#factory.createFalse(),
        );
      case 'pattern': {
        const [self, route] = head;
        const pattern = this.build.pattern(must(node, 'a pattern has no code'), this.#visitor(piece));
        return build.arrow(
          [self, route, pattern].filter((one) => one !== undefined),
          this.#answer(piece),
        );
      }
      case 'none':
      case 'any':
      case 'same':
      case 'absent':
      case 'present':
        return build.arrow([...head, ...this.#parameters(piece.inputs)], this.#test(piece));
      case 'call':
        return build.arrow([...head, ...this.#parameters(piece.inputs)], this.#parts(piece));
      case 'parameter': {
        const parameters = piece.inputs.map(({ of }) =>
          isNode(of) && ts.isParameter(of)
            ? this.#plainParameter(of, this.#visitor(piece))
            : this.#parameter({ slot: 0, of }),
        );
        return build.arrow([...head, ...parameters], this.#answer(piece));
      }
      case 'expression': {
        const value =
          node !== undefined && ts.isExpression(node)
            ? this.#rewriteExpression(node, piece)
            : this.#name(piece.inputs[0]);
        const boxed = piece.isBoxed ? this.build.array([value]) : value;
        const body = this.#isDeclared(piece, node) ? this.#declaration(piece, value) : boxed;
        return build.arrow([...head, ...this.#parameters(piece.inputs)], body, isAsync);
      }
      case 'binding':
      case 'statements':
      case 'tail': {
        const statements = piece.nodes.map((statement) => this.#statement(statement, piece));
        const answer =
          piece.form === 'tail' || piece.outputs.length === 0
            ? []
            : [this.#factory.createReturnStatement(this.#answer(piece))];
        return build.arrow(
          [...head, ...this.#parameters(piece.inputs)],
          build.block([...statements, ...answer]),
          isAsync,
        );
      }
    }
  }

  /** `{ const flag = …; return [flag, x]; }` */
  #condition(piece: Piece): ts.Block {
    const { ts } = this.#context;
    const [node] = piece.nodes;
    const value =
      node !== undefined && ts.isExpression(node)
        ? this.#rewriteExpression(node, piece)
        : this.build.undefined();
    const declaration = this.#factory.createVariableDeclaration(
      this.#name(piece.outputs[0]),
      undefined,
      undefined,
      value,
    );
    const list = this.#factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
    return this.build.block([
      this.#factory.createVariableStatement(undefined, list),
      this.#factory.createReturnStatement(this.#answer(piece)),
    ]);
  }

  #given({ inputs }: Piece): ts.Expression {
    return inputs.length === 0 ? this.build.undefined() : this.#name(inputs[0]);
  }

  /** `!(a || b)`, `a || b`, `a === b`, `a == null`, `a != null`. */
  #test({ form, inputs }: Piece): ts.Expression {
    const { SyntaxKind } = this.#context.ts;
    const factory = this.#factory;
    const names: readonly ts.Expression[] = inputs.map((input) => this.#name(input));
    const [first, second] = names;
    if (form === 'same' && first !== undefined && second !== undefined)
      return factory.createStrictEquality(first, second);
    const any = names.reduce((one, other) => factory.createLogicalOr(one, other));
    if (form === 'none') return factory.createLogicalNot(factory.createParenthesizedExpression(any));
    if (form === 'any') return any;
    const isAbsent = form === 'absent';
    const token = isAbsent ? SyntaxKind.EqualsEqualsToken : SyntaxKind.ExclamationEqualsToken;
    return factory.createBinaryExpression(any, token, factory.createNull());
  }

  /** Whether `node` sees the variable that it is the value of: it names it, or is named after it. */
  #isDeclared(piece: Piece, node: ts.Node | undefined): boolean {
    const [output] = piece.outputs;
    if (output === undefined || isNode(output.of) || isFlag(output.of) || node === undefined) return false;
    if (piece.inputs.some(({ of }) => of === output.of)) return false;
    const { ts, checker } = this.#context;
    const variable = output.of;
    const isVariable = (inner: ts.Node): boolean =>
      ts.isIdentifier(inner) && checker.getSymbolAtLocation(inner) === variable;
    return isNamedAfterVariable(this.#context, node) || contains(this.#context, node, isVariable, () => true);
  }

  /** `{ const name = value; return name; }` */
  #declaration(piece: Piece, value: ts.Expression): ts.Block {
    const { ts } = this.#context;
    const name = this.#name(piece.outputs[0]);
    const declaration = this.#factory.createVariableDeclaration(name, undefined, undefined, value);
    const list = this.#factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
    return this.build.block([
      this.#factory.createVariableStatement(undefined, list),
      this.#factory.createReturnStatement(this.#answer(piece)),
    ]);
  }

  /** `[target, ...args]` of an operator call; the engine makes the call. */
  #parts(piece: Piece): ts.ConciseBody {
    const { called } = piece;
    const { ts } = this.#context;
    if (called === undefined) return this.build.undefined();
    const [target, ...args] = [called.target, ...called.call.arguments].map((part) =>
      this.#rewriteExpression(part, piece),
    );
    if (target === undefined) return this.build.undefined();
    // As written the method is looked up before the arguments are evaluated, and a target that is absent fails there.
    const { method } = called;
    const looksUp = !this.#present.has(piece.id) && mayRunFirst(this.#context, called);
    if (method === undefined || !looksUp) return this.build.array([target, ...args]);
    if (!ts.isIdentifier(target)) return this.#lookedUp(target, method, args);
    const checked = this.#factory.createComma(this.build.member(target, method), target);
    return this.build.array([checked, ...args]);
  }

  /** `{ const target = …; target.method; return [target, ...args]; }` */
  #lookedUp(found: ts.Expression, method: string, args: readonly ts.Expression[]): ts.Block {
    const { ts } = this.#context;
    const target = this.#factory.createUniqueName('target', ts.GeneratedIdentifierFlags.Optimistic);
    const declaration = this.#factory.createVariableDeclaration(target, undefined, undefined, found);
    const list = this.#factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
    return this.build.block([
      this.#factory.createVariableStatement(undefined, list),
      this.#factory.createExpressionStatement(this.build.member(target, method)),
      this.#factory.createReturnStatement(this.build.array([target, ...args])),
    ]);
  }

  #statement(node: ts.Node, piece: Piece): ts.Statement {
    const { ts } = this.#context;
    if (ts.isVariableDeclaration(node)) {
      const initializer = node.initializer && this.#rewriteExpression(node.initializer, piece);
      const name = must(
        ts.visitNode(node.name, this.#visitor(piece), ts.isBindingName),
        'a declaration lost its name',
      );
      const declaration = this.#factory.updateVariableDeclaration(
        node,
        name,
        undefined,
        undefined,
        initializer,
      );
      return this.#factory.createVariableStatement(
        undefined,
        this.#factory.createVariableDeclarationList([declaration], ts.NodeFlags.Let),
      );
    }
    if (ts.isExpression(node))
      return this.#factory.createExpressionStatement(this.#rewriteExpression(node, piece));
    return must(ts.visitNode(node, this.#visitor(piece), ts.isStatement), 'a statement vanished');
  }

  #answer(piece: Piece): ts.Expression {
    const names = piece.outputs.map((output) => this.#filled(output));
    const [only] = names;
    return names.length === 1 && only !== undefined && !piece.isBoxed ? only : this.build.array(names);
  }

  /** What an output is filled with: a variable that is a cell gets `{ v: variable }`. */
  #filled(output: Binding): ts.Expression {
    const name = this.#name(output);
    const isCell = !isNode(output.of) && !isFlag(output.of) && this.#cells.has(output.of);
    return isCell ? this.build.object({ v: name }) : name;
  }

  #parameters(inputs: readonly Binding[]): readonly ts.ParameterDeclaration[] {
    return inputs.map((input) => this.#parameter(input));
  }

  #parameter(input: Binding): ts.ParameterDeclaration {
    return this.build.parameter(this.#name(input));
  }

  /** A parameter with its pattern and default, without its types. */
  #plainParameter(node: ts.ParameterDeclaration, visit: ts.Visitor): ts.ParameterDeclaration {
    const { ts } = this.#context;
    const name = must(ts.visitNode(node.name, visit, ts.isBindingName), 'a parameter lost its name');
    const initializer = node.initializer && ts.visitNode(node.initializer, visit, ts.isExpression);
    return this.#factory.updateParameterDeclaration(
      node,
      undefined,
      node.dotDotDotToken,
      name,
      undefined,
      undefined,
      initializer,
    );
  }

  #name(binding: Binding | undefined): ts.Identifier {
    if (binding === undefined) return this.#factory.createIdentifier('undefined');
    if (!isNode(binding.of) && !isFlag(binding.of)) return this.#factory.createIdentifier(binding.of.name);
    return this.#temporary(binding.slot);
  }

  #temporary(slot: number): ts.Identifier {
    const known = this.#temporaries.get(slot);
    if (known !== undefined) return known;
    const made = this.#factory.createUniqueName(
      `t${slot}`,
      this.#context.ts.GeneratedIdentifierFlags.Optimistic,
    );
    this.#temporaries.set(slot, made);
    return made;
  }

  #rewriteExpression(node: ts.Expression, piece: Piece | undefined): ts.Expression {
    const { ts } = this.#context;
    return must(ts.visitNode(node, this.#visitor(piece), ts.isExpression), 'an expression vanished');
  }

  /**
   * Puts `self` for `this`, temporaries for what earlier pieces have evaluated, and sends operator calls through `$`, also
   * those of functions that are kept: they belong to the run when their step is long over.
   */
  #visitor(
    piece: Piece | undefined,
    routes: boolean = piece !== undefined && this.#routing.has(piece.id),
  ): ts.Visitor {
    const { ts } = this.#context;
    const slots = new Map<ts.Node, number>();
    for (const { slot, of } of piece?.inputs ?? []) if (isNode(of)) slots.set(of, slot);
    const cells = new Set(
      piece?.inputs.flatMap(({ of }) => (!isNode(of) && !isFlag(of) && this.#cells.has(of) ? [of] : [])),
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
    const result = this.#factory.createBinaryExpression(
      this.#temporary(before),
      must(arithmeticOf(ts, node.operatorToken.kind), 'an assignment that is no arithmetic'),
      must(value, 'an assignment has a value'),
    );
    const assignment = this.#factory.createAssignment(must(target, 'an assignment has a target'), result);
    return ts.setTextRange(assignment, node);
  }

  /** `x.v` for a variable that is a cell. */
  #heldInCell(node: ts.Node, cells: ReadonlySet<ts.Symbol>, visit: ts.Visitor): ts.Node | undefined {
    const { ts, checker } = this.#context;
    if (ts.isShorthandPropertyAssignment(node)) {
      const symbol = checker.getShorthandAssignmentValueSymbol(node);
      if (symbol === undefined || !cells.has(symbol)) return undefined;
      const held = this.build.member(this.#factory.createIdentifier(symbol.name), 'v');
      const initial =
        node.objectAssignmentInitializer &&
        must(ts.visitNode(node.objectAssignmentInitializer, visit, ts.isExpression), 'a default vanished');
      const value = initial === undefined ? held : this.#factory.createAssignment(held, initial);
      return this.#factory.createPropertyAssignment(node.name.text, value);
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
    return this.#factory.createParenthesizedExpression(
      this.#factory.createComma(this.#factory.createNumericLiteral(0), held),
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
      const token = this.#factory.createToken(ts.SyntaxKind.QuestionDotToken);
      const method = this.#factory.createPropertyAccessChain(routed, token, 'invoke');
      return ts.setTextRange(this.#factory.createCallChain(method, undefined, undefined, args), called.call);
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
    this.#copies.set(name, called);
    return build.call(this.#route, isMethod ? this.#self : node, build.data(name));
  }

  /** `($) => function`: a function of the body that is given `$` wherever it is named. */
  #takesRoute(node: RoutedFunction, visit: ts.Visitor): ts.Node {
    const { ts } = this.#context;
    const factory = this.#factory;
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
