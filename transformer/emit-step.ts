/**
 * Prints a piece as a step function.
 *
 * In:  a piece (pass 2).
 * Out: `(self, $, ...inputs) => outputs`.
 */
import type ts from 'typescript';
import { must } from '../runtime/errors.ts';
import type { Build } from './build.ts';
import type { Context } from './context.ts';
import { type Binding, isFlag, isNode, type Piece } from './piece.ts';
import type { Rewriter } from './rewrite.ts';
import { contains, isNamedAfterVariable, mayRunFirst } from './shape.ts';

export class StepPrinter {
  /** Steps whose operator link has seen to be there. */
  present: ReadonlySet<number> = new Set();
  readonly #context: Context;
  readonly #build: Build;
  readonly #factory: ts.NodeFactory;
  readonly #rewriter: Rewriter;

  constructor(context: Context, rewriter: Rewriter) {
    this.#context = context;
    this.#build = rewriter.build;
    this.#factory = rewriter.factory;
    this.#rewriter = rewriter;
  }

  print(piece: Piece): ts.Expression {
    const { ts } = this.#context;
    const arrow = this.#function(piece);
    const [node] = piece.nodes;
    if (node !== undefined) ts.setSourceMapRange(arrow, node);
    return ts.setEmitFlags(arrow, ts.EmitFlags.NoComments | ts.EmitFlags.NoNestedComments);
  }

  #function(piece: Piece): ts.ArrowFunction {
    const { ts } = this.#context;
    const build = this.#build;
    const isAsync = piece.kind === 'async';
    const head = [this.#rewriter.self(), this.#rewriter.route()];
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
          piece.kind === 'next' ? this.#given(piece) : build.keys(this.#rewriter.name(piece.inputs[0])),
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
        const pattern = this.#build.pattern(
          must(node, 'a pattern has no code'),
          this.#rewriter.visitor(piece),
        );
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
            ? this.#rewriter.plainParameter(of, this.#rewriter.visitor(piece))
            : this.#parameter({ slot: 0, of }),
        );
        return build.arrow([...head, ...parameters], this.#answer(piece));
      }
      case 'expression': {
        const value =
          node !== undefined && ts.isExpression(node)
            ? this.#rewriter.expression(node, piece)
            : this.#rewriter.name(piece.inputs[0]);
        const boxed = piece.isBoxed ? this.#build.array([value]) : value;
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
        ? this.#rewriter.expression(node, piece)
        : this.#build.undefined();
    const declaration = this.#factory.createVariableDeclaration(
      this.#rewriter.name(piece.outputs[0]),
      undefined,
      undefined,
      value,
    );
    const list = this.#factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
    return this.#build.block([
      this.#factory.createVariableStatement(undefined, list),
      this.#factory.createReturnStatement(this.#answer(piece)),
    ]);
  }

  #given({ inputs }: Piece): ts.Expression {
    return inputs.length === 0 ? this.#build.undefined() : this.#rewriter.name(inputs[0]);
  }

  /** `!(a || b)`, `a || b`, `a === b`, `a == null`, `a != null`. */
  #test({ form, inputs }: Piece): ts.Expression {
    const { SyntaxKind } = this.#context.ts;
    const factory = this.#factory;
    const names: readonly ts.Expression[] = inputs.map((input) => this.#rewriter.name(input));
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
    const name = this.#rewriter.name(piece.outputs[0]);
    const declaration = this.#factory.createVariableDeclaration(name, undefined, undefined, value);
    const list = this.#factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
    return this.#build.block([
      this.#factory.createVariableStatement(undefined, list),
      this.#factory.createReturnStatement(this.#answer(piece)),
    ]);
  }

  /** `[target, ...args]` of an operator call; the engine makes the call. */
  #parts(piece: Piece): ts.ConciseBody {
    const { called } = piece;
    const { ts } = this.#context;
    if (called === undefined) return this.#build.undefined();
    const [target, ...args] = [called.target, ...called.call.arguments].map((part) =>
      this.#rewriter.expression(part, piece),
    );
    if (target === undefined) return this.#build.undefined();
    // As written the method is looked up before the arguments are evaluated, and a target that is absent fails there.
    const { method } = called;
    const looksUp = !this.present.has(piece.id) && mayRunFirst(this.#context, called);
    if (method === undefined || !looksUp) return this.#build.array([target, ...args]);
    if (!ts.isIdentifier(target)) return this.#lookedUp(target, method, args);
    const checked = this.#factory.createComma(this.#build.member(target, method), target);
    return this.#build.array([checked, ...args]);
  }

  /** `{ const target = …; target.method; return [target, ...args]; }` */
  #lookedUp(found: ts.Expression, method: string, args: readonly ts.Expression[]): ts.Block {
    const { ts } = this.#context;
    const target = this.#factory.createUniqueName('target', ts.GeneratedIdentifierFlags.Optimistic);
    const declaration = this.#factory.createVariableDeclaration(target, undefined, undefined, found);
    const list = this.#factory.createVariableDeclarationList([declaration], ts.NodeFlags.Const);
    return this.#build.block([
      this.#factory.createVariableStatement(undefined, list),
      this.#factory.createExpressionStatement(this.#build.member(target, method)),
      this.#factory.createReturnStatement(this.#build.array([target, ...args])),
    ]);
  }

  #statement(node: ts.Node, piece: Piece): ts.Statement {
    const { ts } = this.#context;
    if (ts.isVariableDeclaration(node)) {
      const initializer = node.initializer && this.#rewriter.expression(node.initializer, piece);
      const name = must(
        ts.visitNode(node.name, this.#rewriter.visitor(piece), ts.isBindingName),
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
      return this.#factory.createExpressionStatement(this.#rewriter.expression(node, piece));
    return must(ts.visitNode(node, this.#rewriter.visitor(piece), ts.isStatement), 'a statement vanished');
  }

  #answer(piece: Piece): ts.Expression {
    const names = piece.outputs.map((output) => this.#filled(output));
    const [only] = names;
    return names.length === 1 && only !== undefined && !piece.isBoxed ? only : this.#build.array(names);
  }

  /** What an output is filled with: a variable that is a cell gets `{ v: variable }`. */
  #filled(output: Binding): ts.Expression {
    const name = this.#rewriter.name(output);
    const isCell = !isNode(output.of) && !isFlag(output.of) && this.#rewriter.cells.has(output.of);
    return isCell ? this.#build.object({ v: name }) : name;
  }

  #parameters(inputs: readonly Binding[]): readonly ts.ParameterDeclaration[] {
    return inputs.map((input) => this.#parameter(input));
  }

  #parameter(input: Binding): ts.ParameterDeclaration {
    return this.#build.parameter(this.#rewriter.name(input));
  }
}
