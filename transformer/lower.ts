/**
 * Pass 2: cuts a body into pieces, one per step.
 *
 * In:  a function whose code may be moved (pass 1).
 * Out: pieces in program order; variables have become slots that are filled once. Evaluation order is JavaScript's.
 *
 * What cannot be cut runs as written: an expression or statement as one `async` piece, or all that follows as a `tail`.
 */
import type ts from 'typescript';
import type { Note } from '../runtime/descriptor.ts';
import { assignedTargets } from './assigned.ts';
import { keptCaptures, requireCuttable } from './capture.ts';
import { cellsOf, mayBeCell } from './cells.ts';
import { type Context, labelOf } from './context.ts';
import { readsEntriesOfOthers } from './entries.ts';
import { jumpsOut, type Landing } from './jumps.ts';
import { lowerAssignment, lowerGiven } from './lower-assign.ts';
import { lowerIf, lowerJump, type Lowerer, lowerStatements } from './lower-control.ts';
import { asOneStep, ExpressionLowering, isCaught } from './lower-expression.ts';
import { lowerLoop } from './lower-loop.ts';
import type { StartedGroup } from './lower-started.ts';
import { lowerSwitch } from './lower-switch.ts';
import { lowerTry } from './lower-try.ts';
import { operatorCall, strip } from './operators.ts';
import type { Lowered } from './piece.ts';
import { BodyVariables, namesOf } from './body-variables.ts';
import { NeedsCells, Uncuttable } from './uncuttable.ts';
import { PieceList } from './piece-list.ts';
import { awaitsInside, mayReturn, suspends } from './shape.ts';
import { isPromiseType, mayBeThenable } from './symbols.ts';
import type { Reasons } from './why-called.ts';

export type Body = ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration | ts.FunctionDeclaration;

/** `opaque`: statements that run as written, as one step each; `called`: calls of functions that are not put in place. */
export function lower(
  context: Context,
  body: Body,
  opaque: ReadonlySet<ts.Node> = new Set(),
  called: Reasons = new Map(),
): Lowered {
  const asked = new Set<ts.Symbol>();
  for (;;) {
    const lowering = new Lowering(context, body, opaque, called, cellsOf(context, body, asked));
    try {
      lowering.lowerBody();
      return lowering.list;
    } catch (error) {
      if (!(error instanceof NeedsCells)) throw error;
      for (const variable of error.variables) asked.add(variable);
    }
  }
}

class Lowering implements Lowerer {
  readonly list: PieceList;
  readonly landings: Map<ts.Statement, Landing> = new Map();
  readonly context: Context;
  readonly body: Body;
  readonly #context: Context;
  readonly #body: Body;
  readonly lowerTo: Lowerer['lowerTo'];
  readonly #expressions: ExpressionLowering;
  readonly #opaque: ReadonlySet<ts.Node>;

  constructor(
    context: Context,
    body: Body,
    opaque: ReadonlySet<ts.Node>,
    called: Reasons,
    cells: ReadonlySet<ts.Symbol>,
  ) {
    this.#opaque = opaque;
    this.context = context;
    this.#context = context;
    this.body = body;
    this.#body = body;
    const mayBe = (variable: ts.Symbol): boolean => mayBeCell(context, body, variable);
    const variables = new BodyVariables(context, mayBe, keptCaptures(context, body), cells);
    this.list = new PieceList(context, variables);
    this.#expressions = new ExpressionLowering(this, called);
    this.lowerTo = this.#expressions.lowerTo;
  }

  lowerBody(): void {
    const { ts } = this.#context;
    this.#lowerParameters();
    const block = this.#body.body;
    if (block === undefined || !ts.isBlock(block)) {
      if (block !== undefined) this.#lowerReturn(block);
      return;
    }
    for (const statement of block.statements) this.list.declare(this.list.variables.declaredBy(statement));
    const isLeft = block.statements.some((statement, index) =>
      this.#lowerOrStop(block.statements, statement, index),
    );
    if (!isLeft)
      this.list.add({ kind: 'return', form: 'nothing', nodes: [block.getLastToken() ?? block], outputs: [] });
  }

