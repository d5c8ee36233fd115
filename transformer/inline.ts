/**
 * Functions of the program that are put in the place of a call that awaits them: which may be, and the copy that stands there.
 * A `return` of the copy gives a variable of its own and jumps behind it, like a `break` out of a labelled block.
 */
import type ts from 'typescript';
import type { Context } from './context.ts';
import { CopiedTree, tell } from './copied-tree.ts';
import { type RoutedFunction, routeOf } from './routes.ts';
import { contains } from './shape.ts';
import { mustAwait, type Reason, whyNotFitting, whyNotPlain } from './why-called.ts';

/** What stands in the place of one call. */
export interface Inlined {
  readonly function: RoutedFunction;
  readonly parameters: readonly ts.ParameterDeclaration[];
  readonly block: ts.Block;
  /** The variable that the function gives. */
  readonly result: ts.Symbol;
  /** Some `return` is not the last statement. */
  readonly jumps: boolean;
}

/** A function is put in its own place this many times; once less if the copies would multiply too much. */
const MOST_RECURSIONS = 3;
/** Functions in the place of calls of functions in the place of calls. */
const MOST_NESTED = 5;

const known = new WeakMap<ts.CallExpression, Inlined | Reason | false>();
/** What stands in which place, found by the block of the copy. */
const blocks = new WeakMap<ts.Node, Inlined>();

/** What to put in the place of `call`, which `node` awaits, or why it must be called; nothing if it leads to no function of ours. */
export function inlinedAt(
  context: Context,
  node: ts.AwaitExpression,
  call: ts.CallExpression,
): Inlined | Reason | undefined {
  const before = known.get(call);
  if (before !== undefined) return before === false ? undefined : before;
  const made = makeInlined(context, node, call);
  known.set(call, made ?? false);
  if (made !== undefined && 'block' in made) blocks.set(made.block, made);
  return made;
}

/** The functions in whose copies `node` stands, from the inside out. */
function functionsAround({ ts }: Context, node: ts.Node): readonly RoutedFunction[] {
  const found: RoutedFunction[] = [];
  for (let at: ts.Node | undefined = node; at !== undefined && !ts.isSourceFile(at); at = at.parent) {
    const inlined = blocks.get(at);
    if (inlined !== undefined) found.push(inlined.function);
  }
  return found;
}

function makeInlined(
  context: Context,
  node: ts.AwaitExpression,
  call: ts.CallExpression,
): Inlined | Reason | undefined {
  const route = routeOf(context, call.expression);
  if (route === undefined) return undefined;
  const { function: called } = route;
  const { body } = called;
  const reason =
    whyNotThere(context, called, call) ??
    whyNotPlain(context, called) ??
    whyNotFitting(context, call, called);
  return reason ?? (body && build(context, node, call, called, body));
}

/** What keeps a copy of `called` from standing where `call` is. */
function whyNotThere(context: Context, called: RoutedFunction, call: ts.CallExpression): Reason | undefined {
  const around = functionsAround(context, call);
  if (around.filter((one) => one === called).length >= mostRecursions(context, called, around))
    return { why: 'it calls itself', out: 'write a loop, where the calls need not wait for each other' };
  if (around.length >= MOST_NESTED)
    return {
      why: `it stands in ${MOST_NESTED} others that are in place`,
      out: 'let fewer functions call each other',
    };
  if (!isThereBefore(context, called, call))
    return {
      why: 'the constant that holds it may have no value yet',
      out: 'declare it further up, or as a `function`',
    };
  return undefined;
}

/** With each place in which it calls itself the copies multiply, and with those of a function around it. */
function mostRecursions(context: Context, called: RoutedFunction, around: readonly RoutedFunction[]): number {
  let calls = 0;
  contains(context, called, (node) => {
    if (context.ts.isCallExpression(node) && routeOf(context, node.expression)?.function === called) calls++;
    return false;
  });
  const isMany = calls > 2 || (calls > 1 && around.some((one) => one !== called));
  return isMany ? MOST_RECURSIONS - 1 : MOST_RECURSIONS;
}

/** Whether a constant of the module holds its function before anything can run that calls it; else the call may fail. */
function isThereBefore({ ts }: Context, called: RoutedFunction, call: ts.Node): boolean {
  if (ts.isFunctionDeclaration(called) || ts.isMethodDeclaration(called)) return true;
  const outermost = ts.findAncestor(call, (node) => ts.isSourceFile(node.parent));
  return outermost === undefined || called.pos < outermost.end;
}

