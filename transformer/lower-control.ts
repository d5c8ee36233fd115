/**
 * Lowers statements that hold others: blocks, branches and jumps. What runs only under a condition becomes pieces with a
 * guard; a jump raises a flag, and what it passes over is guarded by that.
 */
import type ts from 'typescript';
import { type Context, labelOf } from './context.ts';
import { type Jump, jumpsOut, type Landing, targetOf } from './jumps.ts';
import { startedGroup, type StartedGroup } from './lower-started.ts';
import type { Binding, Flag, Output } from './piece.ts';
import { strip } from './operators.ts';
import type { PieceList } from './piece-list.ts';
import { Uncuttable } from './uncuttable.ts';
import { suspends } from './shape.ts';

/** What the lowering of control flow needs of the lowering of all else. */
export interface Lowerer {
  readonly context: Context;
  /** The function that is compiled. */
  readonly body: ts.Node;
  readonly list: PieceList;
  /** Where jumps to the loops around lead. */
  readonly landings: Map<ts.Statement, Landing>;
  /** Answers whether the statement always leaves the list that it stands in. */
  readonly lowerStatement: (statement: ts.Statement) => boolean;
  /** Adds one piece that runs them as they are. */
  readonly addGroup: (group: StartedGroup) => void;
  /** Adds pieces whose last one evaluates `expression` into `outputs`. */
  readonly lowerTo: (expression: ts.Expression, outputs: readonly Output[]) => void;
}

/** Lowers statements one after another; what stands behind a jump runs only if that was not taken. */
export function lowerStatements(lowerer: Lowerer, statements: readonly ts.Statement[]): boolean {
  const { list } = lowerer;
  for (const statement of statements) list.declare(list.variables.declaredBy(statement));
  return lowerRest(lowerer, statements);
}

/** The same, where the variables of `statements` are declared already. */
export function lowerRest(lowerer: Lowerer, statements: readonly ts.Statement[]): boolean {
  for (const [index, statement] of statements.entries()) {
    const group = isNested(lowerer.list) ? startedGroup(lowerer.context, statements.slice(index)) : undefined;
    if (group !== undefined) {
      lowerer.addGroup(group);
      return lowerRest(lowerer, statements.slice(index + group.statements.length));
    }
    if (lowerer.lowerStatement(statement)) return true;
    const rest = statements.slice(index + 1);
    const raised = rest.length === 0 ? [] : raisedBy(lowerer, statement);
    if (raised.length === 0) continue;
    const guard = addTest(lowerer.list, 'none', statement, raised);
    lowerer.list.under(guard, () => void lowerRest(lowerer, rest));
    return false;
  }
  return false;
}

/** Whether pieces that are added now may be skipped, run several times, or stand in the place of a call. */
function isNested({ guard, region, depth }: PieceList): boolean {
  return guard !== undefined || region !== undefined || depth > 0;
}

/** The pieces of either branch run only if the condition says so. */
export function lowerIf(lowerer: Lowerer, statement: ts.IfStatement): boolean {
  const { expression, thenStatement, elseStatement } = statement;
  const condition = lowerFlag(lowerer, expression);
  const isThenLeft = lowerUnder(lowerer, condition, thenStatement);
  if (elseStatement === undefined) return false;
  const otherwise = addTest(lowerer.list, 'none', expression, [condition]);
  const isElseLeft = lowerUnder(lowerer, otherwise, elseStatement);
  return isThenLeft && isElseLeft;
}

function lowerUnder({ list, lowerStatement }: Lowerer, guard: Binding, statement: ts.Statement): boolean {
  let isLeft = false;
  list.under(guard, () => {
    isLeft = lowerStatement(statement);
  });
  return isLeft;
}

export function lowerJump(lowerer: Lowerer, jump: Jump): true {
  const flag = flagOf(lowerer, jump);
  lowerer.list.add({ kind: 'compute', form: 'yes', nodes: [jump], outputs: [flag] });
  return true;
}

