/* oxlint-disable typescript/no-unsafe-type-assertion -- emitted code and wrong use call what the types do not offer */
/** What holds operators, and what of an effect is put together from several. */
import { describe, expect, it } from 'vitest';
import type { InferredEffect } from '../runtime/descriptor.ts';
import {
  ANY_STATE,
  assumedEffect,
  effectOf,
  joinEffects,
  membersOf,
  type CallEffect,
} from '../runtime/effect.ts';
import { Operator, operator } from '../runtime/index.ts';
import { Witnesses } from '../runtime/witnesses.ts';

const resolve = (target: object): CallEffect => effectOf(target, 'sequential', new Witnesses());

abstract class Base extends Operator {
  forward(): unknown {
    return undefined;
  }
}
class Free extends Base {
  static override readonly effect = 'unordered' as const;
}
class Editing extends Base {
  static override readonly effect = { mutates: true } as const;
}

/** A class with what the transformer would have read off its `forward`. */
function inferred(effect: Partial<InferredEffect>): new () => Base {
  class Shown extends Base {
    tool: unknown = new Free();
    tools: unknown = [new Free()];
    override forward(): unknown {
      return this.help();
    }
    help(): unknown {
      return this.tool;
    }
  }
  const value: InferredEffect = {
    // oxlint-disable-next-line typescript/unbound-method -- only compared
    forward: Shown.prototype.forward,
    reads: [],
    writes: [],
    mutates: false,
    ordered: false,
    calls: [],
    undeclared: 'sequential',
    ...effect,
  };
  Object.defineProperty(Shown, Symbol.for('xcs.effect'), { value });
  return Shown;
}

describe('members', () => {
  const [one, two] = [new Free(), new Free()];
  it.each<[string, object, readonly object[] | undefined]>([
    ['an array', [one, two, 7], [one, two]],
    ['a Map', new Map([['a', one]]), [one]],
    ['a Set', new Set([two]), [two]],
    ['a record', { one, two, n: 1 }, [one, two]],
    ['a record without a prototype', Object.assign(Object.create(null) as object, { one }), [one]],
    [
      'an object of a class',
      new (class Holder {
        readonly one = one;
      })(),
      undefined,
    ],
    [
      'a record with a getter',
      {
        get one() {
          return one;
        },
      },
      undefined,
    ],
    [
      'a Map with a getter beside its entries',
      Object.defineProperty(new Map([['a', one]]), 'b', { get: () => two }),
      [one],
    ],
  ])('of %s', (_, holder, expected) => {
    expect(membersOf(holder, new Witnesses())).toEqual(expected);
  });
});

describe('the operators that a call enters', () => {
  const foreign = { effect: 'unordered', invoke: () => 1 };
  const declared = operator(() => 1, { effect: 'unordered' });
  class Plain extends Base {}
  it.each<[string, object]>([
    ['one of which nothing is known', new Plain()],
    ['a declared one', new Free()],
    ['a function', declared],
    ['one of somebody else', foreign],
    ['one whose body was read', new (inferred({}))()],
  ])('hold %s', (_, target) => {
    expect([...resolve(target).enters]).toEqual([target]);
  });

  it('hold that of which an effect is assumed', () => {
    const assumed = {
      kind: 'sequential',
      reads: ['r'],
      writes: ['w'],
      mutates: true,
      state: true,
      known: 'inferred',
    } as const;
    expect(assumedEffect(assumed, 'it')).toEqual({
      ordered: true,
      reads: new Set(['r']),
      writes: new Set(['w']),
      mutates: true,
      state: true,
      instance: 'it',
      enters: new Set(['it']),
      known: 'inferred',
    });
    expect(assumedEffect({ ...assumed, kind: 'unordered' }, 'it').ordered).toBe(false);
  });
});

it('a call that does two things changes what it is given if either does', () => {
  const [free, edits] = [resolve(new Free()), resolve(new Editing())];
  expect([joinEffects(edits, free).mutates, joinEffects(free, edits).mutates]).toEqual([true, true]);
});

