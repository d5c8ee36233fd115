/** Abstract evaluation of calls: operators, builtins, functions of this file, promises; everything else is a barrier. */
import type ts from 'typescript';
import { Access } from './access.ts';
import { type Builtin, builtin } from './builtins.ts';
import { labelOf } from './context.ts';
import { bind } from './evaluate-assign.ts';
import { give } from './evaluate-statement.ts';
import { coerce, copyProperties, isQuietIterable, iterate } from './evaluate-literal.ts';
import { findAssignments } from './assigned.ts';
import { join, nothing, type Value, valueOf, world } from './memory.ts';
import { type OperatorCall, operatorCall, strip } from './operators.ts';
import type { Scope } from './scope.ts';
import { isPrimitiveType, isPromiseType, libraryMember, mayBeThenable, resolveAlias } from './symbols.ts';

export function evaluateCall(scope: Scope, node: ts.CallExpression): Value {
  const called = operatorCall(scope.context, node);
  if (called !== undefined) return callOperator(scope, called);
  scope.access.mayFail = true;
  const { ts } = scope.context;
  const callee = strip(scope.context, node.expression);
  const isMember = ts.isPropertyAccessExpression(callee);
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword || node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return callUnknown(scope, node, nothing);
  const receiver = isMember ? scope.walk.evaluate(scope, callee.expression) : nothing;
  const declaration = scope.context.checker.getResolvedSignature(node)?.declaration;
  const library = libraryMember(scope.context, declaration);
  if (library?.owner.startsWith('Promise') === true) return callPromise(scope, node, library.member, receiver);
  const row = library && builtin(library.owner, library.member, hasSpread(scope, node) ? undefined : node.arguments.length);
  if (row !== undefined) return callBuiltin(scope, node, row, library?.member ?? '', receiver, isMember ? callee.expression : undefined);
  return callFunction(scope, node, callee, receiver);
}

function hasSpread({ context }: Scope, node: ts.CallExpression | ts.NewExpression): boolean {
  return (node.arguments ?? []).some(context.ts.isSpreadElement);
}

function evaluateArguments(scope: Scope, node: ts.CallExpression | ts.NewExpression): readonly Value[] {
  const { ts } = scope.context;
  return (node.arguments ?? []).map((argument) =>
    ts.isSpreadElement(argument) ? iterate(scope, argument.expression) : scope.walk.evaluate(scope, argument),
  );
}

/** A call of an operator holds what it is given until it ends, and may answer any of it. */
function callOperator(scope: Scope, called: OperatorCall): Value {
  const { memory, access, context } = scope;
  access.mayFail = true;
  const operator = scope.operators.add(called);
  access.operators.add(operator);
  const isRouted = scope.context.ts.findAncestor(called.call, (node) => node === scope.piece) !== undefined;
  if (!isRouted) access.barrier('XCS3001', called.call);
  findTarget(scope, called, operator);
  const given = evaluateArguments(scope, called.call).reduce(join, nothing);
  const held = memory.reach(given.places);
  access.read({ places: held });
  for (const place of held) runClosure(scope, place, called.call);
  const result = memory.result(scope.step, labelOf(called.call, 32));
  const promise = memory.allocate(called.call, 'a promise');
  memory.promises.add(promise);
  const type = context.checker.getAwaitedType(context.checker.getTypeAtLocation(called.call));
  const isPrimitive = type !== undefined && isPrimitiveType(context, type);
  memory.store(new Set([promise]), isPrimitive ? new Set() : new Set([result, ...held]));
  if (!isAwaited(scope, called.call)) access.lingers = true;
  return valueOf(promise);
}

/**
 * Evaluates what denotes the operator. Finding it in a field or container is no read that a write could disturb: link
 * finds it when the run begins, and fields that the body writes are not found that way.
 */
function findTarget(scope: Scope, called: OperatorCall, operator: number): void {
  const quiet = new Access(scope.context, scope.memory);
  scope.walk.evaluate({ ...scope, access: quiet }, called.target);
  const isFound = scope.operators.finders[operator]?.finder !== undefined;
  if (quiet.order !== 'free' || !isFound) scope.walk.evaluate(scope, called.target);
}

/** What a function that was handed over may do at any time until the call ends counts as done by the call. */
function runClosure(scope: Scope, place: number, node: ts.Node): void {
  const declaration = scope.memory.closures.get(place);
  if (declaration === undefined || scope.running.has(declaration)) return;
  const parameters = declaration.parameters.map(() => valueOf(world));
  scope.memory.escape(scope.walk.enter({ ...scope, conditional: true }, declaration, parameters).places);
  void node;
}

