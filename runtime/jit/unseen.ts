/**
 * Whether an object has state that cannot be seen from outside and that may change: `#private` members, what native code keeps,
 * data on its prototypes.
 */
import { OPERATOR } from '../brand.ts';
import { prototypeOf } from '../witnesses.ts';

/** Compilers turn private members into WeakMaps. */
const PRIVATE = /#[\p{ID_Start}$_]|__private|__classPrivate|WeakMap/u;
const STATIC_PRIVATE = /static\s+(?:async\s+)?\*?\s*(?:[gs]et\s+)?#|__private|__classPrivate|WeakMap/u;
const NATIVE = /\{\s*\[native code\]\s*\}$/u;
const CALLED_ONLY: ReadonlySet<PropertyKey> = new Set(['constructor', 'forward', 'forwardBatch']);

/** All that instances of these hold can be read. */
const OPEN_KINDS: ReadonlySet<unknown> = new Set([
  Object.getPrototypeOf(Int8Array),
  ...(
    'Object Array Map Set Date RegExp Number String Boolean Error AggregateError EvalError RangeError ReferenceError ' +
    'SyntaxError TypeError URIError Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array ' +
    'Float32Array Float64Array BigInt64Array BigUint64Array'
  )
    .split(' ')
    .map((name): unknown => Reflect.get(globalThis, name)),
]);

/**
 * Private members cannot be seen from outside. Only code of their own class can change them; so they do while no call is
 * running if the class has other methods or accessors than those that run a call.
 */
export function mayChangeUnseen(object: object): boolean {
  let hasPrivate = false;
  for (let at = prototypeOf(object); at !== undefined; at = prototypeOf(at)) {
    if (Object.hasOwn(at, OPERATOR)) break;
    const shown = lookAt(at);
    if (shown === 'open') return true;
    hasPrivate ||= shown === 'closed';
  }
  return hasPrivate && Object.values(Object.getOwnPropertyDescriptors(object)).some(isOfClass);
}

/** A function in a field that was written in the body of a class. */
function isOfClass({ value }: PropertyDescriptor): boolean {
  return typeof value === 'function' && PRIVATE.test(textOf(value));
}

type Shown = 'nothing private' | 'closed' | 'open';

const known = new WeakMap<object, Shown>();

function lookAt(prototype: object): Shown {
  let shown = known.get(prototype);
  if (shown === undefined) {
    shown = look(prototype);
    known.set(prototype, shown);
  }
  return shown;
}

function look(prototype: object): Shown {
  const owner: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (OPEN_KINDS.has(owner)) return 'nothing private';
  const keys = Reflect.ownKeys(prototype);
  if (keys.some((key) => key !== 'constructor' && isUnreadable(prototype, key))) return 'open';
  if (typeof owner !== 'function') return owner === undefined ? 'nothing private' : 'open';
  const text = textOf(owner);
  if (NATIVE.test(text)) return 'open';
  if (!PRIVATE.test(text)) return 'nothing private';
  const others = keys.some((key) => !CALLED_ONLY.has(key) && isCode(prototype, key));
  const statics = STATIC_PRIVATE.test(text) && Reflect.ownKeys(owner).some((key) => isCode(owner, key));
  return others || statics ? 'open' : 'closed';
}

/** Data that instances share, or a method of native code, which may read what only that can read. */
function isUnreadable(prototype: object, key: PropertyKey): boolean {
  const property = Object.getOwnPropertyDescriptor(prototype, key);
  if (property === undefined || !('value' in property)) return false;
  const value: unknown = property.value;
  return typeof value === 'function' ? NATIVE.test(textOf(value)) : typeof key === 'string';
}

function isCode(holder: object, key: PropertyKey): boolean {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  return property !== undefined && (!('value' in property) || typeof property.value === 'function');
}

function textOf(code: object): string {
  return Function.prototype.toString.call(code);
}