describe('what the body shows', () => {
  it('names resources', () => {
    const Shown = inferred({ resources: { reads: ['r'], writes: ['w'] } });
    expect(resolve(new Shown())).toMatchObject({
      reads: new Set(['r']),
      writes: new Set(['w']),
      state: false,
    });
  });

  it('may be state that no path leads to', () => {
    const Shown = inferred({ reads: [['*']] });
    expect(resolve(new Shown()).reads).toEqual(new Set([ANY_STATE]));
  });

  it.each(['reads', 'writes'] as const)('is the worst where %s lead nowhere', (which) => {
    const Shown = inferred({ [which]: [['nowhere']] });
    expect(resolve(new Shown())).toMatchObject({ ordered: true, state: true });
  });

  it('holds for a prototype as long as it relies on nothing that objects hold', () => {
    expect(resolve(inferred({}).prototype as object)).toMatchObject({ ordered: false, known: 'inferred' });
    const calling = inferred({ calls: [(self: { tool: object }) => self.tool] });
    expect(resolve(calling.prototype as object)).toMatchObject({ ordered: true, mutates: true });
  });

  it('holds with the methods that were read alone', () => {
    const help = (): number => 1;
    const methods = { help };
    const Shown = inferred({ methods });
    const [same, other] = [new Shown(), new Shown()];
    Object.assign(same, { help });
    expect(resolve(same)).toMatchObject({ ordered: false, known: 'inferred' });
    expect(resolve(other)).toMatchObject({ ordered: true, known: 'undeclared' });
  });

  it('includes all that a container holds', () => {
    const Shown = inferred({ members: [(self: { tools: unknown }) => self.tools] });
    const shown = Object.assign(new Shown(), { tools: [new Free(), new Editing()] });
    expect(resolve(shown)).toMatchObject({ ordered: false, mutates: true });
    const hiding = Object.assign(new Shown(), { tools: undefined });
    expect(resolve(hiding)).toMatchObject({ ordered: true, mutates: true });
  });

  it.each([undefined, null])('leaves out an operator that is %s, unless it may put one there', (tool) => {
    const calls = [(self: { tool: object }) => self.tool];
    const [Calling, Filling] = [inferred({ calls }), inferred({ calls, writes: [[]] })];
    expect(resolve(Object.assign(new Calling(), { tool }))).toMatchObject({ ordered: false });
    expect(resolve(Object.assign(new Filling(), { tool }))).toMatchObject({ ordered: true, mutates: true });
  });

  it('is the worst where a call leads to what is no object', () => {
    const Calling = inferred({ calls: [(self: { tool: unknown }) => self.tool] });
    expect(resolve(Object.assign(new Calling(), { tool: 7 }))).toMatchObject({
      ordered: true,
      mutates: true,
    });
  });
});

describe('a class', () => {
  it('whose `forward` is a getter says nothing', () => {
    class Getting extends Base {
      static override readonly effect = 'unordered' as const;
    }
    Object.defineProperty(Getting.prototype, 'forward', { get: () => () => 1 });
    expect(resolve(new Getting())).toMatchObject({
      ordered: true,
      known: 'undeclared',
    });
  });

  it('is not what an object calls its constructor', () => {
    class Plain extends Base {}
    const plain = new Plain();
    Object.defineProperty(plain, 'constructor', { value: Free });
    expect(resolve(plain)).toMatchObject({ ordered: true, known: 'undeclared' });
  });

  it('that declares an effect later is not what was seen', () => {
    class Plain extends Base {}
    const witnesses = new Witnesses();
    effectOf(new Plain(), 'sequential', witnesses);
    expect(witnesses.hold()).toBe(true);
    Object.defineProperty(Plain, 'effect', { value: 'unordered' });
    expect(witnesses.hold()).toBe(false);
  });

  it.each(['', 7])('that is called %j is anonymous in what errors say', (name) => {
    class Wrong extends Base {
      static override readonly effect = 'fast' as never;
    }
    Object.defineProperty(Wrong, 'name', { value: name });
    expect(() => resolve(new Wrong())).toThrow(/an anonymous operator/);
  });
});
