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

/** Promises that are compared, or that nobody awaits. */
const started: readonly Regression[] = [
  {
    claim: 'a promise that is kept for a combinator, and its other members, pass a writer',
    fields: writer,
    body: `const x = ${write}; const p = ${call('a', 'a')}; const [y, z] = await Promise.all([p, ${call('b', 'b')}]); return [x, y, z];`,
  },
  {
    claim: 'promises that are kept for a combinator begin when all that their calls need is there',
    fields: writer,
    body: `const x = ${write}; const y = ${c}; const p = this.a.invoke({ site: 'a', q: y }); const q = this.b.invoke({ site: 'b', q: 'q' }); return [x, await Promise.all([p, q])];`,
  },
  {
    claim: 'calls pass a writer of a resource that nobody awaits',
    fields: writer,
    body: `void ${call('write', 'w')}; const x = ${a}; return [x, ${b}];`,
  },
];

export const gains: Readonly<Record<string, readonly Regression[]>> = { own, started };
