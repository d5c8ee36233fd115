/** B11: an agent whose tools have effects: it looks for a free slot among four, makes an appointment and tells about it. */
import { Operator, structuralJit } from 'xcs';
import { Action, Model, Reader, Writer, lines, words, yes } from '../../helpers/stub-operators.ts';

interface Request {
  readonly text: string;
}

interface Appointment {
  readonly slot: string;
  readonly title: string;
  readonly people: string;
}

abstract class Tools extends Operator<Request, string> {
  readonly search = new Reader<Request, string[]>('search', lines(4));
  readonly check = new Reader<{ slot: string }, boolean>('check', yes(0.5));
  readonly extractTitle = new Model<{ text: string; slot: string }, string>('title', words);
  readonly extractPeople = new Model<{ text: string; slot: string }, string>('people', words);
  readonly create = new Writer<Appointment, string>('create', words);
  readonly share = new Writer<{ id: string; people: string }, string>('share', words);
  readonly email = new Action<{ id: string; people: string }, string>('email', words);
}

@structuralJit
class CalendarAgent extends Tools {
  override async forward({ text }: Request): Promise<string> {
    const slots = await this.search.invoke({ text });
    let found = '';
    for (const slot of slots) {
      const ok = await this.check.invoke({ slot });
      if (found === '' && ok) found = slot;
    }
    const title = await this.extractTitle.invoke({ text, slot: found });
    const people = await this.extractPeople.invoke({ text, slot: found });
    const id = await this.create.invoke({ slot: found, title, people });
    await this.share.invoke({ id, people });
    return await this.email.invoke({ id, people });
  }
}

class CalendarAgentByHand extends Tools {
  override async forward({ text }: Request): Promise<string> {
    const slots = await this.search.invoke({ text });
    const free = await Promise.all(slots.map((slot) => this.check.invoke({ slot })));
    const slot = slots[free.indexOf(true)] ?? '';
    const [title, people] = await Promise.all([
      this.extractTitle.invoke({ text, slot }),
      this.extractPeople.invoke({ text, slot }),
    ]);
    const id = await this.create.invoke({ slot, title, people });
    await this.share.invoke({ id, people });
    return await this.email.invoke({ id, people });
  }
}

const input: Request = { text: 'lunch with Ada next week' };

export const subjects = {
  'B11 calendar agent': {
    create: () => ({ operator: new CalendarAgent(), input }),
    byHand: () => ({ operator: new CalendarAgentByHand(), input }),
  },
};
