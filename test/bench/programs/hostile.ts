/**
 * C2: what must stay in order: an operator with state, one that is set up per iteration, code that
 * nobody knows, a `visited` that a recursion shares, `for await`.
 */
import { Operator, structuralJit } from 'xcs';
import { Model, lines, words } from '../../helpers/stub-operators.ts';

interface Task {
  readonly query: string;
}

/** Remembers what it was asked, and asks with it. */
class Chatbot extends Operator<Task, string> {
  readonly model = new Model<{ history: readonly string[] }, string>('chatbot', words);
  readonly history: string[] = [];

  override async forward({ query }: Task): Promise<string> {
    this.history.push(query);
    const reply = await this.model.invoke({ history: [...this.history] });
    this.history.push(reply);
    return reply;
  }
}

class Instructed extends Operator<Task, string> {
  readonly model = new Model<{ instruction: string; query: string }, string>('instructed', words);
  #instruction = '';

  setInstruction(instruction: string): void {
    this.#instruction = instruction;
  }

  override async forward({ query }: Task): Promise<string> {
    return await this.model.invoke({ instruction: this.#instruction, query });
  }
}

@structuralJit
class Hostile extends Operator<Task, readonly string[]> {
  readonly chatbot = new Chatbot();
  readonly instructed = new Instructed();
  readonly links = new Model<{ page: string }, string[]>('links', lines(2));
  readonly streamed = new Model<{ part: string }, string>('streamed', words);
  readonly between: () => Promise<void>;

  constructor(between: () => Promise<void>) {
    super();
    this.between = between;
  }

  override async forward({ query }: Task): Promise<readonly string[]> {
    const replies: string[] = [];
    for (const at of [1, 2]) replies.push(await this.chatbot.invoke({ query: `${query} ${at}` }));
    for (const instruction of ['be brief', 'be kind']) {
      this.instructed.setInstruction(instruction);
      replies.push(await this.instructed.invoke({ query }));
    }
    await this.between();
    const visited = new Set<string>();
    await this.crawl(query, 2, visited);
    for await (const part of this.parts(query)) replies.push(await this.streamed.invoke({ part }));
    return [...replies, ...visited];
  }

  private async crawl(page: string, depth: number, visited: Set<string>): Promise<void> {
    if (depth === 0 || visited.size > 4 || visited.has(page)) return;
    visited.add(page);
    for (const link of await this.links.invoke({ page })) await this.crawl(link, depth - 1, visited);
  }

  private async *parts(query: string): AsyncGenerator<string> {
    yield `${query}, first part`;
    yield `${query}, second part`;
  }
}

export const subjects = {
  'C2 hostile': { create: () => ({ operator: new Hostile(async () => {}), input: { query: 'why' } }) },
};
