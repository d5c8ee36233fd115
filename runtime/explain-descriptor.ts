/**
 * What a descriptor says, as text: steps with what each waits for and why, what keeps its place and what would free it,
 * guards, and what is assumed. Needs no instance, so `explain` and the command line share it.
 */
import { ASSUMED } from './assumed-contracts.ts';
import { isObject } from './brand.ts';
import type { Dependence, Descriptor, Note, Span, Step } from './descriptor.ts';
import { assumedEffect, type CallEffect } from './effect.ts';
import { longestCallChain } from './check.ts';
import { depthOf, explainCalls } from './explain-calls.ts';
import { explainCause, explainPlace } from './explain-cause.ts';
import { findOverlappingLoops } from './overlap.ts';
import { buildPlan, type Plan } from './plan.ts';

/** What is known of one thing to explain, beyond its descriptor. */
export interface Explained {
  readonly name: string;
  /** Lines after the first: whether it runs as written, its strategy, its guards. */
  readonly facts: readonly string[];
  /** Under the effects of the operators that are really there. */
  readonly dependences: readonly Dependence[];
  readonly plan: Plan;
  readonly operators: readonly string[];
}

/**
 * Explains a descriptor by itself, under the effects that the compiler assumed.
 *
 * @example
 * explainDescriptor(compiled.descriptor); // the text that `explain(Answer)` gives, without strategy
 */
export function explainDescriptor(descriptor: Descriptor): string {
  const { name, asWritten, steps, dependences, paced, regions } = descriptor;
  if (asWritten !== undefined) return explainBailOut(name, descriptor, asWritten);
  const plan = buildPlan(steps, dependences, paced, regions);
  const operators = descriptor.operators.map(({ label, type, effect }) =>
    explainOperator(label, type, assumedEffect(effect, undefined)),
  );
  const undeclared = descriptor.operators.filter(({ effect }) => effect.known === 'undeclared');
  const facts = [
    `guards: ${GUARDED_LATER}`,
    ...explainGuards(descriptor),
    ...(undeclared.length === 0
      ? []
      : [
          `effects: unknown here for ${undeclared.length} of ${descriptor.operators.length} operators; ${LATER}`,
        ]),
  ];
  return explainBody(descriptor, { name, facts, dependences, plan, operators });
}

const LATER = 'an instance goes by what its own declare, and so does `explain(instance)`';

/** What is said of guards where there is no instance to check them on. */
export const GUARDED_LATER = 'checked for each instance';

export function explainBailOut(name: string, descriptor: Descriptor, note: Note): string {
  const head = `${name}  ${descriptor.span.file}:${at(descriptor.span)}`;
  const rest = descriptor.notes.filter((one) => one !== note);
  return [head, '  runs as written', ...explainNotes([note, ...rest]), ''].join('\n');
}

export function explainBody(descriptor: Descriptor, explained: Explained): string {
  const { name, facts, dependences, plan, operators } = explained;
  const calls = explainCalls(descriptor, dependences, (step) => explainOrder(step, descriptor));
  return [
    `${name}  ${descriptor.span.file}:${at(descriptor.span)}`,
    ...facts.map((fact) => `  ${fact}`),
    ...explainGain(descriptor, dependences, plan).map((line) => `  ${line}`),
    '',
    'calls',
    ...(calls.length === 0 ? ['  none'] : calls),
    '',
    'steps',
    ...descriptor.steps.flatMap((step) => explainStep(step, descriptor, dependences)),
    '',
    'operators',
    ...(operators.length === 0 ? ['  none'] : operators.map((line) => `  ${line}`)),
    ...explainNotes(descriptor.notes),
    '',
    'assumed',
    ...ASSUMED.map((contract) => `  - ${contract}`),
    '',
  ].join('\n');
}

