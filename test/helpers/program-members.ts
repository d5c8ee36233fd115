/** What the bodies of generated programs use beside leaf operators: members of the class, and operators of the lab by what they show. */

/** By the name under which bodies use them. */
export const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  log: ['log: string[] = [];'],
  count: ['count = 0;'],
  next: ['turns = 0;', 'get next(): number { console.log("next", this.turns); return ++this.turns; }'],
  note: [
    'notes: string[] = [];',
    'note(text: string, list: string[]): string { this.notes.push(text); return list.join("") + text; }',
  ],
  consult: [
    'readonly consultant = new lab.Ask("consultant", "text");',
    'async consult(question: lab.Question): Promise<string> {',
    '  const answer = await this.consultant.invoke(question);',
    '  console.log("consulted", answer);',
    '  return answer;',
    '}',
  ],
  each: [
    '*each(list: readonly string[]): Generator<string> {',
    '  for (const one of list) { console.log("advanced to", one); yield one; }',
    '}',
  ],
  board: ['readonly board: lab.Board = { notes: [] };'],
  make: ['readonly made = new lab.Ask("made", "text");', 'make(): lab.Ask<"text"> { return this.made; }'],
};

/** Operators of the lab that give a text for something else than a question, or in a way of their own. */
export const TEXT_CALLS = [
  { kind: 'Tuned', given: 'question', construct: 'reads its own field', needs: [] },
  { kind: 'Talk', given: 'list', construct: 'array in flight', needs: ['memory in background'] },
  { kind: 'Judge', given: 'doc', construct: 'object in flight', needs: ['memory in background'] },
  {
    kind: 'Edit',
    given: 'doc',
    construct: 'mutates its argument',
    needs: ['memory in background', 'background effect'],
  },
  {
    kind: 'Tag',
    given: 'doc',
    construct: 'mutates its argument visibly',
    needs: ['memory in background', 'background effect'],
  },
  { kind: 'Counter', given: 'question', construct: 'stateful', needs: ['background effect'] },
  { kind: 'Watcher', given: 'question', construct: 'shares an object', needs: ['memory in background'] },
  {
    kind: 'Scribe',
    given: 'question',
    construct: 'writes a shared object',
    needs: ['memory in background', 'background effect'],
  },
  { kind: 'Pair', given: 'question', construct: 'nested composite', needs: ['background composite'] },
  { kind: 'Plain', given: 'question', construct: 'plain composite', needs: ['background composite'] },
  {
    kind: 'Fork',
    given: 'question',
    construct: 'composite that writes beside a call',
    needs: ['background composite', 'background effect'],
  },
  {
    kind: 'Hurry',
    given: 'question',
    construct: 'composite that leaves a writer behind',
    needs: ['background composite', 'background effect', 'race'],
  },
] as const;