  #lowerParameters(): void {
    const { ts, checker } = this.#context;
    this.#body.parameters.forEach((parameter, slot) => {
      const names = namesOf(this.#context, parameter.name);
      this.list.declare(names);
      const symbol = checker.getSymbolAtLocation(parameter.name);
      const isPlain = ts.isIdentifier(parameter.name) && parameter.initializer === undefined;
      if (isPlain && symbol !== undefined) this.list.assign(symbol, slot);
      else
        this.list.add({ kind: 'compute', form: 'parameter', nodes: [parameter], outputs: names, from: slot });
    });
  }

  /** Whether `statement` always leaves the body: by `return`, or because all from it on runs as written. */
  #lowerOrStop(statements: readonly ts.Statement[], statement: ts.Statement, index: number): boolean {
    const forget = this.list.mark();
    try {
      return this.lowerStatement(statement);
    } catch (error) {
      if (!(error instanceof Uncuttable)) throw error;
      forget();
      this.#lowerTail(statements.slice(index), error.note);
      return true;
    }
  }

  #lowerTail(statements: readonly ts.Statement[], reason: Note): void {
    const [first] = statements;
    if (first === undefined) return;
    this.list.add({ kind: 'async', form: 'tail', nodes: statements, outputs: [first], notes: [reason] });
    this.list.add({ kind: 'return', form: 'expression', nodes: [first], outputs: [] });
  }

  /** Answers whether `statement` always leaves the list that it stands in. */
  readonly lowerStatement = (statement: ts.Statement): boolean => {
    const { ts } = this.#context;
    if (ts.isReturnStatement(statement)) {
      this.#lowerReturn(statement.expression, statement);
      return true;
    }
    if (ts.isBreakOrContinueStatement(statement)) return lowerJump(this, statement);
    requireCuttable(this.#context, this.#body, this.list, statement);
    const isType = ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    if (isType || ts.isEmptyStatement(statement)) return false;
    if (isCompound(this.#context, statement)) return this.#lowerCompound(statement);
    // A piece gives what its declaration declares; one that assigns other variables too must give these as well.
    const isPlain = (declaration: ts.VariableDeclaration): boolean =>
      !suspends(this.#context, declaration.name) && this.list.variables.assignedBy(declaration).length === 0;
    if (ts.isVariableStatement(statement) && statement.declarationList.declarations.every(isPlain)) {
      for (const declaration of statement.declarationList.declarations) this.#lowerDeclaration(declaration);
    } else if (ts.isExpressionStatement(statement)) this.#lowerExpressionStatement(statement);
    else this.#addStatement(statement);
    return false;
  };

  /** Cuts a statement that holds others, if it suspends or is left; else, and where that fails, it is one piece. */
  #lowerCompound(statement: ts.Statement): boolean {
    const isCut =
      suspends(this.#context, statement) ||
      mayReturn(this.#context, statement) ||
      jumpsOut(this.#context, statement).length > 0 ||
      readsEntriesOfOthers(this.#context, statement, this.#body);
    if (!isCut) {
      this.#addStatement(statement);
      return false;
    }
    const forget = this.list.mark();
    try {
      return this.#cut(statement);
    } catch (error) {
      if (!(error instanceof Uncuttable)) throw error;
      forget();
      this.#addStatement(statement);
      return false;
    }
  }

  #cut(statement: ts.Statement): boolean {
    const { ts } = this.#context;
    if (ts.isBlock(statement)) return lowerStatements(this, statement.statements);
    if (ts.isIfStatement(statement)) return lowerIf(this, statement);
    if (ts.isSwitchStatement(statement)) {
      lowerSwitch(this, statement);
      return false;
    }
    const owner = ts.isTryStatement(statement) ? statement : this.#loopOf(statement);
    if (this.#opaque.has(owner)) this.#addStatement(statement);
    else if (ts.isTryStatement(owner)) lowerTry(this, owner);
    else lowerLoop(this, owner);
    return false;
  }

  /** The loop behind the labels of `statement`. */
  #loopOf(statement: ts.Statement): ts.IterationStatement {
    const { ts } = this.#context;
    let inner = statement;
    while (ts.isLabeledStatement(inner)) inner = inner.statement;
    if (ts.isIterationStatement(inner, false)) return inner;
    throw new Uncuttable(this.#context, 'XCS2007', statement, `\`${labelOf(statement, 40)}\``);
  }

  #addStatement(statement: ts.Statement): void {
    if (mayReturn(this.#context, statement))
      throw new Uncuttable(this.#context, 'XCS2005', statement, `\`${labelOf(statement, 40)}\``);
    if (jumpsOut(this.#context, statement).length > 0)
      throw new Uncuttable(this.#context, 'XCS2007', statement, `\`${labelOf(statement, 40)}\``);
    this.#addTogether([statement], this.list.variables.declaredBy(statement));
  }

  readonly addGroup = ({ statements, used, settles }: StartedGroup): void => {
    for (const statement of statements) requireCuttable(this.#context, this.#body, this.list, statement);
    const [first] = statements;
    // A handler sees what they had assigned when one of them failed.
    if (first !== undefined && isCaught(this, first)) {
      const own = new Set(statements.flatMap((one) => this.list.variables.declaredBy(one)));
      const assigned = new Set(statements.flatMap((one) => this.list.variables.assignedBy(one)));
      this.list.variables.requireCells(
        [...assigned].filter((variable) => !own.has(variable)),
        first,
      );
    }
    this.#addTogether(statements, used, settles);
  };

  /** One piece, asynchronous if anything in it is. `used`: what they declare that others use. */
  #addTogether(
    statements: readonly ts.Statement[],
    used: readonly ts.Symbol[],
    settles?: ReadonlySet<ts.Symbol>,
  ): void {
    const [statement] = statements;
    if (statement === undefined) return;
    const declared = statements.flatMap((one) => this.list.variables.declaredBy(one));
    const cell = declared.find((variable) => this.list.variables.isCell(variable));
    if (cell !== undefined) throw new Uncuttable(this.#context, 'XCS2006', statement, cell.name);
    const changed = new Set(statements.flatMap((one) => this.list.variables.assignedBy(one)));
    const assigned = [...changed].filter((variable) => !declared.includes(variable));
    const hoisted = assigned.find((variable) => !this.list.isAssigned(variable));
    if (hoisted !== undefined)
      throw new Uncuttable(
        this.#context,
        'XCS2009',
        statement,
        `\`${hoisted.name}\` is used before it is declared`,
      );
    const outputs = [...assigned, ...used];
    const isAsync = statements.some((one) => suspends(this.#context, one));
    const notes = isAsync ? [asOneStep(this.#context, statement)] : [];
    // What merely begins calls takes no time; its calls are routed all the same.
    const waits = statements.some((one) => awaitsInside(this.#context, one));
    const isBoxed = waits && outputs.length === 1;
    const kind = waits ? 'async' : 'compute';
    const waitsFor = settles === undefined ? {} : { settles };
    this.list.add({ kind, form: 'statements', nodes: statements, outputs, notes, isBoxed, ...waitsFor });
  }

  #lowerDeclaration(declaration: ts.VariableDeclaration): void {
    const { ts, checker } = this.#context;
    const { name, initializer } = declaration;
    const symbol = checker.getSymbolAtLocation(name);
    const isSlot = symbol !== undefined && !this.list.variables.isCell(symbol);
    if (ts.isIdentifier(name) && initializer !== undefined && isSlot)
      return this.lowerTo(initializer, [symbol]);
    if (initializer !== undefined && suspends(this.#context, initializer))
      this.lowerTo(initializer, [initializer]);
    this.list.add({
      kind: 'compute',
      form: 'binding',
      nodes: [declaration],
      outputs: namesOf(this.#context, name),
    });
  }

  #lowerExpressionStatement(statement: ts.ExpressionStatement): void {
    const { ts } = this.#context;
    const node = strip(this.#context, statement.expression);
    if (ts.isBinaryExpression(node) && lowerGiven(this, node)) return;
    if (!suspends(this.#context, node)) return this.#addStatement(statement);
    if (ts.isBinaryExpression(node) && lowerAssignment(this, this.#expressions.cuts, statement, node)) return;
    if (this.list.variables.assignedBy(node).length > 0) return this.#addStatement(statement);
    // Nothing uses the promise of a call that is not awaited, so that its failure is as unhandled as in the code as written.
    const given = ts.isVoidExpression(node) ? strip(this.#context, node.expression) : node;
    const isNested = this.list.guard !== undefined || this.list.region !== undefined;
    if (isNested && operatorCall(this.#context, given) !== undefined) return this.#addStatement(statement);
    if (this.#expressions.cuts.isSuspension(given)) return this.lowerTo(given, []);
    if (assignedTargets(this.#context, node).length > 0 || !this.#expressions.cuts.isCuttable(node))
      return this.#addStatement(statement);
    this.#expressions.lowerParts(node);
    this.list.add({ kind: 'compute', form: 'statements', nodes: [statement], outputs: [] });
  }

  #lowerReturn(expression: ts.Expression | undefined, statement?: ts.Statement): void {
    const { checker } = this.#context;
    const node = expression && strip(this.#context, expression);
    const isNested = this.list.guard !== undefined || this.list.region !== undefined;
    const kind = isNested ? 'exit' : 'return';
    if (node !== undefined && isCaught(this, node) && !this.#context.ts.isAwaitExpression(node))
      this.#requireSettled(node);
    if (node === undefined) {
      this.list.add({ kind, form: 'nothing', nodes: statement ? [statement] : [], outputs: [] });
      return;
    }
    if (suspends(this.#context, node)) {
      const called = operatorCall(this.#context, node);
      // What is returned is awaited, so a call or combinator that is returned is as good as awaited.
      // Nobody reads the variables of the body after this.
      if (this.list.variables.assignedBy(node).length > 0)
        this.list.add({
          kind: 'async',
          form: 'expression',
          nodes: [node],
          outputs: [node],
          notes: [asOneStep(this.#context, node)],
        });
      else if (called && this.#expressions.cuts.isCuttable(node))
        this.#expressions.lowerCall('call', called, node, [node]);
      else if (
        isPromiseType(this.#context, checker.getTypeAtLocation(node)) &&
        !awaitsInside(this.#context, node)
      )
        this.list.add({ kind: 'async', form: 'expression', nodes: [node], outputs: [node] });
      else this.lowerTo(node, [node]);
    }
    this.list.add({ kind, form: 'expression', nodes: [node], outputs: [] });
  }

  #requireSettled(node: ts.Expression): void {
    if (mayBeThenable(this.#context, this.#context.checker.getTypeAtLocation(node)))
      throw new Uncuttable(this.#context, 'XCS2007', node, `\`${labelOf(node, 40)}\``);
  }
}

/** Whether `statement` holds other statements that may be pieces of their own. */
function isCompound({ ts }: Context, statement: ts.Statement): boolean {
  return (
    ts.isBlock(statement) ||
    ts.isIfStatement(statement) ||
    ts.isTryStatement(statement) ||
    ts.isSwitchStatement(statement) ||
    ts.isLabeledStatement(statement) ||
    ts.isIterationStatement(statement, false)
  );
}
