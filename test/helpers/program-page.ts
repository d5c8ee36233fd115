/**
 * The text of a generated program as it grows: lines, what is in scope, and the loops and functions around the current line.
 * Names are known in the scope that declares them, so whatever is printed later finds what it may use.
 */
import type { Draw } from './program-draw.ts';
import type { Type } from './program-operators.ts';

export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly isLet: boolean;
}

interface Scope {
  readonly parent: Scope | undefined;
  readonly variables: Variable[];
}

/** What `break` and `continue` can reach, and where declarations go that must stand before it. */
interface Target {
  readonly kind: 'loop' | 'switch';
  readonly label: string;
  readonly scope: Scope;
  readonly depth: number;
  at: number;
}

/** What a function is given and must return. */
export interface Around {
  /** `any` for `forward`, `nothing` for a callback without a result. */
  readonly returns: Type | 'any';
  readonly isAsync: boolean;
}

const FORWARD: Around = { returns: 'any', isAsync: true };

export class ProgramPage {
  readonly #draw: Draw;
  #lines: string[] = [];
  #depth = 2;
  #scope: Scope = { parent: undefined, variables: [] };
  #targets: Target[] = [];
  /** Expressions that tell one iteration from another, from the outermost loop in. */
  #path: string[] = [];
  around: Around = FORWARD;
  /** Inside a `catch` or `finally`. */
  isHandler = false;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  get printed(): string {
    return this.#lines.join('\n');
  }

  get path(): readonly string[] {
    return this.#path;
  }

  get targets(): readonly Pick<Target, 'kind' | 'label'>[] {
    return this.#targets;
  }

  line(text: string): void {
    this.#lines.push(`${'  '.repeat(this.#depth)}${text}`);
  }

  know(name: string, type: Type, isLet = false): void {
    this.#scope.variables.push({ name, type, isLet });
  }

  /** Those in scope, the newest first. */
  known(type: Type, isLet = false): readonly Variable[] {
    const found: Variable[] = [];
    for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.parent) {
      found.push(...scope.variables.toReversed());
    }
    return found.filter((one) => one.type === type && (one.isLet || !isLet));
  }

  get names(): readonly string[] {
    const names: string[] = [];
    for (let scope: Scope | undefined = this.#scope; scope !== undefined; scope = scope.parent) {
      names.unshift(...scope.variables.map((one) => one.name));
    }
    return names;
  }

  /** A block with a scope of its own. */
  block(head: string, body: () => void, tail = '}'): void {
    const scope = this.#scope;
    this.#scope = { parent: scope, variables: [] };
    this.line(head);
    this.#depth++;
    body();
    this.#depth--;
    this.line(tail);
    this.#scope = scope;
  }

  /** What can be left by `break`. `path` tells its iterations apart. */
  target(kind: Target['kind'], label: string, path: string | undefined, print: () => void): void {
    const target = { kind, label, scope: this.#scope, depth: this.#depth, at: this.#lines.length };
    this.#targets.push(target);
    if (path !== undefined) this.#path.push(path);
    print();
    if (path !== undefined) this.#path.pop();
    this.#targets.pop();
  }

  /** Declares it before the loop around this line (an outer one at times); outside loops, here. */
  carry(name: string, type: Type | undefined, declaration: string): void {
    const loops = this.#targets.filter((one) => one.kind === 'loop');
    const loop = loops[loops.length - 1 - this.#draw.pick(Math.max(1, Math.min(2, loops.length)))];
    if (loop === undefined) {
      this.line(declaration);
      if (type !== undefined) this.know(name, type);
      return;
    }
    this.#draw.tag('carried variable');
    const { at } = loop;
    this.#lines.splice(at, 0, `${'  '.repeat(loop.depth)}${declaration}`);
    for (const one of this.#targets) if (one.at >= at) one.at++;
    if (type !== undefined) loop.scope.variables.push({ name, type, isLet: false });
  }

  /** The body of a function, in which an outer `break` has no meaning. */
  inside<T>(around: Around, path: string | undefined, print: () => T): T {
    const [targets, outer, isHandler] = [this.#targets, this.around, this.isHandler];
    this.#targets = [];
    this.isHandler = false;
    this.around = around;
    if (path !== undefined) this.#path.push(path);
    const printed = print();
    if (path !== undefined) this.#path.pop();
    [this.#targets, this.around, this.isHandler] = [targets, outer, isHandler];
    return printed;
  }

  /** A method: nothing of what stands around it is in scope. Answers its lines. */
  apart(around: Around, path: string, print: () => void): readonly string[] {
    const [lines, depth, scope, outer] = [this.#lines, this.#depth, this.#scope, this.#path];
    [this.#lines, this.#depth, this.#scope, this.#path] = [[], 0, { parent: undefined, variables: [] }, []];
    this.inside(around, path, print);
    const printed = this.#lines;
    [this.#lines, this.#depth, this.#scope, this.#path] = [lines, depth, scope, outer];
    return printed;
  }
}