function build(
  context: Context,
  node: ts.AwaitExpression,
  call: ts.CallExpression,
  called: RoutedFunction,
  body: ts.ConciseBody,
): Inlined {
  const { ts } = context;
  const tree = new CopiedTree(ts, called);
  const name = freeName(call);
  const maker = new Maker(context, node, name);
  const block = maker.at(ts.factory.createBlock([]), body);
  const labelled = maker.at(ts.factory.createLabeledStatement(maker.label(call), block), call);
  adopt(node, labelled);
  adopt(labelled, labelled.label, block);
  let jumps = false;
  const copyOf = (value: ts.Expression): ts.Expression => tree.copy(value, value.parent);
  const replace = (inner: ts.Node, parent: ts.Node): ts.Node | undefined => {
    if (!ts.isReturnStatement(inner)) return undefined;
    const { expression } = inner;
    const isLast = inner.parent === body && ts.isBlock(body) && body.statements.at(-1) === inner;
    const given = expression && maker.give(copyOf(expression), mustAwait(context, expression), inner);
    if (isLast && given !== undefined) return adopt(parent, given);
    jumps ||= !isLast;
    const jump = maker.at(ts.factory.createBreakStatement(maker.label(inner)), inner);
    if (jump.label !== undefined) adopt(jump, jump.label);
    const both = maker.at(ts.factory.createBlock([]), inner);
    fill(context, both, isLast ? [] : [given, jump].filter((statement) => statement !== undefined));
    return adopt(parent, both);
  };
  const statements = ts.isBlock(body)
    ? body.statements.map((statement) => tree.copy(statement, block, replace))
    : [maker.give(copyOf(body), mustAwait(context, body), body)];
  fill(context, block, statements);
  const parameters = called.parameters.map((parameter) => tree.copy(parameter, labelled));
  return { function: called, parameters, block, result: maker.result, jumps };
}

/** Makes the nodes of a copy that its function does not have, each where it stands for something of the function. */
class Maker {
  readonly result: ts.Symbol;
  readonly #context: Context;
  readonly #name: string;
  readonly #type: ts.Type;

  constructor(context: Context, node: ts.AwaitExpression, name: string) {
    this.#context = context;
    this.#name = name;
    this.#type = context.checker.getTypeAtLocation(node);
    this.result = this.#makeResult(node);
  }

  at<T extends ts.Node>(made: T, node: ts.Node): T {
    return this.#context.ts.setTextRange(made, node);
  }

  label(node: ts.Node): ts.Identifier {
    const label = this.at(this.#context.ts.factory.createIdentifier(this.#name), node);
    tell(label, undefined);
    return label;
  }

  /** `result = value;` */
  give(value: ts.Expression, isAwaited: boolean, node: ts.Node): ts.Statement {
    const { ts, checker } = this.#context;
    const { factory } = ts;
    const given = isAwaited ? this.at(factory.createAwaitExpression(value), value) : value;
    if (isAwaited) {
      adopt(given, value);
      tell(given, checker.getAwaitedType(checker.getTypeAtLocation(value)));
    }
    const target = this.at(factory.createIdentifier(this.#name), node);
    tell(target, this.#type, this.result);
    const equals = factory.createToken(ts.SyntaxKind.EqualsToken);
    const assignment = this.at(factory.createBinaryExpression(target, equals, given), node);
    tell(assignment, this.#type);
    const statement = this.at(factory.createExpressionStatement(assignment), node);
    adopt(assignment, target, equals, given);
    adopt(statement, assignment);
    return statement;
  }

  #makeResult(node: ts.AwaitExpression): ts.Symbol {
    const { ts } = this.#context;
    const declaration = this.at(ts.factory.createIdentifier(this.#name), node);
    adopt(node, declaration);
    const symbol = {
      name: this.#name,
      escapedName: ts.escapeLeadingUnderscores(this.#name),
      flags: ts.SymbolFlags.BlockScopedVariable,
      valueDeclaration: declaration,
      declarations: [declaration],
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever asks for more asks the checker, which tells of it
    const result = symbol as unknown as ts.Symbol;
    tell(declaration, this.#type, result);
    return result;
  }
}

/** Names `parent` as what the others stand in. */
function adopt<T extends ts.Node>(parent: ts.Node, first: T, ...others: readonly ts.Node[]): T {
  for (const node of [first, ...others]) Object.assign(node, { parent });
  return first;
}

function fill({ ts }: Context, block: ts.Block, statements: readonly ts.Statement[]): void {
  for (const statement of statements) adopt(block, statement);
  Object.assign(block, { statements: ts.setTextRange(ts.factory.createNodeArray(statements), block) });
}

/** A name for what `call` gives that nothing in the file has. */
function freeName(call: ts.CallExpression): string {
  const { text } = call.getSourceFile();
  const called = /[\w$]+$/.exec(call.expression.getText())?.[0] ?? 'call';
  let name = `${called}Result`;
  while (text.includes(name)) name += '_';
  return name;
}
