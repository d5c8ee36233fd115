/**
 * Whether two inputs are so equal that no operator can tell them apart: deeply equal, and with the same order of keys, the
 * same signed zeros and the same objects in several places. Inputs that are not plain data are never the same.
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
      form.push(Array.isArray(value), ...(Array.isArray(value) ? [] : Object.keys(value)));
      rest.push({ value, ends: true });
      for (const child of Object.values(value).toReversed()) rest.push({ value: child });
    }
  }
  return form;
}
