/** B2 and B3: a summary by map and reduce, and one that is refined chunk by chunk, where nothing can overlap. */
import { Operator, structuralJit } from 'xcs';
import { Model, words } from '../../helpers/stub-operators.ts';

interface Document {
  readonly title: string;
  readonly chunks: readonly string[];
}

const map = (): Model<{ at: number; chunk: string }, string> => new Model('map', words);
const reduce = (): Model<{ title: string; text: string }, string> => new Model('reduce', words);

@structuralJit
class MapReduce extends Operator<Document, string> {
  readonly map = map();
  readonly reduce = reduce();

  override async forward({ title, chunks }: Document): Promise<string> {
    const parts: string[] = [];
    for (const [at, chunk] of chunks.entries()) {
      if (chunk.trim() === '') throw new Error(`stop: chunk ${at} of ${title} is empty`);
      const part = await this.map.invoke({ at, chunk });
      parts.push(`- ${part}`);
    }
    return await this.reduce.invoke({ title, text: parts.join('\n') });
  }
}

class MapReduceByHand extends Operator<Document, string> {
  readonly map = map();
  readonly reduce = reduce();

  override async forward({ title, chunks }: Document): Promise<string> {
    const parts = await Promise.all(chunks.map((chunk, at) => this.map.invoke({ at, chunk })));
    return await this.reduce.invoke({ title, text: parts.map((part) => `- ${part}`).join('\n') });
  }
}

@structuralJit
class Refine extends Operator<Document, string> {
  readonly refine = new Model<{ at: number; chunk: string; summary: string }, string>('refine', words);

  override async forward({ chunks }: Document): Promise<string> {
    let summary = '';
    for (const [at, chunk] of chunks.entries()) {
      summary = await this.refine.invoke({ at, chunk, summary });
    }
    return summary;
  }
}

function documentOf(count: number): Document {
  return { title: 'On graphs', chunks: Array.from({ length: count }, (_, index) => `chunk ${index}`) };
}

const mapReduce = (count: number): object => ({
  create: () => ({ operator: new MapReduce(), input: documentOf(count) }),
  byHand: () => ({ operator: new MapReduceByHand(), input: documentOf(count) }),
});

export const subjects = {
  'B2 map-reduce, 20 chunks': mapReduce(20),
  'B2 map-reduce, 117 chunks': mapReduce(117),
  'B3 refine chain': { create: () => ({ operator: new Refine(), input: documentOf(20) }) },
};
