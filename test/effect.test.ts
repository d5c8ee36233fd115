/* oxlint-disable typescript/no-unsafe-type-assertion -- emitted code and wrong use call what the types do not offer */
import { describe, expect, it } from 'vitest';
import type { InferredEffect } from '../runtime/descriptor.ts';
import { effectOf, effectOfMembers, type CallEffect } from '../runtime/effect.ts';
import { Operator, operator } from '../runtime/index.ts';
import { Witnesses } from '../runtime/witnesses.ts';
import { span } from './helpers/hand-compiled.ts';

const resolve = (target: object, undeclared: 'sequential' | 'unordered' = 'sequential'): CallEffect =>
  effectOf(target, undeclared, new Witnesses());

abstract class Base extends Operator {
  forward(): unknown {
    return undefined;
  }
}

/** Leaves what the transformer would have read off the `forward` of a class, as emitted code does. */
function infer(owner: { readonly prototype: Operator<never> }, effect: Partial<InferredEffect>): void {
  const value: InferredEffect = {
    // oxlint-disable-next-line typescript/unbound-method -- only compared
    forward: owner.prototype.forward,
    reads: [],
    writes: [],
    mutates: false,
    ordered: false,
    calls: [],
    undeclared: 'sequential',
    ...effect,
  };
  Object.defineProperty(owner, Symbol.for('xcs.effect'), { value });
}

const free = { ordered: false, mutates: false, state: false, reads: new Set(), writes: new Set() };
const by = (instance: object): Pick<CallEffect, 'enters' | 'instance'> => ({
  instance,
  enters: new Set([instance]),
});
const worst = { ordered: true, state: true, known: 'undeclared' };

const keyOf = (): string => 'key';

describe('a declaration', () => {
  it.each([
    ['pure', {}],
    ['unordered', {}],
    ['sequential', { ordered: true }],
    [{}, {}],
    [{ reads: 'index' }, { reads: new Set(['index']) }],
    [
      { reads: ['a', 'b'], writes: 'c' },
      { reads: new Set(['a', 'b']), writes: new Set(['c']) },
    ],
    [{ writes: keyOf }, { writes: new Set(['*']), keyed: { reads: [], writes: [keyOf] } }],
    [{ mutates: true }, { mutates: true }],
  ])('of %j is taken as it is', (effect, expected) => {
    class Declared extends Base {
      static override readonly effect = effect as never;
    }
    const declared = new Declared();
    expect(resolve(declared)).toEqual({ ...free, known: 'declared', ...expected, ...by(declared) });
  });

  it.each(['fast', 7, ['a'], { reads: 7 }, { reads: [''] }, { raeds: 'a' }, { mutates: 'yes' }, null])(
    'of %j is an error that names the class',
    (effect) => {
      class Declared extends Base {
        static override readonly effect = effect as never;
      }
      expect(() => resolve(new Declared())).toThrow(
        expect.objectContaining({ code: 'XCS1005', message: expect.stringContaining('`Declared`') }),
      );
    },
  );

  it('holds for a subclass that does not override forward', () => {
    class Declared extends Base {
      static override readonly effect = 'unordered';
    }
    class Sub extends Declared {}
    expect(resolve(new Sub())).toMatchObject({ ordered: false, known: 'declared' });
  });

  it('of a subclass wins over that of the class that owns forward', () => {
    class Declared extends Base {
      static override readonly effect = 'sequential' as 'sequential' | 'unordered';
    }
    class Sub extends Declared {
      static override readonly effect = 'unordered';
    }
    expect(resolve(new Sub())).toMatchObject({ ordered: false, known: 'declared' });
  });

  it('wins over what the body shows', () => {
    class Declared extends Base {
      static override readonly effect = 'unordered';
      count = 0;
      override forward(): number {
        return this.count++;
      }
    }
    infer(Declared, { writes: [[]] });
    expect(resolve(new Declared())).toMatchObject({ state: false, known: 'declared' });
  });

  it('is joined with what the body of an override without its own shows', () => {
    class Declared extends Base {
      static override readonly effect: { reads: string } = { reads: 'index' };
      override forward(): unknown {
        return 1;
      }
    }
    class Override extends Declared {
      override forward(): unknown {
        return 2;
      }
    }
    infer(Override, { writes: [[]] });
    const override = new Override();
    expect(resolve(override)).toEqual({
      ...free,
      reads: new Set(['index']),
      writes: new Set([override]),
      state: true,
      known: 'inferred',
      ...by(override),
    });
  });

  it('does not free an override whose body nobody has read', () => {
    class Declared extends Base {
      static override readonly effect = 'unordered' as const;
    }
    class Override extends Declared {
      override forward(): unknown {
        return 2;
      }
    }
    expect(resolve(new Override())).toMatchObject(worst);
  });
});

