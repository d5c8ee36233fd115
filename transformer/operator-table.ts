/** The operators that one body calls, with what is known of each before there is an instance. */
import type ts from 'typescript';
import type { OperatorRef, StaticEffect } from '../runtime/descriptor.ts';
import { type Context, labelOf } from './context.ts';
import { declaredEffect, declaredOption } from './declared.ts';
import type { OperatorCall } from './operators.ts';
import { type Origin, originOf } from './origin.ts';

/** A class of another file: what names it, and the hashes of how it and what it extends are constructed. */
export interface MadeClass {
  readonly node: ts.Expression;
  readonly hashes: readonly string[];
}

/** The operators that one body calls, each once. */
export class OperatorTable {
  readonly references: OperatorRef[] = [];
  /** `finders[i]` finds `references[i]` when the run begins. */
  readonly finders: (Origin | undefined)[] = [];
  /** `targets[i]` denotes `references[i]` where it is first called. */
  readonly targets: ts.Expression[] = [];
  /** Classes of other files whose construction was relied upon, by name, with the hashes that link compares. */
  readonly classes: Map<string, MadeClass> = new Map();
  readonly #known = new Map<string | ts.Node, number>();
  readonly #context: Context;
  readonly #body: ts.Node;
  readonly #isWritten: (property: string) => boolean;
  readonly #infer: (type: ts.Type, target: ts.Expression) => StaticEffect | undefined;

  constructor(
    context: Context,
    body: ts.Node,
    isWritten: (property: string) => boolean,
    infer: (type: ts.Type, target: ts.Expression) => StaticEffect | undefined,
  ) {
    this.#context = context;
    this.#body = body;
    this.#isWritten = isWritten;
    this.#infer = infer;
  }

  relyOnClass(node: ts.Expression, hashes: readonly string[]): void {
    this.classes.set(node.getText(), { node, hashes });
  }

  /** The number of the operator that `called` calls. */
  add(called: OperatorCall): number {
    const { checker, settings } = this.#context;
    const origin = originOf(this.#context, called.target, this.#body, this.#isWritten);
    const source = origin.found === 'dynamic' ? called.target : (origin.finder ?? called.target);
    const isMethod = called.external !== undefined && called.method !== undefined;
    const label = labelOf(source) + (isMethod ? `.${called.method}` : '');
    const found = called.external ? 'external' : origin.found;
    // Labels are shortened, so what tells operators apart is their whole text; dynamic ones are told apart by call.
    // What an external does may depend on what it is given.
    const text = `${source.getText()}${isMethod ? called.method : ''} ${JSON.stringify(called.external)}`;
    const key = found === 'dynamic' ? called.call : `${found} ${text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const type = checker.getTypeAtLocation(called.target);
    const undeclared: StaticEffect = {
      kind: settings.undeclared,
      reads: [],
      writes: [],
      mutates: false,
      state: settings.undeclared === 'sequential',
      known: 'undeclared',
    };
    const id = this.references.length;
    this.#known.set(key, id);
    this.targets.push(called.target);
    this.references.push({
      id,
      label,
      type: checker.typeToString(checker.getNonNullableType(type)),
      found,
      effect:
        called.external ??
        declaredEffect(this.#context, type) ??
        declaredOption(this.#context, called.target) ??
        this.#infer(type, called.target) ??
        undeclared,
      ...(origin.path && found === 'field' ? { path: origin.path } : {}),
    });
    this.finders.push(called.external ? undefined : origin);
    return id;
  }
}
