/** Codes of recorded graphs (12xx) and of batches (13xx). */
import type { XCSCode } from '../../runtime/errors.ts';
import { type Explanation, text } from './explanation.ts';

export const recording: Readonly<Record<Extract<XCSCode, `XCS12${string}` | `XCS13${string}`>, Explanation>> =
  {
    XCS1201: {
      title: 'a value of a recorded graph was used as if it were known',
      why: 'While a graph is recorded nothing runs, so there are no strings, numbers or conditions yet.',
      example: text('autograph((input) => `${ask.invoke(input.q)}!`)'),
      fixed: text('autograph((input) => template`${ask.invoke(input.q)}!`)'),
    },
    XCS1202: {
      title: 'a handle was used where it has no value',
      why: 'A handle belongs to the graph, and to the branch or body, that made it.',
      example: text('let kept; autograph((input) => { kept = input; }); autograph(() => ask.invoke(kept));'),
      fixed: text('pass the value into the graph that uses it'),
    },
    XCS1203: {
      title: 'something cannot be recorded',
      why: 'Recording has a beginning and an end, and is over when the block or function is.',
      example: text('using graph = autograph(); await somethingElse();'),
      fixed: text('record with a function: autograph(async (input) => { … })'),
    },
    XCS1204: {
      title: 'a field was written before a spread that has it too',
      why: 'Which of the two comes last decides its value, and the recording cannot see that.',
      example: text('judge.invoke({ text: a, ...b })'),
      fixed: text('judge.invoke({ ...b, text: a })'),
    },
    XCS1205: {
      title: 'the input of a graph lacks a field',
      why: 'A node needs what it was recorded with.',
      example: text('await execute(graph, {})'),
      fixed: text("await execute(graph, { q: 'graphs' })"),
    },
    XCS1206: {
      title: 'a path leads to nothing',
      why: 'A node gave no object where another one reads a field of it.',
      example: text('judge.invoke({ text: found.best.text }) where `found.best` may be absent'),
      fixed: text('select(found, ({ best }) => best?.text)'),
    },
    XCS1207: {
      title: '`map` was given something else than an array',
      why: 'Its body runs once for each element.',
      example: text('map(answer.text, (one) => ask.invoke(one))'),
      fixed: text('map(answer.lines, (one) => ask.invoke(one))'),
    },
    XCS1301: {
      title: 'an axis of `vmap` is none',
      why: 'Each field of the input is either mapped over or the same for all elements.',
      example: text('vmap(ask, { inAxes: { q: 1 } })'),
      fixed: text('vmap(ask, { inAxes: { q: 0, style: null } })'),
    },
    XCS1302: {
      title: 'the lists of a batch are not of one length',
      why: 'Element by element they make the inputs of the calls.',
      example: text('await vmap(both)({ left: [1, 2], right: [1] })'),
      fixed: text('await vmap(both)({ left: [1, 2], right: [1, 2] })'),
    },
    XCS1303: {
      title: 'a batch was answered with another number of results',
      why: '`forwardBatch` answers one result for each input, in their order.',
      example: text('async forwardBatch(inputs) { return []; }'),
      fixed: text('async forwardBatch(inputs) { return inputs.map((input) => …); }'),
    },
  };
