/* oxlint-disable no-await-in-loop -- what one call has taught counts in the next */
/** `jit` never hands on what differs in a way that equality does not show, nor what was read from state that nobody can look at. */
import { describe, expect, it } from 'vitest';
import { explain, jit } from '../runtime/index.ts';
import { Leaf, run } from './helpers/rounds.ts';

interface Doc {
  readonly n: number;
}

describe('a result that was got early', () => {
  it('is not used when it holds an object in the place of another one that is merely equal', async () => {
    const [a, b] = [new Leaf('a'), new Leaf('b')];
    const operator = jit(async ({ doc, copies }: { doc: Doc; copies: boolean }) => {
      await a.invoke('x');
      const mine = copies ? { ...doc } : doc;
      const given = await b.invoke({ doc: mine });
      return [given === mine, given === doc];
    });
    const inner = (text: string, given: unknown): unknown =>
      typeof given === 'object' && given !== null && 'doc' in given ? given.doc : text;
    const answers = [];
    for (const copies of [false, false, false, true, true])
      answers.push((await run(() => operator.invoke({ doc: { n: 1 }, copies }), inner)).result);
    expect(answers).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [true, false],
      [true, false],
    ]);
  });

  it('is not used when the input that was built can be changed, and that of the code cannot', async () => {
    const [a, b] = [new Leaf('a'), new Leaf('b')];
    const operator = jit(async (q: string) => {
      await a.invoke(q);
      return await b.invoke(Object.freeze({ q }));
    });
    const frozen = (text: string, given: unknown): unknown => [text, Object.isFrozen(given)];
    for (const q of ['x', 'y', 'z', 'u'])
      expect((await run(() => operator.invoke(q), frozen)).result).toEqual([`b {"q":"${q}"}`, true]);
  });
});

describe('a result that was got early', () => {
  it.each([
    ['a static field of its class', (b: typeof Tagged, q: string) => void (b.tag = q)],
    ['a method of its class', (b: typeof Tagged, q: string) => void (b.prototype.read = () => q)],
  ])('is not used when %s has changed since', async (_, change) => {
    class Own extends Tagged {
      static override tag = 'own';
      override read(): string {
        return Own.tag;
      }
    }
    const [a, b] = [new Leaf('a'), new Own('b')];
    let isLate = false;
    const operator = jit(async (q: string) => {
      await a.invoke(q);
      if (isLate) change(Own, q);
      return await b.invoke(q);
    });
    for (const q of ['x', 'y']) await run(() => operator.invoke(q));
    isLate = true;
    expect((await run(() => operator.invoke('z'))).rounds).toEqual([['a "z"', 'b "own z"'], ['b "z z"']]);
  });
});

it('L23: an accessor of an input is asked by the operator only', async () => {
  let asked = 0;
  const [a, b] = [new Leaf('a'), new Leaf('b')];
  const operator = jit(async (q: string) => {
    await a.invoke(q);
    const mine = {
      get turn() {
        return ++asked;
      },
    };
    await b.invoke([mine]);
    return mine;
  });
  const read = (text: string, given: unknown): unknown => [text, given];
  for (const q of ['x', 'x', 'y', 'z']) await run(() => operator.invoke(q), read);
  // Each call of `b` turns its input into text once.
  expect(asked).toBe(4);
});

class Tagged extends Leaf {
  static override readonly effect = 'unordered';
  static tag = 'tagged';
  read(): string {
    return Tagged.tag;
  }
  override forward(q: unknown, context: { readonly signal: AbortSignal }): Promise<unknown> {
    return super.forward(`${this.read()} ${String(q)}`, context);
  }
}

class Counter {
  #count = 0;
  add(): void {
    this.#count++;
  }
  get count(): number {
    return this.#count;
  }
}

/** How the code changes what an operator holds, and what the operator reads of it. */
interface Held {
  readonly object: unknown;
  readonly change: () => void;
  readonly read: () => unknown;
}

const held: readonly (readonly [string, () => Held])[] = [
  [
    'private members',
    () => {
      const counter = new Counter();
      return { object: counter, change: () => counter.add(), read: () => counter.count };
    },
  ],
  [
    'native parts',
    () => {
      const query = new URLSearchParams();
      return { object: query, change: () => query.append('q', '1'), read: () => query.toString() };
    },
  ],
  [
    'bytes',
    () => {
      const view = new DataView(new ArrayBuffer(1));
      const read = (): number => view.getUint8(0);
      return { object: view, change: () => view.setUint8(0, read() + 1), read };
    },
  ],
  [
    'weak members',
    () => {
      const key = {};
      const map = new WeakMap([[key, 0]]);
      const read = (): number => map.get(key) ?? 0;
      return { object: map, change: () => map.set(key, read() + 1), read };
    },
  ],
  [
    'a prototype with data',
    () => {
      const list: number[] = [];
      return { object: Object.create({ list }), change: () => void list.push(1), read: () => list.length };
    },
  ],
  [
    'a place where it has stopped',
    () => {
      let at = 0;
      const numbers = (function* count(): Generator<number> {
        while (true) yield at++;
      })();
      return { object: numbers, change: () => void numbers.next(), read: () => at };
    },
  ],
];

describe('an operator that holds an object with', () => {
  it.each(held)('%s is not started early, and `explain` says so', async (_, make) => {
    const { object, change, read } = make();
    class Holder extends Leaf {
      static override readonly effect = 'unordered';
      readonly held = [object];
      override forward(q: unknown, context: { readonly signal: AbortSignal }): Promise<unknown> {
        return super.forward(`${String(read())} ${String(q)}`, context);
      }
    }
    const [a, b] = [new Leaf('a'), new Holder('b')];
    const operator = jit(async (q: string) => {
      await a.invoke(q);
      change();
      return await b.invoke(q);
    });
    for (const q of ['x', 'x', 'y', 'z'])
      expect((await run(() => operator.invoke(q))).rounds.map(({ length }) => length)).toEqual([1, 1]);
    expect(explain(operator)).toMatch(/not started early: .* cannot be seen/u);
  });
});
