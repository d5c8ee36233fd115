/** Abstract evaluation of `Promise.all` and the like, and of `then`, over promises of known calls. */
import type ts from 'typescript';
import { callUnknown, unwrapped, enterClosure, evaluateArguments } from './evaluate-function.ts';
import { isQuietIterable } from './evaluate-literal.ts';
import { isAwaited } from './evaluate-operator.ts';
import { type Value, valueOf, world } from './memory.ts';
import { operatorCall } from './operators.ts';
import type { Scope } from './scope.ts';
import { settledMembers } from './settled.ts';
import { elementTypes, isPromiseType, mayBeThenable } from './symbols.ts';

/** `Promise.all` and the like over promises of known calls wait for these calls; `then` runs its callbacks after them. */
export function callPromise(scope: Scope, node: ts.CallExpression, member: string, receiver: Value): Value {
  const { memory, access } = scope;
  // It goes on when one of what it waits for has failed.
  const args = evaluateArguments(member === 'allSettled' ? { ...scope, caught: true } : scope, node);
  const promise = memory.allocate(node, 'a promise');
  const isChain = member === 'then' || member === 'catch' || member === 'finally';
  const awaited = isChain ? receiver.places : memory.load(args[0]?.places ?? new Set());
  if (!isChain && !combinators.has(member)) return callUnknown(scope, node, receiver);
  if (!isChain && !isQuietArgument(scope, node)) return callUnknown(scope, node, receiver);
  const isKnown =
    [...awaited].every((place) => memory.promises.has(place) || !isChain) &&
    combinesKnown(scope, node, awaited, isChain);
  if (!isKnown) return callUnknown(scope, node, receiver);
  if (isOfCallsOnly(scope, node)) access.sideBySide = true;
  else if (combinators.has(member)) access.races = true;
  if (member === 'race' || member === 'any') access.lingers = true;
  if (member === 'all') {
    if (scope.caught) access.lingers = true;
    else access.abandons = true;
  }
  if (!isAwaited(scope, node)) access.begin(promise);
  const results = memory.load(new Set([...awaited].filter((place) => memory.promises.has(place))));
  const others = [...awaited].filter((place) => !memory.promises.has(place));
  memory.promises.add(promise);
  if (isChain) {
    const answers = args
      .flatMap((value) => [...value.places])
      .map((place) =>
        enterClosure(scope, place, [{ places: results }, valueOf(world)], isAwaited(scope, node), node),
      );
    memory.store(
      new Set([promise]),
      new Set([...results, ...answers.flatMap((answer) => [...unwrapped(scope, answer)])]),
    );
    return valueOf(promise);
  }
  const list = memory.allocate(node.expression, 'the results');
  memory.store(new Set([list]), new Set([...results, ...others]));
  memory.store(
    new Set([promise]),
    member === 'race' || member === 'any' ? new Set([...results, ...others]) : new Set([list]),
  );
  return valueOf(promise);
}

const combinators = new Set(['all', 'allSettled', 'race', 'any']);

/** Of `allSettled` over calls alone nothing hangs on which one ends first; code between them could see it. */
function isOfCallsOnly({ context }: Scope, node: ts.CallExpression): boolean {
  const members = settledMembers(context, node) ?? [];
  return members.length > 0 && members.every((member) => operatorCall(context, member) !== undefined);
}

function isQuietArgument({ context }: Scope, node: ts.CallExpression): boolean {
  const argument = node.arguments[0];
  return argument !== undefined && isQuietIterable(context, context.checker.getTypeAtLocation(argument));
}

/** Whether what a combinator waits for is made by known calls, or is no thenable at all. */
function combinesKnown(
  { context, memory }: Scope,
  node: ts.CallExpression,
  awaited: ReadonlySet<number>,
  isChain: boolean,
): boolean {
  const { checker } = context;
  const hasPromise = [...awaited].some((place) => memory.promises.has(place));
  if (isChain) return hasPromise;
  const argument = node.arguments[0];
  if (argument === undefined) return false;
  const elements = elementTypes(context, checker.getTypeAtLocation(argument));
  if (elements === undefined) return false;
  if (elements.length === 0) return true;
  const thenables = elements
    .flatMap((element) => (element.isUnion() ? element.types : [element]))
    .filter((element) => mayBeThenable(context, element));
  if (thenables.length === 0) return true;
  // A promise among values that are shared might be one of somebody else.
  const others = [...awaited].filter((place) => !memory.promises.has(place));
  const fromShared = others.some((place) => memory.isShared(place) && memory.kindOf(place) !== 'result');
  return hasPromise && !fromShared && thenables.every((element) => isPromiseType(context, element));
}
