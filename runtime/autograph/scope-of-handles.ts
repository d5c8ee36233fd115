/**
 * Where a handle has a value: in the graph that was being recorded, and there in the branch of `when` or the body of `map`
 * in which it was made, and in those further in.
 */
import { misplacedHandle } from './autograph-errors.ts';
import { describe, type Expression } from './expression.ts';
import type { HandleFacts } from './handle.ts';

/** Makes something of another graph's handle that has a value in this one. */
export interface Captures {
  capture(handle: HandleFacts): Expression;
}

export interface Scope {
  /** One for each graph: that of the whole, and that of each body of `map`. */
  readonly graph: Captures;
  readonly parent: Scope | undefined;
  /** Set for a branch: what must hold for its calls to be made. */
  readonly guard?: Guard;
}

export interface Guard {
  readonly condition: Expression;
  readonly wanted: boolean;
}

/** What a handle means where it is used. Throws `XCS1202` where it means nothing. */
export function meaningAt(handle: HandleFacts, at: Scope): Expression {
  for (let scope: Scope | undefined = at; scope !== undefined; scope = scope.parent) {
    if (scope !== handle.scope) continue;
    return handle.scope.graph === at.graph ? handle.expression : at.graph.capture(handle);
  }
  const text = describe(handle.expression);
  if (handle.scope.parent === undefined)
    throw misplacedHandle(
      text,
      'it belongs to another graph',
      'invoke operators of one graph in one function',
    );
  throw misplacedHandle(
    text,
    'it was made in a branch of `when` or in the body of `map`',
    'return it from there, and use what `when` or `map` gives',
  );
}

/** What must hold for calls that are made here, from the outside in. */
export function guardsAt(at: Scope): readonly Guard[] {
  const guards: Guard[] = [];
  for (let scope: Scope | undefined = at; scope?.graph === at.graph; scope = scope.parent)
    if (scope.guard !== undefined) guards.unshift(scope.guard);
  return guards;
}
