/**
 * Which node gives which field of an input, kept so that a mapping is checked without a look at all others. What is kept of a
 * node counts until the graph is changed in any other way.
 */
import { listMappings, WHOLE, type FieldMappings } from './field-mappings.ts';

/** Where a field comes from. */
interface Giver {
  readonly before: string;
  readonly field: string;
}

/** An edge that maps fields, or does not. */
export interface MappedEdge {
  readonly before: string;
  readonly mappings: FieldMappings | undefined;
}

export class Givers {
  readonly #edgesTo: (after: string) => readonly MappedEdge[];
  readonly #known = new Map<string, Map<string, Giver>>();
  #version = -1;

  /** `edgesTo` lists the edges to a node. */
  constructor(edgesTo: (after: string) => readonly MappedEdge[]) {
    this.#edgesTo = edgesTo;
  }

  /** Notes what an edge is about to map, and answers whether nothing else may give the same field. */
  add(after: string, before: string, mappings: FieldMappings, version: number): boolean {
    if (version !== this.#version) this.#known.clear();
    this.#version = version;
    let givers = this.#known.get(after);
    if (givers === undefined) {
      givers = new Map();
      for (const edge of this.#edgesTo(after)) give(givers, edge);
      this.#known.set(after, givers);
    }
    const isClear = give(givers, { before, mappings });
    if (!isClear) this.#known.delete(after);
    return isClear;
  }

  /** The graph has been changed by what was noted, and by nothing else. */
  keep(version: number): void {
    this.#version = version;
  }
}

function give(givers: Map<string, Giver>, { before, mappings }: MappedEdge): boolean {
  let isClear = true;
  for (const { field, becomes } of listMappings(mappings)) {
    const known = givers.get(becomes);
    if (known !== undefined && (known.before !== before || known.field !== field)) isClear = false;
    givers.set(becomes, { before, field });
  }
  return isClear && !(givers.has(WHOLE) && givers.size > 1);
}