describe('what the body shows', () => {
  it('counts when nothing is declared', () => {
    class Reader extends Base {
      readonly memory = {};
      override forward(): unknown {
        return this.memory;
      }
    }
    infer(Reader, { reads: [['memory']], mutates: true, ordered: true });
    const reader = new Reader();
    expect(resolve(reader)).toEqual({
      ...free,
      reads: new Set([reader.memory]),
      mutates: true,
      ordered: true,
      known: 'inferred',
      ...by(reader),
    });
  });

  it('names the objects that two operators share, so that they conflict', () => {
    class Writer extends Base {
      readonly memory: object;
      constructor(memory: object) {
        super();
        this.memory = memory;
      }
      override forward(): unknown {
        return this.memory;
      }
    }
    infer(Writer, { writes: [['memory']] });
    const memory = {};
    expect([...resolve(new Writer(memory)).writes]).toEqual([memory]);
    expect([...resolve(new Writer(memory)).writes]).toEqual([memory]);
  });

  it.each([
    [
      'leads through a getter',
      {
        get memory(): object {
          throw new Error('was read');
        },
      },
    ],
    ['leads nowhere', {}],
    ['leads to a primitive', { memory: 1 }],
  ])('is the worst when a path %s', (_, fields) => {
    class Reader extends Base {
      override forward(): unknown {
        return 1;
      }
    }
    infer(Reader, { reads: [['memory', 'store']] });
    const reader = new Reader();
    Object.defineProperties(reader, Object.getOwnPropertyDescriptors(fields));
    expect(resolve(reader)).toMatchObject({ ordered: true, state: true });
  });

  it('includes what it calls, and enters each operator on the way', () => {
    class Inner extends Base {
      static override readonly effect = { writes: 'index' } as const;
    }
    class Outer extends Base {
      readonly inner = new Inner();
      override forward(): unknown {
        return this.inner.invoke(1);
      }
    }
    infer(Outer, { calls: [(self: Outer) => self.inner] });
    const outer = new Outer();
    expect(resolve(outer)).toEqual({
      ...free,
      writes: new Set(['index']),
      known: 'inferred',
      instance: outer,
      enters: new Set([outer, outer.inner]),
    });
  });

  it('ends where operators call each other', () => {
    class Ping extends Base {
      pong: object | undefined;
      override forward(): unknown {
        return 1;
      }
    }
    infer(Ping, { calls: [(self: Ping) => self.pong], writes: [[]] });
    const [ping, pong] = [new Ping(), new Ping()];
    ping.pong = pong;
    pong.pong = ping;
    expect(resolve(ping).writes).toEqual(new Set([ping, pong]));
  });

  it('is the worst when an operator that it calls cannot be found', () => {
    class Outer extends Base {
      override forward(): unknown {
        return 1;
      }
    }
    infer(Outer, {
      calls: [
        () => {
          throw new Error('no such private field');
        },
      ],
    });
    expect(resolve(new Outer())).toMatchObject({ ...worst, mutates: true });
  });

  it('leaves out an optional operator that is not there', () => {
    class Outer extends Base {
      inner: Base | undefined;
      override forward(): unknown {
        return this.inner?.invoke(1);
      }
    }
    infer(Outer, { calls: [(self: Outer) => self.inner] });
    expect(resolve(new Outer())).toMatchObject({ ordered: false, state: false, known: 'inferred' });
  });

  it.each([
    ['sequential', worst],
    ['unordered', { ordered: false, state: false, known: 'undeclared' }],
  ] as const)(
    'falls back to the option `undeclared` of its own file, %s, where it contains something unknown',
    (undeclared, expected) => {
      class Unknown extends Base {
        override forward(): unknown {
          return 1;
        }
      }
      infer(Unknown, { unknown: { what: 'fetch', span: span(3) }, undeclared });
      expect(resolve(new Unknown())).toMatchObject(expected);
    },
  );

  it('says nothing about a forward that was replaced on the instance or on the class', () => {
    class Reader extends Base {
      override forward(): unknown {
        return 1;
      }
    }
    infer(Reader, {});
    const patched = new Reader();
    patched.forward = () => 2;
    expect(resolve(patched)).toMatchObject(worst);
    expect(resolve(new Reader())).toMatchObject({ ordered: false, known: 'inferred' });
    Reader.prototype.forward = () => 3;
    expect(resolve(new Reader())).toMatchObject(worst);
  });

  it('says nothing when invoke was replaced', () => {
    class Reader extends Base {
      override forward(): unknown {
        return 1;
      }
    }
    infer(Reader, {});
    const mocked = new Reader();
    mocked.invoke = (() => Promise.resolve(1)) as never;
    expect(resolve(mocked)).toMatchObject(worst);
  });
});

