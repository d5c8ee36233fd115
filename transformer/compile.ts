/**
 * The pipeline for one body: lower → effects → dependences and descriptor → emit, each stage offered to `onStage`.
 */
import type { Descriptor, Note } from '../runtime/descriptor.ts';
import type ts from 'typescript';
import { assignedTargets } from './assigned.ts';
import { note } from './catalogue.ts';
import { type Context, spanOf } from './context.ts';
import { describe, describeAsWritten, type Subject } from './describe.ts';
import { type Effects, findEffects } from './effects.ts';
import type { Inference } from './infer.ts';
import { type Body, lower } from './lower.ts';
import { OperatorTable } from './operator-table.ts';
import type { Origin } from './origin.ts';
import { type Lowered, nothingLowered } from './piece.ts';
import { contains, findUnmovable } from './shape.ts';
import { type Reason, type Reasons, whyCalled } from './why-called.ts';
import { writtenProperties } from './written.ts';

/** What the stages of the pipeline make, by name, for tests and tools. */
export interface Stages {
  readonly lower: Lowered;
  readonly effects: Effects;
  readonly descriptor: Descriptor;
}

export type OnStage = <Name extends keyof Stages>(name: Name, value: Stages[Name]) => void;

export interface CompiledBody {
  readonly descriptor: Descriptor;
  readonly lowered: Lowered;
  readonly finders: readonly (Origin | undefined)[];
  /** Name the classes of `descriptor.guards` that have `constructs`, which come last. */
  readonly classes: readonly ts.Expression[];
}

export function compileBody(
  context: Context,
  subject: Subject,
  body: Body,
  inference: Inference,
  onStage: OnStage,
): CompiledBody {
  const reason = whyAsWritten(context, body);
  if (reason !== undefined) {
    const descriptor = describeAsWritten(context, subject, reason);
    onStage('descriptor', descriptor);
    return { descriptor, lowered: nothingLowered, finders: [], classes: [] };
  }
  const operators = new OperatorTable(context, body, writtenProperties(context, body), (type, target) =>
    inference.effectOf(type, target),
  );
  const opaque = new Set<ts.Node>();
  const called: Reasons = new Map();
  let lowered = lower(context, body, opaque, called);
  let effects = findEffects(context, body, lowered, operators);
  for (;;) {
    const call = findCalled(lowered, effects);
    const whole = call === undefined ? findOpaque(lowered, effects) : undefined;
    if (call !== undefined) called.set(call, GOES_ON);
    else if (whole !== undefined) opaque.add(whole);
    else break;
    lowered = lower(context, body, opaque, called);
    effects = findEffects(context, body, lowered, operators);
  }
  onStage('lower', lowered);
  onStage('effects', effects);
  const described = describe(context, subject, lowered, effects, operators.references, (id) => {
    const target = operators.targets[id];
    return target && inference.unknownIn(target);
  });
  const notes = whyCalled(context, lowered.pieces, called);
  const classes = [...operators.classes].map(([name, { hashes }]) => ({ name, constructs: hashes }));
  const descriptor = {
    ...described,
    guards: [...described.guards, ...classes],
    notes: [...described.notes, ...notes],
  };
  onStage('descriptor', descriptor);
  const nodes = [...operators.classes.values()].map(({ node }) => node);
  return { descriptor, lowered, finders: operators.finders, classes: nodes };
}

/**
 * A loop or `try` that must stay whole after all: promises of calls that go on when their step has ended may be raced with each
 * other, and an iterator that is code of the program must be told when the loop is left.
 */
function findOpaque({ pieces, regions }: Lowered, { accesses }: Effects): ts.Node | undefined {
  for (const [index, { region, kind }] of pieces.entries()) {
    const access = accesses[index];
    const owner = region === undefined ? undefined : pieces[regions[region]?.owner ?? -1];
    if (owner === undefined || access === undefined) continue;
    if (access.handsOut || (kind === 'next' && access.order === 'barrier')) return owner.nodes[0];
  }
  return undefined;
}

const GOES_ON: Reason = {
  why: 'calls of it may go on when it has ended: a race, or one that it does not await',
  out: 'await each, or use `Promise.all`',
};

/**
 * The call of a function that must be called after all: what goes on when the function has ended is ordered, and paced, as part
 * of the step that calls it.
 */
function findCalled({ pieces }: Lowered, { accesses }: Effects): ts.Node | undefined {
  return pieces.find(({ inlined, kind }, index) => {
    const access = accesses[index];
    return (
      inlined !== undefined && (kind === 'start' || access?.lingers === true || access?.handsOut === true)
    );
  })?.inlined;
}

/** Pass 1½, legality: what keeps the whole body as written. */
function whyAsWritten(context: Context, body: Body): Note | undefined {
  const { ts, program } = context;
  const span = spanOf(context, body);
  if (program.getSourceFiles().length <= 1) return note('XCS2004', span, 'there is no type information');
  const isAsync =
    ts.getModifiers(body)?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) === true;
  if (!isAsync) return note('XCS2002', span, 'not async');
  if (body.asteriskToken) return note('XCS2002', span, 'a generator');
  if (body.parameters.length > 2) return note('XCS2002', span, 'given more than two parameters');
  if (body.parameters.some((parameter) => parameter.dotDotDotToken))
    return note('XCS2002', span, 'given a rest parameter');
  if (body.parameters.some((parameter) => ts.isIdentifier(parameter.name) && parameter.name.text === 'this'))
    return note('XCS2002', span, 'given a `this` parameter');
  const [, second] = body.parameters;
  const isOptional = second?.questionToken !== undefined || second?.initializer !== undefined;
  // Called without it, a function as written has nothing there; what is compiled is always given a context.
  if (!ts.isMethodDeclaration(body) && isOptional)
    return note('XCS2002', span, 'given a second parameter that may be left out');
  const assigns = (node: ts.Node): boolean => assignedTargets(context, node).length > 0;
  if (body.parameters.some((parameter) => contains(context, parameter, assigns, () => true)))
    return note('XCS2002', span, 'given a parameter whose default assigns variables');
  const unmovable = findUnmovable(context, body) ?? ownName(context, body);
  return unmovable === undefined ? undefined : note('XCS2001', span, unmovable);
}

/** The name of a function expression, if its body uses it: nobody outside of it knows that name. */
function ownName(context: Context, body: Body): string | undefined {
  const { ts, checker } = context;
  const name = ts.isFunctionExpression(body) ? body.name : undefined;
  if (name === undefined || body.body === undefined) return undefined;
  const symbol = checker.getSymbolAtLocation(name);
  const isName = (node: ts.Node): boolean =>
    ts.isIdentifier(node) && node.text === name.text && checker.getSymbolAtLocation(node) === symbol;
  return contains(
    context,
    body,
    (node) => node !== name && isName(node),
    () => true,
  )
    ? name.text
    : undefined;
}
