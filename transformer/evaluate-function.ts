/** Abstract evaluation of functions of the program: of their bodies where they are known, of the worst where they are not. */
import type ts from 'typescript';
import { bind } from './evaluate-assign.ts';
import { iterate } from './evaluate-literal.ts';
import { give } from './evaluate-statement.ts';
import { type Value, join, nothing, valueOf, world } from './memory.ts';
import type { Scope } from './scope.ts';

/** Walks the body of `declaration` as called with `args`. A function that is being walked already gives what is known. */
export function enter(scope: Scope, declaration: ts.SignatureDeclaration, args: readonly Value[]): Value {
  const { context, returned, running, memory } = scope;
  const { ts } = context;
  const body = 'body' in declaration ? (declaration.body as ts.Node | undefined) : undefined; // signatures without one are unknown
  if (body === undefined) return nothing;
  const isAsync =
    ts.canHaveModifiers(declaration) &&
    (ts.getModifiers(declaration) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword);
  declaration.parameters.forEach((parameter, index) => {
    const given = parameter.dotDotDotToken
      ? args.slice(index).reduce(join, nothing)
      : (args[index] ?? nothing);
    const value = parameter.initializer
      ? join(given, scope.walk.evaluate(scope, parameter.initializer))
      : given;
    bind(
      { ...scope, conditional: true },
      parameter.name,
      parameter.dotDotDotToken ? restOf(scope, parameter, value) : value,
    );
  });
  if ('asteriskToken' in declaration && declaration.asteriskToken) {
    scope.access.barrier('XCS3001', declaration, 'a generator');
    return valueOf(world);
  }
  if (!running.has(declaration)) {
    const inner: Scope = {
      ...scope,
      running: new Set([...running, declaration]),
      within: declaration,
      conditional: true,
      waits: scope.waits && isAsync,
    };
    if (ts.isBlock(body)) scope.walk.visit(inner, body);
    else if (ts.isExpression(body)) {
      const value = scope.walk.evaluate(inner, body);
      give({ ...inner }, value);
    }
  }
  const answer = returned.get(declaration) ?? nothing;
  if (!isAsync) return { places: answer.places };
  const promise = memory.allocate(body, 'a promise');
  memory.promises.add(promise);
  memory.store(new Set([promise]), unwrapped(scope, answer));
  return valueOf(promise);
}

function restOf({ memory }: Scope, parameter: ts.ParameterDeclaration, value: Value): Value {
  const list = memory.allocate(parameter, 'the rest');
  memory.store(new Set([list]), value.places);
  return valueOf(list);
}

export function enterClosure(scope: Scope, place: number, args: readonly Value[]): Value {
  const declaration = scope.memory.closures.get(place);
  if (declaration !== undefined) return scope.walk.enter({ ...scope, conditional: true }, declaration, args);
  if (scope.memory.isShared(place))
    scope.access.barrier('XCS3001', scope.within, 'a function that is not known');
  return nothing;
}

/** What a function that was handed over may do at any time until the call ends counts as done by the call. */
export function runClosure(scope: Scope, place: number, node: ts.Node): void {
  const declaration = scope.memory.closures.get(place);
  if (declaration === undefined || scope.running.has(declaration)) return;
  const parameters = declaration.parameters.map(() => valueOf(world));
  scope.memory.escape(scope.walk.enter({ ...scope, conditional: true }, declaration, parameters).places);
  void node;
}

/** Nothing is known: it may change and keep whatever it can reach, and run any function that it is given. */
export function callUnknown(scope: Scope, node: ts.Expression, value: Value): Value {
  const { memory, access, context } = scope;
  const isCall = context.ts.isCallExpression(node) || context.ts.isNewExpression(node);
  const given = isCall ? evaluateArguments(scope, node).reduce(join, value) : value;
  access.barrier('XCS3001', node);
  for (const place of memory.reach(given.places)) runClosure(scope, place, node);
  memory.escape(given.places);
  return { places: new Set([world, ...memory.reach(given.places)]) };
}

export function unwrapped({ memory }: Scope, value: Value): ReadonlySet<number> {
  return new Set(
    [...value.places].flatMap((place) =>
      memory.promises.has(place) ? [...memory.load(new Set([place]))] : [place],
    ),
  );
}

export function evaluateArguments(
  scope: Scope,
  node: ts.CallExpression | ts.NewExpression,
): readonly Value[] {
  const { ts } = scope.context;
  return (node.arguments ?? []).map((argument) =>
    ts.isSpreadElement(argument) ? iterate(scope, argument.expression) : scope.walk.evaluate(scope, argument),
  );
}

export function hasSpread({ context }: Scope, node: ts.CallExpression | ts.NewExpression): boolean {
  return (node.arguments ?? []).some(context.ts.isSpreadElement);
}
