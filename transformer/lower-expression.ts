/**
 * Lowers expressions: what suspends in them becomes pieces of its own, in the order in which JavaScript evaluates it.
 *
 * In:  an expression, and where its value is wanted.
 * Out: pieces, the last of which gives the value.
 */
import type ts from 'typescript';
import type { Note } from '../runtime/descriptor.ts';
import { note } from './catalogue.ts';
import { type Context, labelOf, spanOf } from './context.ts';
import { Cuts } from './cuts.ts';
import { addTest, lowerFlag, type Lowerer } from './lower-control.ts';
import { lowerInlined } from './lower-inline.ts';
import { type OperatorCall, operatorCall, strip } from './operators.ts';
import { type Binding, isFlag, isNode, type Output } from './piece.ts';
import type { PieceList } from './piece-list.ts';
import { startedIn, startsOf } from './started-calls.ts';
import { Uncuttable } from './uncuttable.ts';
import { settledMembers } from './settled.ts';
import { awaitsInside, callsWriters, type Choice, choiceOf, contains, suspends } from './shape.ts';
import { toldParts } from './told-arguments.ts';
import type { Reasons } from './why-called.ts';

export class ExpressionLowering {
  readonly cuts: Cuts;
  readonly #lowerer: Lowerer;
  readonly #list: PieceList;
  readonly #context: Context;
  readonly #called: Reasons;

  /** `called`: calls of functions that are not put in place. */
  constructor(lowerer: Lowerer, called: Reasons) {
    this.#lowerer = lowerer;
    this.#list = lowerer.list;
    this.#context = lowerer.context;
    this.#called = called;
    this.cuts = new Cuts(lowerer.context, lowerer.list);
  }

