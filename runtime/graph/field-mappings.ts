/**
 * Field mappings: which field of one node's output becomes which field of the next node's input.
 */
import { badGraph } from '../errors.ts';

/**
 * From fields of the output of the node before to fields of the input of the node after. `'*'` on the left is the whole
 * output, whatever it is; `'*'` on the right is the whole input. Any other name on the left needs an output that is an
 * object with that field.
 *
 * @example
 * graph.connect('split', 'left', { half: 'value' });
 * graph.connect('search', 'answer', { '*': 'docs' });
 * graph.connect('draft', 'judge', { text: ['draft', 'subject'] });
 */
export type FieldMappings = Readonly<Record<string, string | readonly string[]>>;

/** One field of an output, and the field of an input that it becomes. */
export interface FieldMapping {
  readonly field: string;
  readonly becomes: string;
}

/** The name that stands for a whole output, or a whole input. */
export const WHOLE = '*';

/** One entry for each field of the input that is given. */
export function listMappings(mappings: FieldMappings | undefined): readonly FieldMapping[] {
  return Object.entries(mappings ?? {}).flatMap(([field, names]) =>
    (typeof names === 'string' ? [names] : names).map((becomes) => ({ field, becomes })),
  );
}

/** Throws unless every mapping is a name or a list of names. */
export function checkMappings(mappings: unknown): asserts mappings is FieldMappings {
  const wrong = "field mappings must be an object like { result: 'value' } or { result: ['one', 'other'] }";
  if (mappings === null || typeof mappings !== 'object' || Array.isArray(mappings)) throw badGraph(wrong);
  for (const names of Object.values(mappings)) {
    const list: readonly unknown[] = Array.isArray(names) ? names : [names];
    if (!list.every((name) => typeof name === 'string')) throw badGraph(wrong);
  }
}

/** The mappings of one edge that is connected twice: both apply. */
export function joinMappings(
  known: FieldMappings | undefined,
  added: FieldMappings | undefined,
): FieldMappings {
  const joined = new Map<string, readonly string[]>();
  for (const { field, becomes } of [...listMappings(known), ...listMappings(added)])
    joined.set(field, [...new Set([...(joined.get(field) ?? []), becomes])]);
  return Object.fromEntries(
    [...joined].map(([field, names]) => [field, names.length === 1 ? (names[0] ?? WHOLE) : names]),
  );
}

/** The fields of an input that more than one mapping gives; a whole input is in conflict with every field. */
export function findConflicts(
  incoming: readonly { readonly before: string; readonly mappings: readonly FieldMapping[] }[],
): readonly { readonly field: string; readonly givers: readonly string[] }[] {
  const givers = new Map<string, string[]>();
  for (const { before, mappings } of incoming) {
    for (const { field, becomes } of mappings) {
      const giver = field === WHOLE ? before : `${before}.${field}`;
      givers.set(becomes, [...(givers.get(becomes) ?? []), giver]);
    }
  }
  const whole = givers.get(WHOLE);
  if (whole !== undefined && givers.size > 1) return [{ field: WHOLE, givers: [...givers.values()].flat() }];
  return [...givers].flatMap(([field, names]) => (names.length > 1 ? [{ field, givers: names }] : []));
}
