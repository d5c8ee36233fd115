/**
 * Pass 5: writes the descriptor.
 *
 * In:  pieces (pass 2), what they do (pass 3), the operators that they call.
 * Out: plain data, with the dependences that hold under the effects known now (pass 4).
 */
import type ts from 'typescript';
import { ABI_VERSION } from '../runtime/abi.ts';
import { longestCallChain } from '../runtime/check.ts';
import { findDependences } from '../runtime/dependences.ts';
import type { Descriptor, Note, OperatorRef, Region, Span, Step } from '../runtime/descriptor.ts';
import { assumedEffect } from '../runtime/effect.ts';
import { must } from '../runtime/errors.ts';
import type { Access } from './access.ts';
import { note } from './catalogue.ts';
import { type Context, labelOf, spanOf } from './context.ts';
import type { Effects } from './effects.ts';
import { givenTo } from './given.ts';
import { input as theInput } from './memory.ts';
import { numberPlaces, type PlaceIn, readsIn, type ReadsOf } from './number-places.ts';
import type { Inferred } from './infer.ts';
import { operatorCall } from './operators.ts';
import { type Form, isFlag, isNode, type Lowered, type Piece, type RegionDraft } from './piece.ts';
import { routedMethods, routesInside } from './routes.ts';
import { contains } from './shape.ts';
import { shapesReachedFrom, shapesReadBy } from './shapes.ts';

/** The function or class that a descriptor is about. */
export interface Subject {
  readonly name: string;
  readonly node: ts.Node;
  readonly span: Span;
  /** Fields that hold operators. */
  readonly fields: readonly string[];
}

export function describe(
  context: Context,
  subject: Subject,
  lowered: Lowered,
  effects: Effects,
  operators: readonly OperatorRef[],
  unknownIn: (operator: number) => Inferred['unknown'],
): Descriptor {
  const readsOf = readsIn(lowered, effects);
  const { places, idOf } = numberPlaces(lowered, effects, readsOf);
  const isShaped = operators.some(({ effect }) => effect.state && effect.known === 'inferred');
  const steps = lowered.pieces.map((piece, index) => {
    const access = must(effects.accesses[index], `piece ${index} has no access`);
    return {
      ...describeStep(context, piece, access, operators, idOf, readsOf),
      ...(isShaped ? shapesIn(context, piece, access, effects) : {}),
    };
  });
  const regions = lowered.regions.map(describeRegion);
  const code = { steps, places, slots: lowered.slots, regions };
  const { dependences, paced } = findDependences(code, (id) => {
    const operator = must(operators[id], `operator ${id} is not in the table`);
    return assumedEffect(operator.effect, operator);
  });
  const routed = lowered.pieces.flatMap(({ nodes }) => nodes.flatMap((node) => routedMethods(context, node)));
  const undeclared = operators.flatMap((operator) =>
    undeclaredNote(context, lowered, effects, operator, unknownIn(operator.id)),
  );
  const notes = [
    ...lowered.pieces.flatMap((piece) => piece.notes),
    ...effects.accesses.flatMap((access) => access.notes),
    ...undeclared,
  ];
  return {
    ...header(context, subject),
    slots: lowered.slots,
    places,
    operators,
    steps,
    ...(regions.length > 0 ? { regions } : {}),
    dependences,
    ...(paced.length > 0 ? { paced } : {}),
    criticalPath: longestCallChain(steps, dependences),
    guards: [...new Set([...effects.guards, ...routed])].map((name) => ({ name })),
    notes,
  };
}

function describeRegion({ id, role, owner, error, carried, results, again }: RegionDraft): Region {
  return {
    id,
    role,
    owner,
    ...(error === undefined ? {} : { error: error.slot }),
    carried: carried.map(({ into, from, out, versions }) => ({
      into,
      from,
      ...(out === undefined ? {} : { out }),
      ...(versions === undefined ? {} : { versions }),
    })),
    results,
    ...(again === undefined ? {} : { again }),
  };
}