/** Whether the promise of `node` is waited for within its step: by `await` or by a combinator that waits for all. */
function isAwaited(scope: Scope, node: ts.Expression): boolean {
  const { ts } = scope.context;
  if (!scope.waits) return false;
  for (let inner: ts.Node = node; ; ) {
    const parent: ts.Node = inner.parent;
    if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) {
      const within = ts.findAncestor(parent, ts.isFunctionLike);
      if (within === undefined || within === scope.body) return true;
      inner = within;
    } else if (inner === scope.body) {
      return true;
    } else if (ts.isFunctionLike(inner) ? isMapCallback(scope, inner) : passesOn(scope, inner)) {
      inner = parent;
    } else return false;
  }
}

/** Whether `callback` is called for each element and its promises are collected. */
function isMapCallback({ context }: Scope, callback: ts.Node): boolean {
  const { ts } = context;
  const call = callback.parent;
  const isFirst = ts.isCallExpression(call) && call.arguments[0] === callback;
  return isFirst && ts.isPropertyAccessExpression(call.expression) && /^(map|flatMap)$/.test(call.expression.name.text);
}

/** Whether the parent of `node` denotes what `node` denotes, holds it, or waits for it. */
function passesOn(scope: Scope, node: ts.Node): boolean {
  const { ts } = scope.context;
  const { parent } = node;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (ts.isPropertyAccessExpression(parent)) return /^(then|catch|finally|map|flatMap)$/.test(parent.name.text);
  if (ts.isCallExpression(parent)) return parent.expression === node || waitsForAll(scope, parent);
  return (
    ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent) ||
    ts.isArrayLiteralExpression(parent) || ts.isConditionalExpression(parent) || ts.isSpreadElement(parent)
  );
}

function waitsForAll({ context }: Scope, node: ts.CallExpression): boolean {
  const library = libraryMember(context, context.checker.getResolvedSignature(node)?.declaration);
  if (library?.owner === 'PromiseConstructor') return library.member === 'all' || library.member === 'allSettled';
  return false;
}

/** `Promise.all` and the like over promises of known calls wait for these calls; `then` runs its callbacks after them. */
function callPromise(scope: Scope, node: ts.CallExpression, member: string, receiver: Value): Value {
  const { memory, access } = scope;
  const args = evaluateArguments(scope, node);
  const promise = memory.allocate(node, 'a promise');
  const isChain = member === 'then' || member === 'catch' || member === 'finally';
  const awaited = isChain ? receiver.places : memory.load(args[0]?.places ?? new Set());
  if (!isChain && !combinators.has(member)) return callUnknown(scope, node, receiver);
  if (!isChain && !isQuietArgument(scope, node)) return callUnknown(scope, node, receiver);
  const isKnown = [...awaited].every((place) => memory.promises.has(place) || !isChain) && combinesKnown(scope, node, awaited, isChain);
  if (!isKnown) return callUnknown(scope, node, receiver);
  if (member === 'race' || member === 'any' || !isAwaited(scope, node)) access.lingers = true;
  const results = memory.load(new Set([...awaited].filter((place) => memory.promises.has(place))));
  const others = [...awaited].filter((place) => !memory.promises.has(place));
  memory.promises.add(promise);
  if (isChain) {
    const answers = args.flatMap((value) => [...value.places]).map((place) => enterClosure(scope, place, [{ places: results }, valueOf(world)]));
    memory.store(new Set([promise]), new Set([...results, ...answers.flatMap((answer) => [...unwrapped(scope, answer)])]));
    return valueOf(promise);
  }
  const list = memory.allocate(node.expression, 'the results');
  memory.store(new Set([list]), new Set([...results, ...others]));
  memory.store(new Set([promise]), member === 'race' || member === 'any' ? new Set([...results, ...others]) : new Set([list]));
  return valueOf(promise);
}

const combinators = new Set(['all', 'allSettled', 'race', 'any']);

function unwrapped({ memory }: Scope, value: Value): ReadonlySet<number> {
  return new Set([...value.places].flatMap((place) => (memory.promises.has(place) ? [...memory.load(new Set([place]))] : [place])));
}

function isQuietArgument({ context }: Scope, node: ts.CallExpression): boolean {
  const argument = node.arguments[0];
  return argument !== undefined && isQuietIterable(context, context.checker.getTypeAtLocation(argument));
}

