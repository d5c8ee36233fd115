/** The variables of a body: which ones there are, which are cells, and what code declares and assigns. */
import type ts from 'typescript';
import { assignedTargets, targetSymbol } from './assigned.ts';
import { type Context, labelOf } from './context.ts';
import { NeedsCells, Uncuttable } from './uncuttable.ts';

export class BodyVariables {
  /** The region that each variable is declared in. */
  readonly scopes: Map<ts.Symbol, number | undefined> = new Map();
  readonly cells: ReadonlySet<ts.Symbol>;
  /** Variables that must stay with the functions that capture them. */
  readonly kept: ReadonlySet<ts.Symbol>;
  readonly #context: Context;
  readonly #mayBeCell: (variable: ts.Symbol) => boolean;
  readonly #captured: ReadonlySet<ts.Symbol>;

  /** `captured`: variables that change although functions which are kept capture them; those of `cells` may. */
  constructor(
    context: Context,
    mayBeCell: (variable: ts.Symbol) => boolean,
    captured: ReadonlySet<ts.Symbol>,
    cells: ReadonlySet<ts.Symbol>,
  ) {
    this.#context = context;
    this.#mayBeCell = mayBeCell;
    this.cells = cells;
    this.#captured = captured;
    this.kept = new Set([...captured].filter((variable) => !cells.has(variable)));
  }

  /** Whether functions that may run at any time may change the variable. */
  isCaptured(variable: ts.Symbol): boolean {
    return this.#captured.has(variable);
  }

  isCell(variable: ts.Symbol): boolean {
    return this.cells.has(variable);
  }

  declare(variables: readonly ts.Symbol[], region: number | undefined): void {
    for (const variable of variables) if (!this.scopes.has(variable)) this.scopes.set(variable, region);
  }

  /** Answers how to forget all that is declared from now on. */
  mark(): () => void {
    const { size } = this.scopes;
    return () => {
      for (const variable of [...this.scopes.keys()].slice(size)) this.scopes.delete(variable);
    };
  }

  /** The variable of the body that `node` refers to. */
  at(node: ts.Identifier): ts.Symbol | undefined {
    const { ts, checker } = this.#context;
    const isShorthand = ts.isShorthandPropertyAssignment(node.parent);
    const symbol = isShorthand
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    return symbol !== undefined && this.scopes.has(symbol) ? symbol : undefined;
  }

  declaredBy(statement: ts.Node): readonly ts.Symbol[] {
    const { ts, checker } = this.#context;
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => namesOf(this.#context, name));
    const isNamed =
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement);
    if (!isNamed) return [];
    const symbol = statement.name && checker.getSymbolAtLocation(statement.name);
    return symbol === undefined ? [] : [symbol];
  }

  assignedBy(node: ts.Node): readonly ts.Symbol[] {
    const { ts } = this.#context;
    const found = new Set<ts.Symbol>();
    const visit = (inner: ts.Node): void => {
      for (const target of assignedTargets(this.#context, inner)) {
        const symbol = targetSymbol(this.#context, target);
        // The slot of a cell stays as it is.
        const isSlot = symbol !== undefined && this.scopes.has(symbol) && !this.isCell(symbol);
        if (isSlot) found.add(symbol);
      }
      ts.forEachChild(inner, visit);
    };
    visit(node);
    return [...found];
  }

  /** Sees to it that `variables` are cells, if there are any. */
  requireCells(variables: readonly ts.Symbol[], node: ts.Node): void {
    if (variables.length === 0) return;
    if (!variables.every(this.#mayBeCell))
      throw new Uncuttable(this.#context, 'XCS2007', node, `\`${labelOf(node, 40)}\``);
    throw new NeedsCells(variables.filter((variable) => !this.isCell(variable)));
  }
}

/** The variables that a pattern binds. */
export function namesOf(context: Context, name: ts.BindingName): readonly ts.Symbol[] {
  const { ts, checker } = context;
  if (ts.isIdentifier(name)) {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol === undefined ? [] : [symbol];
  }
  return name.elements.flatMap((element) =>
    ts.isBindingElement(element) ? namesOf(context, element.name) : [],
  );
}
