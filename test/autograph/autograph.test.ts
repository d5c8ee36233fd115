/* oxlint-disable typescript/no-unsafe-type-assertion -- much of this is what the types would not let through */
/** What `autograph` records, what it refuses, and what its graphs give when they run. */
import { describe, expect, it } from 'vitest';
import {
  autograph,
  constant,
  execute,
  executeDetailed,
  map,
  operator,
  Operator,
  select,
  template,
  when,
  type Symbolic,
  type XCSGraph,
} from '../../runtime/index.ts';
import { Gated, Instant, quiet, watch } from '../helpers/gates.ts';

const named = <T>(name: string, fn: (input: T) => unknown) =>
  operator(async (input: T) => fn(input), { name, effect: 'unordered' });
const add = named('add', ({ a, b }: { a: number; b: number }) => a + b) as unknown as Operator<
  { a: number; b: number },
  number
>;
const double = operator(async (n: number) => n * 2, { name: 'double', effect: 'unordered' });
const words = operator(async (text: string) => ({ list: text.split(' '), text }), {
  name: 'words',
  effect: 'unordered',
});
const edges = (graph: XCSGraph): readonly string[] => graph.mapEdges((_, __, a, b) => `${a}→${b}`);

describe('what is recorded', () => {
  it('A1 a chain has a node for each call and an edge for each result that is passed on', () => {
    const graph = autograph((n: Symbolic<number>) => double.invoke(double.invoke(double.invoke(n))));
    expect(graph.topologicalOrder()).toEqual(['double', 'double_2', 'double_3']);
    expect(edges(graph)).toEqual(['double→double_2', 'double_2→double_3']);
  });

  it('A2 in a diamond both branches wait for the first call, and the last for both', () => {
    const graph = autograph((n: Symbolic<number>) => {
      const first = double.invoke(n);
      return add.invoke({ a: double.invoke(first), b: double.invoke(first) });
    });
    expect(graph.waves()).toEqual([['double'], ['double_2', 'double_3'], ['add']]);
  });

  it('A3 a field that is passed on under another name is a dependence with its field mapping', () => {
    const give = operator(async () => ({ result: 1, same: 1 }), { name: 'give' });
    const take = operator(async ({ data }: { data: number }) => data, { name: 'take' });
    const graph = autograph(() => {
      const given = give.invoke(constant(undefined));
      take.invoke(constant({ data: 1 }));
      return take.invoke({ data: given.result });
    });
    expect(edges(graph)).toEqual(['give→take_2']);
    expect(graph.getEdgeAttribute('give', 'take_2', 'fieldMappings')).toEqual({ result: 'data' });
  });

  it('A4 a node calls the live operator with new inputs', async () => {
    const seen: number[] = [];
    const spy = operator(async (n: number) => {
      seen.push(n);
      return n * 2;
    });
    const graph = autograph((n: Symbolic<number>) => spy.invoke(n));
    expect(seen).toEqual([]);
    expect(await execute(graph, 7)).toBe(14);
    expect(seen).toEqual([7]);
  });

  it('A6 in a `using` block operations are recorded, not executed; executing yields add(5, 3) · 2 = 16', async () => {
    using graph = autograph();
    const sum = add.invoke(constant({ a: 5, b: 3 }));
    double.invoke(sum);
    expect(graph.nodes()).toEqual(['add', 'double']);
    expect(await execute(graph)).toBe(16);
  });

  it('a constant in the seed’s own words needs no handle at all', async () => {
    using graph = autograph();
    const sum: unknown = add.invoke({ a: 5, b: 3 });
    void double.invoke(sum as number);
    expect(await execute(graph)).toBe(16);
  });

  it('a function that returns nothing has a graph that answers nothing', async () => {
    const recorded = autograph((n: Symbolic<number>) => {
      double.invoke(n);
    });
    const awaited = await autograph(async (n: Symbolic<number>) => {
      double.invoke(n);
      await quiet();
    });
    expect([await execute(recorded, 2), await execute(awaited, 2)]).toEqual([undefined, undefined]);
  });

  it('a function operator that is called directly is recorded too', async () => {
    const graph = autograph(
      (n: Symbolic<number>) => double(n as unknown as number) as unknown as Symbolic<number>,
    );
    expect(graph.nodes()).toEqual(['double']);
    expect(await execute(graph, 4)).toBe(8);
  });

  it('an async function is recorded after it has awaited, and nobody beside it is', async () => {
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const recorded = autograph(async (n: Symbolic<number>) => {
      // oxlint-disable-next-line typescript/await-thenable -- what an async function is likely to do
      const once = await double.invoke(n);
      await gate;
      return double.invoke(once);
    });
    expect(await double.invoke(1)).toBe(2);
    go();
    const graph = await recorded;
    expect(graph.nodes()).toEqual(['double', 'double_2']);
    expect(await execute(graph, 3)).toBe(12);
  });

  it('what runs inside a recording is not recorded', async () => {
    const inner = autograph((n: Symbolic<number>) => double.invoke(n));
    let result: Promise<unknown> | undefined;
    const outer = autograph((n: Symbolic<number>) => {
      result = execute(inner, 5);
      return double.invoke(n);
    });
    expect(outer.nodes()).toEqual(['double']);
    expect(await result).toBe(10);
  });

  it('calls whose effects are known to conflict keep their order, others do not wait', () => {
    const write = new (class Write extends Operator<string, void> {
      static override readonly effect = { writes: 'db' } as const;
      override forward(): void {}
    })();
    const read = new (class Read extends Operator<string, void> {
      static override readonly effect = { reads: 'db' } as const;
      override forward(): void {}
    })();
    const graph = autograph((q: Symbolic<string>) => {
      read.invoke(q);
      write.invoke(q);
      read.invoke(q);
      read.invoke(q);
      words.invoke(q);
    });
    expect(edges(graph)).toEqual(['Read→Write', 'Write→Read_2', 'Write→Read_3']);
    expect(graph.getEdgeAttribute('Read', 'Write', 'causes')).toEqual([{ kind: 'effect', what: 'db' }]);
  });
});

