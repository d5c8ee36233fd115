/**
 * The objects that samples are made of, in four makes of the same sample:
 *   plain     objects with a name                     -> what happens to contents, what the result is
 *   spying    objects with conversions and a getter   -> what code of the program runs
 *   iterable  lists that are neither array nor Set    -> whether the first argument is iterated
 *   watched   proxies                                 -> whether an argument is looked at
 */
import { inspect } from 'node:util';

export type Make = 'plain' | 'spying' | 'iterable' | 'watched';
export type Ran = 'converted' | 'accessed' | 'iterated';

export interface Items {
  /** An object with a property `name`; a spy has conversions and a getter. */
  item(name: string): object;
  /** The same without conversions. */
  record(name: string): object;
  /** Gives an object of some other class the conversions of a spy, which answer `primitive`. */
  convertible<Value extends object>(value: Value, primitive: string | number): Value;
  /** `values`, or a stranger that iterates as they do. */
  list<Value>(values: Iterable<Value>): Iterable<Value>;
}

const conversions = [
  'toString',
  'toLocaleString',
  'valueOf',
  'toJSON',
  Symbol.toPrimitive,
  inspect.custom,
] as const;

export class Workshop implements Items {
  readonly made: object[] = [];
  readonly ran = new Set<Ran>();
  readonly lookedAt = new Set<object>();
  /** Looking at a sample from the outside must not count. */
  armed = false;
  readonly #make: Make;

  constructor(make: Make) {
    this.#make = make;
  }

  item(name: string): object {
    if (this.#make === 'watched') return this.#keep(this.#watch({ name }));
    // On the prototype, so that the object itself stays cloneable.
    const prototype = this.#make === 'spying' ? this.convertible({}, name) : Object.prototype;
    return this.#keep(this.#probe(Object.assign(Object.create(prototype), { name })));
  }

  record(name: string): object {
    return this.#keep(this.#probe({ name }));
  }

  convertible<Value extends object>(value: Value, primitive: string | number): Value {
    if (this.#make !== 'spying') return value;
    for (const name of conversions) {
      Object.defineProperty(value, name, {
        value: () => this.#note('converted', primitive),
        configurable: true,
      });
    }
    return value;
  }

  list<Value>(values: Iterable<Value>): Iterable<Value> {
    if (this.#make !== 'iterable') return values;
    const inner = new Set(values);
    const iterate = (): Iterator<Value> => this.#note('iterated', inner.values());
    const has = (value: Value): boolean => this.#note('iterated', inner.has(value));
    return Object.assign(Object.create(null), {
      [Symbol.iterator]: iterate,
      keys: iterate,
      has,
      size: inner.size,
    });
  }

  #keep(made: object): object {
    this.made.push(made);
    return made;
  }

  #probe(plain: object): object {
    if (this.#make !== 'spying') return plain;
    const get = (): string => this.#note('accessed', 'probed');
    return Object.defineProperty(plain, 'probe', { get, enumerable: true, configurable: true });
  }

  #watch(plain: object): object {
    // Asked for any trap, it answers none, so that the proxy does what an object does.
    const look = (): undefined => {
      if (this.armed) this.lookedAt.add(proxy);
    };
    const proxy: object = new Proxy(plain, new Proxy({}, { get: look }));
    return proxy;
  }

  #note<Value>(ran: Ran, answer: Value): Value {
    if (this.armed) this.ran.add(ran);
    return answer;
  }
}