/** Whether what a combinator waits for is made by known calls, or is no thenable at all. */
function combinesKnown({ context, memory }: Scope, node: ts.CallExpression, awaited: ReadonlySet<number>, isChain: boolean): boolean {
  const { checker } = context;
  const hasPromise = [...awaited].some((place) => memory.promises.has(place));
  if (isChain) return hasPromise;
  const argument = node.arguments[0];
  if (argument === undefined) return false;
  const type = checker.getTypeAtLocation(argument);
  if (!checker.isArrayType(type) && !checker.isTupleType(type)) return false;
  const elements = checker.getTypeArguments(type as ts.TypeReference); // arrays are references
  if (elements.length === 0) return true;
  const thenables = elements.flatMap((element) => (element.isUnion() ? element.types : [element])).filter((element) => mayBeThenable(context, element));
  if (thenables.length === 0) return true;
  // A promise among values that are shared might be one of somebody else.
  const others = [...awaited].filter((place) => !memory.promises.has(place));
  const fromShared = others.some((place) => memory.isShared(place) && memory.places[place]?.kind !== 'result');
  return hasPromise && !fromShared && thenables.every((element) => isPromiseType(context, element));
}

function enterClosure(scope: Scope, place: number, args: readonly Value[]): Value {
  const declaration = scope.memory.closures.get(place);
  if (declaration !== undefined) return scope.walk.enter({ ...scope, conditional: true }, declaration, args);
  if (scope.memory.isShared(place)) scope.access.barrier('XCS3001', scope.within, 'a function that is not known');
  return nothing;
}

function callBuiltin(scope: Scope, node: ts.CallExpression | ts.NewExpression, row: Builtin, member: string, receiver: Value, base: ts.Expression | undefined): Value {
  const { memory, access } = scope;
  const args = evaluateArguments(scope, node);
  const given = args.reduce(join, nothing);
  if (row.receiver !== 'none') access.read(receiver);
  if (row.args !== 'none') access.read({ places: memory.reach(given.places) });
  if (row.receiver === 'mutates') access.write(receiver, node);
  if (row.args === 'mutates-first' && args[0]) access.write(args[0], node);
  const first = row.args === 'mutates-first' ? args[0] : undefined;
  if (first) memory.store(first.places, memory.load(given.places));
  if (row.args === 'stores') memory.store(receiver.places, given.places);
  if (row.ordered !== undefined) keepOrder(scope, node, row.ordered);
  if (row.iterates && node.arguments?.[0]) iterate(scope, node.arguments[0]);
  if (row.enumerates) for (const argument of node.arguments ?? []) if (!scope.context.ts.isSpreadElement(argument)) copyProperties(scope, argument);
  if (row.coerces) for (const part of [base, ...(node.arguments ?? [])]) if (part && !isFunctionLike(scope, part)) coerceDeep(scope, part);
  const sources = new Set([...memory.reach(memory.load(receiver.places)), ...memory.reach(given.places)]);
  const answers = (row.callbacks ?? []).flatMap((index) => callBack(scope, node.arguments?.[index], args[index], [{ places: sources }, receiver, valueOf(world)]));
  const isMapped = member === 'map' || (member === 'from' && args.length > 1);
  const inside = member === 'flatMap' ? memory.load(new Set(answers)) : [];
  const held = isMapped ? answers : member === 'flatMap' ? [...answers, ...inside] : [...sources, ...answers];
  return resultOf(scope, node, row, receiver, new Set(held));
}

function isFunctionLike({ context }: Scope, node: ts.Expression): boolean {
  return context.checker.getTypeAtLocation(node).getCallSignatures().length > 0;
}

function coerceDeep(scope: Scope, node: ts.Expression): void {
  if (!scope.context.ts.isSpreadElement(node)) coerce(scope, node, nothing);
}

function keepOrder(scope: Scope, node: ts.Node, kind: NonNullable<Builtin['ordered']>): void {
  const before = scope.access.ordered;
  scope.access.fence('XCS3004', node);
  // Values of the clock are not compared, so an operator that merely reads it has no effect.
  if (kind === 'clock') scope.access.ordered = before;
}

/** A callback gets elements of the receiver or the arguments; what it gives may be in the result. */
function callBack(scope: Scope, argument: ts.Expression | undefined, value: Value | undefined, [element, container]: readonly Value[]): readonly number[] {
  if (argument === undefined || value === undefined || element === undefined || container === undefined) return [];
  const closures = [...value.places].filter((place) => scope.memory.closures.has(place));
  const isQuiet = closures.length === value.places.size && closures.length > 0;
  if (!isQuiet && !isLibraryFunction(scope, argument)) {
    callUnknown(scope, argument, value);
    return [world];
  }
  // The second parameter is an index, or, in a reduction, an element.
  const learnt = (): number => scope.memory.version + scope.memory.assignments;
  const found = new Set<number>();
  for (let before = -1; before !== learnt(); ) {
    before = learnt();
    const item = join(element, { places: found });
    for (const place of closures) for (const answer of enterClosure(scope, place, [item, item, join(container, item), container]).places) found.add(answer);
  }
  return [...found];
}

