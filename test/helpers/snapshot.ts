/**
 * A value as text, such that two values have equal texts exactly when the law cannot tell them apart: key order, -0, NaN,
 * holes, prototypes by name, and which references are the same object. Accessors are named, never called.
 */

export function snapshot(...roots: readonly unknown[]): string {
  const seen = new Map<object, number>();
  return roots.map((root) => show(root, seen)).join(' | ');
}

// oxlint-disable-next-line typescript/consistent-return -- `typeof` has no other answers
function show(value: unknown, seen: Map<object, number>): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'undefined':
    case 'boolean':
      return String(value);
    case 'symbol':
      return value.toString();
    case 'function':
      return reference(value, seen, () => `function ${nameOf(value)}`);
    case 'object':
      return value === null ? 'null' : reference(value, seen, () => showObject(value, seen));
  }
}

function reference(value: object, seen: Map<object, number>, body: () => string): string {
  const known = seen.get(value);
  if (known !== undefined) return `^${known}`;
  const id = seen.size;
  seen.set(value, id);
  return `#${id}${body()}`;
}

function showObject(value: object, seen: Map<object, number>): string {
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item: unknown, i) => (i in value ? show(item, seen) : 'hole')).join(', ')}]`;
  }
  if (value instanceof Map) {
    return `Map(${[...value].map(([key, item]) => `${show(key, seen)} => ${show(item, seen)}`).join(', ')})`;
  }
  if (value instanceof Set) return `Set(${[...value].map((item) => show(item, seen)).join(', ')})`;
  if (value instanceof Promise) return 'Promise';
  const name = nameOf(Object.getPrototypeOf(value)?.constructor);
  const message = value instanceof Error ? `(${JSON.stringify(value.message)})` : '';
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(
    ([, field]) => field.enumerable,
  );
  const body = fields.map(
    ([key, field]) => `${key}: ${'value' in field ? show(field.value, seen) : 'accessor'}`,
  );
  return `${name === 'Object' ? '' : name}${message}{${body.join(', ')}}`;
}

function nameOf(value: unknown): string {
  return typeof value === 'function' ? value.name : '';
}

/** Every object that can be reached from `root` through own data properties, collections included. */
export function reachable(root: unknown): Set<object> {
  const found = new Set<object>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null || found.has(value)) continue;
    found.add(value);
    if (value instanceof Map) open.push(...value.keys(), ...value.values());
    if (value instanceof Set) open.push(...value);
    for (const field of Object.values(Object.getOwnPropertyDescriptors(value))) open.push(field.value);
  }
  return found;
}

/** What each object that can be reached looks like by itself. */
export type Memory = ReadonlyMap<object, string>;

export function memoryOf(root: unknown): Memory {
  return new Map([...reachable(root)].map((one) => [one, shallow(one)]));
}

const ids = new WeakMap<object, number>();
let lastId = 0;

function shallow(value: object): string {
  return Object.entries(Object.getOwnPropertyDescriptors(value))
    .map(([key, { value: item }]: [string, PropertyDescriptor]) => `${key}: ${identity(item)}`)
    .join(', ');
}

function identity(value: unknown): string {
  if (typeof value !== 'object' || value === null) return snapshot(value);
  const id = ids.get(value) ?? ++lastId;
  ids.set(value, id);
  return `@${id}`;
}

/** A number in [0, 1) that depends on every character of `text` (FNV-1a, then a finaliser so that close texts differ). */
export function chance(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}