describe('handles', () => {
  it('may stand in objects, arrays, spreads and templates, and the result is what was returned', async () => {
    const echo = operator(async (value: unknown) => value, { name: 'echo', effect: 'unordered' });
    const graph = autograph((input: Symbolic<{ text: string; rest: { x: number; y: number } }>) => {
      const { list, text } = words.invoke(input.text);
      return {
        got: echo.invoke({ ...input.rest, y: 5, deep: [{ first: list[0] }, text], say: template`<${text}>` }),
        plain: 1,
        count: list.length,
      };
    });
    expect(await execute(graph, { text: 'a b', rest: { x: 1, y: 2 } })).toEqual({
      got: { x: 1, y: 5, deep: [{ first: 'a' }, 'a b'], say: '<a b>' },
      plain: 1,
      count: 2,
    });
  });

  it('that are taken apart leave out of the rest what was taken', async () => {
    const graph = autograph((input: Symbolic<{ a: number; b: number; c: number }>) => {
      const { a, ...rest } = input;
      return { a, rest: { ...rest }, all: { ...input } };
    });
    expect(await execute(graph, { a: 1, b: 2, c: 3 })).toEqual({
      a: 1,
      rest: { b: 2, c: 3 },
      all: { a: 1, b: 2, c: 3 },
    });
  });

  it('that are spread after a field of the same name are an error, for nobody can tell which is meant', async () => {
    const graph = autograph((input: Symbolic<{ a: number }>) => ({
      // @ts-expect-error -- the compiler sees it too, where the field is not optional
      all: { a: 0, ...input },
    }));
    await expect(execute(graph, { a: 1 })).rejects.toMatchObject({ code: 'XCS1204' });
  });

  it('keep objects without handles the very objects that they are', async () => {
    const kept = { deep: [1] };
    const seen = new Instant();
    const graph = autograph((n: Symbolic<number>) => [seen.invoke({ kept, n })]);
    await execute(graph, 1);
    expect((seen.inputs[0] as { kept: unknown }).kept).toBe(kept);
  });

  const uses: readonly (readonly [string, (h: Symbolic<string[]>) => unknown, RegExp])[] = [
    ['a string', (h) => `<${h as unknown as string}>`, /template`/u],
    ['a number', (h) => Number(h), /select/u],
    ['a sum', (h) => (h as unknown as number) + 1, /select/u],
    ['a comparison', (h) => (h as unknown as number) > 1, /select/u],
    ['an equality with a primitive', (h) => (h as unknown as number) == 1, /select/u],
    ['iteration', (h) => [...(h as unknown as string[])], /map\(handle/u],
    [
      'a loop',
      (h) => {
        for (const _ of h as unknown as string[]) return _;
        return undefined;
      },
      /map\(handle/u,
    ],
    [
      'for in',
      (h) => {
        for (const _ in h) return _;
        return undefined;
      },
      /map\(handle/u,
    ],
    ['JSON', (h) => JSON.stringify({ h }), /select/u],
    ['valueOf', (h) => (h as unknown as number).valueOf(), /select/u],
    ['in', (h) => 'x' in h, /select/u],
    ['instanceof', (h) => (h as unknown) instanceof Instant, /select/u],
    ['assignment', (h) => Object.assign(h, { x: 1 }), /select/u],
    ['a larger number', (h) => BigInt(h as unknown as number), /select/u],
    ['a negative number', (h) => -(h as unknown as number), /select/u],
    ['a length', (h) => (h.length as unknown as number) > 1, /select/u],
    ['a part of a text', (h) => `a ${h[0] as unknown as string}`, /template`/u],
    ['a key', (h) => ({ [h as unknown as string]: 1 }), /template`/u],
    ['an array', (h) => Array.from(h as unknown as string[]), /map\(handle/u],
    [
      'parts taken by order',
      (h) => {
        const [first] = h as unknown as string[];
        return first;
      },
      /map\(handle/u,
    ],
    ['arguments', (h) => Math.max(...(h as unknown as number[])), /map\(handle/u],
    ['deletion', (h) => Reflect.deleteProperty(h, 'x'), /select/u],
    ['a function', (h) => (h as unknown as () => unknown)(), /select/u],
    ['a method call', (h) => (h as unknown as string[]).join(), /select/u],
  ];
  it.each(uses)(
    'used as %s throw an error that names the operator, the path and the way out',
    (_, use, out) => {
      const record = () =>
        autograph((q: Symbolic<string>) => {
          use(words.invoke(q).list);
        });
      expect(record).toThrow(expect.objectContaining({ code: 'XCS1201' }));
      expect(record).toThrow(/`words\.list/u);
      expect(record).toThrow(out);
    },
  );

  it.each([
    ['keys', (h: object) => Object.keys(h)],
    ['values', (h: object) => Object.values(h)],
    ['entries', (h: object) => Object.entries(h)],
    ['values by key', (h: Readonly<Record<string, unknown>>) => Object.keys(h).map((key) => h[key])],
  ] as const)('whose %s are listed throw where these are used', (_, list) => {
    const echo = new Instant();
    const record = () => autograph((q: Symbolic<string>) => echo.invoke(list(words.invoke(q).list as never)));
    expect(record).toThrow(expect.objectContaining({ code: 'XCS1201' }));
    expect(record).toThrow(/`words\.list`.*select\(handle/u);
  });

  it('of another graph are refused where they are used', () => {
    let leaked: Symbolic<number> | undefined;
    autograph((n: Symbolic<number>) => {
      leaked = n;
    });
    expect(() => autograph(() => double.invoke(leaked ?? 0))).toThrow(
      expect.objectContaining({ code: 'XCS1202' }),
    );
  });

  class Box {
    readonly held: unknown;
    constructor(held: unknown) {
      this.held = held;
    }
  }
  const around = (held: unknown): object => {
    const circle: Record<string, unknown> = { held };
    circle['self'] = [circle];
    return circle;
  };
  it.each([
    ['a Set', (n: unknown) => new Set([n])],
    ['a Map', (n: unknown) => new Map([[1, { deep: [n] }]])],
    ['an object of a class', (n: unknown) => ({ box: new Box([n]) })],
    ['an object of a class in a list', (n: unknown) => [[new Box(new Set([n]))]]],
    ['a structure that leads back to itself', (n: unknown) => around(n)],
  ] as const)('in %s are refused, for an operator would get the handles', (_, hide) => {
    const echo = new Instant();
    const record = (): unknown => autograph((q: Symbolic<string>) => echo.invoke(hide(words.invoke(q).text)));
    expect(record).toThrow(expect.objectContaining({ code: 'XCS1202' }));
    expect(record).toThrow(/`words\.text` has no value here: .*select\(handle/u);
  });

  it('in none of these are no reason to refuse them', async () => {
    const echo = operator(async (value: unknown) => value, { name: 'echo', effect: 'unordered' });
    const [box, circle] = [new Box([1]), around(1)];
    const graph = autograph((n: Symbolic<number>) => [n, echo.invoke(box), echo.invoke(circle)]);
    const [, first, second] = await execute(graph, 1);
    expect([first === box, second === circle]).toEqual([true, true]);
  });
});

describe('a `using` block', () => {
  it('that awaits is an error at its end', async () => {
    const block = async (): Promise<void> => {
      using _ = autograph();
      await quiet();
    };
    await expect(block()).rejects.toMatchObject({ code: 'XCS1203' });
    expect(await double.invoke(2)).toBe(4);
  });

  it('ends the recording when it is left', async () => {
    {
      using _ = autograph();
    }
    expect(await double.invoke(2)).toBe(4);
  });

  it('has an input and says what the graph answers', async () => {
    using graph = autograph<{ q: string }>({ name: 'asked' });
    graph.answers({ parts: words.invoke(graph.input.q).list });
    expect(await execute(graph, { q: 'a b' })).toEqual({ parts: ['a', 'b'] });
  });
});

describe('inputs', () => {
  it('that are absent take their defaults', async () => {
    const graph = autograph(
      (input: Symbolic<{ a: number; b: number }>) => add.invoke({ a: input.a, b: input.b }),
      {
        defaults: { b: 3 },
      },
    );
    expect(await execute(graph, { a: 5 } as never)).toBe(8);
    expect(await execute(graph, { a: 5, b: 4 })).toBe(9);
    await expect(execute(graph)).rejects.toThrow(/node `add` needs `input\.a`/u);
  });

  it('that are missing are an error that names the node and the path', async () => {
    const graph = autograph((input: Symbolic<{ a: number }>) => double.invoke(input.a));
    await expect(execute(graph, {} as never)).rejects.toThrow(/XCS1205: node `double` needs `input\.a`/u);
    await expect(execute(graph)).rejects.toMatchObject({ code: 'XCS1205' });
  });

  it('that lead to nothing are an error that names both nodes', async () => {
    const find = operator(async (q: string) => ({ q, best: undefined as unknown as { text: string } }), {
      name: 'find',
      effect: 'unordered',
    });
    const graph = autograph((q: Symbolic<string>) => words.invoke(find.invoke(q).best.text));
    await expect(execute(graph, 'q')).rejects.toMatchObject({ code: 'XCS1206' });
  });

  it('that are mapped must be arrays', async () => {
    const graph = autograph((q: Symbolic<string[]>) => map(q, (one) => words.invoke(one)));
    await expect(execute(graph, 7 as never)).rejects.toMatchObject({ code: 'XCS1207' });
  });

  it('are not shared: one graph runs any number of times at once', async () => {
    const graph = autograph((n: Symbolic<number>) => double.invoke(double.invoke(n)));
    const results = await Promise.all([1, 2, 3].map((n) => execute(graph, n)));
    expect(results).toEqual([4, 8, 12]);
  });
});

describe('select, map and when', () => {
  it('select computes once in a run, however often its handle is used', async () => {
    let computed = 0;
    const graph = autograph((n: Symbolic<number>) => {
      const next = select(n, (value) => {
        computed++;
        return value + 1;
      });
      return add.invoke({ a: next, b: next });
    });
    expect(await execute(graph, 1)).toBe(4);
    expect(computed).toBe(1);
  });

  it('map calls its body for each item, all at once, with what is around it', async () => {
    const gated = new Gated();
    Object.defineProperty(gated.constructor, 'effect', { value: 'unordered', configurable: true });
    const graph = autograph((input: Symbolic<{ list: string[]; k: number }>) =>
      map(input.list, (item, index) => ({ got: gated.invoke({ item, k: input.k }), index })),
    );
    const run = watch(execute(graph, { list: ['a', 'b'], k: 7 }));
    await quiet();
    expect(gated.calls.map(({ input }) => input)).toEqual([
      { item: 'a', k: 7 },
      { item: 'b', k: 7 },
    ]);
    gated.at(1).resolve('B');
    gated.at(0).resolve('A');
    await quiet();
    expect(run.value).toEqual([
      { got: 'A', index: 0 },
      { got: 'B', index: 1 },
    ]);
    Reflect.deleteProperty(gated.constructor, 'effect');
  });

  it('maps nest, and the inner one sees the items of the outer one', async () => {
    const graph = autograph((rows: Symbolic<number[][]>) =>
      map(rows, (row, index) => map(row, (n) => add.invoke({ a: n, b: index }))),
    );
    expect(await execute(graph, [[1, 2], [10]])).toEqual([[1, 2], [11]]);
  });

  it('when calls only the branch that its condition chooses', async () => {
    const called: string[] = [];
    const one = named('one', (n: number) => called.push(`one ${n}`));
    const other = named('other', (n: number) => called.push(`other ${n}`));
    const graph = autograph((n: Symbolic<number>) =>
      when(
        select(double.invoke(n), (value) => value > 10),
        () => one.invoke(n),
        () => other.invoke(one.invoke(n) as never),
      ),
    );
    await execute(graph, 6);
    expect(called).toEqual(['one 6']);
    const { unchosen, outputs } = await executeDetailed(graph, 1);
    expect(called).toEqual(['one 6', 'one 1', 'other 2']);
    expect(unchosen).toEqual(['one']);
    expect(outputs.get('one_2')).toBe(2);
  });

  it('what a branch made has no value outside of it', () => {
    const leak = (): unknown =>
      autograph((n: Symbolic<number>) => {
        let inside: Symbolic<number> = n;
        when(n, () => (inside = double.invoke(n)));
        return double.invoke(inside);
      });
    expect(leak).toThrow(expect.objectContaining({ code: 'XCS1202' }));
  });
});

describe('executeDetailed', () => {
  it('goes on when a node fails, and skips what waits for it', async () => {
    const bad = named('bad', () => Promise.reject(new Error('no')));
    const graph = autograph((n: Symbolic<number>) => ({
      lost: double.invoke(bad.invoke(n) as never),
      kept: double.invoke(n),
    }));
    const report = await executeDetailed(graph, 2, { continueOnError: true });
    expect(report.skipped).toEqual(['double']);
    expect([...report.errors.keys()]).toEqual(['bad']);
    expect([...report.outputs]).toEqual([['double_2', 4]]);
  });
});
