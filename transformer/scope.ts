/** What abstract evaluation carries along. The walkers are in it because they call each other across files. */
import type ts from 'typescript';
import type { Access } from './access.ts';
import type { Context } from './context.ts';
import type { Memory, Value } from './memory.ts';
import type { OperatorTable } from './operator-table.ts';

export interface Walkers {
  /** What an expression may denote; into `scope.access`, what evaluating it does. */
  evaluate(scope: Scope, node: ts.Expression): Value;
  visit(scope: Scope, node: ts.Node): void;
  /** Walks the body of a function of the program, called with `args`; if it is asynchronous somebody may wait for it. */
  enter(
    scope: Scope,
    declaration: ts.SignatureDeclaration,
    args: readonly Value[],
    isAwaited: boolean,
  ): Value;
}

export interface Scope {
  readonly walk: Walkers;
  readonly context: Context;
  readonly memory: Memory;
  readonly access: Access;
  readonly operators: OperatorTable;
  /** Variables that are cells: they denote the cell. */
  readonly cells: ReadonlySet<ts.Symbol>;
  /** What each variable denotes now. */
  readonly variables: Map<ts.Symbol, Value>;
  /** Expressions that an earlier step has evaluated. */
  readonly evaluated: ReadonlyMap<ts.Node, Value>;
  /** The step; names the place of what its calls give. */
  readonly step: number;
  /** Whether the code walked is asynchronous and somebody waits for it: calls that it awaits end within the step. */
  readonly waits: boolean;
  /** Constants that hold promises of calls for which the step waits. */
  readonly settles?: ReadonlySet<ts.Symbol> | undefined;
  /** The functions being walked: whether somebody waits for what they give. */
  readonly running: ReadonlyMap<ts.Node, boolean>;
  /** Methods of the class whose bodies were relied upon. */
  readonly guards: Set<string>;
  /** Whether code of the step goes on when what is walked has failed. */
  readonly caught: boolean;
  /** Inside something that may not run, or run again: assignments add to what a variable denotes. */
  readonly conditional: boolean;
  /** The code of the step, and of a function that it calls with `$`: operator calls in it belong to the step. */
  readonly code: readonly ts.Node[];
  /** The function that is compiled. */
  readonly body: ts.Node;
  /** The function that is walked: the body itself, or one that it calls. */
  readonly within: ts.Node;
}

/** Whether operator calls at `node` belong to the step. */
export function isOfStep({ context, code }: Scope, node: ts.Node): boolean {
  return context.ts.findAncestor(node, (outer) => code.includes(outer)) !== undefined;
}
