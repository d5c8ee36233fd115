/** Writes what the transformer leaves on operators: what their bodies show, under a registered symbol. */
import type ts from 'typescript';
import type { InferredEffect, StaticEffect } from '../runtime/descriptor.ts';
import type { Build } from './build.ts';
import { type Context, spanOf } from './context.ts';
import type { Emitter } from './emit.ts';
import type { Inferred } from './infer.ts';

/** An `InferredEffect`, as syntax. */
export function effectData(
  context: Context,
  emitter: Emitter,
  inferred: Inferred,
  forward: ts.Expression,
  methodOf: (name: string) => ts.Expression = () => emitter.build.undefined(),
): ts.Expression {
  const { build } = emitter;
  const { reads, writes, mutates, ordered, goesOn, externals, calls, members, methods, unknown } = inferred;
  const resources = namesOf(externals);
  const span = unknown && spanOf(context, unknown.node);
  return build.object({
    forward,
    reads: build.data(reads),
    writes: build.data(writes),
    mutates: build.data(mutates),
    ...(resources ? { resources: build.data(resources) } : {}),
    ordered: build.data(ordered),
    ...(goesOn === undefined ? {} : { goesOn: build.data(goesOn) }),
    calls: build.array(calls.map((call) => emitter.finder(call))),
    ...(members.length > 0 ? { members: build.array(members.map((one) => emitter.finder(one))) } : {}),
    ...(methods.length > 0
      ? { methods: build.object(Object.fromEntries(methods.map((name) => [name, methodOf(name)]))) }
      : {}),
    ...(unknown ? { unknown: build.data({ what: unknown.what, span }) } : {}),
    undeclared: build.data(context.settings.undeclared),
  });
}

/** `Object.defineProperty(Class, Symbol.for(key), { value })` */
export function leaveOn(
  build: Build,
  factory: ts.NodeFactory,
  target: ts.Expression,
  key: string,
  value: ts.Expression,
): ts.Expression {
  const symbol = build.call(build.member(factory.createIdentifier('Symbol'), 'for'), build.data(key));
  const define = build.member(factory.createIdentifier('Object'), 'defineProperty');
  return build.call(define, target, symbol, build.object({ value }));
}

/** The resources that any of `effects` touches. */
function namesOf(effects: readonly StaticEffect[]): InferredEffect['resources'] {
  const reads = [...new Set(effects.flatMap((effect) => effect.reads))];
  const writes = [...new Set(effects.flatMap((effect) => effect.writes))];
  return reads.length + writes.length === 0 ? undefined : { reads, writes };
}
