/** Where `break` and `continue` lead. */
import type ts from 'typescript';
import type { Context } from './context.ts';
import type { Flag } from './piece.ts';
import { contains } from './shape.ts';

/** The flags that jumps to one loop or `switch` raise. */
export interface Landing {
  readonly breaks: Flag;
  readonly continues: Flag;
}

export type Jump = ts.BreakStatement | ts.ContinueStatement;

/** The jumps in `node` that lead out of it. */
export function jumpsOut(context: Context, node: ts.Node): readonly Jump[] {
  const { ts } = context;
  const found: Jump[] = [];
  contains(context, node, (inner) => {
    if (ts.isBreakOrContinueStatement(inner)) {
      const target = targetOf(context, inner);
      const isInside =
        target !== undefined && ts.findAncestor(target, (outer) => outer === node) !== undefined;
      if (!isInside) found.push(inner);
    }
    return false;
  });
  return found;
}

/** The jumps in `loop`, or in a `switch`, that lead to it. */
export function jumpsTo(context: Context, loop: ts.IterationStatement | ts.SwitchStatement): readonly Jump[] {
  const { ts } = context;
  const found: Jump[] = [];
  contains(context, loop, (inner) => {
    if (ts.isBreakOrContinueStatement(inner) && targetOf(context, inner) === loop) found.push(inner);
    return false;
  });
  return found;
}

/** The statement that `jump` ends, or ends an iteration of. */
export function targetOf({ ts }: Context, jump: Jump): ts.Statement | undefined {
  const { label } = jump;
  if (label !== undefined) {
    const labeled = ts.findAncestor(
      jump,
      (node) => ts.isLabeledStatement(node) && node.label.text === label.text,
    );
    let target = labeled;
    while (target !== undefined && ts.isLabeledStatement(target)) target = target.statement;
    return target !== undefined && ts.isStatement(target) ? target : undefined;
  }
  const ends = (node: ts.Node): boolean =>
    ts.isIterationStatement(node, false) || (ts.isBreakStatement(jump) && ts.isSwitchStatement(node));
  const target = ts.findAncestor(jump, ends);
  return target !== undefined && ts.isStatement(target) ? target : undefined;
}
