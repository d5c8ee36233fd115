/** Abstract evaluation of functions of the program: of their bodies where they are known, of the worst where they are not. */
import type ts from 'typescript';
import { bind } from './evaluate-assign.ts';
import { iterate } from './evaluate-literal.ts';
import { give } from './evaluate-statement.ts';
import type { Context } from './context.ts';
import { type Value, input, join, nothing, valueOf, world } from './memory.ts';
import { routeOf } from './routes.ts';
import { isOfStep, type Scope } from './scope.ts';

/**
 * Walks the body of `declaration` as called with `args`. A function that is being walked already gives what is known. An
 * asynchronous one that nobody awaits goes on when its step has ended.
 */
export function enter(
  scope: Scope,
  declaration: ts.SignatureDeclaration,
  args: readonly Value[],
  isAwaited: boolean,
): Value {
  const { context, running, memory } = scope;
  const { ts } = context;
  const body = bodyOf(context, declaration);
  if (body === undefined) {
    scope.access.barrier('XCS3001', declaration);
    return valueOf(world);
  }
  if (usesArguments(context, declaration)) {
    scope.access.barrier('XCS3001', declaration, 'a function that uses `arguments`');
    for (const arg of args) memory.escape(arg.places);
    return { places: new Set([world, ...args.flatMap((arg) => [...memory.reach(arg.places)])]) };
  }
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
      running: new Map([...running, [declaration, isAwaited]]),
      within: declaration,
      conditional: true,
    };
    if (ts.isBlock(body)) scope.walk.visit(inner, body);
    else if (ts.isExpression(body)) {
      const value = scope.walk.evaluate(inner, body);
      give(inner, value);
    }
  }
  const answer = memory.returnedBy(declaration);
  if (!isAsync) return { places: answer.places };
  const promise = memory.allocate(body, 'a promise');
  memory.promises.add(promise);
  memory.store(new Set([promise]), unwrapped(scope, answer));
  if (!isAwaited) scope.access.begin(promise);
  return valueOf(promise);
}

function bodyOf({ ts }: Context, declaration: ts.SignatureDeclaration): ts.ConciseBody | undefined {
  const hasBody =
    ts.isArrowFunction(declaration) ||
    ts.isFunctionExpression(declaration) ||
    ts.isFunctionDeclaration(declaration) ||
    ts.isMethodDeclaration(declaration) ||
    ts.isAccessor(declaration) ||
    ts.isConstructorDeclaration(declaration);
  return hasBody ? declaration.body : undefined;
}

function usesArguments({ ts }: Context, declaration: ts.SignatureDeclaration): boolean {
  if (ts.isArrowFunction(declaration)) return false;
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === 'arguments') || (ts.forEachChild(node, visit) ?? false);
  return visit(declaration);
}

function restOf({ memory }: Scope, parameter: ts.ParameterDeclaration, value: Value): Value {
  const list = memory.allocate(parameter, 'the rest');
  memory.store(new Set([list]), value.places);
  return valueOf(list);
}

/** Enters a closure that `site` calls, or has called. */
export function enterClosure(
  scope: Scope,
  place: number,
  args: readonly Value[],
  isAwaited: boolean,
  site: ts.Node,
): Value {
  const declaration = scope.memory.closures.get(place);
  if (declaration !== undefined) {
    const inner = { ...routedTo(scope, declaration, site), conditional: true };
    return scope.walk.enter(inner, declaration, args, isAwaited);
  }
  if (scope.memory.isShared(place))
    scope.access.barrier('XCS3001', scope.within, 'a function that is not known');
  return nothing;
}

/** The scope for `declaration` where `site` calls it: operator calls of a routed function belong to the step that calls it. */
export function routedTo(scope: Scope, declaration: ts.SignatureDeclaration, site: ts.Node): Scope {
  const { context } = scope;
  const { ts } = context;
  if (!isOfStep(scope, site)) return scope;
  const named = ts.isCallExpression(site) ? [site.expression, ...site.arguments] : [site];
  const isRouted = named.some((node) => routeOf(context, node)?.function === declaration);
  return isRouted ? { ...scope, code: [declaration] } : scope;
}

/** What a function that was handed over may do at any time until the call ends counts as done by the call. */
export function runClosure(scope: Scope, place: number): void {
  const declaration = scope.memory.closures.get(place);
  if (declaration === undefined || scope.running.has(declaration)) return;
  const parameters = declaration.parameters.map(() => valueOf(world));
  const given = scope.walk.enter({ ...scope, conditional: true }, declaration, parameters, false);
  scope.memory.escape(given.places);
}

/** Nothing is known: it may change and keep whatever it can reach, and run any function that it is given. */
export function callUnknown(scope: Scope, node: ts.Expression, value: Value): Value {
  const { memory, access, context } = scope;
  const isCall = context.ts.isCallExpression(node) || context.ts.isNewExpression(node);
  const given = isCall ? evaluateArguments(scope, node).reduce(join, value) : value;
  access.barrier('XCS3001', node);
  const reached = memory.reach(given.places);
  for (const place of reached) runClosure(scope, place);
  // That other modules change what they are given is taken to be declared; code of this file shows it, if one could see it.
  if (reached.has(input) && isOfThisFile(scope, node)) access.mutatesInput = true;
  memory.escape(given.places);
  return { places: new Set([world, ...memory.reach(given.places)]) };
}

function isOfThisFile({ context }: Scope, node: ts.Expression): boolean {
  const { ts, checker } = context;
  const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
  const declaration = isCall ? checker.getResolvedSignature(node)?.declaration : undefined;
  return declaration === undefined || declaration.getSourceFile() === node.getSourceFile();
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