/** `Boolean`, `Number`, `String` as a callback. */
function isLibraryFunction(scope: Scope, argument: ts.Expression): boolean {
  const { context } = scope;
  const signature = context.checker.getTypeAtLocation(argument).getCallSignatures()[0];
  const library = libraryMember(context, signature?.declaration);
  const row = library && builtin(library.owner, library.member);
  return row !== undefined && row.receiver === 'none' && row.args !== 'mutates-first' && row.ordered === undefined && !row.coerces && !row.iterates && !row.enumerates;
}

function resultOf(scope: Scope, node: ts.Expression, row: Builtin, receiver: Value, sources: ReadonlySet<number>): Value {
  const { memory } = scope;
  switch (row.result) {
    case 'primitive':
      return nothing;
    case 'receiver':
      return receiver;
    case 'element':
      return { places: sources };
    case 'fresh':
      return valueOf(memory.allocate(node, labelOf(node, 32)));
    case 'copy': {
      const copy = memory.allocate(node, labelOf(node, 32));
      memory.store(new Set([copy]), sources);
      // Entries are arrays of their own around key and value.
      const entry = memory.allocate(node.getLastToken() ?? node, 'an entry');
      memory.store(new Set([entry]), sources);
      if (/[eE]ntries/.test(node.getText())) memory.store(new Set([copy]), new Set([entry]));
      return row.lazy ? { places: new Set([copy, ...receiver.places]) } : valueOf(copy);
    }
  }
}

function callFunction(scope: Scope, node: ts.CallExpression, callee: ts.Expression, receiver: Value): Value {
  const { context, memory } = scope;
  const { ts } = context;
  const value = ts.isPropertyAccessExpression(callee) ? nothing : scope.walk.evaluate(scope, callee);
  const args = evaluateArguments(scope, node);
  if (hasSpread(scope, node)) return callUnknown(scope, node, join(receiver, value));
  const closures = [...value.places].filter((place) => memory.closures.has(place));
  if (closures.length > 0 && closures.length === value.places.size)
    return closures.map((place) => enterClosure(scope, place, args)).reduce(join, nothing);
  const declaration = declarationOf(scope, callee, receiver);
  if (declaration === undefined) return callUnknown(scope, node, join(receiver, value));
  if (ts.isPropertyAccessExpression(callee) && !ts.isPrivateIdentifier(callee.name)) scope.guards.add(callee.name.text);
  return scope.walk.enter(scope, declaration, args);
}

/** The function that `callee` names for certain: of this file, never assigned, or a method of `this`. */
function declarationOf({ context }: Scope, callee: ts.Expression, receiver: Value): ts.FunctionLikeDeclaration | undefined {
  const { ts, checker } = context;
  const isMethod = ts.isPropertyAccessExpression(callee);
  if (isMethod && callee.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  if (isMethod && receiver.path?.length !== 0) return undefined;
  const found = checker.getSymbolAtLocation(isMethod ? callee.name : callee);
  if (found === undefined) return undefined;
  const symbol = resolveAlias(context, found);
  const declaration = symbol.valueDeclaration;
  const file = callee.getSourceFile();
  if (declaration === undefined || declaration.getSourceFile() !== file || findAssignments(context, file).has(symbol)) return undefined;
  if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) return declaration.body ? declaration : undefined;
  if (!ts.isVariableDeclaration(declaration) || !(declaration.parent.flags & ts.NodeFlags.Const)) return undefined;
  const initializer = declaration.initializer;
  return initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer)) ? initializer : undefined;
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

export function evaluateNew(scope: Scope, node: ts.NewExpression): Value {
  const { context, memory } = scope;
  scope.access.mayFail = true;
  const declaration = context.checker.getResolvedSignature(node)?.declaration;
  const library = libraryMember(context, declaration);
  const row = library && builtin(library.owner, library.member, hasSpread(scope, node) ? undefined : (node.arguments ?? []).length);
  if (row !== undefined) {
    const value = callBuiltin(scope, node, row, 'new', nothing, undefined);
    const object = memory.allocate(node, labelOf(node, 32));
    memory.store(new Set([object]), memory.load(value.places));
    return join(value, valueOf(object));
  }
  return constructs(scope, node) ?? callUnknown(scope, node, scope.walk.evaluate(scope, node.expression));
}

