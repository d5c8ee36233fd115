/** Programs that were once slower than the law makes them. */
import { call, type Regression } from '../helpers/regression.ts';

const [a, b, c] = ['a', 'b', 'c'].map((name) => `await ${call(name, name)}`);
const write = `await ${call('write', 'w')}`;
const writer = `readonly write = new lab.WriteA('write', 'text');`;

/** What the body holds itself. */
const own: readonly Regression[] = [
  {
    claim: 'a call passes a write to a list in a field that only the body touches',
    fields: `${writer} readonly board: lab.Board = { notes: [] };`,
    body: `const x = ${write}; this.board.notes.push(x); const y = ${a}; return [x, y];`,
  },
];

export const gains: Readonly<Record<string, readonly Regression[]>> = { own };
void [b, c];
