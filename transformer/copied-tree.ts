/**
 * Copies of functions of the program, one for each call that they are put in place of. A copy stands where the call stands, so
 * its variables are variables of the body, and each call has variables of its own. What the checker knows of the function it
 * tells of the copy (`checker.ts`); what is printed of the copy is resolved as what it is a copy of.
 */
import type ts from 'typescript';

/** Answers what stands in the place of `node` in the copy. */
export type Replace = (node: ts.Node, parent: ts.Node) => ts.Node | undefined;

/** One copy of a function. */
export class CopiedTree {
  readonly function: ts.Node;
  readonly #typescript: typeof ts;
  readonly #copies = new Map<ts.Node, ts.Node>();
  readonly #symbols = new Map<ts.Symbol, ts.Symbol>();

  constructor(typescript: typeof ts, of: ts.Node) {
    this.#typescript = typescript;
    this.function = of;
  }

  /** Copies `node`, a part of the function, as a child of `parent`. `replace` may answer something else for a node of it. */
  copy<T extends ts.Node>(node: T, parent: ts.Node, replace?: Replace): T {
    const other = replace?.(node, parent);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a statement for a statement
    if (other !== undefined) return other as T;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a copy is what it is a copy of
    const copy = Object.create(Object.getPrototypeOf(node) as object) as T;
    for (const [name, value] of Object.entries(node)) {
      if (skipped.has(name)) continue;
      const inner = this.#typescript.isFunctionLike(node) ? undefined : replace;
      Object.assign(copy, { [name]: this.#copyValue(value, node, copy, inner) });
    }
    Object.assign(copy, {
      parent,
      original: node,
      id: undefined,
      flags: node.flags | this.#typescript.NodeFlags.Synthesized,
    });
    this.#copies.set(node, copy);
    trees.set(copy, { tree: this, original: node });
    return copy;
  }

  #copyValue(value: unknown, holder: ts.Node, copy: ts.Node, replace: Replace | undefined): unknown {
    if (isChild(value, holder)) return this.copy(value, copy, replace);
    if (!Array.isArray(value) || !value.some((one) => isChild(one, holder))) return value;
    const list = value.map((one) => this.#copyValue(one, holder, copy, replace));
    // A list of nodes has a position of its own.
    for (const [name, own] of Object.entries(value))
      if (!/^\d+$/.test(name)) Object.assign(list, { [name]: own });
    return list;
  }

  /** The variable of the copy for one of the function; others are what they are. */
  symbolFor(symbol: ts.Symbol): ts.Symbol {
    const { Variable, Function: functions } = this.#typescript.SymbolFlags;
    const declaration = symbol.valueDeclaration && this.#copies.get(symbol.valueDeclaration);
    if (declaration === undefined || (symbol.flags & (Variable | functions)) === 0) return symbol;
    const known = this.#symbols.get(symbol);
    if (known !== undefined) return known;
    const declarations = symbol.declarations?.map((one) => this.#copies.get(one) ?? one);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is like the other, but for where it is declared
    const made = Object.create(symbol, {
      valueDeclaration: { value: declaration },
      declarations: { value: declarations },
    }) as ts.Symbol;
    originals.set(made, symbol);
    this.#symbols.set(symbol, made);
    return made;
  }
}

/** Facts that are not copied: of the parser, the binder and the checker about the node itself. */
const skipped: ReadonlySet<string> = new Set([
  'parent',
  'original',
  'id',
  'emitNode',
  'jsDoc',
  'flowNode',
  'endFlowNode',
  'nextContainer',
]);

function isChild(value: unknown, holder: ts.Node): value is ts.Node {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    'parent' in value &&
    value.parent === holder
  );
}

interface Told {
  readonly type: ts.Type | undefined;
  readonly symbol: ts.Symbol | undefined;
}

const trees = new WeakMap<ts.Node, { readonly tree: CopiedTree; readonly original: ts.Node }>();
const originals = new WeakMap<ts.Symbol, ts.Symbol>();
const told = new WeakMap<ts.Node, Told>();

/** For a node that is a copy: the tree that it belongs to, and what it is a copy of. */
export function copyAt(node: ts.Node): { readonly tree: CopiedTree; readonly original: ts.Node } | undefined {
  return trees.get(node);
}

/** The symbol that the checker knows for a variable of a copy, or of anything else. */
export function originalSymbol(symbol: ts.Symbol): ts.Symbol {
  return originals.get(symbol) ?? symbol;
}

/** Says of `node`, which was made up, what no checker knows. */
export function tell(node: ts.Node, type: ts.Type | undefined, symbol?: ts.Symbol): void {
  told.set(node, { type, symbol });
}

/** What was said of a node that was made up. */
export function toldOf(node: ts.Node): Told | undefined {
  return told.get(node);
}
