/** How an input is made from what is known before the call: the input of the code and the outputs of earlier calls. */
import type { TraceRecord } from '../tracing/trace-record.ts';

/** One call of the code that learns, and the calls that it made, in the order in which they started. */
export interface Trace {
  readonly input: unknown;
  readonly records: readonly TraceRecord[];
}

/** Stands for the input of the code, where others are numbers of records. */
export const INPUT = -1;

/** The value at a path in the input of the code, or in an output. */
export interface PathTemplate {
  readonly kind: 'path';
  readonly step: number;
  readonly path: readonly string[];
}

export type Template =
  | PathTemplate
  /** The same in every call so far. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** Strings that were found elsewhere, and what stands between them. */
  | { readonly kind: 'text'; readonly parts: readonly (string | PathTemplate)[] }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'record'; readonly keys: readonly string[]; readonly items: readonly Template[] }
  /** Computed by code that left no trace. */
  | { readonly kind: 'opaque' };

/** What a template made: the input, and the objects in it that did not exist before. */
export interface Made {
  readonly value: unknown;
  readonly fresh: ReadonlySet<object>;
}

/** Answers the input of the code, or the output of a step, in a box; nothing when it is not there (yet). */
export type Lookup = (step: number) => { readonly value: unknown } | undefined;

/** Nothing when something that it needs is missing or cannot be read without running code of others. */
export function make(template: Template, lookup: Lookup): Made | undefined {
  const fresh = new Set<object>();
  const value = new Maker(lookup, fresh).make(template);
  return value === undefined ? undefined : { value: value.value, fresh };
}

/** The objects in `input` that the template would make anew. */
export function builtIn(template: Template, input: unknown): ReadonlySet<object> {
  const built = new Set<object>();
  const visit = (part: Template, value: unknown): void => {
    const isBuilt = part.kind === 'list' || part.kind === 'record';
    if (!isBuilt || typeof value !== 'object' || value === null) return;
    built.add(value);
    for (const [index, item] of part.items.entries()) {
      const key = part.kind === 'record' ? (part.keys[index] ?? '') : index;
      visit(item, Object.getOwnPropertyDescriptor(value, key)?.value);
    }
  };
  visit(template, input);
  return built;
}

/** The steps whose outputs it needs. */
export function sourcesOf(template: Template): readonly PathTemplate[] {
  switch (template.kind) {
    case 'path':
      return [template];
    case 'text':
      return template.parts.filter((part) => typeof part !== 'string');
    case 'list':
    case 'record':
      return template.items.flatMap(sourcesOf);
    case 'value':
    case 'opaque':
      return [];
  }
}

export function isExplained(template: Template): boolean {
  if (template.kind === 'opaque') return false;
  return template.kind === 'list' || template.kind === 'record' ? template.items.every(isExplained) : true;
}

/** It hands on whole objects only, which are told by identity, so that one call is proof enough. */
export function isByIdentity(template: Template, lookup: Lookup): boolean {
  if (template.kind === 'list' || template.kind === 'record')
    return template.items.every((item) => isByIdentity(item, lookup));
  if (template.kind !== 'path') return false;
  const value = follow(template, lookup)?.value;
  return typeof value === 'object' && value !== null;
}

/** Reads own data properties only. */
export function follow(
  { step, path }: PathTemplate,
  lookup: Lookup,
): { readonly value: unknown } | undefined {
  let at = lookup(step);
  for (const key of path) {
    if (typeof at?.value !== 'object' || at.value === null) return undefined;
    const property = Object.getOwnPropertyDescriptor(at.value, key);
    at = property !== undefined && 'value' in property ? { value: property.value as unknown } : undefined;
  }
  return at;
}

class Maker {
  readonly #lookup: Lookup;
  readonly #fresh: Set<object>;

  constructor(lookup: Lookup, fresh: Set<object>) {
    this.#lookup = lookup;
    this.#fresh = fresh;
  }

  make(template: Template): { readonly value: unknown } | undefined {
    switch (template.kind) {
      case 'value':
        return template;
      case 'path':
        return follow(template, this.#lookup);
      case 'text':
        return this.#text(template.parts);
      case 'list': {
        const list = this.#all(template.items);
        if (list !== undefined) this.#fresh.add(list);
        return list && { value: list };
      }
      case 'record': {
        const items = this.#all(template.items);
        if (items === undefined) return undefined;
        const record = Object.fromEntries(template.keys.map((key, index) => [key, items[index]]));
        this.#fresh.add(record);
        return { value: record };
      }
      case 'opaque':
        return undefined;
    }
  }

  #all(templates: readonly Template[]): unknown[] | undefined {
    const values: unknown[] = [];
    for (const template of templates) {
      const made = this.make(template);
      if (made === undefined) return undefined;
      values.push(made.value);
    }
    return values;
  }

  #text(parts: readonly (string | PathTemplate)[]): { readonly value: string } | undefined {
    let text = '';
    for (const part of parts) {
      const piece = typeof part === 'string' ? part : follow(part, this.#lookup)?.value;
      if (typeof piece !== 'string') return undefined;
      text += piece;
    }
    return { value: text };
  }
}

/** Whether `fresh` objects can be reached from a result, or that cannot be told. */
export function holdsAny(result: unknown, fresh: ReadonlySet<object>): boolean {
  if (fresh.size === 0) return false;
  const seen = new Set<unknown>();
  const rest: unknown[] = [result];
  for (const value of rest) {
    if (typeof value === 'function') return true;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (fresh.has(value) || seen.size > 10_000) return true;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return true;
    for (const property of Object.values(Object.getOwnPropertyDescriptors(value)))
      if ('value' in property) rest.push(property.value);
      else return true;
  }
  return false;
}
