/**
 * What a user declares as `static effect` or hands to `operator(fn, { effect })`, checked and put into the terms in which
 * two calls can be compared. A resource that depends on the input becomes `"*"`, any resource.
 */
import type { CallEffect } from './effect.ts';
import { badEffect } from './errors.ts';

export type DeclaredEffect = Omit<CallEffect, 'enters' | 'instance'>;

const FREE: DeclaredEffect = {
  ordered: false,
  reads: new Set(),
  writes: new Set(),
  mutates: false,
  state: false,
  known: 'declared',
};

const FIELDS: ReadonlySet<string> = new Set(['reads', 'writes', 'mutates']);

/** Throws `XCS1005`, naming `where` it stands, if `value` is no effect. */
export function declaredEffect(value: unknown, where: string): DeclaredEffect {
  const effect = parseEffect(value);
  if (effect === undefined) throw badEffect(where, value);
  return effect;
}

/** Nothing if `value` is no effect. */
export function parseEffect(value: unknown): DeclaredEffect | undefined {
  if (value === 'pure' || value === 'unordered') return FREE;
  if (value === 'sequential') return { ...FREE, ordered: true };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (Object.keys(value).some((key) => !FIELDS.has(key))) return undefined;
  const {
    reads,
    writes,
    mutates = false,
  } = value as { reads?: unknown; writes?: unknown; mutates?: unknown };
  const [read, written] = [resources(reads), resources(writes)];
  if (read === undefined || written === undefined || typeof mutates !== 'boolean') return undefined;
  return { ...FREE, reads: read, writes: written, mutates };
}

function resources(value: unknown): ReadonlySet<unknown> | undefined {
  if (value === undefined) return new Set();
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const names = list.map((one) => (typeof one === 'function' ? '*' : one));
  return names.every((name) => typeof name === 'string' && name !== '') ? new Set(names) : undefined;
}
