/**
 * What a node of a hand-built graph is called with.
 *
 * In order: what its `input` function computes; the mapped fields, if any edge to it maps fields (edges without are then
 * order only); the whole output of the one node before; the fields of the outputs of all nodes before; the input of the
 * graph, if nothing is passed to it.
 */
import { isObject } from '../brand.ts';
import { conflictingFields, missingField, notMergeable, unknownNode } from '../errors.ts';
import { listMappings, WHOLE, type FieldMapping } from './field-mappings.ts';
import type { XCSGraph } from './graph.ts';

/** How one node's input is made. */
export interface NodeInput<T = unknown> {
  /** The nodes whose outputs `make` needs, in this order. */
  readonly befores: readonly string[];
  /** Makes the input from the input of the graph and the outputs; writes to neither. */
  readonly make: (input: unknown, outputs: readonly unknown[]) => T;
}

export function bindInput(graph: XCSGraph, id: string, befores: readonly string[]): NodeInput {
  const binder = graph.getNodeAttribute(id, 'input');
  if (binder !== undefined) return bindWith(binder, befores);
  const edges = befores.map((before) => {
    const fieldMappings = graph.getEdgeAttribute(before, id, 'fieldMappings');
    return { before, whole: fieldMappings === undefined, mappings: listMappings(fieldMappings) };
  });
  const mapped = edges.filter(({ mappings }) => mappings.length > 0);
  if (mapped.length > 0) {
    const picks = mapped.flatMap(({ before, mappings }, place) =>
      mappings.map((mapping) => ({ ...mapping, before, place })),
    );
    return { befores: mapped.map(({ before }) => before), make: picker(id, picks) };
  }
  const whole = edges.filter((edge) => edge.whole).map(({ before }) => before);
  if (whole.length > 1) return { befores: whole, make: (_, outputs) => mergeFields(id, whole, outputs) };
  return whole.length === 1
    ? { befores: whole, make: (_, [output]) => output }
    : { befores: [], make: (input) => input };
}

/** Lets a function read the outputs of `befores` by id. */
export function bindWith<T>(
  binder: (outputOf: (id: string) => unknown, input: unknown) => T,
  befores: readonly string[],
): NodeInput<T> {
  const places = new Map(befores.map((before, index) => [before, index]));
  return {
    befores,
    make: (input, outputs) =>
      binder((id) => {
        const place = places.get(id);
        if (place === undefined) throw unknownNode(id, befores);
        return outputs[place];
      }, input),
  };
}

/** One field of an input: which field of which output it is. */
interface Pick extends FieldMapping {
  readonly before: string;
  readonly place: number;
}

/** On the path of every call: what the graph alone says is worked out before. */
function picker(id: string, picks: readonly Pick[]): NodeInput['make'] {
  const whole = picks.find(({ becomes }) => becomes === WHOLE);
  if (whole !== undefined) return (_, outputs) => readPick(id, whole, outputs);
  return (_, outputs) => {
    const fields: Record<string, unknown> = {};
    for (const pick of picks) setField(fields, pick.becomes, readPick(id, pick, outputs));
    return fields;
  };
}

function readPick(id: string, { field, before, place }: Pick, outputs: readonly unknown[]): unknown {
  const output = outputs[place];
  return field === WHOLE ? output : readField(id, before, field, output);
}

/** A field named `__proto__` is a field like any other. */
function setField(fields: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') fields[name] = value;
  else Object.defineProperty(fields, name, { value, writable: true, enumerable: true, configurable: true });
}

function readField(id: string, before: string, field: string, output: unknown): unknown {
  if (!isObject(output) || !(field in output)) throw missingField(id, before, field, output);
  // Any property of any object may be asked for; `in` has said that it is there.
  return Reflect.get(output, field);
}

/** Two nodes may give a field with the same value, so that what passes through a diamond comes together again. */
function mergeFields(id: string, befores: readonly string[], outputs: readonly unknown[]): unknown {
  const fields = new Map<string, { readonly giver: string; readonly value: unknown }>();
  for (const [index, giver] of befores.entries()) {
    const output = outputs[index];
    if (!isRecord(output)) throw notMergeable(id, giver, output);
    for (const [field, value] of Object.entries(output)) {
      const known = fields.get(field);
      if (known !== undefined && !Object.is(known.value, value))
        throw conflictingFields(id, field, [known.giver, giver]);
      fields.set(field, known ?? { giver, value });
    }
  }
  return Object.fromEntries([...fields].map(([field, { value }]) => [field, value]));
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