/** The flags that jumps in `node` out of it raise, where they stand now. */
export function raisedBy(lowerer: Lowerer, node: ts.Node): readonly Binding[] {
  const flags = new Set(jumpsOut(lowerer.context, node).map((jump) => flagOf(lowerer, jump)));
  return [...flags].map((flag) => lowerer.list.bindingOf(flag));
}

export function flagOf({ context, landings }: Lowerer, jump: Jump): Flag {
  const target = targetOf(context, jump);
  const landing = target && landings.get(target);
  if (landing === undefined) throw whole(context, jump);
  return context.ts.isBreakStatement(jump) ? landing.breaks : landing.continues;
}

/** The slot of a condition. */
export function lowerFlag(lowerer: Lowerer, expression: ts.Expression): Binding {
  const { context, list, lowerTo } = lowerer;
  const flag = newFlag(labelOf(expression, 24));
  const assigned = list.variables.assignedBy(expression);
  if (assigned.length === 0) {
    lowerTo(expression, [flag]);
    return list.lastOutput();
  }
  if (suspends(context, expression)) return lowerLogical(lowerer, expression);
  const outputs = [flag, ...assigned];
  return {
    slot:
      list.add({ kind: 'compute', form: 'condition', nodes: [expression], outputs }).outputs[0]?.slot ?? -1,
    of: flag,
  };
}

/** `a && b` and `a || b`, either of which may assign variables: `b` is a condition of its own, under the one that `a` is. */
function lowerLogical(lowerer: Lowerer, expression: ts.Expression): Binding {
  const { context, list } = lowerer;
  const { ts } = context;
  const node = strip(context, expression);
  if (!ts.isBinaryExpression(node)) throw whole(context, expression);
  const operator = node.operatorToken.kind;
  const isAnd = operator === ts.SyntaxKind.AmpersandAmpersandToken;
  if (!isAnd && operator !== ts.SyntaxKind.BarBarToken) throw whole(context, expression);
  const first = lowerFlag(lowerer, node.left);
  const guard = isAnd ? first : addTest(list, 'none', node.left, [first]);
  let second = first;
  list.under(guard, () => {
    second = lowerFlag(lowerer, node.right);
  });
  // What is skipped gives nothing, which is falsy.
  return isAnd ? second : addTest(list, 'any', node, [first, second]);
}

/** Throws where an expression changes variables that the pieces around it would have to know of. */
export function requireConstant({ context, list }: Lowerer, node: ts.Node): void {
  if (list.variables.assignedBy(node).length > 0) throw whole(context, node);
}

/** Throws where a variable that changes belongs to `node` itself, while functions that are kept capture it. */
export function requireFree({ context, list }: Lowerer, names: readonly ts.Symbol[], node: ts.Node): void {
  if (names.some((name) => list.variables.kept.has(name))) throw whole(context, node);
}

export function whole(context: Context, node: ts.Node): Uncuttable {
  return new Uncuttable(context, 'XCS2007', node, `\`${labelOf(node, 40)}\``);
}

export function newFlag(name: string): Flag {
  return { name, isFlag: true };
}

/** The slot that says whether none or any of `given` is truthy, or whether it is absent or present. */
export function addTest(
  list: PieceList,
  form: 'none' | 'any' | 'absent' | 'present',
  node: ts.Node,
  given: readonly Binding[],
): Binding {
  const names = { none: 'not', any: 'any of', absent: 'no', present: 'some' };
  const flag = newFlag(
    `${names[form]} ${given.map(({ of }) => ('kind' in of ? labelOf(of, 24) : of.name)).join(', ')}`,
  );
  list.add({ kind: 'compute', form, nodes: [node], outputs: [flag], given });
  return list.lastOutput();
}

/** Adds pieces that run only if `guard` holds, or always without one. */
export function guarded(list: PieceList, guard: Binding | undefined, add: () => void): void {
  if (guard === undefined) add();
  else list.under(guard, add);
}