describe('an operator that says nothing and shows nothing', () => {
  class Silent extends Base {}
  it('goes by the option `undeclared` of its caller', () => {
    expect(resolve(new Silent())).toMatchObject(worst);
    expect(resolve(new Silent(), 'unordered')).toMatchObject({
      ordered: false,
      state: false,
      known: 'undeclared',
    });
  });

  it('is not thought to change what it is given', () => {
    expect(resolve(new Silent()).mutates).toBe(false);
  });
});

describe('an object of others', () => {
  const invoke = (): Promise<number> => Promise.resolve(1);

  it('is undeclared when it says nothing valid', () => {
    expect(resolve({ invoke })).toMatchObject(worst);
    expect(resolve({ invoke, effect: 'loud' })).toMatchObject(worst);
    expect(
      resolve({
        invoke,
        get effect(): string {
          throw new Error('was read');
        },
      }),
    ).toMatchObject(worst);
  });

  it('may declare its effect itself or on its class', () => {
    expect(resolve({ invoke, effect: 'unordered' })).toMatchObject({ ordered: false, known: 'declared' });
    class Runnable {
      static readonly effect = { reads: 'web' };
      invoke = invoke;
    }
    expect(resolve(new Runnable())).toMatchObject({ reads: new Set(['web']), known: 'declared' });
  });
});

describe('a function operator', () => {
  it('has the effect that it was given', () => {
    const search = operator(() => 1, { effect: { reads: 'index' } });
    expect(resolve(search)).toMatchObject({ reads: new Set(['index']), known: 'declared', instance: search });
  });

  it('has the effect that its body shows, else none that is known', () => {
    const inferred = { forward: undefined, reads: [], writes: [], mutates: false, ordered: false, calls: [] };
    const shown = operator((q: string) => q, undefined, {
      ...inferred,
      undeclared: 'sequential',
    });
    expect(resolve(shown)).toMatchObject({ ordered: false, known: 'inferred' });
    expect(resolve(operator(() => 1))).toMatchObject(worst);
  });

  it('is undeclared when its invoke was replaced', () => {
    const mocked = operator(() => 1, { effect: 'unordered' });
    mocked.invoke = (() => Promise.resolve(1)) as never;
    expect(resolve(mocked)).toMatchObject(worst);
  });
});

it('of a class that an object will be made of is what its prototype shows', () => {
  class Local extends Base {
    static override readonly effect = 'unordered';
  }
  expect(resolve(Local.prototype)).toMatchObject({ ordered: false, known: 'declared' });
});

it('of members is that of all of them together', () => {
  class Reader extends Base {
    static override readonly effect = { reads: 'a' } as const;
  }
  class Writer extends Base {
    static override readonly effect = { writes: 'b' } as const;
  }
  const members = [new Reader(), new Writer()];
  const effect = effectOfMembers(members, members, 'sequential', new Witnesses());
  expect(effect).toMatchObject({ instance: members, writes: new Set(['b']), known: 'declared' });
  expect(effect.reads).toEqual(new Set(['a']));
  expect(effect.enters).toEqual(new Set(members));
});

describe('witnesses', () => {
  class Inner extends Base {
    static override readonly effect = 'unordered' as const;
  }
  class Outer extends Base {
    inner: Base = new Inner();
    memory = {};
    override forward(): unknown {
      return this.inner.invoke(this.memory);
    }
  }
  infer(Outer, { reads: [['memory']], calls: [(self: Outer) => self.inner] });

  function watched(): { outer: Outer; witnesses: Witnesses } {
    const [outer, witnesses] = [new Outer(), new Witnesses()];
    effectOf(outer, 'sequential', witnesses);
    return { outer, witnesses };
  }

  it('hold while nothing changes', () => {
    expect(watched().witnesses.hold()).toBe(true);
  });

  it.each<[string, (outer: Outer) => void]>([
    ['an object on a path is replaced', (outer) => (outer.memory = {})],
    ['an operator that it calls is replaced', (outer) => (outer.inner = new Inner())],
    ['its forward is patched', (outer) => (outer.forward = () => 1)],
    ['its invoke is patched', (outer) => (outer.invoke = (() => Promise.resolve(1)) as never)],
    ['the forward of an operator that it calls is patched', (outer) => (outer.inner.forward = () => 1)],
    ['an operator that it calls is taken away', (outer) => Reflect.deleteProperty(outer, 'inner')],
  ])('do not hold when %s', (_, change) => {
    const { outer, witnesses } = watched();
    change(outer);
    expect(witnesses.hold()).toBe(false);
  });

  it('do not hold when a class declares another effect', () => {
    const { witnesses } = watched();
    const changed: { effect: unknown } = Inner;
    changed.effect = 'sequential';
    expect(witnesses.hold()).toBe(false);
    changed.effect = 'unordered';
  });
});
