/**
 * Reads the effect of an operator off its body, for those that declare none.
 *
 * In:  a class with a `forward` of its own, or the function of `operator(fn)`.
 * Out: which of its objects it reads and writes by path, what it calls, and whether anything in it is unknown.
 */
import type ts from 'typescript';
import type { GoesOn, Path, StaticEffect } from '../runtime/descriptor.ts';
import { Access } from './access.ts';
import type { Context } from './context.ts';
import { evaluate } from './evaluate.ts';
import { enter } from './evaluate-function.ts';
import { visit } from './evaluate-statement.ts';
import { input, Memory, valueOf, world } from './memory.ts';
import { declaredEffect } from './declared.ts';
import { OperatorTable } from './operator-table.ts';
import type { Scope } from './scope.ts';
import { exportOf } from './own-exports.ts';
import { resolveAlias } from './symbols.ts';
import { writtenProperties } from './written.ts';

export interface Inferred {
  readonly reads: readonly Path[];
  readonly writes: readonly Path[];
  readonly mutates: boolean;
  readonly ordered: boolean;
  readonly goesOn: GoesOn | undefined;
  /** What is declared of externals that it calls. */
  readonly externals: readonly StaticEffect[];
  /** Expressions over `this` that find the operators it calls. */
  readonly calls: readonly ts.Expression[];
  /** The same for what holds operators of which it calls some. */
  readonly members: readonly ts.Expression[];
  /** Methods of the class whose bodies were read too. */
  readonly methods: readonly string[];
  /** What those operators' types say. */
  readonly called: readonly StaticEffect[];
  readonly unknown: { readonly what: string; readonly node: ts.Node } | undefined;
}

export type OperatorBody =
  | ts.MethodDeclaration
  | ts.ArrowFunction
  | ts.FunctionExpression
  | ts.FunctionDeclaration;

export class Inference {
  readonly #context: Context;
  readonly #known = new Map<ts.Node, Inferred | undefined>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** What the body of an operator shows. */
  infer(body: OperatorBody): Inferred {
    const known = this.#known.get(body);
    if (known !== undefined) return known;
    // An operator that is reached through itself adds nothing to what it is found to do.
    this.#known.set(body, nothingShown);
    const inferred = this.#walk(body);
    this.#known.set(body, inferred);
    return inferred;
  }