/** The descriptor of a body that runs as written, and why. */
export function describeAsWritten(context: Context, subject: Subject, reason: Note): Descriptor {
  return {
    ...header(context, subject),
    slots: ['input', 'context'],
    places: [],
    operators: [],
    steps: [],
    dependences: [],
    criticalPath: 0,
    guards: [],
    notes: [],
    asWritten: reason,
  };
}

function header(
  context: Context,
  { name, span, fields }: Subject,
): Pick<Descriptor, 'abi' | 'name' | 'span' | 'options' | 'undeclared' | 'fields'> {
  const { hash, undeclared } = context.settings;
  return { abi: ABI_VERSION, name, span, options: hash, undeclared, fields };
}

function describeStep(
  context: Context,
  piece: Piece,
  access: Access,
  operators: readonly OperatorRef[],
  placeIn: PlaceIn,
  readsOf: ReadsOf,
): Step {
  const { id, kind, called, starts } = piece;
  const idOf = (place: number): number => placeIn(place, piece.region);
  const node = must(piece.nodes[0], `piece ${id} has no code`);
  const isCall = kind === 'call' || kind === 'start';
  const method = isCall ? called?.method : undefined;
  // The call of a step that calls is made by the engine; `$` is for calls in what it is given.
  const code = called && isCall ? [called.target, ...called.call.arguments] : piece.nodes;
  const routes =
    kind !== 'async' && !constants.has(piece.form) && code.some((inner) => routesInside(context, inner));
  return {
    id,
    kind,
    label: labelFor(context, piece, node),
    span: spanOf(context, node),
    inputs: piece.inputs.map(({ slot }) => slot),
    outputs: piece.outputs.map(({ slot }) => slot),
    ...(piece.region === undefined ? {} : { region: piece.region }),
    ...(piece.regions === undefined ? {} : { regions: piece.regions }),
    ...(piece.guard ? { guard: piece.guard.slot } : {}),
    ...(piece.otherwise ? { otherwise: piece.otherwise } : {}),
    ...(piece.isBoxed ? { boxed: true } : {}),
    ...(routes ? { routes } : {}),
    ...(piece.hops === undefined ? {} : { hops: piece.hops }),
    ...(piece.ends === undefined ? {} : { ends: piece.ends }),
    operators: [...access.operators],
    ...(method === undefined ? {} : { method }),
    ...(starts === undefined ? {} : { starts }),
    ...([...access.operators].some((operator) => mayBeKeyed(operators[operator]))
      ? givenTo(context, piece)
      : {}),
    ...keysOf(piece, access, idOf),
    order: access.order,
    reads: [...new Set(readsOf(access).map(idOf))],
    ...unheldIn(access, idOf),
    writes: [...new Set([...access.writes].map(idOf))],
    gate: access.gate,
    lingers: access.lingers || kind === 'start',
    ...(access.abandons ? { abandons: true } : {}),
    ...(access.handsOut && kind !== 'start' ? { handsOut: true } : {}),
    ...(access.races ? { races: true } : {}),
    ...(access.sideBySide && !access.races ? { sideBySide: true } : {}),
    mayFail: access.mayFail,
  };
}

/** What the code of the step reads before it calls something that is not given it. */
function unheldIn({ operators, reads, held }: Access, idOf: (place: number) => number): Pick<Step, 'unheld'> {
  if (operators.size === 0) return {};
  const given = new Set([...held].map(idOf));
  const unheld = [...new Set([...reads].map(idOf))].filter((place) => !given.has(place));
  return unheld.length > 0 ? { unheld } : {};
}

