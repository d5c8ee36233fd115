/**
 * Lowers `switch` statements. Cases are compared in order until one matches; what runs is guarded by whether an earlier clause
 * or its own was entered, and by the jumps of those that run before it.
 */
import type ts from 'typescript';
import { jumpsTo } from './jumps.ts';
import {
  addTest,
  lowerRest,
  type Lowerer,
  newFlag,
  raisedBy,
  requireConstant,
  whole,
} from './lower-control.ts';
import { strip } from './operators.ts';
import type { Binding } from './piece.ts';
import { contains } from './shape.ts';

export function lowerSwitch(lowerer: Lowerer, statement: ts.SwitchStatement): void {
  const { context, list, landings, lowerTo } = lowerer;
  const { clauses } = statement.caseBlock;
  for (const clause of clauses)
    for (const inner of clause.statements) declareIn(lowerer, statement, clause, inner);
  requireConstant(lowerer, statement.expression);
  const value = strip(context, statement.expression);
  lowerTo(value, [value]);
  const matches = compare(lowerer, statement, list.lastOutput());
  const landing = { breaks: newFlag('break'), continues: newFlag('continue') };
  landings.set(statement, landing);
  if (jumpsTo(context, statement).length > 0)
    list.add({ kind: 'compute', form: 'no', nodes: [statement], outputs: [landing.breaks], given: [] });
  const entered: Binding[] = [];
  const raised = new Set<Binding['of']>();
  for (const clause of clauses) {
    const match = matches.get(clause);
    if (match !== undefined) entered.push(match);
    if (clause.statements.length === 0) continue;
    const [only] = entered;
    const guard =
      entered.length === 1 && only !== undefined ? only : addTest(list, 'any', clause, [...entered]);
    list.under(guard, () => {
      const jumps = [...raised].map((flag) => list.bindingOf(flag));
      const run = (): void => void lowerRest(lowerer, clause.statements);
      if (jumps.length === 0) run();
      else list.under(addTest(list, 'none', clause, jumps), run);
    });
    for (const inner of clause.statements) for (const { of } of raisedBy(lowerer, inner)) raised.add(of);
  }
}

/** Another clause that names what is declared here may find it not there yet, which slots cannot tell. */
function declareIn(
  { context, list }: Lowerer,
  statement: ts.SwitchStatement,
  clause: ts.CaseOrDefaultClause,
  inner: ts.Statement,
): void {
  const { ts } = context;
  const declared = list.variables.declaredBy(inner);
  list.declare(declared);
  const isMention = (node: ts.Node): boolean => {
    const variable = ts.isIdentifier(node) ? list.variables.at(node) : undefined;
    return variable !== undefined && declared.includes(variable);
  };
  const others = statement.caseBlock.clauses.filter((other) => other !== clause);
  if (others.some((other) => contains(context, other, isMention, () => true)))
    throw whole(context, statement);
}

/** For each clause the flag that says whether it is the one that is entered first. */
function compare(
  lowerer: Lowerer,
  { caseBlock }: ts.SwitchStatement,
  value: Binding,
): ReadonlyMap<ts.CaseOrDefaultClause, Binding> {
  const { context, list, lowerTo } = lowerer;
  const matches = new Map<ts.CaseOrDefaultClause, Binding>();
  for (const clause of caseBlock.clauses) {
    if (!context.ts.isCaseClause(clause)) continue;
    requireConstant(lowerer, clause.expression);
    const add = (): void => {
      const label = strip(context, clause.expression);
      lowerTo(label, [label]);
      const flag = newFlag(`case ${label.getText()}`);
      const given = [value, list.lastOutput()];
      list.add({ kind: 'compute', form: 'same', nodes: [label], outputs: [flag], given });
      matches.set(clause, { slot: list.lastOutput().slot, of: flag });
    };
    const earlier = [...matches.values()];
    if (earlier.length === 0) add();
    else list.under(addTest(list, 'none', clause, earlier), add);
  }
  const fallback = caseBlock.clauses.find((clause) => context.ts.isDefaultClause(clause));
  if (fallback !== undefined) matches.set(fallback, noneOf(lowerer, fallback, [...matches.values()]));
  return matches;
}

function noneOf({ list }: Lowerer, node: ts.Node, flags: readonly Binding[]): Binding {
  if (flags.length > 0) return addTest(list, 'none', node, flags);
  list.add({ kind: 'compute', form: 'yes', nodes: [node], outputs: [newFlag('default')], given: [] });
  return list.lastOutput();
}
