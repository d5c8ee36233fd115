/**
 * What a handle means: how its value is made of the input of the graph and of the outputs of nodes.
 */
import { isObject } from '../brand.ts';
import { ambiguousSpread, missingInput, nothingThere } from './autograph-errors.ts';

export type Expression =
  | { readonly kind: 'input' }
  | { readonly kind: 'output'; readonly id: string }
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'path'; readonly of: Expression; readonly key: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'record'; readonly entries: readonly Entry[]; readonly bare: boolean }
  | { readonly kind: 'template'; readonly texts: readonly string[]; readonly holes: readonly Expression[] }
  | {
      readonly kind: 'choose';
      readonly condition: Expression;
      readonly chosen: Expression;
      readonly otherwise: Expression;
    };

/** A field of an object that is made, or all fields of another one but those that were taken out of it. */
export type Entry =
  | { readonly kind: 'field'; readonly key: string; readonly value: Expression }
  | { readonly kind: 'spread'; readonly of: Expression; readonly without: ReadonlySet<string> };

/** Makes the value; `node` is for messages. Objects that are shared in the expression are shared in the value. */
export function evaluate(
  expression: Expression,
  outputOf: (id: string) => unknown,
  input: unknown,
  node: string,
): unknown {
  const made = new Map<Expression, unknown>();
  const value = (one: Expression): unknown => {
    switch (one.kind) {
      case 'input':
        return input;
      case 'output':
        return outputOf(one.id);
      case 'constant':
        return one.value;
      case 'path':
        return part(value(one.of), one, node);
      case 'template':
        return one.texts.reduce((text, next, index) => {
          const hole = one.holes[index - 1];
          return `${text}${hole === undefined ? '' : asText(value(hole))}${next}`;
        });
      case 'choose':
        return value(value(one.condition) ? one.chosen : one.otherwise);
      case 'list':
      case 'record': {
        if (!made.has(one))
          made.set(one, one.kind === 'list' ? one.items.map(value) : fields(one, value, node));
        return made.get(one);
      }
    }
  };
  return value(expression);
}

type PathExpression = Extract<Expression, { kind: 'path' }>;

function part(value: unknown, path: PathExpression, node: string): unknown {
  if (value === undefined || value === null) {
    if (path.of.kind === 'input') throw missingInput(node, describe(path), value);
    throw nothingThere(node, describe(path), describe(path.of), value);
  }
  if (path.of.kind === 'input' && isObject(value) && !(path.key in value))
    throw missingInput(node, describe(path), value);
  return Reflect.get(Object(value), path.key, value);
}

/** As a template literal does it. */
function asText(value: unknown): string {
  // oxlint-disable-next-line typescript/restrict-template-expressions -- the code says that it wants a text
  return `${value}`;
}

function fields(
  { entries, bare }: Extract<Expression, { kind: 'record' }>,
  value: (one: Expression) => unknown,
  node: string,
): object {
  const found = new Map<string, unknown>();
  const symbols = new Map<symbol, unknown>();
  const ownFields = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'field') {
      found.set(entry.key, value(entry.value));
      ownFields.add(entry.key);
      continue;
    }
    const from = value(entry.of);
    const spread: object = { ...(isObject(from) || typeof from === 'string' ? Object(from) : {}) };
    for (const key of Reflect.ownKeys(spread)) {
      const given: unknown = Reflect.get(spread, key);
      if (typeof key === 'symbol') symbols.set(key, given);
      else if (ownFields.has(key)) throw ambiguousSpread(node, key, describe(entry.of));
      else if (!entry.without.has(key)) found.set(key, given);
    }
  }
  // `fromEntries` defines properties, so that a field named `__proto__` is a field like any other.
  const object = Object.fromEntries<unknown>([...found, ...symbols]);
  return bare ? Object.setPrototypeOf(object, null) : object;
}

/** For people: `input.q`, `search.docs[0]`. */
export function describe(expression: Expression): string {
  switch (expression.kind) {
    case 'input':
      return 'input';
    case 'output':
      return expression.id;
    case 'constant':
      return 'a constant';
    case 'path':
      return `${describe(expression.of)}${step(expression.key)}`;
    case 'list':
      return 'an array';
    case 'record':
      return 'an object';
    case 'template':
      return 'a template';
    case 'choose':
      return `when(${describe(expression.condition)}, …)`;
  }
}

function step(key: string): string {
  if (/^\d+$/u.test(key)) return `[${key}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** One use of a node's output: which field of it becomes which place in what is made. `*` is all of it. */
export interface Use {
  readonly id: string;
  readonly field: string;
  readonly becomes: string;
}

/** The outputs that an expression is made of, in the order in which they stand in it. */
export function listUses(expression: Expression, becomes = '*'): readonly Use[] {
  switch (expression.kind) {
    case 'input':
    case 'constant':
      return [];
    case 'output':
      return [{ id: expression.id, field: '*', becomes }];
    case 'path': {
      const keys = [expression.key];
      let of = expression.of;
      for (; of.kind === 'path'; of = of.of) keys.unshift(of.key);
      if (of.kind !== 'output') return listUses(of, becomes);
      return [{ id: of.id, field: keys.map(step).join('').replace(/^\./u, ''), becomes }];
    }
    case 'list':
      return expression.items.flatMap((item, index) => listUses(item, place(becomes, String(index))));
    case 'record':
      return expression.entries.flatMap((entry) =>
        entry.kind === 'field'
          ? listUses(entry.value, place(becomes, entry.key))
          : listUses(entry.of, becomes),
      );
    case 'template':
      return expression.holes.flatMap((hole) => listUses(hole, becomes));
    case 'choose':
      return [expression.condition, expression.chosen, expression.otherwise].flatMap((one) =>
        listUses(one, becomes),
      );
  }
}

function place(around: string, key: string): string {
  return `${around === '*' ? '' : around}${step(key)}`.replace(/^\./u, '');
}
