/**
 * What will happen when something is invoked, and why, as text. Takes no part in running it: it links afresh, and keeps
 * nothing.
 */
import { EXPLAIN, isObject, isOperator } from './brand.ts';
import type { Compiled, Descriptor } from './descriptor.ts';
import { assumedEffect } from './effect.ts';
import { notAnOperator } from './errors.ts';
import {
  explainBailOut,
  explainBody,
  explainGuards,
  explainOperator,
  GUARDED_LATER,
  nameOf,
} from './explain-descriptor.ts';
import { linkCountsOf, tryLink, type Linked } from './link.ts';
import { explainLearnt } from './jit/explain-learnt.ts';
import { BODY, buildPlan } from './plan.ts';
import type { Profile } from './profile.ts';
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
 * Tells what calls of an operator, an operator class or a function given to `structuralJit`, or a graph, do and why: the steps, what each
 * waits for, what keeps its place, the strategy, and what is assumed. Throws an `XCSError` for anything else.
 *
 * @example
 * console.log(explain(Answer));
 */
export function explain(target: unknown): string {
  if (isObject(target) && EXPLAIN in target && typeof target[EXPLAIN] === 'function')
    return String(Reflect.apply(target[EXPLAIN], target, []));
  const holder = isOperator(target) ? target : prototypeOf(target);
  if (holder === undefined) throw notAnOperator('explain', target);
  const decoration = decorationOf(holder);
  const name = nameOf(target);
  const learns = learningOf(holder) !== undefined;
  if (decoration?.compiled === undefined && learns) return explainLearnt(name, holder);
  if (decoration === undefined)
    return asWritten(
      name,
      'it is not decorated',
      'put `@structuralJit` on the class, or give the function to `structuralJit`',
    );
  if (decoration.compiled === undefined)
    return asWritten(name, 'it was not compiled by the xcs transformer', NOT_COMPILED);
  const { descriptor } = decoration.compiled;
  if (descriptor.asWritten !== undefined) {
    const why = explainBailOut(name, descriptor, descriptor.asWritten);
    return learns ? `${why}\n${explainLearnt(name, holder)}` : why;
  }
  const instance = isOperator(target) ? target : undefined;
  return explainCompiled(name, subjectOf(decoration, decoration.compiled, instance));
}

const NOT_COMPILED =
  'add { "transform": "xcs/transformer" } to "plugins" in tsconfig.json and build with `tspc` (ts-patch)';

function asWritten(name: string, why: string, fix: string): string {
  return [name, `  runs as written: ${why}`, `  to change that: ${fix}`, ''].join('\n');
}

function subjectOf(decoration: Decoration, compiled: Compiled, instance: object | undefined): Subject {
  const subject = { decoration, compiled, instance, linked: undefined };
  if (instance === undefined) return { ...subject, guards: GUARDED_LATER };
  const link = tryLink(instance, startsCertain(decoration));
  const failures = linkCountsOf(instance)?.guardFailures ?? 0;
  const counted = failures === 0 ? '' : `; calls that ran as written because a guard failed: ${failures}`;
  if (link === undefined) return { ...subject, guards: `not checked${counted}` };
  if ('failed' in link) return { ...subject, guards: `failed: ${link.failed.reason}${counted}` };
  return { ...subject, linked: link.linked, guards: `all hold${counted}` };
}

function explainCompiled(name: string, subject: Subject): string {
  const { compiled, linked, decoration, instance } = subject;
  const { descriptor } = compiled;
  const dependences = linked?.dependences ?? descriptor.dependences;
  const plan = linked?.plan ?? buildPlan(descriptor.steps, dependences, descriptor.paced, descriptor.regions);
  const off = instance !== undefined && !isEnabled(instance);
  const failed = subject.guards.startsWith('failed');
  const facts = [
    ...(off ? ['runs as written: `disableJit` was called; `enableJit` undoes it'] : []),
    ...(failed ? ['runs as written: a guard failed'] : []),
    `strategy: ${explainStrategy(plan, decoration.options, scopes.current, linked?.profile.prefersSerial)}`,
    `guards: ${subject.guards}`,
    ...explainGuards(descriptor),
    ...(linked === undefined ? [] : explainProfile(descriptor, linked.profile)),
  ];
  const operators = explainOperators(descriptor, linked);
  return explainBody(descriptor, { name, facts, dependences, plan, operators });
}

/** What calls were seen to take, which decides what goes first under a limit. */
function explainProfile({ steps }: Descriptor, profile: Profile): readonly string[] {
  if (profile.measured === 0) return [];
  const positions = new Map<number, number>();
  const figures = steps.flatMap(({ label, region = BODY }) => {
    const position = positions.get(region) ?? 0;
    positions.set(region, position + 1);
    const mean = profile.spreadOf(region, position)?.mean;
    return mean === undefined ? [] : [`  \`${label}\` takes ${mean.toFixed(2)} ms`];
  });
  return [`measured: ${profile.measured} runs`, ...figures];
}

function explainOperators(descriptor: Descriptor, linked: Linked | undefined): readonly string[] {
  return descriptor.operators.map((operator) => {
    const found = linked?.operators[operator.id];
    const effect = found?.effect ?? assumedEffect(operator.effect, undefined);
    const type = isObject(found?.target) ? nameOf(found.target) : operator.type;
    return explainOperator(operator.label, type, effect);
  });
}

function startsCertain({ options }: Decoration): boolean {
  return (scopes.current?.startEarly ?? options.startEarly ?? scopes.program?.startEarly) === 'certain';
}

function prototypeOf(target: unknown): object | undefined {
  if (typeof target !== 'function') return undefined;
  // Only operator classes have a branded prototype.
  const prototype: unknown = target.prototype;
  return isOperator(prototype) ? prototype : undefined;
}
