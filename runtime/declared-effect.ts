/**
 * What a user declares as `static effect` or hands to `operator(fn, { effect })`, checked and put into the terms in which
 * two calls can be compared. A resource that depends on the input becomes `"*"`, any resource.
 */
import type { Resource } from './descriptor.ts';
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
  const all = { reads: read, writes: written };
  const isKeyed = [...read, ...written].some((one) => typeof one === 'function');
  return {
    ...FREE,
    reads: namesOf(read),
    writes: namesOf(written),
    mutates,
    ...(isKeyed ? { keyed: all } : {}),
  };
}

function namesOf(list: readonly Resource[]): ReadonlySet<string> {
  return new Set(list.map((one) => (typeof one === 'function' ? '*' : one)));
}

function resources(value: unknown): readonly Resource[] | undefined {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.every((one) => isResource(one)) ? list : undefined;
}

function isResource(value: unknown): value is Resource {
  return typeof value === 'function' || (typeof value === 'string' && value !== '');
}
