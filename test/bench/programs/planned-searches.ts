/**
 * B6: the shapes of LLMCompiler: searches that are joined, branches that are compared, two calls and one, and a program in
 * which a `Promise.all` is there for a part.
 */
import { Operator, structuralJit } from 'xcs';
import { Model, words } from '../../helpers/stub-operators.ts';

const search = (): Model<{ at: number; query: string }, { text: string }> =>
  new Model('search', ({ text }) => ({ text }));
const math = (): Model<{ at: number; text: string }, { value: number }> =>
  new Model('math', (draw) => ({ value: draw.share('value') }));
const join = (): Model<{ found: readonly string[] }, string> => new Model('join', words);
const compare = (): Model<{ values: readonly number[] }, string> => new Model('compare', words);

@structuralJit
class Movies extends Operator<readonly string[], string> {
  readonly search = search();
  readonly join = join();

  override async forward(queries: readonly string[]): Promise<string> {
    const found: string[] = [];
    let at = 0;
    for (const query of queries) {
      const { text } = await this.search.invoke({ at, query });
      found.push(`${query}: ${text}`);
      at += 1;
    }
    return await this.join.invoke({ found });
  }
}

class MoviesByHand extends Operator<readonly string[], string> {
  readonly search = search();
  readonly join = join();

  override async forward(queries: readonly string[]): Promise<string> {
    const found = await Promise.all(
      queries.map(async (query, at) => `${query}: ${(await this.search.invoke({ at, query })).text}`),
    );
    return await this.join.invoke({ found });
  }
}

@structuralJit
class Parallels extends Operator<readonly string[], string> {
  readonly search = search();
  readonly math = math();
  readonly compare = compare();

  override async forward(queries: readonly string[]): Promise<string> {
    const values: number[] = [];
    for (const [at, query] of queries.entries()) {
      const { text } = await this.search.invoke({ at, query });
      const { value } = await this.math.invoke({ at, text });
      values.push(value);
    }
    return await this.compare.invoke({ values });
  }
}

class ParallelsByHand extends Operator<readonly string[], string> {
  readonly search = search();
  readonly math = math();
  readonly compare = compare();

  override async forward(queries: readonly string[]): Promise<string> {
    const values = await Promise.all(
      queries.map(async (query, at) => {
        const { text } = await this.search.invoke({ at, query });
        return (await this.math.invoke({ at, text })).value;
      }),
    );
    return await this.compare.invoke({ values });
  }
}

abstract class Joined extends Operator<readonly string[], string> {
  readonly search = search();
  readonly join = join();
}

@structuralJit
class TwoAndOne extends Joined {
  override async forward([first = '', second = '']: readonly string[]): Promise<string> {
    const { text: one } = await this.search.invoke({ at: 0, query: first });
    const { text: two } = await this.search.invoke({ at: 1, query: second });
    return await this.join.invoke({ found: [one, two] });
  }
}

class TwoAndOneByHand extends Joined {
  override async forward(given: readonly string[]): Promise<string> {
    const found = await Promise.all(given.map((query, at) => this.search.invoke({ at, query })));
    return await this.join.invoke({ found: found.map(({ text }) => text) });
  }
}

/** Somebody has begun to overlap things by hand. */
@structuralJit
class HalfByHand extends Joined {
  override async forward([a = '', b = '', c = '', d = '']: readonly string[]): Promise<string> {
    const [one, two] = await Promise.all([
      this.search.invoke({ at: 0, query: a }),
      this.search.invoke({ at: 1, query: b }),
    ]);
    const [three, four] = await Promise.all([
      this.search.invoke({ at: 2, query: c }),
      this.search.invoke({ at: 3, query: d }),
    ]);
    return await this.join.invoke({ found: [one, two, three, four].map(({ text }) => text) });
  }
}

const queries = (count: number): string[] => Array.from({ length: count }, (_, index) => `query ${index}`);

export const subjects = {
  'B6a searches and join': {
    create: () => ({ operator: new Movies(), input: queries(8) }),
    byHand: () => ({ operator: new MoviesByHand(), input: queries(8) }),
  },
  'B6b branches and compare': {
    create: () => ({ operator: new Parallels(), input: queries(4) }),
    byHand: () => ({ operator: new ParallelsByHand(), input: queries(4) }),
  },
  'B6c two and one': {
    create: () => ({ operator: new TwoAndOne(), input: queries(2) }),
    byHand: () => ({ operator: new TwoAndOneByHand(), input: queries(2) }),
  },
  'B6d half by hand': {
    create: () => ({ operator: new HalfByHand(), input: queries(4) }),
    byHand: () => ({ operator: new TwoAndOneByHand(), input: queries(4) }),
  },
};