  /** Adds pieces whose last one evaluates `expression` into `outputs`. */
  readonly lowerTo = (expression: ts.Expression, outputs: readonly Output[]): void => {
    const { ts } = this.#context;
    const node = strip(this.#context, expression);
    const called = operatorCall(this.#context, node);
    const choice = choiceOf(this.#context, node);
    if (!suspends(this.#context, node))
      this.#list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
    else if (choice !== undefined && this.cuts.isCuttable(node)) this.#lowerChoice(node, choice, outputs);
    else if (ts.isAwaitExpression(node)) this.#lowerAwait(node, outputs);
    else if (!this.cuts.isCuttable(node)) this.#addAsync(node, outputs);
    else if (called) this.lowerCall('start', called, node, outputs);
    else {
      this.lowerParts(node);
      this.#list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
    }
  };

  /** Each part runs only if the part before it says so; the value is that of the last one that runs. */
  #lowerChoice(node: ts.Expression, choice: Choice, outputs: readonly Output[]): void {
    const { first, whenTruthy, whenFalsy, whenAbsent, givesFirst } = choice;
    // The other parts, and a handler if one of them fails, see a variable as it was before this gives it a value.
    const isSeen = outputs.some(
      (of) => !isNode(of) && !isFlag(of) && (this.#mentions(node, of) || this.#isHandled(node, of)),
    );
    if (givesFirst && isSeen) {
      this.#lowerChoice(node, choice, [node]);
      this.#list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
      return;
    }
    const given = outputs.length === 0 && givesFirst ? [node] : outputs;
    let decided: Binding;
    if (givesFirst) {
      this.lowerTo(first, given);
      decided = this.#list.lastOutput();
    } else decided = lowerFlag(this.#lowerer, first);
    const lowerUnder = (guard: Binding, part: ts.Expression): void =>
      this.#list.under(guard, () => this.lowerTo(part, given));
    if (whenTruthy) lowerUnder(decided, whenTruthy);
    if (whenFalsy) lowerUnder(addTest(this.#list, 'none', first, [decided]), whenFalsy);
    if (whenAbsent) lowerUnder(addTest(this.#list, 'absent', first, [decided]), whenAbsent);
  }

  /** Whether a handler may see `variable` as it stands before `node`. */
  #isHandled(node: ts.Node, variable: ts.Symbol): boolean {
    return this.#list.isAssigned(variable) && isCaught(this.#lowerer, node);
  }

  #mentions(node: ts.Node, variable: ts.Symbol): boolean {
    const isMention = (inner: ts.Node): boolean =>
      this.#context.ts.isIdentifier(inner) && this.#list.variables.at(inner) === variable;
    return contains(this.#context, node, isMention, () => true);
  }

  #addAsync(node: ts.Expression, outputs: readonly Output[]): void {
    // A combinator whose members start together is one step by its nature.
    const operand = this.#context.ts.isAwaitExpression(node) ? node.expression : node;
    const notes = awaitsInside(this.#context, operand) ? [asOneStep(this.#context, node)] : [];
    const assigned = this.#list.variables.assignedBy(node);
    const isValueWanted = outputs.length > 0;
    if (assigned.length > 0 && isValueWanted)
      throw new Uncuttable(this.#context, 'XCS2009', node, 'variables are assigned between calls');
    const kind = awaitsInside(this.#context, node) ? 'async' : 'compute';
    const form = assigned.length > 0 ? 'statements' : 'expression';
    const given = assigned.length > 0 ? assigned : outputs;
    const isAwait = this.#context.ts.isAwaitExpression(node);
    const isBoxed = kind === 'async' && given.length === 1 && !isAwait;
    // Where its failure is caught, members may go on.
    const starts =
      isAwait && !isCaught(this.#lowerer, node) ? startedIn(this.#context, this.#list, operand) : undefined;
    this.#list.add({
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
    if (called?.isOptional && this.cuts.isCuttable(node)) return this.#lowerOptional(called, node, outputs);
    if (called && this.cuts.isCuttable(operand)) return this.lowerCall('call', called, node, outputs);
    if (lowerInlined(this.#lowerer, this.#called, node, operand, outputs)) return;
    if (suspends(this.#context, operand)) {
      // A combinator over calls is one step: its members start together.
      const isOne = !awaitsInside(this.#context, operand) && !this.#isSettling(operand);
      if (isOne || !this.cuts.isCuttable(operand)) return this.#addAsync(node, outputs);
      this.lowerParts(operand);
    }
    const starts = startsOf(this.#context, this.#list, operand);
    this.#list.add({
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
    if (members === undefined || this.#list.guard !== undefined || this.#list.region !== undefined)
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
    const present = addTest(this.#list, 'present', target, [this.#list.lastOutput()]);
    // Skipped, it gives nothing, and not what a variable was before.
    const isAgain = outputs.some((of) => !isNode(of) && !isFlag(of) && this.#list.isAssigned(of));
    const given = isAgain ? [node] : outputs;
    this.#list.under(present, () => this.lowerCall('call', called, node, given));
    if (isAgain) this.#list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs });
  }

  lowerCall(
    kind: 'call' | 'start',
    called: OperatorCall,
    root: ts.Expression,
    outputs: readonly Output[],
  ): void {
    this.lowerParts(called.call);
    if (kind === 'call') {
      this.#lowerTold(called);
      this.#lowerArgument(called);
    }
    this.#list.add({ kind, form: 'call', nodes: [root], outputs, called });
  }

  /** What tells which resources the call touches is evaluated before it. */
  #lowerTold(called: OperatorCall): void {
    const [argument] = called.call.arguments;
    if (argument === undefined || suspends(this.#context, argument)) return;
    const isMoved =
      this.#list.variables.assignedBy(argument).length === 0 && !callsWriters(this.#context, argument);
    if (!isMoved || this.cuts.calleeOf(called.call) !== undefined) return;
    for (const part of toldParts(this.#context, called, (one) => this.cuts.isStable(one)))
      this.lowerTo(part, [strip(this.#context, part)]);
  }

  /** An argument that writes what later steps may read: these need not wait for the call. */
  #lowerArgument({ call }: OperatorCall): void {
    const [argument, ...others] = call.arguments;
    if (argument === undefined || others.length > 0 || this.cuts.orderOf(call)?.[0] !== argument) return;
    const isWriting =
      callsWriters(this.#context, argument) && this.#list.variables.assignedBy(argument).length === 0;
    if (!isWriting || suspends(this.#context, argument) || this.#context.ts.isSpreadElement(argument)) return;
    const callee = this.cuts.calleeOf(call);
    if (callee !== undefined)
      this.#list.add({ kind: 'compute', form: 'expression', nodes: [callee], outputs: [] });
    const node = strip(this.#context, argument);
    this.#list.add({ kind: 'compute', form: 'expression', nodes: [node], outputs: [node] });
  }

  /** Adds pieces for all that suspends in `node`, and for what must be evaluated before that. */
  lowerParts(node: ts.Expression): void {
    if (!suspends(this.#context, node)) return;
    const order = this.cuts.orderOf(node) ?? [];
    const last = order.findLastIndex((part) => suspends(this.#context, part));
    const callee = this.cuts.lookupOf(node);
    const firstArgument = this.#context.ts.isCallExpression(node) ? order.length - node.arguments.length : 0;
    order.forEach((part, index) => {
      if (index > last) return;
      if (callee !== undefined && index === firstArgument)
        this.#list.add({ kind: 'compute', form: 'expression', nodes: [callee], outputs: [] });
      if (this.#context.ts.isSpreadElement(part)) this.lowerParts(part);
      else if (index < last ? !this.cuts.isStable(part) : this.cuts.isSuspension(part))
        this.lowerTo(part, [strip(this.#context, part)]);
      else this.lowerParts(part);
    });
  }
}

/** Says that `node` runs as written, as one step. */
export function asOneStep(context: Context, node: ts.Node): Note {
  return note('XCS2007', spanOf(context, node), `\`${labelOf(node, 40)}\``);
}

/** Whether a `try` is around `node`, which does not wait for a promise that is returned from it. */
export function isCaught({ context: { ts }, body }: Lowerer, node: ts.Node): boolean {
  const outer = ts.findAncestor(node, (inner) => ts.isTryStatement(inner) || inner === body);
  return outer !== undefined && outer !== body;
}