/** What must hold of an instance for its compiled code to run. */
export function explainGuards({ guards, operators }: Descriptor): readonly string[] {
  const methods = ['forward', 'invoke', ...guards.map(({ name }) => name)];
  const fields = operators.flatMap(({ label, path }) => (path === undefined ? [] : [`\`${label}\``]));
  const held = fields.length === 0 ? [] : [`${fields.join(', ')} hold operators, and are no accessors`];
  return [
    `  ${methods.map((name) => `\`${name}\``).join(', ')} are what was compiled`,
    ...held.map(indented),
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}

export function explainOperator(label: string, type: string, effect: CallEffect): string {
  return `${label}  ${type}  ${describeEffect(effect)}, ${effect.known}`;
}

/** The serial sum against the critical path, and which steps are on that; with loops, for one iteration of each. */
function explainGain(
  { steps, regions }: Descriptor,
  dependences: readonly Dependence[],
  plan: Plan,
): readonly string[] {
  const calls = steps.filter(({ kind }) => kind === 'call' || kind === 'start' || kind === 'async').length;
  if (regions !== undefined) {
    const loops = steps.filter(({ kind }) => kind === 'loop');
    const overlapping = new Set(findOverlappingLoops(steps, dependences, regions));
    const ordered = loops.filter(({ id }) => !overlapping.has(id)).map(({ span }) => at(span));
    const others = ordered.length === 0 ? '' : `; in order: ${ordered.join(', ')}`;
    const gain = `calls: ${calls} call sites, ${longestCallChain(steps, dependences)} on the critical path of one pass`;
    return loops.length === 0
      ? [gain]
      : [gain, `loops: the iterations of ${overlapping.size} of ${loops.length} overlap${others}`];
  }
  const longest = plan.priority.reduce((most, one) => Math.max(most, one), 0);
  const gain = `calls: ${calls} one after another as written, ${longest} on the critical path`;
  const path = criticalPath(plan, longest);
  return path.length < 2 ? [gain] : [gain, `critical path: ${path.join(' → ')}`];
}

/** The calls on one longest chain: each the first of those that may follow the one before. */
function criticalPath(plan: Plan, longest: number): readonly number[] {
  const path: number[] = [];
  let candidates = [...plan.priority.keys()];
  for (let left = longest; left > 0;) {
    const next = candidates.find((step) => plan.priority[step] === left);
    if (next === undefined) return path;
    if (plan.isCall[next] === 1) {
      path.push(next);
      left--;
    }
    candidates = Array.from(plan.successors.subarray(plan.offsets[next], plan.offsets[next + 1]));
  }
  return path;
}

function explainStep(
  step: Step,
  descriptor: Descriptor,
  dependences: readonly Dependence[],
): readonly string[] {
  const lines = [
    `  ${'  '.repeat(depthOf(step, descriptor))}${step.id}  ${step.kind}  ${step.label}  ${at(step.span)}${explainOrder(step, descriptor)}`,
  ];
  const causes = new Map<number, Set<string>>();
  for (const dependence of dependences) {
    const { before, after } = dependence;
    if (after !== step.id) continue;
    causes.set(before, (causes.get(before) ?? new Set()).add(explainCause(dependence, descriptor)));
  }
  if (causes.size === 0) lines.push('       waits for nothing');
  for (const [before, why] of causes) {
    const earlier = descriptor.steps[before];
    const place = earlier === undefined ? '' : ` at ${explainPlace(earlier)}`;
    lines.push(`       waits for ${before}${place}: ${[...why].join('; ')}`);
  }
  return lines;
}

/** Whether it keeps its place, and the codes of the notes that say why and what would free it. */
function explainOrder(step: Step, { notes }: Descriptor): string {
  const codes = new Set(notes.filter(({ span }) => isWithin(span, step.span)).map(({ code }) => code));
  const why = codes.size === 0 ? '' : ` (${[...codes].join(', ')})`;
  return step.order === 'free' ? why && ` ${why}` : `  ${step.order}${why}`;
}

function isWithin(inner: Span, outer: Span): boolean {
  const starts = inner.line > outer.line || (inner.line === outer.line && inner.column >= outer.column);
  const ends =
    inner.endLine < outer.endLine || (inner.endLine === outer.endLine && inner.endColumn <= outer.endColumn);
  return inner.file === outer.file && starts && ends;
}

function describeEffect(effect: CallEffect): string {
  const parts = [
    ...(effect.ordered ? ['sequential'] : []),
    ...describeTouched('reads', effect.reads),
    ...describeTouched('writes', effect.writes),
    ...(effect.mutates ? ['mutates its input'] : []),
    ...(effect.state ? ['writes state'] : []),
  ];
  return parts.length === 0 ? 'unordered' : parts.join(', ');
}

function describeTouched(verb: string, touched: ReadonlySet<unknown>): readonly string[] {
  if (touched.size === 0) return [];
  const names = [...touched].map((one) =>
    isObject(one) ? `an object (${nameOf(one)})` : JSON.stringify(one),
  );
  return [`${verb} ${names.join(', ')}`];
}

function explainNotes(notes: readonly Note[]): readonly string[] {
  if (notes.length === 0) return [];
  const lines = notes.flatMap(({ code, span, message, hint }) => [
    `  ${code}  ${span.file}:${at(span)}  ${message}`,
    ...(hint === '' ? [] : [`       to change that: ${hint}`]),
  ]);
  return ['', 'notes', ...lines];
}

function at(span: Span): string {
  return `${span.line}:${span.column}`;
}

/** The name of a class or function, or of the class of an object. */
export function nameOf(target: unknown): string {
  const named: unknown = isObject(target) && typeof target !== 'function' ? target.constructor : target;
  return typeof named === 'function' && named.name !== '' ? named.name : 'anonymous operator';
}
