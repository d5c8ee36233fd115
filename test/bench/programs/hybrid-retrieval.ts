/**
 * B7: questions and answers over documents: four queries beside the question, three retrievers each
 * of which may fail, fusion, ranks, an answer.
 */
import { Operator, structuralJit } from 'xcs';
import { Model, Reader, lines, words } from '../../helpers/stub-operators.ts';

interface Question {
  readonly question: string;
  readonly flags?: { readonly rerank?: boolean };
}

interface Query {
  readonly at: number;
  readonly query: string;
}

interface Hits {
  readonly query: string;
  readonly vector: readonly string[];
  readonly keyword: readonly string[];
  readonly graph: readonly string[];
}

abstract class Retrieval extends Operator<Question, string> {
  readonly rewrite = new Model<Question, string[]>('rewrite', lines(4));
  readonly vector = new Reader<Query, string[]>('vector', lines(3));
  readonly keyword = new Reader<Query, string[]>('keyword', lines(3));
  readonly graph = new Reader<Query, string[]>('graph', lines(3));
  readonly rerank = new Model<{ found: readonly string[] }, string[]>('rerank', ({ text }, { found }) => [
    text,
    ...found.toReversed(),
  ]);
  readonly answer = new Model<{ question: string; context: string }, string>('answer', words);

  protected fuse(hits: readonly Hits[]): string[] {
    const ranks = new Map<string, number>();
    for (const { vector, keyword, graph } of hits) {
      for (const list of [vector, keyword, graph]) {
        for (const [rank, text] of list.entries()) {
          ranks.set(text, (ranks.get(text) ?? 0) + 1 / (60 + rank));
        }
      }
    }
    return [...ranks].toSorted(([, a], [, b]) => b - a).map(([text]) => text);
  }
}

@structuralJit
class Answer extends Retrieval {
  override async forward({ question, flags }: Question): Promise<string> {
    const queries = [question, ...(await this.rewrite.invoke({ question }))];
    const hits: Hits[] = [];
    for (const [at, query] of queries.entries()) {
      let vector: string[] = [];
      try {
        vector = await this.vector.invoke({ at, query });
      } catch (error) {
        console.warn(`vector search ${at} failed: ${String(error)}`);
      }
      let keyword: string[] = [];
      try {
        keyword = await this.keyword.invoke({ at, query });
      } catch (error) {
        console.warn(`keyword search ${at} failed: ${String(error)}`);
      }
      let graph: string[] = [];
      try {
        graph = await this.graph.invoke({ at, query });
      } catch (error) {
        console.warn(`graph search ${at} failed: ${String(error)}`);
      }
      hits.push({ query, vector, keyword, graph });
    }
    const found = this.fuse(hits);
    const ranked = flags?.rerank === true ? await this.rerank.invoke({ found }) : found;
    const context = ranked.slice(0, 5).join('\n');
    const draft = await this.answer.invoke({ question, context });
    return `${draft}\n${ranked.length} sources`;
  }
}

class AnswerByHand extends Retrieval {
  override async forward({ question, flags }: Question): Promise<string> {
    const queries = [question, ...(await this.rewrite.invoke({ question }))];
    const hits = await Promise.all(
      queries.map(async (query, at): Promise<Hits> => {
        const [vector, keyword, graph] = await Promise.all([
          this.vector.invoke({ at, query }).catch(() => []),
          this.keyword.invoke({ at, query }).catch(() => []),
          this.graph.invoke({ at, query }).catch(() => []),
        ]);
        return { query, vector, keyword, graph };
      }),
    );
    const found = this.fuse(hits);
    const ranked = flags?.rerank === true ? await this.rerank.invoke({ found }) : found;
    const draft = await this.answer.invoke({ question, context: ranked.slice(0, 5).join('\n') });
    return `${draft}\n${ranked.length} sources`;
  }
}

const input: Question = { question: 'why?', flags: { rerank: true } };

export const subjects = {
  'B7 hybrid retrieval': {
    create: () => ({ operator: new Answer(), input }),
    byHand: () => ({ operator: new AnswerByHand(), input }),
  },
};
