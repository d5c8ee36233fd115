/**
 * Lowers a call of a function of the program, where it is awaited, as the function itself: its parameters and variables become
 * variables of the body, and its steps overlap with all others. What cannot be cut in the function makes it a call again.
 */
import type ts from 'typescript';
import { inlinedAt, type Inlined } from './inline.ts';
import { type Lowerer, lowerStatements, newFlag } from './lower-control.ts';
import type { Output } from './piece.ts';
import { namesOf } from './body-variables.ts';
import { NeedsCells, Uncuttable } from './uncuttable.ts';
import type { Reason, Reasons } from './why-called.ts';

/** Whether `call`, which `node` awaits, was put in place. `called` are those that must be called, and why. */
export function lowerInlined(
  lowerer: Lowerer,
  called: Reasons,
  node: ts.AwaitExpression,
  call: ts.Expression,
  outputs: readonly Output[],
): boolean {
  const { context, list } = lowerer;
  if (!context.ts.isCallExpression(call) || called.has(call)) return false;
  const isCalled = (reason: Reason): false => {
    called.set(call, reason);
    return false;
  };
  const inlined = inlinedAt(context, node, call);
  if (inlined === undefined) return false;
  if (!('block' in inlined)) return isCalled(inlined);
  if (!isThere(lowerer, call.expression))
    return isCalled({ why: 'it may have no value yet', out: 'declare it further up' });
  const forget = list.mark();
  try {
    lowerCopy(lowerer, node, call, inlined, outputs);
    return true;
  } catch (error) {
    if (!(error instanceof Uncuttable) && !(error instanceof NeedsCells)) throw error;
    forget();
    return isCalled(reasonOf(error, inlined));
  }
}

function reasonOf(error: Uncuttable | NeedsCells, { result }: Inlined): Reason {
  const { message } = error instanceof Uncuttable ? error.note : error;
  // Nobody has written that variable.
  if (message.includes(result.name))
    return {
      why: 'it cannot be cut where it would stand',
      out: 'await each call where it is made',
    };
  if (error instanceof Uncuttable) return { why: `in it, ${error.note.message}`, out: error.note.hint };
  return {
    why: `it keeps a function over \`${error.message}\`, which changes`,
    out: 'let that function use a constant',
  };
}

/** Whether a function that a variable of the body holds is in it by now; else the call fails. */
function isThere({ context, list }: Lowerer, callee: ts.Expression): boolean {
  const variable = context.ts.isIdentifier(callee) ? list.variables.at(callee) : undefined;
  return variable === undefined || list.isAssigned(variable);
}

function lowerCopy(
  lowerer: Lowerer,
  node: ts.AwaitExpression,
  call: ts.CallExpression,
  inlined: Inlined,
  outputs: readonly Output[],
): void {
  const { list, landings } = lowerer;
  const { block, jumps, parameters, result } = inlined;
  for (const [index, parameter] of parameters.entries())
    lowerArgument(lowerer, parameter, call, call.arguments[index]);
  const first = list.inside(call, () => {
    for (const parameter of parameters) bindParameter(lowerer, parameter);
    const landing = { breaks: newFlag('returned'), continues: newFlag('') };
    landings.set(block, landing);
    list.declare([result]);
    if (jumps) {
      // A loop carries what has a value before it.
      list.add({ kind: 'compute', form: 'nothing', nodes: [call], outputs: [result] });
      list.add({ kind: 'compute', form: 'no', nodes: [call], outputs: [landing.breaks], given: [] });
    }
    for (const statement of block.statements) list.declare(list.variables.declaredBy(statement));
    lowerStatements(lowerer, block.statements);
  });
  const given = list.isAssigned(result) ? [list.bindingOf(result)] : [];
  list.add({ kind: 'await', form: 'returned', nodes: [node], outputs, given, ends: first });
}

/** Evaluates what the parameter is given, as part of the caller. */
function lowerArgument(
  { context, list, lowerTo }: Lowerer,
  parameter: ts.ParameterDeclaration,
  call: ts.CallExpression,
  argument: ts.Expression | undefined,
): void {
  const names = namesOf(context, parameter.name);
  list.declare(names);
  const [only] = names;
  const isSlot = context.ts.isIdentifier(parameter.name) && parameter.initializer === undefined;
  const given = isSlot && only !== undefined ? only : parameter;
  // A variable is there whether or not the call is made, and who only asks for it need not wait for that.
  const variable = argument && context.ts.isIdentifier(argument) ? list.variables.at(argument) : undefined;
  const isHeld = variable !== undefined && list.isAssigned(variable) && !list.variables.isCell(variable);
  if (argument !== undefined) list.under(isHeld ? undefined : list.guard, () => lowerTo(argument, [given]));
  else list.add({ kind: 'compute', form: 'nothing', nodes: [call], outputs: [given] });
}

/** Takes apart what the parameter was given, or puts its default there. */
function bindParameter({ context, list }: Lowerer, parameter: ts.ParameterDeclaration): void {
  if (!list.isEvaluated(parameter)) return;
  const outputs = namesOf(context, parameter.name);
  const { slot: from } = list.bindingOf(parameter);
  list.add({ kind: 'compute', form: 'parameter', nodes: [parameter], outputs, from });
}
