/**
 * What will happen when something is invoked, and why, as text. Takes no part in running it: it links afresh, and keeps
 * nothing.
 */
import { ASSUMED } from './assumed-contracts.ts';
import { isObject, isOperator } from './brand.ts';
import type { Compiled, Dependence, Descriptor, Note, Span, Step } from './descriptor.ts';
import { assumedEffect, type CallEffect } from './effect.ts';
import { notAnOperator } from './errors.ts';
import { countFailedGuards, tryLink, type Linked } from './link.ts';
import { buildPlan, type Plan } from './plan.ts';
import { explainLearnt } from './jit/explain-learnt.ts';
import { decorationOf, isEnabled, learningOf, type Decoration } from './registry.ts';
import { scopes } from './scope.ts';
import { explainStrategy } from './strategy.ts';

/** What there is to tell: a class has a descriptor, an instance has a link as well. */
interface Subject {
  readonly decoration: Decoration;
  readonly compiled: Compiled;
  readonly linked: Linked | undefined;
  /** Absent for a class. */
  readonly instance: object | undefined;
  readonly guards: string;
}

/**
 * Tells what calls of an operator, an operator class or a function given to `structuralJit` do and why: the steps, what each
 * waits for, what keeps its place, the strategy, and what is assumed. Throws an `XCSError` for anything else.
 *
 * @example
 * console.log(explain(Answer));
 */
export function explain(target: unknown): string {
  const holder = isOperator(target) ? target : prototypeOf(target);
  if (holder === undefined) throw notAnOperator('explain', target);
  const decoration = decorationOf(holder);
  const name = nameOf(target);
  if (decoration === undefined && learningOf(holder) !== undefined) return explainLearnt(name, holder);
  if (decoration === undefined)
    return asWritten(
      name,
      'it is not decorated',
      'put `@structuralJit` on the class, or give the function to `structuralJit`',
    );
  if (decoration.compiled === undefined)
    return asWritten(name, 'it was not compiled by the xcs transformer', NOT_COMPILED);
  const { descriptor } = decoration.compiled;
  if (descriptor.asWritten !== undefined) return explainBailOut(name, descriptor, descriptor.asWritten);
  const instance = isOperator(target) ? target : undefined;
  return explainCompiled(name, subjectOf(decoration, decoration.compiled, instance));
}

const NOT_COMPILED =
  'add { "transform": "xcs/transformer" } to "plugins" in tsconfig.json and build with `tspc` (ts-patch)';

function asWritten(name: string, why: string, fix: string): string {
  return [name, `  runs as written: ${why}`, `  to change that: ${fix}`, ''].join('\n');
}

function explainBailOut(name: string, descriptor: Descriptor, note: Note): string {
  const head = `${name}  ${descriptor.span.file}:${at(descriptor.span)}`;
  const rest = descriptor.notes.filter((one) => one !== note);
  return [head, '  runs as written', ...explainNotes([note, ...rest]), ''].join('\n');
}

function subjectOf(decoration: Decoration, compiled: Compiled, instance: object | undefined): Subject {
  const subject = { decoration, compiled, instance, linked: undefined };
  if (instance === undefined) return { ...subject, guards: 'checked for each instance' };
  const link = tryLink(instance, startsCertain(decoration));
  const failures = countFailedGuards(instance);
  const counted = failures === 0 ? '' : `; calls that ran as written because a guard failed: ${failures}`;
  if (link === undefined) return { ...subject, guards: `not checked${counted}` };
  if ('failed' in link) return { ...subject, guards: `failed: ${link.failed.reason}${counted}` };
  return { ...subject, linked: link.linked, guards: `all hold${counted}` };
}

function explainCompiled(name: string, subject: Subject): string {
  const { compiled, linked, decoration, instance } = subject;
  const { descriptor } = compiled;
  const dependences = linked?.dependences ?? descriptor.dependences;
  const plan = linked?.plan ?? buildPlan(descriptor.steps, dependences);
  const off = instance !== undefined && !isEnabled(instance);
  const failed = subject.guards.startsWith('failed');
  return [
    `${name}  ${descriptor.span.file}:${at(descriptor.span)}`,
    ...(off ? ['  runs as written: `disableJit` was called; `enableJit` undoes it'] : []),
    ...(failed ? ['  runs as written: a guard failed'] : []),
    `  strategy: ${explainStrategy(plan, decoration.options, scopes.current)}`,
    `  guards: ${subject.guards}`,
    `  ${explainGain(plan)}`,
    '',
    'steps',
    ...descriptor.steps.flatMap((step) => explainStep(step, descriptor, dependences)),
    '',
    'operators',
    ...explainOperators(descriptor, linked),
    ...explainNotes(descriptor.notes),
    '',
    'assumed',
    ...ASSUMED.map((contract) => `  - ${contract}`),
    '',
  ].join('\n');
}

function explainGain(plan: Plan): string {
  const calls = plan.isCall.reduce((sum, one) => sum + one, 0);
  const longest = plan.priority.reduce((most, one) => Math.max(most, one), 0);
  return `calls: ${calls} one after another as written, ${longest} on the critical path`;
}

function explainStep(
  step: Step,
  descriptor: Descriptor,
  dependences: readonly Dependence[],
): readonly string[] {
  const order = step.order === 'free' ? '' : `  ${step.order}`;
  const lines = [`  ${step.id}  ${step.kind}  ${step.label}  ${at(step.span)}${order}`];
  const causes = new Map<number, Set<string>>();
  for (const { before, after, kind, what } of dependences) {
    if (after !== step.id) continue;
    causes.set(before, (causes.get(before) ?? new Set()).add(CAUSES[kind](what)));
  }
  if (causes.size === 0) lines.push('       waits for nothing');
  for (const [before, why] of causes) {
    const earlier = descriptor.steps[before];
    const place = earlier === undefined ? '' : ` at ${at(earlier.span)} (${earlier.label})`;
    lines.push(`       waits for ${before}${place}: ${[...why].join('; ')}`);
  }
  return lines;
}

const CAUSES: Readonly<Record<Dependence['kind'], (what: string) => string>> = {
  flow: (what) => `needs \`${what}\``,
  anti: (what) => `writes \`${what}\`, which the other uses until it ends`,
  output: (what) => `both write \`${what}\``,
  effect: (what) => `effects keep their order (${what})`,
  failure: (what) => `must not start if the other fails (${what})`,
  control: (what) => `must not start before that is decided (${what})`,
};

function explainOperators(descriptor: Descriptor, linked: Linked | undefined): readonly string[] {
  if (descriptor.operators.length === 0) return ['  none'];
  return descriptor.operators.map((operator) => {
    const target = linked?.operators[operator.id];
    const effect = target?.effect ?? assumedEffect(operator.effect, undefined);
    const type = isObject(target?.target) ? nameOf(target.target) : operator.type;
    return `  ${operator.label}  ${type}  ${describeEffect(effect)}, ${effect.known}`;
  });
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

function startsCertain({ options }: Decoration): boolean {
  return (scopes.current?.startEarly ?? options.startEarly ?? scopes.program?.startEarly) === 'certain';
}

function at(span: Span): string {
  return `${span.line}:${span.column}`;
}

function prototypeOf(target: unknown): object | undefined {
  if (typeof target !== 'function') return undefined;
  // Only operator classes have a branded prototype.
  const prototype: unknown = target.prototype;
  return isOperator(prototype) ? prototype : undefined;
}

function nameOf(target: unknown): string {
  const named: unknown = isObject(target) && typeof target !== 'function' ? target.constructor : target;
  return typeof named === 'function' && named.name !== '' ? named.name : 'anonymous operator';
}
