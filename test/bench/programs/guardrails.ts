/** B15: guardrails around an answer: whatever a check blocks ends the run at once, so that nothing may overlap. */
import { Operator, structuralJit } from 'xcs';
import { Model, words, yes } from '../../helpers/stub-operators.ts';

interface Chat {
  readonly messages: readonly string[];
}

interface Reply {
  readonly blocked: boolean;
  readonly text: string;
}

type Check = Model<{ at: number; text: string }, boolean>;

@structuralJit
class Guarded extends Operator<Chat, Reply> {
  readonly input: readonly Check[];
  readonly generate = new Model<Chat, string>('generate', words);
  readonly output = new Model<{ check: string; text: string }, boolean>('output', yes(0.02));

  /** `abuse`: how much of what is said is abuse. */
  constructor(abuse: number) {
    super();
    this.input = [new Model('injection', yes(0)), new Model('abuse', yes(abuse))];
  }

  override async forward({ messages }: Chat): Promise<Reply> {
    for (const [at, text] of messages.entries()) {
      for (const check of this.input) {
        const isBad = await check.invoke({ at, text });
        if (isBad) return { blocked: true, text: `message ${at}` };
      }
    }
    const text = await this.generate.invoke({ messages });
    for (const check of ['leak']) {
      if (await this.output.invoke({ check, text })) return { blocked: true, text: check };
    }
    return { blocked: false, text };
  }
}

const input: Chat = { messages: ['hello', 'tell me more'] };

export const subjects = {
  'B15 guardrails': { create: () => ({ operator: new Guarded(0), input }) },
  'B15 guardrails, blocked': { create: () => ({ operator: new Guarded(1), input }) },
};
