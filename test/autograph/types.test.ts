/** What the compiler lets through: most of these are checked by `tsc --noEmit` only. */
import { expectTypeOf, it } from 'vitest';
import {
  autograph,
  execute,
  map,
  operator,
  Operator,
  select,
  template,
  when,
  type AutoGraph,
  type Liftable,
  type Symbolic,
} from '../../runtime/index.ts';

interface Doc {
  readonly text: string;
  readonly tags: readonly string[];
}

class Search extends Operator<{ q: string; k: number }, Doc> {
  override forward({ q }: { q: string }): Doc {
    return { text: q, tags: [q] };
  }
}

const search = new Search();
const length = operator(async (text: string) => text.length);

it('a handle is not assignable to what it stands for', () => {
  expectTypeOf<Symbolic<string>>().not.toExtend<string>();
  expectTypeOf<Symbolic<number>>().not.toExtend<number>();
  expectTypeOf<Symbolic<Doc>>().not.toExtend<Doc>();
  expectTypeOf<Symbolic<readonly string[]>>().not.toExtend<readonly string[]>();
  expectTypeOf<Symbolic<{ a?: string }>>().not.toExtend<{ a?: string }>();
  expectTypeOf<Symbolic<string>>().not.toExtend<Symbolic<number>>();
});

it('a handle is accepted wherever an input may be lifted, and a value too', () => {
  expectTypeOf<Symbolic<string>>().toExtend<Liftable<string>>();
  expectTypeOf<{ q: Symbolic<string>; k: number }>().toExtend<Liftable<{ q: string; k: number }>>();
  expectTypeOf<{ q: Symbolic<number>; k: number }>().not.toExtend<Liftable<{ q: string; k: number }>>();
});

it('invoke answers a promise for a value and a handle for a handle', async () => {
  expectTypeOf(search.invoke({ q: 'a', k: 1 })).toEqualTypeOf<Promise<Doc>>();
  const graph = autograph((input: Symbolic<{ q: string }>) => {
    const doc = search.invoke({ q: input.q, k: 1 });
    expectTypeOf(doc).toEqualTypeOf<Symbolic<Doc>>();
    expectTypeOf(doc.tags[0]).toExtend<Symbolic<string> | undefined>();
    expectTypeOf(length.invoke(doc.text)).toEqualTypeOf<Symbolic<number>>();
    expectTypeOf(map(doc.tags, (tag) => length.invoke(tag))).toEqualTypeOf<Symbolic<number[]>>();
    expectTypeOf(select(doc, ({ text }) => text.length)).toEqualTypeOf<Symbolic<number>>();
    expectTypeOf(template`${doc.text}`).toEqualTypeOf<Symbolic<string>>();
    return { doc, list: [doc.text], one: 1 };
  });
  const run = (): Promise<{ doc: Doc; list: string[]; one: number }> => execute(graph, { q: 'a' });
  expectTypeOf(run).returns.resolves.toExtend<{ doc: Doc; list: string[]; one: number }>();
  await run();
});

it('autograph takes a function of a handle, and execute what the handle stands for', () => {
  type Fn = (input: Symbolic<{ q: string }>) => Symbolic<Doc>;
  expectTypeOf(autograph<{ q: string }, Symbolic<Doc>>)
    .parameter(0)
    .toExtend<(...args: never[]) => unknown>();
  const fn: Fn = ({ q }) => search.invoke({ q, k: 1 });
  const graph = autograph(fn);
  expectTypeOf(graph).toEqualTypeOf<AutoGraph<{ q: string }, Doc>>();
  const run = (): Promise<Doc> => execute(graph, { q: 'a' });
  expectTypeOf(run).returns.resolves.toEqualTypeOf<Doc>();
  // @ts-expect-error -- the input of the graph is an object with a `q`
  const other = (): Promise<Doc> => execute(graph, 'a');
  expectTypeOf(other).returns.resolves.toEqualTypeOf<Doc>();
});

it('a handle may stand anywhere in what an operator takes, and `when` gives a handle for either', () => {
  interface Nested {
    readonly docs: readonly Doc[];
    readonly pair: readonly [string, number];
  }
  expectTypeOf<{ docs: Symbolic<Doc>[]; pair: [string, Symbolic<number>] }>().toExtend<Liftable<Nested>>();
  expectTypeOf<{ docs: Symbolic<Doc[]>; pair: Symbolic<[string, number]> }>().toExtend<Liftable<Nested>>();
  expectTypeOf<{ docs: Symbolic<string>[]; pair: [string, number] }>().not.toExtend<Liftable<Nested>>();
  const choose = (yes: Symbolic<boolean>, text: Symbolic<string>) =>
    when(
      yes,
      () => length.invoke(text),
      () => length.invoke('none'),
    );
  expectTypeOf(choose).returns.toEqualTypeOf<Symbolic<number>>();
  const constant = (): AutoGraph<void, { one: number }> => autograph(() => ({ one: length.invoke('a') }));
  expectTypeOf(constant).returns.toEqualTypeOf<AutoGraph<void, { one: number }>>();
});

it('wrong uses do not compile', () => {
  const wrong = (input: Symbolic<{ q: string; n: number }>): unknown[] => [
    // @ts-expect-error -- a handle is no text
    input.q.toUpperCase(),
    // @ts-expect-error -- nor a number
    input.n + 1,
    // @ts-expect-error -- it cannot be compared with a text
    input.q === 'a',
    // @ts-expect-error -- nor by size
    input.n > 1,
    // @ts-expect-error -- nor iterated over
    [...input.q],
    // @ts-expect-error -- nor given to code that takes the value
    Number.parseInt(input.q, 10),
    // @ts-expect-error -- there is no such part
    input.missing,
    // @ts-expect-error -- of another type
    search.invoke({ q: input.n, k: 1 }),
    // @ts-expect-error -- a part is missing
    search.invoke({ q: input.q }),
  ];
  expectTypeOf(wrong).returns.toEqualTypeOf<unknown[]>();
});
