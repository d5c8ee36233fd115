/**
 * Pass 2: cuts a body into pieces, one per step.
 *
 * In:  a function whose code may be moved (pass 1).
 * Out: pieces in program order; variables have become slots that are filled once. Evaluation order is JavaScript's.
 *
 * What cannot be cut runs as written: an expression or statement as one `async` piece, or all that follows as a `tail`.
 */
import type ts from 'typescript';
import type { Note, StepKind } from '../runtime/descriptor.ts';
import { assignedTargets, findAssignments, targetSymbol } from './assigned.ts';
import { type Code, note } from './catalogue.ts';
import { type Context, labelOf, spanOf } from './context.ts';
import { type OperatorCall, operatorCall, strip } from './operators.ts';
import type { Binding, Form, Lowered, Piece } from './piece.ts';
import { libraryMember, resolveAlias } from './symbols.ts';
import { awaitsInside, contains, evaluationOrder, mayReturn, mayThrow, runsAtOnce, suspends } from './shape.ts';

export type Body = ts.ArrowFunction | ts.FunctionExpression | ts.MethodDeclaration | ts.FunctionDeclaration;

export function lower(context: Context, body: Body): Lowered {
  const lowering = new Lowering(context, body);
  lowering.lowerBody();
  return lowering;
}

/** Thrown inside of `lowerBody` only: from this statement on the body must run as written. */
class Uncuttable extends Error {
  readonly note: Note;
  constructor(reason: Note) {
    super(reason.message);
    this.note = reason;
  }
}

interface Draft {
  readonly kind: StepKind;
  readonly form: Form;
  readonly nodes: readonly ts.Node[];
  readonly outputs: readonly (ts.Symbol | ts.Node)[];
  readonly called?: OperatorCall;
  readonly starts?: readonly number[];
  readonly notes?: readonly Note[];
}

class Lowering implements Lowered {
  readonly pieces: Piece[] = [];
  readonly slots: string[] = ['input', 'context'];
  readonly #context: Context;
  readonly #body: Body;
  /** Variables of the body, and the slot that holds each one now. */
  readonly #variables = new Set<ts.Symbol>();
  readonly #current = new Map<ts.Symbol, number>();
  /** Slots of expressions that have been evaluated. */
  readonly #evaluated = new Map<ts.Node, number>();
  /** The piece that started the call whose promise a slot holds. */
  readonly #starter = new Map<number, number>();

  constructor(context: Context, body: Body) {
    this.#context = context;
    this.#body = body;
  }

  lowerBody(): void {
    const { ts } = this.#context;
    this.#lowerParameters();
    const block = this.#body.body;
    if (block === undefined || !ts.isBlock(block)) {
      if (block !== undefined) this.#lowerReturn(block);
      return;
    }
    for (const statement of block.statements) this.#declare(statement);
    const isDone = block.statements.some((statement, index) => this.#lowerOrStop(block.statements, statement, index));
    if (!isDone) this.#add({ kind: 'return', form: 'nothing', nodes: [block.getLastToken() ?? block], outputs: [] });
  }

  #lowerParameters(): void {
    const { ts, checker } = this.#context;
    this.#body.parameters.forEach((parameter, slot) => {
      for (const name of namesOf(this.#context, parameter.name)) this.#variables.add(name);
      const symbol = checker.getSymbolAtLocation(parameter.name);
      if (ts.isIdentifier(parameter.name) && parameter.initializer === undefined && symbol !== undefined) {
        this.#current.set(symbol, slot);
        return;
      }
      const piece = this.#add({ kind: 'compute', form: 'parameter', nodes: [parameter], outputs: namesOf(this.#context, parameter.name) });
      this.pieces[piece.id] = { ...piece, inputs: [{ slot, of: parameter }, ...piece.inputs] };
    });
  }