/** The kinds of objects from outside that the step reads. */
function shapesIn(
  context: Context,
  { nodes }: Piece,
  { order, reads }: Access,
  { memory, inputType }: Effects,
): Pick<Step, 'shapes'> {
  const outside = [...reads].filter((place) => memory.isShared(place));
  if (order !== 'free' || outside.length === 0) return {};
  const isInput = inputType !== undefined && outside.every((place) => place === theInput);
  const shapes =
    shapesReadBy(context, nodes) ?? (isInput ? shapesReachedFrom(context, inputType) : undefined);
  return shapes === undefined ? {} : { shapes };
}

/** The keys under which the step touches Maps and Sets: those that are values of slots while it runs. */
function keysOf(
  { inputs, outputs }: Piece,
  access: Access,
  idOf: (place: number) => number,
): Pick<Step, 'keys'> {
  const keys = [...access.keys].flatMap(([place, key]) => {
    const input = inputs.find(({ of }) => of === key);
    const isConstant = input !== undefined && outputs.every(({ of }) => of !== input.of);
    return isConstant ? [{ place: idOf(place), slot: input.slot }] : [];
  });
  return access.order === 'free' && keys.length > 0 ? { keys } : {};
}

/** Whether the resources that the operator touches may depend on what it is given. */
function mayBeKeyed(operator: OperatorRef | undefined): boolean {
  const { known, reads = [], writes = [] } = operator?.effect ?? {};
  return known === 'undeclared' || reads.includes('*') || writes.includes('*');
}

/** Forms whose functions have no code of the body in them. */
const constants: ReadonlySet<Form> = new Set(['returned', 'nothing', 'yes', 'no']);
const tests: ReadonlySet<Form> = new Set(['none', 'any', 'same', 'absent', 'present']);

function labelFor({ ts }: Context, piece: Piece, node: ts.Node): string {
  if (piece.form === 'tail') return `the rest of the body, from \`${labelOf(node, 40)}\``;
  if (piece.kind === 'return' || piece.kind === 'exit')
    return ts.isExpression(node) ? `return ${labelOf(node)}` : 'return';
  const names = piece.outputs.flatMap(({ of }) => (isNode(of) ? [] : [of.name]));
  if (tests.has(piece.form)) return names.join();
  const isValue =
    piece.outputs.every(({ of }) => !isFlag(of)) && (piece.form === 'call' || piece.form === 'expression');
  return isValue && names.length === 1 ? `${names[0] ?? ''} = ${labelOf(node)}` : labelOf(node);
}

/** Stands at what is not known in the operator's body, or at its first call when there is no body to be seen. */
function undeclaredNote(
  context: Context,
  lowered: Lowered,
  { accesses }: Effects,
  operator: OperatorRef,
  unknown: Inferred['unknown'],
): readonly Note[] {
  if (operator.effect.known !== 'undeclared' || operator.effect.kind !== 'sequential') return [];
  const name = operator.label === operator.type ? '' : ` (\`${operator.type}\`)`;
  const who = `\`${operator.label}\`${name}`;
  if (unknown !== undefined && operator.found !== 'external') {
    const what = /^(`|the )/u.test(unknown.what) ? unknown.what : `\`${unknown.what}\``;
    const text = `${who}, for nothing is known of ${what} in its body`;
    return [note('XCS4001', spanOf(context, unknown.node), text)];
  }
  const piece = lowered.pieces.find((_, index) => accesses[index]?.operators.has(operator.id));
  const node = piece && (piece.called?.call ?? findCall(context, piece, operator) ?? piece.nodes[0]);
  return node === undefined
    ? []
    : [note('XCS4001', spanOf(context, node), `${who}, whose body is not to be seen or shows none`)];
}

function findCall(context: Context, piece: Piece, { label }: OperatorRef): ts.Node | undefined {
  let found: ts.Node | undefined;
  const isCall = (node: ts.Node): boolean => {
    const called = operatorCall(context, node);
    if (called === undefined || labelOf(called.target) !== label) return false;
    found = called.call;
    return true;
  };
  piece.nodes.some((node) => contains(context, node, isCall, () => true));
  return found;
}
