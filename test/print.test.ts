import { expect, it } from 'vitest';
import { printDescriptor } from '../runtime/print.ts';
import { asWrittenSample, sample, sampleStep } from './helpers/sample-descriptor.ts';

it('shows steps with what they wait for, operators with effects, places and notes', () => {
  expect(printDescriptor(sample)).toBe(
    `
Answer  src/answer.ts:3:1  abi 1, undeclared sequential, critical path 2, options 9f2c
0  docs = call this.#search(input)            [free, may fail]  10:5
1  early = start this.draft.begin(input)      [free, lingers, may fail]  11:5
2  compute(docs) \`msgs.push(docs)\`            waits for 0 flow docs  reads docs  writes msgs  [fence, may fail]  12:5
3  opinion = await step 1(early) \`await early\`  waits for 1 flow early  [free, gate, may fail]  13:5
4  [text, count] = async this.draft(context) \`for (const m of msgs) …\`  waits for 2 flow msgs, 3 control may leave the body before this  reads msgs  [free, may fail]  14:5
5  rest = await() \`await ready\`               waits for 4 effect barrier  [barrier, may fail]  15:5
6  return(opinion, text) \`text + opinion\`     waits for 3 flow opinion, 4 flow text  [free]  16:5
operators
  0  this.#search: Search                     field  reads index (declared)
  1  this.draft: Draft                        field  unordered (declared)  at draft
places
  0  msgs  fresh
  1  docs  result of step 0
guards  format
fields  #search, draft
notes
  XCS3001  12:5  keeps its place; declare its effect
`.trim(),
  );
});

it('shows why a body runs as written', () => {
  expect(printDescriptor(asWrittenSample).split('\n')[1]).toBe(
    'as written  XCS2001  5:3  `yield` is not supported',
  );
});

it('shows which steps stand in the place of calls, and where such a place ends', () => {
  const steps = [sampleStep(0, 'compute', { hops: 2 }), sampleStep(1, 'await', { hops: 1, ends: 0 })];
  const [first, last] = printDescriptor({ ...sample, steps, dependences: [] })
    .split('\n')
    .slice(1);
  expect(first).toContain('[free, may fail, in place 2 deep]');
  expect(last).toContain('[free, may fail, in place 1 deep, ends what begins at 0]');
});

it('prints what is broken instead of failing on it', () => {
  const step = sampleStep(0, 'call', { outputs: [99], operators: [98], reads: [97] });
  expect(printDescriptor({ ...sample, steps: [step], dependences: [] })).toContain(
    '0  slot 99 = call operator 98()               reads place 97  [free, may fail]  10:5',
  );
});

it('prints the same text for a descriptor that went through JSON', () => {
  const copy: typeof sample = JSON.parse(JSON.stringify(sample));
  expect(printDescriptor(copy)).toBe(printDescriptor(sample));
});
