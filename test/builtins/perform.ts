/**
 * Calls one builtin with one sample and writes down all that the table makes claims about.
 */
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { Builtin } from '../../transformer/builtins.ts';
import { Workshop, type Items, type Make } from './items.ts';
import { Observer } from './observe.ts';

/** Receiver, `undefined` for functions, constructors and namespaces; then the arguments. */
export type Sample = (x: Items) => readonly [receiver: unknown, ...args: readonly unknown[]];
export type Members = Readonly<Record<string, Sample | readonly Sample[]>>;
export type Samples = Readonly<Record<string, Members>>;

/** For members such as `toString`: TypeScript checks those of `Members` against the methods of `Object`. */
export function sampled(sample: Sample): Sample {
  return sample;
}

export interface Row {
  readonly owner: string;
  readonly member: string;
  readonly row: Builtin;
}

export interface CallbackCall {
  readonly index: number;
  readonly args: readonly unknown[];
  readonly answer: unknown;
  readonly afterReturn: boolean;
}

export interface Performance {
  readonly workshop: Workshop;
  readonly observer: Observer;
  readonly receiver: unknown;
  readonly args: readonly unknown[];
  /** All that could be reached from receiver and arguments before the call, and the items made for callbacks. */
  readonly inputs: ReadonlySet<unknown>;
  /** What the receiver held before the call. */
  readonly held: ReadonlySet<unknown>;
  readonly before: { readonly receiver: string; readonly args: readonly string[] };
  readonly result: unknown;
  /** Grows if a callback is called later. */
  readonly calls: readonly CallbackCall[];
}

export function perform({ owner, member, row }: Row, sample: Sample, make: Make): Performance {
  const workshop = new Workshop(make);
  const observer = new Observer(workshop.made);
  const [receiver, ...given] = sample(workshop);
  const calls: CallbackCall[] = [];
  let returned = false;
  const args = given.map((arg, index) => {
    if (typeof arg !== 'function' || !row.callbacks?.includes(index)) return arg;
    return function record(this: unknown, ...passed: readonly unknown[]): unknown {
      const answer: unknown = Reflect.apply(arg, this, passed);
      calls.push({ index, args: passed, answer, afterReturn: returned });
      return answer;
    };
  });
  const inputs = observer.reachable(receiver, ...args, ...workshop.made);
  const held = observer.reachable(receiver);
  const before = { receiver: observer.picture(receiver), args: args.map((arg) => observer.picture(arg)) };
  workshop.armed = true;
  let result: unknown;
  try {
    result = invoke(owner, member, receiver, args);
  } finally {
    workshop.armed = false;
    returned = true;
  }
  return { workshop, observer, receiver, args, inputs, held, before, result, calls };
}

/** Whether the running Node has the member at all. */
export function isAvailable({ owner, member }: Row): boolean {
  if (member === 'new' || member === 'call') return true;
  const home = homeOf(owner);
  const name = keyOf(member);
  return name in Object(home) || (typeof home === 'function' && name in Object(home.prototype));
}

function invoke(owner: string, member: string, receiver: unknown, args: readonly unknown[]): unknown {
  const home = homeOf(owner);
  if (receiver !== undefined)
    return Reflect.apply(must(Reflect.get(Object(receiver), keyOf(member))), receiver, [...args]);
  if (member === 'new') return Reflect.construct(must(home), [...args]);
  if (member === 'call') return Reflect.apply(must(home), undefined, [...args]);
  return Reflect.apply(must(Reflect.get(Object(home), keyOf(member))), home, [...args]);
}

function must(value: unknown): Function {
  if (typeof value !== 'function') throw new TypeError(`expected a function, got ${String(value)}`);
  return value;
}

/** A console that prints nowhere and has begun to time and to count. */
function quietConsole(): Console {
  const quiet = new Console(new Writable({ write: (_chunk, _encoding, done) => done() }));
  quiet.time();
  quiet.count();
  return quiet;
}

const namespaces: Readonly<Record<string, unknown>> = {
  global: globalThis,
  Crypto: globalThis.crypto,
  Performance: globalThis.performance,
};

const iterators: Readonly<Record<string, Iterable<unknown>>> = {
  ArrayIterator: [].values(),
  MapIterator: new Map().values(),
  SetIterator: new Set().values(),
  StringIterator: ''[Symbol.iterator](),
  RegExpStringIterator: ''.matchAll(/a/g),
};

/** The object whose property, or prototype's property, the member is. */
function homeOf(owner: string): unknown {
  if (owner === 'Console') return quietConsole();
  const known = namespaces[owner] ?? iterators[owner];
  if (known !== undefined) return known;
  const path = owner
    .replace(/^Readonly/, '')
    .replace(/Constructor$/, '')
    .split('.');
  return path.reduce((home: unknown, name) => Reflect.get(Object(home), name), globalThis);
}

function keyOf(member: string): PropertyKey {
  return member === '[Symbol.iterator]' ? Symbol.iterator : member;
}