  /** The effect of operators of `type`, as far as their class is in the program and shows it. */
  effectOf(type: ts.Type, target: ts.Expression): StaticEffect | undefined {
    const { ts, checker } = this.#context;
    const made = this.#functionBehind(target);
    if (made) return this.#asStatic(this.infer(made));
    const forward = checker.getNonNullableType(type).getProperty('forward')?.valueDeclaration;
    if (forward === undefined || !ts.isMethodDeclaration(forward) || forward.body === undefined)
      return undefined;
    const declared = declaredEffect(this.#context, type);
    return declared ?? this.#asStatic(this.infer(forward));
  }

  /** What in the body of the operator keeps its effect from being known. */
  unknownIn(target: ts.Expression): Inferred['unknown'] {
    const { ts, checker } = this.#context;
    const type = checker.getNonNullableType(checker.getTypeAtLocation(target));
    const forward = type.getProperty('forward')?.valueDeclaration;
    const isMethod = forward !== undefined && ts.isMethodDeclaration(forward) && forward.body !== undefined;
    const body = this.#functionBehind(target) ?? (isMethod ? forward : undefined);
    return body && this.infer(body).unknown;
  }

  /** The function of `const target = operator(function)`. */
  #functionBehind(target: ts.Expression): OperatorBody | undefined {
    const { ts, checker } = this.#context;
    const symbol = checker.getSymbolAtLocation(target);
    const declaration = symbol && resolveAlias(this.#context, symbol).valueDeclaration;
    const call = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    if (call === undefined || !ts.isCallExpression(call)) return undefined;
    const [first, options] = call.arguments;
    const isOurs = exportOf(this.#context, call.expression) === 'operator' && options === undefined;
    return isOurs && first && (ts.isArrowFunction(first) || ts.isFunctionExpression(first))
      ? first
      : undefined;
  }

  #asStatic(inferred: Inferred): StaticEffect {
    const { undeclared } = this.#context.settings;
    const unknown =
      inferred.unknown !== undefined || inferred.called.some((effect) => effect.known === 'undeclared');
    const ordered =
      inferred.ordered ||
      inferred.called.some((effect) => effect.kind === 'sequential') ||
      (unknown && undeclared === 'sequential');
    const named = [...inferred.called, ...inferred.externals];
    const reads = named.flatMap((effect) => effect.reads);
    const writes = named.flatMap((effect) => effect.writes);
    const state =
      inferred.writes.length > 0 ||
      inferred.called.some((effect) => effect.state) ||
      (unknown && undeclared === 'sequential');
    const isPlain = reads.length === 0 && writes.length === 0;
    return {
      kind: ordered ? 'sequential' : isPlain ? 'unordered' : 'resources',
      reads,
      writes,
      state,
      mutates: inferred.mutates || inferred.called.some((effect) => effect.mutates),
      ...goesOnOf(inferred),
      known: unknown ? 'undeclared' : 'inferred',
    };
  }

  #walk(body: OperatorBody): Inferred {
    const context = this.#context;
    const memory = new Memory();
    const isWritten = writtenProperties(context, body);
    for (;;) {
      const before = memory.version;
      const operators = new OperatorTable(context, body, isWritten, (type, target) =>
        this.effectOf(type, target),
      );
      const access = new Access(context, memory);
      const scope: Scope = {
        walk: { evaluate, visit, enter },
        context,
        memory,
        access,
        operators,
        cells: new Set(),
        variables: new Map(),
        evaluated: new Map(),
        step: 0,
        waits: true,
        running: new Map(),
        guards: new Set(),
        caught: false,
        conditional: false,
        code: [body],
        body,
        within: body,
      };
      enter(scope, body, [valueOf(input), valueOf(world)], true);
      if (memory.version === before) return this.#summary(access, operators, scope);
    }
  }

  #summary(access: Access, operators: OperatorTable, scope: Scope): Inferred {
    const calls: ts.Expression[] = [];
    const members: ts.Expression[] = [];
    const called: StaticEffect[] = [];
    const externals: StaticEffect[] = [];
    let { unknown } = access;
    let { ordered } = access;
    operators.references.forEach((reference, index) => {
      const finder = operators.finders[index]?.finder;
      if (reference.found === 'field' && finder) {
        calls.push(finder);
        called.push(reference.effect);
      } else if (reference.found === 'member' && finder) {
        members.push(finder);
        called.push(reference.effect);
      } else if (reference.found === 'external') {
        // What is declared of an external is no object that could be asked later.
        externals.push(reference.effect);
        ordered ||= reference.effect.kind === 'sequential' && reference.effect.known !== 'undeclared';
        if (reference.effect.known === 'undeclared') unknown ??= { what: reference.label, node: scope.body };
      } else unknown ??= { what: reference.label, node: scope.body };
    });
    const [made] = operators.classes.keys();
    if (made !== undefined) unknown ??= { what: `the constructor of \`${made}\``, node: scope.body };
    const { mutatesInput: mutates } = access;
    return {
      reads: [...access.ownReads.values()],
      writes: [...access.ownWrites.values()],
      mutates,
      ordered,
      goesOn: access.lingers ? 'always' : access.abandons ? 'failed' : undefined,
      externals,
      calls,
      members,
      methods: [...scope.guards],
      called,
      unknown,
    };
  }
}

/** It may handle the failure of an operator that leaves calls behind, and so succeed. */
function goesOnOf({ goesOn, called }: Inferred): Pick<StaticEffect, 'goesOn'> {
  if (called.some((effect) => effect.goesOn !== undefined)) return { goesOn: 'always' };
  return goesOn === undefined ? {} : { goesOn };
}

const nothingShown: Inferred = {
  reads: [],
  writes: [],
  mutates: false,
  ordered: false,
  goesOn: undefined,
  externals: [],
  calls: [],
  members: [],
  methods: [],
  called: [],
  unknown: undefined,
};
