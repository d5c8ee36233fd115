/**
 * The tree of operators: every operator that can be reached from a root through its attributes, by path. Only data
 * properties are read, so looking at an operator runs none of its code.
 */
import { isObject } from '../brand.ts';
import { readData } from '../witnesses.ts';
import { findHiddenOperators } from './hidden-operators.ts';
import type { Invocable, OperatorEntry, OperatorTree } from './node.ts';

/** An object at a path. */
interface Found {
  readonly path: string;
  readonly operator: object;
}

/** Walks from the roots, in the order of properties; an operator is listed once, at the first path that leads to it. */
export function findOperators(roots: readonly Found[]): OperatorTree {
  const tree = new Map<string, OperatorEntry>();
  const seen = new Set<object>();
  const visit = (value: unknown, path: string, parent: string | undefined): void => {
    if (!isObject(value) || seen.has(value)) return;
    if (hasInvoke(value)) {
      list({ path, operator: value }, parent);
      return;
    }
    const members = listMembers(value);
    if (members.length > 0) seen.add(value);
    for (const { step, value: member } of members) visit(member, `${path}${step}`, parent);
  };
  const list = ({ path, operator }: Found, parent: string | undefined): void => {
    seen.add(operator);
    tree.set(path, { path, ...(parent === undefined ? {} : { parent }), name: nameOf(operator), operator });
    for (const { step, value } of [...listFields(operator), ...findHiddenOperators(operator)])
      visit(value, `${path}${step}`, path);
  };
  for (const root of roots) if (!seen.has(root.operator)) list(root, undefined);
  return tree;
}

/** It has `invoke`, or can itself be called. */
export function isInvocable(value: unknown): value is Invocable {
  return typeof value === 'function' || hasInvoke(value);
}

/** The name of its class or function. */
export function nameOf(operator: object): string {
  if (typeof operator === 'function') return operator.name === '' ? 'function' : operator.name;
  const constructor = readData(operator, 'constructor')?.value;
  return typeof constructor === 'function' && constructor !== Object ? constructor.name : 'operator';
}

/** `root` and `judge` make `root.judge`; what is no name goes into brackets. */
export function stepTo(key: string): string {
  return /^#?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function hasInvoke(value: unknown): boolean {
  return isObject(value) && typeof readData(value, 'invoke')?.value === 'function';
}

function listFields(operator: object): readonly { readonly step: string; readonly value: unknown }[] {
  return Object.entries(Object.getOwnPropertyDescriptors(operator)).flatMap(([key, { value }]) =>
    isObject(value) ? [{ step: stepTo(key), value }] : [],
  );
}

/** What an array, a Map with string keys or a plain record holds; instances of other classes are not looked into. */
function listMembers(value: object): readonly { readonly step: string; readonly value: unknown }[] {
  if (Array.isArray(value)) {
    return listFields(value).map(({ step, value: member }) => ({
      step: step.replace(/^\["(?<index>\d+)"\]$/u, '[$<index>]'),
      value: member,
    }));
  }
  if (value instanceof Map) {
    return [...Map.prototype.entries.call(value)].flatMap(([key, member]: [unknown, unknown]) =>
      typeof key === 'string' ? [{ step: stepTo(key), value: member }] : [],
    );
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? listFields(value) : [];
}
