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
import { note } from './catalogue.ts';
import { cellsOf, NeedsCells } from './cells.ts';
import { type Context, labelOf, spanOf } from './context.ts';
import { toldOf } from './copied-tree.ts';
import { Cuts } from './cuts.ts';
import { readsEntriesOfOthers } from './entries.ts';
import { type OperatorCall, operatorCall, strip } from './operators.ts';
import { jumpsOut, type Landing } from './jumps.ts';
import { addTest, lowerFlag, lowerIf, lowerJump, type Lowerer, lowerStatements } from './lower-control.ts';
import { lowerInlined } from './lower-inline.ts';
import { lowerLoop } from './lower-loop.ts';
import type { StartedGroup } from './lower-started.ts';
import { lowerSwitch } from './lower-switch.ts';
import { lowerTry, requireCells } from './lower-try.ts';
import { type Binding, isFlag, isNode, type Lowered, type Output } from './piece.ts';
import { namesOf, PieceList, Uncuttable } from './piece-list.ts';
import { settledMembers } from './settled.ts';
import { awaitsInside, callsWriters, type Choice, choiceOf, contains, mayReturn, suspends } from './shape.ts';
import { isPrimitive } from './node-types.ts';
import { isPromiseType, mayBeThenable } from './symbols.ts';
import { toldParts } from './told-arguments.ts';
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
  readonly #cuts: Cuts;
  readonly #opaque: ReadonlySet<ts.Node>;
  readonly #called: Reasons;

  constructor(
    context: Context,
    body: Body,
    opaque: ReadonlySet<ts.Node>,
    called: Reasons,
    cells: ReadonlySet<ts.Symbol>,
  ) {
    this.#opaque = opaque;
    this.#called = called;
    this.context = context;
    this.#context = context;
    this.body = body;
    this.#body = body;
    this.list = new PieceList(context, keptCaptures(context, body), cells);
    this.#cuts = new Cuts(context, this.list);
  }

  lowerBody(): void {
    const { ts } = this.#context;
    this.#lowerParameters();
    const block = this.#body.body;
    if (block === undefined || !ts.isBlock(block)) {
      if (block !== undefined) this.#lowerReturn(block);
      return;
    }
    for (const statement of block.statements) this.list.declare(this.list.declaredBy(statement));
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
      !suspends(this.#context, declaration.name) && this.list.assignedBy(declaration).length === 0;
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
    this.#addTogether([statement], this.list.declaredBy(statement));
  }

  readonly addGroup = ({ statements, used, settles }: StartedGroup): void => {
    for (const statement of statements) requireCuttable(this.#context, this.#body, this.list, statement);
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
    const declared = statements.flatMap((one) => this.list.declaredBy(one));
    const cell = declared.find((variable) => this.list.isCell(variable));
    if (cell !== undefined) throw new Uncuttable(this.#context, 'XCS2006', statement, cell.name);
    const changed = new Set(statements.flatMap((one) => this.list.assignedBy(one)));
    const assigned = [...changed].filter((variable) => !declared.includes(variable));
    const hoisted = assigned.find((variable) => !this.list.isAssigned(variable));
    if (hoisted !== undefined)
      throw new Uncuttable(
        this.#context,
        'XCS2009',
        statement,
        `\`${hoisted.name}\` is used before it is declared`,
      );
    // A handler sees what they had assigned when something in them failed.
    if (statements.length > 1 || mayTear(this.#context, statement))
      requireCells(this, seenByHandlers(this.#context, this.#body, statement, assigned), statement);
    const outputs = [...assigned, ...used];
    const isAsync = statements.some((one) => suspends(this.#context, one));
    const notes = isAsync ? [this.#asOneStep(statement)] : [];
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
    const isSlot = symbol !== undefined && !this.list.isCell(symbol);
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
    if (ts.isBinaryExpression(node) && this.#lowerGiven(node)) return;
    if (!suspends(this.#context, node)) return this.#addStatement(statement);
    if (ts.isBinaryExpression(node) && this.#lowerAssignment(statement, node)) return;
    if (this.list.assignedBy(node).length > 0) return this.#addStatement(statement);
    // Nothing uses the promise of a call that is not awaited, so that its failure is as unhandled as in the code as written.
    const given = ts.isVoidExpression(node) ? strip(this.#context, node.expression) : node;
    const isNested = this.list.guard !== undefined || this.list.region !== undefined;
    if (isNested && operatorCall(this.#context, given) !== undefined) return this.#addStatement(statement);
    if (this.#cuts.isSuspension(given)) return this.lowerTo(given, []);
    if (assignedTargets(this.#context, node).length > 0 || !this.#cuts.isCuttable(node))
      return this.#addStatement(statement);
    this.#lowerParts(node);
    this.list.add({ kind: 'compute', form: 'statements', nodes: [statement], outputs: [] });
  }

  /** What a function that stands in the place of its call gives. */
  #lowerGiven({ left, right }: ts.BinaryExpression): boolean {
    const { ts } = this.#context;
    const variable = ts.isIdentifier(left) ? this.list.variableAt(left) : undefined;
    if (variable === undefined || toldOf(left)?.symbol !== variable) return false;
    if (this.list.assignedBy(right).length > 0) return false;
    this.lowerTo(right, [variable]);
    return true;
  }

  /** `x = …`, `x += …`, `this.x = …`, and patterns, where the right side suspends. */
  #lowerAssignment(statement: ts.ExpressionStatement, node: ts.BinaryExpression): boolean {
    const { ts } = this.#context;
    const { SyntaxKind } = ts;
    const operator = node.operatorToken.kind;
    const target = strip(this.#context, node.left);
    const isPlain = operator === SyntaxKind.EqualsToken;
    const variableAt = ts.isIdentifier(target) ? this.list.variableAt(target) : undefined;
    const isCell = variableAt !== undefined && this.list.isCell(variableAt);
    const isVariable = variableAt !== undefined && !isCell;
    const isArithmeticOf = variableAt !== undefined && !this.list.isCaptured(variableAt);
    const isPattern = ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target);
    const isField = this.#isField(target);
    const isArithmetic =
      operator >= SyntaxKind.PlusEqualsToken &&
      operator <= SyntaxKind.CaretEqualsToken &&
      ![
        SyntaxKind.BarBarEqualsToken,
        SyntaxKind.AmpersandAmpersandEqualsToken,
        SyntaxKind.QuestionQuestionEqualsToken,
      ].includes(operator);
    const isKnown =
      (isPlain && (isVariable || isCell || isField || (isPattern && !suspends(this.#context, target)))) ||
      (isArithmetic && (isArithmeticOf || isField));
    if (
      !isKnown ||
      contains(this.#context, node.right, (inner) => assignedTargets(this.#context, inner).length > 0)
    )
      return false;
    if (isPlain && isVariable) {
      this.lowerTo(node.right, [variableAt]);
      return true;
    }
    if (isField) this.#lowerField(target, isArithmetic ? node.operatorToken : undefined);
    this.lowerTo(node.right, [node.right]);
    this.list.add({
      kind: 'compute',
      form: 'statements',
      nodes: [statement],
      outputs: this.list.assignedBy(statement),
    });
    return true;
  }

  /** `object.name` and `object[key]`, where `object` and `key` can be evaluated before what is assigned. */
  #isField(target: ts.Expression): target is ts.PropertyAccessExpression | ts.ElementAccessExpression {
    const { ts } = this.#context;
    const isKeyed = ts.isElementAccessExpression(target);
    if (!isKeyed && !ts.isPropertyAccessExpression(target)) return false;
    const { expression } = target;
    const isPlain = expression.kind !== ts.SyntaxKind.SuperKeyword && !ts.isOptionalChain(expression);
    const isSimple = !isKeyed || isPrimitive(this.#context, target.argumentExpression);
    return (
      isPlain &&
      isSimple &&
      !suspends(this.#context, target) &&
      assignedTargets(this.#context, target).length === 0 &&
      this.list.assignedBy(target).length === 0
    );
  }

  /** The object and the key, and what stands in the field before `operator` adds to it: that stands in the slot of the operator. */
  #lowerField(
    target: ts.PropertyAccessExpression | ts.ElementAccessExpression,
    operator: ts.Node | undefined,
  ): void {
    const object = strip(this.#context, target.expression);
    if (!this.#cuts.isStable(object)) this.lowerTo(object, [object]);
    const key = this.#context.ts.isElementAccessExpression(target)
      ? strip(this.#context, target.argumentExpression)
      : undefined;
    if (key !== undefined && !this.#cuts.isStable(key)) this.lowerTo(key, [key]);
    if (operator !== undefined)
      this.list.add({ kind: 'compute', form: 'expression', nodes: [target], outputs: [operator] });
  }

  #lowerReturn(expression: ts.Expression | undefined, statement?: ts.Statement): void {
    const { checker } = this.#context;
    const node = expression && strip(this.#context, expression);
    const isNested = this.list.guard !== undefined || this.list.region !== undefined;
    const kind = isNested ? 'exit' : 'return';
    if (node !== undefined && this.#isCaught(node) && !this.#context.ts.isAwaitExpression(node))
      this.#requireSettled(node);
    if (node === undefined) {
      this.list.add({ kind, form: 'nothing', nodes: statement ? [statement] : [], outputs: [] });
      return;
    }
    if (suspends(this.#context, node)) {
      const called = operatorCall(this.#context, node);
      // What is returned is awaited, so a call or combinator that is returned is as good as awaited.
      // Nobody reads the variables of the body after this.
      if (this.list.assignedBy(node).length > 0)
        this.list.add({
          kind: 'async',
          form: 'expression',
          nodes: [node],
          outputs: [node],
          notes: [this.#asOneStep(node)],
        });
      else if (called && this.#cuts.isCuttable(node)) this.#lowerCall('call', called, node, [node]);
      else if (
        isPromiseType(this.#context, checker.getTypeAtLocation(node)) &&
        !awaitsInside(this.#context, node)
      )
        this.list.add({ kind: 'async', form: 'expression', nodes: [node], outputs: [node] });
      else this.lowerTo(node, [node]);
    }
    this.list.add({ kind, form: 'expression', nodes: [node], outputs: [] });
  }

  /** Whether a `try` is around `node`, which does not wait for a promise that is returned from it. */
  #isCaught(node: ts.Node): boolean {
    const { ts } = this.#context;
    const outer = ts.findAncestor(node, (inner) => ts.isTryStatement(inner) || inner === this.#body);
    return outer !== undefined && outer !== this.#body;
  }

  #requireSettled(node: ts.Expression): void {
    if (mayBeThenable(this.#context, this.#context.checker.getTypeAtLocation(node)))
      throw new Uncuttable(this.#context, 'XCS2007', node, `\`${labelOf(node, 40)}\``);
  }

  /** Adds pieces whose last one evaluates `expression` into `outputs`. */
  readonly lowerTo = (expression: ts.Expression, outputs: readonly Output[]): void => {
    const { ts } = this.#context;
    const node = strip(this.#context, expression);
    const called = operatorCall(this.#context, node);
    const choice = choiceOf(this.#context, node);
    if (!suspends(this.#context, node))
      this.list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
    else if (choice !== undefined && this.#cuts.isCuttable(node)) this.#lowerChoice(node, choice, outputs);
    else if (ts.isAwaitExpression(node)) this.#lowerAwait(node, outputs);
    else if (!this.#cuts.isCuttable(node)) this.#addAsync(node, outputs);
    else if (called) this.#lowerCall('start', called, node, outputs);
    else {
      this.#lowerParts(node);
      this.list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
    }
  };

  /** Each part runs only if the part before it says so; the value is that of the last one that runs. */
  #lowerChoice(node: ts.Expression, choice: Choice, outputs: readonly Output[]): void {
    const { first, whenTruthy, whenFalsy, whenAbsent, givesFirst } = choice;
    // The other parts see a variable as it was before this gives it a value.
    const isSeen = outputs.some((of) => !isNode(of) && !isFlag(of) && this.#mentions(node, of));
    if (givesFirst && isSeen) {
      this.#lowerChoice(node, choice, [node]);
      this.list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
      return;
    }
    const given = outputs.length === 0 && givesFirst ? [node] : outputs;
    let decided: Binding;
    if (givesFirst) {
      this.lowerTo(first, given);
      decided = this.list.lastOutput();
    } else decided = lowerFlag(this, first);
    const lowerUnder = (guard: Binding, part: ts.Expression): void =>
      this.list.under(guard, () => this.lowerTo(part, given));
    if (whenTruthy) lowerUnder(decided, whenTruthy);
    if (whenFalsy) lowerUnder(addTest(this.list, 'none', first, [decided]), whenFalsy);
    if (whenAbsent) lowerUnder(addTest(this.list, 'absent', first, [decided]), whenAbsent);
  }

  #mentions(node: ts.Node, variable: ts.Symbol): boolean {
    const isMention = (inner: ts.Node): boolean =>
      this.#context.ts.isIdentifier(inner) && this.list.variableAt(inner) === variable;
    return contains(this.#context, node, isMention, () => true);
  }

  #asOneStep(node: ts.Node): Note {
    return note('XCS2007', spanOf(this.#context, node), `\`${labelOf(node, 40)}\``);
  }

  #addAsync(node: ts.Expression, outputs: readonly Output[]): void {
    // A combinator whose members start together is one step by its nature.
    const operand = this.#context.ts.isAwaitExpression(node) ? node.expression : node;
    const notes = awaitsInside(this.#context, operand) ? [this.#asOneStep(node)] : [];
    const assigned = this.list.assignedBy(node);
    const isValueWanted = outputs.length > 0;
    if (assigned.length > 0 && isValueWanted)
      throw new Uncuttable(this.#context, 'XCS2009', node, 'variables are assigned between calls');
    const kind = awaitsInside(this.#context, node) ? 'async' : 'compute';
    const form = assigned.length > 0 ? 'statements' : 'expression';
    const given = assigned.length > 0 ? assigned : outputs;
    const isAwait = this.#context.ts.isAwaitExpression(node);
    const isBoxed = kind === 'async' && given.length === 1 && !isAwait;
    // Where its failure is caught, members may go on.
    const starts = isAwait && !this.#isCaught(node) ? this.list.startedIn(operand) : undefined;
    this.list.add({
      kind,
      form,
      nodes: [node],
      outputs: given,
      notes,
      isBoxed,
      ...(starts ? { starts } : {}),
    });
  }

  #lowerAwait(node: ts.AwaitExpression, outputs: readonly Output[]): void {
    const operand = strip(this.#context, node.expression);
    const called = operatorCall(this.#context, operand);
    if (called?.isOptional && this.#cuts.isCuttable(node)) return this.#lowerOptional(called, node, outputs);
    if (called && this.#cuts.isCuttable(operand)) return this.#lowerCall('call', called, node, outputs);
    if (lowerInlined(this, this.#called, node, operand, outputs)) return;
    if (!suspends(this.#context, operand)) {
      const starts = this.list.startsOf(operand);
      this.list.add({
        kind: 'await',
        form: 'expression',
        nodes: [operand],
        outputs,
        ...(starts ? { starts } : {}),
      });
      return;
    }
    // A combinator over calls is one step: its members start together.
    const isOne = !awaitsInside(this.#context, operand) && !this.#isSettling(operand);
    if (isOne || !this.#cuts.isCuttable(operand)) return this.#addAsync(node, outputs);
    this.#lowerParts(operand);
    const starts = this.list.startsOf(operand);
    this.list.add({
      kind: 'await',
      form: 'expression',
      nodes: [operand],
      outputs,
      ...(starts ? { starts } : {}),
    });
  }

  /**
   * `Promise.allSettled([…])` over calls: to begin them may fail, and to wait for them cannot, so that these are steps of their
   * own, which begin together. Where they might be skipped or repeated nobody could say which activation a promise is of.
   */
  #isSettling(node: ts.Expression): boolean {
    const members = settledMembers(this.#context, node);
    if (members === undefined || this.list.guard !== undefined || this.list.region !== undefined)
      return false;
    return members.every((member) => {
      const called = operatorCall(this.#context, strip(this.#context, member));
      const isPlain = called !== undefined && called.isOptional === undefined;
      return isPlain && called.call.arguments.every((argument) => !suspends(this.#context, argument));
    });
  }

  /** `await target?.invoke(…)`: the call is made, and what it is given evaluated, only if the target is there. */
  #lowerOptional(called: OperatorCall, node: ts.AwaitExpression, outputs: readonly Output[]): void {
    const target = strip(this.#context, called.target);
    this.lowerTo(target, [target]);
    const present = addTest(this.list, 'present', target, [this.list.lastOutput()]);
    // Skipped, it gives nothing, and not what a variable was before.
    const isAgain = outputs.some((of) => !isNode(of) && !isFlag(of) && this.list.isAssigned(of));
    const given = isAgain ? [node] : outputs;
    this.list.under(present, () => this.#lowerCall('call', called, node, given));
    if (isAgain) this.list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
  }

  #lowerCall(
    kind: 'call' | 'start',
    called: OperatorCall,
    root: ts.Expression,
    outputs: readonly Output[],
  ): void {
    this.#lowerParts(called.call);
    if (kind === 'call') {
      this.#lowerTold(called);
      this.#lowerArgument(called);
    }
    this.list.add({ kind, form: 'call', nodes: [root], outputs, called });
  }

  /** What tells which resources the call touches is evaluated before it. */
  #lowerTold(called: OperatorCall): void {
    const [argument] = called.call.arguments;
    if (argument === undefined || suspends(this.#context, argument)) return;
    const isMoved = this.list.assignedBy(argument).length === 0 && !callsWriters(this.#context, argument);
    if (!isMoved || this.#cuts.calleeOf(called.call) !== undefined) return;
    for (const part of toldParts(this.#context, called, (one) => this.#cuts.isStable(one)))
      this.lowerTo(part, [strip(this.#context, part)]);
  }

  /** An argument that writes what later steps may read: these need not wait for the call. */
  #lowerArgument({ call }: OperatorCall): void {
    const [argument, ...others] = call.arguments;
    if (argument === undefined || others.length > 0 || this.#cuts.orderOf(call)?.[0] !== argument) return;
    const isWriting = callsWriters(this.#context, argument) && this.list.assignedBy(argument).length === 0;
    if (!isWriting || suspends(this.#context, argument) || this.#context.ts.isSpreadElement(argument)) return;
    const callee = this.#cuts.calleeOf(call);
    if (callee !== undefined)
      this.list.add({ kind: 'compute', form: 'expression', nodes: [callee], outputs: [] });
    const node = strip(this.#context, argument);
    this.list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs: [node] });
  }

  /** Adds pieces for all that suspends in `node`, and for what must be evaluated before that. */
  #lowerParts(node: ts.Expression): void {
    if (!suspends(this.#context, node)) return;
    const order = this.#cuts.orderOf(node) ?? [];
    const last = order.findLastIndex((part) => suspends(this.#context, part));
    const callee = this.#cuts.lookupOf(node);
    const firstArgument = this.#context.ts.isCallExpression(node) ? order.length - node.arguments.length : 0;
    order.forEach((part, index) => {
      if (index > last) return;
      if (callee !== undefined && index === firstArgument)
        this.list.add({ kind: 'compute', form: 'expression', nodes: [callee], outputs: [] });
      if (this.#context.ts.isSpreadElement(part)) this.#lowerParts(part);
      else if (index < last ? !this.#cuts.isStable(part) : this.#cuts.isSuspension(part))
        this.lowerTo(part, [strip(this.#context, part)]);
      else this.#lowerParts(part);
    });
  }
}

/** Of `variables`, those that live longer than a block around `node` whose failure is handled. */
function seenByHandlers(
  { ts }: Context,
  body: ts.Node,
  node: ts.Node,
  variables: readonly ts.Symbol[],
): readonly ts.Symbol[] {
  const isSeen = ({ valueDeclaration }: ts.Symbol): boolean => {
    for (let inner = node; inner !== body; inner = inner.parent) {
      const { parent } = inner;
      const isHandled = ts.isTryStatement(parent) && parent.tryBlock === inner && parent.catchClause;
      if (isHandled && !ts.findAncestor(valueDeclaration, (outer) => outer === inner)) return true;
    }
    return false;
  };
  return variables.filter(isSeen);
}

/** Whether something in `statement` may fail after something else in it has assigned a variable. */
function mayTear(context: Context, statement: ts.Statement): boolean {
  const { ts } = context;
  if (ts.isExpressionStatement(statement)) {
    const node = strip(context, statement.expression);
    const parts = ts.isBinaryExpression(node) ? [node.right] : [];
    const isLast = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) || parts.length > 0;
    const assigns = (inner: ts.Node): boolean => assignedTargets(context, inner).length > 0;
    if (isLast && !parts.some((part) => contains(context, part, assigns, () => true))) return false;
  }
  const isQuiet = (node: ts.Node): boolean =>
    !(
      ts.isCallExpression(node) ||
      ts.isNewExpression(node) ||
      ts.isAwaitExpression(node) ||
      ts.isThrowStatement(node) ||
      ts.isPropertyAccessExpression(node) ||
      ts.isElementAccessExpression(node) ||
      ts.isTaggedTemplateExpression(node) ||
      ts.isForOfStatement(node) ||
      ts.isSpreadElement(node) ||
      ts.isObjectBindingPattern(node) ||
      ts.isArrayBindingPattern(node)
    );
  return contains(context, statement, (node) => !isQuiet(node));
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