/** An object of a class of this file whose construction only stores what it is given. */
function constructs(scope: Scope, node: ts.NewExpression): Value | undefined {
  const { context, memory } = scope;
  const { ts, checker } = context;
  const symbol = checker.getSymbolAtLocation(node.expression);
  const declaration = symbol && resolveAlias(context, symbol).valueDeclaration;
  if (declaration === undefined || !ts.isClassDeclaration(declaration) || declaration.getSourceFile() !== node.getSourceFile()) return undefined;
  if (!constructsQuietly(scope, declaration)) return undefined;
  const given = evaluateArguments(scope, node).reduce(join, nothing);
  const object = memory.allocate(node, labelOf(node, 32));
  memory.store(new Set([object]), new Set([world, ...given.places]));
  return valueOf(object);
}

function constructsQuietly(scope: Scope, declaration: ts.ClassLikeDeclaration): boolean {
  const { ts, checker } = scope.context;
  const members = declaration.members.filter((member) => ts.isConstructorDeclaration(member) || ts.isPropertyDeclaration(member));
  const quiet = members.every((member) => {
    if (ts.isPropertyDeclaration(member)) return member.initializer === undefined || isQuietInitializer(scope, member.initializer);
    return ts.isConstructorDeclaration(member) && (member.body?.statements ?? []).every((statement) => isQuietStatement(scope, statement));
  });
  const base = declaration.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  if (!quiet || base === undefined) return quiet;
  const symbol = checker.getSymbolAtLocation(base.expression);
  const parent = symbol && resolveAlias(scope.context, symbol).valueDeclaration;
  if (parent === undefined) return false;
  if (ts.isClassDeclaration(parent) && parent.getSourceFile() === declaration.getSourceFile()) return constructsQuietly(scope, parent);
  return symbol !== undefined && resolveAlias(scope.context, symbol).name === 'Operator';
}

function isQuietInitializer({ context }: Scope, node: ts.Expression): boolean {
  const { ts } = context;
  const isEmpty = ts.isArrayLiteralExpression(node) ? node.elements.length === 0 : ts.isObjectLiteralExpression(node) && node.properties.length === 0;
  const isConstant = ts.isLiteralExpression(node) || ts.isIdentifier(node) || node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
  return isEmpty || isConstant || ts.isArrowFunction(node) || (ts.isAsExpression(node) && isQuietInitializer({ context } as Scope, node.expression));
}

function isQuietStatement(scope: Scope, node: ts.Statement): boolean {
  const { ts } = scope.context;
  if (!ts.isExpressionStatement(node)) return false;
  const { expression } = node;
  if (ts.isCallExpression(expression)) return expression.expression.kind === ts.SyntaxKind.SuperKeyword && expression.arguments.every((argument) => isQuietInitializer(scope, argument));
  const isStore = ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isStore && ts.isPropertyAccessExpression(expression.left) && expression.left.expression.kind === ts.SyntaxKind.ThisKeyword && isQuietInitializer(scope, expression.right);
}

/** Walks the body of `declaration` as called with `args`. A function that is being walked already gives what is known. */
export function enter(scope: Scope, declaration: ts.SignatureDeclaration, args: readonly Value[]): Value {
  const { context, returned, running, memory } = scope;
  const { ts } = context;
  const body = 'body' in declaration ? (declaration.body as ts.Node | undefined) : undefined; // signatures without one are unknown
  if (body === undefined) return nothing;
  const isAsync = ts.canHaveModifiers(declaration) && (ts.getModifiers(declaration) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword);
  declaration.parameters.forEach((parameter, index) => {
    const given = parameter.dotDotDotToken ? args.slice(index).reduce(join, nothing) : (args[index] ?? nothing);
    const value = parameter.initializer ? join(given, scope.walk.evaluate(scope, parameter.initializer)) : given;
    bind({ ...scope, conditional: true }, parameter.name, parameter.dotDotDotToken ? restOf(scope, parameter, value) : value);
  });
  if ('asteriskToken' in declaration && declaration.asteriskToken) {
    scope.access.barrier('XCS3001', declaration, 'a generator');
    return valueOf(world);
  }
  if (!running.has(declaration)) {
    const inner: Scope = { ...scope, running: new Set([...running, declaration]), within: declaration, conditional: true, waits: scope.waits && isAsync };
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
