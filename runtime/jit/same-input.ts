/**
 * Whether two inputs are so equal that no operator can tell them apart: deeply equal, and with the same order of keys, the
 * same signed zeros, the same objects in several places and the same ones that cannot be changed. Inputs that are not plain
 * data are never the same.
 */
import { dequal } from 'dequal/lite';
import { isPlain } from './facts.ts';

export function isSameInput(one: unknown, other: unknown): boolean {
  if (Object.is(one, other) && (typeof one !== 'object' || one === null)) return typeof one !== 'function';
  const [form, otherForm] = [formOf(one), formOf(other)];
  if (form === undefined || otherForm?.length !== form.length) return false;
  return form.every((part, index) => part === otherForm[index]) && dequal(one, other);
}

const LIMIT = 20_000;
const END: unique symbol = Symbol('end');
const NEGATIVE_ZERO: unique symbol = Symbol('-0');
const LEAF: unique symbol = Symbol('leaf');

/** What deep equality does not look at. Nothing for data that is not plain, is too large, or contains itself. */
function formOf(root: unknown): readonly unknown[] | undefined {
  const form: unknown[] = [];
  const ordinals = new Map<unknown, number>();
  const open = new Set<unknown>();
  const rest: { readonly value: unknown; readonly ends?: true }[] = [{ value: root }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value } = next;
    if (form.length > LIMIT) return undefined;
    if (next.ends === true) {
      open.delete(value);
      form.push(END);
    } else if (typeof value !== 'object' || value === null) {
      if (typeof value === 'function') return undefined;
      form.push(Object.is(value, -0) ? NEGATIVE_ZERO : LEAF);
    } else {
      const ordinal = ordinals.get(value);
      if (open.has(value) || !isPlain(value)) return undefined;
      form.push(ordinal);
      if (ordinal !== undefined) continue;
      ordinals.set(value, ordinals.size);
      open.add(value);
      form.push(Object.isFrozen(value), Object.isSealed(value), Object.isExtensible(value));
      form.push(Array.isArray(value), ...(Array.isArray(value) ? [] : Object.keys(value)));
      rest.push({ value, ends: true });
      for (const child of Object.values(value).toReversed()) rest.push({ value: child });
    }
  }
  return form;
}

/** The objects in `other` that are not those of an `input` which is the same otherwise. */
export function inPlaceOf(input: unknown, other: unknown): ReadonlySet<object> {
  const found = new Set<object>();
  const rest: [one: unknown, other: unknown][] = [[input, other]];
  for (let pair = rest.pop(); pair !== undefined; pair = rest.pop()) {
    const [one, two] = pair;
    if (one === two || !isRecord(one) || !isRecord(two) || found.has(two)) continue;
    found.add(two);
    for (const [key, value] of Object.entries(two)) rest.push([one[key], value]);
  }
  return found;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