  /** Notes the variables that `statement` declares for the whole body. */
  #declare(statement: ts.Statement): void {
    const { ts, checker } = this.#context;
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations)
        for (const symbol of namesOf(this.#context, name)) this.#variables.add(symbol);
    const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    const symbol = isNamed && statement.name ? checker.getSymbolAtLocation(statement.name) : undefined;
    if (symbol !== undefined) this.#variables.add(symbol);
  }

  /** Whether `statement` ends the body: by `return`, or because all from it on runs as written. */
  #lowerOrStop(statements: readonly ts.Statement[], statement: ts.Statement, index: number): boolean {
    const { ts } = this.#context;
    const state = { pieces: this.pieces.length, slots: this.slots.length, current: new Map(this.#current) };
    try {
      if (ts.isReturnStatement(statement)) {
        this.#lowerReturn(statement.expression, statement);
        return true;
      }
      this.#requireCuttable(statement);
      this.#lowerStatement(statement);
      return false;
    } catch (error) {
      if (!(error instanceof Uncuttable)) throw error;
      this.pieces.length = state.pieces;
      this.slots.length = state.slots;
      this.#current.clear();
      for (const [symbol, slot] of state.current) this.#current.set(symbol, slot);
      for (const [node, slot] of this.#evaluated) if (slot >= state.slots) this.#evaluated.delete(node);
      this.#lowerTail(statements.slice(index), error.note);
      return true;
    }
  }

  #lowerTail(statements: readonly ts.Statement[], reason: Note): void {
    const [first] = statements;
    if (first === undefined) return;
    this.#add({ kind: 'async', form: 'tail', nodes: statements, outputs: [first], notes: [reason] });
    this.#add({ kind: 'return', form: 'expression', nodes: [first], outputs: [] });
  }

  #uncuttable(code: Code, node: ts.Node, what: string): Uncuttable {
    return new Uncuttable(note(code, spanOf(this.#context, node), what));
  }

  #requireCuttable(statement: ts.Statement): void {
    const { ts } = this.#context;
    if (mayReturn(this.#context, statement)) throw this.#uncuttable('XCS2005', statement, `\`${labelOf(statement, 40)}\``);
    const isUsing = ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Using) !== 0;
    if (isUsing) throw this.#uncuttable('XCS2009', statement, '`using` releases its resource at the end of the body');
    const isHoisted = (node: ts.Node): boolean =>
      ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0 && node.parent !== statement;
    if (contains(this.#context, statement, isHoisted)) throw this.#uncuttable('XCS2009', statement, '`var` in a nested statement');
    const captured = this.#changingCapture(statement);
    if (captured !== undefined) throw this.#uncuttable('XCS2006', statement, captured);
  }

  /** A variable that changes although a function that outlives its statement captures it. Its slot would be stale. */
  #changingCapture(statement: ts.Statement): string | undefined {
    const { ts } = this.#context;
    const assignments = findAssignments(this.#context, this.#body.getSourceFile());
    const declared = new Set(this.#declaredBy(statement));
    const isHere = (node: ts.Node): boolean => ts.findAncestor(node, (ancestor) => ancestor === statement) !== undefined;
    const isKept = (node: ts.Node): boolean => ts.isFunctionLike(node) && !runsAtOnce(this.#context, node);
    let found: string | undefined;
    const visit = (node: ts.Node, inKept: boolean): void => {
      const isInside = inKept || (node !== this.#body && isKept(node));
      const symbol = isInside && ts.isIdentifier(node) ? this.#variableAt(node) : undefined;
      // A variable that a kept function captures anywhere must not be cut where it is declared.
      const matters = symbol !== undefined && (declared.has(symbol) || isHere(node));
      if (matters && (assignments.get(symbol)?.length ?? 0) > 0) found = symbol.name;
      ts.forEachChild(node, (child) => visit(child, isInside));
    };
    visit(declared.size > 0 ? this.#body : statement, false);
    return found;
  }

  #declaredBy(statement: ts.Statement): readonly ts.Symbol[] {
    const { ts, checker } = this.#context;
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => namesOf(this.#context, name));
    if (!ts.isFunctionDeclaration(statement) && !ts.isClassDeclaration(statement)) return [];
    const symbol = statement.name && checker.getSymbolAtLocation(statement.name);
    return symbol === undefined ? [] : [symbol];
  }

  /** The variable of the body that `node` refers to. */
  #variableAt(node: ts.Identifier): ts.Symbol | undefined {
    const { ts, checker } = this.#context;
    const isShorthand = ts.isShorthandPropertyAssignment(node.parent);
    const symbol = isShorthand ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node);
    return symbol !== undefined && this.#variables.has(symbol) ? symbol : undefined;
  }

  #lowerStatement(statement: ts.Statement): void {
    const { ts } = this.#context;
    const isType = ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    if (isType || ts.isEmptyStatement(statement)) return;
    const isPlain = (declaration: ts.VariableDeclaration): boolean => !suspends(this.#context, declaration.name);
    if (ts.isVariableStatement(statement) && statement.declarationList.declarations.every(isPlain)) {
      for (const declaration of statement.declarationList.declarations) this.#lowerDeclaration(declaration);
    } else if (ts.isExpressionStatement(statement)) this.#lowerExpressionStatement(statement);
    else this.#addStatement(statement);
  }

  /** A statement that is not cut: one piece, asynchronous if anything in it is. */
  #addStatement(statement: ts.Statement): void {
    const isAsync = suspends(this.#context, statement);
    const outputs = [...this.#assignedBy(statement), ...this.#declaredBy(statement)];
    const span = spanOf(this.#context, statement);
    const notes = isAsync ? [note('XCS2007', span, `\`${labelOf(statement, 40)}\``)] : [];
    this.#add({ kind: isAsync ? 'async' : 'compute', form: 'statements', nodes: [statement], outputs, notes });
  }

  #assignedBy(node: ts.Node): readonly ts.Symbol[] {
    const { ts } = this.#context;
    const found = new Set<ts.Symbol>();
    const visit = (inner: ts.Node): void => {
      for (const target of assignedTargets(this.#context, inner)) {
        const symbol = targetSymbol(this.#context, target);
        if (symbol !== undefined && this.#variables.has(symbol)) found.add(symbol);
      }
      ts.forEachChild(inner, visit);
    };
    visit(node);
    return [...found];
  }

  #lowerDeclaration(declaration: ts.VariableDeclaration): void {
    const { ts, checker } = this.#context;
    const { name, initializer } = declaration;
    const symbol = checker.getSymbolAtLocation(name);
    if (ts.isIdentifier(name) && initializer !== undefined && symbol !== undefined) return this.#lowerTo(initializer, [symbol]);
    if (initializer !== undefined && suspends(this.#context, initializer)) this.#lowerTo(initializer, [initializer]);
    this.#add({ kind: 'compute', form: 'binding', nodes: [declaration], outputs: namesOf(this.#context, name) });
  }

  #lowerExpressionStatement(statement: ts.ExpressionStatement): void {
    const { ts } = this.#context;
    const node = strip(this.#context, statement.expression);
    if (!suspends(this.#context, node)) return this.#addStatement(statement);
    if (ts.isAwaitExpression(node) || operatorCall(this.#context, node)) return this.#lowerTo(node, []);
    if (ts.isBinaryExpression(node) && this.#lowerAssignment(statement, node)) return;
    if (assignedTargets(this.#context, node).length > 0 || !this.#isCuttable(node)) return this.#addStatement(statement);
    this.#lowerParts(node);
    this.#add({ kind: 'compute', form: 'statements', nodes: [statement], outputs: [] });
  }

  /** `x = …`, `x += …`, `this.x = …`, and patterns, where the right side suspends. */
  #lowerAssignment(statement: ts.ExpressionStatement, node: ts.BinaryExpression): boolean {
    const { ts } = this.#context;
    const { SyntaxKind } = ts;
    const operator = node.operatorToken.kind;
    const target = strip(this.#context, node.left);
    const isPlain = operator === SyntaxKind.EqualsToken;
    const isVariable = ts.isIdentifier(target) && this.#variableAt(target) !== undefined;
    const isPattern = ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target);
    const isField = ts.isPropertyAccessExpression(target) && this.#isStable(target.expression);
    const isArithmetic = operator >= SyntaxKind.PlusEqualsToken && operator <= SyntaxKind.CaretEqualsToken
      && ![SyntaxKind.BarBarEqualsToken, SyntaxKind.AmpersandAmpersandEqualsToken, SyntaxKind.QuestionQuestionEqualsToken].includes(operator);
    const isKnown = (isPlain && (isVariable || isField || (isPattern && !suspends(this.#context, target)))) || (isArithmetic && isVariable);
    if (!isKnown || contains(this.#context, node.right, (inner) => assignedTargets(this.#context, inner).length > 0)) return false;
    const variable = isVariable ? this.#variableAt(target) : undefined;
    if (isPlain && variable !== undefined) {
      this.#lowerTo(node.right, [variable]);
      return true;
    }
    this.#lowerTo(node.right, [node.right]);
    this.#add({ kind: 'compute', form: 'statements', nodes: [statement], outputs: this.#assignedBy(statement) });
    return true;
  }

  #lowerReturn(expression: ts.Expression | undefined, statement?: ts.Statement): void {
    const node = expression && strip(this.#context, expression);
    if (node === undefined) {
      this.#add({ kind: 'return', form: 'nothing', nodes: statement ? [statement] : [], outputs: [] });
      return;
    }
    if (suspends(this.#context, node)) {
      const called = operatorCall(this.#context, node);
      // What is returned is awaited, so a call that is returned is as good as awaited.
      if (called && this.#isCuttable(node)) this.#lowerCall('call', called, node, [node]);
      else this.#lowerTo(node, [node]);
    }
    this.#add({ kind: 'return', form: 'expression', nodes: [node], outputs: [] });
  }

  /** Adds pieces whose last one evaluates `expression` into `outputs`. */
  #lowerTo(expression: ts.Expression, outputs: readonly (ts.Symbol | ts.Node)[]): void {
    const { ts } = this.#context;
    const node = strip(this.#context, expression);
    const called = operatorCall(this.#context, node);
    if (!suspends(this.#context, node)) this.#add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
    else if (ts.isAwaitExpression(node)) this.#lowerAwait(node, outputs);
    else if (!this.#isCuttable(node)) this.#addAsync(node, outputs);
    else if (called) this.#lowerCall('start', called, node, outputs);
    else {
      this.#lowerParts(node);
      this.#add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
    }
  }

  #addAsync(node: ts.Expression, outputs: readonly (ts.Symbol | ts.Node)[]): void {
    const assigned = this.#assignedBy(node);
    const isValueWanted = outputs.length > 0;
    if (assigned.length > 0 && isValueWanted) throw this.#uncuttable('XCS2007', node, 'it assigns variables between calls');
    if (assigned.length > 0) this.#add({ kind: 'async', form: 'statements', nodes: [node], outputs: assigned });
    else this.#add({ kind: 'async', form: 'expression', nodes: [node], outputs });
  }

  #lowerAwait(node: ts.AwaitExpression, outputs: readonly (ts.Symbol | ts.Node)[]): void {
    const operand = strip(this.#context, node.expression);
    const called = operatorCall(this.#context, operand);
    if (called && this.#isCuttable(operand)) return this.#lowerCall('call', called, node, outputs);
    if (!suspends(this.#context, operand)) {
      const starts = this.#startsOf(operand);
      this.#add({ kind: 'await', form: 'expression', nodes: [operand], outputs, ...(starts ? { starts } : {}) });
      return;
    }
    // A combinator over calls is one step: its members start together.
    if (!awaitsInside(this.#context, operand) || !this.#isCuttable(operand)) return this.#addAsync(node, outputs);
    this.#lowerParts(operand);
    const starts = this.#startsOf(operand);
    this.#add({ kind: 'await', form: 'expression', nodes: [operand], outputs, ...(starts ? { starts } : {}) });
  }

  /** The pieces that started the calls that `node` waits for to the end: `p`, `Promise.all([p, q])`. */
  #startsOf(node: ts.Expression): readonly number[] | undefined {
    const { ts, checker } = this.#context;
    const slot = this.#slotOf(node);
    const start = slot === undefined ? undefined : this.#starter.get(slot);
    if (start !== undefined) return [start];
    const declaration = ts.isCallExpression(node) ? checker.getResolvedSignature(node)?.declaration : undefined;
    const library = libraryMember(this.#context, declaration);
    const isAll = library?.owner === 'PromiseConstructor' && /^(all|allSettled)$/.test(library.member);
    const [list] = isAll && ts.isCallExpression(node) ? node.arguments : [];
    if (list === undefined || !ts.isArrayLiteralExpression(list)) return undefined;
    const starts = list.elements.map((element) => this.#starter.get(this.#slotOf(element) ?? -1));
    return starts.every((found) => found !== undefined) ? starts : undefined;
  }

  #slotOf(node: ts.Expression): number | undefined {
    const evaluated = this.#evaluated.get(node);
    if (evaluated !== undefined || !this.#context.ts.isIdentifier(node)) return evaluated;
    const symbol = this.#variableAt(node);
    return symbol && this.#current.get(symbol);
  }

  #lowerCall(kind: 'call' | 'start', called: OperatorCall, root: ts.Expression, outputs: readonly (ts.Symbol | ts.Node)[]): void {
    this.#lowerParts(called.call);
    const piece = this.#add({ kind, form: 'call', nodes: [root], outputs, called });
    if (kind === 'start') for (const { slot } of piece.outputs) this.#starter.set(slot, piece.id);
  }

  /** Whether everything that suspends in `node` can be evaluated before it, in the order of JavaScript. */
  #isCuttable(node: ts.Expression): boolean {
    const { ts } = this.#context;
    if (!suspends(this.#context, node)) return true;
    if (ts.isAwaitExpression(node)) {
      const operand = strip(this.#context, node.expression);
      return operatorCall(this.#context, operand) === undefined || this.#isCuttable(operand);
    }
    const order = this.#orderOf(node);
    if (order === undefined) return false;
    const last = order.findLastIndex((part) => suspends(this.#context, part));
    const earlier = order.slice(0, Math.max(last, 0));
    // Spreading copies when it is evaluated, so it cannot wait for what is evaluated after it.
    const copies = earlier.some((part) => ts.isSpreadElement(part) || ts.isSpreadAssignment(part.parent));
    const assigns = earlier.some((part) => contains(this.#context, part, (inner) => assignedTargets(this.#context, inner).length > 0));
    return !copies && !assigns && order.every((part) => this.#isCuttable(part));
  }

  /** An operator call looks its operator up when it starts, so only computed receivers are evaluated before it. */
  #orderOf(node: ts.Expression): readonly ts.Expression[] | undefined {
    const called = operatorCall(this.#context, node);
    if (called === undefined) return evaluationOrder(this.#context, node);
    return this.#isStable(called.target) ? called.call.arguments : [called.target, ...called.call.arguments];
  }

  /** Adds pieces for all that suspends in `node`, and for what must be evaluated before that. */
  #lowerParts(node: ts.Expression): void {
    if (!suspends(this.#context, node)) return;
    const order = this.#orderOf(node) ?? [];
    const last = order.findLastIndex((part) => suspends(this.#context, part));
    order.forEach((part, index) => {
      if (index > last) return;
      if (this.#context.ts.isSpreadElement(part)) this.#lowerParts(part);
      else if (index < last ? !this.#isStable(part) : this.#isSuspension(part)) this.#lowerTo(part, [strip(this.#context, part)]);
      else this.#lowerParts(part);
    });
  }

  #isSuspension(node: ts.Expression): boolean {
    const inner = strip(this.#context, node);
    return this.#context.ts.isAwaitExpression(inner) || operatorCall(this.#context, inner) !== undefined;
  }

  /** Whether `node` means the same now and after the next call: constants, slots, functions, and paths from `this`. */
  #isStable(expression: ts.Expression): boolean {
    const { ts } = this.#context;
    const node = strip(this.#context, expression);
    if (this.#evaluated.has(node) || ts.isLiteralExpression(node) || ts.isOmittedExpression(node)) return true;
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return true;
    if (ts.isIdentifier(node)) return this.#variableAt(node) !== undefined || isConstant(this.#context, node);
    if (ts.isPropertyAccessExpression(node)) return this.#isStable(node.expression) && this.#startsAtThis(node);
    return node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword || node.kind === ts.SyntaxKind.NullKeyword;
  }

  #startsAtThis(node: ts.Expression): boolean {
    const { ts } = this.#context;
    const inner = strip(this.#context, node);
    if (ts.isPropertyAccessExpression(inner)) return this.#startsAtThis(inner.expression);
    return inner.kind === ts.SyntaxKind.ThisKeyword;
  }

  #add(draft: Draft): Piece {
    const inputs = this.#inputsOf(draft);
    const outputs = draft.outputs.map((of): Binding => {
      const slot = this.slots.length;
      this.slots.push('kind' in of ? `$${slot}` : of.name);
      return { slot, of };
    });
    const gate = draft.form === 'statements' && draft.nodes.some((node) => mayThrow(this.#context, node));
    const { kind, form, nodes, called, starts, notes = [] } = draft;
    const piece: Piece = {
      id: this.pieces.length, kind, form, nodes, inputs, outputs, gate, notes,
      ...(called ? { called } : {}), ...(starts ? { starts } : {}),
    };
    this.pieces.push(piece);
    for (const { slot, of } of outputs) {
      if ('kind' in of) this.#evaluated.set(of, slot);
      else this.#current.set(of, slot);
    }
    return piece;
  }

  /** The slots that the code of `draft` reads: variables of the body, and expressions that have been evaluated. */
  #inputsOf(draft: Draft): readonly Binding[] {
    const { ts } = this.#context;
    const found = new Map<ts.Symbol | ts.Node, number>();
    const declared = new Set(draft.form === 'tail' ? draft.nodes.flatMap((node) => this.#declaredBy(node as ts.Statement)) : draft.outputs);
    const visit = (node: ts.Node): void => {
      const isRoot = draft.nodes.includes(node) && draft.outputs.includes(node);
      const slot = isRoot ? undefined : this.#evaluated.get(node);
      if (slot !== undefined) return void found.set(node, slot);
      if (ts.isTypeNode(node)) return;
      const symbol = ts.isIdentifier(node) ? this.#variableAt(node) : undefined;
      if (symbol !== undefined) this.#addInput(found, symbol, declared.has(symbol), node);
      ts.forEachChild(node, visit);
    };
    for (const node of draft.form === 'call' && draft.called ? [draft.called.call] : draft.nodes) visit(node);
    return [...found].map(([of, slot]) => ({ slot, of }));
  }

  #addInput(found: Map<ts.Symbol | ts.Node, number>, symbol: ts.Symbol, isDeclared: boolean, node: ts.Node): void {
    const slot = this.#current.get(symbol);
    if (slot !== undefined) found.set(symbol, slot);
    else if (!isDeclared) throw this.#uncuttable('XCS2009', node, `\`${symbol.name}\` is used before it is declared`);
  }
}

/** Whether `node` names something that nobody assigns: an import, a function, a class, a `const`. */
function isConstant(context: Context, node: ts.Identifier): boolean {
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(node);
  const declaration = symbol && resolveAlias(context, symbol).valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return declaration === undefined || !ts.isParameter(declaration);
  const isLibrary = declaration.getSourceFile().isDeclarationFile;
  return isLibrary || (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
}

function namesOf(context: Context, name: ts.BindingName): readonly ts.Symbol[] {
  const { ts, checker } = context;
  if (ts.isIdentifier(name)) {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol === undefined ? [] : [symbol];
  }
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesOf(context, element.name) : []));
}
